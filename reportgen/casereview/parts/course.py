"""The timeline: lines of treatment, tumour size, events and severe toxicities on one axis of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from reportgen.analyses.courses import MARKS
from reportgen.analyses.own_marks import own_marks
from reportgen.base.message import N_
from reportgen.casereview.case import Case, amount, moment
from reportgen.casereview.recorded import DAYS_PER_UNIT, span
from reportgen.casereview.records import lines, listed_lines, sizes
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


def analyse(case: Case) -> Results:
    """What is drawn: bars of treatment, marks, severe toxicities and sizes, in days from the start of treatment."""
    found, end = lines(case), case.end
    # The sheet of treatments says how the index treatment ended, where it has that line.
    times = {kind: case.day(column) for kind, column in MARKS.items()}
    toxicities, undated = _severe(case)
    listed = listed_lines(found, case.dense)
    bars = [_bar(case, line, own) for line, own in zip(found, listed, strict=True)]
    return Results(
        facts={
            KEY: {
                "unit": case.cohort.settings.time_unit,
                "end": end,
                "ongoing": case.alive,
                "vital": "dead" if case.dead else case.word("vital_status"),
                "bars": [bar for bar in bars if bar],
                "undrawn": sum(bar is None for bar in bars),
                "marks": [(day, kind) for kind, day in times.items() if day is not None],
                "own": [
                    (day, mark.name) for mark in own_marks(case.cohort) for day in mark.days[case.position]
                ],
                "toxicities": toxicities,
                "undated": undated,
                "sizes": sizes(case),
                "cutoff": _cutoff_day(case),
            }
        }
    )


def _bar(case: Case, line: Mapping, own: bool) -> dict | None:
    """None where the line has no start, or where nobody can say how long it lasted."""
    start, stop = line["start"]["day"], line["stop"]["day"]
    if line["index"] and stop is None and start is not None:
        stop = case.day("treatment_stop")
    if stop is None and (line["continues"] or (line["index"] and case.dead)):
        stop = case.end
    if start is None or stop is None:
        return None
    undated = case.beyond and line["continues"]
    return {
        "label": (line["treatment"] or "not recorded") if own else "",
        "start": start,
        "stop": max(start, stop),
        "index": line["index"],
        "continues": line["continues"],
        "response": "" if undated else line["response"] or "",
    }


def _severe(case: Case) -> tuple[list[tuple[float, int]], int]:
    """(day, grade) of every event of grade 3 or more, and how many have no date."""
    table, found, undated = case.cohort.toxicities, [], 0
    for i in case.rows("toxicities"):
        grade, day = amount(table, i, "grade"), moment(table, i, "onset_date")["day"]
        if grade is not None and grade >= 3:
            undated += day is None
            found += [] if day is None else [(day, min(5, int(grade)))]
    return sorted(found), undated


def _cutoff_day(case: Case) -> float | None:
    """Days from the time zero to the cut-off; None for the dead, and for who has no dates."""
    started, cutoff = case.moment(case.cohort.patients.origin)["date"], case.cohort.cutoff
    if started is None or cutoff is None or case.dead:
        return None
    return float((cutoff - date.fromisoformat(started)).days)


def present(results: Results) -> Section:
    """One figure; a notice where the last contact is not recorded."""
    facts = results.facts[KEY]
    if facts["end"] is None:
        return Section(
            KEY, _(TITLE), (Notice(say("The last contact is not recorded, so that nothing can be drawn.")),)
        )
    return Section(KEY, _(TITLE), (_figure(facts),))


def _figure(facts: Mapping) -> Figure:
    from reportgen.figures.timeline import Bar, Course, timeline

    unit = _unit(facts)
    course = Course(
        tuple(
            Bar(**bar | {"label": _(bar["label"]), "response": _(bar["response"])}) for bar in facts["bars"]
        ),
        tuple((day, kind) for day, kind in facts["marks"]),
        tuple(facts["toxicities"]),
        tuple(facts["sizes"]),
        facts["end"],
        facts["ongoing"],
        facts["cutoff"],
        tuple((day, head(name)) for day, name in facts["own"]),
    )
    drawing = timeline("course", course, unit=unit, width_mm=WIDTH_MM)
    return Figure("course", drawing, _caption(facts, unit), _alternative(facts), notes=())


def _unit(facts: Mapping) -> str:
    """The unit of the report, or a smaller one where the whole course is short."""
    times = [facts["end"], *(bar["start"] for bar in facts["bars"]), *(day for day, _size in facts["sizes"])]
    covered = max(*times, 0.0) - min(*times, 0.0)
    units = [unit for unit in ("years", "months", "weeks") if covered >= 1.5 * DAYS_PER_UNIT[unit]]
    if facts["unit"] != "years" and "years" in units:
        return facts["unit"]
    return units[0] if units else "days"


def _caption(facts: Mapping, unit: str) -> Text:
    missing = [counted(facts["undrawn"], "line")] if facts["undrawn"] else []
    missing += [_severe_words(facts["undated"])] if facts["undated"] else []
    return paragraph(
        say("Time in {unit} from the start of the index treatment.", unit=numbers.unit_name(unit)),
        say("CR to NE: the best response to each line.")
        if any(b["response"] for b in facts["bars"])
        else None,
        say("Dotted line: data cut-off.") if facts["cutoff"] is not None else None,
        say("Tumour size: not recorded.") if not facts["sizes"] else None,
        say("Not drawn, as their dates are not recorded: {what}.", what=join(missing)) if missing else None,
    )


def _severe_words(n: int) -> str:
    return _("{n} of grade 3 or more", n=counted(n, "toxicity", "toxicities"))


def _alternative(facts: Mapping) -> str:
    unit, vital = facts["unit"], facts["vital"] or N_("vital status not recorded")
    said = [
        _("Timeline of one patient, observed for {time}, {vital} at the end",
          time=span(facts["end"], unit), vital=_(vital))
    ]  # fmt: skip
    said += [_bar_words(bar, unit) for bar in facts["bars"]]
    said += [_(WORDS[kind], time=span(day, unit)) for day, kind in sorted(facts["marks"])]
    said += [_("{name} at {time}", name=name, time=span(day, unit)) for day, name in sorted(facts["own"])]
    if facts["toxicities"]:
        said.append(_severe_words(len(facts["toxicities"])))
    said += _sizes_in_words(facts["sizes"])
    return plain(("; ".join(said) + ".",))


def _bar_words(bar: Mapping, unit: str) -> str:
    name, start = _(bar["label"] or N_("a further line")), span(bar["start"], unit)
    said = (
        _("{line} from {start} continues", line=name, start=start)
        if bar["continues"]
        else _("{line} from {start} to {stop}", line=name, start=start, stop=span(bar["stop"], unit))
    )
    return said + (_(", best response {response}", response=_(bar["response"])) if bar["response"] else "")


def _sizes_in_words(found: Sequence[tuple[float, float]]) -> list[str]:
    if not found:
        return [_("tumour size not recorded")]
    values = np.array([size for _day, size in found])
    first, least, last = (
        f"{numbers.as_written(f'{value:g}')} mm" for value in (values[0], values.min(), values[-1])
    )
    return [
        _("sum of diameters {first} at first, {least} at its smallest, {last} at last",
          first=first, least=least, last=last)
    ]  # fmt: skip
