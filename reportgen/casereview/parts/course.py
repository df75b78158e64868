"""The timeline: lines of treatment, tumour size, events and severe toxicities on one axis of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportgen.analyses.courses import MARKS
from reportgen.analyses.own_marks import own_marks
from reportgen.base.message import N_
from reportgen.casereview.case import Case, amount, moment
from reportgen.casereview.fact_words import DAYS_PER_UNIT, NOT_RECORDED, sizes_in_words, span
from reportgen.casereview.therapy_lines import Line, lines, listed_lines, sizes
from reportgen.report import Figure, Notice, Section, Text, plain
from reportgen.stats.results import Results
from reportgen.writing import numbers
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, head, join, paragraph, say

KEY = "course"
TITLE = N_("Course")
WIDTH_MM = 170.0
WORDS = {
    "response": N_("first response at {time}"),
    "stop": N_("stop of treatment at {time}"),
    "relapse": N_("relapse at {time}"),
    "death": N_("death at {time}"),
}


@dataclass(frozen=True)
class TherapyBar:
    """A line of therapy in days from the start of the index treatment, as Bar of figures/timeline.py has it, its words
    not yet in the language of the report."""

    label: str
    start: float
    stop: float
    index: bool
    continues: bool
    response: str


@dataclass(frozen=True)
class CourseFacts:
    """What is drawn, in days from the start of the index treatment, as Course of figures/timeline.py has it.

    unit: of printed times. end: the day last seen, vital: how; ongoing: whether alive then. undrawn: lines of therapy,
    undated: severe toxicities, whose days nobody knows.
    """

    unit: str
    end: float | None
    ongoing: bool
    vital: str | None
    bars: tuple[TherapyBar, ...]
    undrawn: int
    marks: tuple[tuple[float, str], ...]
    own: tuple[tuple[float, str], ...]
    toxicities: tuple[tuple[float, int], ...]
    undated: int
    sizes: tuple[tuple[float, float], ...]
    cutoff: float | None


def analyse(case: Case) -> Results:
    """What is drawn: bars of treatment, marks, severe toxicities and sizes, in days from the start of treatment."""
    found = lines(case)
    # The sheet of treatments says how the index treatment ended, where it has that line.
    times = {kind: case.day(column) for kind, column in MARKS.items()}
    toxicities, undated = _severe(case)
    listed = listed_lines(found, case.dense)
    bars = [_bar(case, line, own) for line, own in zip(found, listed, strict=True)]
    facts = CourseFacts(
        unit=case.cohort.settings.time_unit,
        end=case.end,
        ongoing=case.alive,
        vital=case.vital,
        bars=tuple(bar for bar in bars if bar),
        undrawn=sum(bar is None for bar in bars),
        marks=tuple((day, kind) for kind, day in times.items() if day is not None),
        own=tuple((day, mark.name) for mark in own_marks(case.cohort) for day in mark.days[case.position]),
        toxicities=tuple(toxicities),
        undated=undated,
        sizes=tuple(sizes(case)),
        cutoff=_cutoff_day(case),
    )
    return Results(facts={KEY: facts})


def _bar(case: Case, line: Line, own: bool) -> TherapyBar | None:
    """None where the line has no start, or where nobody can say how long it lasted."""
    start, stop = line.start.day, line.stop.day
    if line.index and stop is None and start is not None:
        stop = case.day("treatment_stop")
    if stop is None and (line.continues or (line.index and case.dead)):
        stop = case.end
    if start is None or stop is None:
        return None
    label = (line.treatment or NOT_RECORDED) if own else ""
    response = "" if case.beyond and line.continues else line.response or ""
    return TherapyBar(label, start, max(start, stop), line.index, line.continues, response)


def _severe(case: Case) -> tuple[list[tuple[float, int]], int]:
    """(day, grade) of every event of grade 3 or more, and how many have no date."""
    table, found, undated = case.cohort.toxicities, [], 0
    for i in case.rows("toxicities"):
        grade, day = amount(table, i, "grade"), moment(table, i, "onset_date").day
        if grade is not None and grade >= 3:
            undated += day is None
            found += [] if day is None else [(day, min(5, int(grade)))]
    return sorted(found), undated


def _cutoff_day(case: Case) -> float | None:
    """Days from the time zero to the cut-off; None for the dead, and for who has no dates."""
    started, cutoff = case.moment(case.cohort.patients.origin).date, case.cohort.cutoff
    if started is None or cutoff is None or case.dead:
        return None
    return float((cutoff - date.fromisoformat(started)).days)


def present(results: Results) -> Section:
    """One figure; a notice where the last contact is not recorded."""
    facts: CourseFacts = results.facts[KEY]
    end = facts.end
    if end is None:
        return Section(
            KEY, _(TITLE), (Notice(say("The last contact is not recorded, so that nothing can be drawn.")),)
        )
    return Section(KEY, _(TITLE), (_figure(facts, end),))


def _figure(facts: CourseFacts, end: float) -> Figure:
    from reportgen.figures.timeline import Bar, Course, timeline

    unit = _unit(facts, end)
    course = Course(
        tuple(
            Bar(_(bar.label), bar.start, bar.stop, bar.index, bar.continues, _(bar.response))
            for bar in facts.bars
        ),
        facts.marks,
        facts.toxicities,
        facts.sizes,
        end,
        facts.ongoing,
        facts.cutoff,
        tuple((day, head(name)) for day, name in facts.own),
    )
    drawing = timeline("course", course, unit=unit, width_mm=WIDTH_MM)
    return Figure("course", drawing, _caption(facts, unit), _alternative(facts, end))


def _unit(facts: CourseFacts, end: float) -> str:
    """The unit of the report, or a smaller one where the whole course is short."""
    times = [end, *(bar.start for bar in facts.bars), *(day for day, _size in facts.sizes)]
    covered = max(*times, 0.0) - min(*times, 0.0)
    units = [unit for unit in ("years", "months", "weeks") if covered >= 1.5 * DAYS_PER_UNIT[unit]]
    if facts.unit != "years" and "years" in units:
        return facts.unit
    return units[0] if units else "days"


def _caption(facts: CourseFacts, unit: str) -> Text:
    missing = [counted(facts.undrawn, "line")] if facts.undrawn else []
    missing += [_severe_words(facts.undated)] if facts.undated else []
    return paragraph(
        say("Time in {unit} from the start of the index treatment.", unit=numbers.unit_name(unit)),
        say("CR to NE: the best response to each line.") if any(b.response for b in facts.bars) else None,
        say("Dotted line: data cut-off.") if facts.cutoff is not None else None,
        say("Tumour size: not recorded.") if not facts.sizes else None,
        say("Not drawn, as their dates are not recorded: {what}.", what=join(missing)) if missing else None,
    )


def _severe_words(n: int) -> str:
    return _("{n} of grade 3 or more", n=counted(n, "toxicity", "toxicities"))


def _alternative(facts: CourseFacts, end: float) -> str:
    unit, vital = facts.unit, facts.vital or N_("vital status not recorded")
    said = [
        _("Timeline of one patient, observed for {time}, {vital} at the end",
          time=span(end, unit), vital=_(vital))
    ]  # fmt: skip
    said += [_bar_words(bar, unit) for bar in facts.bars]
    said += [_(WORDS[kind], time=span(day, unit)) for day, kind in sorted(facts.marks)]
    said += [_("{name} at {time}", name=name, time=span(day, unit)) for day, name in sorted(facts.own)]
    if facts.toxicities:
        said.append(_severe_words(len(facts.toxicities)))
    said.append(sizes_in_words(facts.sizes) if facts.sizes else _("tumour size not recorded"))
    return plain(("; ".join(said) + ".",))


def _bar_words(bar: TherapyBar, unit: str) -> str:
    name, start = _(bar.label or N_("a further line")), span(bar.start, unit)
    said = (
        _("{line} from {start} continues", line=name, start=start)
        if bar.continues
        else _("{line} from {start} to {stop}", line=name, start=start, stop=span(bar.stop, unit))
    )
    return said + (_(", best response {response}", response=_(bar.response)) if bar.response else "")
