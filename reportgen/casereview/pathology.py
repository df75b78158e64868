"""Pathology and molecular findings."""

from __future__ import annotations

from reportgen.casereview.case import Case
from reportgen.casereview.features import features_at_start
from reportgen.present.case import MISSING, fact_blocks, feature_value, recorded
from reportgen.report import Section, Text
from reportgen.stats.results import Results

KEY = "pathology"
TITLE = "Pathology and molecular findings"


def analyse(case: Case) -> Results:
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
    facts = results.facts[KEY]
    rows: list[tuple[str, Text]] = [("diagnosis", recorded(facts["diagnosis"]))]
    rows += [(fact["label"], feature_value(fact)) for fact in facts["features"]]
    if not facts["features"]:
        rows.append(("molecular findings", MISSING))
    return Section(KEY, TITLE, tuple(fact_blocks("pathology", TITLE, rows, facts["dense"])))
