"""Further names of columns that mean one thing only, from the word lists. As `keys.name_key` gives them."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.cohort.mapping.word_lists import lists

TABLES = ("patients", "toxicities", "treatments", "assessments", "measurements")


def further() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Table → column → further names. A patient is called alike in every table."""
    safe = lists().safe
    ids = {"patient_id": safe["patients"]["patient_id"]}
    return {table: {**ids, **safe.get(table, {})} for table in TABLES}


FURTHER = further()
