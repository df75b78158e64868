"""`reportgen case`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from reportgen.base.errors import UsageError
from reportgen.cli import options
from reportgen.cli.output import bar, progress, say_json, tell
from reportgen.settings.choices import month


def case(
    source: options.SameSource,
    patients: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATIENT_ID", help="Ids as in the source.", show_default=False),
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
    scheduler: options.Scheduler = "",
    insecure_cluster: options.InsecureCluster = False,
    config: options.Config = None,
    output: options.Output = Path("output"),
    cutoff: options.Cutoff = "",
    period: options.Period = "",
    format: Annotated[str, typer.Option(help="pdf, pptx: slides of the same, or pdf,pptx.")] = "pdf",
    profile: Annotated[str, typer.Option(help="Who will read it: internal, board.")] = "",
    language: Annotated[str, typer.Option(help="The language of the review: en, de.")] = "",
    on_invalid: options.OnInvalid = "refuse",
    strict: options.Strict = False,
    new_pseudonyms: options.NewPseudonyms = False,
    quiet: options.Quiet = False,
    json: options.Json = False,
) -> None:
    """Make a case review of one or two pages for PATIENT_ID …, each against the other patients of SOURCE."""
    from reportgen.casereview.cases import FOLDER, CaseRequest, CasesFailed, cases
    from reportgen.run.pipeline import Request
    from reportgen.unattended.followed import followed

    options.known_answer(on_invalid)
    cluster = options.cluster(scheduler, insecure_cluster)
    wanted = tuple(part.strip() for part in format.split(","))
    if wanted not in (("pdf",), ("pptx",), ("pdf", "pptx"), ("pptx", "pdf")):
        raise UsageError(
            f"A case review is a PDF, slides, or both: pdf, pptx or pdf,pptx, but was {format!r}."
        )
    period = month(period)
    overrides = options.overrides(period, cutoff, profile, language)
    common = Request(source, config, output, period, wanted, overrides, on_invalid, strict,
                     new_pseudonyms=new_pseudonyms)  # fmt: skip
    request = CaseRequest(
        common, tuple(patients or ()), everyone, question, _password() if encrypt else "", jobs, cluster
    )
    try:
        with followed(common, "case") as run, progress(quiet) as told:
            made = run.attempt(common, lambda _: cases(request, told, bar(quiet)), FOLDER)
    except CasesFailed as failed:
        _say(failed.outcome, quiet, json)
        raise
    _say(made, quiet, json)


def _say(outcome, quiet: bool, json: bool) -> None:
    if json:
        say_json(
            {
                "status": "failed" if outcome.failures else "done",
                "folder": str(outcome.folder),
                "files": sorted(outcome.files),
                "patients": outcome.patients,
                "failed": len(outcome.failures),
            }
        )
    elif not quiet and outcome.patients:
        reviews = f"{outcome.patients} case review{'s' if outcome.patients > 1 else ''}"
        tell(f"{reviews} in {outcome.folder}")


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
