"""The values of a source of settings, section by section: each of its field's type, or what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date

from reportgen.base.message import Message, message
from reportgen.settings.model import EndpointRule
from reportgen.settings.sources.nearest_name import nearest
from reportgen.settings.values import VALUES, as_list, as_type, check_value, name_of

# A word of Python that is a better name for a setting than for a field.
WRITTEN_AS = {"notify": {"from": "sender"}}


def checked(section: str, content: Mapping, kind: type, names, text: bool, problems: list) -> dict:
    """The values of one section, each of the type of its field's default."""
    defaults = {part.name: part.default for part in fields(kind)}
    found = {}
    for key, value in content.items():
        key = WRITTEN_AS.get(section, {}).get(key) or key
        if key not in names:
            problems.append(nearest(message("unknown key {name}", name=f"{section}.{key}"), key, names))
            continue
        default = "" if defaults[key] is MISSING else defaults[key]
        where = f"{section}.{key}"
        try:
            found[key] = as_type(where, value, default, text)
            check_value(where, found[key])
        except TypeError as error:
            problems.append(_expected(where, name_of(value), error.args[0]))
        except ValueError as error:
            found_as = value.isoformat() if isinstance(value, date) else repr(value)
            problems.append(_expected(where, found_as, error.args[0]))
    return found


def _expected(where: str, found: str, expected: str) -> Message:
    return message("{where} is {found}, expected {expected}", where=where, found=found, expected=expected)


def no_section(where: str, value) -> Message:
    """What is wrong where a section was expected."""
    return _expected(where, name_of(value), message("a section [{name}]", name=where))


def endpoints(before: tuple, content, problems: list) -> tuple[EndpointRule, ...]:
    """The rules of [[endpoint]] sections, over those before; problems: what is wrong with them is added."""
    sections = message("sections [[endpoint]] in report.toml")
    if not isinstance(content, list):
        problems.append(_expected("endpoint", name_of(content), sections))
        return before
    names = [part.name for part in fields(EndpointRule)]
    rules = {rule.key: rule for rule in before}
    for entry in content:
        if not isinstance(entry, Mapping):
            problems.append(_expected("endpoint", name_of(entry), sections))
            continue
        part = checked("endpoint", entry, EndpointRule, names, False, problems)
        if not part.get("key"):
            problems.append(message('an [[endpoint]] has no key, expected a text such as key = "os"'))
        elif part.get("time") and not part.get("event"):
            problems.append(
                message(
                    "the endpoint {key} has a time, expected also its event column", key=repr(part["key"])
                )
            )
        elif not part.get("time") and (lone := [name for name in ("event", *VALUES) if name in part]):
            problems.append(
                message(
                    "the endpoint {key} has {names}, expected also its time column",
                    key=repr(part["key"]),
                    names=", ".join(lone),
                )  # fmt: skip
            )
        elif part.get("states") and (lone := sorted({*part} - {"key", "label", "states"})):
            problems.append(
                message(
                    "the endpoint {key} has states, expected none of {names}",
                    key=repr(part["key"]),
                    names=", ".join(lone),
                )  # fmt: skip
            )
        else:
            rules[part["key"]] = EndpointRule(**part)
    return tuple(rules.values())


def mapping(section: str, content: Mapping, text: bool, problems: list) -> dict:
    """[tables] key → text; [columns.x] key → text; [values.x] key → list."""
    found: dict = {}
    for key, value in content.items():
        where = f"{section}.{key}"
        if section == "tables":
            if isinstance(value, str):
                found[key] = value
            else:
                problems.append(_expected(where, name_of(value), message("text")))
        elif not isinstance(value, Mapping):
            problems.append(no_section(where, value))
        elif section == "columns":
            found[key] = {k: v for k, v in value.items() if isinstance(v, str)}
            wrong = {k: v for k, v in value.items() if k not in found[key]}
            problems.extend(_expected(f"{where}.{k}", name_of(v), message("text")) for k, v in wrong.items())
        else:
            found[key] = {k: as_list(v, object, True) if text else _values(v) for k, v in value.items()}
    return found


def _values(value) -> tuple:
    return tuple(value) if isinstance(value, list) else (value,)
