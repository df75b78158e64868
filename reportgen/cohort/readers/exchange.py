"""FHIR and ODM: named and refused, for what a report needs can't be had from them unguessed (docs/exchange.md)."""

from __future__ import annotations

import re

from reportgen.base.errors import Issue
from reportgen.base.message import message
from reportgen.cohort.raw import RawSheet
from reportgen.cohort.readers.archive import refuse
from reportgen.settings.model import Settings

START = 4096
KINDS = (
    ("FHIR", re.compile(rb'\A\s*\{[^{}\[\]]{0,3000}?"resourceType"\s*:\s*"[A-Z]')),
    ("FHIR", re.compile(rb'\A[^<]{0,8}(?:<\?xml[^>]*>\s*)?<[A-Z]\w+\s[^>]*xmlns="http://hl7\.org/fhir"')),
    (
        "ODM",
        re.compile(rb"\A[^<]{0,8}(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:\w+:)?ODM\s", re.DOTALL),
    ),
)


def recognises(name: str, data: bytes) -> bool:
    """Whether it begins as a resource of FHIR, in JSON, lines of JSON or XML, or as ODM-XML."""
    return bool(_kind(data))


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """Nothing: raises DataRefused with NOT_A_TABLE."""
    kind = _kind(data)
    raise refuse("NOT_A_TABLE", message("{a} is {kind}, in which nobody can see what is complete", a=name, kind=kind),
                 message("Flatten it, where its conventions are known, to a table of patients as CSV or Parquet: "
                         "docs/exchange.md says which element is which column"))  # fmt: skip


def _kind(data: bytes) -> str:
    start = data[:START].removeprefix(b"\xef\xbb\xbf")
    return next((kind for kind, begins in KINDS if begins.match(start)), "")
