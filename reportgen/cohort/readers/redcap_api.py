"""REDCap projects by their API: what a person would download, as sheets that the reader of REDCap exports knows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reportgen.base.errors import NOTE, Issue, MachineFailed
from reportgen.base.message import message
from reportgen.cohort.mapping.schema import TABLES
from reportgen.cohort.raw import RawSheet, RawWorkbook, from_records
from reportgen.cohort.readers.gate import MAX_CELLS, refuse
from reportgen.cohort.readers.redcap import is_needed
from reportgen.cohort.readers.redcap_fields import Field, canonical, columns_in_export, read_fields
from reportgen.cohort.readers.redcap_rows import EVENT, INSTANCE, INSTRUMENT
from reportgen.cohort.readers.redcap_server import Server, server_of
from reportgen.settings.model import Settings

# How many records are asked for at a time: a form of hundreds of fields stays a small answer.
PAGE = 200
NO_VALUES = ("descriptive", "file", "signature")
GROUP = "redcap_data_access_group"
UNKNOWN = "UNK"
Rows = list[dict[str, object]]


def read(url: str, settings: Settings) -> RawWorkbook:
    """The records, data dictionary and repeating forms of a project, as raw data.

    Fields marked as identifiers are not even asked for, unless times are counted from them, and are named in a note.
    Missing data codes of the project are missing. Records come a page at a time; where others were added or removed
    meanwhile, that is refused (SOURCE_CHANGED). Rows stand by record, and within a record in the order of the
    project's events. sha256 is that of what came. Raises what `redcap_server` raises.
    """
    server = server_of(url)
    project = server.ask("project")
    if not isinstance(project, dict):
        raise _strange(server)
    dictionary = _rows(server, "metadata")
    if not dictionary:
        raise _strange(server)
    described = _sheet(f"{server.project} dictionary", list(dictionary[0]), dictionary)
    fields = read_fields(described)
    record = next(iter(fields))
    wanted = [field for field in fields.values() if _is_wanted(field, record, settings)]
    events = _rows(server, "event") if _is(project, "is_longitudinal") else []
    repeating = _rows(server, "repeatingFormsEvents") if _repeats(project) else []
    rows = _records(server, record, wanted, [str(event.get("unique_event_name")) for event in events])
    _blank(rows, wanted, str(project.get("missing_data_codes") or ""))
    sheets = [_sheet(server.project, _header(record, wanted, rows), rows), described]
    if repeating:
        sheets.append(_sheet(f"{server.project} repeating", list(repeating[0]), repeating))
    issues = tuple(
        Issue(NOTE, "DIRECT_IDENTIFIER", server.project, field.name, None,
              message("{a} is marked as an identifier and was not read", a=field.name), message("Nothing to do"))
        for field in fields.values() if field not in wanted and field.identifier
    )  # fmt: skip
    return RawWorkbook(server.project, _sum(dictionary, events, repeating, rows), tuple(sheets), issues)


def _is(project: Mapping, key: str) -> bool:
    return str(project.get(key)) == "1"


def _repeats(project: Mapping) -> bool:
    return _is(project, "has_repeating_instruments_or_events")


def _is_wanted(field: Field, record: str, settings: Settings) -> bool:
    if field.kind in NO_VALUES:
        return False
    own = (record, settings.columns.get("patients", {}).get("patient_id"))
    if not field.identifier or field.name in own:
        return True
    return any(is_needed(table, canonical(table, field.name, settings)) for table in TABLES)


def _records(server: Server, record: str, wanted: Sequence[Field], events: Sequence[str]) -> Rows:
    ids = _ids(server, record)
    names = [field.name for field in wanted]
    places = {event: place for place, event in enumerate(events)}
    rows: Rows = []
    for start in range(0, len(ids), PAGE):
        rows += _asked(server, records=ids[start : start + PAGE], fields=names)
        if rows and len(rows) * len(rows[0]) > MAX_CELLS:
            raise refuse(
                "TOO_LARGE",
                message("{a} is far larger than a table of patients is", a=server.project),
                message("Select what is needed"),
            )
    if _ids(server, record) != ids or {str(row.get(record)) for row in rows} != set(ids):
        raise refuse("SOURCE_CHANGED", message("{name} changed while it was read", name=server.project),
                     message("Wait until it is written, and try again"))  # fmt: skip
    order = {one: place for place, one in enumerate(ids)}
    return sorted(rows, key=lambda row: (order[str(row[record])], places.get(str(row.get(EVENT)), -1)))


def _ids(server: Server, record: str) -> list[str]:
    return list(dict.fromkeys(str(row.get(record)) for row in _asked(server, fields=[record])))


def _asked(server: Server, **more: object) -> Rows:
    return _rows(server, "record", type="flat", rawOrLabel="raw", rawOrLabelHeaders="raw",
                 exportCheckboxLabel="false", exportSurveyFields="false", exportDataAccessGroups="true",
                 **more)  # fmt: skip


def _rows(server: Server, content: str, **more: object) -> Rows:
    rows = server.ask(content, **more)
    flat = isinstance(rows, list) and all(
        isinstance(row, dict) and not any(isinstance(cell, list | dict) for cell in row.values())
        for row in rows
    )
    if not flat:
        raise _strange(server)
    return rows  # type: ignore[return-value]


def _strange(server: Server) -> MachineFailed:
    return MachineFailed(
        f"REDCap can't be read for {server.project}: its answer is not as the API's is described."
    )


def _blank(rows: Rows, wanted: Sequence[Field], codes: str) -> None:
    """Missing data codes of the project's own, such as -99, become one that every project has."""
    own = {part.partition(",")[0].strip() for part in codes.split("|")} - {""}
    for column in columns_in_export({field.name: field for field in wanted}) if own else ():
        field = column.field
        missing = own - (field.choices or {}).keys() if field.type not in ("", "text") else set()
        for row in rows:
            if row.get(column.name) in missing:
                row[column.name] = UNKNOWN


def _header(record: str, wanted: Sequence[Field], rows: Rows) -> list[str]:
    if not rows:
        return [record]
    present = {name for row in rows for name in row}
    first = [record, EVENT, INSTRUMENT, INSTANCE, GROUP]
    named = [*first, *(column.name for column in columns_in_export({field.name: field for field in wanted}))]
    return [name for name in dict.fromkeys(named) if name in present]


def _sheet(name: str, header: Sequence[str], rows: Rows) -> RawSheet:
    import pandas as pd

    cells = [[row.get(column) for column in header] for row in rows]
    frame = pd.DataFrame(cells, dtype=object, columns=range(len(header)))
    return replace(from_records(name, header, frame), typed=False)


def _sum(*parts: Rows) -> str:
    return hashlib.sha256("".join(_lines(parts)).encode()).hexdigest()


def _lines(parts: Sequence[Rows]) -> Iterator[str]:
    for rows in parts:
        yield f"{len(rows)}\n"
        yield from (f"{json.dumps(row, sort_keys=True)}\n" for row in rows)
