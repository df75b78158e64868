"""What a house's own templates may not do: lead away from the page, or never end."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from types import FrameType
from typing import Any

from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from reportgen.base.errors import UsageError

SECONDS = 20.0
COMPILED = "<template>"  # what Jinja calls the code of templates that have no file
# They load something, or take the place of the page.
NEVER = ("base", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "portal")
LOADED = ("src", "data", "background", "poster", "srcset")
AWAY, SCRIPT = (
    re.compile(r"(javascript|vbscript|data|https?|ftp|file)\s*:|//"),
    re.compile(r"(javascript|vbscript|data)\s*:"),
)


class TooSlow(Exception):
    """A template of the house has not ended in time."""


def check_page(html: str) -> None:
    """UsageError where the page holds an element or address that a template of the house may not bring in.

    Links to other places are allowed only where somebody must follow them: nothing is loaded or left by itself.
    """
    _Looked().look(html)


class _Looked(HTMLParser):
    def look(self, html: str) -> None:
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip().lower() for name, value in attrs}
        wrong = (
            tag in NEVER
            or (tag == "meta" and given.get("http-equiv") in ("refresh", "set-cookie"))
            or (tag == "link" and "href" in given)
            or any(name.startswith("on") for name in given)
            or any(
                AWAY.match(given.get(name, "")) and not given[name].startswith("data:image/")
                for name in LOADED
            )
            or (tag == "a" and bool(SCRIPT.match(given.get("href", ""))))
        )
        if wrong:
            raise UsageError(
                f"The templates of [branding] hold <{tag}> with what leads away from the page or loads "
                "something, which no page may: take it out."
            )


def in_template(error: BaseException) -> bool:
    """Whether an error was raised by the code of a template of the house, and not by ours."""
    trace, last = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        last = name if name == COMPILED or "/jinja2/" not in name.replace("\\", "/") else last
        trace = trace.tb_next
    return last == COMPILED


class HouseEnvironment(SandboxedEnvironment):
    """The sandbox of Jinja, in which nothing is multiplied beyond measure: one such operation has no end in time."""

    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """OverflowError where a product would be a long text, or a number that floats do not hold."""
        if operator == "**":
            left = float(left)
        elif not all(isinstance(side, (int, float)) for side in (left, right)):
            raise OverflowError("only numbers can be multiplied in a template")
        return super().call_binop(context, operator, left, right)


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Within it, the code of templates of the house ends after so many seconds, by TooSlow."""
    until, before = time.monotonic() + seconds, sys.gettrace()

    def within(frame: FrameType, event: str, argument: Any) -> Callable | None:
        if time.monotonic() > until:
            raise TooSlow
        return within

    def called(frame: FrameType, event: str, argument: Any) -> Callable | None:
        return within if frame.f_code.co_filename == COMPILED else None

    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(before)
