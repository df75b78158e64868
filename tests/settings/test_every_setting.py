"""Every accepted setting and every column of every table is drawn: a report in any format, or a refusal that says why.

REPORTGEN_COHORTS sets how many cohorts are drawn (`make fuzz` tries more), REPORTGEN_FIRST_COHORT the first seed.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from reportgen.base.errors import DataRefused, UsageError
from reportgen.casereview import one_review as making
from reportgen.casereview.case import Case, Shared
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.schema import TABLES
from reportgen.render.html.document import render_html
from reportgen.run.pipeline import produce, protected
from reportgen.settings.model import EndpointRule
from reportgen.settings.sources import REPORT_KEYS, SECTIONS
from reportgen.writing.language import speaking
from tests.settings.drawn_settings import ENDPOINT, SETTINGS
from tests.settings.every_setting import Wide
from tests.settings.test_any_settings import COHORTS, FIRST

# An endpoint without patients in a group, a turned sheet with toxicities in columns, a page one without words.
ONCE_CRASHED = (3005524, 3008380, 3008848)
# Of the program's operation, and files beside report.toml: no part of what is computed.
ELSEWHERE = {"branding.logo", "branding.templates"}
NO_PDF = ("html", "docx", "pptx", "xlsx", "text", "ard", "csv")


def test_no_accepted_setting_is_left_out():
    accepted = {f"report.{name}" for name in REPORT_KEYS}
    accepted |= {f"{section}.{part.name}" for section, kind in SECTIONS.items() if section not in ("history", "notify")
                 for part in fields(kind)}  # fmt: skip
    drawn = {name for name in SETTINGS if name.partition(".")[0] not in ("tables", "columns", "values")}
    assert drawn == accepted - ELSEWHERE
    assert {*ENDPOINT, "key"} == {part.name for part in fields(EndpointRule)}


def test_no_column_is_left_out():
    drawn: dict[str, set[str]] = {table: set() for table in TABLES}
    for seed in range(120):
        for name, rows in Wide(seed).sheets().items():
            drawn[name] |= set(rows[0])
    assert {
        table: {column.name for column in columns} - drawn[table] for table, columns in TABLES.items()
    } == {table: set() for table in TABLES}


def made(folder: Path, seed: int) -> str:
    """What became of a cohort drawn: "made", or why it was refused. Whatever else is raised is a bug."""
    draw = Wide(seed)
    book = draw.written(folder)
    try:
        return _report(folder, book, draw)
    except (DataRefused, UsageError) as refused:
        assert str(refused)
        return type(refused).__name__


def _report(folder: Path, book: Path, draw: Wide) -> str:
    on_invalid = draw.one_of(["exclude", "exclude", "exclude", "refuse"])
    cohort = protected(load_cohort(book, config=folder / "report.toml", on_invalid=on_invalid), folder)
    profile = cohort.settings.privacy.profile
    formats = draw.few(NO_PDF, 2) + (["data"] if profile == "partner" else [])
    made = produce(cohort, tuple(name for name in formats if name != "csv" or profile != "external"))
    _within_bounds(json.loads(made["results.json"]))
    if profile not in ("external", "partner"):
        with speaking(cohort.settings.language):
            assert render_html(making.compose(Case(Shared.of(cohort), 0, "P")))
    return "made"


def _within_bounds(results: dict) -> None:
    """What holds of every report: intervals hold their estimate, shares lie between 0 and 1, ids are unique."""
    ids = [row["id"] for row in results["estimates"]]
    assert len(ids) == len(set(ids))
    for row in results["estimates"]:
        low, value, high = row["low"], row["value"], row["high"]
        if None not in (low, value, high):
            assert low - 1e-9 <= value <= high + 1e-9, row
        if value is not None and row["statistic"] in (
            "survival",
            "cumulative_incidence",
            "proportion",
            "p_value",
        ):
            assert -1e-9 <= value <= 1 + 1e-9, row
        if (
            row["events"] is not None
            and row["n"] is not None
            and row["statistic"] in ("survival", "median_time", "proportion")
        ):
            assert row["events"] <= row["n"], row


@pytest.mark.parametrize("seed", (*range(FIRST, FIRST + COHORTS), *ONCE_CRASHED))
def test_a_report_is_made_or_refused_under_every_setting(tmp_path, seed):
    assert made(tmp_path, seed)
