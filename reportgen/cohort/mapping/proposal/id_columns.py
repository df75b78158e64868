"""Which column tells the patients apart: the one whose values are their ids, and one that is called as an id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reportgen.cohort.checks.identifiers import found_in
from reportgen.cohort.mapping.codes import counts_rows
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.names.words import speaks_of_other
from reportgen.cohort.mapping.proposal.headers import ID, Named, named
from reportgen.cohort.mapping.proposal.samples import holds_dates, known_cells
from reportgen.cohort.mapping.word_lists import lists, plain_words
from reportgen.cohort.raw import RawSheet

JOINED, ALL_DIFFERENT = 0.8, 0.9
FEW = 2


@dataclass(frozen=True)
class Ids:
    """The column of the patients that was taken for their id: its header, and its values as they are compared."""

    header: str
    values: frozenset[str]


def joined(sheet: RawSheet, ids: Ids) -> tuple[int, ...]:
    """The column whose values are ids of the patients: nearly all of them, that of the same header before any other.

    One that numbers the rows of the sheet holds the ids 1 to n whatever the rows are about. Beside another one it comes
    last, and both are returned, for only somebody who knows the table can say.
    """
    shares = {}
    for position, text in enumerate(sheet.header):
        content = known_cells(sheet, position) if text else []
        known = sum(word_key(cell) in ids.values for cell in content)
        same = name_key(text) == name_key(ids.header)
        if content and known >= JOINED * len(content) and (same or _may_be_called_so(text)):
            shares[position] = (same, known / len(content), -position)
    best = sorted(shares, key=shares.__getitem__, reverse=True)
    counting = [position for position in best if counts_rows(sheet.frame[position].dropna(), FEW)]
    others = [position for position in best if position not in counting]
    return (*others[:1], *counting[:1]) if others else tuple(best[:1])


def with_ids(
    sheet: RawSheet, claims: Mapping[int, Named], ids: Ids | None
) -> tuple[dict[int, Named], tuple[int, ...]]:
    """The claims with the column that holds the ids of the patients in place of one that is none by its values or only
    numbers the rows; and the columns that may be it. What nothing but its name claims gives way, settings never do.
    """
    named_so = next((p for p, claim in claims.items() if claim.column == "patient_id"), None)
    if ids is None or (named_so is not None and claims[named_so].how not in ("name", "synonym")):
        return dict(claims), ()
    shared = joined(sheet, ids)
    if named_so is not None and shared:
        content = known_cells(sheet, named_so)
        known = sum(word_key(cell) in ids.values for cell in content) >= JOINED * len(content)
        stands = known and not counts_rows(sheet.frame[named_so].dropna(), FEW)
        shared = () if stands or shared == (named_so,) else shared
    if not shared:
        return dict(claims), ()
    left = {position: claim for position, claim in claims.items() if position != named_so}
    return {**left, shared[0]: Named("patient_id", "content", True)}, shared


def _may_be_called_so(header: str) -> bool:
    return bool(ID.fullmatch(name_key(header))) or any(
        one.column == "patient_id" for one in named("patients", header)
    )


def may_be_id(table: str, content: list[object]) -> bool:
    """Whether a column may hold ids: of the patients nearly all different, of another table more than one."""
    distinct = len(set(map(str, content)))
    return (
        distinct >= ALL_DIFFERENT * len(content) if table == "patients" else distinct > 1 or len(content) == 1
    )


def called_an_id(sheet: RawSheet, spoken_for: Collection[int]) -> int | None:
    """The first column that nothing else claims, whose name says id, number or code and whose values are all different.

    None of a sample, a relative or the like, and none that holds names or addresses.
    """
    for position, text in enumerate(sheet.header):
        words = plain_words(text) if text and position not in spoken_for else ()
        if not any("id" in lists().words.get(word, ()) for word in words) or speaks_of_other(words, False):
            continue
        content = known_cells(sheet, position)
        apart = len(set(map(word_key, content))) == len(sheet.frame) == len(content) > 1
        whole = not any(isinstance(cell, float) and not cell.is_integer() for cell in content)
        if (
            apart
            and whole
            and not holds_dates(content)
            and found_in(sheet.frame[position].dropna(), True).isna().all()
        ):
            return position
    return None
