"""Findings written as signs: beside +, ++ and +++ a minus says that there was none, and not that nothing is known."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.cleaning import Place
from reportgen.cohort.clean.column_reading import Reading
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.schema import MISSING_WORDS

NEGATIVE = "−"
MINUS = frozenset("-−–—")
SIGN = re.compile(r"\(?\+{1,4}\)?|±|\+/[-−–]|[1-4]\s?\+")
WORD = re.compile(r"(?:schwach |stark |weakly |strongly )?pos(?:itiv[e]?)?\.?")


def minus_of(raw: pd.Series) -> dict[str, str]:
    """What a minus means in a column: spelling → the level; nothing where the others are no signs of a finding.

    A column that says "neg" or 0 besides has a word for it already.

    >>> minus_of(pd.Series(["+", "-", "++", None]))["-"]
    '−'
    >>> minus_of(pd.Series(["+", "-", "neg"])), minus_of(pd.Series(["yes", "-"]))
    ({}, {})
    """
    said = {cells.text(cell)[0].casefold() for cell in pd.unique(raw.dropna())}
    others = said - MINUS - MISSING_WORDS
    if not said & MINUS or not any(map(SIGN.fullmatch, others)):
        return {}
    if not all(SIGN.fullmatch(one) or WORD.fullmatch(one) for one in others):
        return {}
    return {word_key(sign): NEGATIVE for sign in MINUS}


def with_minus(how: Reading, raw: pd.Series) -> tuple[Reading, dict[str, str]]:
    """The reading of a column of a characteristic, and what a minus means in it beyond what the settings say."""
    if how.kind != "category":
        return how, {}
    minus = {sign: level for sign, level in minus_of(raw).items() if sign not in {*how.lookup, *how.missing}}
    return replace(how, lookup={**minus, **how.lookup}), minus


def minus_said(raw: pd.Series, place: Place, held: dict[str, str]) -> list[Issue]:
    """MINUS_IS_NEGATIVE: how many cells were read so, at the first of them."""
    signs = [cell for cell in pd.unique(raw.dropna()) if isinstance(cell, str) and word_key(cell) in held]
    if not signs:
        return []
    rows = raw.index[raw.isin(signs)]
    problem = message(
        "{a}: {n} cells hold a minus beside +, which was read as negative", a=place.header, n=len(rows)
    )
    if len(rows) == 1:
        problem = message("{a}: 1 cell holds a minus beside +, which was read as negative", a=place.header)
    hint = message(
        'Nothing to do; if nothing is known there, write missing = ["-", "−"] under [values.{a}] in report.toml',
        a=place.name,
    )
    return [Issue(NOTE, "MINUS_IS_NEGATIVE", place.sheet, f"{place.letter}{rows[0]}", None, problem, hint)]


def rank_of_sign(level: str) -> int | None:
    """The place of a sign among others: − before ± and (+), before +, ++; None of what is none.

    >>> sorted(["+++", "+", "−", "(+)"], key=rank_of_sign)
    ['−', '(+)', '+', '+++']
    """
    if level in MINUS:
        return 0
    if not SIGN.fullmatch(level):
        return None
    return (
        1 if level.startswith(("(", "±", "+/")) else 1 + (int(level[0]) if level[0].isdigit() else len(level))
    )
