"""A Report as one self-contained page. The templates lay out; everything that must be worked out is here."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache

from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup, escape

from reportgen.base.drawing import Drawing
from reportgen.base.errors import UNSAID, UsageError
from reportgen.base.message import message
from reportgen.render import templates_folder
from reportgen.render.html import fonts, own_templates
from reportgen.render.html.own_templates import HouseEnvironment, TooSlow, check_page, in_template, limited
from reportgen.render.html.page import (
    PRINT,
    SCREEN,
    Asset,
    Page,
    dark_rules,
    foot_of,
    margin_rules,
    shortened,
)
from reportgen.render.html.page_brand import brand_rules, logo
from reportgen.render.html.running_text import inline
from reportgen.render.html.script import curve_data, embedded, script
from reportgen.render.html.tables import laid_out
from reportgen.render.svg import page_svg
from reportgen.report import (
    Block,
    Bullets,
    Figure,
    Heading,
    Headline,
    Note,
    Notice,
    Paragraph,
    Part,
    Report,
    Section,
    Table,
    plain,
)
from reportgen.writing.language import rules, speaking

LONG = 900  # characters: of a paragraph, whose first lines are then as high as most notes
KINDS = {Headline: "headline", Heading: "heading", Paragraph: "paragraph", Note: "note", Bullets: "bullets",
         Notice: "notice"}  # fmt: skip


def render_html(report: Report) -> str:
    """The report as one page that needs nothing else: no network, no other file, no font of the reader's.

    It says everything without its script too.

    Equal reports give equal text.
    """
    return render_page(report, SCREEN)[0]


def render_page(report: Report, medium: str) -> tuple[str, dict[str, Asset]]:
    """The page for a screen, or for print: then with its figures and fonts apart, by their names as asset:<name>.

    A page for print has only its own rules in it, and those of its kind are in `print_css`; where the house has
    a sheet of its own, all are in the page.
    """
    with speaking(report.language):
        return _rendered(report, medium)


def _rendered(report: Report, medium: str) -> tuple[str, dict[str, Asset]]:
    page = Page(medium)
    environment = _environment(medium, frozenset(report.brand.templates.items()))
    page.ids.update(("top", "main", "contents"))
    page.lights(report)
    parts = [_part(part, page, environment) for part in report.printed]

    short_title, foot = shortened(report.title), foot_of(report, page.words)
    heads = margin_rules(page.writable(short_title), page.writable(foot))

    def stylesheet(body: Markup) -> Markup:
        own = brand_rules(report.brand, page.printed) + _own_css(report.brand.templates) + "".join(page.rules)
        if page.printed:
            drawn = (asset for asset in page.assets.values() if isinstance(asset, Drawing))
            words = (text for drawing in drawn for text in drawing.texts)
            further, files = fonts.further_faces((body, page.writable(short_title), *words))
            page.assets |= files
            own = further + own
            return Markup((print_css(report.kind) if has_own_sheet(report) else "") + own)
        faces = fonts.embedded_css(map(ord, body))
        return Markup(faces + _screen_css() + _kind_css(report.kind) + own + dark_rules(page.colours) + heads)

    values = {
        "report": report,
        "title": escape(page.writable(report.title)),
        "description": escape(page.writable(report.subtitle)),
        "parts": parts,
        "chapters": [chapter for part in parts for chapter in part["chapters"]],
        "words": page.words,
        "scale": ("0", "50", rules().percent.format(n=100)),
        "replaced": lambda: page.replaced,
        "medium": medium,
        "short_title": short_title,
        "foot": foot,
        "stylesheet": stylesheet,
        "policy": lambda css: _policy(css, script()),
        "script": script,
        "data": lambda: embedded(report, page),
        "inline": lambda text: inline(text, page),
        "logo": logo(report.brand, page),
    }
    html = (
        _with_own(environment, report, values)
        if report.brand.templates
        else _page(environment, report, values)
    )
    if page.printed:
        page.assets |= {face.file: fonts.font_bytes(face) for face in fonts.FACES}
    return html, page.assets


def _page(environment: Environment, report: Report, values: Mapping[str, object]) -> str:
    return environment.get_template(f"{report.kind}.html").render(values)


def _with_own(environment: Environment, report: Report, values: Mapping[str, object]) -> str:
    """The page by a house's own templates. UsageError where they fail, do not end, or lead away from the page."""
    try:
        with limited():
            html = _page(environment, report, values)
    except TooSlow as error:
        raise UsageError(
            f"The templates of [branding] take more than {own_templates.SECONDS:g} s: a loop in them does not end."
        ) from error
    except Exception as error:
        if not isinstance(error, (TemplateError, OverflowError)) and not in_template(error):
            raise
        raise UsageError(
            message(
                "The templates of [branding] can't be used: {why}", why=f"{type(error).__name__}: {error}"
            ),
            UNSAID,
        ) from error
    check_page(html)
    return html


@cache
def _environment(medium: str, own: frozenset[tuple[str, str]] = frozenset()) -> Environment:
    """Ours, or with a house's own templates before ours: then in a sandbox, for they are not ours to trust."""
    ours = FileSystemLoader(templates_folder())
    kind = HouseEnvironment if own else Environment
    return kind(
        loader=ChoiceLoader((DictLoader(dict(own)), ours)) if own else ours,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: (
            value if hasattr(value, "__html__") else fonts.running(str(value), medium == PRINT)
        ),
    )


def _css(name: str) -> str:
    return (templates_folder() / "css" / name).read_text(encoding="utf-8")


@cache
def _screen_css() -> str:
    screen, paper = _css("screen.css") + _stacking(), _css("print.css") + _css("divided.css")
    return f"{_css('base.css')}@media screen{{{screen}}}\n@media print{{{paper}}}\n{_css('script.css')}"


def _stacking() -> str:
    """Tables as lists of cells: all on a phone; those that are broad wherever they have no room."""
    rules = _css("stacks.css")
    return (
        f"@media screen and (max-width:30rem){{{rules}}}"
        f"@media screen and (max-width:69.99rem){{{rules.replace('.stacks', '.broad.stacks')}}}"
    )


@cache
def print_css(kind: str) -> str:
    """What every page for print of a kind has in common: fonts and styles."""
    own = _css("divided.css" if kind == "report" else f"{kind}.css")
    return fonts.asset_css() + _css("base.css") + _css("print.css") + own


def has_own_sheet(report: Report) -> bool:
    """Whether a house adds its own styles: then ours stand before them in the page, where these can add to them."""
    return "css/own.css" in report.brand.templates


@cache
def _kind_css(kind: str) -> str:
    """What a kind of document has beyond the report's styles."""
    return "" if kind == "report" else _css(f"{kind}.css")


def _own_css(templates: Mapping[str, str]) -> str:
    """The house's own stylesheet, after ours. It may name no other file, and can't end the element it is in."""
    css = templates.get("css/own.css", "")
    if re.search(r"url\(|@import|\\", css, re.IGNORECASE):
        raise UsageError(message("css/own.css of [branding] may hold no url(), no @import and no backslash."))
    return css.replace("<", "\\3c ")


def _policy(css: Markup, code: Markup) -> str:
    """The content security policy that allows this stylesheet and this script, and nothing else."""
    return (
        f"default-src 'none'; style-src {_digest(css)}; script-src {_digest(code)}; img-src data:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: Markup) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(str(text).encode()).digest()).decode()}'"


def _part(part: Part, page: Page, environment: Environment) -> dict:
    page.letter = part.letter
    chapters = [_chapter(section, page, environment) for section in part.sections]
    return {"title": part.title, "id": page.unique(part.title) if part.title else "", "chapters": chapters}


def _chapter(section: Section, page: Page, environment: Environment) -> dict:
    names = (f"chapters/{section.key}.html", f"sections/{section.key}.html", "sections/default.html")
    template = environment.select_template(names)
    return {"id": page.unique(section.key), "title": section.title, "template": template,
            "blocks": _views(section, page)}  # fmt: skip


def _views(section: Section, page: Page) -> list[dict]:
    """What the templates see of each block.

    Half figures that follow one another are one pair. Notes go with the next block that is no heading, so
    that a heading never stays behind at the foot of a page with a note alone.
    """
    views: list[dict] = []
    notes: list[dict] = []
    for view in (view for block in section.blocks for view in _views_of(block, section.key, page)):
        if view["kind"] == "note":
            notes.append(view)
            continue
        half = view["kind"] == "figure" and view["half"]
        if half and not notes and views and views[-1]["kind"] == "pair" and len(views[-1]["figures"]) == 1:
            views[-1]["figures"].append(view)
            continue
        view = {"kind": "pair", "figures": [view]} if half else view
        if view["kind"] != "heading":
            view, notes = view | {"notes": notes, "divisible": _divisible(view)}, []
        views.append(view)
    return [*views, {"kind": "nothing", "notes": notes, "divisible": False}] if notes else views


def _divisible(view: dict) -> bool:
    """Whether a page may end within it, though a note stands beside it: so may a paragraph that is longer than that."""
    return view["kind"] == "paragraph" and len(plain(view["block"].text)) >= LONG


def _views_of(block: Block, key: str, page: Page) -> list[dict]:
    if isinstance(block, Table):
        return laid_out(block, page)
    if isinstance(block, Figure):
        return [_figure(block, page)]
    kind = KINDS[type(block)]
    return [{"kind": kind, "id": page.unique(f"{key}-{kind}"), "block": block}]


def _figure(figure: Figure, page: Page) -> dict:
    if not figure.alt.strip():
        raise ValueError(f"figure {figure.id!r} has no text alternative")
    name = page.unique(f"figure-{figure.id.removeprefix('figure-')}")
    drawn = [(name, figure.drawing.reworded(page.writable))]
    if figure.narrow and not page.printed:
        drawn.append((f"{name}-narrow", figure.narrow.reworded(page.writable)))
    page.colours.update(*(drawing.colours for _name, drawing in drawn))
    read = curve_data(figure, [drawing.plot_areas for _name, drawing in drawn], page)
    if read:
        page.curves[name] = read
    view = {"kind": "figure", "id": name, "half": figure.width == "half", "width": figure.width, "figure": figure,
            "number": page.number("figure"), "alt": escape(page.writable(figure.alt))}  # fmt: skip
    if page.printed:
        page.assets[f"{name}.svg"] = drawn[0][1]
        return view | {"src": f"asset:{name}.svg", "svg": None, "narrow": None}
    groups = page.groups.get(figure.by, {})
    alt = page.writable(figure.alt)
    # Every text in it was escaped by the writer.
    shown = [Markup(page_svg(drawing, groups, alt, f"{name}-{drawing.id}-svg")) for name, drawing in drawn]
    return view | {"src": None, "svg": shown[0], "narrow": shown[1] if len(shown) > 1 else None}
