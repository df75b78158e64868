"""Schemas of what `check --json` and `map --json` answer."""

from __future__ import annotations

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.cohort.mapping.proposal.types import Column as Proposed
from reportgen.cohort.mapping.proposal.types import Lacking, Question, Sheet
from reportgen.cohort.mapping.proposals import Offer
from reportgen.cohort.understood import Column
from reportgen.run.understanding import NO, PART, YES, Chapter
from reportgen.schemas.kinds import TEXT, WHOLE, array, closed, of_fields, one_of


def check() -> dict:
    """The schema of `check --json`, made of the fields that it writes."""
    chapter = of_fields(Chapter, without=("offers",), Offer=Offer)
    content = {
        "issues": array(_issue()),
        "rows": {"type": "object", "additionalProperties": WHOLE},
        "matched": {"type": "object", "additionalProperties": {"type": "object"}},
        "columns": array(closed(of_fields(Column))),
        "chapters": array(closed({**chapter, "made": one_of(YES, PART, NO), "offers": array(TEXT)})),
        "offers": array(closed({**of_fields(Offer), "line": TEXT})),
        "open": array(closed({"sheet": TEXT, "cell": TEXT, "question": TEXT})),
    }
    return _answer("check", content)


def map_() -> dict:
    """The schema of `map --json`, made of the fields that it writes."""
    column = of_fields(Proposed, without=("lines",))
    sheet = of_fields(Sheet, without=("lines", "reason", "columns")) | {"columns": array(closed(column))}
    asked = of_fields(Question, without=("choices",))
    question = {name: asked[name] for name in ("sheet", "cell")} | {"question": TEXT, "choices": array(TEXT)}
    content = {
        "sheets": array(closed(sheet)),
        "open": array(closed(question)),
        "chapters": {"type": "object", "additionalProperties": closed(of_fields(Lacking))},
        "settings": {"type": "string", "description": "The text of report.toml."},
    }
    return _answer("map", content)


def _answer(command: str, content: dict[str, dict]) -> dict:
    """What the command answers, or that it failed, as every command with --json does."""
    failed = {
        "status": one_of("failed", "refused"),
        "exit": WHOLE,
        "what_failed": TEXT,
        "issues": array(_issue()),
    }
    return {
        "$id": f"urn:reportgen:{command}:1",
        "title": f"reportgen {command} --json",
        "anyOf": [closed(content), closed(failed, optional=("issues",), description="It could not be done.")],
    }


def _issue() -> dict:
    fields = of_fields(Issue, without=("about", "patients"))
    return closed(fields | {"severity": one_of(ERROR, WARNING, NOTE)}, optional=("count", "cells"))
