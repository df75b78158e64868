"""Changes: what is new since the last report, what was corrected, and how far that moved the main estimates.

Only in a report that has one before it. It reads what `cohort.earlier` knows of that one.
"""

from __future__ import annotations

from dataclasses import asdict

from reportgen.analyses import changes, outcomes
from reportgen.cohort.cohort import Cohort
from reportgen.language import N_, _
from reportgen.present import changes as shown
from reportgen.present.narrative import paragraph, say
from reportgen.report import Block, Heading, Note, Notice, Paragraph, Section
from reportgen.stats.results import Results

KEY = "changes"
TITLE = N_("Changes")
REQUIRES = ("patients.last_contact",)

MOST_ROWS, MOST_NAMED = 40, 12


def analyse(cohort: Cohort) -> Results:
    """The main estimates at every report and the parts of their last move; counts of what else changed."""
    if cohort.earlier is None:
        return Results(facts={KEY: {"then": ""}})
    estimates, found = changes.estimates(KEY, cohort)
    then, now = changes.names(cohort.earlier)
    facts = outcomes.context(cohort) | found | {
        "then": then,
        "now": now,
        "most_rows": MOST_ROWS,
        "most_named": MOST_NAMED,
        "labels": {key: endpoint.label for key, endpoint in cohort.endpoints.items()},
        "columns": dict(cohort.labels),
        "questions": asdict(cohort.earlier.questions),
        "changes": [asdict(change) for change in cohort.earlier.changes],
    }  # fmt: skip
    return Results(estimates, facts={KEY: facts})


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    if not facts["then"]:
        return Section(KEY, _(TITLE), (Notice(say("There is no earlier report to compare this one with.")),))
    estimates = results.select(section=KEY)
    if shown.nothing(results):
        blocks = [Paragraph(shown.nothing_sentence(facts)), *_trend(results), *_questions(results)]
        return Section(KEY, _(TITLE), tuple(blocks), estimates)
    blocks: list[Block] = [
        Note(_("Parts of a change"), _(shown.HOW)),
        Paragraph(paragraph(*shown.opening(results))),
    ]
    blocks += [shown.events_table(results)] if facts["happened"] else [Notice(shown.not_kept(facts))]
    blocks += [
        Heading(_("Main estimates, then and now")),
        Paragraph(paragraph(*shown.moves_sentences(results))),
        shown.main_table(results),
    ]
    blocks += _trend(results)
    if facts["kept"]:
        blocks += [Heading(_("Corrections")), Note(_("Correction"), _(shown.WHAT_IS_A_CORRECTION)),
                   Paragraph(shown.corrections_sentence(results))]  # fmt: skip
        blocks += shown.corrections_table(facts)
    blocks += [
        Heading(_("Queries")),
        Paragraph(shown.questions_sentence(results)),
        *shown.questions_table(facts),
    ]
    blocks += [Heading(_("Settings, methods and version")), Paragraph(shown.settings_sentence(facts))]
    blocks += shown.settings_table(facts)
    return Section(KEY, _(TITLE), tuple(blocks), estimates)


def _trend(results: Results) -> list[Block]:
    figure = shown.trend(results)
    return [figure] if figure else []


def _questions(results: Results) -> list[Block]:
    said = Paragraph(shown.questions_sentence(results))
    return [Heading(_("Queries")), said, *shown.questions_table(results.facts[KEY])]
