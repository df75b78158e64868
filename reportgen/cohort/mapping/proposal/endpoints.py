"""The time and the status of endpoints that a source gives as durations: as its settings say, or as pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from reportgen.base.message import Message, joined, message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.dictionary import Dictionary, entry_for
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.pair_names import counts_from_diagnosis
from reportgen.cohort.mapping.pairs import Pair, time_status_pairs
from reportgen.cohort.mapping.proposal.samples import header_cell, known_cells, number_in, samples
from reportgen.cohort.mapping.proposal.types import Choice, Column, Line, Question
from reportgen.cohort.mapping.word_lists import UNIT_OF
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import Settings

DATES = frozenset(("treatment_start", "last_contact"))
RELAPSE_DATES = frozenset(("relapse_date", "relapse_date_days", "relapse_date_months"))
OF_DATES = frozenset(("os", "death", "event"))  # what dates give without one of relapse
WAITED = frozenset(("diagnosis_date", "treatment_start"))
UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
MOST_CODES = 6
COMPETING_OF = 3
LATE = message("from the diagnosis, at risk from the start of treatment on (late entry)")


def endpoint_columns(
    sheet: RawSheet, settings: Settings, given: frozenset[str], dictionary: Dictionary
) -> tuple[list[Column], list[Question], tuple[int, ...]]:
    """The columns of endpoints, the questions about them, and their positions.

    given: what other columns are, canonical names. Which value is the event is never taken where a coding has two
    readings, and neither is a unit that nothing names and that the numbers leave open; one that they tell is asked with
    a proposal.
    """
    columns: list[Column] = []
    questions: list[Question] = []
    places = {name_key(text): place for place, text in reversed([*enumerate(sheet.header)]) if text}
    used: dict[int, None] = {}
    for rule in settings.endpoint:
        for part, header in (
            (("time", rule.time), ("event", rule.event), ("entry", rule.entry)) if rule.time else ()
        ):
            place = places.get(name_key(header)) if header else None
            if place is not None and place not in used:
                used[place] = None
                columns.append(
                    _column(
                        sheet,
                        place,
                        f"endpoint.{rule.key}.{part}",
                        "settings",
                        message("the settings say so"),
                    )
                )
    told = {rule.key for rule in settings.endpoint}
    for pair in _pairs(sheet, given, dictionary):
        time, event = places[name_key(pair.time)], places[name_key(pair.event)]
        if pair.key in told or time in used or event in used:
            continue
        used |= {time: None, event: None}
        sure = not pair.open and not pair.guessed_unit
        reason = _reason(pair)
        lines = (_line(pair, pair.unit, pair.event_values, pair.censor_values, reason),)
        columns.append(
            _column(
                sheet,
                time,
                f"endpoint.{pair.key}.time",
                "pair",
                joined((reason, _guess(pair))),
                sure,
                lines if sure else (),
            )
        )
        columns.append(_column(sheet, event, f"endpoint.{pair.key}.event", "pair", reason, sure))
        if pair.entry and (entry := places[name_key(pair.entry)]) not in used:
            used[entry] = None
            begins = message("by name and numbers, from when on patients were observed (late entry): {label}",
                             label=Message(pair.label))  # fmt: skip
            columns.append(_column(sheet, entry, f"endpoint.{pair.key}.entry", "pair", begins, sure))
        questions.extend(_questions(sheet, pair, event, time, lines))
    return columns, questions, tuple(used)


def _reason(pair: Pair) -> Message:
    said = message("a pair of a time and a status: {label}", label=Message(pair.label))
    return joined((said, pair.told_by, LATE if pair.origin else ""))


def _guess(pair: Pair) -> str:
    """What is said of a unit that is not named."""
    if pair.open_unit:
        return message("nothing says in which unit")
    if not pair.guessed_unit:
        return ""
    return message("in {unit}, a guess by the size of its numbers", unit=Message(pair.unit))


def _pairs(sheet: RawSheet, given: frozenset[str], dictionary: Dictionary) -> Iterator[Pair]:
    """The pairs that say what the dates do not. A time from the diagnosis begins there, where dates of diagnosis and
    treatment tell how long each patient waited for it (late entry).
    """
    dated = given >= DATES
    if dated and given & RELAPSE_DATES:
        return
    for pair in time_status_pairs(sheet, *_told(sheet, dictionary)):
        if dated and pair.key in OF_DATES:
            continue
        waited = given >= WAITED and not pair.entry and counts_from_diagnosis(pair.time)
        yield replace(pair, origin="diagnosis_date") if waited else pair


def _column(
    sheet: RawSheet,
    place: int,
    takes: str,
    how: str,
    reason: str,
    sure: bool = True,
    lines: tuple[Line, ...] = (),
) -> Column:
    text = cells.text(sheet.header[place])[0]
    shown = samples(known_cells(sheet, place), False)
    return Column(text, header_cell(sheet, place), takes, how, sure, reason, shown, lines)


def _told(sheet: RawSheet, dictionary: Dictionary) -> tuple[dict[str, str], dict[str, str]]:
    """Header → the unit of time that the dictionary names for it; header → what it calls the column."""
    units, labels = {}, {}
    for header in filter(None, sheet.header):
        entry = entry_for(dictionary, "patients", name_key(header))
        if entry and (unit := UNIT_OF.get(word_key(entry.unit))):
            units[cells.text(header)[0]] = unit
        if entry and entry.label and not entry.role:
            labels[cells.text(header)[0]] = entry.label
    return units, labels


def _questions(
    sheet: RawSheet, pair: Pair, event: int, time: int, lines: tuple[Line, ...]
) -> Iterator[Question]:
    """Which value is the event, and what the unit is. Where both are open, each answer is a part of the endpoint."""
    if pair.open:
        codes = list(dict.fromkeys(map(_written, known_cells(sheet, event))))[:MOST_CODES]
        unit = "" if pair.guessed_unit else pair.unit
        choices = tuple(
            Choice(
                str(number), said, (_line(told, unit, told.event_values, told.censor_values, "as answered"),)
            )
            for number, (said, told) in enumerate(_readings(pair, codes), 1)
        )
        text = message(
            "{header}: which value is the event of {label}?", header=pair.event, label=Message(pair.label)
        )
        yield Question(sheet.name, header_cell(sheet, event), text, choices, open=True)
    if pair.guessed_unit:
        part = (Line(lines[0].path, {}, lines[0].comment),) if pair.open else lines
        choices = tuple(
            Choice(
                key,
                Message(unit),
                _as_guessed(part, unit)
                if unit == pair.unit and not pair.open_unit
                else _in_unit(part, unit, "as answered"),
            )
            for key, unit in UNITS.items()
        )
        longest = max((number_in(cell) or 0 for cell in known_cells(sheet, time)), default=0)
        text = message(
            "{header}: in which unit is it? Its longest is {n}.", header=pair.time, n=f"{longest:g}"
        )
        proposal = "" if pair.open_unit else next(key for key, unit in UNITS.items() if unit == pair.unit)
        yield Question(sheet.name, header_cell(sheet, time), text, choices, proposal, open=pair.open_unit)


def _readings(pair: Pair, codes: list) -> Iterator[tuple[str, Pair]]:
    """What the codes may mean: each of them the event; of three, beside another one that competes with it."""
    for code in codes:
        # 0 is awaited where all had the event, lest 1 be the code of who had none.
        others = tuple(other for other in codes if other != code) or ((0,) if code == 1 else ())
        said = message("{event} is the event, every other value none", event=str(code))
        yield said, replace(pair, event_values=(code,), censor_values=others, competing_values=())
    for code in codes if len(codes) == COMPETING_OF else ():
        for rival in (other for other in codes if other != code):
            (rest,) = (other for other in codes if other not in (code, rival))
            said = message("{event} is the event, {rival} competes with it, {rest} is none",
                           event=str(code), rival=str(rival), rest=str(rest))  # fmt: skip
            yield said, replace(pair, event_values=(code,), censor_values=(rest,), competing_values=(rival,))


def _in_unit(lines: tuple[Line, ...], unit: str, comment: str) -> tuple[Line, ...]:
    return tuple(Line(line.path, {**cast("dict", line.value), "unit": unit}, comment) for line in lines)


def _as_guessed(lines: tuple[Line, ...], unit: str) -> tuple[Line, ...]:
    return _in_unit(lines, unit, f"{lines[0].comment}; its unit by the size of its numbers")


def _line(pair: Pair, unit: str, events: tuple, censored: tuple, comment: str) -> Line:
    values = {"event_values": events, "competing_values": pair.competing_values, "censor_values": censored}
    named = {name: list(said) for name, said in values.items() if said}
    told = {"unit": unit} if unit else {}
    told |= {name: said for name, said in (("entry", pair.entry), ("origin", pair.origin)) if said}
    content = {"label": pair.label, "time": pair.time, **told, "event": pair.event, **named}
    return Line(("endpoint", pair.key), content, comment)


def _written(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    shown = cells.text(value)[0] if isinstance(value, str) else value
    return int(shown) if isinstance(shown, str) and word_key(shown).isdigit() else shown
