"""A chapter as a section of the report: its blocks, with all numbers and curves that its analysis made."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.report import Block, Section
from reportgen.stats.results import Results


def chapter_section(
    key: str, title: str, results: Results, blocks: Iterable[Block], further: Iterable[Block] = ()
) -> Section:
    """The section of a chapter. title: in the language of the report; blocks, further: see Section."""
    estimates, curves = results.select(section=key), results.select_curves(section=key)
    return Section(key, title, tuple(blocks), estimates, curves, tuple(further))
