"""`reportgen build`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from reportgen.base.errors import WARNING, UsageError
from reportgen.cli import options
from reportgen.cli.output import fresh_line, progress, say_json, tell
from reportgen.settings.choices import formats, month, unfinished

PAGE = "report.html"
CatchUp = Annotated[
    bool,
    typer.Option("--catch-up", help="Every complete month since the last kept one, in place of --period."),
]
Scheduler = Annotated[
    str, typer.Option(help="Of a Dask cluster that counts a large registry: tcp://host:8786.")
]
Memory = Annotated[
    str,
    typer.Option(
        help="What the columns of a registry may take, else they lie in a file: 2GB. Default: half of "
        "what is free, at most 600 MB."
    ),
]
Open = Annotated[bool, typer.Option("--open", help="Open the finished page in the browser.")]
Watch = Annotated[
    bool, typer.Option("--watch", help="Make it again whenever SOURCE or its settings are saved.")
]


def build(
    source: options.Source,
    config: options.Config = None,
    output: options.Output = Path("output"),
    cutoff: options.Cutoff = "",
    period: options.Period = "",
    catch_up: CatchUp = False,
    format: options.Formats = "html,pdf",
    profile: options.Profile = "",
    language: options.Language = "",
    on_invalid: options.OnInvalid = "refuse",
    strict: options.Strict = False,
    answers: options.Answers = None,
    new_pseudonyms: options.NewPseudonyms = False,
    scheduler: Scheduler = "",
    insecure_cluster: options.InsecureCluster = False,
    memory: Memory = "",
    open_: Open = False,
    watch: Watch = False,
    quiet: options.Quiet = False,
    json: options.Json = False,
) -> None:
    """Make the report of SOURCE: report.html, report.pdf and the numbers behind them."""
    from reportgen.base.aside import amount
    from reportgen.run.pipeline import Request
    from reportgen.unattended.followed import followed

    options.known_answer(on_invalid)
    cluster = options.cluster(scheduler, insecure_cluster)
    wanted, most = formats(format), amount(memory)

    def request(when: str) -> Request:
        overrides = options.overrides(when, cutoff, profile, language)
        return Request(source, config, output, when, wanted, overrides, on_invalid, strict, cluster,
                       answers=answers, new_pseudonyms=new_pseudonyms, memory=most)  # fmt: skip

    shown = partial(_shown, quiet=quiet)
    if catch_up:
        if period or cutoff:
            raise UsageError("--catch-up finds the months itself: leave out --period and --cutoff.")
        _catch_up(request, shown, quiet, json)
        return
    if open_ and "html" not in wanted:
        raise UsageError("--open shows report.html: name html among the formats.")
    one = request(month(period))
    if watch:
        if json:
            raise UsageError("--watch never ends by itself, so that it has no answer in JSON.")
        _watch(one, shown, open_, quiet)
        return
    if (said := unfinished(one.period, cutoff)) and not quiet:
        tell(f"reportgen: {said}", err=True)
    with followed(one, "build") as run:
        outcome = run.attempt(one, shown)
    if json:
        say_json({"status": "done", **_answer(outcome)})
    elif not quiet:
        _say(outcome)
    if open_:
        _open((outcome.folder / PAGE).resolve().as_uri())


def _shown(request, quiet: bool):
    """Make a report, and say how far it is and what is doubtful."""
    from reportgen.run.pipeline import build as make

    def before(said: str) -> None:
        if not quiet:
            typer.echo(fresh_line(), err=True, nl=False)
            tell(f"reportgen: {said}", err=True)

    with progress(quiet) as told:
        outcome = make(request, told, before)
    for said in filter(None, (outcome.kept, *outcome.doubts)):
        tell(f"reportgen: {said}", err=True)
    return outcome


def _open(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        tell(f"reportgen: no browser could be opened; the page is at {address}", err=True)


def _watch(one, shown, open_: bool, quiet: bool) -> None:
    """The report now and after every change, until Ctrl-C."""
    from reportgen.desk.watch import watch

    def make() -> Path:
        outcome = shown(one)
        if not quiet:
            _say(outcome)
        return outcome.folder / PAGE

    def said(words: str) -> None:
        tell(f"reportgen: {words}", err=True)

    watch(make, one.source, one.config, said, _open if open_ else None)


def _catch_up(request, make, quiet: bool, json: bool) -> None:
    from datetime import date

    from reportgen.unattended.followed import followed
    from reportgen.unattended.missed_months import MonthsFailed, caught_up

    try:
        with followed(request(""), "build") as run:
            made = caught_up(run, make, request, date.today())
    except MonthsFailed as failed:
        _say_months(failed.made, run.reports, failed, quiet, json)
        raise
    _say_months(made, run.reports, None, quiet, json)


def _say_months(made, reports, failed, quiet: bool, json: bool) -> None:
    if json:
        months = [
            {"period": report.period, "status": report.state, "exit": report.exit} for report in reports
        ]
        answer = {"status": failed.state if failed else "done", "months": months}
        say_json({**answer, "reports": [_answer(outcome) for outcome in made]})
    elif not quiet:
        for outcome in made:
            _say(outcome)
        if not reports:
            typer.echo("No month is missing.")


def _answer(outcome) -> dict[str, object]:
    return {
        "folder": str(outcome.folder),
        "files": sorted(outcome.files),
        "patients": outcome.patients,
        "warnings": _doubtful(outcome),
        **({"anonymity": outcome.anonymity} if outcome.anonymity else {}),
        "queries": str(outcome.queries) if outcome.queries else None,
        **({"kept": outcome.kept} if outcome.kept else {}),
        **({"doubts": list(outcome.doubts)} if outcome.doubts else {}),
    }


def _say(outcome) -> None:
    for name in sorted(outcome.files):
        tell(outcome.folder / name)
    if outcome.queries and outcome.queries.parent != outcome.folder:
        tell(outcome.queries)
    if outcome.anonymity:
        tell(outcome.anonymity)
    doubtful = _doubtful(outcome)
    if doubtful:
        where = "see queries.xlsx" if outcome.queries else "reportgen check names them"
        typer.echo(f"{doubtful} doubtful point{'s' if doubtful > 1 else ''} in the data: {where}")


def _doubtful(outcome) -> int:
    return sum(issue.severity == WARNING for issue in outcome.issues)
