"""The desk's own pages, from its templates; and the few files that they need."""

from __future__ import annotations

import json
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from reportgen.base.message import with_stop
from reportgen.desk.option_words import windowed
from reportgen.desk.page_words import words
from reportgen.render import templates_folder
from reportgen.writing.language import _, speaking
from reportgen.writing.messages import said

STATIC = {
    "desk.css": ("desk/desk.css", "text/css"),
    "desk.js": ("desk/desk.js", "text/javascript"),
    "framed.js": ("desk/framed.js", "text/javascript"),
    "watch.js": ("desk/watch.js", "text/javascript"),
    "serif.ttf": ("fonts/SourceSerifPro-Regular.ttf", "font/ttf"),
    "sans.ttf": ("fonts/SourceSansPro-Regular.ttf", "font/ttf"),
    "semibold.ttf": ("fonts/SourceSansPro-Semibold.ttf", "font/ttf"),
}


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(templates_folder() / "desk")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {
        "packed": packed,
        "said": lambda text: windowed(said(text)),
        "word": _,
        "with_stop": with_stop,
    }
    return made


def page(name: str, language: str, status: int = 200, **shown: object) -> HTMLResponse:
    """A page of the desk. shown: what its template names."""
    with speaking(language):
        text = _environment().get_template(f"{name}.html").render(w=words(), language=language, **shown)
    return HTMLResponse(text, status)


def static(name: str) -> Response | None:
    """A style sheet, script or font of the desk; None for any other name."""
    if name not in STATIC:
        return None
    place, kind = STATIC[name]
    return Response((templates_folder() / place).read_bytes(), media_type=kind)


def packed(*parts: str) -> str:
    """Texts as one value of a form."""
    return json.dumps(parts)


def unpacked(value: str, count: int) -> tuple[str, ...] | None:
    """The texts of such a value; None for what is none of so many."""
    try:
        parts = json.loads(value)
    except ValueError:
        return None
    if isinstance(parts, list) and len(parts) == count and all(isinstance(part, str) for part in parts):
        return tuple(parts)
    return None
