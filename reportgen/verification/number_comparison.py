"""The numbers of a published run against those of its rebuild: all of each row, or what a version may not change."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from reportgen.base.message import message
from reportgen.chapters import changes
from reportgen.verification.verdict import Finding

RESULTS, ORIGIN = "results.json", "provenance"
# Between versions of the libraries, and between machines, sums may be rounded differently: nothing else.
ROUNDING = 1e-9
# What one version of the program promises the next one to find: words, names of methods and settings may be new.
NUMBERS = ("value", "low", "high", "level", "se", "time", "n", "events", "at_risk", "steps")
SOURCE = ("source.sha256", "cutoff", "patients")
# What a later version may decline to give, if its note says why: as an interval of one or two patients.
DECLINED = ("value", "low", "high", "se")


@dataclass(frozen=True)
class Compared:
    """What differs, how many estimates and curves were compared, and what is to be said beside."""

    findings: tuple[Finding, ...]
    count: int
    notes: tuple[str, ...] = ()


def check_numbers(results: dict | None, made: bytes, exact: bool, words: bool) -> Compared:
    """Every estimate and curve, and where the numbers come from.

    results: as published, None where they can't be read; made: results.json of the rebuild. exact: whether not even
    the rounding may differ. words: whether it is the same program, so that every word is compared, too. Of another
    version only numbers are: what it adds, how it calls them and what it declines to give, with the reason, is no
    difference, and said as a note; what moved since an earlier report depends on the program by itself and is left out.
    """
    try:
        published = _rows(results or {})
    except (LookupError, TypeError):
        return Compared((Finding("number", RESULTS, message("it can't be read")),), 0)
    rebuilt = _rows(json.loads(made))
    if words:
        return Compared(_all_differences(published, rebuilt, exact), len(rebuilt))
    before, now = _of_any_version(published), _of_any_version(rebuilt)
    added = [key for key in now if key not in before]
    declined = {
        key: _declined(before[key], rebuilt[key]) for key in before if key in rebuilt and key != ORIGIN
    }
    common = {key: row | declined.get(key, {}) for key, row in now.items() if key in before}
    fewer = sum(map(bool, declined.values()))
    said = sum(_words(published[key]) != _words(rebuilt[key]) for key in common if key != ORIGIN)
    notes = [message("{n} numbers are new with this version", n=len(added))] if added else []
    notes += (
        [message("of {n} numbers this version no longer gives all, and says why in their notes", n=fewer)]
        if fewer
        else []
    )
    notes += (
        [message("{n} numbers are called or explained in other words by this version", n=said)]
        if said
        else []
    )
    return Compared(_all_differences(before, common, exact), len(common), tuple(notes))


def _all_differences(published: Mapping, rebuilt: Mapping, exact: bool) -> tuple[Finding, ...]:
    return tuple(
        Finding("number", key, *difference)
        for key in {**rebuilt, **published}
        for difference in _differences(published.get(key), rebuilt.get(key), exact)
    )


def _of_any_version(rows: Mapping[str, dict]) -> dict[str, dict]:
    kept = {
        key: {name: row[name] for name in NUMBERS if name in row}
        for key, row in rows.items()
        if key != ORIGIN and key.partition(".")[0] != changes.KEY
    }
    origin = dict(_leaves(rows[ORIGIN]))
    return {**kept, ORIGIN: {path: origin.get(path) for path in SOURCE}}


def _declined(published: Mapping, rebuilt: Mapping) -> dict:
    """What was published of a row and is withheld now with a note that says why, as it was published."""
    if not rebuilt.get("note"):
        return {}
    return {
        name: published[name]
        for name in DECLINED
        if published.get(name) is not None and name in rebuilt and rebuilt[name] is None
    }


def _words(row: Mapping) -> tuple:
    return row.get("method"), row.get("note")


def _rows(results: Mapping) -> dict[str, dict]:
    """Every estimate and curve by its id, and the provenance."""
    rows = {row["id"]: row for kind in ("estimates", "curves") for row in results[kind]}
    return rows | {ORIGIN: results[ORIGIN]}


def _differences(
    published: dict | None, rebuilt: dict | None, exact: bool
) -> Iterator[tuple[str, object, object]]:
    """(what differs, published, found) of one row."""
    if published is not None and rebuilt is None:
        yield (
            message("it is published, but the source does not give it"),
            published.get("value", "a curve"),
            None,
        )
    elif published is None and rebuilt is not None:
        yield message("the source gives it, but it is not published"), None, rebuilt.get("value", "a curve")
    elif published is not None and rebuilt is not None:
        before, now = dict(_leaves(published)), dict(_leaves(rebuilt))
        for path in {**now, **before}:
            one, other = before.get(path), now.get(path)
            if not _same(one, other, exact):
                yield message("its {part} differs", part=path), one, other


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def _same(one: object, other: object, exact: bool) -> bool:
    if exact or not (_is_number(one) and _is_number(other)):
        return one == other and type(one) is type(other)
    return math.isclose(one, other, rel_tol=ROUNDING, abs_tol=ROUNDING)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
