"""Schemas of what lies over several documents: batch.json over reports, index.json over case reviews."""

from __future__ import annotations

from reportgen.batch.cohort_rows import SCHEMA, SHOWN, CohortRow, Reported
from reportgen.publish.review_links import SCHEMA as REVIEWS
from reportgen.schemas.kinds import TEXT, WHOLE, array, closed, of_fields, or_null
from reportgen.schemas.results import estimate


def batch_json() -> dict:
    """The schema of batch.json: every cohort of a manifest, and the estimates that the index shows."""
    of_row, of_report = (
        of_fields(CohortRow, without=("reported",)),
        of_fields(Reported, without=("estimates",)),
    )
    cohort = {name: of_row[name] if name in of_row else _or_none(of_report[name]) for name in SHOWN}
    content = {
        "schema": {"const": SCHEMA},
        "program": TEXT,
        "cohorts": array(closed(cohort)),
        "estimates": array(estimate()),
    }
    return {"$id": "urn:reportgen:batch:1", "title": "batch.json", **closed(content)}


def _or_none(kind: dict) -> dict:
    """Of a cohort that has no report."""
    return kind if "null" in kind["type"] else or_null(kind)


def index_json() -> dict:
    """The schema of index.json: which case review is whose; patient: only where ids may be seen."""
    case = closed(
        {"pseudonym": TEXT, "file": TEXT, "encrypted": TEXT, "patient": TEXT},
        optional=("encrypted", "patient"),
    )
    content = {
        "schema": {"const": REVIEWS},
        "program": TEXT,
        "profile": TEXT,
        "cutoff": or_null(TEXT),
        "patients": WHOLE,
        "cases": array(case),
        "failed": array(TEXT),
    }
    return {"$id": "urn:reportgen:cases:1", "title": "index.json", **closed(content)}
