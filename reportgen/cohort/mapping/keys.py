"""Names and words as they are compared: without what cannot be seen, and with one spelling for what reads alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

NUL_SHOWN = "\u2400"
# Controls (U+2400 stands for U+0000), and characters without width or that turn the direction of writing.
INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u2400\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


# Visible ASCII, of which a comparison has nothing to change but upper case; and the break between two texts.
PLAIN = bytes(range(33, 127)) + b"\n"
# Of millions of ids so many are put into one text.
AT_ONCE = 100_000


def name_key(text: object) -> str:
    """A header or sheet name as it is compared: NFKC, lower case, blanks and punctuation as one underscore,
    without characters that can't be seen.

    >>> name_key("  Age at Start ")
    'age_at_start'
    >>> name_key("Pt.-ID")
    'pt_id'
    """
    plain = INVISIBLE.sub("", " ".join(unicodedata.normalize("NFKC", str(text)).split())).casefold().strip()
    return re.sub(r"[\s_.\-/:;,()\[\]]+", "_", plain).strip("_") or plain


def word_key(value: object) -> str:
    """A value as it is compared with a vocabulary; a whole number is its digits.

    >>> word_key(1.0), word_key(" Dead of  Disease")
    ('1', 'dead of disease')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(unicodedata.normalize("NFC", str(value)).split()).casefold()


def loose_key(value: object) -> str:
    """An id without what two sheets may write differently: blanks, signs and leading zeros of its numbers.

    >>> loose_key("ASP-007"), loose_key(" asp 7"), loose_key(7.0), loose_key("100")
    ('asp7', 'asp7', '7', '100')
    """
    return re.sub(
        r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", word_key(value)))
    )


def plain_and_apart(values: Sequence[str] | np.ndarray) -> bool:
    """Whether the keys of texts that differ surely differ: all are of visible ASCII, with letters of one case only.

    >>> plain_and_apart(["P-1", "Q2"]), plain_and_apart(["P1", "p1"]), plain_and_apart(["P 1"])
    (True, False, False)
    """
    upper = lower = True
    for start in range(0, len(values), AT_ONCE):
        part = values[start : start + AT_ONCE]
        try:
            together = "\n".join(part)
        except TypeError:
            return False
        if not all(part) or together.count("\n") >= len(part) or not _plain(together):
            return False
        upper, lower = upper and together == together.upper(), lower and together == together.lower()
        if not (upper or lower):
            return False
    return True


def plain_keys(values: Sequence[str] | np.ndarray) -> list[str] | None:
    """The keys of texts, however they are compared, if all are of visible ASCII; None where one is something else.

    A million ids are looked at in one go.

    >>> plain_keys(["P-1", "p2"]), plain_keys(["P 1"]), plain_keys(["P1", 2.0])
    (['p-1', 'p2'], None, None)
    """
    try:
        together = "\n".join(values)
    except TypeError:
        return None
    keys = together.lower().split("\n") if _plain(together) else []
    return keys if len(keys) == len(values) > 0 and "" not in keys else None


def _plain(together: str) -> bool:
    return together.isascii() and not together.encode().translate(None, PLAIN)
