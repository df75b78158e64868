"""Whose document it is: what a house puts in the place of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Brand:
    """Whose document it is. accent, second: colours as #rrggbb, "" for ours. logo: a PNG or SVG file.

    templates: name → source of a template or stylesheet that takes the place of ours.
    """

    institution: str = ""
    footer: str = ""
    accent: str = ""
    second: str = ""
    logo: bytes = b""
    templates: Mapping[str, str] = field(default_factory=dict)
