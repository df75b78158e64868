"""Schemas of what somebody writes: report.toml, and the manifest of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from reportgen.batch import manifest
from reportgen.schemas.kinds import TEXT, TRUTH, WHOLE, array
from reportgen.settings.choices import FORMATS
from reportgen.settings.model import EndpointRule, Settings
from reportgen.settings.sources import REPORT_KEYS, SECTIONS
from reportgen.settings.sources.section_values import WRITTEN_AS
from reportgen.settings.values import ALLOWED, AT_MOST, ELEMENTS, MEMBERS, MOST, ONCE, RANGES, TIMES
from reportgen.template import explained

DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}"}
ELEMENT = {float: {"type": "number", "exclusiveMinimum": 0}, str: TEXT, object: {}}
CHANGE = {"type": "integer", "minimum": -100, "maximum": 1_000}
CHANGES = {"type": "array", "items": CHANGE, "minItems": 2, "maxItems": 2}
ROWS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}
TEXTS = {"type": "object", "additionalProperties": TEXT}


def _section(properties: Mapping[str, Any], description: str = "") -> dict:
    told = {"description": description} if description else {}
    return {**told, "type": "object", "properties": dict(properties), "additionalProperties": False}


def _first_sentence(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split())


def _value(where: str, default: Any) -> dict:
    """The schema of one setting, as settings.values checks it: by its default's type, its words and its range."""
    if where in ("report.cutoff", "report.extracted"):
        return dict(DAY)
    if where == "source.header_rows":
        return dict(ROWS)
    if where == "report.size_thresholds":
        return dict(CHANGES)
    if where in ALLOWED:
        return {"enum": list(ALLOWED[where])}
    if isinstance(default, bool):
        return dict(TRUTH)
    if isinstance(default, int):
        least, most = RANGES.get(where, (0, MOST))
        return {**WHOLE, "minimum": least, "maximum": most}
    if where in MEMBERS:
        return array({"enum": list(MEMBERS[where])})
    if isinstance(default, tuple):
        once: dict = {"uniqueItems": True} if where in (*ONCE, *TIMES) else {}
        once |= {"maxItems": AT_MOST[where]} if where in AT_MOST else {}
        return array(ELEMENT[ELEMENTS.get(where, str)]) | once
    return dict(TEXT)


def _values(section: str, kind: type, names: tuple[str, ...]) -> dict[str, dict]:
    told, written = explained(), {field: key for key, field in WRITTEN_AS.get(section, {}).items()}
    found = {}
    for part in fields(kind):
        if part.name in names:
            where, key = f"{section}.{part.name}", written.get(part.name, part.name)
            default = "" if part.default is MISSING else part.default
            explanation = told.get(f"{section}.{part.name}", told.get(f"{section}.{key}"))
            found[key] = ({"description": explanation} if explanation else {}) | _value(where, default)
            if key != part.name:
                found[part.name] = found[key]
    return found


def _names(kind: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind))


def _sections() -> dict[str, dict]:
    scalar_or_list = {"description": "Their words for this one, a list of them or one."}
    endpoint = _section(
        _values("endpoint", EndpointRule, _names(EndpointRule)), _first_sentence(EndpointRule)
    )
    return {
        "report": _section(
            _values("report", Settings, REPORT_KEYS), "What the report is of, and how it is made."
        ),
        "tables": {
            "description": "Our table = their sheet, file or SQL table. ignore: sheets that are none. "
            "stack: sheets that are one.",
            "type": "object",
            "properties": {"ignore": array(TEXT), "stack": array(TEXT), "stack_ids": dict(TRUTH)},
            "additionalProperties": TEXT,
        },
        "columns": {
            "description": "For each table: our column = theirs.",
            "type": "object",
            "additionalProperties": TEXTS,
        },
        "values": {
            "description": "For each column: our word = theirs.",
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": scalar_or_list},
        },
        "endpoint": array({**endpoint, "required": ["key"]}),
        **{
            name: _section(_values(name, kind, _names(kind)), _first_sentence(kind))
            for name, kind in SECTIONS.items()
        },
    }


def report_toml() -> dict:
    """Of the settings, as `build --config` reads them; dates as TOML has them count as texts."""
    return {
        "$id": "urn:reportgen:settings:1",
        "title": "report.toml",
        "description": "Settings of a report of reportgen.",
        **_section(_sections()),
    }


def batch_toml() -> dict:
    """Of the manifest of many cohorts, as `reportgen batch` reads it."""
    sections = _sections()
    # As overrides have it: what is under [settings] may stand there without its section [report], too.
    loose = {**sections["report"]["properties"], **sections}
    kinds = {
        "cutoff": DAY,
        "strict": TRUTH,
        "exclude": array(TEXT),
        "settings": _section(loose, "Settings as in report.toml."),
        "on_invalid": {"enum": list(manifest.INVALID)},
        "profile": {"enum": list(ALLOWED["privacy.profile"])},
        "language": {"enum": list(ALLOWED["report.language"])},
        "format": {"type": "string", "description": f"One or several of {', '.join(FORMATS)}, with commas."},
    }
    common = {key: kinds.get(key, TEXT) for key in manifest.COMMON}
    own = {key: kinds.get(key, TEXT) for key in manifest.OWN}
    cohort = _section(own | common, "A cohort, or all whose files fit a pattern.") | {"required": ["source"]}
    content = {
        "defaults": _section(common, "What holds for every cohort that does not say otherwise."),
        "cohort": array(cohort) | {"minItems": 1},
        "notify": sections["notify"],
    }
    return {
        "$id": "urn:reportgen:batch:1",
        "title": "manifest.toml of a batch",
        **_section(content),
        "required": ["cohort"],
    }
