"""From the earlier report's cohort to today's, in steps: as it was, corrected, followed further, with new patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reportgen.base.required import required
from reportgen.cohort.changes.as_of import corrected, of_patients
from reportgen.cohort.changes.corrections import Correction, corrections
from reportgen.cohort.cohort import Cohort, Table
from reportgen.cohort.endpoints.derive import derive_endpoints


@dataclass(frozen=True)
class Ladder:
    """The cohorts between the earlier report and this one; the settings and the endpoints are today's in all.

    as_it_was: the earlier patients and data. corrected: the same patients, up to the day to which each was
    known then, as today's data describe them. followed: the same patients, as they are known now.
    """

    as_it_was: Cohort
    corrected: Cohort
    followed: Cohort
    corrections: tuple[Correction, ...]


def ladder(cohort: Cohort) -> Ladder:
    """The steps from the report that `cohort.earlier` holds; its tables must have been kept."""
    then = required(required(cohort.earlier).tables)
    now = tables_of(cohort)
    mended = corrected(now, then, cohort.settings)
    return Ladder(
        _made_of(then, cohort),
        _made_of(mended, cohort),
        _made_of(of_patients(now, then["patients"]), cohort, cohort.cutoff),
        corrections(then, mended),
    )


def tables_of(cohort: Cohort) -> dict[str, Table]:
    """The tables of a cohort by name, without those that the source lacks."""
    tables = (cohort.patients, cohort.toxicities, cohort.treatments, cohort.assessments, cohort.measurements)
    return {table.name: table for table in tables if table is not None}


def _made_of(tables: Mapping[str, Table], cohort: Cohort, cutoff=None) -> Cohort:
    endpoints, unavailable = derive_endpoints(
        tables["patients"],
        cohort.settings,
        cohort.labels,
        tables.get("assessments"),
        tables.get("treatments"),
    )
    return replace(
        cohort,
        patients=tables["patients"],
        toxicities=tables.get("toxicities"),
        treatments=tables.get("treatments"),
        assessments=tables.get("assessments"),
        measurements=tables.get("measurements"),
        features=(),
        endpoints=endpoints,
        unavailable=unavailable,
        cutoff=cutoff or required(cohort.earlier).last.cutoff,
        flow=(),
        issues=(),
    )
