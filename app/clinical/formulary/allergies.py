"""Is the patient allergic to it, to its kind, or to what is known to cross-react?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.clinical.formulary.answers import Question, listed
from app.clinical.formulary.rows import Drug, GroupKind, Rule
from app.clinical.formulary.schemas import CheckKind, Finding, Severity
from app.clinical.formulary.tables import Tables
from app.clinical.formulary.words import SIG, plain, shapes, word_list

KIND = CheckKind.ALLERGY
PARTS = re.compile(r"\s*(?:[,;/+&]|\band\b)\s*")
# Who writes this says the opposite of an allergy, or that it is not certain: a person reads it.
DENIED = re.compile(
    r"\b(?:not allergic|no (?:known )?(?:allergy|reaction) to|denies|denied|tolerates?|tolerated|"
    r"ruled out|negative|delabel\w*|outgrown|never|not)\b"
)
REACTIONS = word_list("reactions")


@dataclass(frozen=True)
class Meant:
    """What a text names; `whole` is False where some of it was not understood."""

    text: str
    subjects: tuple[str, ...]
    whole: bool = True


def read_allergy(tables: Tables, text: str) -> Meant:
    """Which drugs, groups or allergens somebody wrote down."""
    names = tables.allergy_names
    words = plain(text)
    if key := names.exactly(words):
        return Meant(text, (key,))
    if DENIED.search(words):
        return Meant(text, (), whole=False)
    found: list[str] = []
    whole = True
    for piece in filter(None, map(plain, PARTS.split(text.lower()))):
        subjects, understood = read_piece(tables, piece)
        found += subjects
        whole = whole and understood
    if not whole and (subjects_all := read_piece(tables, words))[1]:
        return Meant(text, tuple(dict.fromkeys(subjects_all[0])))
    return Meant(text, tuple(dict.fromkeys(found)), whole=whole and bool(found))


def read_piece(tables: Tables, words: str) -> tuple[list[str], bool]:
    names = tables.allergy_names
    told = " ".join(word for word in words.split() if word not in REACTIONS)
    if not told:
        return [], bool(words)
    for shape in (words, told, *shapes(told)):
        if key := names.exactly(shape) or tables.recognise(shape):
            others = [each for each in named_behind(tables, told) if each != key]
            return [key, *others], not others
    if key := names.nearly(told):
        return [key], True
    found, left = names.within(words)
    return found, bool(found) and all(word in REACTIONS or word.isdigit() for word in left)


def named_behind(tables: Tables, told: str) -> list[str]:
    """What is named where a text goes on to say when: "codeine, then after morphine"."""
    return tables.allergy_names.within(" ".join(SIG.split(told, maxsplit=1)[1:]))[0]


def check_allergies(asked: Question) -> list[Finding]:
    allergies = asked.facts.allergies
    if allergies is None:
        return [asked.unchecked(KIND, "nobody has recorded the allergies of this patient.")]
    texts = sorted(set(allergies))
    read = {text: read_allergy(asked.tables, text) for text in texts}
    findings = list[Finding]()
    for text, meant in read.items():
        findings += warnings_of(asked, meant)
        if not meant.whole:
            findings.append(
                asked.unchecked(
                    KIND,
                    f"the allergy “{text}” could not be matched to the formulary; read it before "
                    f"giving {asked.name}.",
                    about=text,
                )
            )
    return findings or [nothing_against(asked, read)]


def nothing_against(asked: Question, read: dict[str, Meant]) -> Finding:
    none_known, groups = asked.tables.none_known, asked.tables.groups
    told = [text for text, meant in read.items() if not none_known.issuperset(meant.subjects)]
    if not told:
        return asked.passed(KIND, "The record says that no allergies are known.")
    subjects = {subject for text in told for subject in read[text].subjects}
    no_medicines = all(
        subject in groups and groups[subject].kind is GroupKind.ALLERGEN for subject in subjects
    )
    if KIND not in asked.drug.covered and not no_medicines:
        why = f"what kind of drug {asked.name} is, is not in the formulary."
        return asked.unchecked(KIND, why)
    sentence = f"No rule against {asked.name} with {listed(told)} in {asked.by}."
    if no_medicines:
        sentence += " The allergy is not to a medicine."
    return asked.passed(KIND, sentence)


def warnings_of(asked: Question, meant: Meant) -> Iterator[Finding]:
    """The strongest reason for each thing the text names."""
    for subject in meant.subjects:
        found = [
            *same(asked, meant.text, subject),
            *same_kind(asked, meant.text, subject),
            *crossing(asked, meant.text, subject),
        ]
        yield from found[:1]


def allergens(tables: Tables, subject: str) -> list[Drug]:
    """The drugs a patient is allergic to by that subject, each substance of a combination."""
    drug = tables.drugs.get(subject)
    if drug is None:
        return []
    return [tables.drugs[key] for key in drug.ingredients if key in tables.drugs] or [drug]


def same(asked: Question, text: str, subject: str) -> Iterator[Finding]:
    tables, mine = asked.tables, {part.key for part in asked.tables.parts(asked.drug)}
    shared = mine & {drug.key for drug in allergens(tables, subject)}
    if shared or subject == asked.drug.key:
        yield asked.warning(
            KIND,
            Severity.CONTRAINDICATED,
            f"The patient is allergic to {tables.name_of(subject)} (recorded as “{text}”), and "
            f"{asked.name} is or contains it.",
            rule="allergy.same-drug",
            about=text,
        )


def same_kind(asked: Question, text: str, subject: str) -> Iterator[Finding]:
    tables = asked.tables
    mine = tables.subjects(asked.drug)
    if subject in tables.groups:
        if subject in mine:
            yield asked.warning(
                KIND,
                Severity.CONTRAINDICATED,
                f"The patient is allergic to {tables.name_of(subject)} (recorded as “{text}”), "
                f"and {asked.name} is one of them.",
                rule="allergy.class",
                about=text,
            )
        return
    for drug in allergens(tables, subject):
        for key in sorted(tables.above(drug.classes) & mine):
            if tables.groups[key].shared_allergy:
                yield asked.warning(
                    KIND,
                    Severity.MAJOR,
                    f"The patient is allergic to {drug.name} (recorded as “{text}”), and "
                    f"{asked.name} is of the same kind: {tables.name_of(key)}.",
                    rule="allergy.same-class",
                    about=text,
                )
                return


ORDER = list(Severity)


def crossing(asked: Question, text: str, subject: str) -> list[Finding]:
    tables, mine = asked.tables, asked.tables.subjects(asked.drug)
    if subject in tables.groups:
        theirs = tables.above((subject,))
    else:
        theirs = frozenset({subject}).union(
            *(tables.subjects(drug) for drug in allergens(tables, subject))
        )
    rules = [
        rule
        for rule in tables.contents.cross_reactions
        if rule.allergy in theirs and rule.given in mine
    ]
    rules.sort(key=lambda rule: (ORDER.index(rule.severity), rule.allergy, rule.given))
    return [warn_of_crossing(asked, text, rule, rule.severity, rule.because) for rule in rules]


def warn_of_crossing(
    asked: Question, text: str, rule: Rule, severity: Severity, because: str
) -> Finding:
    return asked.warning(
        KIND,
        severity,
        f"Recorded allergy “{text}”, and {asked.name}: {because}",
        rule="allergy.cross-reactivity",
        of=rule,
        about=text,
    )
