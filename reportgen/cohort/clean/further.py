"""What the columns of the patients beyond the vocabulary are after cleaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from reportgen.cohort.mapping.dictionary import Entry


@dataclass(frozen=True)
class Further:
    """The further columns after cleaning.

    examined: those that are features → their entry in the dictionary. ignored: those left unread. of: a finding that
    has a column of its own → the column of lists that names it. theirs: what the source calls the columns of the
    vocabulary → their names here.
    """

    columns: Mapping[str, pd.Series]
    letters: Mapping[str, str]
    kinds: Mapping[str, str]
    labels: Mapping[str, str]
    examined: Mapping[str, Entry]
    ignored: frozenset[str]
    header_row: int
    of: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)
