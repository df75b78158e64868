"""REDCap by its API: what comes is what a download gives, and no token, name or redirect gets anywhere."""

from __future__ import annotations

import json

import pytest

from reportgen.base.errors import DataRefused, MachineFailed, UsageError
from reportgen.cohort.load import load_cohort, read_source
from reportgen.cohort.readers import redcap_api, redcap_server
from reportgen.cohort.source import stem_of
from tests.cohort.test_redcap import assert_the_project
from tests.commands import command
from tests.redcap_server import REPEATING, TOKEN, broken, status
from tests.redcap_server import redcap_server as running

NAME = "REPORTGEN_REDCAP_TOKEN_TRIAL"


@pytest.fixture
def waits(monkeypatch):
    slept = []
    monkeypatch.setattr(redcap_server.time, "sleep", slept.append)
    return slept


@pytest.fixture
def redcap(tmp_path, monkeypatch, waits):
    with running(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.setenv(NAME, TOKEN)
        yield server


def said_of(error, server):
    with pytest.raises(error) as caught:
        read_source(server.url)
    said = f"{caught.value} {caught.value.summary} {caught.value!r}"
    assert TOKEN.casefold() not in said.casefold()
    return str(caught.value)


def test_a_project_page_by_page_is_what_its_download_gives(redcap, monkeypatch, tmp_path):
    monkeypatch.setattr(redcap_api, "PAGE", 3)
    redcap.rows.sort(
        key=lambda row: row["redcap_event_name"], reverse=True
    )  # it is put into the order of events
    cohort = load_cohort(redcap.url)
    assert_the_project(cohort)
    assert cohort.source.name == stem_of(redcap.url) == "trial" and len(cohort.source.sha256) == 64
    pages = [asked for asked in redcap.asked if "records[0]" in asked]
    assert [sum(name.startswith("records[") for name in page) for page in pages] == [3, 1]
    downloaded = load_cohort(tmp_path / "files")
    ours, theirs = (one.patients.frame.sort_values("patient_id") for one in (cohort, downloaded))
    assert ours[theirs.columns].to_dict("list") == theirs.to_dict("list")
    assert {match.column: match.cell for match in cohort.matches}["sex"] == "sex"


def test_names_are_not_even_asked_for(redcap):
    said = [issue for issue in load_cohort(redcap.url).issues if issue.code == "DIRECT_IDENTIFIER"]
    asked = {value for one in redcap.asked for name, value in one.items() if name.startswith("fields[")}
    assert "full_name" not in asked and {"date_of_birth", "sex"} <= asked
    assert {issue.cell for issue in said} == {"full_name", "date_of_birth"}


def test_a_project_without_events_whose_form_was_never_filled_in(redcap, monkeypatch):
    redcap.project |= {"is_longitudinal": 0}
    redcap.rows[:] = [{name: cell for name, cell in row.items() if not name.startswith("redcap_")}
                      | {"vital_status": "1", "last_contact": "2021-01-01", "weight": "-99"}
                      for row in redcap.rows if row["treatment_start"]]  # fmt: skip
    for field in redcap.dictionary[15:]:
        field["form_name"] = "mishaps"
    monkeypatch.setitem(REPEATING[0], "form_name", "mishaps")
    cohort = load_cohort(redcap.url)
    assert cohort.n == 4 and cohort.patients.frame["weight"].isna().all()
    assert "term" not in cohort.patients.frame  # it repeats, says the server, though no row does
    assert "event" not in [asked["content"] for asked in redcap.asked]


def test_a_busy_server_is_asked_again(redcap, waits):
    redcap.faults += [status(500), broken, status(503, Retry_After="7")]
    assert_the_project(load_cohort(redcap.url))
    assert waits == [redcap_server.WAITS[0], redcap_server.WAITS[1], 7]
    redcap.faults += [status(502)] * 4
    assert "it answers 502" in said_of(MachineFailed, redcap)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (status(403, json.dumps({"error": f"Not {TOKEN.lower()}\n"}).encode()), "403 (Not …); ask for the right"),
        (status(400, b'{"error": "The record P1 does not exist"}'), "400 (the request is not accepted)."),
        (status(302, Location="https://localhost/elsewhere"), "sends on to another address"),
        (status(200, b"<html>Log in</html>"), "no JSON"),
        (status(200, b"[" * 200_000), "no JSON"),
        (status(200, b"[]"), "not as the API's is described"),
    ],
    ids=["rights", "request", "redirect", "page", "deep", "strange"],
)  # fmt: skip
def test_what_a_server_may_answer_instead(redcap, waits, fault, says):
    redcap.faults.append(fault)
    said = said_of(MachineFailed, redcap)
    assert says in said and "P1" not in said and waits == [] and len(redcap.asked) == 1


def test_answers_beyond_all_measure_are_refused(redcap, monkeypatch):
    monkeypatch.setattr(redcap_server, "MAX_ANSWER", 1000)
    assert said_of(DataRefused, redcap).startswith("1 error")
    monkeypatch.setattr(redcap_server, "MAX_ANSWER", 10**6)
    monkeypatch.setattr(redcap_api, "MAX_CELLS", 20)
    assert said_of(DataRefused, redcap)


def test_records_that_come_or_go_meanwhile_are_noticed(redcap, monkeypatch):
    monkeypatch.setattr(redcap_api, "PAGE", 3)
    answer = redcap.answer

    def changing(asked):
        if "records[0]" in asked:
            redcap.rows[:] = [row for row in redcap.rows if row["record_id"] != "P4"]
        return answer(asked)

    monkeypatch.setattr(redcap, "answer", changing)
    with pytest.raises(DataRefused) as caught:
        read_source(redcap.url)
    assert caught.value.issues[0].code == "SOURCE_CHANGED"


def test_nothing_goes_to_a_server_that_is_not_trusted(redcap, monkeypatch, tmp_path, waits):
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate is not trusted" in said_of(MachineFailed, redcap) and redcap.asked == []
    (tmp_path / "plain").mkdir()
    with running(tmp_path / "plain", tls=False) as plain:
        assert "speaks no TLS" in said_of(MachineFailed, plain) and plain.asked == []
    assert waits == []
    assert "can't be reached" in said_of(MachineFailed, plain) and waits == list(redcap_server.WAITS)


def test_where_the_token_may_be(redcap, monkeypatch, tmp_path):
    monkeypatch.delenv(NAME)
    assert NAME in said_of(UsageError, redcap) and "chmod 600" in said_of(UsageError, redcap)
    file = tmp_path / "config" / "reportgen" / "redcap" / "trial.token"
    file.parent.mkdir(parents=True)
    file.write_text(f"{TOKEN}\n")
    file.chmod(0o640)
    assert "Others may read" in said_of(UsageError, redcap)
    file.chmod(0o600)
    assert read_source(redcap.url).name == "trial"
    monkeypatch.setenv(NAME, TOKEN[:-1])
    assert "is none" in said_of(UsageError, redcap)
    monkeypatch.delenv(NAME)
    file.unlink()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / NAME).write_text(TOKEN)
    assert read_source(redcap.url).name == "trial"


@pytest.mark.parametrize(
    "place", ["localhost/api/", f"{TOKEN}@localhost/api/", f"trial:{TOKEN}@localhost/api/", "a b@localhost/", "trial@",
              "trial@[::1/api/", "trial@localhost:x/", "trial@localhost/api/?token=1", "../x@localhost/api/"],
)  # fmt: skip
def test_an_address_that_is_wrong_names_no_token(place, monkeypatch):
    monkeypatch.setenv(NAME, TOKEN)
    with pytest.raises(UsageError) as caught:
        read_source(f"redcap://{place}")
    assert TOKEN not in str(caught.value) and "redcap://PROJECT@" in str(caught.value)
    assert TOKEN not in stem_of(f"redcap://{place}")


def test_map_knows_it_and_check_names_the_field(redcap, tmp_path):
    config = tmp_path / "trial.toml"
    done = command("map", redcap.url, "--config", config, "--yes", cwd=tmp_path)
    assert done.returncode == 0 and "adverse_events: toxicities" in done.stdout and config.is_file()
    assert TOKEN not in done.stdout + done.stderr + config.read_text()
    redcap.rows[3]["grade"] = "7"
    done = command("check", redcap.url, "--config", config, cwd=tmp_path)
    assert done.returncode == 3 and "grade, row 3 (P1)" in done.stdout + done.stderr, done.stdout
    assert TOKEN not in done.stdout + done.stderr
