"""ADTTE: each of its parameters becomes an endpoint with a given duration; event is CNSR = 0."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportgen.base.errors import ERROR, Issue
from reportgen.base.message import Message, message
from reportgen.base.required import required
from reportgen.cohort.clean import cells, dates
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import EndpointRule

UNITS = {"day": "days", "d": "days", "week": "weeks", "month": "months", "mo": "months", "year": "years"}
IN_PARAMETER = re.compile(r"\s*[(\[]\s*(days?|weeks?|months?|years?)\s*[)\]]\s*$", re.IGNORECASE)
# What ended the time to an event of several kinds, where that is written in one of these ways.
TO_RELAPSE = ("TTP", "TTPROG", "TTREL")
TO_RELAPSE_OR_DEATH = ("PFS", "DFS", "RFS", "EFS")
RELAPSES = ("progression", "disease progression", "progressive disease", "documented progression", "pd", "relapse",
            "documented disease progression", "progression of disease", "recurrence", "disease recurrence",
            "disease relapse")  # fmt: skip
DEATHS = (
    "death",
    "died",
    "dead",
    "death from any cause",
    "death due to any cause",
    "death without progression",
)


@dataclass(frozen=True)
class Record:
    """One row of ADTTE: a subject's time to one event. places: variable → (row, position) in the sheet."""

    subject: str
    row: int
    values: Mapping[str, object]
    positions: Mapping[str, int]

    @property
    def censored(self) -> int | None:
        """CNSR: 0 where the event happened, more where it did not; None where it is neither."""
        value = cells.number(self.values["CNSR"])[0] if self.values.get("CNSR") is not None else None
        return int(value) if value is not None and value >= 0 and value.is_integer() else None


@dataclass(frozen=True)
class Parameter:
    """All records of one PARAMCD, the first of each subject."""

    code: str
    sheet: RawSheet
    records: Mapping[str, Record]

    @property
    def time(self) -> str:
        """What its endpoint's time is said to be."""
        return f"AVAL of {self.code} in {self.sheet.name}"

    @property
    def event(self) -> str:
        """What its endpoint's event is said to be."""
        return f"CNSR of {self.code} in {self.sheet.name}"

    def place(self, record: Record | None, variable: str) -> tuple[str, str]:
        """Where a value stands: in its record, or, without one, at the head of its column."""
        position = next(iter(self.records.values())).positions[variable]
        return self.sheet.cell(record.row if record else self.sheet.header_row, position)


def read_parameters(sheet: RawSheet) -> tuple[dict[str, Parameter], list[Issue]]:
    """PARAMCD → its records, in the order of the sheet; and every record that stands twice or has no valid CNSR."""
    positions = {text.upper(): place for place, text in enumerate(sheet.header)}
    found: dict[str, dict[str, Record]] = {}
    issues = []
    for row, given in zip(sheet.frame.index, sheet.frame.itertuples(index=False, name=None), strict=True):
        values = {name: given[place] for name, place in positions.items()}
        code, subject = _text(values["PARAMCD"]), _text(values["USUBJID"])
        record = Record(subject, int(row), values, positions)
        if subject in found.setdefault(code, {}):
            issues.append(_issue("DUPLICATE_ROW", sheet, record, "PARAMCD",
                                 message("The subject has more than one record of {a}", a=code),
                                 message("Keep one record per subject and parameter")))  # fmt: skip
        elif record.censored is None and values["CNSR"] is not None:
            issues.append(_issue("UNKNOWN_VALUE", sheet, record, "CNSR",
                                 message("CNSR is neither 0 (event) nor a whole number above it (censored)"),
                                 message("Correct it")))  # fmt: skip
        found[code].setdefault(subject, record)
    return {code: Parameter(code, sheet, records) for code, records in found.items() if code}, issues


def rule_of(parameter: Parameter) -> tuple[EndpointRule | None, list[Issue]]:
    """The endpoint of a parameter. Its unit is that of AVALU, or of PARAM, or days where the dates prove it."""
    records = parameter.records.values()
    written = {unit for record in records if (unit := _unit(record.values))}
    label = next((_text(record.values.get("PARAM")) for record in records), "") or parameter.code
    if len(written) == 1 and (unit := written.pop()) in UNITS.values():
        pass
    elif not written and _counts_days(records):
        unit = "days"
    else:
        keys = f'key = "{name_key(parameter.code)}", time = "{parameter.time}", unit = "days", '
        keys += f'event = "{parameter.event}", event_values = [0], censor_values = [1]'
        hint = message("Give AVALU, or [[endpoint]] in report.toml with {a}", a=keys)
        problem = message(
            "The unit of AVAL for {a} is not given, not known, or not the same in all records",
            a=parameter.code,
        )
        return None, [Issue(ERROR, "UNKNOWN_UNIT", *parameter.place(None, "AVAL"), None, problem, hint)]
    rule = EndpointRule(
        name_key(parameter.code), IN_PARAMETER.sub("", label), time=parameter.time, unit=unit,
        event=parameter.event, event_values=(0,), censor_values=_codes_above(records),
    )  # fmt: skip
    return rule, []


def _codes_above(records) -> tuple[int, ...]:
    """The codes of censoring that occur; 1 where there is none."""
    return tuple(sorted({code for record in records if (code := record.censored)})) or (1,)


def relapses(parameters: Mapping[str, Parameter]) -> tuple[Parameter, dict[str, Record]] | None:
    """The subjects' records that end with a relapse, from a parameter that says so beyond doubt; else None."""
    for code in (*TO_RELAPSE, *TO_RELAPSE_OR_DEATH):
        parameter = parameters.get(code)
        if parameter is None or not all("ADT" in record.values for record in parameter.records.values()):
            continue
        ended = {who: record for who, record in parameter.records.items() if record.censored == 0}
        if code in TO_RELAPSE:
            return parameter, ended
        why = {who: word_key(_text(record.values.get("EVNTDESC"))) for who, record in ended.items()}
        if all(words in (*RELAPSES, *DEATHS) for words in why.values()):
            return parameter, {who: record for who, record in ended.items() if why[who] in RELAPSES}
    return None


def _unit(values: Mapping[str, object]) -> str:
    written = _text(values.get("AVALU"))
    if not written:
        named = IN_PARAMETER.search(_text(values.get("PARAM")))
        written = named[1] if named else ""
    key = word_key(written)
    return UNITS.get(key, UNITS.get(key.rstrip("s"), key))


def _counts_days(records) -> bool:
    """Whether every AVAL is the number of days from STARTDT to ADT, with or without the first."""
    seen = False
    for record in records:
        start, end = (record.values.get(name) for name in ("STARTDT", "ADT"))
        days = [dates.day(cell)[0] if cell is not None else None for cell in (start, end)]
        aval = cells.number(record.values["AVAL"])[0] if record.values.get("AVAL") is not None else None
        if None in days or aval is None:
            continue
        seen = True
        if aval - (required(days[1]) - required(days[0])).days not in (0, 1):
            return False
    return seen


def orphans(parameters: Mapping[str, Parameter], known: set[str]) -> Iterator[Issue]:
    """Records of subjects who are not in ADSL."""
    for parameter in parameters.values():
        for subject, record in parameter.records.items():
            if subject not in known:
                yield _issue("ORPHAN_ROW", parameter.sheet, record, "USUBJID", message("The subject is not in ADSL"),
                             message("Add the subject, or delete the record"))  # fmt: skip


def _issue(
    code: str, sheet: RawSheet, record: Record, variable: str, problem: Message, hint: Message
) -> Issue:
    where = sheet.cell(record.row, record.positions[variable])
    return Issue(ERROR, code, *where, record.subject or None, problem, hint)


def _text(cell: object) -> str:
    return "" if cell is None else cells.text(cell)[0]
