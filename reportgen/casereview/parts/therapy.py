"""Lines of therapy: what was given when, why it was stopped, and the best response to it."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.message import N_
from reportgen.casereview.case import Case
from reportgen.casereview.fact_words import missing, recorded, span, undated, when, worded
from reportgen.casereview.therapy_lines import Line, lines, listed_lines
from reportgen.report import Notice, Section, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import numbers
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, counted, paragraph, say
from reportgen.writing.tables import row, text_column

KEY = "therapy"
TITLE = N_("Lines of therapy")


@dataclass(frozen=True)
class TherapyFacts:
    """unit: of printed times. lines: those that are listed; left_out: how many are not. from_patients: whether the
    patient's row alone tells of them; has_sheet: whether the source has a sheet of treatments. beyond, end: as the
    Case has them; response_dated: whether the first response has a date."""

    unit: str
    lines: tuple[Line, ...]
    left_out: int
    from_patients: bool
    has_sheet: bool
    beyond: bool
    end: float | None
    response_dated: bool


def analyse(case: Case) -> Results:
    """Every line by its start; the index treatment as in the patient's row where no sheet has it."""
    found = lines(case)
    listed = listed_lines(found, case.dense)
    facts = TherapyFacts(
        unit=case.cohort.settings.time_unit,
        lines=tuple(line for line, shown in zip(found, listed, strict=True) if shown),
        left_out=listed.count(False),
        from_patients=not len(case.rows("treatments")),
        has_sheet=case.cohort.treatments is not None,
        beyond=case.beyond,
        end=case.end,
        response_dated=case.day("response_date") is not None,
    )
    return Results(facts={KEY: facts})


def present(results: Results) -> Section:
    """One table, a row per line, and a word on what the data lack."""
    facts: TherapyFacts = results.facts[KEY]
    columns = (
        text_column(_("Line"), 0.06),
        text_column(_("Treatment"), 0.27),
        text_column(_("Start"), 0.14),
        text_column(_("Stop"), 0.14),
        text_column(_("Duration"), 0.12),
        text_column(_("Reason for stopping"), 0.16),
        text_column(_("Best response"), 0.11),
    )
    rows = [row(*_cells(line, place, facts)) for place, line in enumerate(facts.lines, 1)]
    notes: list[Text] = []
    if facts.left_out:
        shown = len(facts.lines)
        notes.append(
            say("{k} of {n} lines are listed: the first, the index treatment and the latest; all are drawn.",
                k=shown, n=shown + facts.left_out)
        )  # fmt: skip
    if any(line.index for line in facts.lines) and len(facts.lines) > 1:
        notes.append((_("* The index treatment, from whose start all times are counted."),))
    caption = _caption(facts)
    blocks: list = []
    if facts.from_patients:
        why = say(
            "The sheet of treatments has no line of this patient, the index treatment is as in the sheet of patients."
        )
        lost = say("Earlier and later lines of therapy: {missing}.", missing=missing())
        blocks.append(Notice(paragraph(why if facts.has_sheet else None, lost)))
    blocks.insert(0, Table("therapy", caption, columns, tuple(rows), tuple(notes)))
    return Section(KEY, _(TITLE), tuple(blocks))


def _caption(facts: TherapyFacts) -> Text:
    """How many lines there are, and how long the index treatment lasted where one row tells it."""
    n = counted(len(facts.lines) + facts.left_out, "line of therapy", "lines of therapy")
    index = [line for line in facts.lines if line.index]
    began, ended = (index[0].start.day, index[0].stop.day) if len(index) == 1 else (None, None)
    if began is None or ended is None or index[0].continues or not index[0].treatment:
        return capital(say("{n} by start.", n=n))
    return capital(
        say("{n}: {treatment}, the index treatment, lasted {time}.",
            n=n, treatment=index[0].treatment, time=span(ended - began, facts.unit))
    )  # fmt: skip


def _cells(line: Line, place: int, facts: TherapyFacts) -> tuple[Text | str, ...]:
    unit = facts.unit
    number = numbers.whole(line.number) if line.number is not None else str(place)
    name = recorded(line.treatment)
    if line.index and len(facts.lines) > 1:
        name = (*name, "\u00a0*")
    began, ended, end = line.start.day, line.stop.day, facts.end
    stop = (_("continues"),) if line.continues else when(line.stop, unit)
    reason = ("–",) if line.continues else worded(line.reason)
    unknown = facts.beyond and line.continues and not (line.index and facts.response_dated)
    response = undated() if unknown and line.response else worded(line.response)
    duration = missing()
    if line.continues and began is not None and end is not None and end >= began:
        duration = say("{time} so far", time=span(end - began, unit))
    elif not line.continues and began is not None and ended is not None:
        duration = (span(ended - began, unit),)
    return (number, name, when(line.start, unit), stop, duration, reason, response)
