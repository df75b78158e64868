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
    issue = of_fields(Issue, without=("about", "patients"))
    issue["severity"] = one_of(ERROR, WARNING, NOTE)
    chapter = of_fields(Chapter, without=("offers",), Offer=Offer)
    content = {
        "issues": array(closed(issue, optional=("count", "cells"))),
        "rows": {"type": "object", "additionalProperties": WHOLE},
        "matched": {"type": "object", "additionalProperties": {"type": "object"}},
        "columns": array(closed(of_fields(Column))),
        "chapters": array(closed({**chapter, "made": one_of(YES, PART, NO), "offers": array(TEXT)})),
        "offers": array(closed({**of_fields(Offer), "line": TEXT})),
    }
    return {"$id": "urn:reportgen:check:1", "title": "reportgen check --json", **closed(content)}


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
    return {"$id": "urn:reportgen:map:1", "title": "reportgen map --json", **closed(content)}
