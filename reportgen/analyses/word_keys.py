"""Words as they are counted: however they are written, those of one key are one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reportgen.cohort.distinct import chosen, narrow


def keyed(
    codes: np.ndarray, distinct: np.ndarray, key: Callable
) -> tuple[np.ndarray, tuple[str, ...], dict[str, str]]:
    """Per row the position of its key, the keys in order, and for each the first way in which it was written."""
    own = [key(word) for word in (*distinct, None)]
    keys = sorted(set(own))
    place = narrow(np.array([keys.index(one) for one in own]), len(keys))
    spelled = {
        k: " ".join(word.split()) for k, word in zip(own[-2::-1], distinct[::-1], strict=True) if word.split()
    }
    return chosen(place, codes), tuple(keys), spelled


def present(codes: np.ndarray, keys: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The same without the keys that no row has."""
    seen = np.bincount(codes, minlength=len(keys)) > 0
    return chosen(narrow(np.cumsum(seen) - 1, len(keys)), codes), tuple(np.array(keys, object)[seen])
