"""The command line: its commands, in the order of its help. A command is read when it is called."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
import typer.main
from typer.core import TyperGroup

from reportgen import __version__
from reportgen.base.exits import silence_logs


class Place(NamedTuple):
    """Where a command is written, and its line in the list of commands."""

    module: str
    function: str
    line: str


PLACES = {
    "map": Place("map", "map_", "Say what each sheet, column and word of SOURCE is."),
    "check": Place("data", "check", "Say all that is wrong or doubtful in SOURCE."),
    "build": Place("build", "build", "Make the report of SOURCE."),
    "case": Place("case", "case", "Make case reviews of single patients."),
    "batch": Place("batch", "batch", "Make the reports of many cohorts, and their index."),
    "init": Place("data", "init", "Write a template workbook and its settings."),
    "queries": Place("data", "queries", "List all questions of SOURCE with their answers."),
    "history": Place("data", "history", "Show what is kept of the reports of SOURCE."),
    "releases": Place("data", "releases", "List the reports made for readers outside."),
    "diff": Place("verification", "diff", "Say what changed between two reports."),
    "verify": Place("verification", "verify", "Prove that a report is intact, and made from SOURCE."),
    "pack": Place("verification", "pack", "Put what may be given away into one zip."),
    "schedule": Place("schedule", "schedule", "Make the report every month, by this machine's timer."),
    "desk": Place("desk", "desk", "Open the program as a page in the browser."),
    "schema": Place("schema", "schema", "Print the JSON Schema of a file."),
    "upgrade": Place("upgrade", "upgrade", "Bring settings of an earlier version up to date."),
    "doctor": Place("verification", "doctor", "Say whether this machine can make reports."),
    "completion": Place("completion", "completion", "Print the completion of commands for a shell."),
}


class Commands(Mapping[str, Any]):
    """The commands by their names. To list them takes their names alone; each is made when it is asked for, since
    to read the options of all eighteen would take a third of the time of `--help`."""

    def __getitem__(self, name: str) -> Any:
        place = PLACES[name]
        one = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
        one.command(name)(getattr(import_module(f"reportgen.cli.{place.module}"), place.function))
        return typer.main.get_command(one)

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)


class Program(TyperGroup):
    """The program, whose help says of each command one whole line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = Commands()  # pyright: ignore[reportAttributeAccessIssue]

    def list_commands(self, ctx: typer.Context) -> list[str]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The names, in the order of the help."""
        return list(PLACES)

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The list of commands below the options."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.line) for name, place in PLACES.items()])


app = typer.Typer(
    cls=Program,
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
