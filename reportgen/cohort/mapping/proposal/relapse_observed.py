"""The column that says who relapsed, where the date of relapse is filled in for the others, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.pair_names import counts_deaths, says_who_relapsed
from reportgen.cohort.mapping.proposal.columns import Sense
from reportgen.cohort.mapping.relapse_times import MOST_CODES, filled_whatever_is_said
from reportgen.cohort.raw import RawSheet

RELAPSE_DATES = frozenset(("relapse_date", "relapse_date_days", "relapse_date_months"))
OBSERVED = "relapse_observed"
CLAIMED = ("settings", "dictionary")


def relapse_told_apart(sheet: RawSheet, found: Sequence[Sense]) -> tuple[Sense, ...]:
    """The senses, of a sheet whose dates of relapse end at a relapse or at the last visit with the column that tells
    which: relapse_observed, doubtful where its events may be deaths. Without such dates, and without such a column,
    they stay as they are.
    """
    dated = next((sense for sense in found if RELAPSE_DATES & set(sense.names)), None)
    if dated is None or any(OBSERVED in sense.names for sense in found):
        return tuple(found)
    filled = _known(sheet, dated.position).notna()
    for place, sense in sorted(enumerate(found), key=lambda one: counts_deaths(cells.text(one[1].header)[0])):
        if sense.names or sense.how in CLAIMED or not says_who_relapsed(cells.text(sense.header)[0]):
            continue
        said = _known(sheet, sense.position).map(str, na_action="ignore")
        if said.nunique() <= MOST_CODES and filled_whatever_is_said(said, filled):
            reason = f"it says who relapsed; {cells.text(dated.header)[0]} is filled in for the others, too"
            sure = not counts_deaths(cells.text(sense.header)[0])
            reason += "" if sure else ", but its events may be deaths, too"
            told = replace(sense, names=(OBSERVED,), how="content", sure=sure, reason=reason, use="")
            return (*found[:place], told, *found[place + 1 :])
    return tuple(found)


def _known(sheet: RawSheet, position: int) -> pd.Series:
    """The cells of a column, none where they hold nothing or a word that means missing."""
    column = sheet.frame[position].astype(object)
    unknown = column.map(lambda cell: isinstance(cell, str) and cells.missing(cells.text(cell)[0].strip()))
    return column.mask(unknown.astype(bool))
