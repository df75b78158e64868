"""Cells that can be read, and may mean something else: each is asked about where it stands, and nothing else is."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from reportgen.cohort.checks.units import few_of
from reportgen.cohort.load import check_cohort, load_cohort, read_source
from reportgen.cohort.mapping.endpoint_names import kinds_named
from reportgen.settings.model import EndpointRule, Settings, Source
from tests.workbooks import minimal_patients, write_workbook

CODES = {"ENDPOINT_MEANING", "GIVEN_TIME_DIFFERS", "SAME_PATIENT", "RELAPSE_AT_START", "UNIT_DOUBTFUL", "TERM_DENIES",
         "DECIMAL_POINT", "SUSPICIOUS_ID", "STATUS_CONFLICT", "ID_PRECISION", "DATE_UNKNOWN"}  # fmt: skip


def asked(path, settings=None, **sheets):
    """(code, sheet, cell) of what this page is about."""
    source = write_workbook(path / "a.xlsx", **sheets) if sheets else path
    issues = check_cohort(read_source(source), settings or Settings())[1]
    return [(i.code, i.sheet, i.cell) for i in issues if i.code in CODES]


def given(key, label="", time="t", event="e", **more):
    return Settings(endpoint=(EndpointRule(key, label, time=time, event=event, **more),))


def with_given(n=8, days=1000.0, events=0, **names):
    rows = minimal_patients(n, death_date=None, relapse_date=None)
    for row in rows:
        row |= {names.get("time", "t"): days, names.get("event", "e"): events}
    return rows


@pytest.mark.parametrize(
    ("key", "label", "time", "event", "contradicts"),
    [
        ("os", "Overall survival", "pfs_months", "e", True),
        ("x", "Overall survival", "t", "relapse", True),
        ("x", "Progression-free survival", "os_months", "e", True),
        ("x", "Time to relapse", "t", "death", True),
        ("x", "Survival after relapse", "os_months", "death", False),
        ("x", "Progression-free survival", "pfs_months", "progressed", False),
        ("x", "Time to treatment failure", "os_months", "e", False),
        ("x", "Overall survival", "months", "status", False),
        ("x", "Time to relapse", "pfs_time", "relapse", False),
    ],
)
def test_a_label_that_means_another_endpoint_than_its_columns(tmp_path, key, label, time, event, contradicts):
    rows = with_given(time=time, event=event, events=0)
    found = asked(tmp_path, given(key, label, time, event, unit="days"), patients=rows)
    assert [code for code, _, _ in found if code == "ENDPOINT_MEANING"] == ["ENDPOINT_MEANING"] * contradicts


def test_dates_of_a_label_that_means_another_endpoint(tmp_path):
    rows = with_given()
    for events, label, contradicts in (
        (("relapse_date",), "Overall survival", True),
        (("death_date",), "Relapse-free survival", True),
        (("relapse_date", "death_date"), "Relapse-free survival", False),
        (("relapse_date", "death_date"), "Time to relapse", True),
        (("death_date",), "Survival after relapse", False),
        (("death_date",), "Non-relapse mortality", False),
    ):
        settings = Settings(endpoint=(EndpointRule("x", label, events=events),))
        found = asked(tmp_path, settings, patients=rows)
        assert ("ENDPOINT_MEANING" in [code for code, _, _ in found]) == contradicts, (events, label)


def test_a_survival_free_of_something_that_no_death_ends_is_asked_about(tmp_path):
    rows = with_given()
    rows[1] |= {"vital_status": "dead", "death_date": rows[1]["last_contact"]}
    rows[2] |= {"relapse_date": rows[2]["last_contact"]}
    for events, label, doubtful in (
        (("relapse_date",), "Disease-free survival", True),
        (("relapse_date", "death_date"), "Disease-free survival", False),
        (("relapse_date",), "Time to relapse", False),
    ):
        settings = Settings(endpoint=(EndpointRule("dfs", label, events=events),))
        found = [code for code, _, _ in asked(tmp_path, settings, patients=rows)]
        assert found == ["ENDPOINT_MEANING"] * doubtful, (events, label)


def test_words_of_endpoints():
    assert kinds_named("") == kinds_named("status") == kinds_named("time to next treatment") == frozenset()
    assert kinds_named("Gesamtüberleben") == kinds_named("OS_STATUS") == {"death"}
    assert kinds_named("Rezidivfreies Überleben") >= {"death", "relapse"}


def test_a_given_survival_contradicts_the_vital_status(tmp_path):
    rows = with_given()
    rows[0] |= {"e": 1}
    rows[1] |= {"vital_status": "dead", "death_date": rows[1]["last_contact"]}
    found = asked(tmp_path, given("os"), patients=rows)
    column = "ABCDEFGHIJ"[list(rows[0]).index("e")]
    assert found == [
        ("STATUS_CONFLICT", "patients", f"{column}2"),
        ("STATUS_CONFLICT", "patients", f"{column}3"),
    ]
    assert asked(tmp_path, given("efs", "Event-free survival"), patients=rows) == []


def test_a_given_time_that_the_dates_contradict(tmp_path):
    rows = with_given(days=1000 / 30.4375)
    rows[2]["t"] = 12.0
    column = "ABCDEFGHIJ"[list(rows[0]).index("t")]
    settings = given("os", unit="months", event_values=(1,), censor_values=(0,))
    assert asked(tmp_path, settings, patients=rows) == [("GIVEN_TIME_DIFFERS", "patients", f"{column}4")]
    rows[2]["t"] = round(1000 / 30, 1)  # months of 30 days
    assert asked(tmp_path, settings, patients=rows) == []
    for row in rows:
        row["t"] = 60.0  # from the diagnosis on: one question, not eight
    assert asked(tmp_path, settings, patients=rows) == [("GIVEN_TIME_DIFFERS", "patients", f"{column}2")]


def test_a_given_time_without_event_may_end_before_the_last_contact(tmp_path):
    rows = with_given(days=400.0)
    assert asked(tmp_path, given("pfs"), patients=rows) == []
    rows[0] |= {"e": 1, "relapse_date": rows[0]["treatment_start"] + timedelta(days=200)}
    column = "ABCDEFGHIJ"[list(rows[0]).index("t")]
    assert asked(tmp_path, given("pfs"), patients=rows) == [("GIVEN_TIME_DIFFERS", "patients", f"{column}2")]


def test_two_ids_with_one_birth_date_and_start(tmp_path):
    rows = minimal_patients(6, birth_date=[date(1950, 3, k + 2) for k in range(6)], sex="f")
    rows[4] |= {key: rows[1][key] for key in ("birth_date", "treatment_start")}
    assert asked(tmp_path, patients=rows) == [("SAME_PATIENT", "patients", cell) for cell in ("A3", "A6")]
    rows[4]["sex"] = "m"
    assert asked(tmp_path, patients=rows) == []
    for k, row in enumerate(rows):
        row |= {
            "sex": "f",
            "birth_date": date(1950 + k // 2, 1, 1),
            "treatment_start": rows[0]["treatment_start"],
        }
    assert asked(tmp_path, patients=rows) == []  # of the birth only the year is known


def test_a_relapse_on_the_day_of_the_start(tmp_path):
    rows = minimal_patients(3, relapse_date=None)
    rows[1]["relapse_date"] = rows[1]["treatment_start"]
    rows[2]["relapse_date"] = rows[2]["treatment_start"] + timedelta(days=1)
    assert asked(tmp_path, patients=rows) == [("RELAPSE_AT_START", "patients", "E3")]


HEIGHTS = [171.0, 165, 182, 158, 177, 169, 190, 173, 168, 181, 175, 159]


@pytest.mark.parametrize(
    ("values", "factor", "few"),
    [
        ([*HEIGHTS, 1.71, 1.65], 100, 2),
        ([*(h / 13 for h in HEIGHTS), 131.0], 10, 1),
        (HEIGHTS, 0, 0),
        ([1.0, 1, 1, 2, 2, 2, 3, 3, 3, 1, 20], 0, 0),  # counts of metastases
        ([0.4, 0.5, 0.6, 0.7, 0.9, 1.0, 1.2, 0.8, 0.5, 8.0], 0, 0),  # a bilirubin of the jaundiced
        (list(np.geomspace(1, 3000, 30)), 0, 0),
        ([*HEIGHTS[:6], 1.7], 0, 0),
        ([*HEIGHTS, 30.0], 0, 0),
    ],
)
def test_a_few_numbers_in_another_unit(values, factor, few):
    found, mask = few_of(pd.Series(values))
    assert (round(found), int(mask.sum())) == (factor, few)


def test_units_are_asked_about_at_their_cells(tmp_path):
    rows = minimal_patients(12, height=HEIGHTS)
    rows[3]["height"] = 1.58
    assert asked(tmp_path, patients=rows) == [("UNIT_DOUBTFUL", "patients", "E5")]
    start = rows[0]["treatment_start"]
    sizes = [{"patient_id": "P01", "date": start + timedelta(days=60 * k), "response": "SD", "tumour_size": size}
             for k, size in enumerate((50, 48, 4.7, 46, 44))]  # fmt: skip
    rows[3]["height"] = 158
    assert asked(tmp_path, patients=rows, assessments=sizes) == [("UNIT_DOUBTFUL", "assessments", "D4")]
    for row, size in zip(sizes, (50, 20, 5, 4, 4), strict=True):
        row["tumour_size"] = size  # a response is no unit
    assert asked(tmp_path, patients=rows, assessments=sizes) == []


TERMS = ("None", "no adverse events", "Denies pain", "keine Nebenwirkungen", "Diarrhoea: no", "NAD")
NAMED = (
    "Nausea",
    "No appetite",
    "Non-cardiac chest pain",
    "Nodule",
    "Pain, not otherwise specified",
    "Noise in the ear",
)


def test_terms_that_say_there_was_none_are_no_toxicities(tmp_path):
    rows = minimal_patients(3)
    toxicities = [
        {"patient_id": "P01", "term": term, "grade": 0 if term == "None" else 1} for term in (*TERMS, *NAMED)
    ]
    path = write_workbook(tmp_path / "a.xlsx", patients=rows, toxicities=toxicities)
    cohort = load_cohort(path)
    assert cohort.toxicities is not None
    assert list(cohort.toxicities.frame["term"]) == list(NAMED)
    said = [i for i in cohort.issues if i.code == "TERM_DENIES"]
    assert [(i.severity, i.cell, i.patient) for i in said] == [
        ("warning", f"B{k}", "P01") for k in range(2, 8)
    ]


def test_a_term_that_may_deny_one_counts_and_is_asked_about(tmp_path):
    toxicities = [{"patient_id": "P01", "term": "no rash", "grade": 1}]
    path = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(3), toxicities=toxicities)
    cohort = load_cohort(path)
    assert cohort.toxicities is not None and len(cohort.toxicities) == 1
    assert [(i.code, i.cell) for i in cohort.issues if i.code == "TERM_DENIES"] == [("TERM_DENIES", "B2")]


def numbers(tmp_path, text, settings=None):
    (tmp_path / "a.csv").write_text(text)
    book = read_source(tmp_path / "a.csv")
    cohort, issues = check_cohort(book, settings or Settings())
    assert cohort is not None
    values = cohort.patients.frame["platelets"].tolist()
    return values, [i.cell for i in issues if i.code == "DECIMAL_POINT"]


HEAD = "patient_id;treatment_start;last_contact;vital_status;platelets;dose\n"


def lines(values, dose):
    return HEAD + "".join(
        f"P{k};2020-01-{k + 1:02};2021-01-05;alive;{value};{dose}\n" for k, value in enumerate(values)
    )


def test_a_point_that_may_part_thousands_is_asked_about(tmp_path):
    values, cells = numbers(tmp_path, lines(["850", "1.200", "930", "760"], "2"))
    assert cells == ["E3"] and np.isnan(values[1]) and values[0] == 850
    _, cells = numbers(tmp_path, lines(["1.850", "1.200", "1.930", "2.760"], "2,5"))
    assert cells == ["E2", "E3", "E4", "E5"]
    for decimal, read in ((",", 1200.0), (".", 1.2)):
        told = Settings(source=Source(decimal=decimal))
        values, cells = numbers(tmp_path, lines(["850", "1.200", "930", "760"], "2"), told)
        assert (values[1], cells) == (read, [])


@pytest.mark.parametrize(
    "values", [["1.234", "2.500", "0.125"], ["1.234", "2.5", "3"], ["2.125", "1.375", "3.250"]]
)
def test_a_point_that_parts_decimals_is_read(tmp_path, values):
    assert numbers(tmp_path, lines(values, "2")) == ([float(value) for value in values], [])


@pytest.mark.parametrize(
    ("shown", "code"),
    [("1E+05", "ID_PRECISION"), ("1.2e+05", "ID_PRECISION"), ("3-Mar", "SUSPICIOUS_ID"), ("Mar-19", "SUSPICIOUS_ID"),
     ("03. Mrz", "SUSPICIOUS_ID"), ("2019-03-01", "SUSPICIOUS_ID"), ("1.3.2019", "SUSPICIOUS_ID"), ("1E5", None),
     ("MAR-19-A", None), ("3-M", None), ("12-345", None)],
)  # fmt: skip
def test_ids_that_a_spreadsheet_changed(tmp_path, shown, code):
    rows = minimal_patients(4, patient_id=["3-101", "3-102", shown, "3-104"])
    assert asked(tmp_path, patients=rows) == ([(code, "patients", "A4")] if code else [])


def test_ids_that_are_all_of_one_form_are_ids(tmp_path):
    rows = minimal_patients(4, patient_id=["MAR-01", "APR-02", "MAY-03", "JUN-04"])
    assert asked(tmp_path, patients=rows) == []


@pytest.mark.parametrize(("said", "doubtful"), [("unknown", True), ("UNK", True), ("?", True), ("yes", True),
                                                ("none", False), ("-", False), ("n/a", False)])  # fmt: skip
def test_a_date_that_is_not_known_is_not_taken_for_none_without_a_word(tmp_path, said, doubtful):
    rows = minimal_patients(3, relapse_date=None, treatment_stop=None)
    rows[1] |= {"relapse_date": said, "treatment_stop": said}
    found = [found for found in asked(tmp_path, patients=rows) if found[0] == "DATE_UNKNOWN"]
    assert found == [("DATE_UNKNOWN", "patients", cell) for cell in ("E3", "F3")] * doubtful


def test_none_in_place_of_an_end_of_treatment_is_asked_about(tmp_path):
    rows = minimal_patients(4, treatment_stop=["None", None, "unknown", date(2016, 1, 1)])
    found = [found for found in asked(tmp_path, patients=rows) if found[0] == "DATE_UNKNOWN"]
    assert sorted(cell for _, _, cell in found) == ["E2", "E4"]
