"""Files of statistics programs: Stata (.dta) and SPSS (.sav, .zsav) by pyreadstat, R (.rds, .RData) by pyreadr.

A code with a value label is read as its label.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import warnings
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import cast

import pandas as pd

from reportgen.base.errors import NOTE, Issue, MachineFailed
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.raw import RawSheet, from_records
from reportgen.cohort.readers.archive import MAX_BYTES
from reportgen.cohort.readers.gate import MAX_CELLS, MAX_COLUMNS, refuse
from reportgen.settings.model import Settings

SPSS = (b"$FL2", b"$FL3")
STATA, STATA_OLD = b"<stata_dta>", (b"\x71", b"\x72", b"\x73")
R_ENDINGS, STATA_ENDING = (".rds", ".rdata", ".rda"), ".dta"
R_PLAIN = (b"X\n", b"A\n", b"RDX2", b"RDX3", b"RDA2", b"RDA3")
PACKED = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open))
MAX_RATIO, ENOUGH_BYTES = 64, 50_000_000
AGAIN = message("Save it again, or export it as CSV with labels in place of codes")
NEEDS = (
    "Files of Stata, SPSS and R need pyreadstat and pyreadr: pip install 'clinical-reportgen[statistics]'."
)
Labels = Mapping[str, Mapping[object, str]]


def recognises(name: str, data: bytes) -> bool:
    """Whether it is a file of SPSS or Stata, or one of R by its name and its beginning."""
    named = name.casefold()
    if data.startswith(SPSS) or data.startswith(STATA):
        return True
    if named.endswith(STATA_ENDING):
        return data.startswith(STATA_OLD)
    return named.endswith(R_ENDINGS) and (
        data.startswith(R_PLAIN) or any(data.startswith(magic) for magic, _ in PACKED)
    )


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """One sheet, named after the file; of R a sheet for each data frame, under its own name.

    Raises DataRefused with BAD_STATISTICS for what is damaged or holds no table, and MachineFailed where the library
    is not installed.
    """
    if name.casefold().endswith(R_ENDINGS) and not data.startswith((*SPSS, STATA)):
        tables = [(stem, frame, {}, {}) for stem, frame in _of_r(name, data)]
    else:
        tables = [_of_stata_or_spss(name, data)]
    sheets, issues = [], []
    for stem, frame, labels, values in tables:
        _check_extent(name, frame)
        header = [str(column) for column in frame]
        labelled = [column for column in frame if values.get(str(column))]
        shown = {column: _cells(frame[column], values.get(str(column), {})) for column in frame}
        shown = pd.DataFrame(shown, index=frame.index, dtype=object)
        sheet = from_records(stem, header, shown, [labels.get(text) or "" for text in header])
        sheets.append(sheet)
        if labelled:
            problem = message("{n} columns were read by their value labels", n=len(labelled))
            position = header.index(str(labelled[0]))
            issues.append(Issue(NOTE, "VALUE_LABELS", *sheet.cell(0, position), None, problem,
                                message("Nothing to do")))  # fmt: skip
    return tuple(sheets), tuple(issues)


def _of_stata_or_spss(
    name: str, data: bytes
) -> tuple[str, pd.DataFrame, Mapping[str, str], Labels]:  # fmt: skip
    try:
        import pyreadstat
    except ImportError as error:
        raise MachineFailed(NEEDS) from error
    reader = pyreadstat.read_sav if data.startswith(SPSS) else pyreadstat.read_dta
    try:
        columns = reader(io.BytesIO(data), metadataonly=True)[1].number_columns or 1
        # Neither the number of rows at the head of a file nor its size says how many there are.
        rows = min(MAX_CELLS, _most(data) // 8) // columns
        frame, meta = reader(io.BytesIO(data), row_limit=rows + 1)
    except Exception as error:  # the library raises what its format or its encoding made it raise
        raise _refused(name) from error
    frame = cast(pd.DataFrame, frame)
    if len(frame) > rows:
        raise _too_large(name)
    labels = {column: label or "" for column, label in meta.column_names_to_labels.items()}
    return PurePath(name).stem, frame, labels, cast("Labels", meta.variable_value_labels)


def _of_r(name: str, data: bytes) -> Iterator[tuple[str, pd.DataFrame]]:
    try:
        import pyreadr
    except ImportError as error:
        raise MachineFailed(NEEDS) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of objects that are no tables
            found = pyreadr.read_r(io.BytesIO(_unpacked(name, data)))
    except (pyreadr.custom_errors.LibrdataError, pyreadr.custom_errors.PyreadrError, OSError, EOFError, ValueError,
            lzma.LZMAError, UnicodeError, LookupError) as error:  # fmt: skip
        raise _refused(name) from error
    if not found:
        raise _refused(name)
    for stem, frame in found.items():
        yield (
            (PurePath(name).stem if stem is None or len(found) == 1 else str(stem)),
            frame.reset_index(drop=True),
        )


def _unpacked(name: str, data: bytes) -> bytes:
    """The bytes without their compression, as far as a file of this size may become."""
    for magic, opened in PACKED:
        if data.startswith(magic):
            with opened(io.BytesIO(data)) as packed:
                content = packed.read(_most(data) + 1)
            if len(content) > _most(data):
                raise _too_large(name)
            if not content.startswith(R_PLAIN):  # the library would unpack it once more, without a limit
                raise _refused(name)
            return content
    return data


def _most(data: bytes) -> int:
    """The bytes that a file of this size may become."""
    return min(max(ENOUGH_BYTES, MAX_RATIO * len(data)), MAX_BYTES)


def _check_extent(name: str, frame: pd.DataFrame) -> None:
    if frame.shape[1] > MAX_COLUMNS or frame.size > MAX_CELLS:
        raise _too_large(name)


def _cells(column: pd.Series, labels: Mapping[object, str]) -> pd.Series:
    """The cells with a label for each code that has one; of a column with numbers beside a few labelled codes, only
    labels that are words count, such as 999 = "unknown".
    """
    values = column.astype(object).where(column.notna(), None)
    if not labels:
        return values
    words = {_code(code): cells.text(str(label))[0] for code, label in labels.items() if str(label).strip()}
    return values.map(lambda cell: None if cell is None else words.get(_code(cell), cell))


def _code(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _refused(name: str):
    problem = message("{a} is damaged, or no data set of Stata, SPSS or R that can be read", a=name)
    return refuse("BAD_STATISTICS", problem, AGAIN)


def _too_large(name: str):
    return refuse("TOO_LARGE", message("{a} is far larger than a table of patients is", a=name), AGAIN)
