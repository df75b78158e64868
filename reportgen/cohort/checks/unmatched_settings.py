"""Settings and lines of the dictionary that name what the source does not have: each is said, never passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reportgen.base.errors import ERROR, NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.endpoints.assessed import LAST_ASSESSMENT
from reportgen.cohort.endpoints.derived import DERIVED
from reportgen.cohort.mapping.dictionary import Dictionary
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.mapping.schema import LISTED, MARKED, TABLES, columns_of
from reportgen.settings.model import EndpointRule, Settings
from reportgen.settings.sources.nearest_name import correction

OF_TREATMENTS = frozenset(("ttnt", "pfs2"))
Headers = Mapping[str, Sequence[Header]]


def unmatched(settings: Settings, headers: Headers, patients: Sequence[str]) -> Iterator[Issue]:
    """MISSING_COLUMN and MISSING_SHEET of what stands in the settings.

    headers: table → its columns as understood; patients: the columns of the cleaned patients. Columns of the
    vocabulary may be absent from the source, where settings are shared by many sources.
    """
    theirs = {name_key(header.text): header.name for known in headers.values() for header in known}
    dates = [name for name, column in columns_of("patients").items() if column.kind == "date"]
    dates.append(LAST_ASSESSMENT)
    yield from _without_dates(settings, patients)
    if name_key(settings.origin) not in (*patients, *dates):
        yield _missing("[report] origin", settings.origin, (*patients, *dates), theirs)
    for rule in settings.endpoint:
        for where, name in _dates_of(rule):
            if name_key(name) not in (*patients, *dates):
                found = _missing(f"[[endpoint]] {rule.key}, {where}", name, (*patients, *dates), theirs)
                if rule.key in OF_TREATMENTS and "treatments" in headers:
                    found = replace(found, hint=message(
                        "{a} follows from the sheet treatments by itself; delete its lines from report.toml",
                        a=rule.key))  # fmt: skip
                yield found
    for name in settings.patients.columns:
        offered = (*LISTED, *patients, *columns_of("patients"), *_endpoints(settings))
        if name_key(name) not in offered and name_key(name) not in theirs:
            yield _missing("[patients] columns", name, offered, theirs)
    for name in settings.patients.marks:
        if ":" not in name and name_key(name) not in (*patients, *dates):
            yield _missing("[patients] marks", name, (*patients, *dates), theirs)
        elif ":" in name and name_key(name.partition(":")[0]) not in MARKED:
            yield _missing("[patients] marks", name, [f"{table}: …" for table in MARKED], theirs)
    known = {*theirs.values(), *(name for table in TABLES for name in columns_of(table))}
    known |= set(map(name_key, settings.source.toxicity_text))
    for name in settings.values:
        if name not in known:
            yield _missing(f"[values.{name}]", name, sorted(known), theirs)
    for table in settings.columns:
        if table not in headers and settings.columns[table]:
            yield Issue(ERROR, "MISSING_SHEET", None, None, None,
                        message("The settings name columns of {a}, but the source has no such table", a=table),
                        message("Name its sheet under [tables] in report.toml, or delete [columns.{a}]",
                                a=table))  # fmt: skip


def _endpoints(settings: Settings) -> tuple[str, ...]:
    return (*(one.rule.key for one in DERIVED), *(rule.key for rule in settings.endpoint if not rule.states))


def _dates_of(rule: EndpointRule) -> Iterator[tuple[str, str]]:
    """(key, column) of the dates that an endpoint is derived from; none of one with a given duration."""
    if rule.time:
        return
    for where, names in (("origin", (rule.origin,)), ("events", rule.events), ("competing", rule.competing),
                         ("censor", (rule.censor,)), ("states", rule.states)):  # fmt: skip
        yield from ((where, name) for name in names if name)


def _without_dates(settings: Settings, patients: Sequence[str]) -> Iterator[Issue]:
    """Columns of the vocabulary that are no dates where dates are asked for: what is made of them would be left out."""
    asked = [("[report] origin", settings.origin)]
    for rule in settings.endpoint:
        asked += [(f"[[endpoint]] {rule.key}, {where}", name) for where, name in _dates_of(rule)]
    asked += [("[patients] marks", name) for name in settings.patients.marks if ":" not in name]
    known = columns_of("patients")
    for where, name in asked:
        column = known.get(name_key(name)) if name_key(name) in patients else None
        if column is not None and column.kind != "date":
            yield Issue(ERROR, "MISSING_COLUMN", None, None, None,
                        message("The settings name in {a} the column {b}, which holds no dates", a=where, b=repr(name)),
                        message("Name a column of dates there in report.toml"))  # fmt: skip


def _missing(where: str, name: str, known: Sequence[str], theirs: Mapping[str, str]) -> Issue:
    """theirs: what the source calls its columns → their names here."""
    here = theirs.get(name_key(name), "")
    hint = (
        message("Correct it in report.toml to its name here: {a}", a=here)
        if here and here != name
        else correction(name_key(name), known)
    )
    return Issue(ERROR, "MISSING_COLUMN", None, None, None,
                 message("The settings name in {a} a column {b} that does not exist", a=where, b=repr(name)),
                 hint)  # fmt: skip


def unused_entries(dictionary: Dictionary, headers: Headers) -> Iterator[Issue]:
    """The lines of the dictionary that describe no column of any sheet."""
    written = {name_key(header.text) for known in headers.values() for header in known}
    for _, column in dictionary:
        if column not in written:
            yield Issue(NOTE, "DICTIONARY_UNUSED", "dictionary", None, None,
                        message("The dictionary describes {a}, which no sheet has", a=column),
                        message("Correct the name, or delete the line"))  # fmt: skip
