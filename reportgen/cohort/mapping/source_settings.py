"""The settings of a source: its `report` sheet, the report.toml beside it, the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from reportgen.base.errors import ERROR, Issue, UsageError
from reportgen.base.message import Message, message, sentences
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.column_reading import MISSING
from reportgen.cohort.endpoints.event_values import named_twice
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.received_settings import Received, in_file, inside
from reportgen.cohort.mapping.schema import SHEETS, TABLES, columns_of
from reportgen.cohort.mapping.status_words import with_status_words
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.source import beside
from reportgen.settings.model import Settings
from reportgen.settings.sources import load_settings
from reportgen.settings.sources.nearest_name import nearest


@dataclass(frozen=True)
class SettingsFiles:
    """own: of whoever makes the report, the given one or the report.toml beside the source; received: the
    report.toml that came with the data. Either may be None; what is own wins.
    """

    own: Path | None = None
    received: Received | None = None

    @property
    def inputs(self) -> list[dict[str, str]]:
        """As a manifest names them."""
        own = (
            [{"name": self.own.name, "sha256": sha256(self.own.read_bytes()).hexdigest()}] if self.own else []
        )
        return [
            *own,
            *([{"name": self.received.name, "sha256": self.received.sha256}] if self.received else []),
        ]


def settings_files(source: Path | str, config: Path | None = None, found: bool = False) -> SettingsFiles:
    """The settings files that count. With a given one no other is read.

    found: the source was found by a pattern in a folder that nobody named, so that what lies beside it was
    received with it.
    """
    if config is not None:
        return SettingsFiles(config)
    came, near = inside(source), beside(source)
    if near is None or not found:
        return SettingsFiles(near, came)
    return SettingsFiles(None, came or in_file(near, f"{near.parent.name}/{near.name}"))


def settings_before(
    source: Path | str, config: Path | None = None, overrides: Mapping | None = None, found: bool = False
) -> Settings:
    """The settings that are known before the source is read: all but those of its own `report` sheet."""
    return _loaded(settings_files(source, config, found), None, overrides)


def settings_for(
    book: RawWorkbook, source: Path | str, config: Path | None = None, overrides: Mapping | None = None,
    found: bool = False,
) -> Settings:  # fmt: skip
    """The settings of a source: command line over report.toml over the `report` sheet over defaults.

    A report.toml that came inside the source stands between the sheet and the one beside it. Endpoints that the
    source itself defines are kept where the settings define none of the same key.
    """
    settings = _loaded(settings_files(source, config, found), report_sheet(book), overrides)
    _check_vocabulary(settings)
    # A column has one name here, however the settings spell it: "Arm" is the feature arm.
    settings = replace(
        settings, group=name_key(settings.group) if settings.group else "",
        strata=tuple(map(name_key, settings.strata)),
        endpoint=tuple(replace(rule, strata=tuple(map(name_key, rule.strata))) for rule in settings.endpoint),
    )  # fmt: skip
    named = {rule.key for rule in settings.endpoint}
    own = tuple(rule for rule in book.endpoints if rule.key not in named)
    settings = replace(settings, endpoint=(*own, *settings.endpoint)) if own else settings
    settings = with_status_words(settings)
    if book.origin and settings.origin == Settings().origin:
        return replace(settings, origin=book.origin)
    return settings


def _loaded(files: SettingsFiles, sheet: Mapping | None, overrides: Mapping | None) -> Settings:
    came = (files.received.name, files.received.content) if files.received else None
    return load_settings(files.own, sheet, overrides, came)


def report_sheet(book: RawWorkbook) -> dict[str, object]:
    """The `report` sheet as key → value: text, whole numbers, dates."""
    found: dict[str, object] = {}
    for sheet in book.sheets:
        if _is_report(sheet) and len(sheet.header) >= 2:
            pairs = [] if name_key(sheet.header[0]) in ("key", "setting", "name") else [sheet.header[:2]]
            pairs += list(sheet.frame[[0, 1]].itertuples(index=False, name=None))
            for key, value in pairs:
                if key is not None and value is not None:
                    found[cells.text(key)[0]] = _setting(value)
    return found


def report_faults(book: RawWorkbook) -> Iterator[Issue]:
    """Settings in the `report` sheet that are errors or formulas without a value."""
    for sheet in book.sheets:
        if _is_report(sheet):
            for row, column in sheet.faults:
                if column < 2:
                    yield Issue(
                        ERROR,
                        "ERROR_CELL",
                        sheet.name,
                        f"{'AB'[column]}{row}",
                        None,
                        message("The setting is an error or a formula without a value"),
                        message("Enter it as plain text"),
                    )


def _is_report(sheet: RawSheet) -> bool:
    return sheet.table == "report" or (
        not sheet.table and name_key(sheet.name) in ("report", *SHEETS["report"])
    )


def _setting(value: object) -> object:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return cells.text(value)[0] if isinstance(value, str) else value


def _check_vocabulary(settings: Settings) -> None:
    """Tables, columns and values that the settings name must exist in the vocabulary."""
    problems = [_unknown_table(f"tables.{t}", t, SHEETS) for t in settings.tables if t not in SHEETS]
    for table, mapped in settings.columns.items():
        if table not in TABLES:
            problems.append(_unknown_table(f"columns.{table}", table, TABLES))
            continue
        known = columns_of(table)
        for name in mapped:
            stem, _, unit = name.rpartition("_")
            dated = unit in ("days", "months") and stem in known and known[stem].kind == "date"
            if name not in known and not dated:
                unknown = message("unknown column {name}", name=f"columns.{table}.{name}")
                problems.append(nearest(unknown, name, known))
    attributions = [*columns_of("toxicities")["attribution"].words]
    problems += [
        nearest(message("unknown attribution {name} in report.related", name=repr(word)), word, attributions)
        for word in settings.related
        if word not in attributions
    ]
    closed = {c.name: c for table in TABLES for c in columns_of(table).values() if c.words}
    for column, words in settings.values.items():
        for word in words if column in closed else ():
            if word != MISSING and word_key(word) not in map(word_key, closed[column].words):
                unknown = message("unknown value {name}", name=f"values.{column}.{word}")
                problems.append(nearest(unknown, word, closed[column].words))
    for rule in settings.endpoint:
        twice = ", ".join(str(value) for value in named_twice(rule))
        if twice:
            problems.append(
                message(
                    "the endpoint {key} names {values} in more than one list of values",
                    key=repr(rule.key),
                    values=twice,
                )  # fmt: skip
            )
    if problems:
        told = "In the settings: a table, column or value is not known."
        raise UsageError(message("In the settings: {what}", what=sentences(problems)), told)


def _unknown_table(where: str, table: str, known: Iterable[str]) -> Message:
    return nearest(message("unknown table {name}", name=where), table, known)
