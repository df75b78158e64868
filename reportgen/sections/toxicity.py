"""Toxicity: patients by their worst grade, per term and category, whatever the cause and related."""

from __future__ import annotations

from reportgen.analyses import columns, outcomes, toxicities
from reportgen.analyses.counting import grades_of
from reportgen.cohort.cohort import Cohort
from reportgen.language import N_, _
from reportgen.present import toxicity as shown
from reportgen.present import toxicity_terms
from reportgen.present.narrative import capital, counted, paragraph, say, say_n
from reportgen.present.numbers import percent
from reportgen.present.phrases import value
from reportgen.present.shares import group_name, told
from reportgen.report import Block, Note, Notice, Paragraph, Section, Text
from reportgen.stats.results import Results

KEY = "toxicity"
TITLE = N_("Toxicity")
REQUIRES = ("toxicities.term", "toxicities.grade")


def analyse(cohort: Cohort) -> Results:
    """Patients by worst grade and events per patient-year, for the total, each category and each term."""
    events = toxicities.read(cohort)
    tables = grades_of(cohort)
    terms = toxicities.terms(events, tables)
    groups = columns.groups(cohort)
    facts = outcomes.context(cohort) | events.facts | {
        "terms": terms,
        "categories": {c: events.names[f"category: {c}"] for c in sorted({t["category"] for t in terms})},
        "groups": [name for name in groups if name != "all"],
        "ctcae_version": cohort.settings.ctcae_version,
        "rows": len(events),
    }  # fmt: skip
    return Results(toxicities.estimates(KEY, events, groups, tables), facts={KEY: facts})


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    blocks: list[Block] = [Note(_("Toxicity"), _definition(facts)), *_doubts(facts)]
    if not facts["rows"]:
        blocks.append(_nothing_recorded(results, facts))
        return Section(KEY, _(TITLE), tuple(blocks), results.select(section=KEY))
    sentences = [
        shown.overall_sentence(results),
        shown.related_sentence(results),
        shown.major_sentence(results),
        shown.rate_sentence(results),
    ]
    sentences += [
        shown.overall_sentence(results, group, group_name(facts, group)) for group in told(facts["groups"])
    ]
    blocks.append(Paragraph(paragraph(*sentences)))
    figure = toxicity_terms.bars_figure(results)
    blocks += [figure] if figure else []
    blocks.append(toxicity_terms.terms_table(results))
    blocks += [toxicity_terms.groups_table(results)] if facts["groups"] else []
    return Section(KEY, _(TITLE), tuple(blocks), results.select(section=KEY))


def _definition(facts: dict) -> str:
    version = facts["ctcae_version"]
    graded = (
        _("Graded by CTCAE version {version}.", version=version)
        if version
        else _("The version of CTCAE was not declared.")
    )
    assessed = (
        _("The denominator is the patients recorded as assessed for toxicity, with or without an event.")
        if facts["declared"]
        else _("The data do not say who was assessed for toxicity: all patients are taken as assessed.")
    )
    once = _("Each patient counts once per term, with the worst grade.")
    return f"{graded} {once} {assessed}"


def _doubts(facts: dict) -> list[Notice]:
    """What was left out or is not known, each in a sentence."""
    doubts: list[Text] = []
    if facts["rows_left_out"]:
        doubts.append(
            capital(
                say_n(
                    "{rows} of {patients} not recorded as assessed for toxicity is not counted.",
                    "{rows} of {patients} not recorded as assessed for toxicity are not counted.",
                    facts["rows_left_out"],
                    rows=_rows(facts["rows_left_out"]),
                    patients=counted(facts["patients_left_out"], "patient"),
                )
            )
        )
    if facts["without_grade"]:
        rows = _rows(facts["without_grade"])
        doubts.append(capital(say("{rows} without a grade: counted under any grade only.", rows=rows)))
    if facts["has_attribution"] and facts["without_attribution"]:
        rows = _rows(facts["without_attribution"])
        doubts.append(capital(say("{rows} without an attribution: not counted as related.", rows=rows)))
    if facts["without_term"]:
        rows = _rows(facts["without_term"])
        doubts.append(capital(say("{rows} without a term: not counted.", rows=rows)))
    return [Notice(doubt) for doubt in doubts]


def _rows(n: int) -> str:
    return counted(n, "toxicity row")


def _nothing_recorded(results: Results, facts: dict) -> Block:
    none = shown.of(results, "any", "any_grade")
    if not facts["declared"]:
        text = say(
            "The sheet of toxicities holds no row, and the data do not say who was assessed: nothing is concluded."
        )
        return Notice(text)
    if not none.exists:
        return Notice(say("No patient is recorded as assessed for toxicity: nothing is concluded."))
    return Paragraph(
        say(
            "No event was recorded among {patients} assessed for toxicity; the exact upper 95% limit of the proportion "
            "with an event is {limit}.",
            patients=counted(none.n, "patient"),
            limit=value(percent(none.high, none.n), none),
        )
    )
