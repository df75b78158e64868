"""Pseudonyms: what a patient is called outside the ward, and in file names always.

HMAC-SHA256 (RFC 2104) of the normalised id under a key that stays in the house. The same patient has the
same pseudonym in every run with the same key; without the key nobody can tell whose it is, not even by
trying all ids.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections import Counter
from collections.abc import Iterable

from reportgen.privacy.spoken_words import FIRST, SECOND

# Crockford's base 32 without its vowels' look-alikes: no I, L, O or U, so that it can be read aloud.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS, MORE, MOST = 2, 4, 42
PURPOSE = b"reportgen/patient/1\0"


def normalised(patient: str) -> str:
    """An id as it is compared: NFKC, trimmed, case folded.

    >>> normalised(" Ｐ01 ") == normalised("p01")
    True
    """
    return unicodedata.normalize("NFKC", patient).strip().casefold()


def pseudonym(key: bytes, patient: str, letters: int = LETTERS) -> str:
    """ "amber-otter-7K", which can be spoken: two words of seven bits of the HMAC each, then five bits a letter.

    More letters continue it.

    >>> pseudonym(b"k" * 32, "S01")
    'brisk-badger-NW'
    """
    digest = hmac.digest(key, PURPOSE + normalised(patient).encode(), hashlib.sha256)
    bits = int.from_bytes(digest, "big")
    first, second = FIRST[bits >> 249], SECOND[bits >> 242 & 127]
    rest = "".join(ALPHABET[bits >> (237 - 5 * place) & 31] for place in range(letters))
    return f"{first}-{second}-{rest}"


def pseudonyms(key: bytes, patients: Iterable[str], letters: int = LETTERS) -> dict[str, str]:
    """Each id → its pseudonym, different for every patient.

    Ids that differ in case or blanks alone are one patient. Two patients whose pseudonyms begin alike (at
    300 patients a chance of 1 in 370) both get more letters, so that what was printed before is still
    the beginning of what is printed now. ValueError if 42 letters do not tell two patients apart.
    """
    named = {patient: pseudonym(key, patient, letters) for patient in patients}
    holders = Counter(named[patient] for patient in {normalised(p): p for p in named}.values())
    shared = [patient for patient, name in named.items() if holders[name] > 1]
    if not shared:
        return named
    if letters >= MOST:
        raise ValueError("two patients have one pseudonym")
    return named | pseudonyms(key, shared, letters + MORE)
