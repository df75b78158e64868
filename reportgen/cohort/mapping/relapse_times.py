"""Whether a date of relapse is one, or ends at the last visit of who did not relapse."""

from __future__ import annotations

import pandas as pd

MOST_CODES = 8
HALF = 0.5


def filled_whatever_is_said(said: pd.Series, filled: pd.Series) -> bool:
    """Whether a date stands in at least half of the rows of every code of a status: it is then a time that all have.

    said: (rows,) the codes, missing where there is none. filled: (rows,) whether the date is there. Which code is the
    event need not be known for it.

    >>> said = pd.Series(["yes", "no", "no", None])
    >>> filled_whatever_is_said(said, pd.Series([True, True, False, True]))
    True
    >>> filled_whatever_is_said(said, pd.Series([True, False, False, True]))
    False
    """
    shares = filled[said.notna()].groupby(said.dropna()).mean()
    return len(shares) > 1 and bool((shares >= HALF).all())
