"""Settings that name columns of toxicities which the source does not have."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.base.errors import ERROR, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.raw import RawWorkbook
from reportgen.settings.model import Settings
from reportgen.settings.sources.nearest_name import correction


def unmatched_settings(book: RawWorkbook, settings: Settings) -> Iterator[Issue]:
    """MISSING_COLUMN: columns that [source] names as toxicities and neither sheet has."""
    sheets, _ = match_sheets(book, settings)
    texts = [
        text
        for table in ("patients", "toxicities")
        if table in sheets
        for text in sheets[table].header
        if text
    ]
    written = set(map(name_key, texts))
    told = settings.source
    for setting, names in (
        ("toxicity_columns", told.toxicity_columns),
        ("toxicity_text", told.toxicity_text),
    ):
        for name in names:
            if name_key(name) not in written:
                yield Issue(ERROR, "MISSING_COLUMN", None, None, None,
                            message("The settings name in {a} a column {b} that does not exist",
                                    a=f"[source] {setting}", b=repr(name)),
                            correction(name, texts))  # fmt: skip
