"""A built-in endpoint that is given as a duration: every chapter that speaks of it uses it, and nothing vanishes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from reportgen.analyses import patient_columns as columns
from reportgen.casereview.case import Case, Shared
from reportgen.casereview.parts import context, present_status
from reportgen.report import Figure, Notice, plain
from reportgen.writing.language import speaking
from reportgen.writing.translation import worded
from tests.conftest import make
from tests.workbooks import write_workbook

CASE = Path(__file__).parent.parent / "cases" / "relapse_by_duration"


@pytest.fixture(scope="module")
def made():
    return make(CASE / "c.csv", config=CASE / "report.toml")


def section(made, key: str):
    return next(section for section in made.report.sections if section.key == key)


def test_the_chapter_relapse_and_page_one_use_it(made):
    blocks = section(made, "relapse").every
    assert not any(isinstance(block, Notice) for block in blocks)
    assert {"figure-relapse-relapse", "table-relapse"} <= {getattr(block, "id", "") for block in blocks}
    assert made.results["relapse.relapse.all.count"].value == 15
    assert made.results.select(section="relapse", variable="stage", statistic="proportion")
    assert {curve.kind for curve in made.results.select_curves(endpoint="relapse")} == {
        "cumulative_incidence"
    }
    said = " ".join(plain(block.text) for block in section(made, "summary").every if hasattr(block, "text"))
    assert "Of 30 patients, 15 relapsed." in said


def test_the_patients_show_their_relapse_and_their_death(made):
    told = made.results.facts["patients"]
    marks = [event.kind for one in told.courses.patients for event in one.events]
    assert marks.count("relapse") == 15 and marks.count("death") == 7
    rows = {row.patient: row for row in told.rows}
    assert "relapse" in told.columns and rows["q1"].relapse == pytest.approx(2.3 * 30.4375)
    assert rows["q0"].relapse is None and rows["q0"].follow_up == pytest.approx(63 * 30.4375)
    # How those who relapsed were later is not known: no arrow says that they are under observation.
    relapsed = [one for one in told.courses.patients if "relapse" in {event.kind for event in one.events}]
    assert not any(one.ongoing for one in relapsed)


def test_what_cannot_be_derived_names_its_columns(made):
    text = plain(section(made, "after_relapse").every[0].text)
    assert "patients.relapse_date" in text and "patients.last_contact" in text


def test_the_case_review_uses_it(made):
    shared = Shared.of(made.cohort)
    who = list(made.cohort.patients.frame["patient_id"]).index("q1")
    case = Case(shared, who, "q1")
    assert present_status.analyse(case).facts["status"].relapse.day == pytest.approx(2.3 * 30.4375)
    results = context.analyse(case)
    assert {curve.kind for curve in results.curves} == {"cumulative_incidence"}
    assert not results.select(statistic="survival") and not results.select(statistic="median_time")
    at = results.select(section="context", endpoint="relapse", statistic="cumulative_incidence")
    assert at[0].n == 29 and at[0].exists
    said = [plain(note) for block in context.present(results).blocks for note in getattr(block, "notes", ())]
    assert any("cumulative incidence" in note for note in said)


def test_its_definition_is_said_in_german(made):
    with speaking("de"):
        results = context.analyse(Case(Shared.of(made.cohort), 1, "q1"))
        said = worded(results).facts["context"].endpoints[0].definition
    assert "angegeben (in Monaten); Ereignis, wo state den Wert 1 hat, konkurrierendes Ereignis bei 2" in said


def test_days_of_those_without_it_are_unknown(made):
    days = columns.relapse_days(made.cohort)
    assert sum(not math.isnan(day) for day in days) == 15 and columns.dead(made.cohort).sum() == 7


def own_endpoint(tmp_path, **rule):
    rows = [{"id": f"a{k}", "dur": 10 + 3 * k, "st": k % 3} for k in range(30)]
    lines = [f"{name} = {value}" for name, value in rule.items()]
    (tmp_path / "report.toml").write_text(
        '[report]\ntime_unit = "months"\nlandmarks = [24]\n[columns.patients]\npatient_id = "id"\n[[endpoint]]\n'
        'label = "Time to recurrence"\ntime = "dur"\nunit = "months"\nevent = "st"\nevent_values = [1]\n'
        "competing_values = [2]\ncensor_values = [0]\n" + "\n".join(lines),
        encoding="utf-8",
    )
    return make(write_workbook(tmp_path / "c.xlsx", patients=rows), config=tmp_path / "report.toml")


def test_an_endpoint_of_the_settings_alone_makes_the_headline_and_names_what_competes(tmp_path):
    made = own_endpoint(tmp_path, key='"ttr"')
    page = section(made, "summary").every
    assert plain(page[0].text).startswith("Time to recurrence: 10 of 30 with the event.")
    said = " ".join(plain(block.text) for block in section(made, "survival").every if hasattr(block, "text"))
    assert "the competing event (st = 2) came first in 10" in said


def test_the_events_of_a_row_are_those_by_the_time_that_it_names(tmp_path):
    made = own_endpoint(tmp_path, key='"relapse"')
    rows = {plain(row.cells[0]): row.cells for row in section(made, "summary").every[1].rows}
    row = next(cells for name, cells in rows.items() if name.endswith("by 24 months"))
    assert (plain(row[1]), plain(row[2])) == ("2/30", "7%")
    assert [b.id for b in section(made, "summary").every if isinstance(b, Figure)] == [
        "figure-summary-relapse"
    ]


def test_a_level_of_whom_nobody_has_the_endpoint_breaks_no_forest(tmp_path):
    rows = [f"P{n},{20 + n},{n % 2},{n % 3 and 'ab'[n % 2] or 'a'},{40 + n},{n % 2}" for n in range(40)]
    rows += [f"Q{n},,,c,{30 + n},1" for n in range(4)]
    (tmp_path / "c.csv").write_text("\n".join(["id,pt,ps,race,ot,os", *rows]) + "\n")
    rule = '[[endpoint]]\nkey = "{0}"\ntime = "{1}t"\nunit = "months"\nevent = "{1}s"\nevent_values = [1]\n'
    rule += "censor_values = [0]\n"
    toml = tmp_path / "report.toml"
    toml.write_text(rule.format("pfs", "p") + rule.format("os", "o"))
    made = make(tmp_path / "c.csv", config=toml)
    assert made.results["survival.pfs.race.hazard_ratio"].exists
    assert made.results.get("survival.pfs.race=c.proportion") is None
