"""Schemas of what a report leaves for machines: results.json, and manifest.json beside it."""

from __future__ import annotations

from reportgen.publish.run_files import MANIFEST_SCHEMA, RESULTS_SCHEMA
from reportgen.schemas.kinds import (
    ANY,
    MOMENT,
    NUMBER,
    SHA256,
    TEXT,
    TRUTH,
    WHOLE,
    array,
    closed,
    of_fields,
    or_null,
)
from reportgen.stats.notes import Status
from reportgen.stats.results import Curve, Estimate, Steps

NUMBER_OR_NULL = {"type": ["number", "null"]}
TOLD = {
    "id": "<section>.<endpoint or variable>.<group>.<statistic>[@<time in days>]",
    "value": "unrounded; null where the number does not exist, and note says why",
    "low": "lower end of the interval",
    "high": "upper end of the interval",
    "level": "of the interval, such as 0.95",
    "se": "standard error",
    "time": "days since time zero",
    "n": "how many patients were counted",
    "events": "how many of them had the event",
    "at_risk": "how many were at risk just before time",
    "method": "how it was estimated, with the kind of interval",
    "note": "NR, NE with the reason, suppressed, or a remark on a number that exists",
    "status": "whether the number exists, and if not, which kind of reason there is",
    "code": "which reason it is, as a fixed word",
}
ANYTHING = {"type": "object"}


def _told(properties: dict[str, dict]) -> dict[str, dict]:
    return {
        name: ({"description": TOLD[name]} if name in TOLD else {}) | kind
        for name, kind in properties.items()
    }


def estimate() -> dict:
    """A row of the estimates, as Estimate.to_row writes it."""
    states = {"enum": [state.value for state in Status]}
    properties = {"id": TEXT, **of_fields(Estimate), "status": states, "code": TEXT}
    return closed(_told(properties), optional=("status", "code"))


def curve() -> dict:
    """A curve, as Curve.to_row writes it: arrays of one length, one entry for each distinct time."""
    steps = closed({name: array(NUMBER_OR_NULL) for name in Steps.__dataclass_fields__})
    fields = of_fields(Curve, without=("steps", "section", "late"))
    late = array({"type": "array", "prefixItems": [NUMBER, WHOLE], "minItems": 2, "maxItems": 2})
    return closed({"id": TEXT, **fields, "steps": steps, "late": late}, optional=("late", "state"))


def results_json() -> dict:
    """The schema of results.json."""
    provenance = closed(
        {
            "program": TEXT,
            "source": ANYTHING,
            "cutoff": or_null(TEXT),
            "cutoff_given": TRUTH,
            "patients": {"type": ["integer", "null"]},
            "settings": ANYTHING,
            "compared_with": array(closed({"period": TEXT, "results": ANY})),
        },
        optional=("compared_with",),
        description="Where the numbers come from; nothing that changes from run to run.",
    )
    content = {
        "schema": {"const": RESULTS_SCHEMA},
        "provenance": provenance,
        "thinned": {
            "type": "string",
            "description": "Only in the copy inside report.pdf, where curves are long.",
        },
        "estimates": array(estimate()),
        "curves": array(curve()),
    }
    return {
        "$id": "urn:reportgen:results:1",
        "title": "results.json",
        **closed(content, optional=("thinned",)),
    }


def manifest_json() -> dict:
    """The proof of a report or of case reviews: what went in, what came out, and how."""
    file = closed({"sha256": SHA256, "bytes": WHOLE})
    content = {
        "schema": {"const": MANIFEST_SCHEMA},
        "made": MOMENT,
        "cutoff": or_null(TEXT),
        "cutoff_given": TRUTH,
        "inputs": array(ANYTHING),
        "outputs": {"type": "object", "additionalProperties": file},
        "request": ANYTHING,
        "settings": ANYTHING,
        "pseudonyms": TEXT,
        "releases": array(TEXT),
        "versions": {"type": "object", "additionalProperties": TEXT},
        "program": SHA256,
        "machine": closed({"system": TEXT, "architecture": TEXT}),
        "seconds": {"type": "object", "additionalProperties": NUMBER},
        "seal": SHA256,
    }
    optional = ("pseudonyms", "releases")
    return {"$id": "urn:reportgen:manifest:1", "title": "manifest.json", **closed(content, optional)}
