"""What the checks of the data ask is said in every language: as Messages, whose templates every catalogue has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import reportgen
from reportgen.base.message import Message, message
from reportgen.cohort.checks.rule import and_more
from reportgen.cohort.clean.cell_questions import QUESTIONS
from reportgen.history.previous_run import Question
from reportgen.history.runs import _asked, _question
from reportgen.run.checking import check
from reportgen.writing.language import _, languages, speaking
from reportgen.writing.messages import said
from tests.conftest import ROOT

PACKAGE = Path(reportgen.__file__).parent
CASES = ROOT / "tests" / "cases"
LETTERS = re.compile(r"(?<!\{)\b[a-z]{2,}\b(?!\})", re.IGNORECASE)
PARTS = {
    "header": "sex",
    "column": "sex",
    "words": "female, male",
    "fault": "#N/A",
    "value": "-99",
    "most": 1000,
    "n": 7,
}


def templates() -> Iterator[tuple[str, str]]:
    """Every template of a Message in what reads and checks; one that is no literal is found by no translator."""
    for path in sorted((PACKAGE / "cohort").rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("message", "N_"):
                template = node.args[0]
                assert isinstance(template, ast.Constant), f"{name}:{node.lineno}: no literal"
                yield name, str(template.value)


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_every_text_of_the_checks_is_translated(code):
    found = list(templates())
    assert len(found) > 400
    with speaking(code):
        assert [pair for pair in found if LETTERS.search(pair[1]) and _(pair[1]) == pair[1]] == []


@pytest.mark.parametrize("code", QUESTIONS)
def test_what_is_said_of_a_cell_stands_behind_the_name_of_its_column(code):
    asked = QUESTIONS[code]
    for template in filter(None, (asked.problem, asked.one)):
        whole = and_more(Message(template, PARTS), 1200)
        assert str(whole).endswith(": 1,200 more rows")
        with speaking("de"):
            assert said(whole).startswith("sex: ") and said(whole).endswith(": 1.200 weitere Zeilen")
            assert str(whole)[5:30] not in said(whole)
            assert "female, male" in said(whole) or "{words}" not in template


def test_a_column_that_is_called_like_a_word_of_ours_keeps_its_name():
    with speaking("de"):
        assert said(message("{a} is before {b}", a="treatment", b="death")) == "treatment liegt vor death"


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_whatever_is_found_in_a_case_is_said_by_its_template(name, tmp_path):
    source = CASES / name
    config = source / "report.toml"
    found = check(source, config if config.is_file() else None, tmp_path)
    for issue in found.issues:
        assert isinstance(issue.problem, Message) and isinstance(issue.hint, Message), issue
        with speaking("de"):
            for text in (issue.problem, issue.hint):
                assert said(text) != text or not LETTERS.search(text.template), text


def test_a_question_that_is_kept_can_be_said_in_another_language_later():
    problem = message("{a} is before {b}", a="relapse_date", b="treatment_start")
    kept = Question("Q-1", "error", "patients", "C7", "P1", problem, "2019-12-31")
    import json

    again = _asked(json.loads(_question(kept)))
    assert again == kept
    with speaking("de"):
        assert said(again.problem) == "relapse_date liegt vor treatment_start"


def test_a_question_that_an_earlier_version_kept_has_its_words():
    row = {
        "id": "Q-1",
        "severity": "error",
        "sheet": "",
        "cell": "",
        "patient": "",
        "problem": "no start",
        "since": "",
    }
    assert _asked(row) == Question("Q-1", "error", "", "", "", "no start", "")
