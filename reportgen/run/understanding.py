"""Which chapters a source gives, which not or in part, and what each lacks: known before a report is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.settings.model import Settings

if TYPE_CHECKING:
    from reportgen.cohort.cohort import Cohort
    from reportgen.cohort.load import Draft
    from reportgen.cohort.mapping.proposals import Offer

YES, PART, NO = "yes", "in part", "no"
# What a chapter says of these endpoints is lost without them, and with all of them the chapter, but for WHOLE.
SPEAKS_OF = {
    "response": ("duration_of_response",),
    "follow_up": ("os",),
    "survival": ("os", "pfs"),
    "after_relapse": ("survival_after_relapse",),
    "after_stopping": ("relapse_free_after_stopping",),
}
WHOLE = ("response",)
ENDPOINTS = {
    "os": "overall survival",
    "pfs": "progression-free survival",
    "duration_of_response": "the duration of response",
    "survival_after_relapse": "survival after relapse",
    "relapse_free_after_stopping": "freedom from relapse after stopping",
}


@dataclass(frozen=True)
class Chapter:
    """made: YES, PART or NO. without: what it can't speak of; lacks: the columns and sheets that this needs."""

    key: str
    title: str
    made: str
    without: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()


def chapters_of(
    cohort: Cohort | None, draft: Draft | None, settings: Settings, offered: tuple[Offer, ...]
) -> tuple[Chapter, ...]:
    """Every chapter of the report; none is made where no table of patients can be. offered: for missing columns.

    cohort: None where the data are refused; then the columns of its draft decide.
    """
    from reportgen.chapters import SECTIONS, changes

    sections = [section for section in SECTIONS if section is not changes]
    if draft is None:
        needed = _offered(("patient_id",), offered)
        return tuple(Chapter(s.KEY, s.TITLE, NO, (), ("patient_id",), needed) for s in sections)
    cohort = cohort or _refused(draft, settings)
    return tuple(_chapter(section, cohort, offered) for section in sections)


def _refused(draft: Draft, settings: Settings) -> Cohort:
    """What of a cohort is known of data that are refused: tables, and which endpoints have their columns."""
    from reportgen.cohort.clean.timing import settled
    from reportgen.cohort.cohort import Cohort
    from reportgen.cohort.endpoints.derive import unavailable_endpoints

    tables, _ = settled(draft.tables)
    assessments = tables.get("assessments")
    absent = unavailable_endpoints(tables["patients"], settings, draft.labels, assessments)
    return Cohort(
        tables["patients"], settings, tables.get("toxicities"), tables.get("treatments"), assessments,
        tables.get("measurements"),
        unavailable=absent,
    )  # fmt: skip


def _chapter(section, cohort: Cohort, offered: tuple[Offer, ...]) -> Chapter:
    absent = cohort.unavailable
    said = SPEAKS_OF.get(section.KEY, ())
    unsaid = tuple(key for key in said if key in absent)
    required = tuple(_columns(cohort.lacks(section.REQUIRES)))
    whole = section.KEY in WHOLE
    made = NO if required or (unsaid and unsaid == said and not whole) else PART if unsaid else YES
    further = () if required and whole else _columns(absent[key] for key in unsaid)
    lacking = tuple(dict.fromkeys((*required, *further)))
    without = tuple(ENDPOINTS[key] for key in unsaid) if made == PART else ()
    return Chapter(section.KEY, section.TITLE, made, without, lacking, _offered(lacking, offered))


def _columns(lacking: Iterable[str]) -> Iterator[str]:
    """The names of what lacks: "patients.relapse_date" and "relapse_date, last_contact" as the columns they are."""
    for words in lacking:
        for one in words.split(", "):
            table, _, column = one.partition(".")
            yield column if table == "patients" else f"the sheet {table}" if column else one


def _offered(lacking: tuple[str, ...], offered: tuple[Offer, ...]) -> tuple[Offer, ...]:
    wanted = {name for words in lacking for name in words.split(" or ")}
    return tuple(offer for offer in offered if offer.table == "patients" and offer.column in wanted)
