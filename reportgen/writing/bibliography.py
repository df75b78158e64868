"""The methods that a report used as BibTeX, from the same references that it prints."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from reportgen.writing.references import used
from reportgen.writing.titles import OTHERS, TITLES

# One ends with its year or its pages: an initial and a full stop end only the authors.
ONE = re.compile(r"(?<=\d)\.\s+(?=[A-Z])")
ARTICLE = re.compile(
    r"(?P<author>.+?)\. (?P<journal>[^.]+?) (?P<year>\d{4});(?P<volume>[^:]+):(?P<pages>[\w–-]+)\.?"
)
INITIALS = re.compile(r"[A-Z]{1,3}")


def references_bib(methods: Iterable[str]) -> str:
    """An entry for each reference of the methods named in these, once, in their order; a note says for what.

    Titles, and whatever is no article, are those of titles.py; a test asks for every reference that the methods have.
    """
    entries: dict[str, str] = {}
    for what, where in used(methods):
        for reference in ONE.split(where):
            key, entry = _entry(reference.strip(), what)
            entries.setdefault(key, entry)
    return "\n".join(entries.values())


def _entry(reference: str, what: str) -> tuple[str, str]:
    found = ARTICLE.fullmatch(reference)
    year = re.search(r"\b(?:1[89]|20)\d\d\b", reference)
    name = re.match(r"[^\W\d_]+", reference)
    plain = unicodedata.normalize("NFKD", name[0] if name else "reference").encode("ascii", "ignore").decode()
    key = f"{plain.lower()}{year[0] if year else ''}"
    if not found:
        kind, fields = OTHERS[key]
        return key, _written(kind, key, {**fields, "note": what})
    authors = " and ".join(_author(one) for one in found["author"].split(", "))
    pages = found["pages"].replace("–", "--")
    key = f"{key}{pages.partition('-')[0]}"
    fields = {"author": authors, "title": f"{{{TITLES[key]}}}", "journal": found["journal"], "year": found["year"],
              "volume": found["volume"], "pages": pages, "note": what}  # fmt: skip
    return key, _written("article", key, fields)


def _author(name: str) -> str:
    """
    >>> _author("Kaplan EL"), _author("et al")
    ('Kaplan, E. L.', 'others')
    """
    family, _space, given = name.rpartition(" ")
    if name.startswith("et al"):
        return "others"
    if not family or not INITIALS.fullmatch(given):
        return f"{{{name}}}"
    return f"{family}, {' '.join(f'{letter}.' for letter in given)}"


def _written(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [
        f"  {name} = {{{_tex(value) if name != 'author' else value}}}," for name, value in fields.items()
    ]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_])", r"\\\1", text)
