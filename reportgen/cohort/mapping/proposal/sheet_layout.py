"""How the sheets of a source lie: of several rows for a patient, or of several sheets for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.intervals import intervals
from reportgen.cohort.mapping.keys import loose_key, name_key, word_key
from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.proposal.headers import named
from reportgen.cohort.mapping.proposal.line_sheets import holds_lines
from reportgen.cohort.mapping.proposal.samples import header_cell, holds_dates, known_cells
from reportgen.cohort.mapping.proposal.sheets import Taken, tables_of
from reportgen.cohort.mapping.proposal.types import Choice, Line, Question
from reportgen.cohort.mapping.proposal.visit_sheets import lines_of_visits
from reportgen.cohort.mapping.schema import columns_of, spellings
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.joining import key_of
from reportgen.cohort.readers.layout import by_values, id_position
from reportgen.cohort.readers.redcap_fields import canonical
from reportgen.cohort.readers.stacking import alike
from reportgen.settings.model import Settings

COLUMNS, LAST_CONTACT, VITAL_STATUS = ("columns", "patients"), "last_contact", "vital_status"
OF_VISITS = ("date",)
OF_PATIENTS, SEVERAL = 0.8, 0.3
# Of a table of samples, as cBioPortal hands it out, a patient may have several rows, however few do.
SAMPLES = frozenset(
    ("sample_id", "sample_identifier", "sample_barcode", "sample", "specimen_id", "aliquot_id")
)


def layout_lines(book: RawWorkbook, settings: Settings) -> list[Line]:
    """The lines of [source] that say how sheets lie, where the settings don't say it yet."""
    lines: list[Line] = []
    told = settings.source
    taken = [] if any(s.table == "patients" for s in book.sheets) else [*tables_of(book, settings)]
    main = next((one.sheet for one in taken if one.table == "patients"), None)
    key = None if main is None else id_position(main, settings)
    others = [one for one in taken if one.sheet is not main]
    if main is not None and any(alike(one.sheet, main) for one in others if not one.table):
        return lines  # which of them is the table is asked first
    if main is not None and key is None and not told.join:
        key = _shared_id(main, others, settings)
        if key is not None:
            why = "its values are those of a column of another sheet"
            lines.append(Line((*COLUMNS, "patient_id"), main.header[key], why))
        key = repeated_id(main) if key is None else key
        if key is not None and not lines and _same_within(main, key):
            why = "it is called as an id, and what is said of one of its values is the same in all rows"
            lines.append(Line((*COLUMNS, "patient_id"), main.header[key], why))
        key = key if lines else None
    if main is None or key is None:
        return lines
    ids = [word_key(cell) for cell in known_cells(main, key)]
    several = {who for who in ids if ids.count(who) > 1} if len(ids) < 20_000 else set()
    if intervals(main) is not None or holds_lines(main, settings):
        return lines
    sampled = any(text and name_key(text) in SAMPLES for text in main.header)
    if not told.join_rows and several and (sampled or len(several) >= SEVERAL * len(set(ids))):
        why = (
            "its rows are samples, several of some patients" if sampled else "most patients have several rows"
        )
        lines.append(Line(("source", "join_rows"), True, why))
        lines.extend(_last_visit(main, key, several, settings))
        lines.extend(_state_at_visits(main, settings))
        lines.extend(lines_of_visits(main, key, settings))
    joined = [
        Line(("source", "join"), one.sheet.name, "its ids are those of the patients", adds=True)
        for one in taken
        if not told.join
        and not any(alike(one.sheet, other.sheet) for other in taken if other is not one)
        and _belongs(one, main, key, settings)
    ]
    named_here = any(line.path == ("source", "join_rows") for line in lines)
    if joined or named_here:
        joined.insert(
            0, Line(("tables", "patients"), main.name, "its columns, and those of its patients elsewhere")
        )
    return [*lines, *joined]


def _shared_id(main: RawSheet, others: Sequence[Taken], settings: Settings) -> int | None:
    """The column that may be called an id, tells all rows apart, and whose values stand on another sheet, too."""
    for position, text in enumerate(main.header):
        if not text or "patient_id" not in (one.column for one in named("patients", text)):
            continue
        ids = [word_key(cell) for cell in known_cells(main, position)]
        apart = len(set(ids)) == len(ids) == len(main.frame)
        if apart and any(_belongs(one, main, position, settings) for one in others):
            return position
    return None


def repeated_id(sheet: RawSheet) -> int | None:
    """The column that is called as an id, of whose values many stand in several rows: rows are visits, and no patients.

    None where another column that may be called so tells all rows apart.
    """
    called = [
        p
        for p, text in enumerate(sheet.header)
        if text and "patient_id" in (c.column for c in named("patients", text))
    ]
    found = None
    for position in called:
        ids = [word_key(cell) for cell in known_cells(sheet, position)]
        if len(ids) == len(sheet.frame) == len(set(ids)):
            return None
        several = sum(ids.count(who) > 1 for who in set(ids)) if len(ids) < 20_000 else 0
        if found is None and len(set(ids)) > 1 and several >= SEVERAL * len(set(ids)):
            found = position
    return found


def whose_rows(sheet: RawSheet) -> tuple[tuple[Line, ...], tuple[Question, ...]]:
    """What is said of rows that no column tells apart: their numbers do. Where a column that is called as an id stands
    in several rows, that is asked: ids may be counted anew, or patients have several rows.
    """
    row_ids = (("source", "row_ids"), True)
    position = repeated_id(sheet)
    if position is None:
        return (Line(*row_ids, "no column tells the patients apart, so their row numbers do"),), ()
    header = cells.text(sheet.header[position])[0]
    text = message("{header}: the same value stands in several rows. Is each row a patient?", header=header)
    several = (
        Line((*COLUMNS, "patient_id"), header, "as answered"),
        Line(("source", "join_rows"), True, "as answered"),
    )
    choices = (
        Choice(
            "r",
            message("yes, the values are counted anew, or stand for something else"),
            (Line(*row_ids, "as answered"),),
        ),
        Choice("v", message("no, a value is a patient, who has several rows"), several),
    )
    return (), (Question(sheet.name, header_cell(sheet, position), text, choices, open=True),)


def _same_within(sheet: RawSheet, key: int) -> bool:
    """Whether a column with dates, as that of birth or of the start of treatment, is one and the same for each id."""
    who = sheet.frame[key].map(key_of)
    for position, text in enumerate(sheet.header):
        cells = sheet.frame[position].map(key_of) if text and position != key else None
        if cells is None or cells.nunique() < 2 or not holds_dates(known_cells(sheet, position)):
            continue
        if (cells.groupby(who).nunique() == 1).all():
            return True
    return False


def _last_visit(sheet: RawSheet, key: int, several: set[str], settings: Settings) -> Iterator[Line]:
    """The line that takes the dates of visits as the last contact: joined, the last of them counts.

    Only where no column is the last contact, and one alone holds dates that differ between the rows of most patients.
    """
    who = sheet.frame[key].map(key_of)
    own = sheet.frame[who.isin(several)]
    visits = []
    for position, text in enumerate(sheet.header):
        if not text or not holds_dates(known_cells(sheet, position)):
            continue
        differ = own.groupby(who[own.index])[position].nunique() > 1
        each = 2 * int(differ.sum()) > len(several)
        if _best(text) == LAST_CONTACT and (
            not each or canonical("patients", text, settings) == LAST_CONTACT
        ):
            return
        visits.extend([text] if each and _best(text) in (None, LAST_CONTACT, *OF_VISITS) else [])
    if len(visits) == 1:
        yield Line((*COLUMNS, LAST_CONTACT), visits[0], "the dates of visits, of which the last one counts")


def _state_at_visits(sheet: RawSheet, settings: Settings) -> Iterator[Line]:
    """The line that takes the only column that says who lives and who died: joined, death counts before life."""
    told = [p for p, text in enumerate(sheet.header) if text and _best(text) == VITAL_STATUS]
    if len(told) != 1 or canonical("patients", sheet.header[told[0]], settings) == VITAL_STATUS:
        return
    words = spellings(columns_of("patients")[VITAL_STATUS].words)
    if all(word_key(cell) in words for cell in known_cells(sheet, told[0])):
        yield Line(
            (*COLUMNS, VITAL_STATUS), sheet.header[told[0]], "the state at visits, of which a death counts"
        )


def _best(text: str) -> str | None:
    """The column of the patients, or the day of a visit, that a header may be."""
    found = [one.column for one in takes_of(text) if one.table == "patients" or one.column in OF_VISITS]
    return found[0] if found else None


def _belongs(one: Taken, main: RawSheet, key: int, settings: Settings) -> bool:
    """Whether a sheet that is no table of ours holds further columns of the patients."""
    if one.table or one.nothing or not one.sheet.header or one.sheet.frame.empty:
        return False
    if len([text for text in one.sheet.header if text]) < 2:
        return False
    position = id_position(one.sheet, settings, main.header[key])
    position = by_values(one.sheet, main, key, settings) if position is None else position
    if position is None:
        return False
    ids = {loose_key(cell) for cell in known_cells(main, key)}
    content = [loose_key(cell) for cell in known_cells(one.sheet, position)]
    return bool(content) and sum(cell in ids for cell in content) >= OF_PATIENTS * len(content)
