"""The example rows of the template: they show how a row looks, and are nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.coded import factorized
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import RawSheet, letter
from reportgen.cohort.whole_columns import in_pieces, surely

EXAMPLE_ID = "EXAMPLE"


def without_examples(
    sheets: Mapping[str, RawSheet], headers: Mapping[str, tuple[Header, ...]]
) -> tuple[dict[str, RawSheet], list[Issue]]:
    """The sheets of the tables without rows whose id is EXAMPLE.

    A sheet other than that of the patients which holds nothing but its example is left out, so that nobody
    is taken to have had no toxicity because no one filled it in.
    """
    kept, issues = dict(sheets), []
    for table, known in headers.items():
        sheet = sheets[table]
        for position in (header.position for header in known if header.name == "patient_id"):
            if surely(sheet.frame[position], "no example", _without_examples):
                continue
            codes, ids = factorized(sheet.frame[position])
            named = [
                isinstance(cell, str) and EXAMPLE_ID in cell and cell.strip() == EXAMPLE_ID for cell in ids
            ]
            if not any(named):
                continue
            example = np.array([*named, False], bool)[codes]
            issues.extend(_said(sheet, position, sheet.frame.index[example]))
            kept[table] = replace(sheet, frame=sheet.frame[~example])
            if example.all() and table != "patients":
                del kept[table]
                issues.append(
                    Issue(
                        NOTE,
                        "SHEET_NOT_USED",
                        sheet.name,
                        None,
                        None,
                        message("The sheet holds nothing but its example and was not used"),
                        message("Fill it in; where there was nothing to enter, delete the example"),
                    )
                )
            break
    return kept, issues


def _without_examples(ids: np.ndarray) -> bool:
    return in_pieces(ids, lambda lines: EXAMPLE_ID not in lines)


def _said(sheet: RawSheet, position: int, rows) -> Iterator[Issue]:
    for row in rows:
        yield Issue(NOTE, "EXAMPLE_ROW", sheet.name, f"{letter(position)}{row}", None,
                    message("The example row of the template was left out"), message("Delete it"))  # fmt: skip
