"""References for a reference manager: every one of them whole, with its title."""

from __future__ import annotations

import re

from reportgen.base.message import message
from reportgen.writing.bibliography import ONE, references_bib
from reportgen.writing.references import METHODS
from reportgen.writing.titles import TITLES


def test_every_reference_is_one_entry_with_its_title():
    parts = [part for _known, _what, where in METHODS for part in ONE.split(where)]
    assert [part for part in parts if not re.search(r"\d", part)] == []
    every = [message("", code) for known, _what, _where in METHODS for code in known.split()]
    text = references_bib(every)
    entries = dict(re.findall(r"^@article\{(\w+),\n(.+?)^\}", text, re.M | re.S))
    assert {key for key, fields in entries.items() if "  title = {{" not in fields} == set()
    assert (
        set(TITLES) <= set(entries) and "holm197965" in entries and "Aalen, O. O." in entries["aalen1978141"]
    )
    assert text.count("{") == text.count("}")


def test_books_and_talks_have_an_author_and_a_title_too():
    """They were @misc with a note alone: a reference manager showed nothing but the year."""
    text = references_bib(
        [message("", code) for code in ("kaplan_meier", "log_log", "standardised_difference")]
    )
    assert "@misc" not in text and "@book{greenwood1926" in text and "@book{kalbfleisch1980" in text
    for entry in re.findall(r"^@\w+\{\w+,\n(.+?)^\}", text, re.M | re.S):
        assert "  author = {" in entry and "  title = {{" in entry and "  note = {" in entry
