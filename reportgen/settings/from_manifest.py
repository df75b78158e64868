"""Settings out of a manifest: as they were after all their sources were merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.settings.model import Settings
from reportgen.settings.sources import FREE_SECTIONS, READ, SECTIONS, _lay_over

OF_GIVEN_TIMES = ("time", "unit", "event", "event_values", "competing_values", "censor_values")


def recorded_settings(content: Mapping) -> Settings:
    """The Settings that `asdict(settings)`, written as JSON, stands for.

    >>> recorded_settings({"title": "T", "cutoff": "2018-06-30", "gates": {"cox": 12}}).cutoff.year
    2018

    UsageError for a key that this version does not know, or a value of another type.
    """
    apart = (*SECTIONS, *FREE_SECTIONS, "endpoint")
    report = {k: value for k, value in content.items() if k not in (*apart, *READ) and value is not None}
    given = {"report": report, **{name: content[name] for name in apart if name in content}}
    if isinstance(given.get("endpoint"), list):
        given["endpoint"] = [_as_written(rule) for rule in given["endpoint"]]
    settings = _lay_over(Settings(), given, "manifest.json", text=True)
    return replace(settings, brand_files=dict(content.get("brand_files", {})))


def _as_written(rule: object) -> object:
    """An endpoint without the keys that nobody wrote: one from dates has no column of events, nor values of it."""
    if not isinstance(rule, Mapping) or rule.get("time"):
        return rule
    return {key: value for key, value in rule.items() if key not in OF_GIVEN_TIMES}
