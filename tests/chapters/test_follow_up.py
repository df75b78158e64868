"""Follow-up: who is alive at the last contact, whatever ended the endpoint by which he was followed."""

from __future__ import annotations

import numpy as np

from reportgen.analyses import courses
from reportgen.chapters import after_relapse, after_stopping, exposure, follow_up, relapse
from reportgen.chapters.patients.course_figures import drawn_courses
from reportgen.report import plain
from tests.chapters.chapters import chapter, day, patient

DISEASE = {"vital_status": "dead", "death_date": 400, "last_contact": 400, "disease_death": day(400)}
OTHER = {"vital_status": "dead", "death_date": 500, "last_contact": 500, "disease_death": None}
ALIVE = {"death_date": None, "disease_death": None}
BY_CAUSE = """
[[endpoint]]
key = "os"
label = "Disease-specific survival"
events = ["disease_death"]
"""
COMPETING = BY_CAUSE + 'competing = ["death_date"]'
GIVEN = """
[[endpoint]]
key = "os"
time = "t"
event = "s"
event_values = [1]
competing_values = [2]
"""


def made(folder, toml, *patients):
    (folder / "report.toml").write_text(toml)
    return chapter(follow_up, folder, patients=list(patients))


def living(told):
    return told.results["follow_up.survivors.all.count"].value


def test_who_died_of_something_else_is_not_alive(tmp_path):
    rows = [patient("P1") | patient("P1", **DISEASE), patient("P2", **OTHER), patient("P3", **ALIVE)]
    for toml in ("", BY_CAUSE, COMPETING):
        told = made(tmp_path, toml, *rows)
        assert living(told) == 1, toml
        # Reverse Kaplan-Meier: a death ends the possibility to observe, and only the third is an event.
        assert told.results["follow_up.reverse.all.median_time"].events == 1, toml


def test_nor_is_who_has_the_code_of_a_competing_death(tmp_path):
    rows = [{"patient_id": f"P{k}", "t": 100 * k, "s": s} for k, s in enumerate((0, 1, 2, 0), 1)]
    assert living(made(tmp_path, GIVEN, *rows)) == 2


def test_whose_vital_status_is_not_recorded_is_neither_alive_nor_dead(tmp_path):
    rows = [patient("P1", treatment_stop=None), patient("P2", treatment_stop=None, vital_status=None)]
    told = chapter(exposure, tmp_path, patients=rows)
    order = courses.printed_order(told.cohort)
    assert courses.status(told.cohort).tolist() == ["alive", None]
    drawn = drawn_courses(told.cohort, order, ["P1", "P2"]).patients
    assert {one.label: one.ongoing for one in drawn} == {"P1": True, "P2": False}
    assert told.results["exposure.on_treatment.all.proportion"].events == 1
    assert (
        "No patient stopped treatment; one continued at the last contact. Of one without a recorded stop the "
        in (told.text)
    )


def test_stopped_without_a_date_is_stopped_in_every_chapter(tmp_path):
    rows = [
        patient("P1", treatment_stop=None, stop_reason="progression", best_response="CR", relapse_date=300),
        patient("P2", treatment_stop=200, stop_reason="completed", best_response="CR", relapse_date=300),
        patient("P3", treatment_stop=None, stop_reason=None, best_response="CR", relapse_date=300),
    ]
    told = chapter(exposure, tmp_path, patients=rows)
    assert told.results["exposure.stopped.all.proportion"].events == 2
    assert told.results["exposure.on_treatment.all.proportion"].events == 1
    assert not told.results["exposure.all.all.person_time"].exists
    assert np.isnan(told.results["exposure.treatment_duration.progression.median"].value or np.nan)
    told = chapter(after_relapse, tmp_path, patients=rows)
    assert told.results["after_relapse.relapsed.on treatment at relapse.proportion"].events == 1
    found = relapse.analyse(told.cohort)
    assert found["relapse.relapsed.on treatment.proportion"].events == 1
    told = chapter(after_stopping, tmp_path, patients=rows)
    assert told.results["after_stopping.continuing.all.proportion"].events == 1


def test_whose_state_is_known_at_a_landmark_and_when_the_others_can_have_reached_it(tmp_path):
    rows = [
        patient("died", vital_status="dead", death_date=100, last_contact=100),
        patient("seen", last_contact=500),
        patient("lost", last_contact=200),
        patient("late", last_contact=310) | {"treatment_start": day(300)},
    ]
    told = made(tmp_path, "[report]\ncutoff = 2021-05-15", *rows)
    known = told.results["follow_up.os.all.known_status@365.25"]
    assert (known.events, known.n) == (2, 4)
    after = told.results["follow_up.os.all.mature_after@365.25"]
    # The cut-off is day 500; the late one came on day 300 and reaches 365.25 days on day 665.25.
    assert (after.n, after.value) == (1, 165.25)
    table = next(block for block in told.section.further if getattr(block, "id", "") == "table-maturity")
    said = (
        "1 patient alive has not reached 1 year yet; with further follow-up it is reached by 28 October 2021."
    )
    assert plain(table.notes[-1]).replace("\xa0", " ") == said


def test_a_later_line_is_none_of_the_index_treatment_nor_one_without_a_day(tmp_path):
    lines = [("index", 1, 0), ("second", 2, 200), ("undated", 3, None)]
    told = chapter(
        after_relapse,
        tmp_path,
        patients=[patient("P1", treatment_stop=100, relapse_date=150)],
        treatments=[
            {"patient_id": "P1", "treatment": name, "line": line, "start_date": on if on is None else day(on)}
            for name, line, on in lines
        ],
    )
    assert {
        who: [start for start, _ in found] for who, found in courses.later_lines(told.cohort).items()
    } == {"P1": [200.0]}


def test_who_is_seen_on_the_anniversary_or_could_have_been_waits_for_it_no_longer(tmp_path):
    """Of one year of 365.25 days the 365th is the first on which who is seen has reached it."""
    rows = [
        patient("seen that day", last_contact=365),
        patient("could have been", last_contact=200) | {"treatment_start": day(0)},
        patient("came a day later", last_contact=364) | {"treatment_start": day(1)},
    ]
    told = made(tmp_path, f"[report]\ncutoff = {day(365)}", *rows)
    after = told.results["follow_up.os.all.mature_after@365.25"]
    assert (after.n, after.value) == (1, 1.25)


def test_a_response_that_is_not_evaluable_is_no_estimate(two_groups):
    """More than thirty relapsed: the next treatment stands in the listing of all, and none of its own is printed."""
    every = {getattr(b, "id", ""): b for section in two_groups.report.sections for b in section.every}
    assert "table-after-relapse" not in every
    listed = every["table-patients"]
    where = [column.head for column in listed.columns].index("After relapse")
    told = {plain(row.cells[where]) for row in listed.rows if len(row.cells) > where}
    assert "docetaxel: NE" in told and "none recorded" in told and "–" in told
    assert any("NE, not evaluable." in plain(note) for note in listed.notes)
    assert not any("not estimable" in plain(note) for note in listed.notes)
