create table screening_instruments (
    key text not null check (key in ('c-ssrs', 'c-ssrs-since-last-contact', 'phq-9', 'gad-7', 'phq-4', 'safe-t')),
    version integer not null check (version >= 1),
    title text not null check (length(title) between 1 and 100),
    source text not null check (length(source) between 1 and 1000),
    jurisdiction text check (length(jurisdiction) between 2 and 20),
    effective_from timestamptz not null,
    effective_to timestamptz,
    definition jsonb not null,
    scoring jsonb not null,
    created_at timestamptz not null default now(),
    primary key (key, version),
    constraint ck_screening_instruments_effective check (effective_to > effective_from)
);
comment on table screening_instruments is 'Questions and rules of screening instruments. Of those in effect the highest version is used for what begins; a version never changes, for results lean on it.';
comment on column screening_instruments.definition is 'Questions in order: code (LOINC), text, answers, and when to ask them.';
comment on column screening_instruments.scoring is 'Scores with bands and cuts, rules for levels, what follows, and cautions, each with the sentence that explains it.';
create trigger screening_instruments_are_append_only before update or delete on screening_instruments
    for each row execute function refuse_change();
create trigger screening_instruments_stay before truncate on screening_instruments
    for each statement execute function refuse_change();

insert into screening_instruments (key, version, title, source, effective_from, definition, scoring) values
    ('c-ssrs', 1, 'C-SSRS screener (recent)', 'Columbia-Suicide Severity Rating Scale, screener (recent), Columbia Lighthouse Project; triage after its guidelines, low and moderate as on the screener with triage colours; LOINC codes of the HL7 US Behavioral Health Profiles.',
    '2026-01-01T00:00:00Z', $json${
      "intro": "Ask in these words. Yes or no, never how often.",
      "items": [
        {
          "link_id": "1",
          "code": "93246-7",
          "group": "In the past month",
          "text": "Have you wished you were dead or wished you could go to sleep and not wake up?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {
          "link_id": "2",
          "code": "93247-5",
          "group": "In the past month",
          "text": "Have you actually had any thoughts about killing yourself?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {
          "link_id": "3",
          "code": "93248-3",
          "group": "In the past month",
          "text": "Have you been thinking about how you might do this?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}],
          "ask_when": {"item": "2", "one_of": ["yes"]}
        },
        {
          "link_id": "4",
          "code": "93249-1",
          "group": "In the past month",
          "text": "Have you had these thoughts and had some intention of acting on them?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}],
          "ask_when": {"item": "2", "one_of": ["yes"]},
          "critical": true
        },
        {
          "link_id": "5",
          "code": "93250-9",
          "group": "In the past month",
          "text": "Have you started to work out or worked out the details of how to kill yourself, and do you intend to carry out this plan?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}],
          "ask_when": {"item": "2", "one_of": ["yes"]},
          "critical": true
        },
        {
          "link_id": "6",
          "code": "93267-3",
          "group": "In your lifetime",
          "text": "Have you ever done anything, started to do anything, or prepared to do anything to end your life?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}],
          "critical": true
        },
        {
          "link_id": "6b",
          "code": "93269-9",
          "group": "In the past three months",
          "text": "Was this within the past three months?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}],
          "ask_when": {"item": "6", "one_of": ["yes"]},
          "critical": true
        }
      ]
    }$json$,
    $json${
      "levels": [
        {
          "id": "high-intent",
          "when": {"item": "4", "one_of": ["yes"]},
          "level": "high",
          "says": "Some intention of acting on suicidal thoughts in the past month (question 4)."
        },
        {
          "id": "high-plan",
          "when": {"item": "5", "one_of": ["yes"]},
          "level": "high",
          "says": "A plan worked out, with intent to carry it out, in the past month (question 5)."
        },
        {
          "id": "high-recent-behaviour",
          "when": {"item": "6b", "one_of": ["yes"]},
          "level": "high",
          "says": "Suicidal behaviour within the past three months (question 6b)."
        },
        {
          "id": "moderate-method",
          "when": {"item": "3", "one_of": ["yes"]},
          "level": "moderate",
          "says": "Thinking about how, in the past month (question 3)."
        },
        {
          "id": "moderate-lifetime-behaviour",
          "when": {"all_of": [{"item": "6", "one_of": ["yes"]}, {"item": "6b", "one_of": ["no"]}]},
          "level": "moderate",
          "says": "Suicidal behaviour in the lifetime, more than three months ago (question 6)."
        },
        {
          "id": "low-thoughts",
          "when": {"item": "2", "one_of": ["yes"]},
          "level": "low",
          "says": "Thoughts of killing oneself in the past month (question 2)."
        },
        {
          "id": "low-wish",
          "when": {"item": "1", "one_of": ["yes"]},
          "level": "low",
          "says": "A wish to be dead in the past month (question 1)."
        }
      ],
      "otherwise": {"level": "negative", "says": "Every question was answered with no: a negative screen."},
      "undetermined": "A question that decides was not answered, and that is never taken for a no. A clinician has to look.",
      "positive": {"any_of": [{"item": "1", "one_of": ["yes"]}, {"item": "2", "one_of": ["yes"]}, {"item": "6", "one_of": ["yes"]}]},
      "cautions": [
        "A negative screen is not the absence of risk: it is what was answered today.",
        "The level is a floor. A clinician may raise it freely, and lowers it only with a reason."
      ]
    }$json$);

insert into screening_instruments (key, version, title, source, effective_from, definition, scoring) values
    ('c-ssrs-since-last-contact', 1, 'C-SSRS screener (since last contact)', 'Columbia-Suicide Severity Rating Scale, screener (since last contact), Columbia Lighthouse Project: the questions of the recent screener since the last visit; behaviour since then is high.',
    '2026-01-01T00:00:00Z', $json${
      "intro": "Ask in these words, about the time since the last visit. Yes or no, never how often.",
      "items": [
        {
          "link_id": "1",
          "group": "Since we last spoke",
          "text": "Have you wished you were dead or wished you could go to sleep and not wake up?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {
          "link_id": "2",
          "group": "Since we last spoke",
          "text": "Have you actually had any thoughts about killing yourself?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {
          "link_id": "3",
          "group": "Since we last spoke",
          "text": "Have you been thinking about how you might do this?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}],
          "ask_when": {"item": "2", "one_of": ["yes"]}
        },
        {
          "link_id": "4",
          "group": "Since we last spoke",
          "text": "Have you had these thoughts and had some intention of acting on them?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}],
          "ask_when": {"item": "2", "one_of": ["yes"]},
          "critical": true
        },
        {
          "link_id": "5",
          "group": "Since we last spoke",
          "text": "Have you started to work out or worked out the details of how to kill yourself, and do you intend to carry out this plan?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}],
          "ask_when": {"item": "2", "one_of": ["yes"]},
          "critical": true
        },
        {
          "link_id": "6",
          "group": "Since we last spoke",
          "text": "Have you done anything, started to do anything, or prepared to do anything to end your life?",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}],
          "critical": true
        }
      ]
    }$json$,
    $json${
      "levels": [
        {
          "id": "high-intent",
          "when": {"item": "4", "one_of": ["yes"]},
          "level": "high",
          "says": "Some intention of acting on suicidal thoughts since last contact (question 4)."
        },
        {
          "id": "high-plan",
          "when": {"item": "5", "one_of": ["yes"]},
          "level": "high",
          "says": "A plan worked out, with intent to carry it out, since last contact (question 5)."
        },
        {
          "id": "high-behaviour",
          "when": {"item": "6", "one_of": ["yes"]},
          "level": "high",
          "says": "Suicidal behaviour since last contact (question 6)."
        },
        {
          "id": "moderate-method",
          "when": {"item": "3", "one_of": ["yes"]},
          "level": "moderate",
          "says": "Thinking about how, since last contact (question 3)."
        },
        {
          "id": "low-thoughts",
          "when": {"item": "2", "one_of": ["yes"]},
          "level": "low",
          "says": "Thoughts of killing oneself since last contact (question 2)."
        },
        {
          "id": "low-wish",
          "when": {"item": "1", "one_of": ["yes"]},
          "level": "low",
          "says": "A wish to be dead since last contact (question 1)."
        }
      ],
      "otherwise": {"level": "negative", "says": "Every question was answered with no: a negative screen."},
      "undetermined": "A question that decides was not answered, and that is never taken for a no. A clinician has to look.",
      "positive": {"any_of": [{"item": "1", "one_of": ["yes"]}, {"item": "2", "one_of": ["yes"]}, {"item": "6", "one_of": ["yes"]}]},
      "cautions": [
        "A negative screen is not the absence of risk: it is what was answered today.",
        "The level is a floor. A clinician may raise it freely, and lowers it only with a reason."
      ]
    }$json$);

insert into screening_instruments (key, version, title, source, effective_from, definition, scoring) values
    ('phq-9', 1, 'PHQ-9', 'Patient Health Questionnaire (Spitzer, Williams, Kroenke and colleagues; no permission required to reproduce). Bands and cut: Kroenke 2001. Item 9: any answer but ''not at all'' is followed up (AACN Crit Care Nurse 40(1):92).',
    '2026-01-01T00:00:00Z', $json${
      "intro": "How often in the last two weeks. Every question counts: there is no total while one is open.",
      "code": "44249-1",
      "items": [
        {
          "link_id": "1",
          "code": "44250-9",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Little interest or pleasure in doing things",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "2",
          "code": "44255-8",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Feeling down, depressed, or hopeless",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "3",
          "code": "44259-0",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Trouble falling or staying asleep, or sleeping too much",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "4",
          "code": "44254-1",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Feeling tired or having little energy",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "5",
          "code": "44251-7",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Poor appetite or overeating",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "6",
          "code": "44258-2",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Feeling bad about yourself, or that you are a failure or have let yourself or your family down",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "7",
          "code": "44252-5",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Trouble concentrating on things, such as reading the newspaper or watching television",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "8",
          "code": "44253-3",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Moving or speaking so slowly that other people could have noticed, or the opposite: being so fidgety or restless that you have been moving around a lot more than usual",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "9",
          "code": "44260-8",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Thoughts that you would be better off dead, or of hurting yourself in some way",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ],
          "critical": true
        },
        {
          "link_id": "10",
          "code": "69722-7",
          "group": "If any of these bothered you",
          "text": "How difficult have these problems made it for you to do your work, take care of things at home, or get along with other people?",
          "hint": "Not part of the score.",
          "kind": "choice",
          "required": false,
          "options": [
            {"value": 0, "label": "Not difficult at all", "key": "0"},
            {"value": 1, "label": "Somewhat difficult", "key": "1"},
            {"value": 2, "label": "Very difficult", "key": "2"},
            {"value": 3, "label": "Extremely difficult", "key": "3"}
          ],
          "ask_when": {"sum_of": ["1", "2", "3", "4", "5", "6", "7", "8", "9"], "at_least": 1}
        }
      ]
    }$json$,
    $json${
      "scores": [
        {
          "id": "total",
          "title": "PHQ-9 total",
          "code": "44261-6",
          "items": ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
          "most": 27,
          "cut": 10,
          "bands": [
            {"at_least": 0, "label": "minimal"},
            {"at_least": 5, "label": "mild"},
            {"at_least": 10, "label": "moderate"},
            {"at_least": 15, "label": "moderately severe"},
            {"at_least": 20, "label": "severe"}
          ]
        }
      ],
      "levels": [
        {
          "id": "item-9",
          "when": {"item": "9", "at_least": 1},
          "level": "undetermined",
          "says": "Thoughts of being better off dead or of self-harm (question 9): how great the risk is has to be found out, whatever the total."
        }
      ],
      "undetermined": "Question 9, about thoughts of being better off dead, was not answered: that is followed up as if it had been answered with yes.",
      "findings": [
        {
          "id": "at-cut",
          "when": {"sum_of": ["1", "2", "3", "4", "5", "6", "7", "8", "9"], "at_least": 10},
          "says": "At or above 10, the usual cut for depression."
        },
        {
          "id": "major-syndrome",
          "when": {
            "all_of": [
              {"any_of": [{"item": "1", "at_least": 2}, {"item": "2", "at_least": 2}]},
              {
                "any_of": [
                  {"count_of": ["1", "2", "3", "4", "5", "6", "7", "8"], "each": 2, "at_least": 5},
                  {
                    "all_of": [
                      {"count_of": ["1", "2", "3", "4", "5", "6", "7", "8"], "each": 2, "at_least": 4},
                      {"item": "9", "at_least": 1}
                    ]
                  }
                ]
              }
            ]
          },
          "says": "Five or more symptoms on more than half the days, one of them a core one: the pattern of a major depressive syndrome. Not a diagnosis."
        }
      ],
      "follow_ups": [
        {
          "id": "item-9",
          "when": {"item": "9", "at_least": 1},
          "if_unknown": true,
          "instrument": "c-ssrs",
          "demanded": true,
          "says": "Question 9 is not 'not at all': ask the C-SSRS screener.",
          "says_if_unknown": "Question 9 was not answered: ask the C-SSRS screener."
        }
      ],
      "positive": {"any_of": [{"item": "9", "at_least": 1}, {"sum_of": ["1", "2", "3", "4", "5", "6", "7", "8", "9"], "at_least": 10}]},
      "cautions": ["A zero on question 9 is not clearance: of those who died by suicide in one cohort 71.6 % had answered 'not at all'."]
    }$json$);

insert into screening_instruments (key, version, title, source, effective_from, definition, scoring) values
    ('gad-7', 1, 'GAD-7', 'Generalized Anxiety Disorder scale (Spitzer, Kroenke, Williams and Loewe 2006; no permission required to reproduce).',
    '2026-01-01T00:00:00Z', $json${
      "intro": "How often in the last two weeks. Every question counts: there is no total while one is open.",
      "code": "69737-5",
      "items": [
        {
          "link_id": "1",
          "code": "69725-0",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Feeling nervous, anxious, or on edge",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "2",
          "code": "68509-9",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Not being able to stop or control worrying",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "3",
          "code": "69733-4",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Worrying too much about different things",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "4",
          "code": "69734-2",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Trouble relaxing",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "5",
          "code": "69735-9",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Being so restless that it is hard to sit still",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "6",
          "code": "69689-8",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Becoming easily annoyed or irritable",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "7",
          "code": "69736-7",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Feeling afraid, as if something awful might happen",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        }
      ]
    }$json$,
    $json${
      "scores": [
        {
          "id": "total",
          "title": "GAD-7 total",
          "code": "70274-6",
          "items": ["1", "2", "3", "4", "5", "6", "7"],
          "most": 21,
          "cut": 10,
          "bands": [
            {"at_least": 0, "label": "minimal"},
            {"at_least": 5, "label": "mild"},
            {"at_least": 10, "label": "moderate"},
            {"at_least": 15, "label": "severe"}
          ]
        }
      ],
      "findings": [
        {
          "id": "at-cut",
          "when": {"sum_of": ["1", "2", "3", "4", "5", "6", "7"], "at_least": 10},
          "says": "At or above 10, the usual cut for anxiety."
        }
      ],
      "positive": {"sum_of": ["1", "2", "3", "4", "5", "6", "7"], "at_least": 10},
      "cautions": ["The GAD-7 does not ask about suicide: it says nothing about that risk."]
    }$json$);

insert into screening_instruments (key, version, title, source, effective_from, definition, scoring) values
    ('phq-4', 1, 'PHQ-4', 'Patient Health Questionnaire-4 (Kroenke, Spitzer, Williams and Loewe 2009; no permission required to reproduce): two questions of the GAD-7, then two of the PHQ-9.',
    '2026-01-01T00:00:00Z', $json${
      "intro": "How often in the last two weeks.",
      "code": "69724-3",
      "items": [
        {
          "link_id": "1",
          "code": "69725-0",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Feeling nervous, anxious, or on edge",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "2",
          "code": "68509-9",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Not being able to stop or control worrying",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "3",
          "code": "44250-9",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Little interest or pleasure in doing things",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        },
        {
          "link_id": "4",
          "code": "44255-8",
          "group": "Over the last two weeks, how often have you been bothered by",
          "text": "Feeling down, depressed, or hopeless",
          "kind": "choice",
          "options": [
            {"value": 0, "label": "Not at all", "key": "0"},
            {"value": 1, "label": "Several days", "key": "1"},
            {"value": 2, "label": "More than half the days", "key": "2"},
            {"value": 3, "label": "Nearly every day", "key": "3"}
          ]
        }
      ]
    }$json$,
    $json${
      "scores": [
        {
          "id": "total",
          "title": "PHQ-4 total",
          "items": ["1", "2", "3", "4"],
          "most": 12,
          "bands": [
            {"at_least": 0, "label": "none"},
            {"at_least": 3, "label": "mild"},
            {"at_least": 6, "label": "moderate"},
            {"at_least": 9, "label": "severe"}
          ]
        },
        {"id": "anxiety", "title": "Anxiety (GAD-2)", "items": ["1", "2"], "most": 6, "cut": 3},
        {"id": "depression", "title": "Depression (PHQ-2)", "items": ["3", "4"], "most": 6, "cut": 3}
      ],
      "follow_ups": [
        {
          "id": "anxiety",
          "when": {"sum_of": ["1", "2"], "at_least": 3},
          "instrument": "gad-7",
          "demanded": false,
          "says": "Anxiety is at or above 3: ask the whole GAD-7."
        },
        {
          "id": "depression",
          "when": {"sum_of": ["3", "4"], "at_least": 3},
          "instrument": "phq-9",
          "demanded": false,
          "says": "Depression is at or above 3: ask the whole PHQ-9."
        }
      ],
      "positive": {"any_of": [{"sum_of": ["1", "2"], "at_least": 3}, {"sum_of": ["3", "4"], "at_least": 3}]},
      "cautions": ["The PHQ-4 does not ask about suicide: it says nothing about that risk."]
    }$json$);

insert into screening_instruments (key, version, title, source, effective_from, definition, scoring) values
    ('safe-t', 1, 'SAFE-T', 'Suicide Assessment Five-step Evaluation and Triage (Jacobs; SAMHSA and SPRC pocket card), in own words. The level is the clinician''s judgement.',
    '2026-01-01T00:00:00Z', $json${
      "intro": "Five steps, at first contact, on any change in state or level of care, and before treatment ends.",
      "items": [
        {
          "link_id": "risk-factors",
          "group": "1. Risk factors",
          "text": "Which risk factors are there? Tick none only after asking.",
          "kind": "several",
          "options": [
            {"value": "prior-behaviour", "label": "Earlier suicide attempt or self-harm"},
            {"value": "current-disorder", "label": "Current or past psychiatric disorder"},
            {"value": "key-symptoms", "label": "Anhedonia, impulsivity, hopelessness, anxiety, insomnia, commanding voices"},
            {"value": "family-history", "label": "Suicide or psychiatric disorder in the family"},
            {"value": "stressor", "label": "A triggering event: loss, humiliation, despair"},
            {"value": "change-in-treatment", "label": "Discharge, change of treatment or of those who treat"},
            {"value": "access-to-firearms", "label": "Access to firearms"},
            {"value": "chronic-pain", "label": "Chronic pain or serious illness"}
          ],
          "required": false
        },
        {
          "link_id": "protective-factors",
          "group": "2. Protective factors",
          "text": "Which protective factors are there? They do not offset acute risk.",
          "kind": "several",
          "options": [
            {"value": "coping", "label": "Able to cope with stress"},
            {"value": "beliefs", "label": "Religious or other beliefs"},
            {"value": "frustration-tolerance", "label": "Tolerates frustration"},
            {"value": "responsibility", "label": "Responsible for children or loved pets"},
            {"value": "positive-relationships", "label": "Good relationships with those who treat"},
            {"value": "social-support", "label": "Support by family or friends"}
          ],
          "required": false
        },
        {
          "link_id": "thoughts-48h",
          "group": "3. Suicide inquiry",
          "text": "Thoughts of suicide in the last 48 hours",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {
          "link_id": "thoughts-month",
          "group": "3. Suicide inquiry",
          "text": "Thoughts of suicide in the past month",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {
          "link_id": "thoughts-worst",
          "group": "3. Suicide inquiry",
          "text": "Thoughts of suicide at the worst time ever",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {
          "link_id": "plan",
          "group": "3. Suicide inquiry",
          "text": "A plan: when, where, how, and are the means at hand",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {
          "link_id": "behaviour",
          "group": "3. Suicide inquiry",
          "text": "Behaviour: past, aborted or interrupted attempts, rehearsals, self-harm",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {
          "link_id": "intent",
          "group": "3. Suicide inquiry",
          "text": "Intent: expects to carry out the plan, and believes it to be lethal",
          "kind": "choice",
          "options": [{"value": "yes", "label": "Yes", "key": "y"}, {"value": "no", "label": "No", "key": "n"}]
        },
        {"link_id": "inquiry", "group": "3. Suicide inquiry", "text": "What was said", "kind": "text", "required": false},
        {
          "link_id": "level",
          "group": "4. Risk level and intervention",
          "text": "Level of risk, by clinical judgement",
          "kind": "choice",
          "options": [
            {"value": "low", "label": "Low", "key": "l"},
            {"value": "moderate", "label": "Moderate", "key": "m"},
            {"value": "high", "label": "High", "key": "h"}
          ],
          "critical": true
        },
        {"link_id": "intervention", "group": "4. Risk level and intervention", "text": "What is done about it", "kind": "text"},
        {"link_id": "rationale", "group": "5. Documentation", "text": "Why this level", "kind": "text"},
        {"link_id": "follow-up", "group": "5. Documentation", "text": "What follows, who does it, and when", "kind": "text"}
      ]
    }$json$,
    $json${
      "levels": [
        {
          "id": "judged-high",
          "when": {"item": "level", "one_of": ["high"]},
          "level": "high",
          "says": "The clinician's judgement after the five steps: high."
        },
        {
          "id": "judged-moderate",
          "when": {"item": "level", "one_of": ["moderate"]},
          "level": "moderate",
          "says": "The clinician's judgement after the five steps: moderate."
        },
        {
          "id": "judged-low",
          "when": {"item": "level", "one_of": ["low"]},
          "level": "low",
          "says": "The clinician's judgement after the five steps: low."
        }
      ],
      "undetermined": "No level was given: a clinician has to judge.",
      "findings": [
        {
          "id": "plan-or-intent",
          "when": {"any_of": [{"item": "plan", "one_of": ["yes"]}, {"item": "intent", "one_of": ["yes"]}]},
          "says": "There is a plan or intent: the pocket card names these with high risk."
        }
      ],
      "positive": {"any_of": [{"item": "level", "one_of": ["low", "moderate", "high"]}]},
      "cautions": ["A level is a judgement of this moment: repeat it when the state or the level of care changes."]
    }$json$);
