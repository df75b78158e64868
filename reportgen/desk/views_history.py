"""What was made of a source before: its reports, what changed between two of them, and the monthly run."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reportgen.base.errors import ReportError, UsageError
from reportgen.base.message import message
from reportgen.desk import command_jobs
from reportgen.desk.allowed_files import Source
from reportgen.desk.state import Desk, form_of, source_of
from reportgen.desk.views_made import sent
from reportgen.publish.report_folders import PERIOD, places
from reportgen.run.pipeline import Request as Wanted
from reportgen.run.pipeline import root_of
from reportgen.unattended.schedule import Wanted as Planned


@dataclass(frozen=True)
class Run:
    """A published report. name: what stands for it in an address; period: its month, "" for none; made: when."""

    name: str
    profile: str
    period: str
    cutoff: str
    made: str
    files: tuple[str, ...]
    folder: Path


async def history(desk: Desk, request: Request) -> Response:
    """The reports that were made of a source, and the monthly one."""
    source = source_of(desk, request)
    runs = _runs(desk, source)
    # What the system says of its timers is waited for in a thread, so that other pages are not kept waiting.
    monthly = None if source.dropped else await anyio.to_thread.run_sync(_monthly, desk, source)
    # What is compared unasked: the latest with the one before it that the same people read.
    same = [run.name for run in runs[1:] if run.profile == runs[0].profile]
    earlier = same[0] if same else runs[-1].name if runs else ""
    return desk.show("history", source=source, tab="history", runs=runs, earlier=earlier, monthly=monthly)


async def verify(desk: Desk, request: Request) -> Response:
    """Begin to verify a run of the source, and show that work."""
    source = source_of(desk, request)
    run = _run(desk, source, dict(await form_of(request)).get("run", ""))
    work = command_jobs.Verify(run.folder, source.path, source.settings, desk.language)
    return RedirectResponse(f"/jobs/{desk.jobs.start('verify', source.id, work).id}", 303)


async def compare(desk: Desk, request: Request) -> Response:
    """Begin to compare two runs of the source, and show that work."""
    source, said = source_of(desk, request), dict(await form_of(request))
    old, new = (_run(desk, source, said.get(name, "")) for name in ("old", "new"))
    work = command_jobs.Compare(old.folder, new.folder, source.settings, desk.language)
    return RedirectResponse(f"/jobs/{desk.jobs.start('diff', source.id, work).id}", 303)


async def schedule(desk: Desk, request: Request) -> Response:
    """Begin to install the monthly run, or take it away again, and show that work."""
    from reportgen.unattended.schedule.plan import checked_day

    source, said = source_of(desk, request), dict(await form_of(request))
    if source.dropped:
        raise UsageError(
            message("A dropped file goes when the desk is closed; put it into a folder to report it monthly.")
        )
    day, time = said.get("day", "1"), said.get("time", "06:00")
    day = int(day) if re.fullmatch("[0-9]{1,2}", day) else 0
    checked_day(day, time)
    work = command_jobs.Schedule(_wanted(desk, source, day, time), said.get("do") == "remove")
    return RedirectResponse(f"/jobs/{desk.jobs.start('schedule', source.id, work).id}", 303)


async def run_file(desk: Desk, request: Request) -> Response:
    """A file of a published report; no other."""
    source, name = source_of(desk, request), request.path_params["name"]
    run = _run(desk, source, request.path_params["run"])
    if name not in run.files:
        raise HTTPException(404)
    return sent(run.folder / name)


def _runs(desk: Desk, source: Source) -> list[Run]:
    """The latest first."""
    root, found = root_of(Wanted(source.path, source.settings, desk.places.output)), []
    for folder in places(root):
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):  # no report lies there
            manifest = json.loads((folder / "manifest.json").read_bytes())
            files = tuple(
                name for name in (*manifest["outputs"], "manifest.json") if _is_made(folder / name, folder)
            )
            profile = str(manifest["settings"].get("privacy", {}).get("profile", "internal"))
            period = folder.name if folder != root and PERIOD.fullmatch(folder.name) else ""
            made = datetime.fromtimestamp((folder / "manifest.json").stat().st_mtime).astimezone()
            found.append(Run(desk.places.id_of(folder), profile, period, str(manifest.get("cutoff") or ""),
                             made.strftime("%Y-%m-%d %H:%M"), files, folder))  # fmt: skip
    return sorted(found, key=lambda run: (run.made, run.period), reverse=True)


def _is_made(path: Path, folder: Path) -> bool:
    """Whether it is a file of this folder itself, whatever a manifest that came from elsewhere says."""
    plain = path.parent == folder and not re.search(r'[\\/"]', path.name) and path.name.isprintable()
    return plain and path.name.isascii() and path.is_file() and not path.is_symlink()


def _run(desk: Desk, source: Source, name: str) -> Run:
    run = next((run for run in _runs(desk, source) if run.name == name), None)
    if run is None:
        raise HTTPException(404)
    return run


@dataclass(frozen=True)
class Monthly:
    """The monthly run as the page shows it. installed: whether it is; day and time: as they are, or are offered;
    text: what is given to the system; state, period, ended: of the last one, "" before there was one."""

    installed: bool
    day: int
    time: str
    text: str
    state: str = ""
    period: str = ""
    ended: str = ""


def _wanted(desk: Desk, source: Source, day: int, time: str) -> Planned:
    return Planned(Wanted(source.path, source.settings, desk.places.output, formats=()), (), day, time)


def _monthly(desk: Desk, source: Source) -> Monthly:
    from reportgen.unattended.schedule import files_of, installed, kind_here, plan_of
    from reportgen.unattended.status import read_status

    kind, found = kind_here(), None
    with suppress(ReportError):  # nothing here can start it; to install it says so
        found = installed(plan_of(_wanted(desk, source, 1, "06:00")), kind)
    day, time = found or (1, "06:00")
    wanted = _wanted(desk, source, day, time)
    text = "\n".join(files_of(plan_of(wanted), kind).values())
    status = read_status(root_of(wanted.request))
    said = (status.state, status.period, status.ended or "") if status else ("", "", "")
    return Monthly(found is not None, day, time, text, *said)
