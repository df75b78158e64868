"""Every rule: what it finds, at which cell, of which patient; and that sound data pass without a word."""

from datetime import date, timedelta

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.checks.rows import CHECKS
from reportgen.cohort.load import check_cohort, load_cohort, read_source
from reportgen.settings.model import EndpointRule, Settings
from tests.workbooks import minimal_patients, write_workbook

# Column letters of the patients below: A id, B start, C last contact, D vital status, then as given.
START, SEEN = date(2015, 1, 5), date(2017, 10, 1)
BEFORE, DURING, AFTER = date(2014, 1, 1), date(2015, 6, 1), date(2018, 1, 1)


def issues_of(tmp_path, rows, settings=None, **sheets):
    path = write_workbook(tmp_path / "a.xlsx", patients=rows, **sheets)
    return check_cohort(read_source(path), settings or Settings())[1]


def found(tmp_path, rows, **sheets):
    return {(i.severity, i.code, i.sheet, i.cell, i.patient) for i in issues_of(tmp_path, rows, **sheets)}


def one(**columns):
    """Two patients; the columns hold for the first, the second is as minimal_patients makes it."""
    rows = minimal_patients(2)
    rows[0] |= columns
    return rows


@pytest.mark.parametrize(
    "columns, severity, code, cell",
    [
        ({"patient_id": None}, "error", "MISSING_ID", "A2"),
        ({"treatment_start": None}, "error", "MISSING_VALUE", "B2"),
        ({"last_contact": None}, "error", "MISSING_VALUE", "C2"),
        ({"last_contact": BEFORE}, "error", "DATE_ORDER", "C2"),
        ({"vital_status": None}, "warning", "MISSING_VALUE", "D2"),
        ({"vital_status": "lost"}, "error", "UNKNOWN_VALUE", "D2"),
        ({"birth_date": DURING}, "error", "DATE_ORDER", "B2"),
        ({"diagnosis_date": DURING}, "error", "DATE_ORDER", "B2"),
        ({"treatment_stop": BEFORE}, "error", "DATE_ORDER", "E2"),
        ({"relapse_date": BEFORE}, "error", "DATE_ORDER", "E2"),
        ({"response_date": BEFORE}, "error", "DATE_ORDER", "E2"),
        ({"relapse_date": AFTER}, "warning", "AFTER_LAST_CONTACT", "E2"),
        ({"treatment_stop": AFTER}, "warning", "AFTER_LAST_CONTACT", "E2"),
        ({"death_date": SEEN}, "error", "STATUS_CONFLICT", "D2"),
        ({"vital_status": "dead", "death_date": None}, "error", "STATUS_CONFLICT", "E2"),
        ({"vital_status": "dead", "death_date": DURING}, "warning", "DEATH_NOT_LAST_CONTACT", "C2"),
        ({"relapse_date": None, "stop_reason": "progression"}, "warning", "PROGRESSION_WITHOUT_DATE", "E2"),
        ({"treatment_stop": None, "stop_reason": "toxicity"}, "warning", "STOP_DATE_MISSING", "E2"),
        ({"treatment_stop": DURING, "stop_reason": "ongoing"}, "error", "STATUS_CONFLICT", "F2"),
        ({"stop_reason": "death"}, "error", "STATUS_CONFLICT", "E2"),
        ({"stop_reason": "boredom"}, "warning", "UNKNOWN_REASON", "E2"),
        ({"response_date": DURING, "best_response": "SD"}, "warning", "STATUS_CONFLICT", "F2"),
        ({"age_at_start": 150}, "error", "VALUE_RANGE", "E2"),
        ({"age_at_start": "old"}, "error", "BAD_NUMBER", "E2"),
        ({"birth_date": BEFORE, "age_at_start": 30}, "warning", "VALUE_CONFLICT", "F2"),
        ({"relapse_date": "01/02/2016"}, "error", "AMBIGUOUS_DATE", "E2"),
        ({"relapse_date": 42114}, "error", "DATE_AS_NUMBER", "E2"),
        ({"relapse_days": -3}, "error", "NEGATIVE_DURATION", "E2"),
        ({"sex": "x"}, "error", "UNKNOWN_VALUE", "E2"),
        ({"relapse_site": "y" * 2_000}, "warning", "CELL_TOO_LONG", "E2"),
    ],
)
def test_patients(tmp_path, columns, severity, code, cell):
    rows = one(**columns)
    if "death_date" in columns or "relapse_days" in columns:
        rows[1] |= {key: None for key in columns if key not in rows[1]}
    patient = rows[0]["patient_id"]
    assert (severity, code, "patients", cell, patient) in found(tmp_path, rows)


@pytest.mark.parametrize("ids", [("P1", "P1"), ("p1 ", "P1"), ("Ｐ１", "P1")])
def test_ids_are_unique_after_normalising(tmp_path, ids):
    rows = minimal_patients(2, patient_id=list(ids))
    cells = {cell for _, code, _, cell, _ in found(tmp_path, rows) if code == "DUPLICATE_ID"}
    assert cells == {"A2", "A3"}


def test_a_patient_who_stands_twice_with_every_cell_alike_counts_once(tmp_path):
    twice = [*minimal_patients(2), minimal_patients(2)[0]]
    path = write_workbook(tmp_path / "twice.xlsx", patients=twice)
    cohort = load_cohort(path)
    assert len(cohort.patients) == 2
    said = [(i.severity, i.cell, i.patient) for i in cohort.issues if i.code == "DUPLICATE_ROW"]
    assert said == [("warning", "A4", "P01")]
    other = found(tmp_path, [*minimal_patients(2), {**minimal_patients(2)[0], "last_contact": AFTER}])
    assert {cell for _, code, _, cell, _ in other if code == "DUPLICATE_ID"} == {"A2", "A4"}


TOX = {"patient_id": "P01", "term": "Nausea", "grade": 2, "onset_date": DURING, "resolved_date": None}


@pytest.mark.parametrize(
    "columns, severity, code, cell",
    [
        ({"patient_id": "P09"}, "error", "ORPHAN_ROW", "A2"),
        ({"patient_id": None}, "error", "MISSING_ID", "A2"),
        ({"grade": 6}, "error", "GRADE_INVALID", "C2"),
        ({"grade": 2.5}, "error", "GRADE_INVALID", "C2"),
        ({"grade": 0}, "error", "GRADE_INVALID", "C2"),
        ({"grade": 5}, "error", "STATUS_CONFLICT", "C2"),
        ({"onset_date": BEFORE}, "warning", "DATE_ORDER", "D2"),
        ({"onset_date": AFTER}, "warning", "AFTER_LAST_CONTACT", "D2"),
        ({"resolved_date": date(2015, 5, 1)}, "error", "DATE_ORDER", "E2"),
    ],
)
def test_toxicities(tmp_path, columns, severity, code, cell):
    row = TOX | columns
    expected = (severity, code, "toxicities", cell, row["patient_id"])
    assert expected in found(tmp_path, minimal_patients(2), toxicities=[row])


def test_a_repeated_row_is_doubtful(tmp_path):
    repeated = found(tmp_path, minimal_patients(2), toxicities=[TOX, TOX | {"grade": 3}, TOX])
    assert ("warning", "DUPLICATE_ROW", "toxicities", "A4", "P01") in repeated
    assert sum(code == "DUPLICATE_ROW" for _, code, *_ in repeated) == 1


@pytest.mark.parametrize(
    "other", [{"grade": 3}, {"severity": "severe"}, {"onset_date": AFTER}, {"action": "none"}]
)
def test_rows_that_differ_in_anything_are_two(tmp_path, other):
    base = TOX | {"severity": "mild", "action": "stopped"}
    said = found(tmp_path, minimal_patients(2), toxicities=[base, base | other])
    assert not any(code == "DUPLICATE_ROW" for _, code, *_ in said)


def test_lines_and_visits(tmp_path):
    lines = [
        {"patient_id": "P01", "line": 1, "start_date": DURING, "stop_date": START, "stop_reason": "pd"},
        {"patient_id": "P01", "line": 1, "start_date": AFTER, "stop_date": None, "stop_reason": None},
    ]
    visits = [{"patient_id": "P01", "date": AFTER, "response": "CR"}]
    said = found(tmp_path, minimal_patients(2), treatments=lines, assessments=visits)
    assert said == {
        ("error", "DATE_ORDER", "treatments", "D2", "P01"),
        ("warning", "AFTER_LAST_CONTACT", "treatments", "C3", "P01"),
        ("warning", "AFTER_LAST_CONTACT", "assessments", "B2", "P01"),
    }


def test_toxicities_of_a_patient_not_assessed(tmp_path):
    rows = minimal_patients(2, toxicity_assessed=["no", "yes"])
    assert ("warning", "STATUS_CONFLICT", "patients", "E2", "P01") in found(tmp_path, rows, toxicities=[TOX])


def test_a_given_duration_must_not_be_negative(tmp_path):
    settings = Settings(endpoint=(EndpointRule("ttr", time="rectime", event="status"),))
    rows = [{"patient_id": "a", "rectime": -1, "status": 1}, {"patient_id": "b", "rectime": 5, "status": 0}]
    issue, coding = issues_of(tmp_path, rows, settings)
    assert (coding.severity, coding.code) == ("note", "EVENT_VALUES")
    assert (issue.severity, issue.code, issue.cell) == ("error", "NEGATIVE_DURATION", "B2")


def test_sound_data_pass_without_a_word(tmp_path):
    rows = minimal_patients(
        3, sex=["F", "M", None], birth_date=date(2000, 1, 1), diagnosis_date=BEFORE, best_response=["CR", "SD", "NE"],
        response_date=[DURING, None, None], treatment_stop=[DURING, None, None],
        stop_reason=["completed", "ongoing", None], relapse_date=[date(2016, 1, 1), None, None],
    )  # fmt: skip
    rows[0] |= {"vital_status": "dead", "death_date": rows[0]["last_contact"]}
    assert found(tmp_path, rows, toxicities=[TOX]) == set()


def test_every_rule_is_listed_once_and_all_problems_are_told_together(tmp_path):
    assert len(set(CHECKS)) == len(CHECKS) >= 12
    rows = one(vital_status="lost", relapse_date="01/02/2016", sex="x")
    path = write_workbook(tmp_path / "a.xlsx", patients=rows, toxicities=[TOX | {"grade": 9}])
    with pytest.raises(DataRefused) as caught:
        load_cohort(path)
    assert {issue.code for issue in caught.value.issues} == {
        "UNKNOWN_VALUE", "AMBIGUOUS_DATE", "GRADE_INVALID",
    }  # fmt: skip
    severities = [issue.severity for issue in caught.value.issues]
    assert severities == sorted(severities)


def test_no_issue_quotes_a_value(tmp_path):
    secret = "Zanzibar"
    rows = one(vital_status=secret, relapse_date=secret, age_at_start=secret, sex=secret, site=secret * 300)
    for issue in issues_of(tmp_path, rows, toxicities=[TOX | {"grade": secret, "attribution": secret}]):
        assert secret not in f"{issue.problem} {issue.hint}"


VISIT = {"patient_id": "P01", "date": DURING, "response": "PR"}


@pytest.mark.parametrize(
    "stated, visits, found_it",
    [
        ("CR", [VISIT], True),
        ("SD", [VISIT], True),
        ("PR", [VISIT, VISIT | {"date": date(2015, 8, 1), "response": "SD"}], False),
        ("PR", [VISIT, VISIT | {"date": BEFORE, "response": "CR"}], False),
        ("PR", [VISIT, VISIT | {"date": date(2017, 1, 1), "response": "CR"}], False),
        ("PR", [VISIT, VISIT | {"date": date(2015, 8, 1), "response": "NE"}], False),
        ("NE", [VISIT], False),
        ("CR", [], False),
    ],
)
def test_the_best_response_fits_the_assessments(tmp_path, stated, visits, found_it):
    rows = one(relapse_date=date(2016, 6, 1), best_response=stated)
    said = found(tmp_path, rows, assessments=visits or [VISIT | {"patient_id": "P02"}])
    assert (("warning", "RESPONSE_CONFLICT", "patients", "F2", "P01") in said) is found_it


def test_nothing_comes_after_death(tmp_path):
    rows = one(vital_status="dead", death_date=DURING, last_contact=DURING, relapse_date=date(2015, 7, 1),
               treatment_stop=date(2015, 6, 2))  # fmt: skip
    later = date(2015, 7, 1)
    said = found(
        tmp_path, rows, toxicities=[TOX | {"onset_date": later, "resolved_date": later}],
        treatments=[{"patient_id": "P01", "line": 1, "start_date": later}], assessments=[VISIT | {"date": later}],
    )  # fmt: skip
    assert said == {
        ("error", "DATE_ORDER", "patients", "F2", "P01"), ("warning", "DATE_ORDER", "patients", "G2", "P01"),
        ("error", "DATE_ORDER", "toxicities", "D2", "P01"), ("warning", "DATE_ORDER", "toxicities", "E2", "P01"),
        ("error", "DATE_ORDER", "treatments", "C2", "P01"), ("error", "DATE_ORDER", "assessments", "B2", "P01"),
        ("warning", "NEVER_ASSESSED", "patients", "A3", "P02"),
    }  # fmt: skip


def test_toxicity_long_after_the_end_of_treatment_is_noted(tmp_path):
    rows = one(treatment_stop=date(2015, 3, 1))
    assert ("note", "AFTER_TREATMENT", "toxicities", "D2", "P01") in found(tmp_path, rows, toxicities=[TOX])
    soon = TOX | {"onset_date": date(2015, 3, 31)}
    unrelated = TOX | {"attribution": "unrelated"}
    assert found(tmp_path, rows, toxicities=[soon]) == found(tmp_path, rows, toxicities=[unrelated]) == set()


def test_no_patient_was_seen_in_the_future(tmp_path):
    tomorrow = date.today() + timedelta(days=2)
    for column in ("relapse_date", "treatment_stop", "death_date"):
        assert ("error", "DATE_RANGE", "patients") in {
            w[:3] for w in found(tmp_path, one(**{column: tomorrow}))
        }
    planned = VISIT | {"date": tomorrow}
    assert ("warning", "DATE_RANGE", "assessments", "B2", "P01") in found(
        tmp_path, one(), assessments=[planned]
    )
    assert ("warning", "DATE_RANGE", "patients", "E2", "P01") in found(tmp_path, one(next_visit=tomorrow))
    assert ("error", "DATE_RANGE", "patients", "C2", "P01") in found(tmp_path, one(last_contact=tomorrow))
    assert found(tmp_path, one(last_contact=date.today())) == set()


@pytest.mark.parametrize(
    "columns, cell", [({"age_at_start": 90}, "E2"), ({"birth_date": date(1920, 1, 1)}, "E2")]
)
def test_an_age_above_89_is_noted(tmp_path, columns, cell):
    assert ("note", "AGE_OVER_89", "patients", cell, "P01") in found(tmp_path, one(**columns))
    assert found(tmp_path, one(age_at_start=89)) == set()


DICTIONARY = [
    {"column": "score", "min": 0, "max": "10"},
    {"column": "birth_date", "min": date(1990, 1, 1), "max": None},
    {"column": "grade", "table": "toxicities", "min": 1, "max": 3},
    {"column": "tumour_size", "table": "assessments", "min": "n/a", "max": 300},
]


def test_values_outside_the_ranges_of_the_dictionary(tmp_path):
    rows = one(score=11, birth_date=date(1980, 1, 1))
    rows[1] |= {"score": 10, "birth_date": date(1990, 1, 1)}
    sizes = [VISIT | {"tumour_size": 301}, VISIT | {"date": AFTER, "tumour_size": 3000}]
    said = found(tmp_path, rows, toxicities=[TOX | {"grade": 4}], assessments=sizes, dictionary=DICTIONARY)
    assert {(c, s, p) for _, c, s, p, _ in said if c == "VALUE_RANGE"} == {
        ("VALUE_RANGE", "patients", "E2"), ("VALUE_RANGE", "patients", "F2"), ("VALUE_RANGE", "toxicities", "C2"),
        ("VALUE_RANGE", "assessments", "D2"), ("VALUE_RANGE", "assessments", "D3"),
    }  # fmt: skip


def test_a_range_that_is_none_is_an_error_in_the_dictionary(tmp_path):
    said = found(tmp_path, one(score=1), dictionary=[{"column": "score", "min": "low"}])
    assert ("error", "UNKNOWN_VALUE", "dictionary", "B2", None) in said


@pytest.mark.parametrize("severity, sheet, row, cell", [
    ("warning", "treatments", {"patient_id": "P01", "line": 0}, "B2"),
    ("error", "assessments", VISIT | {"tumour_size": -1}, "D2"),
])  # fmt: skip
def test_impossible_numbers(tmp_path, severity, sheet, row, cell):
    """What a report would count with is an error."""
    assert (severity, "VALUE_RANGE", sheet, cell, "P01") in found(
        tmp_path, minimal_patients(1), **{sheet: [row]}
    )


def test_who_has_no_group_is_asked_for(tmp_path):
    rows = minimal_patients(4, arm=["A", "B", None, "B"])
    issues = issues_of(tmp_path, rows, Settings(group="arm"))
    asked = [issue for issue in issues if issue.code == "GROUP_MISSING"]
    assert [(issue.severity, issue.patient) for issue in asked] == [("warning", "P03")]
    assert asked[0].problem == "The patient has no arm, by which groups are compared, and is in none of them"
    assert not [issue for issue in issues_of(tmp_path, rows) if issue.code == "GROUP_MISSING"]


@pytest.mark.parametrize(("arm", "severity"), [("A", "note"), (None, "warning")])
def test_groups_of_one_level_or_of_none_are_no_comparison_and_that_is_said(tmp_path, arm, severity):
    rows = [row | {"arm": arm} for row in minimal_patients(3)]
    asked = [
        issue for issue in issues_of(tmp_path, rows, Settings(group="arm")) if issue.code == "GROUP_MISSING"
    ]
    assert [issue.severity for issue in asked] == [severity]
