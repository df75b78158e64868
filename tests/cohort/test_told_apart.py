"""Dates that all patients have, and the column that says whose event each is."""

from datetime import timedelta

import pytest

from reportgen.cohort.load import check_cohort, load_cohort, read_source
from reportgen.run.mapping import map_source, write
from reportgen.settings.model import Settings
from tests.workbooks import minimal_patients, write_workbook

RELAPSED = (0, 3, 4)
SAID = ["yes" if k in RELAPSED else "no" for k in range(8)]


def rows(date="Relapse date", status="Progression", said=SAID, months=False, only=range(8)):
    found = minimal_patients(8)
    for k, row in enumerate(found):
        days = 300 + 10 * k
        when = round(days / 30.4375, 1) if months else row["treatment_start"] + timedelta(days=days)
        row |= {date: when if k in only else None, status: said[k]}
    return found


def asked(source, settings=None):
    issues = check_cohort(read_source(source), settings or Settings())[1]
    return [(i.severity, i.code, i.cell) for i in issues if i.code.startswith("RELAPSE_")]


@pytest.mark.parametrize(
    ("date", "status", "said", "months"),
    [
        ("Relapse date", "PD", SAID, False),
        ("Rezidivdatum", "Rezidiv (1=ja, 0=nein)", [int(k in RELAPSED) for k in range(8)], False),
        ("Date of progression or last follow-up", "Progressed", SAID, False),
        ("Time to progression (months)", "Progression status", ["relapsed" if s == "yes" else "censored" for s in SAID],
         True),
    ],
)  # fmt: skip
def test_who_did_not_relapse_is_told_apart(tmp_path, date, status, said, months):
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(date, status, said, months))
    mapped = map_source(source)
    assert mapped.open == () and f'relapse_observed = "{status}"' in mapped.settings
    write(mapped)
    cohort = load_cohort(source)
    assert cohort.patients.days["relapse_date"].notna().tolist() == [k in RELAPSED for k in range(8)]
    assert "DATE_TOLD_APART" in {issue.code for issue in cohort.issues}
    assert not any(feature.name == "relapse_observed" for feature in cohort.features)


def test_without_a_word_on_it_the_data_are_refused(tmp_path):
    source = write_workbook(tmp_path / "a.xlsx", patients=rows())
    assert asked(source) == [("error", "RELAPSE_DENIED", "E2")]


def test_a_single_contradiction_is_asked_about_where_it_stands(tmp_path):
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(only=(*RELAPSED, 6)))
    assert asked(source) == [("warning", "RELAPSE_DENIED", "E8")]
    assert "relapse_observed" not in map_source(source).settings


def test_dates_of_those_alone_who_relapsed_raise_no_question(tmp_path):
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(only=RELAPSED))
    assert asked(source) == []


def test_events_that_may_be_deaths_are_asked(tmp_path):
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(status="PFS event"))
    mapped = map_source(source)
    assert [question.cell for question in mapped.open] == ["F1"]
    assert "relapse_observed" not in mapped.settings


def test_what_is_not_said_is_no_relapse_and_asked(tmp_path):
    said = [None if k == 0 else word for k, word in enumerate(SAID)]
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(said=said, only=(0, 1, 2, 4)))
    settings = Settings(columns={"patients": {"relapse_observed": "Progression"}})
    assert asked(source, settings)[:2] == [
        ("warning", "RELAPSE_UNSAID", "F2"),
        ("warning", "RELAPSE_UNSAID", "E5"),
    ]


def test_beside_dates_without_a_relapse_a_given_pfs_is_proposed(tmp_path):
    source = write_workbook(tmp_path / "a.xlsx", patients=rows("PFS months", "PFS status", months=True))
    takes = {column.header: column.takes for column in map_source(source).proposals.sheets[0].columns}
    assert (takes["PFS months"], takes["PFS status"]) == ("endpoint.pfs.time", "endpoint.pfs.event")


TREATED = ["yes" if k in (1, 2, 5) else "no" for k in range(8)]


def treated(status, said=TREATED, only=range(8)):
    found = minimal_patients(8)
    for k, row in enumerate(found):
        row |= {"End of treatment": row["last_contact"] if k in only else None, status: said[k]}
    return found


@pytest.mark.parametrize("status", ["Ongoing", "Still on treatment (Y/N)", "Therapie laufend"])
def test_who_is_still_treated_has_not_stopped(tmp_path, status):
    source = write_workbook(tmp_path / "a.xlsx", patients=treated(status))
    stops = [i.code for i in check_cohort(read_source(source), Settings())[1] if i.code == "STOP_DENIED"]
    assert stops == ["STOP_DENIED"]
    mapped = map_source(source)
    assert mapped.open == () and f'treatment_ongoing = "{status}"' in mapped.settings
    write(mapped)
    days = load_cohort(source).patients.days["treatment_stop"]
    assert days.isna().tolist() == [word == "yes" for word in TREATED]


def test_a_single_end_of_a_treatment_that_goes_on_is_asked_about(tmp_path):
    source = write_workbook(tmp_path / "a.xlsx", patients=treated("Ongoing", only=(0, 2, 3, 4, 6, 7)))
    issues = check_cohort(read_source(source), Settings())[1]
    assert [(i.severity, i.cell) for i in issues if i.code == "STOP_DENIED"] == [("warning", "E4")]


def test_codes_that_may_mean_the_opposite_are_never_taken_by_themselves(tmp_path):
    """ADaM's CNSR is 1 for who had none."""
    censored = [int(k not in RELAPSED) for k in range(8)]
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(status="TTP_censored", said=censored))
    assert asked(source) == [("error", "RELAPSE_DENIED", "E2")]
    assert "relapse_observed" not in map_source(source).settings
    columns = {"patients": {"relapse_observed": "TTP_censored"}}
    assert ("error", "RELAPSE_DENIED", "F1") in asked(source, Settings(columns=columns))
    (tmp_path / "report.toml").write_text(
        '[columns.patients]\nrelapse_observed = "TTP_censored"\n[values.relapse_observed]\nyes = [0]\nno = [1]\n'
    )
    days = load_cohort(source).patients.days["relapse_date"]
    assert days.notna().tolist() == [k in RELAPSED for k in range(8)]


def test_free_of_relapse_is_the_opposite_of_one(tmp_path):
    free = ["no" if word == "yes" else "yes" for word in SAID]
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(status="Relapse-free", said=free))
    assert asked(source) == [("error", "RELAPSE_DENIED", "E2")]


def test_a_rare_word_besides_does_not_hide_it(tmp_path):
    said = ["lost" if k == 7 else word for k, word in enumerate(SAID)]
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(said=said, only=range(7)))
    assert asked(source) == [("error", "RELAPSE_DENIED", "E2")]


@pytest.mark.parametrize("words", [("local", "distant"), ("confirmed", "suspected"), ("yes", "yes")])
def test_words_of_those_alone_who_relapsed_raise_no_question(tmp_path, words):
    said = [words[k % 2] if k in RELAPSED else None for k in range(8)]
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(status="Relapse", said=said, only=RELAPSED))
    assert asked(source) == []
    assert "relapse_observed" not in map_source(source).settings


@pytest.mark.parametrize(("status", "words"), [("On treatment", ("yes", "no", "never started")),
                                               ("Treatment status", ("ongoing", "stopped", "NE"))])  # fmt: skip
def test_other_words_do_not_hide_who_is_still_treated(tmp_path, status, words):
    said = [words[0] if word == "yes" else words[1] for word in TREATED]
    said[7] = words[2]
    source = write_workbook(tmp_path / "a.xlsx", patients=treated(status, said, only=range(7)))
    assert "STOP_DENIED" in {i.code for i in check_cohort(read_source(source), Settings())[1]}


def test_who_is_not_off_treatment_has_not_stopped(tmp_path):
    said = ["no" if word == "yes" else "yes" for word in TREATED]
    source = write_workbook(tmp_path / "a.xlsx", patients=treated("Off treatment", said))
    (issue,) = [i for i in check_cohort(read_source(source), Settings())[1] if i.code == "STOP_DENIED"]
    assert issue.severity == "error" and 'yes = ["no"]' in str(issue.hint)
    (tmp_path / "report.toml").write_text(
        '[columns.patients]\ntreatment_ongoing = "Off treatment"\ntreatment_stop = "End of treatment"\n'
        '[values.treatment_ongoing]\nyes = ["no"]\nno = ["yes"]\n'
    )
    days = load_cohort(source).patients.days["treatment_stop"]
    assert days.isna().tolist() == [word == "yes" for word in TREATED]


@pytest.mark.parametrize("status", ["Relapse y/n", "Rezidiv ja/nein"])
def test_how_a_header_asks_for_yes_and_no_hides_no_status(tmp_path, status):
    source = write_workbook(tmp_path / "a.xlsx", patients=rows(status=status))
    takes = {column.header: column.takes for column in map_source(source).proposals.sheets[0].columns}
    assert takes[status] == "patients.relapse_observed"


def test_dates_of_relapse_or_the_last_visit_are_an_error_where_nothing_tells_them_apart(tmp_path):
    found = minimal_patients(8)
    for k, row in enumerate(found):
        days = 300 if k in (1, 5) else 1000
        row["relapse_date"] = row["treatment_start"] + timedelta(days=days)
    source = write_workbook(tmp_path / "a.xlsx", patients=found)
    assert [code for severity, code, _ in asked(source) if severity == "error"] == ["RELAPSE_UNSAID"]
