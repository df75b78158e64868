"""Where settings come from: the command line, report.toml, the workbook's `report` sheet.

Every source is brought into one shape, {section: {key: value}}, checked against the fields of Settings, and
laid over the one it wins over. All problems of a source are said at once.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import date
from pathlib import Path

from reportgen.base.errors import UNSAID, MachineFailed, UsageError
from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import Message, message
from reportgen.settings.brand_files import brand_files
from reportgen.settings.model import (
    Adam,
    Branding,
    EndpointRule,
    Features,
    History,
    Notify,
    Patients,
    Privacy,
    Settings,
    Source,
)
from reportgen.settings.sources.trust import check_received
from reportgen.settings.values import VALUES, as_list, as_type, check_value, name_of, outside_domain

SECTIONS = {"adam": Adam, "features": Features, "gates": GateLimits, "privacy": Privacy, "source": Source,
            "branding": Branding, "history": History, "notify": Notify, "patients": Patients}  # fmt: skip
# A word of Python that is a better name for a setting than for a field.
WRITTEN_AS = {"notify": {"from": "sender"}}
FREE_SECTIONS = ("tables", "columns", "values")
READ = ("brand_files",)  # not set, but read from files that are
REPORT_KEYS = tuple(
    f.name for f in fields(Settings) if f.name not in (*SECTIONS, *FREE_SECTIONS, *READ, "endpoint")
)  # fmt: skip
SHEET = "the report sheet"
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
    settings = _lay_over(settings, _nested(given), "the command line", text=True)
    problem = outside_domain(settings.landmarks, settings.time_unit)
    if problem:
        raise UsageError(f"{problem}.", UNSAID)
    if config is None and (settings.branding.logo or settings.branding.templates):
        raise UsageError("branding.logo and branding.templates can only be set in report.toml.")
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
    return _lay_over(settings, _nested(told), "the command line", text=True).notify


def nearest(word: str, known) -> str:
    """ "; did you mean 'x'?" or, where nothing is near, the known words.

    >>> nearest("tite", ["title", "treatment"])
    "; did you mean 'title'?"
    """
    known = [str(k) for k in known]
    match = _nearest(word, known)
    return f"; did you mean {match[0]!r}?" if match else f"; known are {', '.join(known)}."


def correction(word: str, known: Iterable[str]) -> Message:
    """What to do about a name that the source does not know.

    >>> str(correction("tite", ["title", "treatment"]))
    "Correct it in report.toml; did you mean 'title'?"
    """
    names = [str(k) for k in known]
    match = _nearest(word, names)
    if match:
        return message("Correct it in report.toml; did you mean {a}?", a=repr(match[0]))
    return message("Correct it in report.toml; known are {a}", a=", ".join(names))


def _nearest(word: str, known: list[str]) -> list[str]:
    return difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)


def _from_toml(path: Path) -> dict:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"There is no settings file {path.name!r}; check --config.") from error
    except OSError as error:
        raise MachineFailed(f"{path.name!r} can't be read: {error.strerror}.") from error
    return _parsed(path.name, content)


def _parsed(name: str, content: bytes) -> dict:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not written in UTF-8; save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is not valid TOML: {error}.") from error


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
    for section, content in given.items():
        if section == "endpoint":
            changes["endpoint"] = _endpoints(settings.endpoint, content, problems)
        elif section not in ("report", *SECTIONS, *FREE_SECTIONS):
            known = ("report", *FREE_SECTIONS, "endpoint", *SECTIONS)
            hint = "; it belongs under [report]." if section in REPORT_KEYS else nearest(section, known)
            problems.append(f"unknown section {section!r}{hint}")
        elif not isinstance(content, Mapping):
            problems.append(f"{section} is {name_of(content)}, expected a section [{section}]")
        elif section == "report":
            changes |= _checked("report", content, Settings, REPORT_KEYS, text, problems)
        elif section in SECTIONS:
            kind = SECTIONS[section]
            names = [part.name for part in fields(kind)]
            part = _checked(section, content, kind, names, text, problems)
            changes[section] = replace(getattr(settings, section), **part)
        else:
            mapped = _mapping(section, content, text, problems)
            changes[section] = _merged(getattr(settings, section), mapped)
    if problems:
        # What stands in a source is not told on, even where it was meant to be a setting.
        told = f"In {source}: a setting is not understood." if source == SHEET or sent else ""
        raise UsageError(
            f"In {source}: " + "\n  ".join(p if p[-1] in ".?" else f"{p}." for p in problems), told
        )
    return replace(settings, **changes)


def _checked(section: str, content: Mapping, kind: type, names, text: bool, problems: list) -> dict:
    """The values of one section, each of the type of its field's default."""
    defaults = {part.name: part.default for part in fields(kind)}
    found = {}
    for key, value in content.items():
        key = WRITTEN_AS.get(section, {}).get(key) or key
        if key not in names:
            problems.append(f"unknown key {section}.{key}{nearest(key, names)}")
            continue
        default = "" if defaults[key] is MISSING else defaults[key]
        where = f"{section}.{key}"
        try:
            found[key] = as_type(where, value, default, text)
            check_value(where, found[key])
        except TypeError as error:
            problems.append(f"{where} is {name_of(value)}, expected {error}")
        except ValueError as error:
            found_as = value.isoformat() if isinstance(value, date) else repr(value)
            problems.append(f"{where} is {found_as}, expected {error}")
    return found


def _endpoints(before: tuple, content, problems: list) -> tuple[EndpointRule, ...]:
    if not isinstance(content, list):
        problems.append("endpoint is no list, expected sections [[endpoint]] in report.toml")
        return before
    names = [part.name for part in fields(EndpointRule)]
    rules = {rule.key: rule for rule in before}
    for entry in content:
        if not isinstance(entry, Mapping):
            problems.append(f"endpoint is {name_of(entry)}, expected sections [[endpoint]] in report.toml")
            continue
        part = _checked("endpoint", entry, EndpointRule, names, False, problems)
        if not part.get("key"):
            problems.append("an [[endpoint]] has no key, expected a text such as key = \"os\"")  # fmt: skip
        elif part.get("time") and not part.get("event"):
            problems.append(f"the endpoint {part['key']!r} has a time, expected also its event column")
        elif not part.get("time") and (lone := [name for name in ("event", *VALUES) if name in part]):
            problems.append(
                f"the endpoint {part['key']!r} has {' and '.join(lone)}, expected also its time column"
            )
        elif part.get("states") and (lone := sorted({*part} - {"key", "label", "states"})):
            problems.append(f"the endpoint {part['key']!r} has states, expected no {' and no '.join(lone)}")
        else:
            rules[part["key"]] = EndpointRule(**part)
    return tuple(rules.values())


def _mapping(section: str, content: Mapping, text: bool, problems: list) -> dict:
    """[tables] key → text; [columns.x] key → text; [values.x] key → list."""
    found: dict = {}
    for key, value in content.items():
        where = f"{section}.{key}"
        if section == "tables":
            if isinstance(value, str):
                found[key] = value
            else:
                problems.append(f"{where} is {name_of(value)}, expected text")
        elif not isinstance(value, Mapping):
            problems.append(f"{where} is {name_of(value)}, expected a section [{where}]")
        elif section == "columns":
            found[key] = {k: v for k, v in value.items() if isinstance(v, str)}
            wrong = {k: v for k, v in value.items() if k not in found[key]}
            problems.extend(f"{where}.{k} is {name_of(v)}, expected text" for k, v in wrong.items())
        else:
            found[key] = {k: as_list(v, object, True) if text else _values(v) for k, v in value.items()}
    return found


def _values(value) -> tuple:
    return tuple(value) if isinstance(value, list) else (value,)


def _merged(old: Mapping, new: Mapping) -> dict:
    merged = dict(old)
    for key, value in new.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = {**merged[key], **value} if both else value
    return merged
