"""The table of an endpoint at the landmarks: at risk, events so far, estimate, SE and interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.base.described import Context
from reportgen.base.required import required
from reportgen.chapters.shared.endpoint_blocks import groups, of_endpoint
from reportgen.report import Column, Row, Table, Text, plain
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, not_given, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import head, say
from reportgen.writing.tables import row, table, text_column

FEW = " †"
EMPTY: tuple[Text, ...] = (("",),) * 5
SE = 4  # place of the column that is shown where the settings ask for it


def landmark_table(
    results: Results, section: str, labels: Mapping[str, str], facts: Context, id: str, caption: Text,
    competing: Mapping[str, str] | None = None, finding: Text | None = None,
) -> Table:  # fmt: skip
    """Per endpoint, group and landmark: at risk, events so far, estimate, SE, interval; then the median.

    Two endpoints stand beside each other, and so do one and its competing event, whose label is in `competing`; more
    stand below one another, each with the incidence of its competing event.
    """
    over = _sides(results, section, labels, competing or {})
    beside = len(over) == 2
    rows = (
        _beside(results, section, labels, facts, paired=len(labels) == 1)
        if beside
        else _below(results, section, labels, facts, competing or {})
    )
    numbered = (_("At risk"), _("Events"), _("Estimate"), _("SE"), phrases.intervals(results))
    columns = [Column(name, over=each) for each in over for name in numbered]
    shown = ("survival", "cumulative_incidence", "competing_incidence", "rmst")
    methods = {
        e.method
        for e in results.select(section=section)
        if e.endpoint in labels and e.statistic in shown and e.exists
    }
    notes = [
        say(
            "At risk: just before the time, and who was last seen on that day of the calendar. Methods: {m}.",
            m=estimate_words.methods(methods),
        )
    ]
    means = (e for e in results.select(section=section, statistic="rmst") if e.endpoint in labels)
    notes += not_given.no_interval(means)
    if any(FEW in plain(cell) for row in rows for cell in row.cells):
        notes.append(say("{sign}, fewer than {few} at risk.", sign=FEW.strip(), few=str(facts.few_at_risk)))
    columns = [
        text_column(_("Group and time") if beside else _("Endpoint and time"), 0 if beside else 0.34),
        *columns,
    ]
    if not facts.standard_errors:
        kept = [place for place in range(len(columns)) if not place or (place - SE) % len(numbered)]
        columns = [columns[place] for place in kept]
        rows = [replace(one, cells=tuple(one.cells[k] for k in kept if k < len(one.cells))) for one in rows]
    return table(id, caption, columns, rows, notes, finding)


def _sides(
    results: Results, section: str, labels: Mapping[str, str], competing: Mapping[str, str]
) -> list[str]:
    """The heads over what stands beside each other; one that is empty where all stands below one another."""
    if len(labels) == 2 and not competing:
        return [head(label) for label in labels.values()]
    key, label = next(iter(labels.items()))
    if len(labels) == 1 and key in competing and _occurred(results, section, key):
        return [head(label), head(competing[key])]
    return [""]


def _occurred(results: Results, section: str, key: str, group: str = "") -> list[Estimate]:
    """The incidence of the competing event at the landmarks, of a group or of any; nothing where nobody had it."""
    found = [e for e in of_endpoint(results, section, key, "competing_incidence") if group in ("", e.group)]
    return found if any(e.events for e in found) else []


def _below(
    results: Results, section: str, labels: Mapping[str, str], facts: Context, competing: Mapping[str, str]
) -> list[Row]:
    """Endpoint by endpoint, group by group; below each its competing event."""
    rows: list[Row] = []
    for key, label in labels.items():
        for group in groups(results, section, key):
            whose = "" if group == "all" else f": {shares.group(facts, group)}"
            told = _of_group(results, section, key, group, facts)
            rows += [row(head(f"{label}{whose}"), head=True), *told] if told else []
            told = _of_competing(results, section, key, group, facts)
            rows += (
                [row(head(f"{competing[key]}{whose}"), head=True), *told] if told and key in competing else []
            )
    return rows


def _of_competing(results: Results, section: str, key: str, group: str, facts: Context) -> list[Row]:
    found = _occurred(results, section, key, group)
    return [_landmark_row(e, facts.unit, facts.few_at_risk) for e in found]


def _of_competitor(results: Results, section: str, key: str, group: str, facts: Context) -> list[Row]:
    """Beside the event, where some group had its competitor: of every group, also of one in which nobody had it."""
    found = of_endpoint(results, section, key, "competing_incidence")
    return [_landmark_row(e, facts.unit, facts.few_at_risk) for e in found if e.group == group]


def _beside(
    results: Results, section: str, labels: Mapping[str, str], facts: Context, paired: bool
) -> list[Row]:
    """Group by group, with a row for every time of either endpoint; empty where the other has it alone.

    paired: beside the one endpoint stands what competes with it.
    """
    rows: list[Row] = []
    whole = dict.fromkeys(group for key in labels for group in groups(results, section, key))
    for group in whole:
        told = [_of_group(results, section, key, group, facts) for key in labels]
        told += [_of_competitor(results, section, key, group, facts) for key in labels] if paired else []
        sides = [{plain(one.cells[0]): one.cells[1:] for one in side} for side in told]
        if len(whole) > 1 and any(sides):  # of a group of which nothing may be told, its name neither
            rows.append(row(head(shares.group(facts, group)), head=True))
        rows += [
            row(name, *(cell for side in sides for cell in side.get(name, EMPTY)), indent=int(len(whole) > 1))
            for name in _in_order(*sides)
        ]
    return rows


def _in_order(first: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """The names of both, each once, in the order that both have.

    >>> _in_order({"1 year": 0, "median": 0}, {"1 year": 0, "2 years": 0, "median": 0})
    ['1 year', '2 years', 'median']
    """
    names, before = [*first], ""
    for name in other:
        if name not in names:
            names.insert(names.index(before) + 1 if before else 0, name)
        before = name
    return names


def _of_group(results: Results, section: str, key: str, group: str, facts: Context) -> list[Row]:
    """The landmarks of an endpoint in a group, then its median, quartiles and restricted mean."""
    unit, rows = facts.unit, []
    for statistic in ("survival", "cumulative_incidence"):
        rows += [
            _landmark_row(e, unit, facts.few_at_risk)
            for e in of_endpoint(results, section, key, statistic)
            if e.group == group
        ]
    median = results.get(f"{section}.{key}.{group}.median_time")
    if median is not None:
        rows.append(_time_row(_("Median ({unit})", unit=numbers.unit_name(unit)), median, unit))
    rows += _quartiles(results, f"{section}.{key}.{group}", unit)
    return rows + [
        _time_row(
            _(
                "Mean within {time} ({unit})",
                time=numbers.time_point(required(e.time), unit),
                unit=numbers.unit_name(numbers.finer(unit)),
            ),
            e,
            numbers.finer(unit),
        )
        for e in of_endpoint(results, section, key, "rmst")
        if e.group == group
    ]


def _quartiles(results: Results, stem: str, unit: str) -> list[Row]:
    """When a quarter, and when three quarters, had the event; nothing of what was not reached."""
    found = [(share, results.get(f"{stem}.quantile_time_{share}")) for share in (25, 75)]
    named = {"unit": numbers.unit_name(unit)}
    return [
        _time_row(_("{share} with the event ({unit})", share=numbers.percent(share / 100), **named), e, unit)
        for share, e in found
        if e is not None and e.exists
    ]


def _landmark_row(e: Estimate, unit: str, few: int) -> Row:
    """few: of fewer at risk than these an estimate is marked, for it hangs on single patients."""
    marked = e.exists and e.at_risk is not None and e.at_risk < few
    return row(
        numbers.time_point(required(e.time), unit),
        (phrases.value(numbers.whole(e.at_risk), e), *([FEW] if marked else []))
        if e.at_risk is not None
        else phrases.absent(e),
        (phrases.value(numbers.whole(e.events), e),) if e.events is not None else phrases.absent(e),
        phrases.probability(e),
        (phrases.value(numbers.percent(e.se, e.n or 0), e),) if e.se else (numbers.MISSING,),
        phrases.probability_interval(e),
        indent=1,
    )


def _time_row(words: str, e: Estimate, unit: str) -> Row:
    return row(
        words,
        "",
        (phrases.value(numbers.whole(e.events), e),) if e.events is not None else "",
        phrases.duration(e, unit),
        "",
        phrases.duration_interval(e, unit),
        indent=1,
    )
