"""The summary: a structured abstract of what the other chapters found, and the numbers at a glance.

It computes nothing. It quotes the estimates of the other chapters, and draws no conclusion beyond them.
"""

from __future__ import annotations

from reportgen.analyses import outcomes
from reportgen.cohort.cohort import Cohort
from reportgen.language import N_, _
from reportgen.present import abstract, endpoints
from reportgen.present.swims import in_words, small_swimmer
from reportgen.report import Block, Figure, KeyNumbers, Paragraph, Section
from reportgen.stats.results import Results

KEY = "summary"
TITLE = N_("Summary")
REQUIRES = ()

MOST_SWIMS = 30


def analyse(cohort: Cohort) -> Results:
    """Nothing is computed here; the facts that open the abstract."""
    start = cohort.patients.frame.get("treatment_start")
    dated = start is not None and start.notna().any()
    settings = cohort.settings
    facts = outcomes.context(cohort) | {
        "n": cohort.n,
        "diagnosis": settings.diagnosis or _single(cohort, "diagnosis"),
        "treatment": settings.treatment or _single(cohort, "treatment"),
        "years": (int(start.min().year), int(start.max().year)) if dated else None,
        "cutoff": cohort.cutoff.isoformat() if cohort.cutoff else None,
        "has_toxicities": not cohort.lacks(("toxicities.term",)),
    }
    return Results(facts={KEY: facts})


def _single(cohort: Cohort, column: str) -> str:
    """The one value of a column that is the same for all; "" otherwise."""
    values = cohort.patients.frame.get(column)
    found = [] if values is None else values.dropna().unique()
    return str(found[0]) if len(found) == 1 else ""


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    blocks: list[Block] = [
        Paragraph(text, label)
        for label, text in (
            (_("Purpose"), abstract.purpose(facts)),
            (_("Methods"), abstract.methods(results, facts)),
            (_("Results"), abstract.findings(results, facts)),
            (_("Course"), abstract.course_of_patients(results)),
        )
        if text
    ]
    blocks.append(KeyNumbers(abstract.key_numbers(results, facts)))
    return Section(KEY, _(TITLE), (*blocks, *_figures(results, facts)))


def _figures(results: Results, facts: dict) -> list[Figure]:
    figures = [
        endpoints.curve_figure(
            results, "survival", fact, facts, width="half", id=f"figure-{KEY}-{fact['key']}"
        )
        for fact in abstract.headline(results)
    ]
    swims = results.facts.get("patients", {}).get("swims", ())
    if 0 < len(swims) <= MOST_SWIMS:
        figures.append(small_swimmer(f"figure-{KEY}-swimmer", in_words(swims, facts), facts["unit"]))
    return [figure for figure in figures if figure is not None]
