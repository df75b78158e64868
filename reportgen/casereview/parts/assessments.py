"""Measurements over time: response and tumour size at each assessment."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyses.tumours import baselines
from reportgen.base.message import N_
from reportgen.casereview.case import Case, Moment, amount, moment, word
from reportgen.casereview.fact_words import amount as measured
from reportgen.casereview.fact_words import missing, sizes_in_words, when, worded
from reportgen.casereview.therapy_lines import sizes
from reportgen.report import Column, Notice, Section, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import numbers
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, counted, paragraph, say, say_n
from reportgen.writing.tables import row, text_column

KEY = "measurements"
TITLE = N_("Measurements over time")

MOST, DENSE = 7, 4


@dataclass(frozen=True)
class Visit:
    """An assessment. size: mm; baseline: whether changes count from it; change: a share of the baseline's size."""

    date: Moment
    response: str | None
    size: float | None
    baseline: bool = False
    change: float | None = None


@dataclass(frozen=True)
class MeasurementsFacts:
    """unit: of printed times. visits: those that are listed, of n; latest: how many of them end the list without a
    gap. sizes: (day, mm) of all, by day. has_sheet, has_size: what the source holds."""

    unit: str
    visits: tuple[Visit, ...]
    n: int
    latest: int
    sizes: tuple[tuple[float, float], ...]
    has_sheet: bool
    has_size: bool


def analyse(case: Case) -> Results:
    """Every assessment by its day, undated ones last; size in mm, change in % from the baseline."""
    table = case.cohort.assessments
    found = [
        Visit(moment(table, i, "date"), word(table, i, "response"), amount(table, i, "tumour_size"))
        for i in case.rows("assessments")
    ]
    found.sort(key=lambda visit: np.inf if visit.date.day is None else visit.date.day)
    found = _from_baseline(found, baselines(case.cohort).get(case.position) if table is not None else None)
    kept = _kept(found, DENSE if case.dense else MOST)
    facts = MeasurementsFacts(
        unit=case.cohort.settings.time_unit,
        visits=tuple(visit for place, visit in enumerate(found) if place in kept),
        n=len(found),
        latest=next((k for k in range(len(found)) if len(found) - 1 - k not in kept), len(found)),
        sizes=tuple(sizes(case)),
        has_sheet=table is not None,
        has_size=table is not None and "tumour_size" in table.frame,
    )
    return Results(facts={KEY: facts})


def _from_baseline(found: list[Visit], day: float | None) -> list[Visit]:
    """Changes from the baseline; day: that on which the report has it (see tumours), None where there is none."""
    measured_then = [
        (place, visit.size)
        for place, visit in enumerate(found)
        if visit.size is not None and visit.date.day is not None and visit.date.day == day
    ]
    place, size = measured_then[-1] if measured_then else (None, None)
    return [
        replace(visit, baseline=here == place, change=_change(visit.size, size))
        for here, visit in enumerate(found)
    ]


def _change(size: float | None, baseline: float | None) -> float | None:
    """The change from the baseline as a share of it; None without a size, or from nothing."""
    return size / baseline - 1 if size is not None and baseline else None


def _kept(found: list[Visit], most: int) -> set[int]:
    """Which visits are listed: all, or the baseline, the smallest size, and the latest."""
    everyone = range(len(found))
    if len(found) <= most:
        return set(everyone)
    kept = {place for place in everyone if found[place].baseline}
    sized = [(size, place) for place in everyone if (size := found[place].size) is not None]
    kept |= {sized[0][1], min(sized)[1]} if sized else set()
    latest = [place for place in reversed(everyone) if place not in kept]
    return kept | set(latest[: most - len(kept)])


def present(results: Results) -> Section:
    """One table, of many assessments the first, the smallest and the latest; a notice where there is none."""
    facts: MeasurementsFacts = results.facts[KEY]
    if not facts.visits:
        lost = (
            say("Assessments: {missing}.", missing=missing())
            if facts.has_sheet
            else say("Assessments: {missing}; the data have no sheet of them.", missing=missing())
        )
        return Section(KEY, _(TITLE), (Notice(lost),))
    columns = [text_column(_("Assessment"), 0.32), text_column(_("Response"), 0.26)]
    columns += [Column(_("Size"), "mm"), Column(_("Change"), "%")] if facts.has_size else []
    rows = [row(*_cells(visit, facts)) for visit in facts.visits]
    n = counted(facts.n, "assessment")
    caption = paragraph(
        capital((f"{sizes_in_words(facts.sizes)}.",)) if facts.sizes else None,
        capital(say("{k} of {n} listed.", k=numbers.spelled(len(rows)), n=n))
        if facts.n > len(rows)
        else say("{n} recorded.", n=n),
        say("Change: from the baseline (*).")
        if facts.has_size
        else say("Tumour size: {missing}.", missing=missing()),
    )
    notes: list[Text] = []
    if facts.n > len(rows):
        notes.append(_listed(facts))
    listed = Table("measurements", caption, tuple(columns), tuple(rows), tuple(notes))
    return Section(KEY, _(TITLE), (listed,))


def _listed(facts: MeasurementsFacts) -> Text:
    """Which of many visits have a row."""
    first = next((visit for visit in facts.visits if visit.size is not None), None)
    if first is None:
        return say_n(
            "Listed: the latest.", "Listed: the {k} latest.", facts.latest, k=numbers.spelled(facts.latest)
        )
    apart = not first.baseline and any(visit.baseline for visit in facts.visits)
    sized = (
        _("the first and the smallest size, the baseline") if apart else _("the first and the smallest size")
    )
    return say_n(
        "Listed: {sized} and the latest; every size with a date is drawn in the course.",
        "Listed: {sized} and the {k} latest; every size with a date is drawn in the course.",
        facts.latest,
        sized=sized,
        k=numbers.spelled(facts.latest),
    )


def _cells(visit: Visit, facts: MeasurementsFacts) -> tuple[Text, ...]:
    date = when(visit.date, facts.unit)
    cells = ((*date, "\u00a0*") if visit.baseline else date, worded(visit.response))
    if not facts.has_size:
        return cells
    change = visit.change
    shown: Text = (numbers.MISSING,) if change is None or visit.baseline else (_percent(change),)
    return (*cells, measured(visit.size) if visit.size is not None else (numbers.MISSING,), shown)


def _percent(change: float) -> str:
    text = numbers.decimal(100 * change, 0)
    return text if change <= 0 or text == "0" else f"+{text}"
