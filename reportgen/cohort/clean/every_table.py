"""Every table of a source, cleaned: as all of them are, and by what some of them need besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from reportgen.base.errors import Issue
from reportgen.cohort.aside import frame_aside
from reportgen.cohort.clean.cleaning import Cleaned, clean_table
from reportgen.cohort.clean.death_or_contact import death_or_contact
from reportgen.cohort.clean.denied_terms import without_denied
from reportgen.cohort.clean.measured_words import without_words
from reportgen.cohort.clean.told_apart import relapse_or_contact, stop_or_contact
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import Settings


def clean_tables(
    sheets: Mapping[str, RawSheet], headers: Mapping[str, tuple[Header, ...]], settings: Settings
) -> tuple[dict[str, Cleaned], list[Issue]]:
    """Table → its canonical columns as values, and what was found. headers: the columns of each table."""
    cleaned: dict[str, Cleaned] = {}
    issues: list[Issue] = []
    for table, known in headers.items():
        cleaned[table], found = clean_table(table, sheets[table], known, settings)
        issues.extend(without_words(found, known) if table == "measurements" else found)
        if table == "patients":
            for told_apart in (
                death_or_contact,
                partial(relapse_or_contact, settings=settings),
                stop_or_contact,
            ):
                cleaned[table], found = told_apart(cleaned[table], sheets[table], known)
                issues.extend(found)
        if table == "toxicities":
            cleaned[table], found = without_denied(cleaned[table])
            issues.extend(found)
        cleaned[table] = replace(cleaned[table], frame=frame_aside(cleaned[table].frame))
    return cleaned, issues
