"""How the main estimates stood at the reports so far, of many the last ones: the figure of small plots."""

from __future__ import annotations

from datetime import date
from functools import partial

from reportgen.analyses.estimate_changes import MainEstimate
from reportgen.chapters.changes.estimate_moves import SECTION, id_of, label_of
from reportgen.chapters.changes.facts import ChangesFacts
from reportgen.chapters.shared.drawings import drawings
from reportgen.figures.trend import Panel, trend_figure
from reportgen.report import Figure, plain
from reportgen.stats.results import Results
from reportgen.writing import dates, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import head, say
from reportgen.writing.phrases import absent

MOST_PANELS = 12


def trend(results: Results) -> Figure | None:
    """The main estimates at the reports that the facts know: this one, and the last before it."""
    facts: ChangesFacts = results.facts[SECTION]
    cutoffs = [day for day in facts.cutoffs if day]
    if len(cutoffs) < len(facts.cutoffs) or not facts.main:
        return None
    days = [date.fromisoformat(day) for day in cutoffs]
    panels = [_panel(results, main, facts) for main in _worth_drawing(results, facts)]
    if not panels:
        return None
    count = len(days)
    caption = say(
        "How the main estimates stood at the last {n} reports, with their {level}% intervals.",
        level=phrases.percent_of(results),
        n=numbers.spelled(count),
    )
    first, last = dates.date(cutoffs[0]), dates.date(cutoffs[-1])
    alt = _(
        "{k} small plots of estimates at {n} cut-offs from {first} to {last}.",
        k=len(panels),
        n=count,
        first=first,
        last=last,
    )
    alt += "".join(f" {_('{estimate}: last {value}.', estimate=_name(p), value=_last(p))}" for p in panels)
    drawing, narrow = drawings(partial(trend_figure, "figure-changes-trend", panels, days))
    return Figure("figure-changes-trend", drawing, caption, alt, narrow=narrow)


def _name(panel: Panel) -> str:
    return " ".join(filter(None, (panel.title, panel.detail)))


def _last(panel: Panel) -> str:
    point = panel.points[-1][0]
    if point is None:
        return panel.notes[-1]
    return numbers.percent(point) if panel.top is None else numbers.significant(point)


def _worth_drawing(results: Results, facts: ChangesFacts) -> list[MainEstimate]:
    """Those that existed at least once; where there are too many, the first landmarks before the later ones."""

    def ever(main: MainEstimate) -> bool:
        found = (results.get(id_of(main, name, main.statistic)) for name in facts.trend)
        return any(e is not None and e.exists for e in found)

    known = [main for main in facts.main if ever(main)]
    times = sorted({main.time for main in known if main.time is not None})
    kept = sorted(known, key=lambda m: times.index(m.time) if m.time is not None else 0)[:MOST_PANELS]
    return [main for main in known if main in kept]


def _panel(results: Results, main: MainEstimate, facts: ChangesFacts) -> Panel:
    share = main.statistic != "median_time"
    scale = 1.0 if share else 1 / numbers.DAYS_PER[facts.unit]
    points, notes = [], []
    for name in facts.trend:
        found = results.get(id_of(main, name, main.statistic))
        known = (None, None, None) if found is None else (found.value, found.low, found.high)
        points.append(tuple(None if x is None else x * scale for x in known))
        notes.append("" if found is None or found.exists else plain(absent(found)))
    top = None if share else 1.05 * max(x for point in points for x in point if x is not None)
    title, detail = label_of(main, facts)
    unit = "" if share else numbers.unit_name(facts.unit)
    return Panel(head(title), detail, tuple(points), tuple(notes), top, unit)
