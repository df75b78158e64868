"""Which chapters a source would make, and which columns the others lack."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.chapters import SECTIONS, changes
from reportgen.cohort.load import overview
from reportgen.cohort.mapping.proposal.types import Lacking
from reportgen.cohort.raw import RawWorkbook
from reportgen.settings.model import Settings

# Either tells who died; the first is named where both are absent.
DIED = ("vital_status", "death_date")
# The derived endpoints that chapters ask for → the columns of the patients that they are made of.
MADE_OF = {
    "os": (DIED, ("last_contact",)),
    "pfs": (("relapse_date",), DIED, ("last_contact",)),
    "relapse": (("relapse_date",), DIED, ("last_contact",)),
    "ttp": (("relapse_date",), ("last_contact",)),
}
# What these chapters are about where the settings give no endpoint; any of it would do.
SPEAKS_OF = {"follow_up": "endpoints.os", "survival": "endpoints.os|endpoints.pfs|endpoints.ttp"}
UNREAD = ("feature", "ignored")


def lacking(book: RawWorkbook, settings: Settings) -> Mapping[str, Lacking]:
    """Chapter → whether it would say something, by what its REQUIRES names and the columns that were understood."""
    rows, matches = overview(book, settings)
    there = {f"{match.table}.{match.column}" for match in matches if match.how not in UNREAD}
    told = settings.source
    if told.toxicity_columns or told.toxicity_text or told.toxicity_prefix:
        there |= {"toxicities.term", "toxicities.grade"}
    given = {rule.key for rule in (*book.endpoints, *settings.endpoint)}
    there |= {f"endpoints.{key}" for key in MADE_OF if key in given or not _without(key, there)}
    nothing = () if "patients" in rows else ("patients",)
    found = {}
    for section in SECTIONS:
        if section is not changes:
            about = () if given else filter(None, (SPEAKS_OF.get(section.KEY),))
            absent = (name for wanted in (*section.REQUIRES, *about) for name in _absent(wanted, there))
            lacks = tuple(dict.fromkeys((*nothing, *absent)))
            found[section.KEY] = Lacking(not lacks, lacks)
    return found


def _without(key: str, there: set[str]) -> list[str]:
    """The columns that a derived endpoint lacks."""
    either = [[f"patients.{column}" for column in columns] for columns in MADE_OF.get(key, ())]
    return [columns[0] for columns in either if not there & {*columns}]


def _absent(wanted: str, there: set[str]) -> tuple[str, ...]:
    """The columns whose presence would do for one requirement ("endpoints.os|patients.last_contact")."""
    names = wanted.split("|")
    if there & set(names):
        return ()
    columns: list[str] = []
    for name in names:
        table, _, column = name.partition(".")
        columns.extend(_without(column, there) if table == "endpoints" else [name])
        if len(names) > 1 and columns:
            break
    return tuple(columns)
