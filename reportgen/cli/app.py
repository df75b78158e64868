"""The command line: its commands, in the order of its help."""

from typing import Annotated

import typer

from reportgen import __version__
from reportgen.base.exits import silence_logs
from reportgen.cli.batch import batch
from reportgen.cli.build import build
from reportgen.cli.case import case
from reportgen.cli.completion import completion
from reportgen.cli.data import check, history, init, queries, releases
from reportgen.cli.desk import desk
from reportgen.cli.map import map_
from reportgen.cli.schedule import schedule
from reportgen.cli.schema import schema
from reportgen.cli.upgrade import upgrade
from reportgen.cli.verification import diff, doctor, pack, verify

app = typer.Typer(
    help="From a clinical workbook to an outcome report that can be read, defended and traced.",
    add_completion=True,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reportgen {__version__}")
        raise typer.Exit


@app.callback()
def reportgen(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """From a clinical workbook to an outcome report that can be read, defended and traced."""
    silence_logs()


for command in (
    build,
    case,
    batch,
    init,
    check,
    queries,
    history,
    releases,
    diff,
    verify,
    pack,
    schedule,
    desk,
    schema,
    upgrade,
    doctor,
    completion,
):
    app.command()(command)
app.command("map")(map_)
