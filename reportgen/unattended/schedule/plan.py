"""What is to be run every month, with what it may touch: the same for every kind of scheduler."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from reportgen.base.errors import UsageError
from reportgen.base.message import message
from reportgen.cohort.mapping.source_settings import settings_before
from reportgen.cohort.source import database_of, is_redcap, is_url, project_of, stem_of
from reportgen.run.pipeline import Request, root_of

MOST_DAY = 28
TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
SECRETS = "environment"


@dataclass(frozen=True)
class Wanted:
    """What the user asked for: a request as for build, the options as they were given, a day and a time."""

    request: Request
    options: tuple[str, ...] = ()
    day: int = 1
    time: str = "06:00"


@dataclass(frozen=True)
class Plan:
    """The monthly run. command: its program and arguments; closing: what tells if it was killed.

    writable: the folders that it writes to, the output first. network: what it needs it for; empty: nothing.
    secrets: a file of NAME='value' lines, which need not be there.
    """

    name: str
    command: tuple[str, ...]
    closing: tuple[str, ...]
    folder: Path
    writable: tuple[Path, ...]
    network: str
    secrets: Path
    day: int
    time: str


def plan_of(wanted: Wanted) -> Plan:
    """The plan, with absolute paths. UsageError for a day, a time, a source or a path that can't be scheduled."""
    request = wanted.request
    checked_day(wanted.day, wanted.time)
    root_of(request)
    source = _source(request.source)
    output = Path(request.output).absolute()
    settings = settings_before(request.source, request.config, request.overrides)
    given = ("--config", str(request.config.absolute())) if request.config else ()
    common = (source, "--output", str(output), *given)
    command = (*program(), "build", *common, "--catch-up", "--quiet", *wanted.options)
    closing = (*program(), "schedule", *common, "--settle")
    writable = [output]
    history = settings.history.url
    if history.startswith("sqlite") and is_url(history) and database_of(history):
        writable.append(Path(database_of(history)).absolute().parent)
    plan = Plan(
        named(stem_of(request.source), source, output), command, closing, Path.cwd(),
        tuple(dict.fromkeys(writable)), _network(source, settings), secrets(), wanted.day, wanted.time,
    )  # fmt: skip
    odd(plan)
    return plan


def checked_day(day: int, time: str) -> None:
    """UsageError for a day that not every month has, or what is no time."""
    if not 1 <= day <= MOST_DAY:
        raise UsageError(
            message(
                "--day must be between 1 and {most_day}, which every month has, but was {day}.",
                most_day=MOST_DAY,
                day=day,
            )
        )
    if not TIME.fullmatch(time):
        raise UsageError(message("--time must be a time such as 06:00, but was {time}.", time=repr(time)))


def odd(plan: Plan) -> None:
    """UsageError where a word could begin a line of its own."""
    if not all(text.isprintable() for text in (*plan.command, str(plan.folder))):
        raise UsageError(message("A path or an option holds a line break or a control character; rename it."))


def _source(source: Path | str) -> str:
    if not is_url(source):
        if not Path(source).exists():
            raise UsageError(
                message("There is no {name} to be scheduled; check the path.", name=repr(Path(source).name))
            )
        return str(Path(source).absolute())
    address = str(source)
    if is_redcap(address):
        if not project_of(address) or ":" in urlsplit(address).netloc.rpartition("@")[0]:
            raise UsageError(
                message(
                    "The address of the REDCap project is not understood; write redcap://PROJECT@host/api/."
                )
            )
        return address
    if ":" in urlsplit(address).netloc.rpartition("@")[0] or "password" in address.casefold():
        raise UsageError(
            message(
                "The address holds a password, which a schedule would show to whoever lists it. Leave it "
                "away, and keep it where the database looks for it, such as ~/.pgpass."
            )
        )
    if address.startswith("sqlite") and not database_of(address).startswith("/") and os.name != "nt":
        raise UsageError(
            message(
                "The address of an SQLite file must be absolute to be scheduled: sqlite:////srv/cohort.db."
            )
        )
    return address


def _network(source: str, settings) -> str:
    """What the run needs the network for."""
    needs = [
        ("the source is a REDCap project", is_redcap(source)),
        (
            "the source is a database",
            is_url(source) and not source.startswith("sqlite") and not is_redcap(source),
        ),
        (
            "the history is in a database",
            settings.history.url and not settings.history.url.startswith("sqlite"),
        ),
        ("notices go by mail", settings.notify.smtp),
        ("the command of [notify] may need it", settings.notify.command),
    ]
    return ", ".join(why for why, needed in needs if needed)


def program() -> tuple[str, ...]:
    """The program by its absolute path, whatever PATH the scheduler has."""
    folder = Path(sys.executable).parent
    installed = folder / ("reportgen.exe" if os.name == "nt" else "reportgen")
    return (str(installed),) if installed.is_file() else (sys.executable, "-m", "reportgen")


def named(stem: str, source: str, output: Path) -> str:
    """The same for the same source and output, and no other's."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-").lower()[:30] or "source"
    proof = hashlib.sha256("\0".join((source, str(output))).encode()).hexdigest()
    return f"reportgen-{readable}-{proof[:8]}"


def secrets() -> Path:
    """The user's own file of secrets, under XDG_CONFIG_HOME or ~/.config; it need not exist."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "reportgen" / SECRETS
