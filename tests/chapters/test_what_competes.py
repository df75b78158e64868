"""Nobody is said to have died who had another competing event, and a share with the event is no survival."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reportgen.base.described import DescribedEndpoint
from reportgen.chapters.shared.incidence_blocks import named, short_by
from reportgen.report import Figure, Table, plain
from tests.conftest import make
from tests.reading import chapter
from tests.workbooks import minimal_patients, write_workbook

GIVEN = """
[[endpoint]]
key = "relapse"
time = "t"
event = "s"
"""


def patients() -> list[dict]:
    """12: a quarter relapsed, a quarter had a transplant and live, a quarter died, a quarter had nothing."""
    rows = minimal_patients(12, relapse_date=None, transplant_date=None, death_date=None, cause_of_death=None)
    for k, row in enumerate(rows):
        later = row["treatment_start"] + timedelta(days=100 + 10 * k)
        if k % 4 == 0:
            row["relapse_date"] = later
        elif k % 4 == 1:
            row["transplant_date"] = later
        elif k % 4 == 2:
            row |= {
                "death_date": later,
                "last_contact": later,
                "vital_status": "dead",
                "cause_of_death": "other",
            }
        row |= {"t": 100 + 10 * k, "s": ("relapse", "transplant", "dead", "none")[k % 4]}
    return rows


def made(folder, toml: str, rows: list[dict]):
    (folder / "report.toml").write_text(toml)
    return make(write_workbook(folder / "c.xlsx", patients=rows), config=folder / "report.toml")


def by_dates(rows: list[dict]) -> list[dict]:
    return [{name: row[name] for name in row if name not in ("t", "s")} for row in rows]


def by_times(rows: list[dict], *also: str) -> list[dict]:
    left = ("relapse_date", "transplant_date", "death_date", "cause_of_death", *also)
    return [{name: row[name] for name in row if name not in left} for row in rows]


@pytest.mark.parametrize(
    "competing, said",
    [
        ('["death_date"]', "Three of 12 patients relapsed or progressed; three died without relapse."),
        ('["transplant_date"]', "the competing event (transplant date or date of death) came first in 6."),
    ],
)
def test_dates_that_compete(tmp_path, competing, said):
    toml = f'[[endpoint]]\nkey = "relapse"\nevents = ["relapse_date"]\ncompeting = {competing}\n'
    found = made(tmp_path, toml, by_dates(patients()))
    assert said in plain(chapter(found.report, "relapse")).replace("\xa0", " ")
    causes = found.results.select(section="relapse", variable="died_without")
    assert bool(causes) is ("transplant" not in competing)


@pytest.mark.parametrize(
    "values, said",
    [
        ('event_values = ["relapse"]\ncompeting_values = ["dead"]\ncensor_values = ["none", "transplant"]',
         "three died without relapse"),
        ('event_values = ["relapse"]\ncompeting_values = ["transplant"]\ncensor_values = ["none", "dead"]',
         "the competing event (s = transplant) came first in 3"),
        ('event_values = ["relapse"]\ncompeting_values = ["transplant", "dead"]\ncensor_values = ["none"]',
         "the competing event (s = dead, transplant) came first in 6"),
    ],
)  # fmt: skip
def test_words_that_compete(tmp_path, values, said):
    found = made(tmp_path, GIVEN + values, by_times(patients()))
    assert said in chapter(found.report, "relapse").replace("\xa0", " ")


@pytest.mark.parametrize(
    "known, said",
    [(False, "six died without relapse"), (True, "the competing event (s = 2) came first in 6")],
)
def test_a_code_is_death_unless_somebody_who_has_it_is_alive(tmp_path, known, said):
    code = {"relapse": 1, "none": 0, "transplant": 2, "dead": 2}
    rows = [
        {**row, "s": code[row["s"]]} for row in by_times(patients(), *(() if known else ("vital_status",)))
    ]
    toml = GIVEN + "event_values = [1]\ncompeting_values = [2]\ncensor_values = [0]\n"
    assert said in chapter(made(tmp_path, toml, rows).report, "relapse").replace("\xa0", " ")


def test_without_a_relapse_too(tmp_path):
    rows = [{**row, "relapse_date": None} for row in by_dates(patients())]
    toml = '[[endpoint]]\nkey = "relapse"\nevents = ["relapse_date"]\ncompeting = ["transplant_date"]\n'
    said = chapter(made(tmp_path, toml, rows).report, "relapse").replace("\xa0", " ")
    assert (
        "No relapse occurred; the competing event (transplant date or date of death) came first in 6." in said
    )


def test_what_competes_with_overall_survival_makes_it_an_incidence(tmp_path):
    toml = '[[endpoint]]\nkey = "os"\nevents = ["disease_death"]\ncompeting = ["death_date"]\n'
    rows = by_dates(patients())
    dead = [row for row in rows if row["death_date"]]
    rows = [{**row, "disease_death": row["death_date"] if row is dead[0] else None} for row in rows]
    found = made(tmp_path, toml, rows)
    assert found.results.select_curves(endpoint="os", kind="cumulative_incidence")
    assert not found.results.select_curves(endpoint="os", kind="kaplan_meier")
    said = " ".join(plain(chapter(found.report, "survival")).split())
    assert (
        "The cumulative incidence of the event (disease death) was 8%" in said.replace("\xa0", " ")
        and "Overall survival was" not in said
    )


def test_a_share_with_the_event_is_not_called_survival(tmp_path):
    fact = DescribedEndpoint(
        "css", "Cancer-specific survival", event="death of cancer", competing="other death"
    )
    assert short_by(fact, "3 years") == "The event (death of cancer) by 3 years"
    assert named(DescribedEndpoint("met", "Metastasis", competing="death")) == "Metastasis"
    toml = ('[[endpoint]]\nkey = "css"\nlabel = "Cancer-specific survival"\nevents = ["death_date"]\n'
            'competing = ["transplant_date"]\n')  # fmt: skip
    report = made(tmp_path, toml, by_dates(patients())).report
    blocks = [block for section in report.sections for block in section.every]
    heads = [column.over for block in blocks if isinstance(block, Table) for column in block.columns]
    assert "The event (date of death)" in heads and "Cancer-specific survival" not in heads
    (alt,) = (b.alt for b in blocks if isinstance(b, Figure) and b.id == "figure-survival-css")
    assert alt.startswith("Curve of the event (date of death).")
