"""`reportgen verify` and `doctor`: whether a report, and this machine, are in order."""

from pathlib import Path
from typing import Annotated

import typer

from reportgen.commands import options
from reportgen.commands.saying import say_json
from reportgen.errors import MachineFailed

DIFFERENT = 5


def verify(
    run: Annotated[Path, typer.Argument(help="The folder of a published report.", show_default=False)],
    source: Annotated[
        str, typer.Argument(help="What it was made from: makes it again.", show_default=False)
    ] = "",
    json: options.JsonFindings = False,
) -> None:
    """Prove that a published report is intact and, given its SOURCE, that it can be made again."""
    from reportgen.verification import verify as check_run
    from reportgen.verification.words import as_json, as_text

    verdict = check_run(run, source or None)
    if json:
        say_json(as_json(verdict))
    else:
        typer.echo("\n".join(as_text(verdict)))
    if not verdict.intact:
        raise typer.Exit(DIFFERENT)


def doctor(
    output: Annotated[Path, typer.Option(help="Where reports are to land.")] = Path("output"),
    json: Annotated[bool, typer.Option("--json", help="Say it as JSON.")] = False,
) -> None:
    """Say whether this machine can make reports, and how to mend it."""
    from reportgen.doctor import as_json, as_text, examine, healthy

    checks = examine(output)
    if json:
        say_json(as_json(checks))
    else:
        typer.echo("\n".join(as_text(checks)))
    if not healthy(checks):
        raise typer.Exit(MachineFailed.status)
