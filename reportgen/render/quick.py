"""A page of ours read by expat, in a tenth of the time that the PDF library takes to read any HTML there is."""

from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import cssselect2
import weasyprint

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
