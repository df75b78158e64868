"""Running text as markup: what may be asked, what is quiet, what is a link, where no line may end."""

from __future__ import annotations

import re
from urllib.parse import unquote

from markupsafe import Markup, escape

from reportgen.render.html.page import MARK, MARKS, Page
from reportgen.report import Dot, Dots, Link, Text, Value

PLACE = re.compile(r"#[\w-]+", re.ASCII)
RELATIVE = re.compile(r"[\w.~%-]+(/[\w.~%-]+)*", re.ASCII)


def inline(text: Text | str, page: Page) -> Markup:
    """Running text: Values know their estimate and may be quiet; a raised ᵃ is a note's mark."""
    parts = (text,) if isinstance(text, str) else _merged(text)
    if page.printed:
        return _ended(Markup(BETWEEN.sub("–\u2060", Markup("").join(_written(part, page) for part in parts))))
    pieces = []
    for ref, asked in _questions(parts):
        words = Markup("").join(_written(part, page) for part in asked)
        if ref:
            page.refs[ref] = None
            of = Markup(' data-group="{}"').format(page.lit[ref]) if ref in page.lit else ""
            words = Markup('<span class="v" data-ref="{}"{}>{}</span>').format(ref, of, words)
        pieces.append(words)
    return _ended(_tied(Markup("").join(pieces)))


# The last word of a sentence that ends a paragraph, where it is so short that a line of its own would look lost.
LAST_WORD = re.compile(r" (?=[^\s<>]{1,4}\.$)")


def _ended(words: Markup) -> Markup:
    """
    >>> _ended(Markup("febrile neutropenia in 7 and fatigue in 4."))
    Markup('febrile neutropenia in 7 and fatigue in\xa04.')
    """
    return Markup(LAST_WORD.sub("\u00a0", words))


def _merged(text: Text) -> Text:
    """Words beside each other as one, for what ties a number to its unit looks at both.

    >>> _merged(("was ", Value("5.8", "a"), " ", "months", " (range "))
    ('was ', Value(text='5.8', ref='a', quiet=False), ' months (range ')
    """
    merged: list = []
    for part in text:
        if merged and isinstance(part, str) and isinstance(merged[-1], str):
            merged[-1] = f"{merged[-1]}{part}"
        else:
            merged.append(part)
    return tuple(merged)


# The dash of a range whose numbers are parts of their own; its end may be one that was not reached.
BETWEEN = re.compile(r"(?<=[\d>])–(?=[\d<−]|N[RE]|n\.)")
# A tag, whose attributes may hold a dash, too; or a dash after a digit, with the number after it, which may be one that
# is asked alone.
RANGE = re.compile(
    r'(<[^<>]*>)|(?<=[\d>])–(?:(?:[\d.,−]|&gt;)+|N[RE]|n\.|<span class="[vq]"[^<>]*>[^<>\s]{1,12}</span>)'
)


def _tied(words: Markup) -> Markup:
    """No line ends after the dash of a range; said by the style, so that a search still finds it.

    >>> _tied(Markup("95% CI 3–65; in 2010–2017"))
    Markup('95% CI 3<span class="t">–65</span>; in 2010<span class="t">–2017</span>')
    >>> _tied(Markup('<span data-ref="age.40–59">5/8</span>'))
    Markup('<span data-ref="age.40–59">5/8</span>')
    """
    if "–" not in words:
        return words
    return Markup(RANGE.sub(lambda found: found[1] or f'<span class="t">{found[0]}</span>', words))


def _questions(parts: Text) -> list[tuple[str | None, Text]]:
    """What of a text is asked as one: the numbers of one estimate within a sentence, and what joins them.

    >>> [ref for ref, _ in _questions(("In ", Value("5", "a"), " of 8 (", Value("63%", "a"), ")."))]
    [None, 'a', None]
    """
    runs: list[tuple[str | None, Text]] = []
    last = 0  # the latest question
    for part in parts:
        ref = part.ref if isinstance(part, Value) else None
        between = tuple(word for _, words in runs[last + 1 :] for word in words)
        if ref and runs and runs[last][0] == ref and not any(". " in str(word) for word in between):
            runs[last:] = [(ref, (*runs[last][1], *between, part))]
            continue
        last = len(runs) if ref else last
        runs.append((ref, (part,)))
    return runs


def _written(part: str | Value | Link | Dots, page: Page) -> Markup:
    if isinstance(part, Dots):
        return _drawn(part, page)
    words = escape(page.running(str(part)))
    words = Markup(MARK.sub(lambda mark: f"<sup>{mark[0].translate(MARKS)}</sup>", words))
    if isinstance(part, Link):
        return words if page.printed else _linked(words, part.href)
    quiet = isinstance(part, Value) and part.quiet
    return Markup('<span class="q">{}</span>').format(words) if quiet else words


def _drawn(dots: Dots, page: Page) -> Markup:
    """Dots with their intervals; where they stand is said by rules of the page, in whole per cent."""
    line = 50 if dots.reference is None else round(100 * dots.reference)
    page.rules[f".at{line}{{left:{line}%}}"] = None
    drawn = Markup('<s class="at{}"></s>').format(line)
    for dot in dots.dots:
        at = round(100 * dot.value)
        part = "" if dot.part is None else _part(dot, page)
        low, high = (at if x is None else round(100 * x) for x in (dot.low, dot.high))
        page.rules[f".at{at}{{left:{at}%}}"] = None
        page.rules[f".from{low}{{left:{low}%}}"] = None
        page.rules[f".to{high}{{right:{100 - high}%}}"] = None
        of = Markup(' data-group="{}"').format(dot.group) if dot.group and page.groups else ""
        drawn += Markup(
            '<span class="dot g{}"{}><i class="from{} to{}"></i><b class="at{}{}"></b>{}</span>'
        ).format(dot.group, of, low, high, at, " hollow" if part else "", part)
    kind = "" if dots.reference is None else " ratios"
    return Markup('<span class="dots of{}{}">{}</span>').format(len(dots.dots), kind, drawn)


def _part(dot: Dot, page: Page) -> Markup:
    """The filled dot of a part."""
    at = round(100 * (dot.part or 0.0))
    page.rules[f".at{at}{{left:{at}%}}"] = None
    return Markup('<b class="at{}"></b>').format(at)


def _linked(words: Markup, href: str) -> Markup:
    """No scheme, no host, no way up: a link leads to a file beside the page, or below it, or to a block of the page."""
    beside = RELATIVE.fullmatch(href) and not {".", ".."} & set(unquote(href).split("/"))
    if not beside and not PLACE.fullmatch(href):
        raise ValueError("a link must be a relative path to a file beside the report, percent-encoded")
    return Markup('<a href="{}">{}</a>').format(href, words)
