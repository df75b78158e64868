"""`reportgen init` and `check`: a workbook to fill in, and what is wrong with a filled one."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from reportgen.base.errors import WARNING, DataRefused
from reportgen.cli import options
from reportgen.cli.map import map_
from reportgen.cli.output import say_json
from reportgen.settings.choices import day


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files land.")] = Path(),
    source: Annotated[
        str, typer.Option("--from", metavar="SOURCE", help="Settings for this source, as map makes them.")
    ] = "",
    quiet: options.Quiet = False,
) -> None:
    """Write a template workbook, ready to be filled in, and a report.toml in which every setting is explained."""
    if source:
        map_(source, quiet=quiet)
        return
    from reportgen import template

    made = template.init(folder)
    if not quiet:
        for path in made:
            typer.echo(f"{path}")


def check(
    source: options.SameSource,
    config: options.Config = None,
    output: Annotated[Path, typer.Option(help="Where queries.xlsx lands.")] = Path("output"),
    cutoff: options.Cutoff = "",
    strict: options.Strict = False,
    quiet: options.Quiet = False,
    json: options.JsonFindings = False,
) -> None:
    """Say all that is wrong or doubtful in SOURCE, with sheet and cell, and write queries.xlsx."""
    from reportgen.run import checking
    from reportgen.run.understood_lines import width_of_terminal

    checked = checking.check(source, config, output, {"cutoff": day(cutoff)} if cutoff else {})
    if checked.kept:
        typer.echo(f"reportgen: {checked.kept}", err=True)
    refused = checked.refused or (strict and any(issue.severity == WARNING for issue in checked.issues))
    if json:
        say_json(checking.as_json(checked))
    elif not quiet or refused:
        for line in checking.as_text(checked, width_of_terminal(), wrap=sys.stdout.isatty()):
            typer.echo(line)
        typer.echo(f"\nThe questions are in {checked.queries}")
    if refused:
        raise typer.Exit(DataRefused.status)
