"""`reportgen build`."""

from pathlib import Path

import typer

from reportgen.asking import formats, unfinished
from reportgen.commands import options
from reportgen.commands.saying import progress, say_json
from reportgen.errors import WARNING


def build(
    source: options.Source,
    config: options.Config = None,
    output: options.Output = Path("output"),
    cutoff: options.Cutoff = "",
    period: options.Period = "",
    format: options.Formats = "html,pdf",
    profile: options.Profile = "",
    language: options.Language = "",
    on_invalid: options.OnInvalid = "refuse",
    strict: options.Strict = False,
    quiet: options.Quiet = False,
    json: options.Json = False,
) -> None:
    """Make the report of SOURCE: report.html, report.pdf and the numbers behind them."""
    from reportgen.pipeline import Request
    from reportgen.pipeline import build as make

    overrides = options.overrides(period, cutoff, profile, language)
    options.known_answer(on_invalid)
    if (said := unfinished(period)) and not quiet:
        typer.echo(f"reportgen: {said}", err=True)
    request = Request(source, config, output, period, formats(format), overrides, on_invalid, strict)
    outcome = make(request, progress(quiet))
    doubtful = sum(issue.severity == WARNING for issue in outcome.issues)
    if json:
        say_json(
            {
                "status": "done",
                "folder": str(outcome.folder),
                "files": sorted(outcome.files),
                "patients": outcome.patients,
                "warnings": doubtful,
            }
        )
    elif not quiet:
        for name in sorted(outcome.files):
            typer.echo(f"{outcome.folder / name}")
        if doubtful:
            where = "see queries.xlsx" if "queries.xlsx" in outcome.files else "reportgen check names them"
            typer.echo(f"{doubtful} doubtful point{'s' if doubtful > 1 else ''} in the data: {where}")
