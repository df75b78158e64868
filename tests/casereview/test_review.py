"""What a case review says of one patient, and of the others without that one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from reportgen.casereview import PARTS, review
from reportgen.casereview.case import Case, Shared, seen_later
from reportgen.cohort.load import load_cohort
from reportgen.report import Figure, Headline, Notice, Paragraph, Section, Table, Value, plain
from tests.casereview import cohorts
from tests.workbooks import write_workbook

TITLES = [
    "At a glance", "Question to the board", "Present status", "At the start of treatment",
    "Pathology and molecular findings", "Measurements over time", "Course", "Lines of therapy", "Worst toxicities",
    "Among the other patients", "Decision of the board",
]  # fmt: skip


@pytest.fixture(scope="module")
def patients(tmp_path_factory):
    """The shared analysis of the cohort of extremes, and where each patient stands in it."""
    cohort = load_cohort(cohorts.write(tmp_path_factory.mktemp("cases")))
    places = {who: place for place, who in enumerate(cohort.patients.frame["patient_id"])}
    return Shared.of(cohort, seen_later(cohort)), places


def reviewed(patients, who: str, question: str = "") -> dict[str, Section]:
    shared, places = patients
    sections = review(Case(shared, places[who], "P-TEST", question))
    return {section.key: section for section in sections}


def cells(section: Section, id: str) -> list[list[str]]:
    found = next(b for b in section.blocks if isinstance(b, Table) and b.id == id)
    return [[plain(cell) for cell in row.cells] for row in found.rows]


def facts(section: Section) -> dict[str, str]:
    """The two columns of a table of facts."""
    return {name: value for b in section.blocks if isinstance(b, Table) for name, value in
            ([plain(cell) for cell in row.cells] for row in b.rows)}  # fmt: skip


def said(section: Section) -> str:
    found = []
    for b in section.blocks:
        if isinstance(b, Paragraph | Notice | Headline):
            found.append(plain(b.text))
        elif isinstance(b, Table):
            found += [plain(b.caption), *map(plain, b.notes)]
            found += [plain(cell) for row in b.rows for cell in row.cells]
        elif isinstance(b, Figure):
            found += [plain(b.caption), b.alt]
    return "\n".join(found)


@pytest.mark.parametrize("who", ["HEAVY", "BARE", "RECENT", "O01"])
def test_every_review_has_every_part_in_order(patients, who):
    sections = reviewed(patients, who)
    assert [section.title for section in sections.values()] == TITLES
    # Measured values are a part only where the cohort has them.
    assert [section.key for section in sections.values()] == [
        part.KEY for part in PARTS if part.KEY != "values"
    ]
    for section in sections.values():
        assert not re.search(r"\bnan\b|\bNone\b|\bNaT\b|\binf\b|\{\w*\}", said(section)), section.key


@pytest.mark.parametrize("who", ["HEAVY", "BARE", "RECENT"])
def test_every_number_of_the_others_is_an_estimate(patients, who):
    section = reviewed(patients, who)["context"]
    known = {row.id for row in (*section.estimates, *section.curves)}
    for block in section.blocks:
        texts = [block.text] if isinstance(block, Paragraph | Notice) else []
        if isinstance(block, Table):
            texts = [cell for row in block.rows for cell in row.cells]
        lost = [
            part
            for text in texts
            for part in text
            if isinstance(part, Value) and part.ref and part.ref not in known
        ]
        assert not lost


def test_the_question_stands_as_asked_or_is_not_recorded(patients):
    assert said(reviewed(patients, "HEAVY", "Stop?  Or\nnot?")["question"]) == "Stop? Or not?"
    assert said(reviewed(patients, "HEAVY")["question"]) == "not recorded"


def test_facts_at_the_start_stand_apart_from_pathology(patients):
    sections = reviewed(patients, "HEAVY")
    start, pathology = facts(sections["start"]), facts(sections["pathology"])
    assert start["Patient"] == "HEAVY" and start["Age"] == "41\u202fyears" and start["Stage"] == "IV"
    assert start["Date of diagnosis"] == "2015-01-24 (4.1 years before)"
    assert pathology["Diagnosis"] == "epithelioid inflammatory sarcoma"
    assert pathology["Fusion partner"] == "RANBP2" and pathology["Ki-67"] == "35\u202f%"
    assert not set(start) & set(pathology)


def test_what_is_missing_says_so(patients):
    sections = reviewed(patients, "BARE")
    for name in ("Sex", "Age", "Date of diagnosis", "Treatment", "Stage"):
        assert facts(sections["start"])[name] == "not recorded"
    status = facts(sections["status"])
    assert status["Vital status"] == status["Best response"] == "not recorded"
    assert status["Index treatment"] == "end not recorded"
    assert status["Relapse or progression"] == "none recorded"
    assert said(sections["measurements"]) == "Assessments: not recorded."
    assert "Whether the patient was assessed for toxicity: not recorded" in said(sections["toxicity"])
    assert "Earlier and later lines of therapy: not recorded" in said(sections["therapy"])
    assert (
        "progression-free survival and overall survival of this patient: not recorded"
        in said(sections["context"]).casefold()
    )


def test_a_source_of_required_columns_alone(tmp_path):
    cohort = load_cohort(cohorts.write_required_only(tmp_path))
    sections = {s.key: s for s in review(Case(Shared.of(cohort), 0, "P-TEST"))}
    assert "the data have no sheet of them" in said(sections["toxicity"])
    assert facts(sections["pathology"]) == {"Diagnosis": "not recorded", "Molecular findings": "not recorded"}
    assert facts(sections["status"])["Relapse or progression"] == "not recorded"
    assert "PFS of the others cannot be derived" in said(sections["context"])


def test_lines_of_therapy_by_their_start(patients):
    rows = cells(reviewed(patients, "HEAVY")["therapy"], "therapy")
    assert len(rows) == 12 and [row[0] for row in rows] == [str(line) for line in range(1, 13)]
    assert rows[1][1] == "crizotinib\u00a0*" and rows[1][2:6] == [
        "2019-03-04",
        "2019-09-30",
        "6.9 months",
        "progression",
    ]
    assert rows[4][6] == "not recorded"
    assert rows[11][3] == "continues" and rows[11][4].endswith(" so far") and rows[11][5] == "–"


def test_the_worst_event_of_each_toxicity(patients):
    section = reviewed(patients, "HEAVY")["toxicity"]
    rows = cells(section, "toxicity")
    grades = [int(row[1][0]) for row in rows]
    assert grades == sorted(grades, reverse=True) and grades[0] == 4
    assert "60 events of 20 toxicities" in said(section) and "CTCAE 5.0" in said(section)
    named = said(section).casefold()
    assert all(term.casefold() in named for term in cohorts.TERMS)


def test_no_toxicity_is_never_said_of_who_was_not_assessed(tmp_path):
    people = [cohorts.other(place) | {"toxicity_assessed": "no"} for place in (1, 2, 3)]
    path = write_workbook(tmp_path / "c.xlsx", patients=people, toxicities=[
        {"patient_id": "O02", "term": "nausea", "grade": 1, "onset_date": cohorts.day(100)}])  # fmt: skip
    sections = review(Case(Shared.of(load_cohort(path)), 0, "P-TEST"))
    text = said(next(s for s in sections if s.key == "toxicity"))
    assert "not assessed for toxicity, so that none can be ruled out" in text


def test_measurements_from_the_baseline(patients):
    section = reviewed(patients, "HEAVY")["measurements"]
    rows = cells(section, "measurements")
    assert rows[0] == ["2019-02-22\u00a0*", "not recorded", "96", "–"]
    assert ["2019-07-12", "PR", "48", "−50"] in rows and rows[-1][-1] == "+13"  # 12.5: a half goes up
    assert "26 assessments" in said(section) and "Listed: the first and the smallest size and the" in said(
        section
    )


def test_the_timeline_in_words(patients):
    alt = next(b for b in reviewed(patients, "HEAVY")["course"].blocks if isinstance(b, Figure)).alt
    assert "crizotinib from 0 days to 6.9 months, best response PR" in alt
    assert "ibrutinib from 4.7 years continues" in alt
    assert "relapse at 6.7 months" in alt and "of grade 3 or more" in alt and "96\u202fmm at first" in alt


def test_who_started_last_week_is_drawn_in_days(patients):
    figure = next(b for b in reviewed(patients, "RECENT")["course"].blocks if isinstance(b, Figure))
    assert plain(figure.caption).startswith("Time in days")
    assert facts(reviewed(patients, "RECENT")["status"])["Index treatment"] == "continues, after 5 days"


def test_the_others_are_the_cohort_without_the_patient(patients):
    """What the same analysis gives for a source from which the patient was taken out."""
    from reportgen.analyses import outcomes

    shared, places = patients
    cohort = shared.cohort
    section = reviewed(patients, "O03")["context"]
    by_id = {e.id: e for e in section.estimates}
    for key in ("pfs", "os"):
        endpoint = cohort.endpoints[key]
        others = cohort.patients.frame.loc[endpoint.rows, "patient_id"].ne("O03").to_numpy()
        expected, curve = outcomes.one_group(
            endpoint, others, outcomes.landmark_days(cohort.settings), cohort.settings
        )
        for e in expected:
            assert (
                by_id[replace(e, section="context", endpoint=key, group="others").id].to_row()
                == replace(e, section="context", endpoint=key, group="others").to_row()
            )
        assert next(c for c in section.curves if c.endpoint == key).n == curve.n


def test_comparable_patients_are_counted_by_hand(patients):
    """O03 is male with RANBP2, stage II: of the other eight O-patients and HEAVY and RECENT."""
    rows = {row[0]: row[1:] for row in cells(reviewed(patients, "O03")["context"], "comparable")}
    assert rows["Sex"] == ["male", "5/10", "1/5"]
    assert rows["Fusion partner"] == ["RANBP2", "3/10", "3/3"]
    assert rows["Ki-67"][0] == "15\u202f%" and rows["Ki-67"][2] == ""
    assert "this is not an individual prognosis" in said(reviewed(patients, "O03")["context"]).casefold()


def test_one_patient_alone_has_no_others(tmp_path):
    path = write_workbook(tmp_path / "c.xlsx", patients=[cohorts.other(1)])
    sections = review(Case(Shared.of(load_cohort(path)), 0, "P-TEST"))
    assert said(sections[-2]) == "The cohort holds no other patient."


@pytest.mark.parametrize("n", [2, 3])
def test_one_or_two_others_have_no_curve(tmp_path, n):
    path = write_workbook(tmp_path / "c.xlsx", patients=[cohorts.other(place) for place in range(1, n + 1)])
    section = review(Case(Shared.of(load_cohort(path)), 0, "P-TEST"))[-2]
    assert not any(isinstance(block, Figure) for block in section.blocks)


def test_only_what_was_known_at_the_cut_off(tmp_path):
    path = cohorts.write(tmp_path)
    cohort = load_cohort(path, overrides={"cutoff": cohorts.day(150)})
    place = cohort.patients.frame["patient_id"].tolist().index("HEAVY")
    sections = {s.key: s for s in review(Case(Shared.of(cohort, seen_later(cohort)), place, "P-TEST"))}
    text = "\n".join(map(said, sections.values()))
    assert "lorlatinib" not in text and "2019-09" not in text and "liver" not in text
    status = facts(sections["status"])
    assert (
        status["Disease status"] == "not known at the cut-off"
        and status["Surgery"] == "not known at the cut-off"
    )
    assert status["Index treatment"] == "continues, after 4.9 months"
    assert status["Best response"].startswith("PR; first response 2019-04-18")
    days = [date.fromisoformat(found) for found in re.findall(r"\d{4}-\d\d-\d\d", text)]
    assert max(days) <= cohorts.day(150)


def test_a_cut_off_after_the_last_contact_withholds_nothing(patients):
    assert patients[0].beyond == frozenset()
    assert facts(reviewed(patients, "HEAVY")["status"])["Surgery"] == "yes"


def test_elapsed_times_without_dates(tmp_path):
    people = [{"patient_id": f"E{k}", "treatment_start_days": 0, "last_contact_days": 300 + k, "vital_status": "alive",
               "relapse_date_days": 100 if k else None, "treatment_stop_days": 90} for k in range(4)]  # fmt: skip
    cohort = load_cohort(write_workbook(tmp_path / "c.xlsx", patients=people))
    sections = {s.key: s for s in review(Case(Shared.of(cohort), 1, "P-TEST"))}
    assert facts(sections["status"])["Relapse or progression"] == "after 3.3 months; site: not recorded"
    assert not re.search(r"\d{4}-\d\d-\d\d", "\n".join(map(said, sections.values())))


def test_dense_lists_are_shorter_and_leave_nothing_uncounted(patients):
    shared, places = patients
    long, dense = (
        {s.key: s for s in review(Case(shared, places["HEAVY"], "P-TEST", dense=flag))}
        for flag in (False, True)
    )
    assert len(cells(dense["toxicity"], "toxicity")) < len(cells(long["toxicity"], "toxicity"))
    words = said(dense["toxicity"])
    assert sum(term.casefold() in words.casefold() for term in cohorts.TERMS) == 10
    assert "and five others; worst grade 3: five toxicities" in words
    assert "7 of 12 lines are listed" in said(dense["therapy"])
    assert "a further line" in said(dense["course"]) and "a further line" not in said(long["course"])
    names = set(facts(long["start"]))
    assert all(name.casefold() in said(dense["start"]).casefold() for name in names)


def test_the_board_has_room_to_write():
    fields = [block.label for block in PARTS[-1].present(PARTS[-1].analyse(None)).blocks]
    assert fields == ["Recommendation", "Rationale", "Responsible", "Review date"]


def test_one_line_says_it_all(patients):
    text = said(reviewed(patients, "O01")["line"])
    assert "alive (alive" not in text
    assert text.endswith(".") and text.count(";") >= 2 and len(text.split()) < 45, text
    assert "not recorded" in said(reviewed(patients, "BARE")["line"]) or "alive" in said(
        reviewed(patients, "BARE")["line"]
    )
