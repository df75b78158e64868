"""What every Estimate is, in words, for a reader who asks a number where it comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from reportgen.base.message import N_, codes
from reportgen.report import Cells, Origin
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words
from reportgen.writing.estimate_details import steps_to, story
from reportgen.writing.language import _
from reportgen.writing.narrative import head
from reportgen.writing.numbers import time_point, unit_name

STATISTICS = {
    "mean": N_("mean"),
    "median": N_("median"),
    "minimum": N_("minimum"),
    "onset_median": N_("median time to the onset"),
    "onset_minimum": N_("shortest time to the onset"),
    "onset_maximum": N_("longest time to the onset"),
    "maximum": N_("maximum"),
    "proportion": N_("proportion"),
    "difference": N_("difference"),
    "landmark_difference": N_("difference of the groups"),
    "standardised_difference": N_("standardised difference of the groups"),
    "any_grade_difference": N_("difference of the shares with any grade"),
    "grade_3_plus_difference": N_("difference of the shares with grade 3 or more"),
    "grade_5_difference": N_("difference of the shares with grade 5"),
    "cumulative_incidence": N_("cumulative incidence"),
    "risk_difference": N_("difference of the shares"),
    "survival_difference": N_("difference of the probabilities without the event"),
    "rmst_difference": N_("difference of the mean times without the event"),
    "prevalence": N_("share with an event at the time"),
    "unresolved": N_("share with an event not resolved when last seen"),
    "unresolved_at_death": N_("patients who died with an event not resolved"),
    "mean_count": N_("mean number of events by the time"),
    "known_status": N_("share whose state is known"),
    "mature_after": N_("days until it is reached"),
    "quantile_time_25": N_("time by which a quarter had the event"),
    "quantile_time_75": N_("time by which three quarters had the event"),
    "missing_low": N_("lowest possible, whatever was not recorded"),
    "missing_high": N_("highest possible, whatever was not recorded"),
    "extreme_low": N_("lowest possible under extreme censoring"),
    "extreme_high": N_("highest possible under extreme censoring"),
    "disease_control": N_("disease control"),
    "response_by": N_("response by the time"),
    "response_confirmed": N_("confirmed response"),
    "size_response": N_("response by size"),
    "size_response_confirmed": N_("confirmed response by size"),
    "growth_modulation_index": N_("median growth modulation index"),
    "growth_modulation_share": N_("share with a growth modulation index above 1.33"),
    "growth_modulation_unpaired": N_("patients whose line before has no progression"),
    "hazard_ratio": N_("hazard ratio"),
    "odds_ratio": N_("odds ratio"),
    "left_out": N_("left out"),
    "rows": N_("rows"),
    "no_group": N_("patients in no group"),
    "late_entry": N_("patients who came under observation late"),
    "first_entry": N_("first start of observation"),
    "last_entry": N_("last start of observation"),
    "fewest_at_risk": N_("fewest at risk of an early event"),
    "late_baseline": N_("late baseline"),
    "began_after_treatment": N_("began after treatment"),
    "worst_grade_1": N_("worst grade 1"),
    "worst_grade_2": N_("worst grade 2"),
    "worst_grade_3": N_("worst grade 3"),
    "worst_grade_4": N_("worst grade 4"),
    "worst_grade_5": N_("worst grade 5"),
    "worst_grade_missing": N_("worst grade missing"),
    "count": N_("number"),
    "competing_count": N_("competing events"),
    "competing_incidence": N_("cumulative incidence of the competing event"),
    "sd": N_("standard deviation"),
    "quartile_1": N_("first quartile"),
    "quartile_3": N_("third quartile"),
    "survival": N_("probability without the event"),
    "median_time": N_("median time to the event"),
    "median_follow_up": N_("median time under observation"),
    "rmst": N_("mean time without the event"),
    "person_time": N_("observed time"),
    "rate": N_("events per patient-year"),
    "rate_ratio": N_("ratio of the rates"),
    "missing": N_("patients without a record"),
    "any_grade": N_("patients with any grade"),
    "serious": N_("patients with a serious event"),
    "grade_3_plus": N_("patients with grade 3 or more"),
    "grade_5": N_("patients with grade 5"),
    "p_value": N_("p-value"),
    "p_value_holm": N_("p-value, adjusted by Holm"),
    "p_value_model": N_("p-value of the model"),
    "p_value_model_holm": N_("p-value of the model, adjusted by Holm"),
    "p_value_adjusted": N_("p-value, adjusted for the other features"),
    "p_value_stratified": N_("p-value within strata"),
    "p_value_model_stratified": N_("p-value of the model within strata"),
    "hazard_ratio_stratified": N_("hazard ratio within strata"),
    "p_value_gray_stratified": N_("p-value of Gray’s test within strata"),
    "subdistribution_hazard_ratio_stratified": N_("subdistribution hazard ratio within strata"),
    "p_value_subdistribution_stratified": N_("p-value of the subdistribution hazard ratio within strata"),
    "hazard_ratio_time_dependent": N_("hazard ratio, changing when it became known"),
    "p_value_time_dependent": N_("p-value of the hazard ratio that changes when it became known"),
    "subdistribution_hazard_ratio": N_("subdistribution hazard ratio"),
    "p_value_subdistribution": N_("p-value of the subdistribution hazard ratio"),
    "hazard_ratio_adjusted": N_("hazard ratio, adjusted for the other features"),
    "hazard_ratio_imputed": N_("hazard ratio, adjusted, missing values imputed"),
    "p_value_imputed": N_("p-value, adjusted, missing values imputed"),
    "p_value_proportional_hazards": N_("p-value of the check of proportional hazards"),
}
OTHERS = {
    ("toxicity", "any"): N_("Any toxicity"),
    ("toxicity", "toxicity_grade_3_plus"): N_("First toxicity of grade ≥ 3"),
    ("toxicity", "toxicity_resolution"): N_("Resolution of the first toxicity"),
    ("toxicity", "toxicity_grade_3_plus_resolution"): N_("Resolution of the first toxicity of grade ≥ 3"),
    ("survival", "cause_of_death"): N_("Cause of death"),
    ("survival", "treatment_free_survival"): N_("Treatment-free survival"),
    ("survival", "treatment_free_survival_with_toxicity"): N_(
        "Treatment-free survival with toxicity of grade ≥ 3"
    ),
    ("survival", "treatment_free_survival_without_toxicity"): N_(
        "Treatment-free survival without toxicity of grade ≥ 3"
    ),
    ("survival", "treatment_free_survival_of_known_toxicity"): N_(
        "Treatment-free survival of those whose toxicity is known"
    ),
    ("baseline", ""): N_("Patients"),
    ("cohort", "flow"): N_("Patients"),
    ("exposure", ""): N_("Time on treatment"),
    ("exposure", "dose_reduction"): N_("First reduction of the dose"),
    ("exposure", "dose_interruption"): N_("First interruption of treatment"),
    ("exposure", "stopped"): N_("Stopped treatment"),
    ("exposure", "on_treatment"): N_("On treatment at the last contact"),
    ("exposure", "action"): N_("Action taken for toxicity"),
    ("exposure", "lines"): N_("Lines of treatment recorded"),
    ("exposure", "dose"): N_("Dose, of patients of whom it is known"),
    ("exposure", "stopped_for_event"): N_("Of those in whom an event ended treatment"),
    ("exposure", "event_after_stop"): N_(
        "Of those in whom an event ended treatment, it began after the stop"
    ),
    ("follow_up", ""): N_("Follow-up"),
    ("follow_up", "reverse"): N_("Follow-up by reverse Kaplan–Meier"),
    ("follow_up", "survivors"): N_("Follow-up of those alive at last contact"),
    ("follow_up", "completeness"): N_("Completeness of follow-up"),
    ("relapse", "relapsed"): N_("Of those who relapsed"),
    ("relapse", "died_without"): N_("Of those who died without relapse"),
    ("after_relapse", "relapsed"): N_("Of those who relapsed"),
    ("after_relapse", "next_treatment"): N_("Of those treated again"),
    ("after_stopping", "stopped"): N_("After stopping in response"),
    ("after_stopping", "continuing"): N_("Treatment continues"),
}
DAYS = {
    "rmst_difference",
    "median_time",
    "median_follow_up",
    "rmst",
    "person_time",
    "first_entry",
    "last_entry",
    "onset_median",
    "onset_minimum",
    "onset_maximum",
}
SPREAD = {"mean", "sd", "median", "quartile_1", "quartile_3", "minimum", "maximum", "difference"}
FREE = ("action", "action_of")  # variables whose groups are what the workbook says
OF_TIME = ("time_", "treatment_duration", "follow_up")


@dataclass(frozen=True)
class Glossary:
    """labels: endpoint, feature or column → its words. units: feature → unit. unit: in which times are said.

    levels: feature → its levels → how each is said. groups: the same of the groups that are compared.
    cells: id of an Estimate → (sheet, letter, rows), of the estimates whose patients may be named. column: by which
    groups are compared; compared: their names in ids. others: endpoints whose groups are other ones.
    """

    labels: Mapping[str, str]
    units: Mapping[str, str]
    unit: str
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, tuple[tuple[str, str, tuple[int, ...]], ...]] = field(default_factory=dict)
    column: str = ""
    compared: Collection[str] = ()
    others: Collection[str] = ()


def origins(results: Results, glossary: Glossary) -> dict[str, Origin]:
    """By id, every estimate in words."""
    return {e.id: _origin(e, glossary, results) for e in results.estimates}


def _origin(e: Estimate, glossary: Glossary, results: Results) -> Origin:
    cells = glossary.cells.get(e.id)
    places = None if cells is None else tuple(Cells(*place) for place in cells)
    said = replace(
        e, method=estimate_words.method(e.method, own=_levels(e, glossary)), note=estimate_words.note(e.note)
    )
    return Origin(
        said,
        words(e, glossary),
        _unit(e, glossary),
        places,
        story(e, glossary.unit),
        steps_to(e, results, glossary.unit),
        _group(e, glossary),
    )


def _group(e: Estimate, glossary: Glossary) -> str:
    """The group of patients that an estimate is of. A level of another feature may bear the name of a group.

    >>> told = Glossary({}, {}, "years", {"fever": {"yes": "yes"}}, {}, {}, "prior", ("yes", "no"))
    >>> _group(Estimate("proportion", "baseline", variable="fever", group="yes"), told)
    ''
    >>> _group(Estimate("proportion", "baseline", variable="fever", group="yes|yes"), told)
    'yes'
    """
    group, bar, _level = e.group.partition("|")
    other = e.variable != glossary.column and group in glossary.levels.get(e.variable or "", ())
    if group not in glossary.compared or (e.endpoint or "") in glossary.others or (other and not bar):
        return ""
    return group


def words(e: Estimate, glossary: Glossary) -> str:
    """ "Progression-free survival: probability without the event at 1 year (regimen A)"."""
    name = e.endpoint or e.variable or ""
    own = name.removesuffix("_of") if e.section == "exposure" else name
    subject = glossary.labels.get(name) or OTHERS.get((e.section, own))
    if subject is None:
        subject = own.removeprefix("category: ").replace("_", " ")
    subject = _(subject)
    plain = e.statistic.removeprefix("related_")
    statistic = _(STATISTICS.get(plain, plain.replace("_", " ")))
    if plain != e.statistic:
        statistic = _("{statistic}, related to treatment", statistic=statistic)
    if e.time is not None:
        statistic = _("{statistic} at {time}", statistic=statistic, time=time_point(e.time, glossary.unit))
    if e.group not in ("all", name):
        parts = glossary.labels.get(e.group, e.group).split("|")
        said = _levels(e, glossary)
        groups = ", ".join(said.get(part) or _(part) for part in parts)
        statistic = f"{statistic} ({groups})"
    said = f"{subject}: {statistic}" if subject else statistic
    return head(said)


def _levels(e: Estimate, glossary: Glossary) -> Mapping[str, str]:
    """Level → how it is said, of the feature that an estimate is of and of the groups."""
    names = (e.variable or "", e.group.partition("=")[0])
    own = next((glossary.levels[name] for name in names if name in glossary.levels), {})
    level = e.group.rpartition("|")[2]
    return {**glossary.groups, **({level: level} if e.variable in FREE else {}), **own}


def _unit(e: Estimate, glossary: Glossary) -> str:
    """The unit of the value as results.json has it; "" for a number without one, or whose unit is not known."""
    if e.statistic in DAYS:
        return unit_name("days")
    if e.statistic in SPREAD:
        name = e.variable or ""
        if name in glossary.units:
            return _(glossary.units[name])
        timed = e.section == "follow_up" or name.startswith(OF_TIME) or "rmst_difference" in codes(e.method)
        return unit_name("days") if timed else ""
    return ""
