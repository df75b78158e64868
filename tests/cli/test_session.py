"""A session at a true terminal: the keys that a clinician would press make a report with the true numbers."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from reportgen.cohort.load import load_cohort

pty = pytest.importorskip("pty", reason="a terminal as POSIX has it")
MESSY = Path(__file__).parents[1] / "cases" / "messy"
PROMPT = "\n> "
# What is asked → the key that is pressed; everything else is answered with Enter.
KEYS = {'what is "LTFU"': "a"}


def session(*arguments: str) -> tuple[str, int]:
    """What a command says at a terminal of its own, each question answered as KEYS has it, and its exit status."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", "reportgen", *arguments])
    said, answered = "", 0
    while True:
        try:
            piece = os.read(terminal, 4096).decode("utf-8", "replace")
        except OSError:  # the end of a terminal, as Linux says it
            break
        if not piece:
            break
        said += piece.replace("\r\n", "\n")
        if said.endswith(PROMPT) and len(said) > answered:
            question = said[answered:]
            answered = len(said)
            key = next((key for words, key in KEYS.items() if words in question), "\n")
            os.write(terminal, key.encode())
    os.close(terminal)
    return said, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_one_key_for_each_answer_and_every_number_follows_from_the_truth(tmp_path):
    source = shutil.copy(MESSY / "asps.xlsx", tmp_path)
    said, status = session("map", str(source))
    assert status == 0 and "OPEN" not in said
    assert 1 <= said.count(PROMPT) <= 8
    truth = json.loads((MESSY / "truth.json").read_text(encoding="utf-8"))
    cohort = load_cohort(source)
    patients = cohort.patients.frame
    for ours, theirs in (
        ("treatment_start", "start"),
        ("treatment_stop", "stop"),
        ("relapse_date", "pd"),
        ("last_contact", "end"),
    ):
        days = [day.date().isoformat() if day == day else None for day in patients[ours]]
        assert days == [row[theirs] for row in truth], ours
    assert (patients["vital_status"] == "dead").tolist() == [row["dead"] for row in truth]
    assert patients["best_response"].tolist() == [row["br"] for row in truth]
    survival = cohort.endpoints["os"]
    assert int((survival.status == 1).sum()) == sum(row["dead"] for row in truth)
    progress = cohort.endpoints["pfs"]
    assert int((progress.status == 1).sum()) == sum(bool(row["pd"] or row["dead"]) for row in truth)
    again, status = session("map", str(source))
    assert status == 0 and PROMPT not in again
