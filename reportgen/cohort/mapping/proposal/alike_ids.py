"""Ids that other sheets write differently: whether they are the same patients is asked, and never taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import loose_key, name_key
from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.mapping.proposal.samples import header_cell, known_cells
from reportgen.cohort.mapping.proposal.sheets import Taken
from reportgen.cohort.mapping.proposal.types import Choice, Line, Question, Sheet
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.joining import SPELLED_OTHERWISE, key_of
from reportgen.cohort.readers.layout import by_values, id_position
from reportgen.settings.model import Settings

ALIKE = ("source", "alike_ids")
MOST = 0.8


def alike_ids(
    found: Sequence[Taken], proposed: Mapping[str, Sheet], settings: Settings
) -> Iterator[Question]:
    """The question whether ids that differ in spelling alone are those of the same patients, for all sheets together.

    Only where most ids of a sheet become known so, and no two patients become one.
    """
    main = next((one.sheet for one in found if one.table == "patients"), None)
    place = None if main is None else _ids_of(main, proposed)
    if main is None or place is None or settings.source.alike_ids:
        return
    for one in found:
        position = None if one.sheet is main else _ids_of(one.sheet, proposed)
        asked = None if position is None else _asked(main, place, one.sheet, position)
        if asked is not None:
            yield asked
            return


def ids_of_joined(book: RawWorkbook, settings: Settings) -> Iterator[Question]:
    """The same question about sheets that are to be joined to the patients. book: as it is before they are."""
    spelled = [
        issue
        for issue in book.issues
        if issue.code == "ORPHAN_ROW" and issue.hint.code == SPELLED_OTHERWISE.code
    ]
    if spelled and not settings.source.alike_ids:  # they were joined when the source was read
        shown = f'{len(spelled)} ids ("{spelled[0].patient}" and others)'
        yield _question(spelled[0].sheet or "", spelled[0].cell or "", shown)
        return
    names = {name_key(name) for name in settings.source.join}
    main = (
        match_sheets(book, settings)[0].get("patients") if names and not settings.source.alike_ids else None
    )
    place = None if main is None else id_position(main, settings)
    if main is None or place is None:
        return
    for sheet in book.sheets:
        position = by_values(sheet, main, place, settings) if name_key(sheet.name) in names else None
        asked = None if position is None else _asked(main, place, sheet, position)
        if asked is not None:
            yield asked
            return


def _asked(main: RawSheet, place: int, sheet: RawSheet, position: int) -> Question | None:
    own = known_cells(main, place)
    exact, alike = {key_of(cell) for cell in own}, {loose_key(cell) for cell in own}
    strange = [cell for cell in known_cells(sheet, position) if key_of(cell) not in exact]
    known = [cell for cell in strange if loose_key(cell) in alike]
    if not known or len(known) < MOST * len(strange) or len(alike) < len(exact):
        return None
    theirs = next(cells.text(cell)[0] for cell in own if loose_key(cell) == loose_key(known[0]))
    shown = message('{header}: {n} ids ("{one}" for "{other}")', header=str(sheet.header[position]), n=len(known),
                    one=cells.text(known[0])[0], other=theirs)  # fmt: skip
    return _question(sheet.name, header_cell(sheet, position), shown)


def _question(sheet: str, cell: str, shown: str) -> Question:
    choices = (
        Choice("y", message("the same patients"), (Line(ALIKE, True, "as answered"),)),
        Choice("n", message("others, which I shall correct")),
    )
    text = message(
        "{shown} differ from those of the patients in blanks, hyphens or leading zeros alone. "
        "Are they the same?",
        shown=shown,
    )
    return Question(sheet, cell, text, choices, "y", open=True)


def _ids_of(sheet: RawSheet, proposed: Mapping[str, Sheet]) -> int | None:
    columns = proposed[sheet.name].columns if sheet.name in proposed else ()
    cell = next((c.cell for c in columns if c.takes.endswith(".patient_id")), None)
    return next((p for p, text in enumerate(sheet.header) if text and header_cell(sheet, p) == cell), None)
