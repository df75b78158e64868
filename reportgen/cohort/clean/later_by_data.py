"""Whether a column's values follow what happened after the start: the event, or the time under observation.

The limits are conventions of this project: of 20 patients and more, five of them with the event and five without,
hardly any fact at the start agrees with the event in 19 of 20; of eight patients many do.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reportgen.base.message import message
from reportgen.cohort.coded import factorized
from reportgen.cohort.cohort import Table
from reportgen.cohort.distinct import narrow, slices
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.settings.model import Settings

OBSERVED = message("the time under observation")
FEWEST, FEWEST_EACH = 20, 5
AGREEMENT, AGREEMENT_EACH = 0.95, 0.9
RANK_CORRELATION = 0.9
FEWEST_RANKED = 10
MOST_LEVELS = 6
# Of two levels: how surely who was observed for longer is of the one, and how little who began earlier is.
PARTED, NOT_PARTED = 0.97, 0.8


def follows(values: pd.Series, kind: str, patients: Table, settings: Settings) -> str:
    """What a feature follows: "relapse or progression", "the time under observation", …; "" where nothing.

    It follows an event where its levels, each taken for what most of its patients had, agree with the event in 95%
    of at least 20 patients, and in 90% of those with the event and of those without. It follows a time where its
    numbers rise with it: Spearman's rank correlation is 0.9 or more, of at least 10 patients. That one level was
    followed for longer than another tells nothing: arms of other years, and centres, are so. A yes or no follows the
    time under observation where nearly all of the one were observed for longer than all of the other, though they
    began in the same years.
    """
    known = values.notna().to_numpy()
    if kind != "number":
        codes, levels = factorized(values[known])
        if 2 <= len(levels) <= MOST_LEVELS:
            for name, event in _events(patients, settings):
                if _agrees(codes, len(levels), event[known]):
                    return name
            if kind == "yes/no" and len(levels) == 2 and _parts(codes, patients, known):
                return OBSERVED
    ranked = _as_numbers(values, kind)
    for name, days in _times(patients, settings):
        if ranked is not None and _rises(ranked, days):
            return name
    return ""


def _events(patients: Table, settings: Settings) -> Iterator[tuple[str, np.ndarray]]:
    relapsed, died = (_has(patients, name) for name in ("relapse_date", "death_date"))
    if "vital_status" in patients.frame:
        died = died | (patients.frame["vital_status"] == "dead").to_numpy()
    yield message("relapse or progression"), relapsed
    yield "death", died
    yield message("relapse, progression or death"), relapsed | died
    if "treatment_stop" in patients.frame:
        yield message("the end of treatment"), _has(patients, "treatment_stop")
    for rule in settings.endpoint:
        column = name_key(rule.event)
        if rule.time and column in patients.frame:
            happened = {word_key(value) for value in rule.event_values}
            cells = patients.frame[column]
            yield rule.label or rule.key, np.array([word_key(cell) in happened for cell in cells], bool)


def _has(patients: Table, column: str) -> np.ndarray:
    if column not in patients.days:
        return np.zeros(len(patients), bool)
    return patients.days[column].notna().to_numpy()


def _times(patients: Table, settings: Settings) -> Iterator[tuple[str, np.ndarray]]:
    days = {
        name: patients.days[name].to_numpy(float) if name in patients.days else np.full(len(patients), np.nan)
        for name in ("relapse_date", "treatment_stop")
    }
    observed = _observed(patients)
    yield OBSERVED, observed
    yield message("the time to relapse, progression or death"), np.fmin(observed, days["relapse_date"])
    if "treatment_stop" in patients.days:
        yield message("the time on treatment"), np.fmin(observed, days["treatment_stop"])
    for rule in settings.endpoint:
        if rule.time and name_key(rule.time) in patients.frame:
            yield (
                rule.label or rule.key,
                pd.to_numeric(patients.frame[name_key(rule.time)], errors="coerce").to_numpy(float),
            )


def _observed(patients: Table) -> np.ndarray:
    known = [
        patients.days[name].to_numpy(float)
        for name in ("last_contact", "death_date")
        if name in patients.days
    ]
    return np.fmax.reduce([np.full(len(patients), np.nan), *known])


def _parts(codes: np.ndarray, patients: Table, known: np.ndarray) -> bool:
    """Whether two levels part those observed for long from the others, and not those who began early from the late."""
    start = patients.frame.get(patients.origin)
    if start is None or not pd.api.types.is_datetime64_any_dtype(start):
        return False
    observed, began = _observed(patients)[known], start[known]
    dated = np.isfinite(observed) & began.notna().to_numpy()
    one = codes[dated] == 0
    if dated.sum() < FEWEST or min(one.sum(), (~one).sum()) < FEWEST_EACH:
        return False
    days = began[dated].to_numpy("datetime64[D]").astype(float)
    return _above(observed[dated], one) >= PARTED and _above(days, one) <= NOT_PARTED


def _above(values: np.ndarray, one: np.ndarray) -> float:
    """How often a value of the one level lies above one of the other, or below, whichever is more: 0.5 to 1."""
    ours, others = int(one.sum()), int((~one).sum())
    codes, midranks, _counts = _ranks(values)
    ranks = midranks @ np.bincount(codes[one], minlength=len(midranks)) - ours * (ours + 1) / 2
    return float(max(ranks, ours * others - ranks)) / (ours * others)


def _agrees(codes: np.ndarray, levels: int, event: np.ndarray) -> bool:
    """Whether the levels tell who had the event: of all, and of those with it and those without alike.

    Where nearly nobody has the event, any feature agrees with it in nearly all patients.
    """
    n, happened = len(event), int(event.sum())
    if n < FEWEST or min(happened, n - happened) < FEWEST_EACH:
        return False
    table = np.zeros((levels, 2), int)
    for part in slices(n):
        cells = 2 * codes[part].astype(np.int64) + event[part]
        table += np.bincount(cells, minlength=2 * levels).reshape(levels, 2)
    most = table[:, 1] > table[:, 0]
    right = int(table[most, 1].sum()), int(table[~most, 0].sum())
    each = right[0] >= AGREEMENT_EACH * happened and right[1] >= AGREEMENT_EACH * (n - happened)
    return each and sum(right) >= AGREEMENT * n


def _as_numbers(values: pd.Series, kind: str) -> np.ndarray | None:
    """The values as numbers, if they are numbers or levels written as such, more than two of them."""
    if kind == "yes/no":
        return None
    codes, distinct = factorized(values)
    amounts = np.append(pd.to_numeric(pd.Series(distinct), errors="coerce").to_numpy(float), np.nan)[codes]
    same = np.isfinite(amounts).sum() == values.notna().sum()
    return amounts if same and len(np.unique(amounts[np.isfinite(amounts)])) > 2 else None


def _rises(values: np.ndarray, days: np.ndarray) -> bool:
    known = np.isfinite(values) & np.isfinite(days)
    return known.sum() >= FEWEST_RANKED and _rank_correlation(values[known], days[known]) >= RANK_CORRELATION


def _rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    (one, ranks, counts), (two, others, as_many) = _ranks(a), _ranks(b)
    if len(ranks) < 2 or len(others) < 2:
        return 0.0
    middle = (len(a) + 1) / 2
    ranks, others = ranks - middle, others - middle
    together = sum(float(ranks[one[part]] @ others[two[part]]) for part in slices(len(a)))
    return together / float(np.sqrt((counts @ ranks**2) * (as_many @ others**2)))


def _ranks(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which of the values that differ each is; the midrank of each of these, and how often it occurs. By counting: of a
    million days or ages few differ."""
    codes, distinct = pd.factorize(values)
    codes = narrow(codes, len(distinct))
    order, counts = np.argsort(distinct), np.bincount(codes, minlength=len(distinct))
    ranks = np.empty(len(distinct))
    ranks[order] = np.cumsum(counts[order]) - (counts[order] - 1) / 2
    return codes, ranks, counts
