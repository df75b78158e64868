"""When doses were first reduced and treatment first interrupted, as a reader meets it: a sentence and a table."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.exposure.facts import KEY, ExposureFacts
from reportgen.chapters.shared import table_findings
from reportgen.report import Column, Row, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, not_given, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import filled, say
from reportgen.writing.tables import row, table, text_column

KINDS = {"dose_reduction": N_("First reduction of the dose"),
         "dose_interruption": N_("First interruption of treatment")}  # fmt: skip
# Whole sentences, for the languages put the time and the case of what is counted where they need them.
SAID = {
    ("dose_reduction",): N_(
        "The cumulative incidence of a first dose reduction was {dose_reduction} at {time} ({n} patients whose doses "
        "are known)."
    ),
    ("dose_interruption",): N_(
        "The cumulative incidence of a first interruption of treatment was {dose_interruption} at {time} ({n} patients "
        "whose doses are known)."
    ),
    ("dose_reduction", "dose_interruption"): N_(
        "The cumulative incidence of a first dose reduction was {dose_reduction}, and that of a first interruption of "
        "treatment {dose_interruption}, at {time} ({n} patients whose doses are known)."
    ),
}
MONTH = 30.4375
SHOWN = (3, 6, 12)


def _at(results: Results, key: str, group: str) -> list[Estimate | None]:
    stem = f"{KEY}.{key}.{group}.cumulative_incidence"
    return [results.get(f"{stem}@{k * MONTH:.10g}") for k in SHOWN]


def sentence(results: Results) -> Text | None:
    """The incidences at the latest of the months that all of them reach; None where doses are not known."""
    found = {key: _at(results, key, "all") for key in KINDS}
    for place in reversed(range(len(SHOWN))):
        there = {key: rows[place] for key, rows in found.items() if any(rows)}
        if there and all(e is not None and e.exists for e in there.values()):
            n = required(required(next(iter(there.values()))).n)
            said: dict[str, Text | str] = {key: _share(required(e)) for key, e in there.items()}
            said |= {"n": numbers.whole(n), "time": numbers.time_point(SHOWN[place] * MONTH, "months")}
            return filled(_(SAID[tuple(there)]), said)
    return None


def _percent(e: Estimate) -> Text:
    return (
        (phrases.value(numbers.percent(required(e.value), required(e.n)), e),)
        if e.exists
        else phrases.absent(e)
    )


def _share(e: Estimate) -> Text:
    if e.low is None or e.high is None:
        return _percent(e)
    return say("{p} ({level} {ci})", p=_percent(e), level=phrases.level(e), ci=phrases.share_interval(e))


def blocks(results: Results) -> list[Table]:
    """The same at three, six and twelve months, for all and per group; nothing where doses are not known."""
    facts: ExposureFacts = results.facts[KEY]
    rows: list[Row] = []
    used: list[Estimate] = []
    for key, words in KINDS.items():
        for group in ("all", *facts.groups):
            count = results.get(f"{KEY}.{key}.{group}.count")
            if count is not None:
                name = _(words) if group == "all" else shares.group(facts, group)
                at = [required(e) for e in _at(results, key, group)]
                rows.append(_row(name, count, at, int(group != "all")))
                used += at
    return [_table(results, rows, used)] if rows else []


def _row(name: Text | str, count: Estimate, at: list[Estimate], indent: int) -> Row:
    cells: list[Text] = [(phrases.value(numbers.whole(required(count.events)), count),
                          f"/{numbers.whole(required(count.n))}")]  # fmt: skip
    for e in at:
        cells += [_percent(e), phrases.share_interval(e)]
    return row(name, *cells, indent=indent)


def _table(results: Results, rows: list[Row], used: list[Estimate]) -> Table:
    columns = [text_column("", 0.28), Column(_("Patients"))]
    for k in SHOWN:
        columns += [Column(numbers.time_point(k * MONTH, "months")), Column(phrases.intervals(results))]
    notes = (
        say(
            "Cumulative incidence from the start of treatment, of the patients whose doses are known; the stop of "
            "treatment and death compete."
        ),
        say("Methods: {methods}.", methods=estimate_words.methods({e.method for e in used if e.exists})),
        *not_given.not_estimable(used),
    )
    stems = {f"{KEY}.{key}": _(words) for key, words in KINDS.items()}
    finding = table_findings.by_time(results, stems, SHOWN[-1] * MONTH, "months")
    return table("table-dose-time", say("Changes of the dose over time."), columns, rows, notes, finding)
