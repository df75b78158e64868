"""A page of ours read by expat, in a tenth of the time that the PDF library takes to read any HTML there is."""

from __future__ import annotations

import re
from copy import copy
from functools import cache
from xml.etree.ElementTree import fromstring

import cssselect2
import weasyprint

# Notes at the foot of a page, which ours have none of: the library would work out their styles for every element.
NOTES = frozenset(("footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"))
VOID = re.compile(r"<(meta|col|img|br)\b([^<>]*)>")


class Page(weasyprint.HTML):
    """What the library makes of the same page; for templates that write XML but for elements that have no end.

    ElementTree.ParseError where they don't.
    """

    def __init__(self, string: str, base_url: str, url_fetcher):
        self.base_url, self.url_fetcher, self.media_type = base_url, url_fetcher, "print"
        tree = fromstring(VOID.sub(r"<\1\2/>", string))
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list:
        return [_without_notes(sheet) for sheet in super()._ua_stylesheets(forms)]


@cache
def _without_notes(sheet: weasyprint.CSS) -> weasyprint.CSS:
    """The library's own sheet without what it says of notes."""
    shorter = copy(sheet)
    shorter.matcher = copy(sheet.matcher)
    shorter.matcher.other_selectors = [
        entry for entry in sheet.matcher.other_selectors if entry[3] not in NOTES
    ]
    return shorter
