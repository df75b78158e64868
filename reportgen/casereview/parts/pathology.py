"""Pathology and molecular findings."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.casereview.case import Case
from reportgen.casereview.parts.features import features_at_start
from reportgen.casereview.recorded import fact_blocks, feature_value, missing, recorded
from reportgen.report import Section, Text
from reportgen.stats.results import Results
from reportgen.writing.language import _

KEY = "pathology"
TITLE = N_("Pathology and molecular findings")


def analyse(case: Case) -> Results:
    """The diagnosis, of the patient or else of the settings, and the molecular features known at the start."""
    return Results(
        facts={
            KEY: {
                "dense": case.dense,
                "diagnosis": case.word("diagnosis") or case.cohort.settings.diagnosis or None,
                "features": features_at_start(case, molecular=True),
            }
        }
    )


def present(results: Results) -> Section:
    """A row per finding; that nothing molecular is recorded has a row too."""
    facts = results.facts[KEY]
    rows: list[tuple[str, Text]] = [(_("diagnosis"), recorded(facts["diagnosis"]))]
    rows += [(fact["label"], feature_value(fact)) for fact in facts["features"]]
    if not facts["features"]:
        rows.append((_("molecular findings"), missing()))
    return Section(KEY, _(TITLE), tuple(fact_blocks("pathology", _(TITLE), rows, facts["dense"])))
