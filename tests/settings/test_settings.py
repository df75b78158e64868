"""Settings from three sources: which wins, and what a wrong one is told."""

from datetime import date

import pytest

from reportgen.base.errors import UsageError
from reportgen.settings.model import EndpointRule, Settings, reported
from reportgen.settings.sources import load_settings


def toml(tmp_path, text):
    path = tmp_path / "report.toml"
    path.write_text(text, encoding="utf-8")
    return path


def message(tmp_path, text):
    with pytest.raises(UsageError) as caught:
        load_settings(toml(tmp_path, text))
    return str(caught.value)


def test_without_any_source_the_defaults_hold():
    assert load_settings() == Settings()


def test_the_command_line_wins_over_the_file_which_wins_over_the_sheet(tmp_path):
    config = toml(tmp_path, '[report]\ntitle = "file"\ntreatment = "file"\n')
    sheet = {"title": "sheet", "treatment": "sheet", "diagnosis": "sheet"}
    settings = load_settings(config, sheet, {"title": "line", "language": None})
    assert (settings.title, settings.treatment, settings.diagnosis) == ("line", "file", "sheet")
    assert settings.language == "en"


def test_the_file_of_the_contract_is_understood(tmp_path):
    settings = load_settings(toml(tmp_path, """
        [report]
        title = "A"; treatment = "crizotinib"; cutoff = 2018-06-30
        """.replace("; ", "\n") + """
        time_unit = "years"
        landmarks = [1, 3]
        group = "arm"
        language = "en"
        [tables]
        patients = "Sheet1"
        [columns.patients]
        patient_id = "Pt ID"
        [values.vital_status]
        dead = ["DOD", 1]
        [[endpoint]]
        key = "os"
        label = "Overall survival"
        origin = "treatment_start"
        events = ["death_date"]
        censor = "last_contact"
        [[endpoint]]
        key = "ttr"
        time = "rectime"
        unit = "days"
        event = "status"
        event_values = [1]
        competing_values = [2]
        [features]
        include = ["fusion_partner"]
        exclude = []
        known_at_start = true
        [gates]
        model = 5
        [privacy]
        profile = "internal"
        min_cell = 5
        """))  # fmt: skip
    assert settings.cutoff == date(2018, 6, 30)
    assert settings.landmarks == (1, 3)
    assert settings.tables == {"patients": "Sheet1"}
    assert settings.columns == {"patients": {"patient_id": "Pt ID"}}
    assert settings.values == {"vital_status": {"dead": ("DOD", 1)}}
    assert settings.endpoint[0] == EndpointRule(
        "os", "Overall survival", "treatment_start", ("death_date",), censor="last_contact"
    )
    assert settings.endpoint[1].competing_values == (2,)
    assert settings.features.include == ("fusion_partner",)


def test_a_sheet_gives_lists_as_text_and_other_sections_with_dots():
    settings = load_settings(None, {
        "landmarks": "0.5, 2", "related": "definite, probable", "cutoff": "2020-01-31", "gates.model": 7.0,
        "features.known_at_start": "no", "values.vital_status.dead": "DOD, tot", "title": 2020, "notice": None,
    })  # fmt: skip
    assert settings.landmarks == (0.5, 2)
    assert settings.related == ("definite", "probable")
    assert settings.cutoff == date(2020, 1, 31)
    assert settings.gates.model == 7
    assert settings.features.known_at_start is False
    assert settings.values["vital_status"]["dead"] == ("DOD", "tot")
    assert settings.title == "2020"


def test_a_profile_may_be_given_by_its_short_name():
    assert load_settings(overrides={"profile": "board"}).privacy.profile == "board"


@pytest.mark.parametrize(
    "text, says",
    [
        ('[report]\ntite = "x"', "unknown key report.tite; did you mean 'title'?"),
        ("[gate]\nmodel = 5", "unknown section 'gate'; did you mean 'gates'?"),
        ('title = "x"', "it belongs under [report]"),
        ("[gates]\nmodel = true", "gates.model is True (true or false), expected a whole number"),
        ('[gates]\nmodel = "5"', "gates.model is '5' (text), expected a whole number"),
        ("[gates]\nmodel = -1", "gates.model is -1, expected a number of at least 0"),
        (
            '[report]\ncutoff = "30.06.2018"',
            "report.cutoff is '30.06.2018', expected a date such as 2018-06-30",
        ),
        (
            "[report]\ncutoff = 2999-01-01",
            "report.cutoff is 2999-01-01, expected a day from 1900-01-01 to 2200",
        ),
        ('[report]\nlandmarks = ["one"]', "report.landmarks is ['one'] (a list), expected a list of numbers"),
        ("[report]\nlandmarks = [0]", "expected times above 0"),
        ('[report]\ntime_unit = "year"', "expected one of days, weeks, months, years"),
        ("[privacy]\nprofile = 'public'", "expected one of internal, board, partner, external"),
        ("[[endpoint]]\nlabel = 'x'", "has no key"),
        ("[[endpoint]]\nkey = 'x'\ntime = 't'", "expected also its event column"),
        ("[[endpoint]]\nkey = 'x'\nevnts = ['a']", "unknown key endpoint.evnts; did you mean 'events'?"),
        ("endpoint = [1]", "expected sections [[endpoint]]"),
        ("[tables]\npatients = 1", "tables.patients is 1 (a whole number), expected text"),
        ("[columns]\npatients = 1", "expected a section [columns.patients]"),
        ("report = 1", "expected a section [report]"),
        ("[report\n", "is not valid TOML"),
    ],
)
def test_a_wrong_file_is_told_what_and_what_instead(tmp_path, text, says):
    assert says in message(tmp_path, text)


def test_all_problems_of_a_file_are_said_at_once(tmp_path):
    said = message(tmp_path, '[report]\ntite = "x"\nlanguage = "fr"\n[gates]\ncoks = 1\n')
    assert "report.tite" in said and "report.language" in said and "gates.coks" in said


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UsageError, match="no settings file 'none.toml'"):
        load_settings(tmp_path / "none.toml")


def test_a_workbook_cannot_say_what_is_run_or_where_history_is_kept(tmp_path):
    for key in ("notify.command", "history.url"):
        with pytest.raises(UsageError, match="can only be set by whoever makes the report"):
            load_settings(None, {key: "curl evil.example"}, {})


def test_who_hears_of_a_run_is_set_in_report_toml(tmp_path):
    config = tmp_path / "report.toml"
    config.write_text(
        '[notify]\nsmtp = "mail.example:587"\nfrom = "r@example"\nto = ["a@example", "b@example"]\n'
    )
    notify = load_settings(config).notify
    assert (notify.smtp, notify.sender, notify.to) == (
        "mail.example:587",
        "r@example",
        ("a@example", "b@example"),
    )
    config.write_text('[notify]\nwhen = "never"\n')
    with pytest.raises(UsageError, match="failure, always"):
        load_settings(config)


def test_settings_of_operation_are_no_part_of_a_report():
    assert not {"history", "notify"} & set(reported(Settings()))
