"""The case reviews that lie beside a report, for it to lead to them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from reportgen.cohort.cohort import Cohort

SCHEMA = "reportgen/cases/1"
FOLDER, INDEX, MANIFEST = "cases", "index.json", "manifest.json"
ADDRESS = re.compile(rf"{FOLDER}/[\w.~%-]+", re.ASCII)


def reviews_beside(cohort: Cohort, folder: Path) -> dict[str, str]:
    """Patient id → the address of the patient's review, from the report in `folder`; none but of internal reports.

    Only reviews of the very same data and cut-off: a report must not lead to what it contradicts.
    """
    place = folder / FOLDER
    try:
        index = json.loads((place / INDEX).read_bytes())
        made = json.loads((place / MANIFEST).read_bytes())
        same = made["inputs"][0]["sha256"] == cohort.source.sha256 and index["cutoff"] == (
            cohort.cutoff.isoformat() if cohort.cutoff else None
        )
        internal = {cohort.settings.privacy.profile, index["profile"]} == {"internal"}
        rows = (
            [(str(row["patient"]), str(row["file"])) for row in index["cases"]] if same and internal else []
        )
    except (OSError, ValueError, LookupError, TypeError):
        return {}  # none were made, or what lies there is not ours
    return {
        patient: quote(f"{FOLDER}/{file}")
        for patient, file in rows
        if Path(file).name == file and (place / file).is_file()
    }


def recorded_reviews(asked: Mapping) -> dict[str, str]:
    """The reviews that a published report leads to, as its manifest has them. LookupError for what is no address."""
    reviews = dict(asked.get("reviews", {}))
    if not all(isinstance(place, str) and ADDRESS.fullmatch(place) for place in reviews.values()):
        raise LookupError("no address of a case review")
    return reviews
