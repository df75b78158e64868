"""CDISC Dataset-JSON 1.0 and 1.1, also as lines (NDJSON): one data set each."""

from __future__ import annotations

import json
from pathlib import PurePath

from reportgen.base.errors import Issue
from reportgen.base.message import message
from reportgen.cohort.raw import RawSheet, from_records
from reportgen.cohort.readers.gate import MAX_CELLS, refuse
from reportgen.settings.model import Settings

VERSION = b"datasetJSONVersion"
AGAIN = message("Export the data set again as Dataset-JSON 1.1")


def recognises(name: str, data: bytes) -> bool:
    """Whether it is JSON that calls itself Dataset-JSON, which version 1.0 did at the end, too."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and VERSION in data


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """One sheet, named after the data set. Raises DataRefused with BAD_JSON for what is not as the standard has it."""
    try:
        dataset = _parsed(data)
        columns, rows, own = _parts(dataset)
        header = [str(column["name"]) for column in columns]
        even = all(isinstance(row, list) and len(row) == len(header) for row in rows)
        flat = even and all(not isinstance(cell, (list, dict)) for row in rows for cell in row)
    except (ValueError, KeyError, TypeError, StopIteration, RecursionError, AttributeError) as error:
        raise refuse("BAD_JSON", message("{a} is no valid Dataset-JSON", a=name), AGAIN) from error
    if not header or not flat:
        raise refuse("BAD_JSON", message("{a} has rows that do not fit its columns", a=name), AGAIN)
    if len(rows) * len(header) > MAX_CELLS:
        raise refuse(
            "TOO_LARGE",
            message("{a} is far larger than a table of patients is", a=name),
            message("Remove what is not data"),
        )
    import pandas as pd

    frame = pd.DataFrame(rows, dtype=object, columns=range(len(header)))
    labels = [str(column.get("label") or "") for column in columns]
    return (from_records(str(own or PurePath(name).stem), header, frame, labels),), ()


def _parsed(data: bytes) -> dict:
    text = data.decode("utf-8-sig")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise
    first, *rest = (json.loads(line) for line in text.splitlines() if line.strip())
    return {**first, "rows": rest}


def _parts(dataset: dict) -> tuple[list, list, str]:
    """The columns, rows and name in either version; 1.0 has them in a group, and a number first in each row."""
    if "columns" in dataset:
        return dataset["columns"], dataset.get("rows") or [], dataset.get("name", "")
    data = dataset.get("clinicalData") or dataset["referenceData"]
    group = next(iter(data["itemGroupData"].values()))
    return group["items"], group["itemData"], group.get("name", "")
