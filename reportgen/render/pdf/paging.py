"""The report on pages: figures are moved where they would leave one empty, and no heading stands alone at its foot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from reportgen.render.pdf import flow, laid_out
from reportgen.render.pdf.flow import Change

MUCH = 0.5  # of the last page of the findings: where more is empty, the supplement follows on it
FOLLOWS = "break-before:auto;margin-top:28pt"  # the style of its heading then


def paged(page, options: dict):
    """The pages of a report. page: a weasyprint.HTML; options: those of its render().

    What should move in the findings is seen on a layout of them alone: the supplement is most of the work. It begins a
    page, unless the last one of the findings would be left more than half empty.
    """
    with _findings_alone(page) as supplement:
        document = _arranged(page, options)
        if supplement is not None and laid_out.readable(document) and laid_out.last_page(document) > MUCH:
            supplement.set("style", FOLLOWS)
    return document if supplement is None else _heads_kept(page, options)


@contextmanager
def _findings_alone(page) -> Iterator[Any]:
    """The page as long as it is without its supplement; its heading, or None where this is the whole."""
    main = _main(page)
    children = list(main)
    begin = next((i for i, child in enumerate(children) if child.get("class") == flow.PART), len(children))
    main[begin:] = []
    _read_again(page)
    try:
        yield next(iter(children[begin:]), None)
    finally:
        main[begin:] = children[begin:]
        _read_again(page)


def _arranged(page, options: dict):
    """The pages, laid out again if a figure left one of them empty, and the better of the two; so is the page then."""
    document = _page_one_whole(page, options)
    if not laid_out.readable(document):
        return document
    before = laid_out.emptiness(document)
    changes = flow.changes(*laid_out.blocks(document)) if max(before, default=0.0) >= flow.WORTH else []
    if not changes:
        return document
    main = _main(page)
    as_it_was = deepcopy(list(main))
    for change in changes:
        _change(change)
    _read_again(page)
    again = _heads_kept(page, options)
    if flow.cost(laid_out.emptiness(again)) < flow.cost(before):
        return again
    main[:] = as_it_was
    _read_again(page)
    return document


def _page_one_whole(page, options: dict):
    """The pages, with smaller figures on the first one where they are just too high for it."""
    document = _heads_kept(page, options)
    if not laid_out.readable(document) or not laid_out.spills(document):
        return document
    images = [*next(_main(page).iter("section")).iter("img")]
    for image in images:
        image.set("style", f"width:{100 * flow.SMALLEST:.2f}%")
    _read_again(page)
    again = _heads_kept(page, options)
    if not laid_out.spills(again):
        return again
    for image in images:
        del image.attrib["style"]
    _read_again(page)
    return document


def _change(change: Change) -> None:
    """A figure gets its new place or size in the tree of the page."""
    element, chapter = change.figure.element, change.figure.chapter
    if change.after:
        chapter.remove(element)
        chapter.insert(list(chapter).index(change.after.element) + 1, element)
    for image in element.iter("img") if change.size < 1 else ():
        image.set("style", f"width:{100 * change.size:.2f}%")


def _heads_kept(page, options: dict):
    """The pages; a heading alone at the foot of one goes over to the next, to what it heads."""
    document = page.render(**options)
    lone = laid_out.lone_heads(document) if laid_out.readable(document) else []
    if not lone:
        return document
    for element in lone:
        element.set("style", "break-before:page;margin-top:0")
    _read_again(page)
    return page.render(**options)


def _main(page):
    """What holds the chapters; a house's own template may have no such element."""
    return next(page.etree_element.iter("main"), page.etree_element)


def _read_again(page) -> None:
    """The library takes the changed page for its own."""
    page.wrapper_element = type(page.wrapper_element).from_html_root(
        page.etree_element, content_language=None
    )
