"""`reportgen desk`: the same program as a page on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from reportgen.base.errors import UsageError
from reportgen.cli import options
from reportgen.cli.output import tell


def desk(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Whose sources it shows; default: this one.")
    ] = Path(),
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where reports land; default: output in FOLDER.")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address in place of opening it.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 0,
    language: options.Language = "",
    install: Annotated[
        bool, typer.Option("--install", help="Make a desktop entry that opens it, and say where.")
    ] = False,
) -> None:
    """Open the program as a page in the browser: drop a table, answer, read the report. Nothing leaves this machine."""
    from reportgen.desk.desktop import installed
    from reportgen.desk.server import serve
    from reportgen.writing.language import languages

    if language and language not in languages():
        raise UsageError(f"--language takes {' or '.join(languages())}, but was {language!r}.")
    if install:
        tell(installed(folder.resolve()))
        return
    serve(folder, output or folder / "output", language or _spoken(), _say, not no_browser, port)


def _say(address: str) -> None:
    typer.echo(address)
    typer.echo("reportgen: the desk is open at this address; Ctrl-C closes it.", err=True)


def _spoken() -> str:
    """The language of this machine, if the program speaks it."""
    import os

    from reportgen.writing.language import SOURCE, languages

    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return said[:2] if said[:2] in languages() else SOURCE
