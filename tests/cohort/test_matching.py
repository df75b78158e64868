"""Columns by name, dictionary, settings and synonyms; two candidates are an error."""

from datetime import date

import pytest

from reportgen.base.errors import DataRefused, UsageError
from reportgen.cohort.load import check_cohort, load_cohort, read_source
from reportgen.cohort.mapping.matching import match_columns
from reportgen.cohort.raw import from_grid
from reportgen.settings.model import Settings
from tests.workbooks import minimal_patients, write_workbook


def book(tmp_path, **sheets):
    return write_workbook(tmp_path / "a.xlsx", **sheets)


def renamed(rows, **names):
    return [{names.get(key, key): value for key, value in row.items()} for row in rows]


def refused(path, **options):
    with pytest.raises(DataRefused) as caught:
        load_cohort(path, **options)
    return {issue.code: issue for issue in caught.value.issues if issue.severity == "error"}


def how(cohort):
    return {match.column: (match.how, match.header, match.cell) for match in cohort.matches}


def test_what_the_settings_name_needs_no_synonym(tmp_path):
    rows = minimal_patients(
        2, best_response="CR", best_response_date=date(2016, 1, 1), seen_first=date(2015, 9, 1)
    )
    path = write_workbook(tmp_path / "c.xlsx", patients=rows)
    (tmp_path / "report.toml").write_text('[columns.patients]\nresponse_date = "seen_first"\n')
    how = {match.header: (match.column, match.how) for match in load_cohort(path).matches}
    assert how["seen_first"] == ("response_date", "settings") and how["best_response_date"][1] == "feature"


def test_names_are_compared_without_case_blanks_and_punctuation(tmp_path):
    rows = renamed(minimal_patients(2), patient_id=" Patient ID ", treatment_start="Treatment-Start")
    cohort = load_cohort(book(tmp_path, patients=rows))
    assert how(cohort)["patient_id"] == ("name", "Patient ID", "A1")
    assert how(cohort)["treatment_start"] == ("name", "Treatment-Start", "B1")


def test_each_way_of_matching_is_recorded(tmp_path):
    rows = renamed(minimal_patients(2, sex="F", site="lung", redcap_survey_identifier="x"),
                   patient_id="Subject", last_contact="seen", treatment_start="began")  # fmt: skip
    path = book(
        tmp_path,
        patients=rows,
        dictionary=[{"column": "seen", "role": "last_contact"}, {"column": "site", "label": "Tumour site"}],
    )
    (tmp_path / "report.toml").write_text('[columns.patients]\ntreatment_start = "began"\n')
    cohort = load_cohort(path)
    ways = {name: way for name, (way, _, _) in how(cohort).items()}
    assert ways == {
        "patient_id": "synonym", "treatment_start": "settings", "last_contact": "dictionary",
        "vital_status": "name", "sex": "name", "site": "feature", "redcap_survey_identifier": "ignored",
    }  # fmt: skip
    assert cohort.labels["site"] == "Tumour site"


def test_two_candidates_for_one_column_are_an_error_and_not_a_guess(tmp_path):
    path = book(tmp_path, patients=minimal_patients(2, sex="F", gender="F"))
    issue = refused(path)["AMBIGUOUS_COLUMN"]
    assert (issue.cell, "sex and gender may both be sex" in issue.problem) == ("F1", True)


def test_the_dictionary_settles_two_candidates(tmp_path):
    path = book(tmp_path, patients=minimal_patients(2, sex="F", gender="woman"),
                dictionary=[{"column": "gender", "role": "ignore"}])  # fmt: skip
    assert load_cohort(path).patients.frame["sex"].tolist() == ["female", "female"]


def test_two_columns_of_one_name_are_an_error(tmp_path):
    path = book(tmp_path, patients=minimal_patients(2, site="a", Site="b"))
    assert refused(path)["DUPLICATE_COLUMN"].cell == "F1"


def test_columns_of_one_name_are_one_question_with_the_line_that_leaves_them_out(tmp_path):
    head = ["patient_id", "treatment_start", "last_contact", "x", "x", "X", "y", "y"]
    rows = [[f"P{k}", date(2016, 1, k), date(2019, 1, k), *"aaabb"] for k in (1, 2)]
    path = book(tmp_path, patients=[head, *rows])
    issue = refused(path)["DUPLICATE_COLUMN"]
    assert (issue.cell, issue.cells) == ("E1", ("E1", "F1", "H1"))
    assert "x (3), y (2)" in str(issue.problem)
    line = 'exclude = ["x", "y"]'
    assert line in str(issue.hint)
    (tmp_path / "report.toml").write_text(f"[features]\n{line}\n")
    assert "x" not in load_cohort(path).features


def test_two_columns_of_a_known_name_are_never_left_out(tmp_path):
    head = ["patient_id", "treatment_start", "last_contact", "last_contact", "age", "Age", "x", "x"]
    rows = [[f"P{k}", date(2016, 1, k), date(2019, 1, k), date(2020, 1, k), 50, 60, 1, 2] for k in (1, 2)]
    path = book(tmp_path, patients=[head, *rows])
    hint = str(refused(path)["DUPLICATE_COLUMN"].hint)
    assert "but the one of last_contact, age" in hint and 'exclude = ["x"]' in hint
    assert "as age_at_start under [columns.patients]" in hint
    (tmp_path / "report.toml").write_text('[features]\nexclude = ["last_contact", "age", "x"]\n')
    issue = refused(path)["DUPLICATE_COLUMN"]
    assert issue.cells == ("D1", "F1") and "exclude" not in str(issue.hint)
    (tmp_path / "report.toml").write_text('[features]\nexclude = ["x"]\n')
    assert refused(path)["DUPLICATE_COLUMN"].cells == ("D1", "F1")


def test_missing_columns_are_all_named(tmp_path):
    path = book(tmp_path, patients=[{"patient_id": "P1", "site": "x"}])
    with pytest.raises(DataRefused) as caught:
        load_cohort(path)
    missing = [issue.problem for issue in caught.value.issues if issue.code == "MISSING_COLUMN"]
    assert missing == ["The column treatment_start is missing", "The column last_contact is missing"]


def test_a_setting_that_names_no_column_is_an_error(tmp_path):
    path = book(tmp_path, patients=minimal_patients(2))
    (tmp_path / "report.toml").write_text('[columns.patients]\nsex = "Geschlecht"\n')
    assert "'Geschlecht'" in refused(path)["MISSING_COLUMN"].problem


@pytest.mark.parametrize(
    "text, says",
    [
        ('[tables]\npatient = "x"', "unknown table tables.patient; did you mean 'patients'?"),
        ('[columns.patients]\nrelapsedate = "x"', "did you mean 'relapse_date'?"),
        (
            '[values.vital_status]\ndeath = "x"',
            "unknown value values.vital_status.death; did you mean 'dead'?",
        ),
    ],
)
def test_settings_that_name_no_part_of_the_vocabulary_are_mistakes(tmp_path, text, says):
    path = book(tmp_path, patients=minimal_patients(2))
    (tmp_path / "report.toml").write_text(text)
    with pytest.raises(UsageError, match=None) as caught:
        load_cohort(path)
    assert says in str(caught.value)


def test_a_single_sheet_of_any_name_holds_the_patients(tmp_path):
    cohort = load_cohort(
        book(tmp_path, Sheet1=minimal_patients(2), dictionary=[{"column": "x", "label": "X"}])
    )
    assert (cohort.n, cohort.patients.sheet) == (2, "Sheet1")


def test_sheets_by_synonym_by_setting_and_twice(tmp_path):
    rows = minimal_patients(2)
    tox = [{"patient_id": "P01", "term": "Nausea"}]
    cohort = load_cohort(book(tmp_path, patients=rows, **{"Adverse Events": tox}))
    assert cohort.toxicities.sheet == "Adverse Events"
    path = book(tmp_path, patients=rows, toxicities=tox, adverse_events=tox)
    assert "AMBIGUOUS_SHEET" in refused(path)
    cohort = load_cohort(path, overrides={"tables.toxicities": "adverse_events"})
    assert cohort.toxicities.sheet == "adverse_events"
    assert "MISSING_SHEET" in refused(path, overrides={"tables.toxicities": "tox"})


def test_no_sheet_of_patients(tmp_path):
    assert "MISSING_SHEET" in refused(book(tmp_path, a=minimal_patients(1), b=minimal_patients(1)))


def test_a_title_above_the_header_does_no_harm(tmp_path):
    rows = [["Our cohort"], [], ["patient_id", "treatment_start", "last_contact"]]
    rows += [[row["patient_id"], row["treatment_start"], row["last_contact"]] for row in minimal_patients(2)]
    cohort = load_cohort(book(tmp_path, patients=rows))
    assert cohort.patients.frame.index.tolist() == [4, 5]
    assert cohort.patients.address(5, "last_contact") == "C5"


def test_a_nameless_column_is_said(tmp_path):
    rows = [["patient_id", "treatment_start", "last_contact", None]]
    rows += [[r["patient_id"], r["treatment_start"], r["last_contact"], "x"] for r in minimal_patients(1)]
    (issue,) = [i for i in load_cohort(book(tmp_path, patients=rows)).issues if i.code == "UNNAMED_COLUMN"]
    assert issue.cell == "D1"


def test_elapsed_times_in_days_and_months(tmp_path):
    rows = [
        {"patient_id": "a", "birth_days": -3652.5, "relapse_months": 2, "last_contact_days": 100},
        {"patient_id": "b", "birth_days": -7305, "relapse_months": None, "last_contact_days": 200},
    ]
    tox = [{"patient_id": "a", "term": "Nausea", "onset_days": 5}]
    cohort = load_cohort(
        book(tmp_path, patients=rows, toxicities=tox, assessments=[{"patient_id": "b", "days": 7}])
    )
    days = cohort.patients.days
    assert days["relapse_date"].iloc[0] == 2 * 30.4375
    assert days["treatment_start"].tolist() == [0, 0]
    assert cohort.patients.frame["last_contact"].isna().all()
    assert cohort.patients.frame["age_at_start"].tolist() == [10, 20]
    assert cohort.toxicities.days["onset_date"].tolist() == [5]
    assert cohort.assessments.days["date"].tolist() == [7]
    assert (cohort.cutoff, cohort.cutoff_given) == (None, False)


def test_a_wrong_dictionary_is_said_with_its_cell(tmp_path):
    path = book(tmp_path, patients=minimal_patients(2, site="x"),
                dictionary=[{"column": "site", "type": "thing", "role": "featur"}])  # fmt: skip
    _, issues = check_cohort(read_source(path), Settings())
    wrong = {issue.cell: issue.hint for issue in issues if issue.code == "UNKNOWN_VALUE"}
    assert set(wrong) == {"B2", "C2"}
    assert "did you mean 'feature'?" in wrong["C2"]


def test_groups_of_age_are_a_feature_and_no_age(tmp_path):
    rows = [
        ["patient_id", "age", "time_os"],
        *([f"P{n}", age, n] for n, age in enumerate(["<=20", "20-40", ">40", None])),
    ]
    headers, issues = match_columns("patients", from_grid("s", rows), Settings(), {})
    assert [(header.name, header.how) for header in headers][1] == ("age", "feature")
    assert [issue.code for issue in issues if issue.cell == "B1"] == ["AGE_GROUPS"]
    rows[1][1] = 19
    headers, _ = match_columns("patients", from_grid("s", rows), Settings(), {})
    assert headers[1].name == "age_at_start"
