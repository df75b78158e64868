"""Progression-free survival never exceeds overall survival, and what is no PFS needs a key of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.base.errors import DataRefused, UsageError
from reportgen.cohort.load import load_cohort

CASES = Path(__file__).parent.parent / "cases"
GIVEN = """
[[endpoint]]
key = "pfs"
time = "pt"
unit = "months"
event = "ps"
event_values = [1]
censor_values = [0]
[[endpoint]]
key = "os"
time = "ot"
unit = "months"
event = "os"
event_values = [1]
censor_values = [0]
"""


def load(folder: Path, rows: list[tuple], toml: str = GIVEN, head: str = "id,pt,ps,ot,os"):
    (folder / "c.csv").write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n")
    (folder / "report.toml").write_text(toml)
    return load_cohort(folder / "c.csv", config=folder / "report.toml")


def errors(refused) -> list[tuple]:
    return [
        (issue.code, issue.cell, issue.patient) for issue in refused.value.issues if issue.severity == "error"
    ]


def test_pfs_by_dates_without_death_is_refused():
    with pytest.raises(DataRefused) as refused:
        load_cohort(CASES / "redefined" / "cohort.xlsx", config=CASES / "redefined" / "report.toml")
    (issue,) = (issue for issue in refused.value.issues if issue.severity == "error")
    assert issue.code == "PFS_WITHOUT_DEATH" and 'key = "ttp"' in issue.hint and issue.patient is None


def test_under_its_own_key_it_is_accepted(tmp_path):
    toml = tmp_path / "report.toml"
    toml.write_text('[[endpoint]]\nkey = "ttp"\nevents = ["relapse_date"]\n')
    cohort = load_cohort(CASES / "redefined" / "cohort.xlsx", config=toml)
    assert (cohort.endpoints["pfs"].duration <= cohort.endpoints["os"].duration).all()


def test_a_given_pfs_longer_than_os_is_located(tmp_path):
    rows = [("a", 5, 1, 9, 1), ("b", 12.1, 0, 10, 0), ("c", 9, 1, 9, 1), ("d", 3.04, 0, 3, 0)]
    with pytest.raises(DataRefused) as refused:
        load(tmp_path, rows)
    assert errors(refused) == [("PFS_BEYOND_OS", "B3", "b")]


def test_a_death_that_pfs_does_not_count_is_located(tmp_path):
    rows = [("a", 5, 1, 9, 1), ("b", 10, 0, 10, 1), ("c", 9, 1, 9, 1), ("d", 4, 1, 4, 1)]
    with pytest.raises(DataRefused) as refused:
        load(tmp_path, rows)
    assert errors(refused) == [("PFS_BEYOND_OS", "C3", "b")]


def test_given_times_to_progression_are_no_pfs(tmp_path):
    rows = [("a", 5, 1, 9, 1), ("b", 10, 0, 10, 1), ("c", 9, 0, 9, 1), ("d", 4, 0, 4, 0)]
    with pytest.raises(DataRefused) as refused:
        load(tmp_path, rows)
    assert errors(refused) == [("PFS_WITHOUT_DEATH", "C3", None)]


def test_given_times_that_agree_are_accepted(tmp_path):
    rows = [
        ("a", 5, 1, 9, 1),
        ("b", 10, 1, 10, 1),
        ("c", 9, 0, 9, 0),
        ("d", 4, 0, 4.02, 0),
        ("e", 2, 0, 8, 1),
    ]
    assert set(load(tmp_path, rows).endpoints) == {"pfs", "os"}


RELAPSE = '[[endpoint]]\nkey = "relapse"\ntime = "t"\nunit = "months"\nevent = "s"\nevent_values = [1]\n'


def test_relapse_without_what_competes_is_refused(tmp_path):
    with pytest.raises(UsageError, match="death competes: give it competing_values"):
        load(tmp_path, [("a", 5, 1), ("b", 6, 0)], RELAPSE + "censor_values = [0]\n", "id,t,s")
    rows = [("a", 5, 1), ("b", 6, 0), ("c", 7, 2)]
    cohort = load(tmp_path, rows, RELAPSE + "competing_values = [2]\ncensor_values = [0]\n", "id,t,s")
    assert cohort.endpoints["relapse"].competing_label == "death without relapse"


def test_death_competes_with_relapse_whatever_else_does(tmp_path):
    head = "patient_id,treatment_start,last_contact,vital_status,death_date,relapse_date,transplant_date"
    rows = [
        ("a", "2020-01-01", "2021-01-01", "dead", "2021-01-01", "", ""),
        ("b", "2020-01-01", "2021-01-01", "alive", "", "2020-06-01", ""),
        ("c", "2020-01-01", "2021-01-01", "alive", "", "", "2020-03-01"),
    ]
    toml = '[[endpoint]]\nkey = "relapse"\ncompeting = ["transplant_date"]\n'
    assert load(tmp_path, rows, toml, head).endpoints["relapse"].status.tolist() == [2, 1, 2]


def test_one_who_was_lost_sight_of_before_the_death_contradicts_nothing(tmp_path):
    rows = [("a", 5, 1, 9, 0), ("b", 10, 0, 30, 1), ("c", 9, 0, 9, 0), ("d", 4, 0, 4, 0)]
    assert len(load(tmp_path, rows).patients) == 4


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ('"cancer_death"', "1 of those who died"),
        ('"death_date", "relapse_date"', "1 with an event"),
        ('"death_date"', ""),
    ],
)
def test_overall_survival_by_dates_ends_with_death_and_nothing_else(tmp_path, events, words):
    head = "patient_id,treatment_start,last_contact,vital_status,death_date,relapse_date,cancer_death"
    rows = [
        ("P1", "2020-01-07", "2021-03-08", "dead", "2021-03-08", "", ""),
        ("P2", "2020-01-08", "2021-03-08", "dead", "2021-03-08", "", "2021-03-08"),
        ("P3", "2020-01-09", "2021-03-08", "alive", "", "2020-06-08", ""),
    ]
    toml = f'[[endpoint]]\nkey = "os"\nevents = [{events}]\n'
    if not words:
        assert load(tmp_path, rows, toml, head).endpoints["os"].status.sum() == 2
        return
    (issue,) = (issue for issue in load(tmp_path, rows, toml, head).issues if issue.code == "OS_NOT_DEATH")
    assert issue.severity == "warning" and words in str(issue.problem) and 'key = "css"' in issue.hint
