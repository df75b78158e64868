"""Whether a date of relapse, or an end of treatment, is one, or the last visit of who had none."""

from __future__ import annotations

import re

import pandas as pd

from reportgen.cohort.endpoints.event_values import distinct
from reportgen.cohort.mapping.event_coding import read_codes
from reportgen.cohort.mapping.event_words import is_number, may_mean_the_opposite, value_key
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import ONGOING, YES_NO

MOST_CODES = 8
HALF, FEWEST, FEW_CODES = 0.5, 2, 3
# "Still on treatment (Y/N)", "Therapie laufend".
_ON = r"(?:study_)?(?:treatment|therapy|drug|medication|tx|rx)|therapie|behandlung|traitement|tratamiento|trattamento"
GOES_ON = re.compile(
    rf"(?:still_|currently_|noch_|toujours_|aun_|ancora_)?(?:on|in|unter|sous|en|bajo)_(?:{_ON})|(?:{_ON})_status"
    rf"|(?:(?:{_ON})_)?(?:still_)?(?:ongoing|continuing|laufend|en_cours|en_curso|in_corso)(?:_(?:{_ON}))?"
)
ENDED = re.compile(
    rf"off_(?:{_ON})|(?:{_ON})_(?:stopped|ended|discontinued|beendet|abgesetzt)|discontinued|therapieende"
)
ON = frozenset(map(word_key, ("yes", *YES_NO["yes"], "on", *ONGOING)))
OFF = frozenset(map(word_key, ("no", *YES_NO["no"])))
ANSWERS = re.compile(r"_(?:y_?n|yes_no|0_?1|1_?0|j_?n|ja_nein|o_?n|oui_non|s_?n|s[ií]_no)$")


def says_treatment_goes_on(header: str) -> bool:
    """Whether a column of this name, if it holds yes and no, tells who is still treated.

    >>> says_treatment_goes_on("Still on treatment (Y/N)"), says_treatment_goes_on("Ongoing AE")
    (True, False)
    """
    return GOES_ON.fullmatch(ANSWERS.sub("", name_key(header))) is not None


def says_treatment_ended(header: str) -> bool:
    """Whether a column of this name, if it holds yes and no, tells whose treatment ended.

    >>> says_treatment_ended("Off treatment"), says_treatment_ended("Treatment status")
    (True, False)
    """
    return ENDED.fullmatch(ANSWERS.sub("", name_key(header))) is not None


def values_that_deny(header: str, said: pd.Series) -> frozenset[str] | None:
    """Which codes of a status say that there was no relapse; none where each may say either.

    said: (rows,) the codes as settings have them, missing where there is none.

    >>> sorted(values_that_deny("Progression", pd.Series(["yes", "no", "lost"])))
    ['no']
    >>> values_that_deny("TTP_censored", pd.Series(["1", "0"])) is values_that_deny("PD", pd.Series(["1", "2"])) is None
    True
    """
    if may_mean_the_opposite(header):
        return None
    codes = read_codes(header, distinct(said))
    numbers = all(is_number(value_key(value)) for value in said.dropna().unique())
    return None if codes.open and numbers else frozenset(map(str, codes.censored))


def who_is_denied(header: str, said: pd.Series) -> pd.Series:
    """(rows,) of whom the codes say that there was no relapse; nobody where they can be read in two ways."""
    return said.isin(values_that_deny(header, said) or ())


def who_goes_on(header: str, said: pd.Series) -> pd.Series:
    """(rows,) of whom the words say that treatment goes on: yes, or no where the column says whose ended.

    >>> who_goes_on("Treatment status", pd.Series(["ongoing", "stopped", "1", None])).tolist()
    [True, False, True, False]
    """
    words = OFF if says_treatment_ended(header) else ON
    return said.notna() & said.map(lambda word: word_key(str(word)) in words)


def written(value: object) -> str:
    """A cell as a value of settings: a code is a whole number.

    >>> written(1.0), written("no")
    ('1', 'no')
    """
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def dated_all_the_same(denied: pd.Series, dated: pd.Series) -> bool:
    """Whether a date stands in most rows, and in two or more, of those of whom a status says that it has none.

    >>> denied = pd.Series([True, True, True, False])
    >>> dated_all_the_same(denied, pd.Series([True, True, False, True]))
    True
    """
    both = int((denied & dated).sum())
    return both >= FEWEST and both >= HALF * int(denied.sum())


def filled_whatever_is_said(said: pd.Series, dated: pd.Series) -> bool:
    """Whether a date stands in most rows of each of two or three codes, none of which can be read, and in most of those
    without a code: it is then a date that all have, whichever code is the event.

    >>> said = pd.Series(["1", "2", "2", None])
    >>> filled_whatever_is_said(said, pd.Series([True, True, False, True]))
    True
    >>> filled_whatever_is_said(said, pd.Series([True, False, False, True]))
    False
    """
    shares = dated.groupby(said.astype(object).where(said.notna(), "")).mean()
    known = shares.drop("", errors="ignore")
    return 1 < len(known) <= FEW_CODES and bool((shares >= HALF).all())


def is_date_of_all(header: str, said: pd.Series, dated: pd.Series) -> bool:
    """Whether a date of relapse is filled in also of those of whom a status says, or may say, that there was none."""
    deny = values_that_deny(header, said)
    return (
        filled_whatever_is_said(said, dated) if deny is None else dated_all_the_same(said.isin(deny), dated)
    )
