"""Whether a date of relapse, or an end of treatment, is one, or the last visit of who had none."""

from __future__ import annotations

import re

import pandas as pd

from reportgen.cohort.mapping.keys import name_key

MOST_CODES = 8
HALF = 0.5
# "Still on treatment (Y/N)", "Therapie laufend".
_ON = r"(?:study_)?(?:treatment|therapy|drug|medication|tx|rx)|therapie|behandlung|traitement|tratamiento|trattamento"
GOES_ON = re.compile(
    rf"(?:still_|currently_|noch_|toujours_|aun_|ancora_)?(?:on|in|unter|sous|en|bajo)_(?:{_ON})"
    rf"|(?:(?:{_ON})_)?(?:still_)?(?:ongoing|continuing|laufend|en_cours|en_curso|in_corso)(?:_(?:{_ON}))?"
)
ANSWERS = re.compile(r"_(?:y_?n|yes_no|0_?1|1_?0|j_?n|ja_nein|o_?n|oui_non|s_?n|s[ií]_no)$")


def says_treatment_goes_on(header: str) -> bool:
    """Whether a column of this name, if it holds yes and no, tells who is still treated.

    >>> says_treatment_goes_on("Still on treatment (Y/N)"), says_treatment_goes_on("Ongoing AE")
    (True, False)
    """
    return GOES_ON.fullmatch(ANSWERS.sub("", name_key(header))) is not None


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
