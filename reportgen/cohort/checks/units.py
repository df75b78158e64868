"""Numbers of two units in one column: a few that lie a factor such as 10 or 30.4 away from all the others.

Only where nothing else explains it: the others lie close together, a wide gap parts them from the few, and these fall
among the others once they are multiplied. Laboratory values that spread over decades are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import Tables, days_of, each, values_of
from reportgen.cohort.clean.timing import id_key
from reportgen.cohort.cohort import Table
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import columns_of
from reportgen.settings.model import Settings

# Factor → the units that differ by it, as examples.
FACTORS = {
    10.0: message("mm and cm, or g/L and g/dL"),
    12.0: message("months and years"),
    30.4375: message("days and months"),
    100.0: message("cm and m"),
    365.25: message("days and years"),
    1000.0: message("mg and g"),
}
NEAR = 0.35  # of the factor, between the medians of the two
# Highest over lowest of the others. Of amounts in blood one may truly be ten times what the others are, seldom a tenth.
CLOSE_TOGETHER, CLOSER_BELOW = 4.0, 2.5
GAP = 2.5  # between the nearest of the two
FEWEST_OTHERS, FEWEST_DISTINCT = 8, 6
MOST_FEW = 0.34
SLACK = 1.25
# Of one patient's measurements in turn: so much smaller or larger than the one before and the one behind it.
TURNS = (8.0, 12.5)
ALIKE = 2.0


def in_two_units(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """UNIT_DOUBTFUL, at each of the few. Given durations are left out: short ones are times of early events."""
    patients = tables["patients"]
    times = {name_key(rule.time) for rule in settings.endpoint if rule.time}
    known = columns_of("patients")
    for column in patients.frame:
        values = patients.frame[column]
        if column in times or (column in known and column != "age_at_start") or values.dtype != float:
            continue
        factor, few = few_of(values)
        if factor:
            yield from asked(patients, column, few, factor)
    assessments = tables.get("assessments")
    if assessments is not None and "tumour_size" in assessments.frame:
        yield from asked(assessments, "tumour_size", _turned(assessments), 10.0)


def few_of(values: pd.Series) -> tuple[float, pd.Series]:
    """The factor and the few values that lie so far from the others; 0 where there are none.

    >>> few_of(pd.Series([170.0, 165, 182, 158, 177, 169, 190, 173, 1.71]))[0]
    100.0
    """
    nobody = pd.Series(False, index=values.index)
    numbers = np.sort(values[values > 0].to_numpy(float))
    if len(numbers) < FEWEST_OTHERS + 1:
        return 0.0, nobody
    ratios = numbers[1:] / numbers[:-1]
    cut = int(np.argmax(ratios)) + 1
    if ratios[cut - 1] < GAP:
        return 0.0, nobody
    low, high = numbers[:cut], numbers[cut:]
    few, others = (low, high) if len(low) < len(high) else (high, low)
    close = CLOSE_TOGETHER if few is low else CLOSER_BELOW
    enough = len(others) >= FEWEST_OTHERS and len(np.unique(others)) >= FEWEST_DISTINCT
    if not enough or len(few) > MOST_FEW * len(numbers) or others[-1] > close * others[0]:
        return 0.0, nobody
    apart = max(np.median(few), np.median(others)) / min(np.median(few), np.median(others))
    fits = [f for f in FACTORS if abs(apart - f) <= NEAR * f and _fall_among(few, others, f)]
    if not fits:
        return 0.0, nobody
    return min(fits, key=lambda f: abs(np.log(apart / f))), values.isin(few)


def _fall_among(few: np.ndarray, others: np.ndarray, factor: float) -> bool:
    scaled = few * factor if few[0] < others[0] else few / factor
    return bool(((scaled >= others[0] / SLACK) & (scaled <= others[-1] * SLACK)).all())


def _turned(table: Table) -> pd.Series:
    """Sizes that are a tenth, or ten times, of the ones before and behind them of the same patient."""
    size, day = values_of(table, "tumour_size").astype(float), days_of(table, "date")
    patient, _keys = pd.factorize(id_key(values_of(table, "patient_id")))
    told = pd.DataFrame({"who": patient, "day": day, "size": size})
    told = told[(patient >= 0) & (size > 0) & day.notna()].sort_values(["who", "day"], kind="stable")
    who, own = told["who"].to_numpy(), told["size"].to_numpy(float)
    before, at, behind = own[:-2], own[1:-1], own[2:]
    ratio = np.sqrt(before * behind) / at
    ratio = np.maximum(ratio, 1 / ratio)
    alike = np.maximum(before, behind) <= ALIKE * np.minimum(before, behind)
    turned = alike & (ratio >= TURNS[0]) & (ratio <= TURNS[1]) & (who[:-2] == who[2:])
    wrong = pd.Series(False, index=size.index)
    wrong[told.index[1:-1][turned]] = True
    return wrong


def asked(table: Table, column: str, few: pd.Series, factor: float) -> Iterator[Issue]:
    """The question about each of the few."""
    yield from each(
        table,
        few,
        column,
        WARNING,
        "UNIT_DOUBTFUL",
        message(
            "{a} lies about {n} times away from the others, as if in another unit ({b})",
            a=column,
            n=round(factor),
            b=FACTORS[factor],
        ),
        message("Enter it in the unit of the others, or leave it if it is true"),
    )
