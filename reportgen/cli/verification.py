"""`reportgen diff`, `verify` and `doctor`: what differs between reports, and whether all is in order."""

from pathlib import Path
from typing import Annotated

import typer

from reportgen.base.errors import MachineFailed
from reportgen.cli import options
from reportgen.cli.output import say_json, tell, tell_lines

DIFFERENT = 5


def diff(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="The folder of a published report.", show_default=False)
    ],
    new: Annotated[
        Path, typer.Argument(metavar="NEW", help="The folder of a later one.", show_default=False)
    ],
    config: Annotated[
        Path | None, typer.Option(help="A report.toml whose [history] url says where both were kept.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Say all that differs as JSON.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with status 5 when anything differs.")
    ] = False,
) -> None:
    """Say what changed between two published reports: patients, values, queries, settings, every estimate."""
    from reportgen.history.diff import difference
    from reportgen.history.diff.as_data import as_json
    from reportgen.history.diff.as_text import as_text

    found = difference(old, new, config)
    if json:
        say_json(as_json(found))
    else:
        tell_lines(as_text(found))
    if exit_code and found.different:
        raise typer.Exit(DIFFERENT)


def verify(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="The folder of a published report.", show_default=False)
    ],
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="What it was made from: makes it again.", show_default=False),
    ] = "",
    config: options.Config = None,
    json: options.JsonFindings = False,
) -> None:
    """Prove that a published report is intact and, given its SOURCE, that it can be made again."""
    from reportgen.verification import verify as check_run
    from reportgen.verification.verdict_words import as_json, as_text

    verdict = check_run(run, source or None, config)
    if json:
        say_json(as_json(verdict))
    else:
        tell_lines(as_text(verdict))
    if not verdict.intact:
        raise typer.Exit(DIFFERENT)


def pack(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="The folder of a published report.", show_default=False)
    ],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The zip to be made.")] = Path(
        "report.zip"
    ),
    internal: Annotated[
        bool, typer.Option("--internal", help="Pack an internal report, too: it names patients.")
    ] = False,
    quiet: options.Quiet = False,
    json: options.Json = False,
) -> None:
    """Put what may be given away of a report into one zip whose names tell nothing."""
    from reportgen.verification.packing import pack as make

    names = make(run, to, internal)
    if json:
        say_json({"status": "done", "zip": str(to), "files": list(names)})
    elif not quiet:
        tell(f"{to}: {', '.join(names)}")


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
