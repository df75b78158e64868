"""Exports of REDCap with labels in place of the names of fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.redcap_fields import Field, columns_in_export, is_dictionary
from reportgen.cohort.readers.redcap_rows import EVENT, INSTANCE, INSTRUMENT

SYSTEM = {"event_name": EVENT, "repeat_instrument": INSTRUMENT, "repeat_instance": INSTANCE,
          "data_access_group": "redcap_data_access_group"}  # fmt: skip
CHOICE = re.compile(r"(?P<label>.*) \(choice=(?P<choice>.*)\)", re.DOTALL)


def with_names(
    book: RawWorkbook, fields: Mapping[str, Field], record: str
) -> tuple[RawWorkbook, list[Issue]]:
    """The book, its exports with labels as if they had names, where every header is the label of one field alone."""
    if not record or any(record in sheet.header for sheet in book.sheets):
        return book, []
    names = _by_label(fields)
    sheets, issues = [], []
    for sheet in book.sheets:
        header = () if is_dictionary(sheet) else tuple(names.get(_key(text), "") for text in sheet.header)
        if record in header and all(header) and len(set(header)) == len(header):
            issues.append(
                Issue(
                    NOTE,
                    "LABELS_MATCHED",
                    sheet.name,
                    None,
                    None,
                    message(
                        "The export has labels in place of the names of fields; they were matched by the data "
                        "dictionary"
                    ),
                    message("Nothing to do, or export the project as raw data"),
                )
            )
            sheet = _renamed(sheet, header)
        sheets.append(sheet)
    return replace(book, sheets=tuple(sheets)), issues


def _by_label(fields: Mapping[str, Field]) -> dict[str, str]:
    """The key of a label → the name of the column that alone has it."""
    found: dict[str, list[str]] = {key: [name] for key, name in SYSTEM.items()}
    for column in columns_in_export(fields):
        label = f"{column.field.label} (choice={column.choice})" if column.choice else column.field.label
        found.setdefault(_key(label), []).append(column.name)
    for form in {field.form for field in fields.values() if field.form}:
        found.setdefault("complete?", []).append(f"{form}_complete")
    return {key: names[0] for key, names in found.items() if len(names) == 1}


def _key(label: str) -> str:
    choice = CHOICE.fullmatch(label)
    return (
        f"{name_key(choice['label'])} {name_key(choice['choice'])}"
        if choice
        else name_key(label.rstrip(" :"))
    )


def _renamed(sheet: RawSheet, header: tuple[str, ...]) -> RawSheet:
    return replace(sheet, header=header, labels=sheet.header)
