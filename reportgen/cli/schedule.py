"""`reportgen schedule`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.base.errors import UsageError
from reportgen.cli import options
from reportgen.cli.output import say_json, tell, tell_lines
from reportgen.settings.choices import formats

if TYPE_CHECKING:
    from reportgen.unattended.status import Status as RunStatus

RELEASES = (
    "every month is a release for readers outside: each is attacked together with those before it, and more and more "
    "is masked. Publish seldom (docs/privacy.md)."
)
Monthly = Annotated[bool, typer.Option("--monthly", help="Every month, of the month before it.")]
Show = Annotated[bool, typer.Option("--print", help="Show what would be installed; this is the default.")]
Install = Annotated[bool, typer.Option("--install", help="Install it for you, and say how to undo it.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take it away again.")]
Status = Annotated[bool, typer.Option("--status", help="How the last run ended, from status.json.")]
Settle = Annotated[bool, typer.Option("--settle", hidden=True)]
Kind = Annotated[
    str, typer.Option(help="systemd, cron or windows; default: what this machine has.", show_default=False)
]
Day = Annotated[int, typer.Option(help="Day of the month, up to 28.")]
Time = Annotated[str, typer.Option(help="Time of the day.")]
Json = Annotated[bool, typer.Option("--json", help="Say it as JSON.")]


def schedule(
    source: options.SameSource,
    monthly: Monthly = False,
    show: Show = False,
    install: Install = False,
    remove: Remove = False,
    status: Status = False,
    settle: Settle = False,
    kind: Kind = "",
    day: Day = 1,
    time: Time = "06:00",
    config: options.Config = None,
    output: options.Output = Path("output"),
    format: options.Formats = "",
    profile: options.Profile = "",
    language: options.Language = "",
    on_invalid: options.OnInvalid = "refuse",
    strict: options.Strict = False,
    quiet: options.Quiet = False,
    json: Json = False,
) -> None:
    """A ready systemd timer, crontab line or Windows task for the monthly report of SOURCE."""
    from reportgen.run.pipeline import Request

    options.known_answer(on_invalid)
    if sum((show, install, remove, status, settle)) > 1:
        raise UsageError("--print, --install, --remove and --status: one of them at a time.")
    wanted = formats(format) if format else ()
    overrides = options.overrides("", "", profile, language)
    request = Request(source, config, output, "", wanted, overrides, on_invalid, strict)
    passed = _passed(wanted, profile, language, on_invalid, strict)
    many = _asked_of_many(source, request, profile, language)
    if status or settle:
        _settle_or_say(request, many, settle, json)
        return
    if not (monthly or remove):
        raise UsageError("Say how often: --monthly.")
    from reportgen.unattended.schedule import files_of
    from reportgen.unattended.schedule import install as put
    from reportgen.unattended.schedule import remove as take

    kind = _kind(kind)
    if profile == "external" and not remove:
        typer.echo(f"reportgen: {RELEASES}", err=True)
    plan = _plan(request, many, passed, day, time)
    if not remove:
        _try(request, many, install)
    if not (install or remove):
        _say_files(files_of(plan, kind), kind, json)
        return
    did = take(plan, kind) if remove else put(plan, kind)
    if install:
        did.append(f"to undo it: the same command with --remove in place of --install ({plan.name})")
    if json:
        say_json({"status": "done", "kind": kind, "name": plan.name, "did": did})
    elif not quiet:
        tell_lines(did)


def _kind(asked: str) -> str:
    """The kind of timer that is asked for, or else that of this machine. UsageError for one that is not known."""
    from reportgen.unattended.schedule import KINDS, kind_here

    if asked and asked not in KINDS:
        raise UsageError(f"--kind must be {', '.join(KINDS[:-1])} or {KINDS[-1]}, but was {asked!r}.")
    return asked or kind_here()


def _asked_of_many(source: str, request, profile: str, language: str):
    """What the command line says to a manifest of many cohorts; None where SOURCE is none."""
    from reportgen.batch.manifest import Asked, is_manifest

    if not is_manifest(source):
        return None
    output = request.output if request.output != Path("output") else None
    on_invalid = request.on_invalid if request.on_invalid != "refuse" else ""
    return Asked(
        output, request.config, "", None, request.formats, profile, language, on_invalid, request.strict
    )


def _plan(request, many, passed: tuple[str, ...], day: int, time: str):
    from reportgen.batch.scheduling import batch_plan
    from reportgen.unattended.schedule import Wanted, plan_of

    if many is not None:
        return batch_plan(Path(request.source), many, passed, day, time)
    return plan_of(Wanted(request, passed, day, time))


def _settle_or_say(request, many, settle: bool, json: bool) -> None:
    """How the last run ended; with settle, what is to be done where it was killed."""
    from reportgen.batch import unattended as batches
    from reportgen.batch.manifest import read_manifest
    from reportgen.unattended import last_run

    if many is not None:
        output = read_manifest(Path(request.source), many)[1]
        if settle:
            batches.settle(Path(request.source), output)
        else:
            _say_status(batches.last_batch(output), json)
    elif settle:
        last_run.settle(request)
    else:
        _say_status(last_run.last_run(request), json)


def _try(request, many, whole: bool) -> None:
    """Refuse what can't be read; before it is installed, make the report once and throw it away."""
    from datetime import date

    from reportgen.batch.scheduling import try_batch
    from reportgen.unattended import trial

    if many is not None:
        try_batch(Path(request.source), many)
    elif whole:
        trial.tried(request, date.today())
    else:
        trial.read(request)


def _passed(
    wanted: tuple[str, ...], profile: str, language: str, on_invalid: str, strict: bool
) -> tuple[str, ...]:
    """The options that the monthly run is given on."""
    given = {"--format": ",".join(wanted), "--profile": profile, "--language": language}
    given |= {"--on-invalid": on_invalid} if on_invalid != "refuse" else {}
    passed = [word for option, value in given.items() if value for word in (option, value)]
    return (*passed, *(("--strict",) if strict else ()))


def _say_files(files: dict[str, str], kind: str, json: bool) -> None:
    if json:
        say_json({"kind": kind, "files": files})
    elif len(files) == 1:
        typer.echo("".join(files.values()), nl=False)
    else:
        typer.echo("\n".join(f"# {name}\n{text}" for name, text in files.items()), nl=False)


def _say_status(status: "RunStatus", json: bool) -> None:
    from reportgen.unattended.status import as_json

    if json:
        say_json(as_json(status))
        return
    said = {"state": status.state, "exit": status.exit, "period": status.period, "started": status.started,
            "ended": status.ended, "what failed": status.what_failed}  # fmt: skip
    for name, value in said.items():
        if value not in (None, ""):
            tell(f"{name}: {value}")
    if status.missing:
        tell(f"still missing: {', '.join(status.missing)}")
    for one in status.reports if status.command == "batch" else ():
        tell(f"{one.cohort} {one.period}: {one.state}{one.what_failed and ': '}{one.what_failed}")
    if status.command != "batch":
        good = status.last_good
        tell(f"last good report: {good.folder}, made {good.ended}" if good else "last good report: none")
