"""One release in memory, with what follows from it: who belongs where, who is called what."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from app.clinical.formulary.rows import (
    Contents,
    DoseRule,
    Drug,
    Group,
    GroupKind,
    Interaction,
    PregnancyRule,
    RenalRule,
)
from app.clinical.formulary.words import (
    INSIDE,
    JOINS,
    PIECES,
    SALTS,
    Names,
    name_in,
    plain,
    shapes,
    without,
)

SHELF_LIFE_DAYS = 400


@dataclass(frozen=True)
class Part:
    """One substance in a drug: itself, and every group it belongs to."""

    key: str
    subjects: frozenset[str]


class Tables:
    """Read once for each release; nothing in it changes."""

    def __init__(
        self,
        contents: Contents,
        *,
        name: str,
        version: str,
        effective_on: date,
        shelf_life_days: int = SHELF_LIFE_DAYS,
    ) -> None:
        self.contents = contents
        self.name, self.version, self.effective_on = name, version, effective_on
        self.shelf_life_days = shelf_life_days
        self.drugs: Mapping[str, Drug] = {drug.key: drug for drug in contents.drugs}
        self.groups: Mapping[str, Group] = {group.key: group for group in contents.groups}

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}"

    def is_outdated(self, today: date) -> bool:
        return today > self.effective_on + timedelta(days=self.shelf_life_days)

    def name_of(self, subject: str) -> str:
        found = self.drugs.get(subject) or self.groups.get(subject)
        return found.name if found else subject

    # Who belongs where

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        """Each group with every group above it."""
        found: dict[str, frozenset[str]] = {}

        def climb(key: str, path: tuple[str, ...] = ()) -> frozenset[str]:
            if key in found:
                return found[key]
            group = self.groups.get(key)
            parents = [p for p in group.parents if p not in path] if group else []
            reached = frozenset({key}).union(*(climb(p, (*path, key)) for p in parents))
            found[key] = reached
            return reached

        for key in self.groups:
            climb(key)
        return found

    def above(self, keys: Iterable[str]) -> frozenset[str]:
        """These groups and all above them."""
        return frozenset().union(*(self._above.get(key, frozenset({key})) for key in keys))

    def classes_of(self, drug: Drug) -> tuple[str, ...]:
        """The narrowest groups of it, and of each substance in it."""
        inside = [self.drugs[key] for key in drug.ingredients if key in self.drugs]
        return tuple(dict.fromkeys(key for one in (drug, *inside) for key in one.classes))

    def parts(self, drug: Drug) -> tuple[Part, ...]:
        """The substances in it; what is said of a combination as such counts for each."""
        own = frozenset({drug.key}) | self.above(drug.classes)
        if not drug.ingredients:
            return (Part(drug.key, own),)
        found = []
        for key in drug.ingredients:
            one = self.drugs.get(key)
            groups = self.above(one.classes) if one else frozenset[str]()
            found.append(Part(key, frozenset({key}) | groups | own))
        return tuple(found)

    def subjects(self, drug: Drug) -> frozenset[str]:
        """Everything it is: its key, its ingredients, every group of each."""
        return frozenset().union(*(part.subjects for part in self.parts(drug)))

    # What is said of them

    @cached_property
    def _interactions(self) -> dict[tuple[str, str], Interaction]:
        found = {}
        for rule in self.contents.interactions:
            found[rule.first, rule.second] = found[rule.second, rule.first] = rule
        return found

    @cached_property
    def _partners(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for first, second in self._interactions:
            found[first].add(second)
        return {key: frozenset(others) for key, others in found.items()}

    def interactions_of(self, one: Part, other: Part) -> list[Interaction]:
        return [
            self._interactions[a, b]
            for a in one.subjects
            for b in self._partners.get(a, frozenset()) & other.subjects
        ]

    @cached_property
    def _doses(self) -> dict[str, list[DoseRule]]:
        found: dict[str, list[DoseRule]] = defaultdict(list)
        for rule in self.contents.dose_rules:
            found[rule.drug].append(rule)
        return found

    def doses_of(self, drug: Drug) -> list[DoseRule]:
        return self._doses.get(drug.key, [])

    @cached_property
    def _pregnancy(self) -> dict[str, PregnancyRule]:
        return {rule.subject: rule for rule in self.contents.pregnancy_rules}

    def pregnancy_of(self, part: Part) -> list[PregnancyRule]:
        """What is said of the substance itself, or else of its groups."""
        if part.key in self._pregnancy:
            return [self._pregnancy[part.key]]
        return [self._pregnancy[key] for key in sorted(part.subjects) if key in self._pregnancy]

    @cached_property
    def _renal(self) -> dict[str, list[RenalRule]]:
        found: dict[str, list[RenalRule]] = defaultdict(list)
        for rule in self.contents.renal_rules:
            found[rule.subject].append(rule)
        return found

    def renal_of(self, part: Part) -> list[RenalRule]:
        """What is said of the substance itself, or else of its groups."""
        if part.key in self._renal:
            return self._renal[part.key]
        return [rule for key in sorted(part.subjects) for rule in self._renal.get(key, [])]

    # Who is called what

    @cached_property
    def drug_names(self) -> Names:
        return Names((name, drug.key) for drug in self.drugs.values() for name in drug.names)

    @cached_property
    def allergy_names(self) -> Names:
        """Words for groups and allergens first: who writes "penicillin" means the penicillins."""
        words = [
            (word, group.key)
            for group in self.groups.values()
            for word in (group.name, group.key, *group.words)
        ]
        taken = {plain(word) for word, _ in words}
        drugs = [
            (name, drug.key)
            for drug in self.drugs.values()
            for name in drug.names
            if plain(name) not in taken
        ]
        return Names([*words, *drugs])

    @cached_property
    def none_known(self) -> frozenset[str]:
        return frozenset(
            group.key for group in self.groups.values() if group.kind is GroupKind.NONE_KNOWN
        )

    @cached_property
    def _combinations(self) -> dict[frozenset[str], list[str]]:
        found: dict[frozenset[str], list[str]] = defaultdict(list)
        for drug in self.drugs.values():
            if drug.ingredients:
                found[frozenset(drug.ingredients)].append(drug.key)
        return found

    def combination(self, keys: Iterable[str]) -> str | None:
        ingredients = frozenset(
            key for one in keys for key in (self.drugs[one].ingredients or (one,))
        )
        if len(ingredients) == 1:
            return next(iter(ingredients))
        found = self._combinations.get(ingredients, [])
        return found[0] if len(found) == 1 else None

    def recognise(self, text: str) -> str | None:
        """The drug somebody means, or None where that is not certain."""
        if outside := INSIDE.sub(" ", text).strip():
            inside = [self._recognise(each) for each in INSIDE.findall(text)]
            found = {key for key in (self._recognise(outside), *inside) if key is not None}
            return found.pop() if len(found) == 1 else None
        return self._recognise(text)

    def _recognise(self, text: str) -> str | None:
        tried = list(shapes(text))
        for shape in tried:
            if key := self.drug_names.exactly(shape):
                return key
        for shape in tried:
            named, left = self.drug_names.within(" ".join(JOINS.split(shape)))
            if len(named) > 1 and not left:
                return self.combination(named)
        return next((key for shape in tried if (key := self.drug_names.nearly(shape))), None)

    def named_in(self, line: str) -> tuple[str, ...]:
        """Every drug of a line such as "aspirin 81 mg, warfarin 5 mg daily"; none: not certain.

        The first is the one that the line means; others may stand behind it.
        """
        meant = self.recognise(line) or self.recognise(name_in(line))
        if meant is None:
            return ()
        found, inside = [meant], self._substances(meant)
        for key in self.mentioned_in(line):
            if not self._substances(key) <= inside:
                found.append(key)
                inside |= self._substances(key)
        return tuple(found)

    def mentioned_in(self, line: str) -> list[str]:
        """Whatever has the name of a drug, in order; a salt is no drug beside its own."""
        found: list[str] = []
        for piece in PIECES.split(line.lower()):
            words = plain(piece)
            found += (
                self.drug_names.within(without(words, SALTS))[0] or self.drug_names.within(words)[0]
            )
        return found

    def _substances(self, key: str) -> frozenset[str]:
        return frozenset(self.drugs[key].ingredients or (key,))

    # Searching

    @cached_property
    def _by_word(self) -> list[tuple[str, str, str]]:
        """Each rest of each name that begins with a word, sorted: (rest, name, key)."""
        found = []
        for drug in self.drugs.values():
            for name in drug.names if drug.routes or drug.rxcui else ():
                words = plain(name).split()
                found += [(" ".join(words[at:]), name, drug.key) for at in range(len(words))]
        return sorted(found)

    def find(self, words: str, limit: int) -> list[tuple[Drug, str]]:
        """Drugs with a name in which some word begins so, best first, with that name."""
        wanted = plain(words)
        if not wanted:
            return []
        best: dict[str, tuple[tuple[object, ...], str]] = {}
        at = bisect_left(self._by_word, (wanted,))
        while at < len(self._by_word) and self._by_word[at][0].startswith(wanted):
            _, name, key = self._by_word[at]
            drug, whole = self.drugs[key], plain(name)
            rank = (
                whole != wanted,
                not whole.startswith(wanted),
                name != drug.name,
                bool(drug.ingredients),
                len(whole),
                whole,
            )
            if key not in best or (rank, name) < best[key]:
                best[key] = (rank, name)
            at += 1
        if not best:
            meant = self.recognise(words)
            return [(self.drugs[meant], self.drugs[meant].name)] if meant is not None else []
        ranked = sorted(best.items(), key=lambda item: (item[1][0], item[0]))
        return [(self.drugs[key], name) for key, (_, name) in ranked[:limit]]
