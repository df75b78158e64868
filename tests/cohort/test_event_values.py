"""Event columns: what is named, what goes without being named, and that nothing is ever read the other way round."""

from pathlib import Path

import pandas as pd
import pytest

from reportgen.base.errors import ERROR, NOTE, WARNING, DataRefused, UsageError
from reportgen.cohort.endpoints.event_values import coding, distinct, fully_named
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.event_words import event_word
from reportgen.settings.model import EndpointRule

CASES = Path(__file__).parent.parent / "cases"


def source(folder, values, settings="", column="status"):
    """A patient per value, times 10, 20, … days; the endpoint os with the further lines of settings."""
    rows = [f"p{k},{10 * k + 10},{value}" for k, value in enumerate(values)]
    (folder / "c.csv").write_text("\n".join((f"id,time,{column}", *rows)) + "\n", encoding="utf-8")
    rule = f'[[endpoint]]\nkey = "os"\ntime = "time"\nevent = "{column}"\n'
    (folder / "report.toml").write_text(rule + settings, encoding="utf-8")
    return folder / "c.csv"


def status(folder, values, settings="", column="status"):
    path = source(folder, values, settings, column)
    return load_cohort(path, config=folder / "report.toml").endpoints["os"].status.tolist()


def refusal(path):
    with pytest.raises(DataRefused) as refused:
        load_cohort(path, config=path.parent / "report.toml")
    return [issue for issue in refused.value.issues if issue.severity == ERROR]


def doubt(folder, values, settings="", column="status"):
    (issue,) = refusal(source(folder, values, settings, column))
    assert (issue.code, issue.sheet, issue.patient) == ("EVENT_VALUES", "c", None)
    return issue


def test_a_coding_by_1_and_2_is_asked_about():
    (issue,) = refusal(CASES / "status_1_2/c.csv")
    assert issue.code == "EVENT_VALUES"
    assert issue.problem == "os: no list names 2; status holds 1 (2), 2 (18)"
    assert issue.hint == (
        "Say which is the event; write in report.toml event_values = [2] and censor_values = [1], "
        "or the other way round"
    )


def test_a_word_that_the_column_does_not_hold_is_an_error():
    (issue,) = refusal(CASES / "event_value_typo/c.csv")
    assert issue.problem == "os: no list names dead; status holds censored (2), dead (18)"
    assert issue.hint == 'Write in report.toml event_values = ["dead"] and censor_values = ["censored"]'


def test_a_column_called_censored_is_asked_about():
    (issue,) = refusal(CASES / "censored_column/c.csv")
    assert issue.problem == "os: no list names 0; Censored holds 0 (10), 1 (5)"


def test_nobody_had_an_event_yet():
    cohort = load_cohort(CASES / "one_status/c.csv", config=CASES / "one_status/report.toml")
    assert cohort.endpoints["ttr"].status.tolist() == [0] * 9
    assert [issue.problem for issue in cohort.issues if issue.code == "EVENT_VALUES"] == [
        "ttr: in s the event is 1; nothing names 0, which counts as censored",
        "ttr: no cell of s is 1, 2, which the settings name",
    ]


def test_a_negative_duration_is_an_error_0_is_kept_and_a_blank_is_said():
    (issue,) = refusal(CASES / "negative_zero/c.csv")
    assert (issue.code, issue.cell, issue.patient) == ("NEGATIVE_DURATION", "B2", "n0")
    cohort = load_cohort(
        CASES / "negative_zero/c.csv", config=CASES / "negative_zero/report.toml", on_invalid="exclude"
    )
    endpoint = cohort.endpoints["os"]
    assert endpoint.duration.tolist() == [0, 12, 44, 90, 150, 300] and endpoint.status.tolist() == [
        1,
        0,
        0,
        1,
        0,
        1,
    ]
    assert ((WARNING, "B5", "n3", "The duration is missing; the patient is left out of the endpoint os")) in [
        (issue.severity, issue.cell, issue.patient, issue.problem) for issue in cohort.issues
    ]


@pytest.mark.parametrize(
    "values, settings",
    [
        ("012", ""),
        ("12", ""),
        ("11", ""),
        ("01", "event_values = [0]"),
        ("00", "event_values = [0]"),
        ("01", "event_values = [2]"),
        (("yes", "no"), ""),
        (("TRUE", "FALSE"), ""),
        (("dead", "alive"), ""),
        (("dead", "alive", "relapsed"), 'event_values = ["dead"]'),
        (("dead", "alive"), 'event_values = ["alive"]'),
        (("alive", "alive"), 'event_values = ["alive"]'),
        (("dead", "dead", "alive"), 'event_values = ["dead", "dceased"]'),
        (("dead", "alive", "lost"), 'event_values = ["dead"]\ncensor_values = ["alive"]'),
        (("dead", "no"), 'event_values = ["dead"]\ncensor_values = ["alive"]'),
        (("0:DECEASED", "1:LIVING"), ""),
        (("1:LIVING", "1:LIVING"), ""),
        (("0:LIVING", "1:DECEASED"), "event_values = [0]"),
        (("0:LIVING", "1:DECEASED", "2:OTHER"), ""),
        (("0", "1", "9"), ""),
        (("0", "1", "-99"), ""),
        (("0", "1", "lost to follow-up"), ""),
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused(tmp_path, values, settings):
    assert "report.toml" in doubt(tmp_path, values, settings).hint


@pytest.mark.parametrize("column", ["Censored", "cens", "CNSR", "os_censor", "zensiert", "alive", "vital",
                                    "relapse_free", "overall_survival", "no_relapse"])  # fmt: skip
def test_a_column_of_who_had_no_event_is_never_guessed(tmp_path, column):
    doubt(tmp_path, "01", "", column)
    doubt(tmp_path, "00", "", column)
    doubt(tmp_path, "11", "", column)
    doubt(tmp_path, ("0:No", "1:Yes"), "", column)
    doubt(tmp_path, ("0:No", "0:No"), "", column)
    doubt(tmp_path, ("yes", "no"), 'event_values = ["yes"]', column)
    assert status(tmp_path, "01", "event_values = [0]", column) == [1, 0]
    assert status(tmp_path, "01", "event_values = [1]\ncensor_values = [0]", column) == [0, 1]
    assert status(tmp_path, ("yes", "no"), 'event_values = ["no"]', column) == [0, 1]
    assert status(tmp_path, ("dead", "alive"), 'event_values = ["dead"]', column) == [1, 0]


@pytest.mark.parametrize(
    "values, settings, expected",
    [
        ("0101", "", [0, 1, 0, 1]),
        (("0.0", "1.0", "1.0"), "", [0, 1, 1]),
        (("0:LIVING", "1:DECEASED"), "", [0, 1]),
        (("0:CENSORED", "1:PROGRESSION"), "", [0, 1]),
        (("0:DiseaseFree", "1:Recurred/Progressed"), "", [0, 1]),
        (("0:ALIVE OR DEAD TUMOR FREE", "1:DEAD WITH TUMOR"), "", [0, 1]),
        (("0:LIVING", "1:DECEASED"), 'event_values = ["DECEASED"]', [0, 1]),
        (("0:LIVING", "1:DECEASED"), 'event_values = ["1:DECEASED"]\ncensor_values = ["0:LIVING"]', [0, 1]),
        (("TRUE", "FALSE"), "event_values = [true]", [1, 0]),
        (("Alive", "dead", "ALIVE"), 'event_values = ["Dead"]', [0, 1, 0]),
        ("12", "event_values = [2]\ncensor_values = [1]", [0, 1]),
        ("11", "event_values = [2]\ncensor_values = [1]", [0, 0]),
        ("11", "event_values = [1]\ncensor_values = [0]", [1, 1]),
        ("012", "competing_values = [2]", [0, 1, 2]),
        ("01", "event_values = [0]\ncensor_values = [1]", [1, 0]),
        (("relapse", "none", "death"), 'event_values = ["relapse"]\ncompeting_values = ["death"]', [1, 0, 2]),
        (("relapse", "none"), 'event_values = ["relapse"]\ncompeting_values = ["death"]', [1, 0]),
        (("none", "none"), 'event_values = ["relapse"]\ncensor_values = ["none"]', [0, 0]),
        (("discharged", "in care"), 'event_values = ["discharged"]\ncensor_values = ["in care"]', [1, 0]),
        (("alive", "dead"), 'event_values = ["alive"]\ncompeting_values = ["dead"]\ncensor_values = ["0"]', [1, 2]),
    ],
)  # fmt: skip
def test_what_can_be_read_in_one_way_is_read(tmp_path, values, settings, expected):
    assert status(tmp_path, values, settings) == expected


def test_what_was_taken_as_censored_is_said(tmp_path):
    path = source(tmp_path, ("0:LIVING", "1:DECEASED"))
    cohort = load_cohort(path, config=tmp_path / "report.toml")
    (issue,) = [issue for issue in cohort.issues if issue.code == "EVENT_VALUES"]
    assert (issue.severity, issue.cell) == (NOTE, "C2")
    assert issue.problem == (
        "os: in status the event is 1:DECEASED; nothing names 0:LIVING, which counts as censored"
    )
    assert issue.hint == 'Nothing to do, or write censor_values = ["0:LIVING"]'
    assert cohort.endpoints["os"].definition == (
        "Time as given in the column time (in days); event where status is 1:DECEASED; censored where it is 0:LIVING."
    )


WORDS = (
    "",
    "NA",
    "Not Reported",
    "unknown",
    "[Not Available]",
    "UNK",
    "n/a",
    "<NA>",
    "keine Angabe",
    ".",
    "?",
    "NaN",
)


def test_what_is_not_known_is_missing_never_censored(tmp_path):
    path = source(tmp_path, ("1", "0", *WORDS))
    cohort = load_cohort(path, config=tmp_path / "report.toml")
    endpoint = cohort.endpoints["os"]
    assert endpoint.status.tolist() == [1, 0]
    assert endpoint.left_out == ((len(WORDS), "event not recorded"),)
    said = [issue.cell for issue in cohort.issues if issue.code == "MISSING_VALUE"]
    assert said == [f"C{row}" for row in range(4, 4 + len(WORDS))]
    assert [event_word(word)[0] for word in ("NED", "0", "none")] == ["NED", "0", "none"]


@pytest.mark.parametrize("text", ["inf", "-inf", "nan", "Infinity", "NaN"])
def test_a_duration_that_is_no_number_is_an_error(tmp_path, text):
    path = source(tmp_path, "01")
    path.write_text(path.read_text().replace("p0,10", f"p0,{text}"))
    (issue,) = refusal(path)
    assert (issue.code, issue.cell, issue.patient) == ("BAD_NUMBER", "B2", "p0")


def test_decimal_commas_in_durations_are_read(tmp_path):
    path = source(tmp_path, "01")
    path.write_text(path.read_text().replace(",", ";").replace("p0;10", "p0;1,5").replace("p1;20", "p1;2,25"))
    assert load_cohort(path, config=tmp_path / "report.toml").endpoints["os"].duration.tolist() == [1.5, 2.25]


GIVEN = 'time = "time"\nevent = "status"\n'


@pytest.mark.parametrize(
    "lines, words",
    [
        (f'{GIVEN}event_values = [1]\ncensor_values = [1, 0]', "names 1 in more than one list"),
        (f'{GIVEN}event_values = ["Dead"]\ncompeting_values = ["dead "]', "more than one list"),
        ('event = "status"\nevent_values = [1]', "expected also its time column"),
    ],
)  # fmt: skip
def test_settings_that_contradict_themselves_are_an_error_of_usage(tmp_path, lines, words):
    path = source(tmp_path, "01")
    (tmp_path / "report.toml").write_text(f'[[endpoint]]\nkey = "os"\n{lines}\n')
    with pytest.raises(UsageError, match=words):
        load_cohort(path, config=tmp_path / "report.toml")


@pytest.mark.parametrize("key", ["os", "pfs", "relapse", "duration_of_response", "time_on_treatment",
                                 "survival_after_relapse", "relapse_free_after_stopping"])  # fmt: skip
def test_every_endpoint_can_be_redefined_by_a_given_duration(tmp_path, key):
    path = source(tmp_path, "012", "competing_values = [2]")
    (tmp_path / "report.toml").write_text((tmp_path / "report.toml").read_text().replace('"os"', f'"{key}"'))
    endpoint = load_cohort(path, config=tmp_path / "report.toml").endpoints[key]
    assert endpoint.duration.tolist() == [10, 20, 30] and endpoint.status.tolist() == [0, 1, 2]


def test_many_values_are_counted_and_not_listed(tmp_path):
    issue = doubt(tmp_path, [f"Name{k}" for k in range(30)])
    assert "30 different values" in issue.problem and "Name29" not in issue.problem


def test_a_fully_named_rule_reads_every_part_of_its_column_alike():
    rule = EndpointRule("os", time="t", event="status")
    column = pd.Series(["1:DECEASED", "0:LIVING", None])
    named = fully_named(rule, column)
    assert (named.event_values, named.censor_values) == (("1:DECEASED",), ("0:LIVING",))
    assert coding(named, distinct(column)).meaning == coding(rule, distinct(column)).meaning


def test_a_column_that_does_not_exist_is_an_error_not_an_endpoint_less(tmp_path):
    path = source(tmp_path, "01")
    (tmp_path / "report.toml").write_text('[[endpoint]]\nkey = "os"\ntime = "tmie"\nevent = "status"\n')
    (issue,) = refusal(path)
    assert issue.code == "MISSING_COLUMN"
    assert issue.problem == "The settings name a column 'tmie' that does not exist"
    assert issue.hint == "Correct it in report.toml; did you mean 'time'?"


def test_columns_that_are_known_by_another_name_too_are_found_by_their_own(tmp_path):
    (tmp_path / "c.csv").write_text("id,follow_up_days,survival_status\na,10,alive\nb,20,DOD\nc,30,dead\n")
    (tmp_path / "report.toml").write_text(
        '[[endpoint]]\nkey = "os"\ntime = "follow_up_days"\nevent = "survival_status"\n'
        'event_values = ["dead", "DOD"]\ncensor_values = ["alive"]\n'
    )
    cohort = load_cohort(tmp_path / "c.csv", config=tmp_path / "report.toml")
    endpoint = cohort.endpoints["os"]
    assert (endpoint.duration.tolist(), endpoint.status.tolist()) == ([10, 20, 30], [0, 1, 1])
    assert cohort.patients.days["last_contact"].tolist() == [10, 20, 30]


@pytest.mark.parametrize("values", ["event_values = [1]\ncensor_values = [0]", "event_values = [1]"])
def test_codes_of_the_vital_status_that_its_endpoint_names_are_read_there_too(tmp_path, values):
    path = source(tmp_path, [1, 0, 1], values, column="vital_status")
    cohort = load_cohort(path, config=tmp_path / "report.toml")
    assert cohort.endpoints["os"].status.tolist() == [1, 0, 1]
    assert cohort.patients.frame["vital_status"].tolist() == ["dead", "alive", "dead"]


def test_a_code_of_the_vital_status_that_nobody_names_stays_a_question(tmp_path):
    issues = refusal(source(tmp_path, [1, 2, 1], "event_values = [1]", column="vital_status"))
    assert {issue.code for issue in issues} >= {"UNKNOWN_VALUE"}
