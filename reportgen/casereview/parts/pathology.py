"""Pathology and molecular findings."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.message import N_
from reportgen.casereview.case import Case, PatientFeature
from reportgen.casereview.fact_words import fact_blocks, feature_value, missing, recorded
from reportgen.casereview.parts.patient_features import features_at_start
from reportgen.report import Section, Text
from reportgen.stats.results import Results
from reportgen.writing.language import _

KEY = "pathology"
TITLE = N_("Pathology and molecular findings")


@dataclass(frozen=True)
class PathologyFacts:
    """What was found of the patient at the start; dense: as the Case has it."""

    dense: bool
    diagnosis: str | None
    features: tuple[PatientFeature, ...]


def analyse(case: Case) -> Results:
    """The diagnosis, of the patient or else of the settings, and the molecular features known at the start."""
    found = PathologyFacts(case.dense, case.diagnosis, features_at_start(case, molecular=True))
    return Results(facts={KEY: found})


def present(results: Results) -> Section:
    """A row per finding; that nothing molecular is recorded has a row too."""
    facts: PathologyFacts = results.facts[KEY]
    rows: list[tuple[str, Text]] = [(_("diagnosis"), recorded(facts.diagnosis))]
    rows += [(feature.label, feature_value(feature)) for feature in facts.features]
    if not facts.features:
        rows.append((_("molecular findings"), missing()))
    return Section(KEY, _(TITLE), tuple(fact_blocks("pathology", _(TITLE), rows, facts.dense)))
