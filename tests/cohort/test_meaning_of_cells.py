"""Cells mean what they say: numbers stay numbers, words among them are questions, dates are read or located."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.clean.dates import order_of
from reportgen.cohort.clean.kind_of_column import infer
from reportgen.cohort.clean.numeric_columns import missing_codes
from reportgen.cohort.load import check_tables, load_cohort, read_source
from reportgen.cohort.mapping.source_settings import settings_for
from tests.workbooks import minimal_patients, write_workbook

CASES = Path(__file__).parents[1] / "cases"


def said(cohort_or_issues, code):
    issues = getattr(cohort_or_issues, "issues", cohort_or_issues)
    return [issue for issue in issues if issue.code == code]


def cells_of(cohort_or_issues, code):
    return [issue.cell for issue in said(cohort_or_issues, code)]


def feature(cohort, name):
    return next(feature for feature in cohort.features if feature.name == name)


def refused(source, **given):
    with pytest.raises(DataRefused) as caught:
        load_cohort(source, **given)
    return caught.value.issues


def with_lines(tmp_path, source, text):
    config = tmp_path / "report.toml"
    config.write_text(text, encoding="utf-8")
    return load_cohort(source, config=config)


def csv_file(tmp_path, header, rows):
    path = tmp_path / "c.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["c.xlsx", "c.csv"])
def test_one_word_among_numbers_is_a_question_about_its_cell(name):
    cohort = load_cohort(CASES / "number_with_word" / name)
    frame = cohort.patients.frame
    for column in ("ldh", "crp", "psa"):
        assert feature(cohort, column).kind == "number"
        assert frame[column].notna().sum() == 39
    assert cells_of(cohort, "BAD_NUMBER") == ["J9", "K11", "L13"]
    assert {issue.severity for issue in said(cohort, "BAD_NUMBER")} == {"warning"}
    assert not said(cohort, "COLUMN_NOT_USED")


def test_a_column_of_numbers_never_becomes_a_category_of_its_values():
    cohort = load_cohort(CASES / "number_becomes_category" / "c.xlsx")
    assert feature(cohort, "crp").kind == "number" and feature(cohort, "crp").levels == ()
    assert cohort.patients.frame["crp"].notna().sum() == 14
    assert cells_of(cohort, "BAD_NUMBER") == ["J6", "J14"]


def test_what_the_hint_says_helps():
    cohort = load_cohort(CASES / "hint_role_feature" / "c.xlsx")
    assert feature(cohort, "ldh").kind == "number" and cohort.patients.frame["ldh"].notna().sum() == 39
    assert cells_of(cohort, "BAD_NUMBER") == ["J9"]


@pytest.mark.parametrize(
    "words, kind",
    [
        (["<5", "~7", "5.2 cm", "12 months"], "number"),
        (["high", "low", "clotted", "3"], "text"),
        (["inf"], "number"),
        (["nan"], "number"),
    ],
)
def test_numbers_with_their_signs_and_units_are_numbers(words, kind):
    assert infer(pd.Series([11.0, 12.5, 13.0, 14.0, *words] if kind == "number" else [1.5, *words])) == kind


def test_formats_of_accountants_make_no_dates():
    cohort = load_cohort(CASES / "number_format_red" / "c.xlsx")
    assert cohort.patients.frame["ldh"].tolist() == [180.0 + 7 * k for k in range(12)]
    assert feature(cohort, "dose_mg").kind == feature(cohort, "ratio").kind == "number"


def test_missing_data_codes_of_redcap_are_missing_and_codes_in_band_are_asked_about():
    source = CASES / "redcap_missing_codes"
    cohort = load_cohort(source)
    frame = cohort.patients.frame
    assert frame["ldh"].dropna().tolist() == [210, 345, 288, 240, 199, 300]
    assert feature(cohort, "prior_surgery").kind == "yes/no"
    assert frame["prior_surgery"].isna().sum() == 2
    assert cells_of(cohort, "MISSING_CODE") == ["H3", "H7"]
    assert "missing = [-99]" in said(cohort, "MISSING_CODE")[0].hint
    assert [issue.cell for issue in said(cohort, "MISSING_WORD")] == ["G4", "H5"]


def test_the_question_about_a_code_can_be_answered_either_way(tmp_path):
    source = CASES / "redcap_missing_codes"
    told = with_lines(tmp_path, source, "[source]\nmissing = [-99, 999]\n")
    assert not said(told, "MISSING_CODE") and said(told, "TOLD_MISSING")
    assert told.patients.frame["ldh"].isna().sum() == 4
    here = with_lines(tmp_path, source, "[values.ldh]\nmissing = [-99, 999]\n")
    assert not said(here, "MISSING_CODE") and here.patients.frame["ldh"].isna().sum() == 4
    measured = with_lines(tmp_path, source, "[values.ldh]\n-99 = [-99]\n999 = [999]\n")
    assert not said(measured, "MISSING_CODE")
    assert measured.patients.frame["ldh"].max() == 999 and measured.patients.frame["ldh"].min() == -99


@pytest.mark.parametrize(
    "values, codes",
    [
        ([1, 2, 3, 4, -99], [-99]),
        ([210, 345, 999, 288, -99], [-99, 999]),
        ([12, 35, 40, 22, -1], [-1]),
        ([0, 1, 2, 1, -1], []),  # a score from -1 on
        ([3.1, 4, 5.5, 8.8, 2.9, -9, -9], [-9]),
        ([3.1, 4, 5.5, 8.8, 2.9, -1], [-1]),
        ([0, 1, 2, 1, -9], [-9]),
        ([0, 1, 1, 0, 9, 1], [9]),
        ([1, 2, 2, 1, 8, 9, 9], [8, 9]),
        ([0, 1, 1, 9, 99], [9, 99]),
        ([0, 1, 2, 9], []),  # a count
        ([1, 1, 1, 9], []),
        ([0, 1, 4, 9, 1], []),
        ([900, 950, 1200, 999], []),
        ([-5, -20, 3, 8, -99], []),
        ([61, 70, 88, 99], []),
        ([5, 12, 40, 99], []),
        ([1, 2, 3, 2, 99], [99]),
        ([500, 640, 720, 9999, 999, 999], [999, 9999]),
        ([-99, 999], []),  # nothing to compare with
    ],
)
def test_a_code_lies_far_outside_the_others(values, codes):
    assert list(missing_codes(pd.Series(values, dtype=float))) == codes


@pytest.mark.parametrize(
    "words, told, asked",
    [
        (["yes", "no", 9], "", ["E4"]),
        (["I", "II", "99"], "", ["E4"]),
        ([0, 1, 9], "", ["E4"]),
        ([0, 1, 9], "[values.stage]\n9 = [9]", []),
        (["I", "II", 9], "[values.stage]\n9 = ['9']", []),
        (["I", "II", 3], "", []),
        (["exon 9", "exon 11", 9, 7, 12], "", []),
        ([0, 1, 2, 9], "", ["E5"]),  # no stage is called so
        ([0, 1, 2, 7, 8, 9], "", ["E5"]),
        ([6, 7, 8, 9], "", []),  # a grade of Gleason's
    ],
)
def test_a_code_among_levels_is_asked_about(tmp_path, words, told, asked):
    rows = minimal_patients(4 * len(words), stage=words * 4)
    source = write_workbook(tmp_path / "c.xlsx", patients=rows)
    (tmp_path / "report.toml").write_text(told)
    cohort = load_cohort(source, config=tmp_path / "report.toml")
    assert cells_of(cohort, "MISSING_CODE")[:1] == asked
    kept = cohort.patients.frame["stage"].dropna().nunique()
    assert kept == len({*words} - ({7, 8, 9} if asked else set()) - {"99"})


@pytest.mark.parametrize("name", ["positive_nodes", "metastases", "t"])
def test_nine_of_what_can_be_counted_is_a_number(tmp_path, name):
    rows = minimal_patients(16, **{name: [0, 1, 2, 9] * 4})
    cohort = load_cohort(write_workbook(tmp_path / "c.xlsx", patients=rows))
    assert not said(cohort, "MISSING_CODE") and cohort.patients.frame[name].dropna().nunique() == 4


def test_a_range_in_the_dictionary_answers_too():
    values = pd.Series([210, 345, 999, 288], dtype=float)
    assert list(missing_codes(values, (0.0, 5000.0))) == []


def test_texts_that_differ_after_a_control_character_stay_two():
    cohort = load_cohort(CASES / "nul_conflates.xlsx")
    assert cohort.patients.frame["arm"].value_counts().to_dict() == {r"x\x00A": 20, r"x\x00B": 20}
    assert sum(issue.count for issue in said(cohort, "CONTROL_CHARACTER")) == 40
    assert said(cohort, "CONTROL_CHARACTER")[0].severity == "warning"


def test_a_time_just_before_midnight_stays_its_day():
    cohort = load_cohort(CASES / "before_midnight" / "c.xlsx")
    assert cohort.patients.frame["treatment_start"].dt.date.tolist()[:2] == [date(2019, 2, 4)] * 2
    assert [issue.cell for issue in said(cohort, "DATE_HAS_TIME")] == ["D2"]


def test_half_a_millisecond_before_midnight_too(tmp_path):
    import openpyxl

    book = openpyxl.load_workbook(CASES / "before_midnight" / "c.xlsx")
    cell = book["patients"]["D2"]
    form = cell.number_format
    cell.value, cell.number_format = 43500 + 86_399.9996 / 86_400, form
    book.save(tmp_path / "c.xlsx")
    cohort = load_cohort(tmp_path / "c.xlsx")
    assert cohort.patients.frame["treatment_start"].dt.date.iloc[0] == date(2019, 2, 4)


def test_an_arm_called_na_is_a_warning_with_the_way_to_keep_it(tmp_path):
    source = CASES / "arm_na" / "c.xlsx"
    cohort = load_cohort(source)
    (lost,) = (issue for issue in said(cohort, "GROUP_MISSING") if issue.severity == "warning")
    assert "12 of 24 patients" in lost.problem and '["NA"]' in lost.hint
    assert not any("Nothing to do" in issue.hint for issue in said(cohort, "MISSING_WORD"))
    kept = with_lines(tmp_path, source, '[report]\ngroup = "arm"\n[values.arm]\nNA = ["NA"]\n')
    assert kept.patients.frame["arm"].value_counts().to_dict() == {"B": 12, "NA": 12}


def test_cells_of_shared_texts_without_a_value_are_blank():
    frame = load_cohort(CASES / "empty_shared_string" / "c.xlsx").patients.frame
    assert frame["arm"].isna().sum() == 2 and set(frame["arm"].dropna()) == {"A"}
    assert set(frame["relapse_site"].dropna()) == {"liver"} and frame["sex"].isna().sum() == 1


def test_na_of_r_is_missing_in_adam():
    cohort = load_cohort(CASES / "adam_na")
    assert len(cohort.patients) == 9
    assert "3 subjects" in said(cohort, "NOT_TREATED")[0].problem
    assert cohort.patients.frame["last_contact"].notna().all()
    assert cohort.patients.frame["relapse_date"].notna().sum() == 3


def test_dead_with_an_unknown_date_of_death_is_an_error():
    issues = refused(CASES / "redcap_date_unk")
    assert [(issue.cell, issue.severity) for issue in said(issues, "STATUS_CONFLICT")] == [("F5", "error")]


def test_dates_of_a_column_that_can_be_read_in_one_way_are_read():
    cohort = load_cohort(CASES / "us_dates" / "registry.csv")
    starts = cohort.patients.frame["treatment_start"].dt.date.tolist()
    assert starts[:5] == [
        date(2019, 4, 27),
        date(2019, 4, 27),
        date(2018, 6, 30),
        date(2018, 5, 1),
        date(2019, 2, 4),
    ]
    assert cells_of(cohort, "DATE_MONTH_FIRST") == ["D2", "E2", "G2", "H2"]


ROWS = ["P1,01/02/2019,03/04/2020", "P2,05/06/2019,07/08/2020"]


def test_where_two_readings_are_possible_the_message_names_the_setting(tmp_path):
    source = csv_file(tmp_path, "patient_id,treatment_start,last_contact", ROWS)
    issues = refused(source)
    assert cells_of(issues, "AMBIGUOUS_DATE") == ["B2", "B3", "C2", "C3"]
    assert 'date_order = "dmy"' in said(issues, "AMBIGUOUS_DATE")[0].hint
    for order, first in (("dmy", date(2019, 2, 1)), ("mdy", date(2019, 1, 2))):
        cohort = with_lines(tmp_path, source, f'[source]\ndate_order = "{order}"\n')
        assert cohort.patients.frame["treatment_start"].dt.date.iloc[0] == first


def test_a_date_against_the_told_order_is_located(tmp_path):
    source = csv_file(tmp_path, "patient_id,treatment_start,last_contact", [*ROWS, "P3,27/04/2019,1/5/2020"])
    (tmp_path / "report.toml").write_text('[source]\ndate_order = "mdy"\n')
    assert cells_of(refused(source), "DATE_AS_TEXT") == ["B4"]


def test_texts_left_among_true_dates_may_be_what_a_spreadsheet_could_not_turn_around():
    assert order_of([date(2019, 1, 2), date(2019, 5, 3), date(2020, 7, 11), "27/04/2019"]) == ""
    assert order_of([date(2019, 1, 22), date(2019, 5, 3), date(2020, 7, 11), "27/04/2019"]) == "dmy"


def test_a_typing_error_among_dates_changes_nothing_else():
    issues = refused(CASES / "date_typo" / "c.xlsx")
    assert [(issue.code, issue.cell) for issue in issues if issue.severity == "error"] == [
        ("BAD_DATE", "D3"),
        ("DATE_AS_NUMBER", "H4"),
    ]
    source = CASES / "date_typo" / "c.xlsx"
    book = read_source(source)
    draft, _ = check_tables(book, settings_for(book, source, None, None))
    assert draft.tables["patients"].frame["treatment_start"].isna().sum() == 1


def test_a_birth_date_of_1900_is_a_number_shown_as_a_date(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "patients"
    sheet.append(["patient_id", "birth_date", "treatment_start", "last_contact"])
    for number, serial in enumerate((45, 60, 1, 25_000), 1):
        sheet.append([f"P{number}", serial, date(2019, 1, 1), date(2020, 1, 1)])
        sheet.cell(number + 1, 2).number_format = "yyyy-mm-dd"
    book.save(tmp_path / "c.xlsx")
    assert cells_of(refused(tmp_path / "c.xlsx"), "DATE_OF_1900") == ["B2", "B3", "B4"]


def test_decimal_commas_and_words_for_missing_can_be_told(tmp_path):
    rows = [
        f'P{k},2019-01-0{k},2020-01-01,"{value}"'
        for k, value in enumerate(("1,5", "1.234,5", "k.A.", "2"), 1)
    ]
    source = csv_file(tmp_path, "patient_id,treatment_start,last_contact,hb", rows)
    cohort = with_lines(tmp_path, source, '[source]\ndecimal = ","\nmissing = ["k.A."]\n')
    assert cohort.patients.frame["hb"].tolist()[:2] == [1.5, 1234.5]
    assert cohort.patients.frame["hb"].isna().tolist() == [False, False, True, False]


def test_none_is_not_read_as_ongoing(tmp_path):
    header = "patient_id,treatment_start,treatment_stop,stop_reason,last_contact"
    rows = ["P1,2019-01-01,2019-05-01,None,2020-01-01", "P2,2019-01-01,2019-05-01,toxicity,2020-01-01"]
    cohort = load_cohort(csv_file(tmp_path, header, rows))
    assert cohort.patients.frame["stop_reason"].isna().tolist() == [True, False]
    assert cells_of(cohort, "MISSING_WORD") == ["D2"]


def test_an_age_is_in_years_whether_its_cell_says_so_or_not(tmp_path):
    ages = ["65 J.", "58y", "71.5 yrs", "44", "18 months"]
    head = "patient_id,age_at_start,treatment_start,vital_status,last_contact"
    rows = [f"P{k},{age},2020-01-01,alive,2021-01-01" for k, age in enumerate(ages)]
    path = csv_file(tmp_path, head, rows)
    assert [issue.cell for issue in refused(path) if issue.code == "BAD_NUMBER"] == ["B6"]
    cohort = load_cohort(path, on_invalid="exclude")
    assert cohort.patients.frame["age_at_start"].tolist() == [65, 58, 71.5, 44]
