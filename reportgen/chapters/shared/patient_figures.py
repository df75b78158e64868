"""The patients as a figure: the matrix of a few, the swimmer of many."""

from __future__ import annotations

from collections import Counter
from functools import partial

from reportgen.base.described import Context
from reportgen.base.message import N_
from reportgen.chapters.shared.drawings import drawings
from reportgen.chapters.shared.patient_courses import (
    DIED,
    OTHERS,
    OWN,
    RELAPSED,
    STOPPED,
    TREATED,
    Course,
    Courses,
    Trait,
)
from reportgen.report import Figure, Text
from reportgen.stats.results import Results
from reportgen.writing import dates, numbers
from reportgen.writing.language import _, _n
from reportgen.writing.narrative import head, join, paragraph, say, say_n
from reportgen.writing.shares import group, state
from reportgen.writing.translation import words_of

MOST_ROWS = 30
MOST_ON_PAGE_ONE = 8
OUTCOMES = {
    RELAPSED: N_("Relapsed or progressed"),
    DIED: N_("Died without relapse"),
    STOPPED: N_("Stopped, no relapse"),
    TREATED: N_("On treatment, no relapse"),
    OTHERS: N_("No relapse"),
}
# Where the data do not tell of relapses, nobody is said to have had none.
FATES = {
    DIED: N_("Died"),
    STOPPED: N_("Stopped treatment"),
    TREATED: N_("On treatment"),
    OTHERS: N_("Not known to have died"),
}
SHOWN = ("stop", "relapse", "death")


def has_matrix(courses: Courses) -> bool:
    """Whether the patients are few enough for a row each that can be read."""
    return 0 < len(courses.patients) <= MOST_ROWS


def stands_in_matrix(results: Results) -> bool:
    """Whether the report draws its patients in the matrix: no other figure then draws them one by one again."""
    told = results.facts.get("patients")
    return bool(told) and has_matrix(told.courses)


def on_page_one(courses: Courses) -> bool:
    """Whether the matrix has room on page one; then it stands there alone."""
    return 0 < len(courses.patients) <= MOST_ON_PAGE_ONE


def patient_figure(id: str, courses: Courses, facts: Context) -> Figure | None:
    """The matrix of up to MOST_ROWS patients, the swimmer of more; None where nobody can be drawn.

    facts: the unit of time and the words of the groups (outcomes.context).
    """
    if not courses.patients:
        return None
    return (matrix_figure if has_matrix(courses) else swimmer_figure)(id, courses, facts)


def swimmer_figure(id: str, courses: Courses, facts: Context) -> Figure:
    """A thin bar for each of many patients, on one page."""
    from reportgen.figures.swimmer import Mark, Phase, Swim, swimmer

    grouped = any(one.group for one in courses.patients)
    drawn = [
        Swim(
            end=one.end,
            phases=tuple(Phase(*phase) for phase in one.phases),
            events=tuple(
                Mark(e.time, e.kind)
                for e in one.events
                if e.kind in ("relapse", "death") or e.kind.startswith(OWN)
            ),
            ongoing=one.ongoing,
            group=under,
            of=one.group,
        )
        for one, under in zip(courses.patients, _heads(courses, facts), strict=True)
    ]
    note = _("Cut-off {day}", day=dates.date(courses.cutoff)) if courses.cutoff else ""
    plot = partial(swimmer, id, drawn, unit=facts.unit, cutoff_note=note, own=_own(courses))
    drawing, narrow = drawings(plot, "wide")
    how = say("A bar per patient from the start of treatment, the longest observed first.")
    if not grouped:
        how = say(
            "A bar per patient from the start of treatment, by what happened, the longest observed first."
        )
    if facts.origin:
        how = say("A bar per patient from the {origin}, the longest observed first.", origin=_(facts.origin))
    return Figure(
        id, drawing, say("{what}.", what=_finding(courses)), alternative(courses, facts.unit), "wide", (how,),
        by=facts.group, narrow=narrow,
    )  # fmt: skip


def _heads(courses: Courses, facts: Context) -> list[str]:
    """Per patient what he stands under, with the number of those who do."""
    grouped = any(one.group for one in courses.patients)
    names = [_head(one, grouped, courses, facts) for one in courses.patients]
    sizes = Counter(names)
    return [f"{name} ({numbers.whole(sizes[name])})" for name in names]


def matrix_figure(id: str, courses: Courses, facts: Context) -> Figure:
    """The matrix of up to MOST_ROWS patients; facts as above."""
    from reportgen.figures.patient_matrix import patient_matrix

    rows = [_row(*one) for one in zip(courses.patients, _heads(courses, facts), strict=True)]
    features = [trait_name(trait) for trait in courses.traits]
    drawing, narrow = drawings(
        partial(patient_matrix, id, rows, features, unit=facts.unit, own=_own(courses)), "wide"
    )
    return Figure(
        id, drawing, _caption(courses), alternative(courses, facts.unit), "wide", _notes(courses), by=facts.group,
        narrow=narrow,
    )  # fmt: skip


def _own(courses: Courses) -> dict[str, str]:
    """Kind → name of the events of one's own."""
    return {f"{OWN}{k}": head(name) for k, name in enumerate(courses.own)}


def _head(one: Course, grouped: bool, courses: Courses, facts: Context) -> str:
    if not grouped:
        return _((FATES if "relapse" in courses.unrecorded else OUTCOMES)[one.outcome])
    return head(group(facts, one.group)) if one.group else _("Not recorded")


def _row(one: Course, under: str):
    from reportgen.figures.patient_matrix import Part, Patient

    return Patient(
        label=one.label,
        end=one.end,
        parts=tuple(Part(p.start, p.stop, p.state, p.phase != "off", p.line, p.dose) for p in one.stretches),
        group=under,
        cells=one.cells,
        signs=tuple(
            (event.time, event.kind)
            for event in one.events
            if event.kind in SHOWN or event.kind.startswith(OWN)
        ),
        severe=one.severe,
        sizes=one.sizes,
        ongoing=one.ongoing,
        status=state(one.status) if one.status else numbers.MISSING,
        of=one.group,
    )


def trait_name(trait: Trait) -> str:
    """What a filled cell says: "Critically ill at the start", "Fusion partner: RANBP2"."""
    label = head(words_of(trait.label))
    if trait.yes_no:
        return label
    return f"{label}: {_(trait.level) if trait.ours else trait.level}"


def _finding(courses: Courses) -> Text:
    """Who had the event."""
    n, said = (
        len(courses.patients),
        {"k": numbers.whole(_happened(courses)), "n": numbers.whole(len(courses.patients))},
    )
    if not courses.event:
        return _nothing_seen(courses)
    if n == 1:
        return (
            say("The patient relapsed or progressed")
            if courses.event == "relapse"
            else say("The patient died")
        )
    if courses.event == "relapse":
        return say_n(
            "{k} of {n} patient relapsed or progressed",
            "{k} of {n} patients relapsed or progressed",
            n,
            **said,
        )
    return say_n("{k} of {n} patient died", "{k} of {n} patients died", n, **said)


def _nothing_seen(courses: Courses) -> Text:
    """That nothing happened is said only of what the data tell, of everybody who is drawn."""
    n = numbers.whole(len(courses.patients))
    fates = all(one.ongoing or any(e.kind == "death" for e in one.events) for one in courses.patients)
    if "death" in courses.unrecorded or not fates:
        return (
            say("The course of each patient (n = {n})", n=n)
            if "relapse" in courses.unrecorded
            else say("No relapse was recorded (n = {n})", n=n)
        )
    if "relapse" in courses.unrecorded:
        return say("No death occurred (n = {n})", n=n)
    return say("No relapse and no death occurred (n = {n})", n=n)


def _happened(courses: Courses) -> int:
    return sum(any(e.kind == courses.event for e in one.events) for one in courses.patients)


def _caption(courses: Courses) -> Text:
    """What the matrix shows: who had the event, and which of its features, those with levels, set them apart most."""
    what, first = _finding(courses), next(iter(courses.traits), None)
    everybody = _happened(courses) == len(courses.patients)
    if not courses.event or first is None or first.having == (0, 0) or everybody:
        return say("{what}.", what=what)
    shares = dict(zip("abcd", map(numbers.whole, (*first.having, *first.others)), strict=True))
    shares |= {"what": what, "trait": trait_name(first)}
    if courses.examined < 2:
        return say("{what}; {a} of {b} with “{trait}”, {c} of {d} without.", **shares)
    tied = [say("“{trait}”", trait=trait_name(trait)) for trait in courses.traits[1:] if trait.tied]
    if tied:
        return say(
            "{what}; {a} of {b} with “{trait}”, {c} of {d} without: of the {m} features with levels none differs more; "
            "as much: {others}.",
            m=numbers.whole(courses.examined), others=join(tied), **shares,
        )  # fmt: skip
    return say(
        "{what}; {a} of {b} with “{trait}”, {c} of {d} without: of the {m} features with levels the one that differs "
        "most.",
        m=numbers.whole(courses.examined),
        **shares,
    )


def _notes(courses: Courses) -> tuple[Text, ...]:
    coloured = any(part.state for one in courses.patients for part in one.stretches)
    said = [say("A row per patient, the longest observed first; the colour is the response as last assessed.")
            if len(courses.patients) > 1
            else say("The colour is the response as last assessed.")]  # fmt: skip
    if not coloured:
        said = [say("A row per patient, the longest observed first.")] if len(courses.patients) > 1 else []
    if courses.traits:
        said.append(
            say("A filled cell is the feature named above it, first those that differ most by the event (no test).")
            if courses.event
            else say("A filled cell is the feature named above it.")
        )  # fmt: skip
    if any(len(one.sizes) > 1 for one in courses.patients):
        said.append(say("The line over a bar is the tumour size from the baseline to zero."))
    if any(part.dose != 1 for one in courses.patients for part in one.stretches):
        said.append(say("A bar is as much lower as the dose was below the first one."))
    if courses.undated:
        said.append(say("A response without a date is drawn from the start on."))
    if courses.cutoff:
        said.append(say("Cut-off {day}.", day=dates.date(courses.cutoff)))
    return (paragraph(*said),)


def alternative(courses: Courses, unit: str) -> str:
    """The figure in words: how many, how long, and how many of each event."""
    patients = courses.patients
    ends = [one.end for one in patients]
    said = _n(
        "A row for {n} patient, observed for {low} to {high} {unit}",
        "A row for each of {n} patients, observed for {low} to {high} {unit}",
        len(patients),
        n=numbers.whole(len(patients)),
        low=numbers.time(min(ends), unit),
        high=numbers.time(max(ends), unit),
        unit=numbers.unit_name(unit),
    )
    for kind, words in EVENTS.items():
        having = sum(any(event.kind == kind for event in one.events) for one in patients)
        if kind in courses.unrecorded and not having:
            continue
        said += f"; {_(words, n=numbers.whole(having))}"
    for k, name in enumerate(courses.own):
        having = sum(any(event.kind == f"{OWN}{k}" for event in one.events) for one in patients)
        said += f"; {_('{name} in {n}', name=name, n=numbers.whole(having))}"
    if "death" in courses.unrecorded:
        return f"{said}."
    alive = sum(one.ongoing for one in patients)
    return f"{said}; {_('{n} alive at the last contact', n=numbers.whole(alive))}."


EVENTS = {
    "response": N_("first response in {n}"),
    "relapse": N_("relapse in {n}"),
    "stop": N_("stop of treatment in {n}"),
    "death": N_("death in {n}"),
}
