"""Options that several commands have in common, and what they mean."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

FORMATS = ("html", "pdf")

Source = Annotated[
    str,
    typer.Argument(
        help="A workbook (xlsx, ods); a file, folder or zip of tables; or the address of a database.",
        show_default=False,
    ),
]
SameSource = Annotated[
    str, typer.Argument(help="The workbook, or another source that build takes.", show_default=False)
]
Config = Annotated[
    Path | None, typer.Option(help="Settings; default: report.toml beside the source, if there.")
]
Output = Annotated[Path, typer.Option(help="Where reports land.")]
Cutoff = Annotated[str, typer.Option(help="What was known on this day: YYYY-MM-DD.")]
Period = Annotated[str, typer.Option(help="What was known at the end of this month: YYYY-MM.")]
Formats = Annotated[str, typer.Option(help="Formats, separated by commas: html, pdf.")]
Profile = Annotated[str, typer.Option(help="Who will read it: internal, board, external.")]
Language = Annotated[str, typer.Option(help="The language of the report: en.")]
OnInvalid = Annotated[
    str, typer.Option(help="Patients with errors: refuse the data, or exclude them and say so.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse data with warnings, too.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Say what was made as JSON.")]
JsonFindings = Annotated[bool, typer.Option("--json", help="Say all findings as JSON.")]


def overrides(period: str, cutoff: str, profile: str, language: str) -> dict[str, object]:
    """The settings that were given on the command line; a cut-off wins over the end of a period."""
    given = {
        "cutoff": day(cutoff) if cutoff else month_end(period) if period else None,
        "privacy.profile": profile,
        "language": language,
    }
    return {name: value for name, value in given.items() if value}


def known_answer(on_invalid: str) -> None:
    if on_invalid not in ("refuse", "exclude"):
        raise UsageError(f"--on-invalid must be refuse or exclude, but was {on_invalid!r}.")


def formats(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise UsageError(f"--format takes {' and '.join(FORMATS)}, but was {text!r}.")
    return wanted


def day(text: str) -> "date":
    from datetime import datetime

    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(f"--cutoff must be a day as YYYY-MM-DD, but was {text!r}.") from error


def month_end(text: str) -> "date":
    from calendar import monthrange
    from datetime import datetime

    try:
        first = datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise UsageError(f"--period must be a month as YYYY-MM, but was {text!r}.") from error
    if text != f"{first:%Y-%m}":
        raise UsageError(f"--period must be a month as YYYY-MM, but was {text!r}.")
    return first.replace(day=monthrange(first.year, first.month)[1])
