"""The command line: arguments in, exit status out, no logic. Heavy modules are imported inside commands.

Annotations are no strings here, as they are elsewhere: Typer would compile each of them at every start.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from reportgen import __version__
from reportgen.ending import leave, run, silence_logs
from reportgen.errors import WARNING, DataRefused, MachineFailed, UsageError

if TYPE_CHECKING:
    from datetime import date

app = typer.Typer(
    help="From a clinical workbook to an outcome report that can be read, defended and traced.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

FORMATS = ("html", "pdf")
DIFFERENT = 5
WIDE = 30


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


@app.command()
def build(
    source: Annotated[
        str,
        typer.Argument(
            help="A workbook (xlsx, ods); a file, folder or zip of tables; or the address of a database.",
            show_default=False,
        ),
    ],
    config: Annotated[
        Path | None, typer.Option(help="Settings; default: report.toml beside the source, if there.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Where reports land.")] = Path("output"),
    cutoff: Annotated[str, typer.Option(help="What was known on this day: YYYY-MM-DD.")] = "",
    period: Annotated[str, typer.Option(help="What was known at the end of this month: YYYY-MM.")] = "",
    format: Annotated[str, typer.Option(help="Formats, separated by commas: html, pdf.")] = "html,pdf",
    profile: Annotated[str, typer.Option(help="Who will read it: internal, board, external.")] = "",
    language: Annotated[str, typer.Option(help="The language of the report: en.")] = "",
    on_invalid: Annotated[
        str, typer.Option(help="Patients with errors: refuse the data, or exclude them and say so.")
    ] = "refuse",
    strict: Annotated[bool, typer.Option("--strict", help="Refuse data with warnings, too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Say what was made as JSON.")] = False,
) -> None:
    """Make the report of SOURCE: report.html, report.pdf and the numbers behind them."""
    from reportgen.pipeline import Request
    from reportgen.pipeline import build as make

    overrides = _overrides(period, cutoff, profile, language)
    _known_answer(on_invalid)
    request = Request(source, config, output, period, _formats(format), overrides, on_invalid, strict)
    outcome = make(request, _progress(quiet))
    doubtful = sum(issue.severity == WARNING for issue in outcome.issues)
    if json:
        typer.echo(
            _json(
                {
                    "status": "done",
                    "folder": str(outcome.folder),
                    "files": sorted(outcome.files),
                    "patients": outcome.patients,
                    "warnings": doubtful,
                }
            )
        )
    elif not quiet:
        for name in sorted(outcome.files):
            typer.echo(f"{outcome.folder / name}")
        if doubtful:
            where = "see queries.xlsx" if "queries.xlsx" in outcome.files else "reportgen check names them"
            typer.echo(f"{doubtful} doubtful point{'s' if doubtful > 1 else ''} in the data: {where}")


@app.command()
def case(
    source: Annotated[
        str, typer.Argument(help="The workbook, or another source that build takes.", show_default=False)
    ],
    patients: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATIENT_ID]…", help="Ids as in the source.", show_default=False),
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every patient.")] = False,
    question: Annotated[str, typer.Option(help="The question to the board.")] = "",
    encrypt: Annotated[
        bool,
        typer.Option(
            "--encrypt", help="A second copy under a password: asked for, or taken from REPORTGEN_PASSWORD."
        ),
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=0, help="Processes at once; 0: one per processor.", show_default=False)
    ] = 0,
    config: Annotated[
        Path | None, typer.Option(help="Settings; default: report.toml beside the source, if there.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Where reports land.")] = Path("output"),
    cutoff: Annotated[str, typer.Option(help="What was known on this day: YYYY-MM-DD.")] = "",
    period: Annotated[str, typer.Option(help="What was known at the end of this month: YYYY-MM.")] = "",
    format: Annotated[str, typer.Option(help="A case review is a PDF.")] = "pdf",
    profile: Annotated[str, typer.Option(help="Who will read it: internal, board.")] = "",
    language: Annotated[str, typer.Option(help="The language of the review: en.")] = "",
    on_invalid: Annotated[
        str, typer.Option(help="Patients with errors: refuse the data, or exclude them and say so.")
    ] = "refuse",
    strict: Annotated[bool, typer.Option("--strict", help="Refuse data with warnings, too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Say what was made as JSON.")] = False,
) -> None:
    """Make a case review of one or two pages for PATIENT_ID …, each against the other patients of SOURCE."""
    from reportgen.cases import CaseRequest, CasesFailed, cases
    from reportgen.pipeline import Request

    _known_answer(on_invalid)
    if format != "pdf":
        raise UsageError(f"A case review is a PDF: --format takes pdf, but was {format!r}.")
    overrides = _overrides(period, cutoff, profile, language)
    common = Request(source, config, output, period, ("pdf",), overrides, on_invalid, strict)
    request = CaseRequest(
        common, tuple(patients or ()), everyone, question, _password() if encrypt else "", jobs
    )
    try:
        _say_cases(cases(request, _progress(quiet), _bar(quiet)), quiet, json)
    except CasesFailed as failed:
        _say_cases(failed.outcome, quiet, json)
        raise


def _say_cases(outcome, quiet: bool, json: bool) -> None:
    if json:
        said = {
            "status": "failed" if outcome.failures else "done",
            "folder": str(outcome.folder),
            "files": sorted(outcome.files),
            "patients": outcome.patients,
            "failed": len(outcome.failures),
        }
        typer.echo(_json(said))
    elif not quiet and outcome.patients:
        reviews = f"{outcome.patients} case review{'s' if outcome.patients > 1 else ''}"
        typer.echo(f"{reviews} in {outcome.folder}")


def _password() -> str:
    """Never an argument: these are seen by everybody on the machine, and kept by the shell."""
    given = os.environ.get("REPORTGEN_PASSWORD")
    if given is None and not sys.stdin.isatty():
        raise UsageError("--encrypt asks for the password at a terminal; elsewhere set REPORTGEN_PASSWORD.")
    if given is None:
        given = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if not given:
        raise UsageError("The password is empty.")
    return given


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the files land.")] = Path(),
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
) -> None:
    """Write a template workbook, ready to be filled in, and a report.toml in which every setting is explained."""
    from reportgen import template

    made = template.init(folder)
    if not quiet:
        for path in made:
            typer.echo(f"{path}")


@app.command()
def check(
    source: Annotated[
        str, typer.Argument(help="The workbook, or another source that build takes.", show_default=False)
    ],
    config: Annotated[
        Path | None, typer.Option(help="Settings; default: report.toml beside the source, if there.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Where queries.xlsx lands.")] = Path("output"),
    cutoff: Annotated[str, typer.Option(help="What was known on this day: YYYY-MM-DD.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Refuse data with warnings, too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Say all findings as JSON.")] = False,
) -> None:
    """Say all that is wrong or doubtful in SOURCE, with sheet and cell, and write queries.xlsx."""
    from reportgen import checking

    checked = checking.check(source, config, output, {"cutoff": _day(cutoff)} if cutoff else {})
    refused = checked.refused or (strict and any(issue.severity == WARNING for issue in checked.issues))
    if json:
        typer.echo(_json(checking.as_json(checked)))
    elif not quiet or refused:
        for line in checking.as_text(checked):
            typer.echo(line)
        typer.echo(f"\nThe questions are in {checked.queries}")
    if refused:
        raise typer.Exit(DataRefused.status)


@app.command()
def verify(
    run: Annotated[Path, typer.Argument(help="The folder of a published report.", show_default=False)],
    source: Annotated[
        str, typer.Argument(help="What it was made from: makes it again.", show_default=False)
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Say all findings as JSON.")] = False,
) -> None:
    """Prove that a published report is intact and, given its SOURCE, that it can be made again."""
    from reportgen.verification import verify as check_run
    from reportgen.verification.words import as_json, as_text

    verdict = check_run(run, source or None)
    if json:
        typer.echo(_json(as_json(verdict)))
    else:
        typer.echo("\n".join(as_text(verdict)))
    if not verdict.intact:
        raise typer.Exit(DIFFERENT)


@app.command()
def doctor(
    output: Annotated[Path, typer.Option(help="Where reports are to land.")] = Path("output"),
    json: Annotated[bool, typer.Option("--json", help="Say it as JSON.")] = False,
) -> None:
    """Say whether this machine can make reports, and how to mend it."""
    from reportgen.doctor import as_json, as_text, examine, healthy

    checks = examine(output)
    typer.echo(_json(as_json(checks)) if json else "\n".join(as_text(checks)))
    if not healthy(checks):
        raise typer.Exit(MachineFailed.status)


def _overrides(period: str, cutoff: str, profile: str, language: str) -> dict[str, object]:
    """The settings that were given on the command line; a cut-off wins over the end of a period."""
    given = {
        "cutoff": _day(cutoff) if cutoff else _month_end(period) if period else None,
        "privacy.profile": profile,
        "language": language,
    }
    return {name: value for name, value in given.items() if value}


def _known_answer(on_invalid: str) -> None:
    if on_invalid not in ("refuse", "exclude"):
        raise UsageError(f"--on-invalid must be refuse or exclude, but was {on_invalid!r}.")


def _json(answer: dict) -> str:
    import json

    return json.dumps(answer, allow_nan=False)


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise UsageError(f"--format takes {' and '.join(FORMATS)}, but was {text!r}.")
    return wanted


def _day(text: str) -> "date":
    from datetime import datetime

    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(f"--cutoff must be a day as YYYY-MM-DD, but was {text!r}.") from error


def _month_end(text: str) -> "date":
    from calendar import monthrange
    from datetime import datetime

    try:
        first = datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise UsageError(f"--period must be a month as YYYY-MM, but was {text!r}.") from error
    if text != f"{first:%Y-%m}":
        raise UsageError(f"--period must be a month as YYYY-MM, but was {text!r}.")
    return first.replace(day=monthrange(first.year, first.month)[1])


def _progress(quiet: bool):
    if quiet or not sys.stderr.isatty():
        return lambda step: None
    return lambda step: typer.echo(f"reportgen: {step} …", err=True)


def _bar(quiet: bool):
    """How many are done, on one line that is written over."""
    if quiet or not sys.stderr.isatty():
        return lambda done, total, failed: None

    def draw(done: int, total: int, failed: int) -> None:
        full = WIDE * done // max(total, 1)
        said = f" · {failed} failed" if failed else ""
        line = f"\r{'█' * full}{'░' * (WIDE - full)} {done}/{total}{said}"
        typer.echo(line, err=True, nl=done == total)

    return draw


def main() -> NoReturn:
    """Run the command line; every end becomes its exit status and a message that says what to do."""
    leave(run(app))
