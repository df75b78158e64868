"""Facts at the start of treatment, and apart from them what pathology and molecular biology found."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.message import N_
from reportgen.casereview.case import Case, Moment, PatientFeature
from reportgen.casereview.fact_words import age, dated, fact_blocks, feature_value, recorded, when, worded
from reportgen.casereview.parts.patient_features import features_at_start
from reportgen.report import Section, Text
from reportgen.stats.results import Results
from reportgen.writing.language import _

KEY = "start"
TITLE = N_("At the start of treatment")
DAY_ZERO = N_("the day from which all times are counted")


@dataclass(frozen=True)
class StartFacts:
    """The patient at the start of treatment. unit: of printed times; dense: as the Case has it; id: where it may be
    printed."""

    unit: str
    dense: bool
    id: str | None
    sex: str | None
    age: float | None
    diagnosed: Moment
    treatment: str | None
    started: Moment
    features: tuple[PatientFeature, ...]


def analyse(case: Case) -> Results:
    """What the patient's row says, with what the dictionary calls known at the start."""
    facts = StartFacts(
        unit=case.cohort.settings.time_unit,
        dense=case.dense,
        id=case.id if case.identified else None,
        sex=case.word("sex"),
        age=case.amount("age_at_start"),
        diagnosed=case.moment("diagnosis_date"),
        treatment=case.treatment,
        started=case.moment("treatment_start"),
        features=features_at_start(case, molecular=False),
    )
    return Results(facts={KEY: facts})


def present(results: Results) -> Section:
    """A row per fact; dates only where the profile leaves them."""
    facts: StartFacts = results.facts[KEY]
    unit = facts.unit
    rows: list[tuple[str, Text]] = [(_("patient"), (facts.id,))] if facts.id else []
    rows += [
        (_("sex"), worded(facts.sex)),
        (_("age"), age(facts.age)),
        (_("date of diagnosis"), dated(facts.diagnosed, unit)),
        (_("treatment"), recorded(facts.treatment)),
        (
            _("start of treatment"),
            when(facts.started, unit) if facts.started.date else (_(DAY_ZERO),),
        ),
    ]
    rows += [(feature.label, feature_value(feature)) for feature in facts.features]
    return Section(
        KEY, _(TITLE), tuple(fact_blocks("start", _("Facts at the start of treatment"), rows, facts.dense))
    )
