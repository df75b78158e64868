"""`reportgen init` and `check`: a workbook to fill in, and what is wrong with a filled one."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from reportgen.base.errors import WARNING, DataRefused
from reportgen.cli import options
from reportgen.cli.map import map_
from reportgen.cli.output import say_json, tell, tell_lines
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
    from reportgen.schemas import as_text

    made = template.init(folder, as_text("report.toml"))
    if not quiet:
        for path in made:
            tell(path)


def check(
    source: options.SameSource,
    config: options.Config = None,
    output: Annotated[Path, typer.Option(help="Where queries.xlsx lands.")] = Path("output"),
    cutoff: options.Cutoff = "",
    answers: options.Answers = None,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
    json: options.JsonFindings = False,
) -> None:
    """Say all that is wrong or doubtful in SOURCE, with sheet and cell, and write queries.xlsx."""
    from reportgen.run import checking
    from reportgen.run.understood_lines import width_of_terminal

    checked = checking.check(source, config, output, {"cutoff": day(cutoff)} if cutoff else {}, answers)
    if checked.kept:
        tell(f"reportgen: {checked.kept}", err=True)
    refused = checked.refused or (strict and any(issue.severity == WARNING for issue in checked.issues))
    if json:
        say_json(checking.as_json(checked))
    elif not quiet or refused:
        for line in checking.as_text(checked, width_of_terminal(), wrap=sys.stdout.isatty()):
            typer.echo(line)
        tell()
        tell(f"The questions are in {checked.queries}")
    if refused:
        raise typer.Exit(DataRefused.status)


def queries(
    source: options.SameSource,
    config: options.Config = None,
    output: Annotated[Path, typer.Option(help="Where the reports land.")] = Path("output"),
    answers: options.Answers = None,
    json: Annotated[bool, typer.Option("--json", help="Say them as JSON.")] = False,
) -> None:
    """List every question that was ever asked of SOURCE, open and closed, with all answers; takes in new answers."""
    from reportgen.run import question_list

    told = question_list.told(source, config, output, answers)
    for said in told.unread:
        tell(f"reportgen: {said}", err=True)
    if json:
        say_json(question_list.as_json(told))
    else:
        for line in question_list.as_text(told):
            typer.echo(line)


def history(
    source: options.SameSource,
    config: options.Config = None,
    output: Annotated[Path, typer.Option(help="Where the reports land.")] = Path("output"),
    keep: Annotated[
        int | None, typer.Option(metavar="N", help="Let go of all months but the last N.", show_default=False)
    ] = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all of it into a JSON file (patients' data).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Say it as JSON.")] = False,
) -> None:
    """Show what is kept of the reports of SOURCE; let go of old months, or give all of it out."""
    from dataclasses import asdict

    from reportgen.history import retention

    place, cohort = retention.place_of_source(source, config, output)
    written = retention.export(place, cohort, export) if export else None
    gone = retention.prune(place, cohort, keep) if keep is not None else ()
    months = retention.shown(place, cohort)
    size = place.stat().st_size if isinstance(place, Path) and place.is_file() else None
    if json:
        say_json(
            {
                "kept": [asdict(month) for month in months],
                "bytes": size,
                "gone": list(gone),
                "exported": written,
            }
        )
        return
    for line in retention.as_text(months, size):
        typer.echo(line)
    if gone:
        typer.echo(f"gone: {', '.join(gone)}")
    if export:
        tell(f"{export}: {written} report{'s' * (written != 1)}; it holds patients' data")


def releases(
    source: options.SameSource,
    config: options.Config = None,
    output: Annotated[Path, typer.Option(help="Where the reports land.")] = Path("output"),
    forget_release: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="Let the last one, or that of --number, count no more; say why.",
            show_default=False,
        ),
    ] = None,
    number: Annotated[int | None, typer.Option(help="Which one to forget.", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="Say it as JSON.")] = False,
) -> None:
    """List the reports of SOURCE that were made for readers outside: a new one is attacked together with them."""
    from reportgen.history.releases import forget
    from reportgen.history.releases import releases as known
    from reportgen.history.retention import place_of_source
    from reportgen.run.earlier_releases import as_data, lines

    place, cohort = place_of_source(source, config, output)
    if forget_release is not None:
        forget(place, cohort, forget_release, number)
    found = known(place, cohort)
    if json:
        say_json({"releases": [as_data(one) for one in found]})
    else:
        tell_lines(lines(found, output / cohort))
