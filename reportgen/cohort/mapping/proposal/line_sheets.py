"""Patients without a start of treatment beside a sheet with one row per line of it: which line is reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.cohort.clean.written_lines import line
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.pairs import time_status_pairs
from reportgen.cohort.mapping.proposal.columns import senses
from reportgen.cohort.mapping.proposal.headers import named
from reportgen.cohort.mapping.proposal.samples import holds_dates, known_cells
from reportgen.cohort.mapping.proposal.sheets import tables_of
from reportgen.cohort.mapping.proposal.types import Line
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.index_line import FIRST_AFTER, FIRST_SAID, LAST_SAID, numbered
from reportgen.cohort.readers.joining import key_of
from reportgen.cohort.readers.redcap_fields import canonical
from reportgen.settings.model import Settings

NEEDED = frozenset(("patient_id", "start_date"))
SEVERAL, MOST, COMMON = 0.3, 0.9, 0.8
INDEX = ("source", "index_line")


def holds_lines(sheet: RawSheet, settings: Settings) -> bool:
    """Whether a sheet has one row per line of treatment: a number of each, several of many patients, and its start."""
    places = _places(sheet, settings)
    if not {*NEEDED, "line"} <= {*places}:
        return False
    who = sheet.frame[places["patient_id"]].map(key_of)
    number = sheet.frame[places["line"]].map(lambda cell: line(cell)[0])
    several = (who.value_counts() > 1).mean() >= SEVERAL
    apart = (~sheet.frame.assign(who=who, number=number)[["who", "number"]].duplicated()).mean() >= MOST
    return bool(several and apart and number.notna().mean() >= MOST)


def index_lines(book: RawWorkbook, settings: Settings) -> list[Line]:
    """The lines of settings that take the start of treatment from those of treatment, where patients have none.

    The line is the first that most patients have; none where times and their status are given, or times since a start.
    """
    if settings.source.index_line or settings.origin != Settings().origin:
        return []
    found = tables_of(book, settings)
    taken = {one.table: one.sheet for one in found if one.table}
    main, sheet = taken.get("patients"), taken.get("treatments")
    if main is not None and holds_lines(main, settings) and not main.place:
        free = [one.sheet for one in found if not one.table and not one.nothing]
        main, sheet = _patients_of(main, free, settings), main
    elif main is None and (sheet is None or not holds_lines(sheet, settings)):
        return []
    if sheet is None or sheet.place or (main is not None and _starts(main, settings)):
        return []
    places = _places(sheet, settings)
    if not {*NEEDED} <= {*places} or (main is not None and not _of_these(sheet, places, main, settings)):
        return []
    named_so = taken.get("patients") is main and main is not None
    whose = sheet if main is None else main
    lines = (
        []
        if named_so
        else [Line(("tables", "patients"), whose.name, "the patients of the lines of treatment")]
    )
    lines.append(Line(("tables", "treatments"), sheet.name, "one row per line of treatment"))
    lines.extend(
        Line(("columns", "treatments", name), sheet.header[position], "of a line of treatment")
        for name, position in places.items()
        if name in (*NEEDED, "line", *FIRST_SAID.values(), *LAST_SAID.values())
        and canonical("treatments", sheet.header[position], settings) != name
    )
    lines.extend(_relapse(sheet, {*places.values()}, main, settings))
    number = _most_common(sheet, places, settings)
    why = "patients have no start of treatment: it, and what belongs to it, are those of their line of this number"
    return [*lines, Line(INDEX, number, why)]


def _places(sheet: RawSheet, settings: Settings) -> dict[str, int]:
    found, rivals = senses("treatments", sheet, settings, {}, frozenset())
    return {
        sense.names[0]: sense.position
        for sense in found
        if len(sense.names) == 1 and sense.names[0] not in rivals
    }


def _patients_of(sheet: RawSheet, free: Sequence[RawSheet], settings: Settings) -> RawSheet | None:
    """The sheet with one row for each patient of the lines and further columns of theirs, if there is one."""
    places = _places(sheet, settings)
    for other in free:
        found, _ = senses("patients", other, settings, {}, frozenset())
        own = {sense.names: sense.position for sense in found if sense.names}
        if len(own) < 2 or ("patient_id",) not in own or not _of_these(sheet, places, other, settings):
            continue
        if not other.frame[own["patient_id",]].map(key_of).duplicated().any():
            return other
    return None


def _starts(main: RawSheet, settings: Settings) -> bool:
    """Whether the patients have a start of their own, or times that need none."""
    found, _ = senses("patients", main, settings, {}, frozenset())
    names = {name for sense in found for name in sense.names}
    timed = any(name.endswith(("_days", "_months")) for name in names)
    return "treatment_start" in names or timed or bool(settings.endpoint or time_status_pairs(main))


def _of_these(sheet: RawSheet, places: Mapping[str, int], main: RawSheet, settings: Settings) -> bool:
    found, _ = senses("patients", main, settings, {}, frozenset())
    key = next((sense.position for sense in found if "patient_id" in sense.names), None)
    if key is None:
        return False
    ids = {*main.frame[key].map(key_of)} - {""}
    theirs = {*sheet.frame[places["patient_id"]].map(key_of)} - {""}
    return len(ids & theirs) >= COMMON * max(len(theirs), 1) and len(ids & theirs) >= len(ids) / 2


def _relapse(sheet: RawSheet, spoken_for: set[int], main: RawSheet | None, settings: Settings) -> list[Line]:
    """The line that makes the only date of progression of a line that of the patients, if they have none."""
    own = {
        c.column
        for text in (main.header if main is not None else ())
        if text
        for c in named("patients", text)[:1]
    }
    found = [
        text
        for position, text in enumerate(sheet.header)
        if text and position not in spoken_for and holds_dates(known_cells(sheet, position))
        and [c.column for c in named("patients", text)][:1] == [*FIRST_AFTER]
    ]  # fmt: skip
    if len(found) != 1 or own & {*FIRST_AFTER} or "relapse_date" in settings.columns.get("patients", {}):
        return []
    known = {name_key(text): canonical("patients", text, settings) for text in found}
    return [] if {*known.values()} == {*FIRST_AFTER} else [
        Line(("columns", "patients", "relapse_date"), found[0], "the progression of a line of treatment")
    ]  # fmt: skip


def _most_common(sheet: RawSheet, places: Mapping[str, int], settings: Settings) -> int:
    """The first line that most patients have; else the one that most have."""
    number = numbered(sheet, places, settings)
    who = sheet.frame[places["patient_id"]].map(key_of)
    patients = who.groupby(number).nunique().drop(index=0, errors="ignore")
    usual = patients[patients >= COMMON * who.nunique()]
    return int(usual.index.min() if len(usual) else patients.idxmax() if len(patients) else 1)
