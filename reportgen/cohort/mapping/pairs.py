"""Pairs of a time and a status, the commonest layout of research data: os_time and os_status, futime and fustat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from os.path import commonprefix

import numpy as np
import pandas as pd

from reportgen.cohort.clean import cells
from reportgen.cohort.clean.column_reading import Reading
from reportgen.cohort.endpoints.event_values import distinct
from reportgen.cohort.mapping.deaths_in_pfs import counts_no_deaths
from reportgen.cohort.mapping.event_coding import Readings, read_codes
from reportgen.cohort.mapping.event_words import NOTHING_KNOWN, value_key
from reportgen.cohort.mapping.intervals import late_entry
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.pair_names import EVENT, GENERIC, TIME, Role, role_of
from reportgen.cohort.mapping.schema import DAYS_PER, columns_of, spellings
from reportgen.cohort.mapping.word_lists import endpoint_names
from reportgen.cohort.raw import RawSheet

VITAL = "vital_status"
LOOKED_AT = 2000
MOST_CODES = 8
# Nobody is followed for 60 years, nor for 14 years that were counted in weeks: beyond, a time without a unit is in
# days. Below, its numbers leave several units, and only somebody who knows the file can say which.
DAYS_BEYOND = 720
# An event that is part of an endpoint: whether deaths are counted with it, only somebody who knows the file can say.
PARTS = {"rfs": ("ttr",), "dfs": ("ttr",), "lfs": ("ttr",), "pfs": ("ttp",), "efs": ("ttr", "ttp")}
# "rec" is a recurrence or a recovery; beside "rel", the latter.
TWO_MEANINGS = ("rec", "rectime")
SAME_TIME = 0.1  # of its unit: times in months have one decimal


@dataclass(frozen=True)
class Pair:
    """A time and the status at its end. time, event: headers. unit: "days", "weeks", "months" or "years".

    key, label: of the endpoint. event_values, censor_values, competing_values: as they stand in the column, to be
    written into report.toml. open: the coding has two readings and must be asked. guessed_unit: neither header nor
    dictionary names it. open_unit: nor do the numbers leave one alone, so that it must be asked. entry: the header of
    the column that tells from when on a patient was under observation, "" without one. told_by: what of the data says
    that the endpoint is another one than its name says. origin: the date from which it is counted by its name, "" where
    that is the time zero of all.
    """

    key: str
    label: str
    time: str
    unit: str
    event: str
    event_values: tuple
    censor_values: tuple
    open: bool
    competing_values: tuple = ()
    guessed_unit: bool = False
    open_unit: bool = False
    entry: str = ""
    told_by: str = ""
    origin: str = ""


@dataclass(frozen=True)
class _Column:
    header: str
    role: Role
    rows: frozenset[int]
    numbers: tuple[float, ...]
    codes: tuple[str, ...]

    @property
    def may_be_time(self) -> bool:
        return len(self.numbers) > 0 and (len(set(self.numbers)) > 3 or any(n % 1 for n in self.numbers))

    @property
    def may_be_event(self) -> bool:
        return 0 < len(self.codes) <= MOST_CODES and not any(number % 1 for number in self.numbers)


def time_status_pairs(
    sheet: RawSheet, units: Mapping[str, str] | None = None, labels: Mapping[str, str] | None = None
) -> tuple[Pair, ...]:
    """The endpoints that pairs of columns give, each once, in the order of their times. units: header → the unit that
    the dictionary names; labels: header → what it calls the column, which counts where the header says nothing.

    By name and content: a time holds numbers, a status a few codes. Of two times of one endpoint the one in days
    counts.
    """
    columns = [
        column
        for place in range(len(sheet.header))
        if (column := _column(sheet, place, units or {}, labels or {}))
    ]
    times = [column for column in columns if column.role.kind != EVENT and column.may_be_time]
    events = [column for column in columns if column.role.kind != TIME and column.may_be_event]
    found: dict[str, Pair] = {}
    partners = ((time, _partner(time, events, alone=len(times) == 1)) for time in times)
    for time, event in sorted(((time, event) for time, event in partners if event), key=_named_first):
        key = time.role.key
        if key == GENERIC:
            key = event.role.key if event.role.key != GENERIC else "event"
        if key not in found:
            found[key] = _pair(key, time, event)
    order = {column.header: place for place, column in enumerate(columns)}
    pairs = sorted(_deaths_counted(sheet, found), key=lambda pair: order[pair.time])
    return tuple(replace(pair, entry=late_entry(sheet, pair.time)) for pair in pairs)


def _named_first(pair: tuple[_Column, _Column]) -> tuple[bool, bool, bool, int]:
    """A time named for its endpoint counts before one of follow-up, which the dead of some sources lack; and of two the
    one that is named like its status.
    """
    time, event = pair
    doubtful = name_key(time.header).partition("_")[0] in TWO_MEANINGS
    return time.role.key == GENERIC, doubtful, time.role.unit != "days", -_alike(time, event)


def _alike(time: _Column, event: _Column) -> int:
    """With how many letters both headers begin."""
    return len(commonprefix([event.header.casefold(), time.header.casefold()]))


def _deaths_counted(sheet: RawSheet, found: Mapping[str, Pair]) -> Iterable[Pair]:
    """The pairs, one of progression-free survival that counts no deaths as the progression-free interval that it is."""
    pfs, alive = found.get("pfs"), found.get("os")
    if pfs is None or alive is None or pfs.open or alive.open or "pfi" in found:
        return found.values()
    (event, ended), (died, followed) = (_by_row(sheet, pair) for pair in (pfs, alive))
    near = SAME_TIME * max(DAYS_PER[pair.unit] for pair in (pfs, alive))
    if not counts_no_deaths(died, event, ended - followed, near):
        return found.values()
    label = endpoint_names()["label"]["pfi"]
    told = "deaths are no events of it, so that it is no progression-free survival"
    return [
        replace(pfs, key="pfi", label=label, told_by=told) if pair is pfs else pair for pair in found.values()
    ]


def _by_row(sheet: RawSheet, pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    """Whether each row has the event, and its time in days, nan where there is none or its status is not known."""
    places = {cells.text(text)[0]: place for place, text in reversed([*enumerate(sheet.header)]) if text}
    events, without = (
        {value_key(value) for value in values}
        for values in (pair.event_values, (*pair.censor_values, *pair.competing_values))
    )
    said = [None if cell is None else value_key(cell) for cell in sheet.frame[places[pair.event]]]
    written = sheet.frame[places[pair.time]].tolist()
    number = Reading("number").of(written, sheet.typed)  # with the decimal comma that the whole column tells
    times = [
        number(cell)[0] if cell is not None and key in events | without else None
        for cell, key in zip(written, said, strict=True)
    ]
    return np.array([key in events for key in said], bool), np.array(times, float) * DAYS_PER[pair.unit]


def endpoint_lines(pair: Pair) -> str:
    """The pair as report.toml has it, with a comment where it is to be looked at."""
    texts = {"key": pair.key, "label": pair.label, "time": pair.time, "unit": pair.unit, "event": pair.event}
    lines = {name: quoted(text) for name, text in texts.items()}
    values = {"event_values": pair.event_values, "competing_values": pair.competing_values,
              "censor_values": pair.censor_values}  # fmt: skip
    lines |= {name: f"[{', '.join(map(quoted, said))}]" for name, said in values.items() if said}
    lines |= {name: quoted(said) for name, said in (("entry", pair.entry), ("origin", pair.origin)) if said}
    if pair.guessed_unit:
        lines["unit"] += "  # a guess: the header names no unit"
    if pair.open and "event_values" in lines:
        lines["event_values"] += "  # to be looked at: the codes may mean the opposite"
    elif pair.open:
        lines["event_values"] = "[]  # say which values are the event"
    return "\n".join(("[[endpoint]]", *(f"{name} = {line}" for name, line in lines.items())))


def _column(
    sheet: RawSheet, place: int, units: Mapping[str, str], labels: Mapping[str, str]
) -> _Column | None:
    header = cells.text(sheet.header[place])[0]
    role = role_of(header) or role_of(labels.get(header, ""))
    if role is None:
        return None
    if role.kind != EVENT and not role.unit:
        role = replace(role, unit=units.get(header, ""))
    filled = sheet.frame[place].iloc[:LOOKED_AT].dropna()
    rows = [
        row
        for row, cell in filled.items()
        if not (isinstance(cell, str) and cells.missing(cells.text(cell)[0]))
    ]
    known = [filled[row] for row in rows]
    number = Reading("number").of(known, sheet.typed)  # with the decimal comma that the whole column tells
    read = [number(cell)[0] for cell in known]
    numbers = tuple(float(number) for number in read if number is not None)
    if 10 * len(numbers) < 9 * len(known):
        numbers = ()
    return _Column(header, role, frozenset(rows), numbers, tuple(distinct(pd.Series(known, dtype=object))))


def _partner(time: _Column, events: Sequence[_Column], alone: bool) -> _Column | None:
    """The status that belongs to a time: of the same endpoint; the death, for survival; one of no endpoint,
    for survival and for the only time there is.

    A time that most of those with a status lack, such as the days to death of the living, is none of this kind.
    """
    others = [
        event
        for event in events
        if event is not time and 10 * len(event.rows & time.rows) >= 7 * len(event.rows)
    ]
    stem = len(time.header)  # of two that may be, the one whose name begins more like that of the time
    others.sort(
        key=lambda event: (
            len(event.header) == 1,  # D is a disease as soon as a death
            -len(commonprefix([event.header[:stem].casefold(), time.header.casefold()])),
        )
    )
    wanted = [time.role.key]
    if time.role.key == GENERIC:
        wanted = [GENERIC, "os", "death"]
    elif time.role.key == "os":
        wanted = ["os", "death", GENERIC]
    elif alone:
        wanted.append(GENERIC)
    wanted += PARTS.get(time.role.key, ())
    for key in wanted:
        for sure in (True, False):
            for event in others:
                if event.role.key == key and (event.role.kind == EVENT) == sure:
                    return event
    return None


def _pair(key: str, time: _Column, event: _Column) -> Pair:
    codes = _of_life(event.codes, event.header) if key in ("os", "death", GENERIC) else None
    key = "os" if codes else key
    codes = codes or read_codes(event.header, event.codes, key)
    if event.role.key in PARTS.get(key, ()):
        codes = replace(codes, open=True)
    label = endpoint_names()["label"][key]
    unit, guessed = time.role.unit or _likely_unit(time.numbers), not time.role.unit
    return Pair(
        "os" if key == "death" else key, label, time.header, unit, event.header,
        codes.event, codes.censored, codes.open, codes.competing,
        guessed, guessed and max(time.numbers) <= DAYS_BEYOND,
    )  # fmt: skip


def _of_life(codes: Sequence[str], header: str) -> Readings | None:
    """The reading of a status whose every word says who is dead and who alive: DOD, DOC, AWD and NED.

    In our words where the header is ours, for such a column is read in these; under a synonym the endpoint has its own.
    """
    spelled = spellings(columns_of("patients")[VITAL].words)
    said = {code: spelled.get(word_key(code), "") for code in codes if value_key(code) not in NOTHING_KNOWN}
    if not all(said.values()) or "dead" not in said.values():
        return None
    if name_key(header) == VITAL and any(word_key(code) != ours for code, ours in said.items()):
        return Readings(("dead",), ("alive",), (), False)
    dead, alive = (tuple(code for code, ours in said.items() if ours == one) for one in ("dead", "alive"))
    return Readings(dead, alive, (), False)


def _likely_unit(numbers: Sequence[float]) -> str:
    if max(numbers, default=0) > DAYS_BEYOND:
        return "days"
    if any(number % 1 for number in numbers):
        return "months" if max(numbers) > 25 else "years"
    return "days" if max(numbers, default=0) > 120 else "months"


def quoted(value: object) -> str:
    """A text or whole number as TOML has it."""
    return json.dumps(value, ensure_ascii=False)
