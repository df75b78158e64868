"""What a command says: its answer for a machine, and its progress, to a terminal only."""

import sys

import typer

WIDE = 30


def say_json(answer: dict) -> None:
    import json

    typer.echo(json.dumps(answer, allow_nan=False))


def progress(quiet: bool):
    if quiet or not sys.stderr.isatty():
        return lambda step: None
    return lambda step: typer.echo(f"reportgen: {step} …", err=True)


def bar(quiet: bool):
    """How many are done, on one line that is written over."""
    if quiet or not sys.stderr.isatty():
        return lambda done, total, failed: None

    def draw(done: int, total: int, failed: int) -> None:
        full = WIDE * done // max(total, 1)
        said = f" · {failed} failed" if failed else ""
        line = f"\r{'█' * full}{'░' * (WIDE - full)} {done}/{total}{said}"
        typer.echo(line, err=True, nl=done == total)

    return draw
