"""Endpoints counted by hand: five patients whose days can be followed with a finger."""

from datetime import date, timedelta

import pytest

from reportgen.base.errors import UsageError
from reportgen.cohort.load import load_cohort
from tests.workbooks import write_workbook

START = date(2015, 1, 1)


def on(day):
    return None if day is None else START + timedelta(days=day)


def patient(name, stop=None, why=None, response=None, responded=None, relapse=None, dead=False, last=1000):
    return {
        "patient_id": name, "treatment_start": START, "treatment_stop": on(stop), "stop_reason": why,
        "best_response": response, "response_date": on(responded), "relapse_date": on(relapse),
        "vital_status": "dead" if dead else "alive", "death_date": on(last) if dead else None,
        "last_contact": on(last),
    }  # fmt: skip


ROWS = [
    patient("stopped well", stop=100, why="completed", response="CR", responded=30),
    patient("relapsed on drug", stop=200, why="progression", response="PR", responded=40, relapse=200, dead=True,
            last=500),
    patient("relapsed after", stop=300, why="toxicity", response="CR", responded=50, relapse=450),
    patient("still on", why="ongoing", response="SD", last=700),
    patient("died on drug", stop=60, why="death", response="NE", dead=True, last=60),
]  # fmt: skip


def load(tmp_path, rows, toml="", **overrides):
    (tmp_path / "report.toml").write_text(toml)
    return load_cohort(write_workbook(tmp_path / "a.xlsx", patients=rows), overrides=overrides)


def numbers(cohort, key):
    """{patient: (duration, status)}"""
    data = cohort.endpoints[key]
    names = cohort.patients.frame.loc[data.rows, "patient_id"]
    return dict(zip(names, zip(data.duration, data.status, strict=True), strict=True))


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return load(tmp_path_factory.mktemp("endpoints"), ROWS)


def test_overall_survival(cohort):
    assert numbers(cohort, "os") == {
        "stopped well": (1000, 0), "relapsed on drug": (500, 1), "relapsed after": (1000, 0),
        "still on": (700, 0), "died on drug": (60, 1),
    }  # fmt: skip


def test_progression_free_survival_ends_with_the_first_of_relapse_and_death(cohort):
    assert numbers(cohort, "pfs") == {
        "stopped well": (1000, 0), "relapsed on drug": (200, 1), "relapsed after": (450, 1),
        "still on": (700, 0), "died on drug": (60, 1),
    }  # fmt: skip


def test_death_without_relapse_competes_with_relapse(cohort):
    assert numbers(cohort, "relapse") == {
        "stopped well": (1000, 0), "relapsed on drug": (200, 1), "relapsed after": (450, 1),
        "still on": (700, 0), "died on drug": (60, 2),
    }  # fmt: skip
    assert cohort.endpoints["relapse"].competing_label == "death without relapse"


def test_duration_of_response_is_of_responders_from_the_first_response(cohort):
    assert numbers(cohort, "duration_of_response") == {
        "stopped well": (970, 0), "relapsed on drug": (160, 1), "relapsed after": (400, 1),
    }  # fmt: skip
    assert cohort.endpoints["duration_of_response"].left_out == ((2, "no response"),)


def test_time_on_treatment(cohort):
    assert numbers(cohort, "time_on_treatment") == {
        "stopped well": (100, 1), "relapsed on drug": (200, 1), "relapsed after": (300, 1),
        "still on": (700, 0), "died on drug": (60, 1),
    }  # fmt: skip


def test_survival_after_relapse(cohort):
    assert numbers(cohort, "survival_after_relapse") == {
        "relapsed on drug": (300, 1),
        "relapsed after": (550, 0),
    }
    assert cohort.endpoints["survival_after_relapse"].left_out == ((3, "no relapse"),)


def test_after_stopping_counts_only_who_stopped_in_response(cohort):
    data = cohort.endpoints["relapse_free_after_stopping"]
    assert numbers(cohort, data.key) == {"stopped well": (900, 0), "relapsed after": (150, 1)}
    assert data.left_out == (
        (1, "relapse on treatment"),
        (1, "treatment not stopped, or no date of stopping"),
        (1, "treatment ended by death"),
    )
    assert "stopped treatment while in complete or partial response" in data.definition


def test_every_endpoint_is_said_in_words(cohort):
    assert list(cohort.endpoints) == [
        "os", "pfs", "relapse", "duration_of_response", "time_on_treatment", "survival_after_relapse",
        "relapse_free_after_stopping", "ttp",
    ]  # fmt: skip
    for data in cohort.endpoints.values():
        assert data.definition.endswith(".") and data.label and data.event_label
        assert (data.duration >= 0).all()
    assert cohort.unavailable == {}


def without(rows, *columns):
    return [{key: value for key, value in row.items() if key not in columns} for row in rows]


def test_absent_columns_make_endpoints_unavailable(tmp_path):
    cohort = load(tmp_path, without(ROWS, "relapse_date", "best_response", "response_date"))
    assert set(cohort.endpoints) == {"os", "time_on_treatment"}
    assert cohort.unavailable["pfs"] == cohort.unavailable["relapse"] == "relapse_date"
    assert cohort.unavailable["relapse_free_after_stopping"] == "relapse_date, best_response"
    cohort = load(tmp_path, without(ROWS, "vital_status", "death_date"))
    assert cohort.unavailable["os"] == "vital_status or death_date"


def test_an_endpoint_that_nobody_can_reach_is_refused(tmp_path):
    with pytest.raises(UsageError, match="The endpoint 'well' says no event"):
        load(tmp_path, ROWS, '[[endpoint]]\nkey = "well"')
    assert numbers(load(tmp_path, ROWS, '[[endpoint]]\nkey = "os"\nlabel = "Lived"'), "os")


def test_without_date_of_death_the_dead_died_on_their_last_contact(tmp_path):
    full = load(tmp_path, ROWS)
    derived = load(tmp_path, without(ROWS, "death_date"))
    assert numbers(derived, "os") == numbers(full, "os")
    assert {"DEATH_DATE_DERIVED"} == {issue.code for issue in derived.issues}
    assert numbers(load(tmp_path, without(ROWS, "vital_status")), "os") == numbers(full, "os")


def test_an_unknown_vital_status_is_neither_alive_nor_dead(tmp_path):
    rows = [
        row | {"vital_status": None} if row["patient_id"] in ("still on", "relapsed after") else row
        for row in ROWS
    ]
    cohort = load(tmp_path, rows)
    assert cohort.endpoints["os"].left_out == ((2, "vital status not recorded"),)
    for key in ("pfs", "relapse", "time_on_treatment"):
        assert cohort.endpoints[key].left_out == ((2, "vital status not recorded"),), key
        assert set(numbers(cohort, key)) == {"stopped well", "relapsed on drug", "died on drug"}


def test_the_vital_status_decides_alike_of_an_endpoint_without_death(tmp_path):
    rows = [row | {"vital_status": None} if row["patient_id"] == "relapsed after" else row for row in ROWS]
    cohort = load(tmp_path, rows, '[[endpoint]]\nkey = "ttr"\nevents = ["relapse_date"]')
    assert cohort.endpoints["ttr"].left_out == ((1, "vital status not recorded"),)


def test_who_relapsed_after_his_last_contact_is_followed_until_the_relapse(tmp_path):
    cohort = load(tmp_path, [patient("a", relapse=400, last=300), patient("b")])
    assert numbers(cohort, "pfs")["a"] == (400, 1)
    assert numbers(cohort, "os")["a"] == (400, 0)
    assert numbers(cohort, "survival_after_relapse")["a"] == (0, 0)
    moved = [issue for issue in cohort.issues if issue.code == "LAST_CONTACT_MOVED"]
    assert [issue.problem for issue in moved] == [
        "1 × last_contact was taken from a later date of the patient"
    ]


@pytest.mark.parametrize(
    "sheet, row", [
        ("assessments", {"date": on(1200), "response": "SD"}),
        ("toxicities", {"term": "Nausea", "grade": 1, "onset_date": on(1200)}),
        ("treatments", {"line": 2, "treatment": "x", "start_date": on(1200), "stop_date": None}),
    ],
)  # fmt: skip
def test_a_later_row_of_another_sheet_is_a_contact_too(tmp_path, sheet, row):
    book = {"patients": [patient("a"), patient("b")], sheet: [{"patient_id": "a", **row}]}
    cohort = load_cohort(write_workbook(tmp_path / "a.xlsx", **book))
    assert numbers(cohort, "os") == {"a": (1200, 0), "b": (1000, 0)}
    assert cohort.cutoff == on(1200)
    assert load_cohort(tmp_path / "a.xlsx", on_invalid="exclude").n == 2


def test_what_is_only_planned_is_no_contact(tmp_path):
    planned = [{"patient_id": "a", "date": date.today() + timedelta(days=40), "response": None}]
    book = {"patients": [patient("a"), patient("b")], "assessments": planned}
    cohort = load_cohort(write_workbook(tmp_path / "a.xlsx", **book))
    assert numbers(cohort, "os")["a"] == (1000, 0) and cohort.cutoff == on(1000)


def test_with_an_event_after_the_last_contact_a_patient_can_be_left_out(tmp_path):
    rows = [patient("a", relapse=400, last=300), patient("b")]
    load(tmp_path, rows)
    cohort = load_cohort(tmp_path / "a.xlsx", on_invalid="exclude")
    assert list(cohort.patients.frame["patient_id"]) == ["b"]
    assert [(step.out, step.reason) for step in cohort.flow if step.out] == [
        (1, "event after the last contact")
    ]


def test_an_elapsed_time_after_the_last_contact_moves_it_too(tmp_path):
    row = {"patient_id": "a", "last_contact_days": 300, "relapse_days": 400, "vital_status": "alive",
           "death_days": None}  # fmt: skip
    cohort = load(tmp_path, [row, row | {"patient_id": "b", "relapse_days": None}])
    assert numbers(cohort, "os") == {"a": (400, 0), "b": (300, 0)}


def test_a_reason_for_stopping_without_a_date_leaves_the_time_unknown(tmp_path):
    cohort = load(tmp_path, [patient("a", why="toxicity"), patient("b")])
    assert cohort.endpoints["time_on_treatment"].left_out == ((1, "date of stopping not recorded"),)


def test_an_endpoint_can_be_redefined_and_added(tmp_path):
    rows = [row | {"transplant": on(150) if row["patient_id"] == "stopped well" else None} for row in ROWS]
    cohort = load(tmp_path, rows, """
        [[endpoint]]
        key = "os"
        origin = "relapse_date"
        [[endpoint]]
        key = "efs"
        label = "Event-free survival"
        events = ["relapse_date", "Transplant"]
        competing = ["death_date"]
        """)  # fmt: skip
    assert numbers(cohort, "os") == numbers(cohort, "survival_after_relapse")
    assert cohort.endpoints["os"].label == "Overall survival"
    assert numbers(cohort, "efs") == {
        "stopped well": (150, 1), "relapsed on drug": (200, 1), "relapsed after": (450, 1),
        "still on": (700, 0), "died on drug": (60, 2),
    }  # fmt: skip
    assert cohort.endpoints["efs"].definition.startswith("Time from start of treatment to date of relapse or")


def test_given_durations_need_no_dates(tmp_path):
    rows = [
        {"patient_id": 1, "rectime": 2, "status": 1},
        {"patient_id": 2, "rectime": 3, "status": 0},
        {"patient_id": 3, "rectime": 4, "status": 2},
        {"patient_id": 4, "rectime": None, "status": 0},
        {"patient_id": 5, "rectime": 5, "status": None},
    ]
    cohort = load(tmp_path, rows, """
        [[endpoint]]
        key = "ttr"
        label = "Time to recurrence"
        time = "rectime"
        unit = "weeks"
        event = "status"
        event_values = [1]
        competing_values = [2]
        """)  # fmt: skip
    assert numbers(cohort, "ttr") == {"1": (14, 1), "2": (21, 0), "3": (28, 2)}
    data = cohort.endpoints["ttr"]
    assert data.left_out == ((1, "duration not recorded"), (1, "event not recorded"))
    assert data.definition == (
        "Time as given in the column rectime (in weeks); event where status is 1, competing event where it is 2; "
        "censored where it is 0."
    )
    assert cohort.features == ()
    assert cohort.unavailable["os"] == "treatment_start, vital_status or death_date, last_contact"


def test_who_died_without_relapse_competes_with_a_given_time_to_relapse(tmp_path):
    """b died when the time to relapse ended; c was lost sight of before; d relapsed and died that day."""
    (tmp_path / "c.csv").write_text(
        "id,rt,rs,ot,os\na,5.2,1,9,1\nb,10.0,0,10,1\nc,4,0,20,1\nd,7,1,7,1\ne,8,0,8,0\n"
    )
    rule = '[[endpoint]]\nkey = "{}"\ntime = "{}"\nunit = "months"\nevent = "{}"\nevent_values = [1]\n'
    given = rule.format("ttr", "rt", "rs") + rule.format("os", "ot", "os")
    (tmp_path / "report.toml").write_text(given)
    cohort = load_cohort(tmp_path / "c.csv", config=tmp_path / "report.toml")
    assert cohort.endpoints["ttr"].status.tolist() == [1, 2, 0, 1, 0]
    assert cohort.endpoints["ttr"].competes
    assert "competing event" in str(cohort.endpoints["ttr"].definition)
    (tmp_path / "report.toml").write_text(rule.format("ttr", "rt", "rs"))
    alone = load_cohort(tmp_path / "c.csv", config=tmp_path / "report.toml")
    assert alone.endpoints["ttr"].status.tolist() == [1, 0, 0, 1, 0] and not alone.endpoints["ttr"].competes
