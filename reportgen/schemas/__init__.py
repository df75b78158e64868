"""JSON Schemas of all that the program reads and writes, generated from the types that do so."""

from __future__ import annotations

import json
from collections.abc import Callable

from reportgen.base.errors import UsageError
from reportgen.schemas import command_output, indexes, results, settings, status

SCHEMAS: dict[str, Callable[[], dict]] = {
    "report.toml": settings.report_toml,
    "batch.toml": settings.batch_toml,
    "results.json": results.results_json,
    "manifest.json": results.manifest_json,
    "status.json": status.status_json,
    "batch.json": indexes.batch_json,
    "index.json": indexes.index_json,
    "check": command_output.check,
    "map": command_output.map_,
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str) -> dict:
    """The JSON Schema (draft 2020-12) of a file or an answer. UsageError that lists the names for any other."""
    if name not in SCHEMAS:
        raise UsageError(f"There is no schema {name!r}; there are {', '.join(SCHEMAS)}.")
    return {"$schema": DIALECT, **SCHEMAS[name]()}


def as_text(name: str) -> str:
    """The schema as a file holds it: the same bytes every time."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"
