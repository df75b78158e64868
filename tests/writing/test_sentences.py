"""Every sentence of random cohorts: its numbers are those of results.json, its nouns and verbs fit their counts.

REPORTGEN_COHORTS sets how many cohorts are drawn (`make fuzz` tries more), REPORTGEN_FIRST_COHORT the first seed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.base.drawing import Drawing
from reportgen.base.errors import DataRefused, UsageError
from reportgen.chapters import chapters
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.load import check_cohort, load_cohort
from reportgen.figures.canvas import Canvas
from reportgen.report import Figure, Note, Notice, Paragraph, Section, Table, Value, plain
from reportgen.run.composing import analyse
from reportgen.settings.model import Settings
from reportgen.stats.results import Estimate
from reportgen.writing.translation import worded
from tests.random_cohorts import random_book
from tests.settings.every_setting import Wide
from tests.settings.test_any_settings import Draw
from tests.workbooks import write_workbook

FIRST, COHORTS = (
    int(os.environ.get(f"REPORTGEN_{name}", n)) for name, n in (("FIRST_COHORT", 0), ("COHORTS", 80))
)
AT_ONCE = 20
NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")
SPELLED = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
UNITS = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}
NOUNS = "patient|relapse|death|event|row|group|feature|term|line|toxicity row|subject|assessment|response|responder"
MANY = "|".join([*SPELLED[2:], r"\d\d+", "[2-9]", "0"])
FAULTS = {
    "a plural after one": rf"(?<![\d.,–−/])\b(?:1|[Oo]ne) (?:{NOUNS})s\b",
    "a singular after many": rf"(?<![\d.,–−/])\b(?:{MANY}) (?:{NOUNS})\b(?! row|-year)",
    "are after one": rf"(?<!\w of )\b(?:[Oo]ne|1) (?:{NOUNS})(?: of \w+ \w+)? (?:are|were|have)\b",
    "is after many": rf"(?<!each of )\b(?:{MANY}) (?:{NOUNS})s (?:is|was|has)\b",
    "nothing of nothing": r"\b(?:0|none|no patient) of (?:0|no|zero)\b",
    "a hole": r"\b(?:nan|inf)\b|\bNone\b(?! of)|[{}]|  | [.,;:](?!\d)|\(\)|\(;|;\)|,\.|\.\.(?!\.)",
    "a certainty": r"100% \(95% CI 100|95% CI 0–0(?![.\d])|CI 1\.00?–1\.00?(?![.\d])",
}  # fmt: skip


PATTERNS = {name: re.compile(pattern) for name, pattern in FAULTS.items()}


@pytest.mark.parametrize("first", range(FIRST, FIRST + COHORTS, AT_ONCE))
def test_sentences_agree_with_results(first, monkeypatch):
    monkeypatch.setattr(Canvas, "drawing", lambda self, height: Drawing("drawn", 1, height))
    wrong = [fault for seed in range(first, first + AT_ONCE) for fault in faults_of(seed)]
    assert wrong == []


@pytest.mark.parametrize("first", range(FIRST, FIRST + COHORTS // 4, AT_ONCE // 2))
def test_sentences_agree_under_every_setting_and_with_any_columns(first, tmp_path, monkeypatch):
    monkeypatch.setattr(Canvas, "drawing", lambda self, height: Drawing("drawn", 1, height))
    wrong = [fault for seed in range(first, first + AT_ONCE // 2) for fault in faults_of_any(seed, tmp_path)]
    assert wrong == []


# Found by longer runs: a difference between groups without an interval, on page one; a landmark with late entry.
@pytest.mark.parametrize("seed", (10146, 10025))
def test_what_longer_runs_found_is_told(seed, tmp_path, monkeypatch):
    monkeypatch.setattr(Canvas, "drawing", lambda self, height: Drawing("drawn", 1, height))
    assert faults_of_every(seed, tmp_path) == []


@pytest.mark.parametrize("first", range(FIRST, FIRST + COHORTS // 4, AT_ONCE // 2))
def test_sentences_agree_in_every_form(first, tmp_path, monkeypatch):
    monkeypatch.setattr(Canvas, "drawing", lambda self, height: Drawing("drawn", 1, height))
    wrong = [
        fault for seed in range(first, first + AT_ONCE // 2) for fault in faults_of_every(seed, tmp_path)
    ]
    assert wrong == []


def faults_of_any(seed: int, folder: Path) -> list[str]:
    """Of a cohort with any of its columns under any settings, in English and for readers inside."""
    draw = Draw(seed)
    sheets = draw.sheets()
    book = write_workbook(folder / f"cohort{seed}.xlsx", **sheets)
    return faults_told(book, draw.settings(list(sheets["patients"][0])), seed)


def faults_of_every(seed: int, folder: Path) -> list[str]:
    """The same of a cohort in any form that a setting names, with every column and setting there is."""
    book = Wide(seed).written(folder)
    return faults_told(book, book.with_name("report.toml").read_text(encoding="utf-8"), seed)


def faults_told(book: Path, told: str, seed: int) -> list[str]:
    told = re.sub('language = "de"', 'language = "en"', told)
    told = re.sub('profile = "[a-z]+"', 'profile = "internal"', told)
    book.with_name("report.toml").write_text(told, encoding="utf-8")
    try:
        cohort = load_cohort(book, config=book.with_name("report.toml"), on_invalid="exclude")
    except (DataRefused, UsageError):
        return []
    return faults_in(cohort, seed)


def faults_of(seed: int) -> list[str]:
    book, chosen = random_book(seed)
    cohort, issues = check_cohort(book, replace(Settings(), **chosen))
    assert cohort is not None, (seed, [issue for issue in issues if issue.severity == "error"])
    return faults_in(cohort, seed)


def faults_in(cohort: Cohort, seed: int) -> list[str]:
    results, notices = analyse(cohort)
    results = worded(results)
    known = {row.id: row for row in results.estimates}
    curves = {curve.id for curve in results.curves}
    found = [f"{seed}: an interval of one or two: {e.id}" for e in results.estimates if e.n in (1, 2)
             and (e.low is not None or e.high is not None)]  # fmt: skip
    for chapter in chapters(cohort):
        section = notices.get(chapter.KEY) or chapter.present(results)
        for text in texts(section):
            words = plain(text)
            for name, pattern in PATTERNS.items():
                if fault := pattern.search(words):
                    found.append(f"{seed} {chapter.KEY}: {name}: {fault[0]!r} in {words!r}")
            for part in text:
                if isinstance(part, Value) and part.ref is not None and part.ref not in curves:
                    said = said_of(known[part.ref])
                    if [n for n in numbers_in(str(part.text)) if not any(near(n, s) for s in said)]:
                        found.append(f"{seed} {chapter.KEY}: {part.text!r} is not {part.ref} in {words!r}")
    return found


def numbers_in(text: str) -> Iterator[str]:
    """Those of a printed value; of what lies beyond the last that is printed (<1, >99) nothing can be compared."""
    yield from NUMBER.findall(re.sub(r"[<>] ?\d[\d.]*", "", text.replace("–", " ")))
    yield from (str(k) for k, word in enumerate(SPELLED) if re.search(rf"\b{word}\b", text))


def said_of(e: Estimate) -> set[float]:
    """The numbers that may be said of an estimate: its own, in any unit of time, as a percentage, and what is left."""
    counts = [e.n, e.events, e.at_risk]
    counts += [e.n - e.events] if e.n is not None and e.events is not None else []
    counts += [100 * e.events / e.n] if e.n and e.events is not None else []
    own = [x for x in (e.value, e.low, e.high, e.se, e.time) if x is not None]
    level = [] if e.level is None else [e.level, 100 * e.level]
    scaled = [x * k for x in own for k in (1.0, 100.0, *(1 / days for days in UNITS.values()))]
    # A level of a category may be called after a number, as its row is.
    words = f"{e.note} {e.group} {e.variable}"
    noted = [float(n.replace(",", "").replace("−", "-")) for n in numbers_in(words)]
    return {float(x) for x in (*counts, *scaled, *level, *noted) if x is not None}


def near(said: str, number: float) -> bool:
    """Whether a number is the other one as it is rounded in print."""
    shown = said.replace(",", "").replace("−", "-")
    places = len(shown.partition(".")[2])
    return abs(float(shown) - number) <= 0.5 * 10**-places + 1e-9


def texts(section: Section) -> Iterator[tuple]:
    for block in section.every:
        if isinstance(block, Paragraph | Notice):
            yield block.text
        elif isinstance(block, Note):
            yield (block.text,) if isinstance(block.text, str) else block.text
        elif isinstance(block, Table):
            yield from (
                block.caption,
                *block.notes,
                *(cell for row in block.rows for cell in row.cells if cell),
            )
        elif isinstance(block, Figure):
            yield from (block.caption, *block.notes, (block.alt,))
