"""Where settings come from: the command line, report.toml, the workbook's `report` sheet.

Every source is brought into one shape, {section: {key: value}}, checked against the fields of Settings, and
laid over the one it wins over. All problems of a source are said at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

from reportgen.base.errors import UNSAID, MachineFailed, UsageError, reason
from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import message, sentences
from reportgen.settings.brand_files import brand_files
from reportgen.settings.model import (
    Adam,
    Branding,
    Features,
    History,
    Notify,
    Patients,
    Privacy,
    Settings,
    Source,
)
from reportgen.settings.sources.nearest_name import nearest
from reportgen.settings.sources.section_values import checked, endpoints, mapping, no_section
from reportgen.settings.sources.trust import check_received
from reportgen.settings.values import outside_domain

SECTIONS = {"adam": Adam, "features": Features, "gates": GateLimits, "privacy": Privacy, "source": Source,
            "branding": Branding, "history": History, "notify": Notify, "patients": Patients}  # fmt: skip
FREE_SECTIONS = ("tables", "columns", "values")
READ = ("brand_files",)  # not set, but read from files that are
REPORT_KEYS = tuple(
    f.name for f in fields(Settings) if f.name not in (*SECTIONS, *FREE_SECTIONS, *READ, "endpoint")
)  # fmt: skip
SHEET, COMMAND_LINE = message("the report sheet"), message("the command line")
SHORT = {"profile": "privacy.profile"}


def load_settings(
    config: Path | None = None,
    report_sheet: Mapping | None = None,
    overrides: Mapping | None = None,
    received: tuple[str, bytes] | None = None,
) -> Settings:
    """One Settings from report.toml, the `report` sheet (key → cell) and the command line (key → value).

    received: name and content of the report.toml that came with the data: it wins over the sheet alone, and
    like the sheet may not say what settings_sources.trust keeps for whoever makes the report.

    In `report_sheet` and `overrides` keys are those of [report]; keys of other sections are written with
    their section ("gates.model"); lists may be comma separated text, and dates text. An override of None
    counts as not given. Raises UsageError naming every unknown key with its nearest known one, and every
    wrong type with key, found and expected.
    """
    sheet = _from_sheet(report_sheet or {})
    settings = Settings()
    check_received(sheet, SHEET, settings.privacy.profile)
    settings = _lay_over(settings, sheet, SHEET, text=True)
    if received is not None:
        name, content = received
        came = _parsed(name, content)
        check_received(came, name, settings.privacy.profile)
        settings = _lay_over(settings, came, name, text=False, sent=True)
    if config is not None:
        settings = _lay_over(settings, _from_toml(Path(config)), Path(config).name, text=False)
    given = {SHORT.get(key, key): value for key, value in (overrides or {}).items() if value is not None}
    settings = _lay_over(settings, _nested(given), COMMAND_LINE, text=True)
    problem = outside_domain(settings.landmarks, settings.time_unit)
    if problem:
        raise UsageError(sentences([problem]), UNSAID)
    if config is None and (settings.branding.logo or settings.branding.templates):
        raise UsageError(message("branding.logo and branding.templates can only be set in report.toml."))
    if config is None:
        return settings
    return replace(settings, brand_files=brand_files(settings.branding, Path(config).parent))


def settings_of_text(name: str, text: str, report_sheet: Mapping | None = None) -> Settings:
    """The settings that the text of a report.toml makes, over those of the `report` sheet."""
    settings = _lay_over(Settings(), _from_sheet(report_sheet or {}), SHEET, text=True)
    return _lay_over(settings, _parsed(name, text.encode("utf-8")), name, text=False)


def load_notify(config: Path | None, overrides: Mapping | None = None) -> Notify:
    """[notify] of report.toml by itself: it must be known, too, where the other settings are wrong.

    overrides: as in `load_settings`; the manifest of a batch may say whom to tell.
    """
    settings = Settings()
    if config is not None:
        given = _from_toml(Path(config)).get("notify", {})
        settings = _lay_over(settings, {"notify": given}, Path(config).name, text=False)
    told = {key: value for key, value in (overrides or {}).items() if key.startswith("notify.")}
    return _lay_over(settings, _nested(told), COMMAND_LINE, text=True).notify


def _from_toml(path: Path) -> dict:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(
            message("There is no settings file {name}; check --config.", name=repr(path.name))
        ) from error
    except OSError as error:
        raise MachineFailed(
            message("{name} can't be read: {why}.", name=repr(path.name), why=reason(error))
        ) from error
    return _parsed(path.name, content)


def _parsed(name: str, content: bytes) -> dict:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(message("{name} is not written in UTF-8; save it as UTF-8.", name=name)) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(message("{name} is not valid TOML: {why}.", name=name, why=str(error))) from error


def _from_sheet(cells: Mapping) -> dict:
    return _nested({str(key).strip(): value for key, value in cells.items() if value not in (None, "")})


def _nested(flat: Mapping) -> dict:
    """{"title": …, "gates.model": …} → {"report": {"title": …}, "gates": {"model": …}}."""
    nested: dict = {}
    for key, value in flat.items():
        path = str(key).split(".")
        if len(path) == 1:
            path = ["report", *path]
        place = nested
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    return nested


# Sections that name what stands in the source.
OF_DATA = ("source", "endpoint", *FREE_SECTIONS)
OF_SHEETS = ("ignore", "stack", "stack_ids")


def _with_ignored(given: dict) -> dict:
    """[tables] ignore and stack name no table, but sheets that are none, or one together: settings of [source]."""
    tables = given.get("tables")
    if (
        not isinstance(tables, Mapping)
        or not {*OF_SHEETS} & {*tables}
        or not isinstance(given.get("source", {}), Mapping)
    ):
        return given
    rest = {key: value for key, value in tables.items() if key not in OF_SHEETS}
    own = {key: tables[key] for key in OF_SHEETS if key in tables}
    return {**given, "tables": rest, "source": {**given.get("source", {}), **own}}


def _lay_over(settings: Settings, given: dict, source: str, text: bool, sent: bool = False) -> Settings:
    """sent: whether the settings came with the data, as do those of the `report` sheet."""
    problems: list[str] = []
    changes: dict = {}
    given = _with_ignored(given)
    of_data = 0
    for section, content in given.items():
        before = len(problems)
        if section == "endpoint":
            changes["endpoint"] = endpoints(settings.endpoint, content, problems)
        elif section not in ("report", *SECTIONS, *FREE_SECTIONS):
            known = ("report", *FREE_SECTIONS, "endpoint", *SECTIONS)
            problem = message("unknown section {name}", name=repr(section))
            if section in REPORT_KEYS:
                problems.append(message("{problem}; it belongs under [report]", problem=problem))
            else:
                problems.append(nearest(problem, section, known))
        elif not isinstance(content, Mapping):
            problems.append(no_section(section, content))
        elif section == "report":
            changes |= checked("report", content, Settings, REPORT_KEYS, text, problems)
        elif section in SECTIONS:
            kind = SECTIONS[section]
            names = [part.name for part in fields(kind)]
            part = checked(section, content, kind, names, text, problems)
            changes[section] = replace(getattr(settings, section), **part)
        else:
            mapped = mapping(section, content, text, problems)
            changes[section] = _merged(getattr(settings, section), mapped)
        of_data += (len(problems) - before) * (section in OF_DATA)
    if problems:
        # What stands in a source is not told on, even where it was meant to be a setting; nor how its sheets, columns
        # and words are called, in whatever settings: sheets may be called as patients are.
        told = f"In {source}: a setting is not understood." if source == SHEET or sent or of_data else ""
        raise UsageError(message("In {source}: {what}", source=source, what=sentences(problems)), told)
    return replace(settings, **changes)


def _merged(old: Mapping, new: Mapping) -> dict:
    merged = dict(old)
    for key, value in new.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = {**merged[key], **value} if both else value
    return merged
