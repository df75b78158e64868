"""What every Estimate is, in words, for a reader who asks a number where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportgen.present.numbers import time_point
from reportgen.report import Cells, Origin
from reportgen.stats.results import Estimate, Results

STATISTICS = {
    "count": "number",
    "competing_count": "competing events",
    "sd": "standard deviation",
    "quartile_1": "first quartile",
    "quartile_3": "third quartile",
    "survival": "probability without the event",
    "median_time": "median time to the event",
    "rmst": "mean time without the event",
    "person_time": "observed time",
    "rate": "events per patient-year",
    "missing": "patients without a record",
    "any_grade": "patients with any grade",
    "grade_3_plus": "patients with grade 3 or more",
    "grade_5": "patients with grade 5",
    "p_value": "p-value",
    "p_value_holm": "p-value, adjusted by Holm",
    "p_value_model": "p-value of the model",
    "p_value_model_holm": "p-value of the model, adjusted by Holm",
    "p_value_adjusted": "p-value, adjusted for the other features",
    "hazard_ratio_adjusted": "hazard ratio, adjusted for the other features",
    "p_value_proportional_hazards": "p-value of the check of proportional hazards",
}
OTHERS = {
    ("toxicity", "any"): "Any toxicity",
    ("baseline", ""): "Patients",
    ("cohort", "flow"): "Patients",
    ("exposure", ""): "Time on treatment",
    ("exposure", "stopped"): "Stopped treatment",
    ("follow_up", ""): "Follow-up",
    ("follow_up", "reverse"): "Follow-up by reverse Kaplan–Meier",
    ("follow_up", "survivors"): "Follow-up of those alive at last contact",
    ("follow_up", "completeness"): "Completeness of follow-up",
    ("relapse", "relapsed"): "Of those who relapsed",
    ("after_relapse", "relapsed"): "Of those who relapsed",
    ("after_relapse", "next_treatment"): "Of those treated again",
    ("after_stopping", "stopped"): "After stopping in response",
    ("after_stopping", "continuing"): "Treatment continues",
}
DAYS = {"median_time", "rmst", "person_time"}
SPREAD = {"mean", "sd", "median", "quartile_1", "quartile_3", "minimum", "maximum", "difference"}
OF_TIME = ("time_", "treatment_duration", "follow_up")


@dataclass(frozen=True)
class Glossary:
    """labels: endpoint, feature or column → its words. units: feature → unit. unit: in which times are said.

    cells: id of an Estimate → (sheet, letter, rows), of the estimates whose patients may be named.
    """

    labels: Mapping[str, str]
    units: Mapping[str, str]
    unit: str
    cells: Mapping[str, tuple[tuple[str, str, tuple[int, ...]], ...]] = field(default_factory=dict)


def origins(results: Results, glossary: Glossary) -> dict[str, Origin]:
    """By id, every estimate in words."""
    return {e.id: _origin(e, glossary) for e in results.estimates}


def _origin(e: Estimate, glossary: Glossary) -> Origin:
    cells = glossary.cells.get(e.id)
    places = None if cells is None else tuple(Cells(*place) for place in cells)
    return Origin(e, words(e, glossary), _unit(e, glossary), places)


def words(e: Estimate, glossary: Glossary) -> str:
    """ "Progression-free survival: probability without the event at 1 year (regimen A)"."""
    name = e.endpoint or e.variable or ""
    subject = glossary.labels.get(name) or OTHERS.get((e.section, name))
    if subject is None:
        subject = name.removeprefix("category: ").replace("_", " ")
    statistic = STATISTICS.get(e.statistic)
    if statistic is None:
        statistic = e.statistic.replace("_", " ")
    if e.statistic.startswith("related_"):
        plain = e.statistic.removeprefix("related_")
        statistic = f"{STATISTICS.get(plain, plain.replace('_', ' '))}, related to treatment"
    when = f" at {time_point(e.time, glossary.unit)}" if e.time is not None else ""
    who = "" if e.group in ("all", name) else f" ({glossary.labels.get(e.group, e.group.replace('|', ', '))})"
    said = f"{subject}: {statistic}{when}{who}" if subject else f"{statistic}{when}{who}"
    return said[:1].upper() + said[1:]


def _unit(e: Estimate, glossary: Glossary) -> str:
    """The unit of the value as results.json has it; "" for a number without one, or whose unit is not known."""
    if e.statistic in DAYS:
        return "days"
    if e.statistic in SPREAD:
        name = e.variable or ""
        if name in glossary.units:
            return glossary.units[name]
        timed = (
            e.section == "follow_up" or name.startswith(OF_TIME) or e.method.startswith("difference of RMST")
        )
        return "days" if timed else ""
    return ""
