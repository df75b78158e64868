"""Columns of numbers that nobody described: what makes them numbers, and which of these stand for a missing one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from reportgen.base.errors import WARNING
from reportgen.base.message import Message, message
from reportgen.cohort.clean import cells
from reportgen.cohort.coded import factorized
from reportgen.cohort.raw import RawSheet
from reportgen.cohort.rows import filled
from reportgen.cohort.whole_columns import inferred

# From this share of the filled cells on a column is one of numbers, and the rest are questions about cells.
MOST = 0.75
LIKE_NUMBER = re.compile(
    r"(?:(?:ca|approx)\.? ?)?[<>≤≥~≈]?=?\s*[+-]?\d+(?:[.,]\d+)?\s*(?:[%µ\w/²³.]{0,12}|\(.*\))"
)
# "1,050,000", "1 050 000", "1'050'000": in a column of its kind it is a number whose thousands are parted.
PARTED = re.compile(r"[+-]?\d{1,3}([.,'’ \u00a0\u202f])\d{3}(?:\1\d{3})*(?:[.,]\d+)?")
CODE = re.compile(r"-[1789]|-?([789])\1+")
OF_TWO_CODES = ({0, 1}, {1, 2})  # a yes and a no: 7, 8 and 9 beside them are no third answer
CODES_OF_ONE_DIGIT = {7, 8, 9}
SCORES = {0, 1, 2, 3, 4, 5, 6}  # of performance, grade, stage, ASA: all end before 7
SCORED = frozenset(
    ("ecog", "zubrod", "performance", "ps", "grade", "grading", "stage", "stadium", "stad", "figo", "ajcc", "uicc",
     "iss", "asa", "deauville")
)  # fmt: skip
# Sums and grades that go on, and counts of something.
LONGER = frozenset(
    ("gleason", "nottingham", "total", "sum", "child", "pugh", "number", "n", "days", "months", "date")
)
FEWEST_OTHERS = 3
FEWEST_MEASURED = 5  # different numbers among words, from which on they are hardly codes
THREE_DIGITS = 777
ONE_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
LARGER = (
    20  # times: so much above what the point makes of a number its neighbours show that it parts thousands
)
SMALLEST_SPREAD = 10  # from which on -1 among numbers from 0 on lies far outside


def mostly_numbers(counts: Mapping[object, int], read) -> bool:
    """Whether a column is one of numbers, by how often each of its cells occurs.

    It is if most cells are numbers, and also if at least half of its different cells are and the others look like it
    ("<5", "5.2 cm", "12 months").
    """
    numbers = {cell for cell in counts if read(cell)[0] is not None}
    if sum(counts[cell] for cell in numbers) >= MOST * sum(counts.values()):
        return bool(numbers)
    rest = [cell for cell in counts if cell not in numbers]
    if not all(map(looks_like_number, rest)):
        return False
    return len(rest) <= len(counts) / 2 or all(map(_is_parted, rest))


def looks_like_number(cell: object) -> bool:
    """Whether a text is a number with a sign or unit that keeps it from being read.

    >>> [looks_like_number(text) for text in ("<5", "5.2 cm", "41 (clotted)", "not done")]
    [True, True, True, False]
    """
    text = cells.text(cell)[0]
    return LIKE_NUMBER.fullmatch(text) is not None or PARTED.fullmatch(text) is not None


def _is_parted(cell: object) -> bool:
    """Whether a comma stands in a text like a number, or what else parts thousands."""
    text = cells.text(cell)[0]
    return "," in text or PARTED.fullmatch(text) is not None


def numbers_among_words(raw: pd.Series) -> int:
    """How many cells of a column of words are numbers, where these may be measured; 0 where they are few codes.

    >>> numbers_among_words(pd.Series(["pos", 5.1, "neg", 12, "neg", 30, 44, 7]))
    5
    >>> numbers_among_words(pd.Series(["4a", 1, 2, 3, 4, "4b"]))
    0
    """
    if inferred(raw, skipna=True) != "string":
        numbers = pd.Series(
            [number for number in map(_plain, raw.dropna()) if number is not None], dtype=float
        )
        return len(numbers) if numbers.nunique() >= FEWEST_MEASURED else 0
    codes, distinct = factorized(raw)
    read = [_plain(cell) for cell in distinct]
    if len({number for number in read if number is not None}) < FEWEST_MEASURED:
        return 0
    is_number = np.array([*(number is not None for number in read), False], bool)
    return int(is_number[codes].sum())


def asked_of_numbers(header: str, raw: pd.Series) -> Iterator[tuple[str, str, Message, Message]]:
    """Severity, code, problem and hint of a column of words among which numbers were perhaps measured."""
    if numbers := numbers_among_words(raw):
        problem = message("{a} holds {n} numbers among words and was taken for words", a=header, n=numbers)
        hint = message(
            "Give it the type `number` in the dictionary, so that its words count as missing, or `category`"
        )
        yield WARNING, "MIXED_VALUES", problem, hint


def _plain(cell: object) -> float | None:
    return None if isinstance(cell, bool) else cells.number(cell)[0]


def thousands_or_decimals(distinct: Iterable[object], sheet: RawSheet) -> frozenset[str]:
    """The texts of a column in which a point may part thousands as well as decimals: 1.234 is 1234, or 1.234.

    Each point has three digits behind it, and either the numbers without a point are far larger than the decimals
    would be (850 beside 1.200), or another column of a text file has decimal commas.
    """
    texts = [cells.text(cell)[0] for cell in distinct if isinstance(cell, str)]
    pointed = [text for text in texts if "." in text and cells.number(text)[0] is not None]
    if not pointed or not all(map(ONE_POINT.fullmatch, pointed)):
        return frozenset()
    if any(text.count(".") > 1 and PARTED.fullmatch(text) for text in texts):
        return frozenset(pointed)  # beside 1.050.000 the point of 120.000 parts thousands
    rest = [cells.number(cell)[0] for cell in distinct if cells.text(cell)[0] not in pointed]
    known = [abs(number) for number in rest if number is not None]
    small = np.median([abs(float(text)) for text in pointed])
    large = bool(known) and np.median(known) >= LARGER * small
    commas = not known and not sheet.typed and _has_decimal_commas(sheet)
    return frozenset(pointed) if large or commas else frozenset()


def _has_decimal_commas(sheet: RawSheet) -> bool:
    return any(cells.decimal_commas(filled(sheet.frame[column]).unique()) for column in sheet.frame)


def is_score(name: str) -> bool:
    """Whether a column is called after a score that no 7, 8 or 9 belongs to.

    >>> [is_score(name) for name in ("ecog_ps", "figo_stage", "who_grade", "number_of_nodes", "gleason_grade")]
    [True, True, True, False, False]
    """
    words = {*name.split("_")}
    return bool(words & SCORED) and not words & LONGER


def missing_codes(
    values: pd.Series, known: Sequence[float | None] = (), durations: bool = False, score: bool = False
) -> Iterator[float]:
    """The numbers such as -99 or 999 that lie far outside the others. known: lowest and highest that may occur.

    Far below is a negative number where all others are none (-1 also belongs to a score of -1, 0, 1 and 2). Far above
    is, with three digits or more, what is more than twice the highest of the others, more than their whole range away
    from it, or above all of them more than once; with two, what is more than five times the highest, or twice it more
    than once; with one, 7, 8 and 9 beside 0 and 1, or 1 and 2, or where a score ends before. durations: negative ones
    are errors by themselves, and only one of three digits that is three times the longest of the others is unlikely.
    """
    numbers = values.dropna().to_numpy(dtype=float)
    distinct = np.unique(numbers)
    codes = [number for number in distinct if CODE.fullmatch(f"{number:.15g}")]
    rest = {*distinct} - CODES_OF_ONE_DIGIT - {*codes}
    if not durations and (rest in OF_TWO_CODES or (score and rest <= SCORES and rest & {0, 1})):
        codes = sorted({*codes, *CODES_OF_ONE_DIGIT & {*distinct}})
    others = numbers[~np.isin(numbers, codes)]
    if len(others) < FEWEST_OTHERS:
        return
    low, high = others.min(), others.max()
    lowest, highest = (*known, None, None)[:2]
    for code in codes:
        if code < 0:
            measured = low > 0 and len(np.unique(others)) >= FEWEST_MEASURED
            far = not durations and low >= 0 and (code < -1 or measured or high >= SMALLEST_SPREAD)
            allowed = lowest is not None and lowest <= code
        else:
            far = _far_above(code, int((numbers == code).sum()), low, high, durations)
            allowed = highest is not None and code <= highest
        if far and not allowed:
            yield float(code)


def _far_above(code: float, times: int, low: float, high: float, durations: bool) -> bool:
    if durations:
        return code >= THREE_DIGITS and code > 3 * high
    if code in CODES_OF_ONE_DIGIT:
        return True
    if code >= THREE_DIGITS:
        return code > 2 * high or (code > high and (code - high > high - low or times > 1))
    return code > 5 * high or (code > 2 * high and times > 1)
