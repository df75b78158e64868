"""Where settings come from: the command line, report.toml, the workbook's `report` sheet.

Every source is brought into one shape, {section: {key: value}}, checked against the fields of Settings, and
laid over the one it wins over. All problems of a source are said at once.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from datetime import date, datetime
from pathlib import Path

from reportgen.errors import MachineFailed, UsageError
from reportgen.settings import EndpointRule, Features, GateLimits, Privacy, Settings

SECTIONS = {"features": Features, "gates": GateLimits, "privacy": Privacy}
FREE_SECTIONS = ("tables", "columns", "values")
REPORT_KEYS = tuple(
    f.name for f in fields(Settings) if f.name not in (*SECTIONS, *FREE_SECTIONS, "endpoint")
)  # fmt: skip
ALLOWED = {
    "report.time_unit": ("days", "weeks", "months", "years"),
    "report.language": ("en", "de"),
    "privacy.profile": ("internal", "board", "external"),
    "endpoint.unit": ("days", "weeks", "months", "years"),
}
ELEMENTS = {"report.landmarks": float, "endpoint.event_values": object, "endpoint.competing_values": object}
SHORT = {"profile": "privacy.profile"}
FALSE, TRUE = ("false", "no", "0"), ("true", "yes", "1")


def load_settings(
    config: Path | None = None, report_sheet: Mapping | None = None, overrides: Mapping | None = None
) -> Settings:
    """One Settings from report.toml, the `report` sheet (key → cell) and the command line (key → value).

    In `report_sheet` and `overrides` keys are those of [report]; keys of other sections are written with
    their section ("gates.model"); lists may be comma separated text, and dates text. An override of None
    counts as not given. Raises UsageError naming every unknown key with its nearest known one, and every
    wrong type with key, found and expected.
    """
    settings = _lay_over(Settings(), _from_sheet(report_sheet or {}), "the report sheet", text=True)
    if config is not None:
        settings = _lay_over(settings, _from_toml(Path(config)), Path(config).name, text=False)
    given = {SHORT.get(key, key): value for key, value in (overrides or {}).items() if value is not None}
    return _lay_over(settings, _nested(given), "the command line", text=True)


def nearest(word: str, known) -> str:
    """ "; did you mean 'x'?" or, where nothing is near, the known words.

    >>> nearest("tite", ["title", "treatment"])
    "; did you mean 'title'?"
    """
    known = [str(k) for k in known]
    match = difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)
    return f"; did you mean {match[0]!r}?" if match else f"; known are {', '.join(known)}."


def _from_toml(path: Path) -> dict:
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"There is no settings file {path.name!r}; check --config.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not written in UTF-8; save it as UTF-8.") from error
    except OSError as error:
        raise MachineFailed(f"{path.name!r} can't be read: {error.strerror}.") from error
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name} is not valid TOML: {error}.") from error


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


def _lay_over(settings: Settings, given: dict, source: str, text: bool) -> Settings:
    problems: list[str] = []
    changes: dict = {}
    for section, content in given.items():
        if section == "endpoint":
            changes["endpoint"] = _endpoints(settings.endpoint, content, problems)
        elif section not in ("report", *SECTIONS, *FREE_SECTIONS):
            known = ("report", *FREE_SECTIONS, "endpoint", *SECTIONS)
            hint = "; it belongs under [report]." if section in REPORT_KEYS else nearest(section, known)
            problems.append(f"unknown section {section!r}{hint}")
        elif not isinstance(content, Mapping):
            problems.append(f"{section} is {_name(content)}, expected a section [{section}]")
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
        raise UsageError(f"In {source}: " + "\n  ".join(p if p[-1] in ".?" else f"{p}." for p in problems))
    return replace(settings, **changes)


def _checked(section: str, content: Mapping, kind: type, names, text: bool, problems: list) -> dict:
    """The values of one section, each of the type of its field's default."""
    defaults = {part.name: part.default for part in fields(kind)}
    found = {}
    for key, value in content.items():
        if key not in names:
            problems.append(f"unknown key {section}.{key}{nearest(key, names)}")
            continue
        default = "" if defaults[key] is MISSING else defaults[key]
        where = f"{section}.{key}"
        try:
            found[key] = _as_type(where, value, default, text)
            _check_value(where, found[key])
        except TypeError as error:
            problems.append(f"{where} is {_name(value)}, expected {error}")
        except ValueError as error:
            problems.append(f"{where} is {value!r}, expected {error}")
    return found


def _as_type(where: str, value, default, text: bool):
    if where == "report.cutoff":
        return _date(value)
    if isinstance(default, bool):
        word = str(value).strip().casefold()
        if text and word in TRUE + FALSE:
            return word in TRUE
        return _instance(value, bool, "true or false")
    if isinstance(default, tuple):
        return _list(value, ELEMENTS.get(where, str), text)
    if isinstance(default, int):
        if text and isinstance(value, (str, float)):
            value = _number(value)
        return _instance(value, int, "a whole number")
    if text and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:g}"
    return _instance(value, str, "text")


def _instance(value, kind: type, expected: str):
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(expected)
    return value.strip() if kind is str else value


def _number(value):
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def _list(value, element: type, text: bool) -> tuple:
    if text and not isinstance(value, (list, tuple)):
        value = [part.strip() for part in value.split(",")] if isinstance(value, str) else [value]
        value = [part for part in value if part != ""]
    if not isinstance(value, (list, tuple)):
        raise TypeError("a list")
    if element is float:
        value = [_number(part) if text and isinstance(part, str) else part for part in value]
        if not all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in value):
            raise TypeError("a list of numbers")
    elif element is str and not all(isinstance(part, str) for part in value):
        if not text:
            raise TypeError("a list of texts")
        value = [f"{part:g}" if isinstance(part, float) else str(part) for part in value]
    return tuple(value)


def _date(value) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise TypeError("a date such as 2018-06-30")
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("a date such as 2018-06-30") from None


def _check_value(where: str, value) -> None:
    allowed = ALLOWED.get(where)
    if allowed and value not in allowed:
        raise ValueError(f"one of {', '.join(allowed)}")
    if where == "report.landmarks" and not all(0 < number < float("inf") for number in value):
        raise ValueError("times above 0")
    if isinstance(value, int) and not isinstance(value, bool) and value < 0:
        raise ValueError("a number of at least 0")


def _endpoints(before: tuple, content, problems: list) -> tuple[EndpointRule, ...]:
    if not isinstance(content, list):
        problems.append("endpoint is no list, expected sections [[endpoint]] in report.toml")
        return before
    names = [part.name for part in fields(EndpointRule)]
    rules = {rule.key: rule for rule in before}
    for entry in content:
        if not isinstance(entry, Mapping):
            problems.append(f"endpoint is {_name(entry)}, expected sections [[endpoint]] in report.toml")
            continue
        part = _checked("endpoint", entry, EndpointRule, names, False, problems)
        if not part.get("key"):
            problems.append("an [[endpoint]] has no key, expected a text such as key = \"os\"")  # fmt: skip
        elif part.get("time") and not part.get("event"):
            problems.append(f"the endpoint {part['key']!r} has a time, expected also its event column")
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
                problems.append(f"{where} is {_name(value)}, expected text")
        elif not isinstance(value, Mapping):
            problems.append(f"{where} is {_name(value)}, expected a section [{where}]")
        elif section == "columns":
            found[key] = {k: v for k, v in value.items() if isinstance(v, str)}
            wrong = {k: v for k, v in value.items() if k not in found[key]}
            problems.extend(f"{where}.{k} is {_name(v)}, expected text" for k, v in wrong.items())
        else:
            found[key] = {k: _list(v, object, True) if text else _values(v) for k, v in value.items()}
    return found


def _values(value) -> tuple:
    return tuple(value) if isinstance(value, list) else (value,)


def _merged(old: Mapping, new: Mapping) -> dict:
    merged = dict(old)
    for key, value in new.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = {**merged[key], **value} if both else value
    return merged


def _name(value) -> str:
    kinds = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list",
             dict: "a section", date: "a date", datetime: "a date"}  # fmt: skip
    word = kinds.get(type(value), type(value).__name__)
    return f"{value!r} ({word})" if isinstance(value, (bool, int, float, str)) else word
