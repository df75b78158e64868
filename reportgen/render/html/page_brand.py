"""A house's own colours and logo, made fit for the page."""

from __future__ import annotations

import base64
import io
from xml.etree.ElementTree import Element

from markupsafe import Markup, escape

from reportgen.base.colours import on_dark
from reportgen.base.errors import UsageError
from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.render.html.logo_svg import checked, markup
from reportgen.render.html.page import Page
from reportgen.report import Brand

MOST_PIXELS = 4_000_000
TALLEST, WIDEST = 240, 1600  # pixels: 8 mm at over 600 dots to the inch


def brand_rules(brand: Brand, printed: bool) -> str:
    """The colours as the stylesheets' own variables; on the dark ground lighter, so that they read."""
    named = {"--accent": brand.accent, "--head": brand.second}
    given = {name: colour for name, colour in named.items() if colour}
    if not given:
        return ""
    light = "".join(f"{name}:{colour};" for name, colour in given.items())
    dark = "".join(f"{name}:{on_dark(colour)};" for name, colour in given.items())
    if printed:
        return f":root{{{light}}}\n"
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def logo(brand: Brand, page: Page) -> Markup | None:
    """The logo as part of the page; None without one. UsageError if it can't be shown, or holds what it may not."""
    if not brand.logo:
        return None
    name = page.writable(brand.institution or "Logo")
    if not is_png(brand.logo):
        return _drawn(brand.logo, name, page)
    content = flat(brand.logo)
    if page.printed:
        page.assets["logo.png"] = content
        return Markup('<img class="logo" src="asset:logo.png" alt="{}">').format(name)
    address = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    return Markup('<img class="logo" src="{}" alt="{}">').format(address, name)


def is_png(content: bytes) -> bool:
    """By the first bytes, whatever the file is called."""
    return content.startswith(b"\x89PNG")


def drawn_logo(content: bytes, page: Page) -> Element:
    """An SVG logo as a checked tree with a viewBox. UsageError if it can't be shown."""
    try:
        tree = checked(content.decode("utf-8"), "logo-", page.writable)
        _, _, width, height = map(float, required(tree.get("viewBox")).replace(",", " ").split())
        if min(width, height) <= 0:
            raise ValueError("its viewBox is empty")
    except (ValueError, SyntaxError) as error:
        raise UsageError(
            message(
                "branding.logo can't be shown: {why}. Save it as a plain SVG with a viewBox, or as PNG.",
                why=str(error),
            )
        ) from error
    return tree


def _drawn(content: bytes, name: str, page: Page) -> Markup:
    tree = drawn_logo(content, page)
    _, _, width, height = map(float, required(tree.get("viewBox")).replace(",", " ").split())
    for side in ("width", "height"):
        tree.attrib.pop(side, None)
    if page.printed:
        tree.set("width", f"{width / height * 8:.4g}mm")
        tree.set("height", "8mm")
        page.assets["logo.svg"] = markup(tree, xmlns="http://www.w3.org/2000/svg").encode()
        return Markup('<img class="logo" src="asset:logo.svg" alt="{}">').format(name)
    drawn = markup(tree, role="img", aria_label=str(escape(name)), focusable="false")
    return Markup('<span class="logo">{}</span>').format(Markup(drawn))  # checked element by element


def flat(content: bytes) -> bytes:
    """The picture on white, no larger than it is printed, without anything else that its file holds."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UsageError(
                    message("branding.logo has over {n:,} pixels; save it smaller.", n=MOST_PIXELS)
                )
            whole = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError) as error:
        raise UsageError(message("branding.logo is no PNG that can be read.")) from error
    whole.thumbnail((WIDEST, TALLEST))
    paper = Image.new("RGBA", whole.size, "white")
    paper.alpha_composite(whole)
    written = io.BytesIO()
    paper.convert("RGB").save(written, "PNG", optimize=True)
    return written.getvalue()
