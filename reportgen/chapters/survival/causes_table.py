"""Deaths by their cause, as a reader meets them: a table of the supplement."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.required import required
from reportgen.chapters.shared import table_findings
from reportgen.chapters.survival.facts import KEY, SurvivalFacts
from reportgen.report import Block, Column, Row
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, not_given, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import head, say
from reportgen.writing.tables import row, table, text_column

VARIABLE = "cause_of_death"
MOST_TIMES = 3


def blocks(results: Results) -> list[Block]:
    """Nothing where the causes of the deaths are not told apart."""
    facts: SurvivalFacts = results.facts[KEY]
    found = results.select(section=KEY, variable=VARIABLE)
    counts = {e.group: e for e in found if e.statistic == "count"}
    causes = [group for group in counts if "|" not in group]
    if not causes:
        return []
    every = [e for e in found if e.statistic == "cumulative_incidence"]
    times = sorted({required(e.time) for e in every})[:MOST_TIMES]
    at = {(e.group, e.time): e for e in every}
    rows, used = [], []
    for cause in causes:
        of_groups = [name for name in counts if name.endswith(f"|{cause}")]
        for name in (cause, *of_groups):
            incidences = [at[name, time] for time in times]
            whole = name == cause
            words = _words(cause) if whole else shares.group(facts, name.partition("|")[0])
            rows.append(_row(words, counts[name], incidences, int(not whole)))
            used += incidences
    columns = [text_column(_("Cause of death"), 0.3), Column(_("Died of it"), "n/N (%)")]
    for time in times:
        columns += [Column(numbers.time_point(time, facts.unit)), Column(phrases.intervals(results))]
    notes = [
        say("Cumulative incidence of each cause, all others competing: at a time they add up to all deaths.")
    ]
    methods = {e.method for e in used if e.exists}
    if methods:
        notes.append(say("Methods: {methods}.", methods=estimate_words.methods(methods)))
    notes += not_given.not_estimable(used)
    told = {_words(cause): counts[cause] for cause in causes}
    finding = table_findings.most_frequent(told, sum(e.count for e in told.values()))
    return [table("table-causes-of-death", say("Deaths by their cause."), columns, rows, notes, finding)]


def _words(cause: str) -> str:
    return head(_(cause) if cause in shares.CAUSES else cause)


def _row(words: str, count: Estimate, incidences: Sequence[Estimate], indent: int) -> Row:
    cells = [cell for e in incidences for cell in (phrases.probability(e), phrases.probability_interval(e))]
    return row(words, phrases.events_of(count), *cells, indent=indent)
