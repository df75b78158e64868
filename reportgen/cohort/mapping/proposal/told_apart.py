"""The column that says whose event a date is, where the date is filled in for the others, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.dates_of_all import (
    MOST_CODES,
    dated_all_the_same,
    says_treatment_goes_on,
    who_goes_on,
    who_is_denied,
    written,
)
from reportgen.cohort.mapping.pair_names import counts_deaths, says_who_relapsed
from reportgen.cohort.mapping.proposal.columns import Sense
from reportgen.cohort.mapping.proposal.endpoints import RELAPSE_DATES
from reportgen.cohort.raw import RawSheet

STOP_DATES = frozenset(("treatment_stop", "treatment_stop_days", "treatment_stop_months"))
OBSERVED, ONGOING = "relapse_observed", "treatment_ongoing"
CLAIMED = ("settings", "dictionary")


@dataclass(frozen=True)
class _Apart:
    """dates: the names of a date; status: of the column that tells whose it is; says: whether a header may be that;
    denies: of a header and its codes, the rows that have no such date by them."""

    dates: frozenset[str]
    status: str
    says: Callable[[str], bool]
    denies: Callable[[str, pd.Series], pd.Series]
    told: str


APART = (
    _Apart(RELAPSE_DATES, OBSERVED, says_who_relapsed, who_is_denied, message("it says who relapsed")),
    _Apart(
        STOP_DATES, ONGOING, says_treatment_goes_on, who_goes_on, message("it says whose treatment goes on")
    ),
)


def told_apart(sheet: RawSheet, found: Sequence[Sense]) -> tuple[Sense, ...]:
    """The senses, of a sheet whose dates of relapse end at a relapse or at the last visit, or whose ends of treatment
    are those of the treated, too, with the column that tells which: relapse_observed, doubtful where its events may be
    deaths; treatment_ongoing. Without such dates, and without such a column, they stay as they are, and so they do
    where the codes can be read in two ways: then the data are refused with what to write.
    """
    for apart in APART:
        found = _told(sheet, found, apart)
    return tuple(found)


def _told(sheet: RawSheet, found: Sequence[Sense], apart: _Apart) -> Sequence[Sense]:
    dated = next((sense for sense in found if apart.dates & set(sense.names)), None)
    if dated is None or any(apart.status in sense.names for sense in found):
        return found
    filled = _known(sheet, dated.position).notna()
    for place, sense in sorted(enumerate(found), key=lambda one: counts_deaths(cells.text(one[1].header)[0])):
        header = cells.text(sense.header)[0]
        if sense.names or sense.how in CLAIMED or not apart.says(header):
            continue
        said = _known(sheet, sense.position).map(written, na_action="ignore")
        if said.nunique() <= MOST_CODES and dated_all_the_same(apart.denies(header, said), filled):
            reason = message(
                "{told}; {header} is filled in for the others, too",
                told=apart.told,
                header=cells.text(dated.header)[0],
            )
            sure = not counts_deaths(header)
            reason = reason if sure else message("{reason}, but its events may be deaths, too", reason=reason)
            told = replace(sense, names=(apart.status,), how="content", sure=sure, reason=reason, use="")
            return (*found[:place], told, *found[place + 1 :])
    return found


def _known(sheet: RawSheet, position: int) -> pd.Series:
    """The cells of a column, none where they hold nothing or a word that means missing."""
    column = sheet.frame[position].astype(object)
    unknown = column.map(lambda cell: isinstance(cell, str) and cells.missing(cells.text(cell)[0].strip()))
    return column.mask(unknown.astype(bool))
