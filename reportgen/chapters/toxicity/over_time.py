"""Toxicity over time as a reader meets it: a row per month, and per group in it, in one table of the supplement."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.chapters.shared import table_findings
from reportgen.chapters.toxicity.facts import KEY, ToxicityFacts
from reportgen.report import Block, Column, Row, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, not_given, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import say
from reportgen.writing.tables import row, table, text_column

ENDPOINT, OVERALL = "toxicity_grade_3_plus", "any"
MONTHS = (1, 3, 6, 12)
MONTH = 30.4375


def blocks(results: Results) -> list[Block]:
    """For all and, below them, per group; nothing without dates of onset."""
    facts: ToxicityFacts = results.facts[KEY]
    rows, used = [], []
    for month in MONTHS:
        for group in ("all", *facts.groups):
            found = _at(results, group, month * MONTH)
            if not any(e is not None and e.exists for e in found):
                continue
            whole = group == "all"
            words = numbers.time_point(month * MONTH, "months") if whole else shares.group(facts, group)
            rows.append(_row(words, found, int(not whole)))
            used += [e for e in found if e is not None]
    return [_table(results, rows, used)] if rows else []


def _at(results: Results, group: str, time: float) -> list[Estimate | None]:
    stems = (
        f"{KEY}.{ENDPOINT}.{group}.cumulative_incidence",
        f"{KEY}.{ENDPOINT}.{group}.prevalence",
        f"{KEY}.{OVERALL}.{group}.prevalence",
        f"{KEY}.{OVERALL}.{group}.mean_count",
    )
    return [results.get(f"{stem}@{time:.10g}") for stem in stems]


def _row(words: str, found: list[Estimate | None], indent: int) -> Row:
    first, severe, any_grade, count = found
    cells: list[Text] = [
        phrases.probability(first) if first is not None else (numbers.MISSING,),
        phrases.probability_interval(first) if first is not None and first.exists else (),
        phrases.share(severe) if severe is not None else (numbers.MISSING,),
        phrases.share(any_grade) if any_grade is not None else (numbers.MISSING,),
        _mean(count) if count is not None else (numbers.MISSING,),
    ]
    return row(words, *cells, indent=indent)


def _mean(e: Estimate) -> Text:
    if not e.exists:
        return phrases.absent(e)
    mean = phrases.value(numbers.decimal(required(e.value), 1), e)
    if e.low is None or e.high is None:
        return (mean,)
    limits = numbers.EN_DASH.join(numbers.decimal(x, 1) for x in (e.low, e.high))
    return say("{x} ({low})", x=mean, low=phrases.value(limits, e, quiet=True))


def _table(results: Results, rows: list[Row], used: list[Estimate]) -> Table:
    columns = (
        text_column(_("Since the start"), 0.2),
        Column(_("First grade ≥ 3")),
        Column(phrases.intervals(results)),
        Column(_("Grade ≥ 3 at the time")),
        Column(_("Any grade at the time")),
        Column(_("Events per patient")),
    )
    notes = [
        say(
            "First grade ≥ 3: cumulative incidence, stop of treatment and death competing. At the time: patients with "
            "an event that is not resolved, of those on treatment then. Events per patient: mean cumulative count, "
            "with its {n}% CI. Death ends it; the stop of treatment censors, so that it can be above all events "
            "divided by all patients.",
            n=phrases.percent_of(results),
        ),
        say("Methods: {methods}.", methods=estimate_words.methods({e.method for e in used if e.exists})),
        *not_given.not_estimable(used),
    ]
    left = results.get(f"{KEY}.{ENDPOINT}.all.left_out")
    if left is not None and left.value:
        notes.append(
            say(
                "Left out of the first column: {k} with grade ≥ 3 whose onset is not recorded.",
                k=phrases.value(numbers.whole(left.count), left),
            )
        )
    caption = say("Toxicity over time, from the start of treatment to its stop.")
    at = [e.time for e in used if e.id.startswith(f"{KEY}.{ENDPOINT}.all.cumulative") and e.exists]
    last = max(map(required, at), default=0.0)
    finding = table_findings.by_time(results, {f"{KEY}.{ENDPOINT}": _("First grade ≥ 3")}, last, "months")
    return table("table-toxicity-time", caption, columns, rows, notes, finding)
