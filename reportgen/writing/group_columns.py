"""Columns of groups: where there are many they are narrow, with letters for long names and n once, over the column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from string import ascii_uppercase
from typing import TypeVar

from reportgen.base.described import Context
from reportgen.base.required import required
from reportgen.report import Text
from reportgen.stats.results import Estimate
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.narrative import join, say

MANY = 4  # groups: fewer have room for their names
CROWD = 10_000  # patients: of so many their number is not said again in every cell
WORD, NAME = 14, 22  # characters: of a longer word, or a longer name, a narrow column makes a tower

Facts = TypeVar("Facts", bound=Context)


def many(groups: Sequence[str]) -> bool:
    """Whether so many groups stand beside each other that their columns must be narrow."""
    return len(groups) >= MANY


def short_share(estimate: Estimate) -> Text:
    """A share of patients where the column says its n above: "5 (63%)"."""
    if not estimate.exists:
        return phrases.absent(estimate)
    return (
        phrases.value(numbers.whole(required(estimate.events)), estimate),
        phrases.value(
            f" ({numbers.percent(required(estimate.value), required(estimate.n))})", estimate, quiet=True
        ),
    )


def share_of(estimate: Estimate, n: str) -> Text:
    """As the cell of a column: of so many that their number takes the room of another column, it stands above alone.

    n: what stands over the column, such as "n = 50,059".
    """
    return short_share(estimate) if n and (estimate.n or 0) >= CROWD else phrases.share(estimate)


def share(groups: Sequence[str]) -> Callable[[Estimate], Text]:
    """How a share of a group is written: with all of the group, unless these stand over its column."""
    return short_share if many(groups) else phrases.share


def over(groups: Sequence[str], n: int | None) -> str:
    """What stands over such a column of shares: how many all are, where its cells do not say so."""
    return f"n = {numbers.whole(n)}" if many(groups) and n is not None else ""


def lettered(facts: Facts, groups: Sequence[str]) -> Facts:
    """What a chapter says of its groups, with letters for their names if these are too long for so many columns.

    >>> lettered(Context(), ("A", "B", "C", "D")).group_words
    {}
    >>> lettered(Context(), ("surgery", "radiochemotherapy", "none", "other")).group_words["none"]
    'C'
    """
    if not _too_long(facts, groups):
        return facts
    letters = dict(zip(groups, ascii_uppercase, strict=False))
    return replace(facts, group_words={**facts.group_words, **letters})


def key(facts: Context, groups: Sequence[str]) -> tuple[Text, ...]:
    """The note that says which group each letter is; nothing where the names themselves stand. facts: with names."""
    if not _too_long(facts, groups):
        return ()
    said = [
        say("{letter}, {name}", letter=letter, name=shares.group(facts, group))
        for letter, group in zip(ascii_uppercase, groups, strict=False)
    ]
    return (say("Groups: {groups}.", groups=join(said, "; ", "; ")),)


def _too_long(facts: Context, groups: Sequence[str]) -> bool:
    names = [shares.group(facts, group) for group in groups]
    long = any(len(name) > NAME or max(map(len, name.split()), default=0) > WORD for name in names)
    return long and many(groups) and len(groups) <= len(ascii_uppercase)
