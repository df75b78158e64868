"""`reportgen batch`."""

from pathlib import Path
from typing import Annotated

import typer

from reportgen.base.errors import UsageError
from reportgen.cli import options
from reportgen.cli.output import bar, say_json, tell
from reportgen.settings.choices import cutoff_of, day, formats, month

SAID = ("name", "period", "exit", "why", "folder", "patients")


def batch(
    manifest: Annotated[
        Path,
        typer.Argument(
            metavar="MANIFEST", help="A manifest.toml with a [[cohort]] for each.", show_default=False
        ),
    ],
    workers: Annotated[
        int, typer.Option(min=0, help="Processes at once; 0: one per processor.", show_default=False)
    ] = 0,
    scheduler: options.Scheduler = "",
    insecure_cluster: options.InsecureCluster = False,
    config: options.Config = None,
    output: Annotated[
        Path | None, typer.Option(help="Where reports land; default: as the manifest says, or output.")
    ] = None,
    cutoff: options.Cutoff = "",
    period: options.Period = "",
    catch_up: Annotated[
        bool,
        typer.Option("--catch-up", help="Every complete month that a cohort lacks, in place of --period."),
    ] = False,
    format: Annotated[
        str, typer.Option(help="Formats, separated by commas, whatever the manifest says.")
    ] = "",
    profile: options.Profile = "",
    language: options.Language = "",
    on_invalid: Annotated[
        str, typer.Option(help="Patients with errors: refuse, or exclude; default: refuse.")
    ] = "",
    strict: options.Strict = False,
    quiet: options.Quiet = False,
    json: options.Json = False,
) -> None:
    """Make the reports of many cohorts, in parallel, and an index over them. What is said here wins over MANIFEST."""
    from reportgen.batch import Asked, BatchRequest, SomeFailed
    from reportgen.batch import batch as make

    if catch_up and (period or cutoff):
        raise UsageError("--catch-up finds the months itself: leave out --period and --cutoff.")
    cutoff_of(cutoff, month(period))
    cluster = options.cluster(scheduler, insecure_cluster)
    if on_invalid:
        options.known_answer(on_invalid)
    asked = Asked(output, config, period, day(cutoff) if cutoff else None, formats(format) if format else (), profile,
                  language, on_invalid, strict)  # fmt: skip
    try:
        _say(make(BatchRequest(manifest, asked, workers, cluster, catch_up), bar(quiet)), quiet, json)
    except SomeFailed as failed:
        _say(failed.outcome, quiet, json)
        raise


def _say(outcome, quiet: bool, json: bool) -> None:
    for row in outcome.rows:
        for said in filter(None, (row.reported.kept, *row.reported.doubts)) if row.reported else ():
            tell(f"reportgen: {row.name}: {said}", err=True)
    done = len(outcome.rows) - len(outcome.failed)
    if json:
        say_json(
            {
                "status": "failed" if outcome.failed else "done",
                "index": str(outcome.index),
                "reported": done,
                "cohorts": [row.said(*SAID) for row in outcome.rows],
            }
        )
    elif not quiet and not outcome.rows:
        typer.echo("No month is missing.")
    elif not quiet:
        tell(f"{done} of {len(outcome.rows)} reports made; the index is {outcome.index}")
