"""JSON Schema of Python types: what a field may hold, as its annotation says."""

from __future__ import annotations

import types
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Union, get_args, get_origin, get_type_hints

SIMPLE: dict[Any, dict] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
    Any: {},
    object: {},
    dict: {"type": "object"},
    tuple: {"type": "array"},
    list: {"type": "array"},
}
TEXT, WHOLE, NUMBER, TRUTH, ANY = SIMPLE[str], SIMPLE[int], SIMPLE[float], SIMPLE[bool], {}
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
MOMENT = {"type": "string", "format": "date-time"}


def of(annotation: Any) -> dict:
    """The schema of an annotation.

    >>> of(float | None)
    {'type': ['number', 'null']}
    >>> of(tuple[str, ...])
    {'type': 'array', 'items': {'type': 'string'}}
    """
    if annotation in SIMPLE:
        return dict(SIMPLE[annotation])
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        parts = [of(part) for part in inner]
        if all(set(part) == {"type"} for part in parts):
            return {"type": [part["type"] for part in parts]}
        return {"anyOf": parts}
    if origin in (tuple, list):
        return array(of(inner[0]))
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": of(inner[1])}
    if isinstance(annotation, type) and issubclass(annotation, str):
        return {"type": "string"}  # a Message, or a word of an enumeration
    raise TypeError(f"no schema is known for {annotation!r}")


def of_fields(kind: type, without: Collection[str] = (), **known: Any) -> dict[str, dict]:
    """Field → schema, of a dataclass. known: names in its annotations that its module imports for types alone."""
    hints = get_type_hints(kind, localns=known)
    return {part.name: of(hints[part.name]) for part in fields(kind) if part.name not in without}


def closed(properties: Mapping[str, dict], optional: Collection[str] = (), description: str = "") -> dict:
    """An object with these keys and no others; all are there but the optional ones."""
    told = {"description": description} if description else {}
    required = [name for name in properties if name not in optional]
    return {**told, "type": "object", "properties": dict(properties), "required": required,
            "additionalProperties": False}  # fmt: skip


def array(items: Mapping[str, Any]) -> dict:
    """A list of any length of such items."""
    return {"type": "array", "items": dict(items)}


def or_null(kind: Mapping[str, Any]) -> dict:
    """Such a value, or null."""
    return {"anyOf": [dict(kind), {"type": "null"}]}


def one_of(*words: str) -> dict:
    """One of these words."""
    return {"enum": list(words)}
