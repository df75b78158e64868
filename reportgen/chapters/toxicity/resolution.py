"""When toxicities began and how long they lasted, as a reader meets it: a table of the supplement."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.shared import table_findings
from reportgen.chapters.toxicity.facts import KEY, ToxicityFacts
from reportgen.report import Block, Column, Row, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, not_given, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import say
from reportgen.writing.tables import row, table, text_column

KINDS = {"toxicity_resolution": N_("Any grade"), "toxicity_grade_3_plus_resolution": N_("Grade ≥ 3")}
RESOLVED = {"toxicity_resolution": N_("First toxicity resolved"),
            "toxicity_grade_3_plus_resolution": N_("First of grade ≥ 3 resolved")}  # fmt: skip
MONTH = 30.4375
SHOWN = (1, 3)


def blocks(results: Results) -> list[Block]:
    """Nothing where no onset is recorded; without any day of resolution the onsets alone."""
    facts: ToxicityFacts = results.facts[KEY]
    rows, used, there = [], [], False
    for key, words in KINDS.items():
        for group in ("all", *facts.groups):
            stem = f"{KEY}.{key}.{group}"
            began = results.get(f"{stem}.onset_median")
            if began is None:
                continue
            found = _of(results, stem)
            name = _(words) if group == "all" else shares.group(facts, group)
            rows.append(
                _row(
                    began, _onset(results, stem, numbers.finer(facts.unit)), found, name, int(group != "all")
                )
            )
            used += found
            there = there or bool(found)
    if not rows:
        return []
    return [_table(results, rows, used) if there else _onset_table(facts, rows)]


def _of(results: Results, stem: str) -> list[Estimate]:
    """The incidence of the resolution at each time, and who has an event not resolved; none where no day is known."""
    if results.get(f"{stem}.unresolved") is None:
        return []
    at = [results[f"{stem}.cumulative_incidence@{k * MONTH:.10g}"] for k in SHOWN]
    return [*at, results[f"{stem}.unresolved"]]


def _onset(results: Results, stem: str, unit: str) -> Text:
    """ "1.2 (0.3–8.1)": median and range of the time from the start of treatment to the first event."""
    median, low, high = (results[f"{stem}.onset_{s}"] for s in ("median", "minimum", "maximum"))
    return say(
        "{median} ({low}–{high})",
        median=phrases.duration(median, unit),
        low=phrases.duration(low, unit),
        high=phrases.duration(high, unit),
    )


def _row(began: Estimate, onset: Text, found: list[Estimate], words: str, indent: int) -> Row:
    cells: list[Text] = [(phrases.value(numbers.whole(required(began.n)), began),), onset]
    for e in found[:-1]:
        cells += [phrases.probability(e), phrases.probability_interval(e)]
    for e in found[-1:]:
        cells += [phrases.share(e), phrases.share_interval(e)]
    return row(words, *cells, indent=indent)


def _at_death(results: Results) -> list[Text]:
    """How many died with one that was not resolved; nothing where nobody did."""
    any_grade, severe = (results.get(f"{KEY}.{key}.all.unresolved_at_death") for key in KINDS)
    if any_grade is None or not any_grade.value:
        return []
    k = phrases.value(numbers.whole(any_grade.count), any_grade)
    if severe is None or not severe.value:
        return [say("Not resolved at death: {k} of any grade.", k=k)]
    high = phrases.value(numbers.whole(severe.count), severe)
    return [say("Not resolved at death: {k} of any grade, {high} of grade ≥ 3.", k=k, high=high)]


def _first_columns(unit: str, width: float) -> list[Column]:
    named = text_column(_("First event of a patient"), width)
    return [named, Column(_("Patients")), Column(_("Began, median (range)"), unit)]


def _onset_table(facts: ToxicityFacts, rows: list[Row]) -> Table:
    columns = _first_columns(numbers.unit_name(numbers.finer(facts.unit)), 0.4)
    note = say("Began: from the start of treatment on, of patients with an event of known onset.")
    return table("table-toxicity-onset", say("When toxicities began."), columns, rows, (note,))


def _table(results: Results, rows: list[Row], used: list[Estimate]) -> Table:
    level = phrases.intervals(results)
    unit = numbers.unit_name(numbers.finer(results.facts[KEY].unit))
    columns = _first_columns(unit, 0.24)
    for k in SHOWN:
        columns += [Column(_("Resolved"), numbers.time_point(k * MONTH, "months")), Column(level)]
    columns += [Column(_("Not resolved"), _("when last seen")), Column(level)]
    notes = (
        say(
            "Began: from the start of treatment on. Resolved: cumulative incidence from the onset of the first event, "
            "death competing; an event without a date of resolution goes on. Not resolved when last seen: patients "
            "with any such event."
        ),
        *_at_death(results),
        say(
            "Methods: {methods}.",
            methods=estimate_words.methods({e.method for e in used if e.exists and e.statistic != "count"}),
        ),
        *not_given.not_estimable(used),
    )
    caption = say("When toxicities began, and how long they lasted.")
    kinds = {f"{KEY}.{key}": _(words) for key, words in RESOLVED.items()}
    finding = table_findings.by_time(results, kinds, SHOWN[-1] * MONTH, "months")
    return table("table-toxicity-resolution", caption, columns, rows, notes, finding)
