"""Treatment in a table: stops by reason with the time on treatment, changes of dose and lines."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.exposure.facts import ExposureFacts
from reportgen.chapters.exposure.sentences import SECTION, of, recorded
from reportgen.report import Column, Row, Table, Text
from reportgen.stats.results import Estimate, Results, subgroup
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import paragraph, say, say_n
from reportgen.writing.tables import row, table, text_column

DOSES = {"reduced": N_("reduced below the first one"), "interrupted": N_("interrupted"),
         "increased": N_("increased above the first one")}  # fmt: skip
PARTS = {"action": N_("Action taken for toxicity"), "lines": N_("Lines of treatment recorded"),
         "dose": N_("Dose, of patients of whom it is known")}  # fmt: skip


def summary_table(results: Results) -> Table:
    """Stops by reason with the time on treatment, dose changes and lines."""
    facts: ExposureFacts = results.facts[SECTION]
    unit, name = facts.unit, numbers.unit_name(facts.unit)
    groups = shares.told(facts.groups)
    blank, times = [""] * (2 + len(groups)), ("", "")
    ended = [phrases.share(of(results, "stopped_of", group=group)) for group in groups]
    rows: list[Row] = [
        row(
            _("Stopped treatment"),
            phrases.share(of(results, "stopped")),
            *ended,
            *_cells(results, "all", unit),
        )
    ]
    rows += [
        row(_(e.group), phrases.share(e), *_in_groups(results, groups, e.group), *_cells(results, e.group, unit),
            indent=1)
        for e in results.select(section=SECTION, variable="stop_reason", statistic="proportion")
    ]  # fmt: skip
    going = [phrases.share(of(results, "on_treatment_of", group=group)) for group in groups]
    rows.append(
        row(_("On treatment at the last contact"), phrases.share(of(results, "on_treatment")), *going, *times)
    )
    for variable, head in PARTS.items():
        found = results.select(section=SECTION, variable=variable, statistic="proportion")
        if found:
            rows.append(row(_(head), "", *blank, head=True))
            rows += [
                row(_level(e, facts), phrases.share(e), *_in_groups(results, groups, e.group, f"{variable}_of"), *times,
                    indent=1)
                for e in found
            ]  # fmt: skip
    heads = (
        text_column("", 0.4 if not groups else 0.3),
        Column(_("Patients")),
        *(Column(shares.group(facts, group)) for group in groups),
        Column(_("Median"), name),
        Column(_("Range"), name),
    )
    caption = paragraph(
        _main_reason(results),
        say("Stops of treatment, changes of dose and further lines; patients, not events."),
    )
    return table("table-exposure", caption, heads, rows, _notes(results))


def _main_reason(results: Results) -> Text | None:
    """Why most stopped; nothing where two reasons are as frequent."""
    found = sorted(
        results.select(section=SECTION, variable="stop_reason", statistic="proportion"),
        key=lambda e: -(e.events or 0),
    )
    if not found or not found[0].events or (len(found) > 1 and found[0].events == found[1].events):
        return None
    return say(
        "Most frequent end of treatment: {reason} ({k} of {n}).",
        reason=_(found[0].group),
        k=shares.listed(found[0]),
        n=numbers.whole(required(found[0].n)),
    )


def _level(e: Estimate, facts: ExposureFacts) -> str:
    """An action or a number of lines as recorded; a change of the dose in our words."""
    return _(DOSES[e.group]) if e.variable == "dose" else recorded(e.group, facts.actions)


def _notes(results: Results) -> list[Text]:
    notes = []
    total = of(results, "all", "person_time")
    if total.exists:
        years = phrases.value(numbers.time(required(total.value), "years"), total)
        notes.append(say("All patients together were on treatment for {years} patient-years.", years=years))
    notes.append(say("Median and range: time to the stop; reasons are of those who stopped."))
    actions = results.select(section=SECTION, variable="action", statistic="proportion")
    if actions and actions[0].n != of(results, "stopped").n:
        n = actions[0].n or 0
        assessed = numbers.whole(n)
        notes.append(
            say_n(
                "Actions: of the {n} patient assessed for toxicity.",
                "Actions: of the {n} patients assessed for toxicity.",
                n,
                n=assessed,
            )
        )
    return notes


def _in_groups(
    results: Results, groups: Sequence[str], level: str, variable: str = "stop_reason_of"
) -> list[Text]:
    return [phrases.share(of(results, variable, group=subgroup(group, level))) for group in groups]


def _cells(results: Results, group: str, unit: str) -> tuple[Text, Text]:
    median, low, high = (
        of(results, "treatment_duration", s, group) for s in ("median", "minimum", "maximum")
    )
    if not median.exists:
        return (numbers.MISSING,), (numbers.MISSING,)
    limits = say("{low}–{high}", low=phrases.duration(low, unit), high=phrases.duration(high, unit))
    return phrases.duration(median, unit), limits if required(median.n) > 1 else (numbers.MISSING,)
