"""What changed since the last report: the sentences, the table of main estimates, and the trend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reportgen.present import numbers
from reportgen.present.changed_data import (
    corrections_sentence,
    corrections_table,
    events_table,
    questions_sentence,
    questions_table,
    settings_sentence,
    settings_table,
)
from reportgen.present.figures.trend import Panel, trend_figure
from reportgen.present.moves import PARTS, SECTION, WHOLE, change, estimate, id_of, label_of, moves, named
from reportgen.present.narrative import article, capital, join, plural, say
from reportgen.present.phrases import value
from reportgen.present.tables import row, table, text_column
from reportgen.report import Column, Figure, Table, Text
from reportgen.stats.results import Results

__all__ = [
    "corrections_sentence", "corrections_table", "events_table", "main_table", "moves_sentences", "not_kept",
    "nothing", "nothing_sentence", "opening", "questions_sentence", "questions_table", "settings_sentence",
    "settings_table", "trend",
]  # fmt: skip

HOW = (
    "Each estimate is made again on the cohorts in between, in this order: the earlier data under today’s settings; "
    "these data with the corrections made since; the same patients as known today; all patients. The differences add "
    "up, as printed, too. In another order they could differ."
)
WHAT_IS_A_CORRECTION = (
    "A value of a day to which the earlier report knew the patient, and which differs today. What is dated later is "
    "follow-up; so are undated words, such as the best response, of patients seen since."
)
EVENTS = {
    "patients": ("new patient", "new patients"),
    "relapses": ("relapse", "relapses"),
    "deaths": ("death", "deaths"),
    "stops": ("stop of treatment", "stops of treatment"),
    "severe": ("event of grade ≥ 3", "events of grade ≥ 3"),
}
HEADS = {
    "settings": "Settings, program",
    "corrections": "Corrections",
    "follow_up": "Follow-up",
    "new_patients": "New patients",
}
MOST_PANELS = 12


def nothing(results: Results) -> bool:
    """Whether the two reports differ in nothing but their cut-off."""
    facts = results.facts[SECTION]
    questions = facts["questions"]
    return not (
        any(kind["new"] or kind["gone"] for kind in facts["happened"])
        or facts["corrections"]
        or questions["opened"]
        or questions["closed"]
        or facts["changes"]
        or facts["methods"]
        or any(move.moved for move in moves(results))
    )


def nothing_sentence(facts: Mapping) -> Text:
    return say(
        "Nothing changed since {report}: no patient, event, value, query, estimate, setting or method.",
        report=_report(facts),
    )


def not_kept(facts: Mapping) -> Text:
    return say(
        "The cleaned values behind {report} were not kept, so that new events and corrections can’t be told, nor how "
        "much each moved the estimates.",
        report=_report(facts),
    )


def _report(facts: Mapping) -> str:
    day = facts["cutoffs"][-2]
    name = (
        "the earlier report" if facts["then"] == "then" else f"the report for {numbers.period(facts['then'])}"
    )
    return f"{name} (cut-off {numbers.date(day)})" if day else name


def opening(results: Results) -> list[Text]:
    """What is new, in a sentence; what is recorded no longer, in another."""
    facts = results.facts[SECTION]
    if not facts["happened"]:
        return [say("This report is compared with {report}.", report=_report(facts))]
    new = [_counted(results, kind["key"], "new") for kind in facts["happened"] if kind["new"]]
    none = [EVENTS[kind["key"]][0] for kind in facts["happened"] if not kind["new"]]
    number = sum(len(kind["new"]) for kind in facts["happened"])
    report = _report(facts)
    sentences = []
    if new:
        was = plural(number, "was", "were")
        sentences.append(say("Since {report}, {new} {was} recorded.", report=report, new=join(new), was=was))
        if none:
            sentences.append(say("No {none} was added.", none=join(none, last=" or ")))
    else:
        sentences.append(
            say("Since {report}, no {none} was recorded.", report=report, none=join(none, last=" or "))
        )
    gone = [
        _counted(results, kind["key"], "gone", ("patient", "patients"))
        for kind in facts["happened"]
        if kind["gone"]
    ]
    if gone:
        number = sum(len(kind["gone"]) for kind in facts["happened"])
        are = plural(number, "is", "are")
        sentences.append(say("{gone} recorded then {are} in the data no longer.", gone=join(gone), are=are))
    return sentences


def _counted(results: Results, key: str, group: str, patient: tuple[str, str] = EVENTS["patients"]) -> Text:
    found = results[f"{SECTION}.{key}.{group}.count"]
    one, many = patient if key == "patients" else EVENTS[key]
    return say(
        "{k} {noun}",
        k=value(numbers.spelled(int(found.value)), found),
        noun=plural(int(found.value), one, many),
    )


def moves_sentences(results: Results) -> list[Text]:
    """How many of the main estimates moved, and which."""
    found = moves(results)
    moved = [move for move in found if move.moved]
    if not found:
        return [say("The data allow none of the main estimates.")]
    if not moved:
        return [say("None of the main estimates moved.")]
    names = join(named(moved))
    share = capital((article(len(moved), len(found)),))
    rest = "" if len(moved) == len(found) else " The others stand as they were."
    return [say("{share} main estimates moved: {names}.{rest}", share=share, names=names, rest=rest)]


def main_table(results: Results) -> Table:
    """Every main estimate in both reports, its change, and the parts of it."""
    facts = results.facts[SECTION]
    found = moves(results)
    parts = [p for p in PARTS if facts["kept"] and (p != "settings" or _any(found, p) or facts["changes"])]
    columns = [
        text_column("Estimate", 0.25),
        *(Column(head, "95% CI", "number") for head in _sides(facts)),
        Column("Change"),
    ]
    columns += [Column(HEADS[part]) for part in parts]
    rows, last = [], ""
    for move in found:
        (head, detail), several = move.label, sum(other.label[0] == move.label[0] for other in found) > 1
        if several and head != last:
            rows.append(row(head, head=True))
        last = head
        cells = [estimate(move.then, facts["unit"]), estimate(move.now, facts["unit"]), change(move, WHOLE)]
        cells += [change(move, part) for part in parts]
        rows.append(row(detail if several else head, *cells, indent=int(several)))
    caption = say("The main estimates in both reports, and what their changes are made of.")
    notes = [say("Times in {unit}; changes of rates in percentage points.", unit=facts["unit"])]
    return table("table-changes-estimates", caption, columns, rows, notes)


def _any(found, part: str) -> bool:
    return any(abs(move.changes[part].value or 0) > 1e-9 for move in found if part in move.changes)


def _sides(facts: Mapping) -> list[str]:
    return [numbers.period(facts[side], short=True).capitalize() for side in ("then", "now")]


def trend(results: Results) -> Figure | None:
    """The main estimates at every report so far."""
    facts = results.facts[SECTION]
    if not all(facts["cutoffs"]) or not facts["main"]:
        return None
    days = [date.fromisoformat(day) for day in facts["cutoffs"]]
    panels = [_panel(results, main, facts) for main in _worth_drawing(results, facts)]
    if not panels:
        return None
    count = len(days)
    caption = say(
        "How the main estimates stood at each of the {n} reports so far, with their 95% intervals.",
        n=numbers.spelled(count),
    )
    first, last = numbers.date(facts["cutoffs"][0]), numbers.date(facts["cutoffs"][-1])
    alt = f"{len(panels)} small plots of estimates at {count} cut-offs from {first} to {last}. " + " ".join(
        f"{panel.title}: last {_last(panel)}." for panel in panels
    )
    return Figure("figure-changes-trend", trend_figure("figure-changes-trend", panels, days), caption, alt)


def _last(panel: Panel) -> str:
    point = panel.points[-1][0]
    return panel.notes[-1] if point is None else numbers.significant(point)


def _worth_drawing(results: Results, facts: Mapping) -> list[Mapping]:
    """Those that existed at least once; where there are too many, the first landmarks before the later ones."""

    def ever(main: Mapping) -> bool:
        found = (results.get(id_of(main, name, main["statistic"])) for name in facts["trend"])
        return any(e is not None and e.exists for e in found)

    known = [main for main in facts["main"] if ever(main)]
    times = sorted({main["time"] for main in known if main["time"] is not None})
    kept = sorted(known, key=lambda m: times.index(m["time"]) if m["time"] is not None else 0)[:MOST_PANELS]
    return [main for main in known if main in kept]


def _panel(results: Results, main: Mapping, facts: Mapping) -> Panel:
    share = main["statistic"] != "median_time"
    scale = 1.0 if share else 1 / numbers.DAYS_PER[facts["unit"]]
    points, notes = [], []
    for name in facts["trend"]:
        found = results.get(id_of(main, name, main["statistic"]))
        known = (None, None, None) if found is None else (found.value, found.low, found.high)
        points.append(tuple(None if x is None else x * scale for x in known))
        notes.append("" if found is None or found.exists else found.note[:2])
    top = None if share else 1.05 * max(x for point in points for x in point if x is not None)
    title = " ".join(filter(None, label_of(main, facts)))
    return Panel(title, tuple(points), tuple(notes), top, "" if share else facts["unit"])
