"""Toxicity: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.base.described import Context, DescribedTerm
from reportgen.base.message import N_

KEY = "toxicity"


TITLE = N_("Toxicity")


REQUIRES = ("toxicities.term",)


MOST_BY_GROUP = 40  # terms


@dataclass(frozen=True)
class ToxicityFacts(Context):
    """declared: whether the data say of whom toxicity was looked for. related: those attributions found that count so.

    has_…: whether that column says anything. …_left_out: rows outside the window, their patients, those of grade 3 or
    more. repeated, without_…, empty_rows: rows of that kind. terms: the gravest first.
    categories: their names. groups: without "all". rows: that count. window: days after the stop of treatment. partly:
    patients of whom some toxicities only are known.
    """

    declared: bool
    related: Sequence[str]
    has_attribution: bool
    has_category: bool
    has_grade: bool
    has_onset: bool
    rows_left_out: int
    severe_left_out: int
    patients_left_out: int
    repeated: int
    without_term: int
    empty_rows: int
    without_grade: int
    without_attribution: int
    terms: Sequence[DescribedTerm]
    categories: Mapping[str, str]
    groups: Sequence[str]
    ctcae_version: str
    rows: int
    window: int
    partly: int
