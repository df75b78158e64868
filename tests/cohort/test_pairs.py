"""Times with a status: which pairs there are, which code is the event, and what a source of such pairs is told."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.pairs import endpoint_lines, time_status_pairs
from reportgen.cohort.raw import from_grid

TIMES = [12, 700, 33, 850, 410, 95, 20, 640]


def pairs(status, *values, time="os_time", times=TIMES):
    grid = [[time, status], *([t, values[i % len(values)]] for i, t in enumerate(times))]
    return time_status_pairs(from_grid("s", grid))


@pytest.mark.parametrize(
    ("time", "status", "key"),
    [("os_time", "os_status", "os"), ("OS_MONTHS", "OS_STATUS", "os"), ("OS.time", "OS", "os"),
     ("time", "event", "event"),
     ("futime", "fustat", "event"), ("PFS (months)", "PFS event", "pfs"), ("rfstime", "status", "rfs"),
     ("Overall Survival (Months)", "Overall Survival Status", "os"), ("survivalMonths", "vital_status", "os"),
     ("Disease Free (Months)", "Disease Free Status", "dfs"), ("rectime", "censrec", "ttr"),
     ("pgtime", "pgstat", "ttp"), ("PFS_days", "PFS_reason", "pfs")],
)  # fmt: skip
def test_a_time_and_its_status_are_found_by_name_and_content(time, status, key):
    (pair,) = pairs(status, 0, 1, time=time)
    assert (pair.key, pair.time, pair.event) == (key, time, status)


def test_codes_that_can_be_read_in_one_way_are_not_open():
    (pair,) = pairs("os_status", "0:LIVING", "1:DECEASED")
    assert (pair.event_values, pair.censor_values, pair.open) == (("1:DECEASED",), ("0:LIVING",), False)
    (pair,) = pairs("os_status", 0, 1)
    assert (pair.event_values, pair.censor_values, pair.open) == ((1,), (0,), False)
    (pair,) = pairs("vital status", "Alive", "Dead")
    assert (pair.event_values, pair.censor_values, pair.open) == (("Dead",), ("Alive",), False)


@pytest.mark.parametrize(
    ("status", "alive", "dead"),
    [
        ("Estado vital", "vivo", "muerto"),
        ("Vitalstatus", "lebt", "verstorben"),
        ("Statut vital", "vivant", "décédé"),
    ],
)
def test_a_vital_status_under_a_synonym_is_read_in_its_own_words(tmp_path, status, alive, dead):
    rows = [f"p{i},{t},{(alive, dead)[i % 2]}\n" for i, t in enumerate(TIMES)]
    (tmp_path / "c.csv").write_text(f"id,OS (days),{status}\n" + "".join(rows))
    (pair,) = pairs(status, alive, dead, time="OS (days)")
    (tmp_path / "report.toml").write_text(endpoint_lines(pair))
    endpoint = load_cohort(tmp_path / "c.csv").endpoints["os"]
    assert endpoint.status.tolist() == [0, 1] * 4


@pytest.mark.parametrize(
    ("status", "values", "event"),
    [
        ("status", (1, 2), (2,)),
        ("Censored", (0, 1), (0,)),
        ("status", (0, 1, 2), (1,)),
        ("event", (3, 7), ()),
    ],
)
def test_codes_with_two_readings_are_open(status, values, event):
    (pair,) = pairs(status, *values, time="time")
    assert pair.open and pair.event_values == event


@pytest.mark.parametrize(
    ("header", "begins", "entry"),
    [
        ("entry", [5, 0, 10, 20, 30, 40, 5, 6], "entry"),
        ("tstart", [1] * 8, "tstart"),
        ("entry", [0] * 8, ""),  # all from the beginning on
        ("entry", [2001, 2003, 2001, 2002, 2005, 2004, 2001, 2002], ""),  # years
        ("weight", [5, 0, 10, 20, 30, 40, 5, 6], ""),
    ],
)
def test_from_when_on_patients_were_observed_is_no_feature(header, begins, entry):
    grid = [[header, "t", "e"], *([b, t, i % 2] for i, (b, t) in enumerate(zip(begins, TIMES, strict=True)))]
    (pair,) = time_status_pairs(from_grid("s", grid))
    assert pair.entry == entry and ("entry = " in endpoint_lines(pair)) == bool(entry)


def test_the_unit_is_that_of_the_header_or_a_guess_that_says_so():
    (pair,) = pairs("OS_STATUS", 0, 1, time="OS_MONTHS")
    assert (pair.unit, pair.guessed_unit) == ("months", False)
    (pair,) = pairs("os_status", 0, 1)
    assert (pair.unit, pair.guessed_unit) == ("days", True)


def test_days_to_death_alone_are_no_time_of_the_living():
    assert (
        pairs("vital_status", "Alive", "Dead", time="days_to_death", times=[None, 700, None, 33, None, 90])
        == ()
    )


@pytest.mark.parametrize("header", ["Age", "ECOG status", "smoking status", "HER2 status", "tumour grade"])
def test_other_columns_are_no_pairs(header):
    assert pairs(header, 0, 1, time="age") == ()


def written(tmp_path, header="id,age,os_time,os_status,pfs_months,pfs_status"):
    rows = [f"x{i},{50 + i},{t},{i % 2},{t / 31:.1f},{int(i % 3 > 0 or i % 2)}" for i, t in enumerate(TIMES)]
    path = tmp_path / "c.csv"
    path.write_text("\n".join((header, *rows)) + "\n")
    return path


def test_a_source_of_such_pairs_is_told_the_lines_that_make_a_report_of_it(tmp_path):
    path = written(tmp_path)
    with pytest.raises(DataRefused) as refused:
        load_cohort(path)
    (issue,) = [issue for issue in refused.value.issues if issue.severity == "error"]
    assert issue.code == "GIVEN_TIMES" and "reportgen map SOURCE" in issue.hint
    lines = issue.hint[issue.hint.index("[[endpoint]]") :]
    assert [rule["key"] for rule in tomllib.loads(lines)["endpoint"]] == ["os", "pfs"]
    (tmp_path / "report.toml").write_text(lines)
    cohort = load_cohort(path)
    assert cohort.endpoints["os"].status.tolist() == [0, 1] * 4
    assert cohort.endpoints["os"].duration.tolist() == TIMES


GDC = "case_submitter_id\tdays_to_death\tdays_to_last_follow_up\tvital_status\n" + "".join(
    f"T{i}\t{300 * i if i % 3 == 0 else NOTHING}\t{200 * i if i % 3 else NOTHING}\t{'Alive' if i % 3 else 'Dead'}\n"
    for NOTHING in ("'--",)
    for i in range(1, 10)
)


def test_days_since_the_index_date_are_proposed_and_gdc_writes_its_own_dashes(tmp_path):
    path = tmp_path / "clinical.xls"  # tabs in text are a table, whatever it is called
    path.write_text(GDC)
    assert load_cohort(path).endpoints["os"].status.tolist() == [0, 0, 1] * 3
    path.write_text(GDC.replace("case_submitter_id", "patient"))
    with pytest.raises(DataRefused) as refused:
        load_cohort(path)
    hints = " ".join(issue.hint for issue in refused.value.issues)
    assert 'last_contact_days = "days_to_last_follow_up"' in hints
    (tmp_path / "report.toml").write_text(
        '[columns.patients]\nlast_contact_days = "days_to_last_follow_up"\ndeath_date_days = "days_to_death"\n'
    )
    survival = load_cohort(path).endpoints["os"]
    assert survival.status.tolist() == [0, 0, 1] * 3 and survival.duration[2] == 900


def test_who_has_a_date_of_death_is_dead_without_a_start_of_treatment(tmp_path):
    from reportgen.cohort.load import load_cohort

    rows = "".join(f"P{n},{n * 10},{n % 2},{f'2019-01-{n:02}' if n % 2 else ''}\n" for n in range(1, 13))
    (tmp_path / "c.csv").write_text(f"patient_id,os_days,os_event,death_date\n{rows}", encoding="utf-8")
    (tmp_path / "report.toml").write_text(
        '[[endpoint]]\nkey = "os"\nlabel = "OS"\ntime = "os_days"\nunit = "days"\nevent = "os_event"\n'
        "event_values = [1]\ncensor_values = [0]\n", encoding="utf-8"
    )  # fmt: skip
    frame = load_cohort(tmp_path / "c.csv").patients.frame
    assert (frame["vital_status"] == "dead").tolist() == [n % 2 == 1 for n in range(1, 13)]


def test_times_with_a_decimal_comma_are_times(tmp_path):
    source = tmp_path / "register.csv"
    rows = [f"{k};{10 + k},5;{k % 2};{5 + k},5;{k % 2}" for k in range(12)]
    source.write_text("\n".join(["ID;OS_months;OS;PFS_months;PFS", *rows]), encoding="utf-8")
    with pytest.raises(DataRefused) as refused:
        load_cohort(source)
    said = next(issue for issue in refused.value.issues if issue.code == "GIVEN_TIMES")
    assert "OS_months / OS, PFS_months / PFS" in said.problem and 'unit = "months"' in said.hint


WITHOUT = "(0=no, 1=relapse, 2=died without)"


@pytest.mark.parametrize(
    ("time", "status", "events", "rivals"),
    [("DSS_MONTHS", "DSS", (1,), (2,)), ("ttr_months", "recurrence", (1,), (2,)), ("dfs_months", "dfs", (1, 2), ()),
     ("SLP (meses)", "Progresión o muerte", (1, 2), ())],
)  # fmt: skip
def test_a_death_competes_with_relapse_and_is_an_event_of_survival_free_of_it(time, status, events, rivals):
    """`2 = died without` was censored, so that the curve of relapse was Kaplan-Meier without a word."""
    words = "(0=alive, 1=dead of disease, 2=dead of other causes)" if status == "DSS" else WITHOUT
    (pair,) = pairs(f"{status} {words}", 0, 1, 2, time=time)
    assert (pair.event_values, pair.competing_values, pair.censor_values, pair.open) == (
        events,
        rivals,
        (0,),
        False,
    )


@pytest.mark.parametrize(
    ("time", "status", "words", "event"),
    [("SG (meses)", "Estado", ("Vivo", "Exitus"), "Exitus"), ("OS (yrs)", "Vital status", ("Living", "Died"), "dead"),
     ("Überlebenszeit [Monate]", "Tod", ("nein", "ja"), "ja"), ("Survie (mois)", "Décès", ("non", "oui"), "oui")],
)  # fmt: skip
def test_times_and_statuses_of_other_languages(time, status, words, event):
    (pair,) = pairs(status, *words, time=time)
    assert (pair.key, pair.event_values, pair.open) == ("os", (event,), False)


def test_a_time_that_nobody_lives_to_see_has_another_unit(tmp_path):
    """Days under a header that says months made a curve of 160 years."""
    source = tmp_path / "os.csv"
    lines = [f"p{k},{days},{k % 2}" for k, days in enumerate(TIMES)]
    source.write_text("\n".join(["id,os_months,os_status", *lines]), encoding="utf-8")
    (tmp_path / "report.toml").write_text(
        endpoint_lines(pairs("os_status", 0, 1, time="os_months")[0]), encoding="utf-8"
    )
    with pytest.raises(DataRefused) as refused:
        load_cohort(source)
    assert [(i.code, i.cell) for i in refused.value.issues if i.severity == "error"] == [
        ("NO_DURATION", "B5")
    ]


def many(**columns):
    rows = zip(*columns.values(), strict=True)
    return time_status_pairs(from_grid("s", [list(columns), *map(list, rows)]))


def test_a_time_named_for_its_endpoint_counts_before_one_of_follow_up():
    found = many(DAYS_LAST_FOLLOWUP=TIMES, OS_STATUS=[0, 1] * 4, OS_MONTHS=[t / 30 for t in TIMES])
    assert [(pair.key, pair.time) for pair in found] == [("os", "OS_MONTHS")]


def test_of_two_statuses_the_one_that_is_named_like_the_time_belongs_to_it():
    """rec is the recovery of mstate's ebmt4, and rel the relapse."""
    columns = {"rec": TIMES, "rec.s": [1, 1, 1, 0] * 2, "rel": TIMES[::-1], "rel.s": [0, 1] * 4,
               "srv": TIMES, "srv.s": [1, 0] * 4}  # fmt: skip
    assert [(pair.key, pair.time, pair.event) for pair in many(**columns)] == [
        ("ttr", "rel", "rel.s"), ("os", "srv", "srv.s")]  # fmt: skip


def test_only_rec_is_a_recovery_and_recur_is_not():
    columns = {"recur_days": TIMES, "recur": [0, 1] * 4, "rel": TIMES[::-1], "relstat": [1, 0] * 4}
    assert [(pair.key, pair.time) for pair in many(**columns)] == [("ttr", "recur_days")]


def test_of_two_times_the_one_that_is_named_like_the_status_counts():
    later = [t + 30 for t in TIMES]
    (pair,) = many(Overall_survival=TIMES, OS_event_new=[0, 1] * 4, OS_time_new=later)
    assert (pair.time, pair.event) == ("OS_time_new", "OS_event_new")


def test_a_recurrence_beside_relapse_free_survival_is_asked_about():
    """Whether deaths are counted with it, no code tells."""
    (pair,) = many(RFS_MONTHS=TIMES, Recurrence=[0, 1] * 4)
    assert (pair.key, pair.event, pair.open) == ("rfs", "Recurrence", True)


def test_progression_free_survival_without_deaths_is_the_interval():
    times = [t / 30 for t in range(300, 930, 30)]
    columns = {
        "OS_MONTHS": times,
        "OS_STATUS": [0] + [1] * 20,
        "PFS_MONTHS": times,
        "PFS_STATUS": [0] * 6 + [1] * 15,
    }
    assert [pair.key for pair in many(**columns)] == ["os", "pfi"]
    columns["PFS_STATUS"] = [0] * 3 + [1] * 18  # two faults of the data
    assert [pair.key for pair in many(**columns)] == ["os", "pfs"]


def test_deaths_are_asked_for_where_a_status_is_known_and_times_may_have_commas():
    times = [t / 30 for t in range(300, 930, 30)]
    told = {"OS_MONTHS": times, "OS_STATUS": [0] + [1] * 20, "PFS_MONTHS": times}
    unknown = [0] + [None] * 6 + [1] * 14
    assert [pair.key for pair in many(**told, PFS_STATUS=unknown)] == ["os", "pfs"]
    commas = {name: [f"{t:.2f}".replace(".", ",") for t in times] for name in ("OS_MONTHS", "PFS_MONTHS")}
    columns = told | commas | {"PFS_STATUS": ["0"] * 7 + ["1"] * 14, "OS_STATUS": ["0"] + ["1"] * 20}
    rows = map(list, zip(*columns.values(), strict=True))
    text = replace(from_grid("s", [list(columns), *rows]), typed=False)
    assert [pair.key for pair in time_status_pairs(text)] == ["os", "pfi"]


@pytest.mark.parametrize(
    ("time", "status", "key"),
    [
        ("Survival.time", "deadstatus.event", "os"),  # NSCLC-Radiomics
        ("daystodeath_or_LFU", "vital_status", "os"),
        ("days_to_death_or_last_followup", "death", "os"),
        ("OS_time_new", "OS_event_new", "os"),
        ("days_to_progression_recurrence", "progression_recurrence_event", "ttp"),
    ],
)
def test_times_and_statuses_of_public_tables(time, status, key):
    (pair,) = pairs(status, 0, 1, time=time)
    assert (pair.key, pair.time, pair.event) == (key, time, status)
