"""The database of runs: what goes in comes out, older ones are migrated, two runs at once wait for each other."""

from __future__ import annotations

import os
import sqlite3
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from reportgen.base.errors import MachineFailed
from reportgen.cohort.changes.previous_report import Question
from reportgen.cohort.changes.stepwise import tables_of
from reportgen.cohort.load import load_cohort
from reportgen.history import database_schema, store
from reportgen.history.recording import announce, keep
from reportgen.history.runs import Run, load, outline, periods, save
from reportgen.run.pipeline import Request, build
from tests.commands import start
from tests.conftest import ROOT, SAMPLE
from tests.history.reports import monthly

ROW = {"id": "a.b.all.count", "value": 0.1 + 0.2, "low": None, "high": 1.0, "method": "“μ” 100% :name {x}"}
ABOUT = {"settings": {"title": "Größe ; DROP TABLE x; --"}, "labels": {}}
RUN = Run("cohort", "2020-01", date(2020, 1, 31), ABOUT, (ROW,), None, (
    Question("Q-1", "error", "patients", "C7", "P1", "no start", "2019-12-31"),))  # fmt: skip


@pytest.fixture(params=["file", "sqlite address", "postgresql"])
def place(request, tmp_path):
    """A database of each kind, empty."""
    if request.param == "file":
        yield tmp_path / "made" / "history.sqlite"
    elif request.param == "sqlite address":
        pytest.importorskip("sqlalchemy")
        yield f"sqlite:///{tmp_path / 'history.sqlite'}"
    else:
        yield request.getfixturevalue("server")


def test_a_run_comes_back_as_it_was(place):
    tables = tables_of(load_cohort(SAMPLE, overrides={"cutoff": "2017-06-30"}))
    with store.writing(place) as session:
        save(session, replace(RUN, tables=tables))
    with store.reading(place) as session:
        assert periods(session, "cohort") == ("2020-01",)
        found = load(session, "cohort", "2020-01")
        assert load(session, "cohort", "2020-02") is None and load(session, "other", "2020-01") is None
    assert replace(found, tables=None) == RUN
    assert list(found.tables) == list(tables)
    for name, table in tables.items():
        again = found.tables[name]
        pd.testing.assert_frame_equal(again.frame, table.frame, check_index_type=False)
        pd.testing.assert_frame_equal(again.days, table.days, check_index_type=False)
        assert (again.sheet, dict(again.letters)) == (table.sheet, dict(table.letters))


def test_a_run_takes_the_place_of_its_predecessor_and_of_no_other(place):
    with store.writing(place) as session:
        save(session, RUN)
        save(session, replace(RUN, period="2020-02"))
        save(session, replace(RUN, cohort="other"))
        save(session, replace(RUN, estimates=(ROW, ROW | {"id": "second"}), questions=()))
        assert periods(session, "cohort") == ("2020-01", "2020-02")
        assert len(load(session, "cohort", "2020-01").estimates) == 2
        assert load(session, "cohort", "2020-01").questions == ()
        assert outline(session, "other", "2020-01") == replace(RUN, cohort="other", questions=())


def test_what_fails_leaves_nothing_behind(place):
    with store.writing(place) as session:
        save(session, RUN)
    with pytest.raises(KeyError), store.writing(place) as session:
        save(session, replace(RUN, period="2020-02"))
        raise KeyError
    with store.reading(place) as session:
        assert periods(session, "cohort") == ("2020-01",)


def test_an_older_database_is_migrated_and_keeps_its_runs(place, monkeypatch):
    with store.writing(place) as session:
        save(session, RUN)
    newer = (*database_schema.MIGRATIONS, ("ALTER TABLE reportgen_run ADD COLUMN remark VARCHAR(20)",))
    monkeypatch.setattr(database_schema, "MIGRATIONS", newer)
    with store.writing(place) as session:
        assert session.rows("SELECT version FROM reportgen_history") == [(len(newer),)]
        assert session.rows("SELECT remark FROM reportgen_run") == [(None,)]
        assert load(session, "cohort", "2020-01") == RUN


def test_a_newer_database_is_left_alone(place, monkeypatch):
    with store.writing(place) as session:
        session.do("UPDATE reportgen_history SET version = 99")
    with pytest.raises(MachineFailed, match="newer reportgen"), store.writing(place) as session:
        save(session, RUN)
    with pytest.raises(MachineFailed), store.reading(place):
        pass
    monkeypatch.setattr(database_schema, "MIGRATIONS", (database_schema.MIGRATIONS * 99)[:99])
    with store.reading(place) as session:
        assert session.rows("SELECT version FROM reportgen_history") == [(99,)]


def write_many(address: str, cohort: str) -> None:
    place = address if "://" in address else Path(address)
    for month in range(1, 6):
        with store.writing(place) as session:
            save(session, replace(RUN, cohort=cohort, period=f"2020-{month:02}"))


def test_two_runs_at_once_both_get_in(place):
    """Several processes begin with an empty database, and write to the same runs and to their own."""
    writes = f"from tests.history.test_store import write_many\nwrite_many({str(place)!r}, sys.argv[1])"
    at_once = [start(name, program=f"import sys\n{writes}", cwd=ROOT) for name in ("same", "same", "own")]
    ends = [one.ended(600) for one in at_once]
    assert [one.returncode for one in ends] == [0, 0, 0], ends
    with store.reading(place) as session:
        for name in ("same", "own"):
            found = periods(session, name)
            assert len(found) == 5
            assert all(
                load(session, name, period) == replace(RUN, cohort=name, period=period) for period in found
            )
        assert session.rows("SELECT version FROM reportgen_history") == [(len(database_schema.MIGRATIONS),)]


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_the_file_is_the_owners_alone(tmp_path):
    place = tmp_path / "out" / "cohort.history.sqlite"
    with store.writing(place) as session:
        save(session, RUN)
        journals = [path for path in place.parent.iterdir() if path != place]
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (place, *journals))
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_file_by_its_address_is_the_owners_alone_too(tmp_path):
    pytest.importorskip("sqlalchemy")
    with store.writing(f"sqlite:///{tmp_path / 'h.db'}") as session:
        save(session, RUN)
    assert stat.S_IMODE((tmp_path / "h.db").stat().st_mode) == 0o600


def test_reading_leaves_the_file_as_it_is(tmp_path):
    """So that two archived runs can be compared where nothing may be written."""
    place = tmp_path / "cohort.history.sqlite"
    with store.writing(place) as session:
        save(session, RUN)
    before = place.read_bytes()
    with store.reading(place) as session:
        assert load(session, "cohort", "2020-01") == RUN
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            save(session, RUN)
    assert place.read_bytes() == before and [path.name for path in tmp_path.iterdir()] == [place.name]


def test_a_file_that_is_no_database_is_named(tmp_path):
    place = tmp_path / "cohort.history.sqlite"
    place.write_text("no database at all, but long enough to be looked at" * 50)
    with pytest.raises(MachineFailed, match=r"cohort\.history\.sqlite"), store.writing(place):
        pass


@pytest.mark.parametrize(
    "address", ["nonsense", "postgresql+psycopg://u:secret-word@127.0.0.1:1/x", "nosuch://x/y"]
)
def test_an_address_that_cannot_be_reached_is_said_without_its_password(address):
    pytest.importorskip("sqlalchemy")
    with pytest.raises(MachineFailed) as caught, store.writing(address):
        pass
    assert "[history] url" in str(caught.value) and "secret-word" not in str(caught.value)


def test_the_database_of_the_settings_is_used(tmp_path, server):
    settings = {"history.url": server}
    monthly(tmp_path, "2017-06", source=SAMPLE, settings=settings)
    made = monthly(tmp_path, "2018-06", source=SAMPLE, settings=settings)
    assert made.value("patients.new.count") == 1
    assert not list(tmp_path.rglob("*.sqlite"))


@pytest.mark.parametrize("profile", ["board", "external"])
def test_reports_for_others_leave_no_values(tmp_path, profile):
    made = monthly(
        tmp_path,
        "2017-06",
        source=SAMPLE,
        settings={"privacy.profile": profile, "privacy.release_agreed": "yes"},
    )
    assert made.cohort.earlier is None and not list(tmp_path.rglob("*.sqlite"))


def test_a_report_that_was_published_but_not_kept_says_so(tmp_path, monkeypatch):
    def full(kept):
        raise MachineFailed("the history cohort.history.sqlite could not be used: the disk is full.")

    monkeypatch.setattr("reportgen.history.recording.keep", full)
    with pytest.raises(
        MachineFailed, match="the report is in .*, but was not kept for later ones: the history"
    ):
        build(Request(SAMPLE, output=tmp_path, formats=("html",)))
    assert (tmp_path / SAMPLE.stem / "report.html").exists()


def test_a_report_without_a_period_is_kept_but_not_compared(tmp_path):
    from reportgen.history.recording import compare

    cohort = load_cohort(SAMPLE)
    for _ in range(2):
        kept = compare(cohort, tmp_path / "cohort", "")
        assert kept.cohort.earlier is None
        keep(announce(kept, b'{"estimates": []}'))
    with sqlite3.connect(tmp_path / "cohort.history.sqlite") as connection:
        assert connection.execute("SELECT COUNT(*) FROM reportgen_run").fetchone() == (1,)
    connection.close()
