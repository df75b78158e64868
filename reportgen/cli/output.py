"""What a command says: its answer for a machine, and its progress, to a terminal only."""

import sys
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import typer

from reportgen.base.terminal import printable, printable_lines

WIDE = 30
ANEW = "\r\x1b[K"


def tell(text: str | Path = "", err: bool = False) -> None:
    """A line to standard output, or to standard error: there and on a terminal without what could steer one.

    Through a pipe a line of standard output is as it is, so that a script finds the file that it names.
    """
    if err:
        typer.echo(printable_lines(str(text)), err=True)
    else:
        typer.echo(printable(str(text)) if sys.stdout.isatty() else str(text))


def tell_lines(lines: Iterable[str]) -> None:
    """Many of them, each of which may be several."""
    for line in lines:
        for part in line.split("\n"):
            tell(part)


def say_json(answer: dict) -> None:
    """One line of JSON to standard output. ValueError where a number is not finite, for which JSON has no sign."""
    import json

    typer.echo(json.dumps(answer, allow_nan=False))


@contextmanager
def progress(quiet: bool):
    """A function to tell what is being done and which share is done: on one line, which is gone at the end."""
    if quiet or not sys.stderr.isatty():
        yield lambda said, share: None
        return

    def draw(said: str, share: float) -> None:
        full = round(WIDE * share)
        typer.echo(f"{ANEW}{'█' * full}{'░' * (WIDE - full)} {share:4.0%} {said} …", err=True, nl=False)

    try:
        yield draw
    finally:
        typer.echo(ANEW, err=True, nl=False)


def fresh_line() -> str:
    """What ends the line on which progress is drawn, where it is."""
    return ANEW if sys.stderr.isatty() else ""


def bar(quiet: bool):
    """How many are done, on one line that is written over."""
    if quiet or not sys.stderr.isatty():
        return lambda done, total, failed: None

    def draw(done: int, total: int, failed: int) -> None:
        full = WIDE * done // max(total, 1)
        said = f" · {failed} failed" if failed else ""
        line = f"{ANEW}{'█' * full}{'░' * (WIDE - full)} {done}/{total}{said}"
        typer.echo(line, err=True, nl=done == total)

    return draw
