"""`reportgen map`: what everything in a strange source is; asked only where it is doubtful."""

from typing import Annotated

import typer

from reportgen.cli import options
from reportgen.cli.keypress import one_key
from reportgen.cli.output import say_json

LATER = "?"


def map_(
    source: options.SameSource,
    config: options.Config = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Take every proposal that is not dangerous; ask nothing.")
    ] = False,
    quiet: options.Quiet = False,
    json: Annotated[
        bool, typer.Option("--json", help="Say all proposals as JSON; written only with --yes.")
    ] = False,
) -> None:
    """Propose what every sheet, column, word and date of SOURCE is, ask what is doubtful, and write report.toml."""
    from reportgen.run import mapping

    asking = not (yes or json)
    mapped = mapping.map_source(source, config, _ask if asking else None)
    if yes or asking:
        _write(mapped)
    if json:
        say_json(mapping.as_json(mapped))
    elif not quiet:
        for line in mapping.as_text(mapped):
            typer.echo(line)
    if mapped.open:
        raise typer.Exit(mapping.OPEN_STATUS)


def _write(mapped) -> None:
    """The settings; where they are new, with their schema beside them, by which an editor checks and completes them."""
    from dataclasses import replace

    from reportgen.run import mapping

    if mapped.before:
        mapping.write(mapped)
        return
    from reportgen.schemas import as_text
    from reportgen.template import SCHEMA, with_schema

    mapping.write(replace(mapped, settings=with_schema(mapped.settings)))
    schema = replace(mapped, path=mapped.path.with_name(SCHEMA), settings=as_text("report.toml"))
    mapping.write(schema)


def _ask(question):
    """One key; Enter is the proposal, and ? leaves it open. At the end of the input all else stays open."""
    from reportgen.base.terminal import printable

    where = f"{question.sheet} {question.cell}".strip()
    typer.echo(printable(f"\n{where}  {question.text}"))
    for choice in question.choices:
        mark = "*" if choice.key == question.proposal else " "
        typer.echo(printable(f" {mark}[{choice.key}] {choice.label}"))
    typer.echo("  [?] leave it open")
    keys = {choice.key: choice for choice in question.choices}
    while True:
        typer.echo("> ", nl=False)
        try:
            given = one_key()
        except EOFError:
            return None
        typer.echo(printable(given))
        if given == LATER:
            return None
        key = given or question.proposal
        if key in keys:
            return keys[key]
        typer.echo(f"One of {', '.join(keys)} or {LATER}, please.")
