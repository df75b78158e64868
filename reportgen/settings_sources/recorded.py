"""Settings out of a manifest: as they were after all their sources were merged."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.settings import Settings
from reportgen.settings_sources import FREE_SECTIONS, SECTIONS, _lay_over


def recorded_settings(content: Mapping) -> Settings:
    """The Settings that `asdict(settings)`, written as JSON, stands for.

    >>> recorded_settings({"title": "T", "cutoff": "2018-06-30", "gates": {"cox": 12}}).cutoff.year
    2018

    UsageError for a key that this version does not know, or a value of another type.
    """
    apart = (*SECTIONS, *FREE_SECTIONS, "endpoint")
    report = {key: value for key, value in content.items() if key not in apart and value is not None}
    given = {"report": report, **{name: content[name] for name in apart if name in content}}
    return _lay_over(Settings(), given, "manifest.json", text=True)
