"""What does not exist says so in a status and a code, and neither is lost on the way through a file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reportgen.base.message import Message
from reportgen.cohort.load import check_cohort
from reportgen.publish.run_files import results_json
from reportgen.run.composing import analyse
from reportgen.settings.model import Settings
from reportgen.stats.notes import Note, Status
from reportgen.stats.results import Estimate
from tests.random_cohorts import random_book


def assert_reasons(results):
    for e in results.estimates:
        assert isinstance(e.method, Message) or not e.method, (e.id, e.method)
        assert isinstance(e.note, Message) or not e.note, (e.id, e.note)
        if e.exists:
            assert (e.status, e.code) == (Status.OK, ""), e.id
        else:
            assert e.status is not Status.OK and e.code, e.id


def test_every_estimate_of_the_samples_without_a_value_says_why(sample, two_groups):
    for made in (sample, two_groups):
        assert_reasons(made.results)
        rows = json.loads(results_json(made.results, {}))["estimates"]
        assert {(r["status"] == "ok") for r in rows if r["value"] is not None} == {True}
        assert all(r["status"] != "ok" and r["code"] and r["note"] for r in rows if r["value"] is None)


@pytest.mark.parametrize("seed", range(20))
def test_every_estimate_of_any_cohort_without_a_value_says_why(seed):
    book, settings = random_book(seed)
    cohort, _issues = check_cohort(book, replace(Settings(), **settings))
    assert_reasons(analyse(cohort)[0])


def test_an_estimate_comes_back_from_its_row(sample):
    for e in sample.results.estimates:
        back = Estimate.from_row(json.loads(json.dumps(e.to_row())))
        assert (back.to_row(), back.status, back.code) == (e.to_row(), e.status, e.code)
        assert back == e


@pytest.mark.parametrize(
    ("note", "status"),
    (("", "ok"), ("NR", "not_reached"), ("NE: no events", "not_estimable"), ("suppressed", "suppressed"),
     ("no interval: the variance is 0", "ok")),
)  # fmt: skip
def test_a_row_of_an_earlier_version_has_the_status_that_its_words_stand_for(note, status):
    row = {k: v for k, v in Estimate("rate").to_row().items() if k not in ("status", "code")}
    back = Estimate.from_row(row | {"note": note})
    assert (back.status, str(back.note)) == (status, note)
    assert bool(back.code) == (status != "ok")


def test_a_note_with_braces_from_the_data_is_read_as_it_stands():
    row = Estimate("rate").to_row() | {"note": "NE: {a} does not vary"}
    assert str(Estimate.from_row(row).note) == "NE: {a} does not vary"


def test_a_note_survives_another_process():
    import pickle

    note = Estimate("rate", note="NE: no events").note
    back = pickle.loads(pickle.dumps(note))
    assert isinstance(back, Note) and (back, back.status, back.code) == (note, note.status, note.code)
    assert replace(Estimate("rate"), note=back).status is Status.NOT_ESTIMABLE
