"""Which chapters a source would make, and which columns the others lack."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.chapters import SECTIONS, changes
from reportgen.cohort.load import overview
from reportgen.cohort.mapping.proposal.types import Lacking
from reportgen.cohort.raw import RawWorkbook
from reportgen.settings.model import Settings

# The derived endpoints that chapters ask for → the columns of the patients that they are made of.
MADE_OF = {
    "os": ("last_contact",),
    "pfs": ("relapse_date", "last_contact"),
    "relapse": ("relapse_date", "last_contact"),
}
UNREAD = ("feature", "ignored")


def lacking(book: RawWorkbook, settings: Settings) -> Mapping[str, Lacking]:
    """Chapter → whether it would say something, by what its REQUIRES names and the columns that were understood."""
    rows, matches = overview(book, settings)
    there = {f"{match.table}.{match.column}" for match in matches if match.how not in UNREAD}
    told = settings.source
    if told.toxicity_columns or told.toxicity_text or told.toxicity_prefix:
        there |= {"toxicities.term", "toxicities.grade"}
    given = {rule.key for rule in settings.endpoint}
    for key, columns in MADE_OF.items():
        if key in given or all(f"patients.{column}" in there for column in columns):
            there.add(f"endpoints.{key}")
    nothing = () if "patients" in rows else ("patients",)
    found = {}
    for section in SECTIONS:
        if section is not changes:
            lacks = tuple(
                dict.fromkeys(
                    (*nothing, *(name for wanted in section.REQUIRES for name in _absent(wanted, there)))
                )
            )
            found[section.KEY] = Lacking(not lacks, lacks)
    return found


def _absent(wanted: str, there: set[str]) -> tuple[str, ...]:
    """The columns whose presence would do for one requirement ("endpoints.os|patients.last_contact")."""
    names = wanted.split("|")
    if there & set(names):
        return ()
    columns: list[str] = []
    for name in names:
        table, _, column = name.partition(".")
        parts = [f"patients.{part}" for part in MADE_OF.get(column, ())] if table == "endpoints" else [name]
        columns.extend(part for part in parts if part not in there)
        if len(names) > 1 and columns:
            break
    return tuple(columns)
