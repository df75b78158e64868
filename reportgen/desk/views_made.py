"""What is made of a source: reports, case reviews, what was made before, and the work that makes them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.desk import command_jobs, tasks
from reportgen.desk.allowed_files import Source
from reportgen.desk.guard import FRAMED
from reportgen.desk.jobs import RUNNING, Job
from reportgen.desk.state import Desk, form_of, source_of
from reportgen.publish.report_folders import places
from reportgen.run.pipeline import Request as Wanted
from reportgen.run.pipeline import root_of
from reportgen.settings.choices import FORMATS, cutoff_of, formats
from reportgen.writing.language import languages

KINDS = {
    ".html": "text/html", ".pdf": "application/pdf", ".json": "application/json", ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml", ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
LANGUAGES = {"en": "English", "de": "Deutsch"}  # as each calls itself; another shows its code
PROFILES = ("internal", "board", "partner", "external")


@dataclass(frozen=True)
class Run:
    """A published report. name: what stands for it in an address; place: within the folder of its source."""

    name: str
    place: str
    profile: str
    cutoff: str
    files: tuple[str, ...]
    folder: Path


async def build(desk: Desk, request: Request) -> Response:
    """The form of a report; sent, its making."""
    source = source_of(desk, request)
    if request.method == "GET":
        return desk.show(
            "build",
            source=source,
            tab="build",
            formats=FORMATS,
            profiles=PROFILES,
            languages=[(code, LANGUAGES.get(code, code)) for code in languages()],
        )
    wanted = _wanted(desk, source, await form_of(request))
    job = desk.jobs.start("build", source.id, command_jobs.Build(wanted))
    return RedirectResponse(f"/jobs/{job.id}", 303)


async def groups(desk: Desk, request: Request) -> Response:
    """The columns by which patients can be compared, as JSON: pairs of name and label. The form is there before it."""
    source = source_of(desk, request)
    found = await desk.warm.do(tasks.groups, str(source.path), str(source.settings or ""))
    return JSONResponse(found)


async def cases(desk: Desk, request: Request) -> Response:
    """The patients to choose from; sent, the making of their reviews."""
    source = source_of(desk, request)
    profile = request.query_params.get("profile", "")
    if request.method == "GET" and "part" not in request.query_params:
        return desk.show("waiting", source=source, tab="cases", saying="reading")
    if request.method == "GET":
        config = str(source.settings or "")
        names = await desk.warm.do(
            tasks.patients, str(source.path), config, str(desk.places.output), profile if profile in PROFILES else "",
            desk.language,
        )  # fmt: skip
        return desk.show("cases", source=source, tab="cases", names=names)
    fields = await form_of(request)
    chosen = tuple(value for name, value in fields if name == "patient")
    everyone = ("everyone", "yes") in fields
    if not (chosen or everyone):
        raise UsageError("Pick the patients whose cases are to be reviewed, or all of them.")
    wanted = _wanted(desk, source, fields)
    work = command_jobs.Case(wanted, () if everyone else chosen, dict(fields).get("question", ""))
    return RedirectResponse(f"/jobs/{desk.jobs.start('case', source.id, work).id}", 303)


def _wanted(desk: Desk, source: Source, fields: list[tuple[str, str]]) -> Wanted:
    """What a form asks for, as the command line would."""
    said = dict(fields)
    period = said.get("period", "")
    given = {
        "cutoff": cutoff_of(said.get("cutoff", ""), period),
        "privacy.profile": said.get("profile", ""),
        "language": said.get("language", ""),
        "group": said.get("group", ""),
    }
    overrides = {name: value for name, value in given.items() if value}
    chosen = ",".join(value for name, value in fields if name == "format") or "html,pdf"
    on_invalid = "exclude" if said.get("exclude") else "refuse"
    return Wanted(
        source.path, source.settings, desk.places.output, period, formats(chosen), overrides, on_invalid
    )


def _job(desk: Desk, request: Request) -> Job:
    job = desk.jobs.get(request.path_params["job"])
    if job is None:
        raise HTTPException(404)
    return job


async def job(desk: Desk, request: Request) -> Response:
    """How far a piece of work is, or what came of it."""
    found = _job(desk, request)
    source = desk.places.source(found.source) or desk.sample
    tab = {"build": "build", "case": "cases"}.get(found.what, "history")
    return desk.show("job", source=source, tab=tab, job=found, running=found.state == RUNNING)


async def state(desk: Desk, request: Request) -> Response:
    """How far a piece of work is, as JSON: its state, what it says, and the share done, 0 … 1."""
    found = _job(desk, request)
    return JSONResponse({"state": found.state, "said": found.said, "share": found.share})


async def stop(desk: Desk, request: Request) -> Response:
    """End a piece of work, and show it; what is published stays as it was."""
    import anyio

    found = _job(desk, request)
    await anyio.to_thread.run_sync(found.stop)
    return RedirectResponse(f"/jobs/{found.id}", 303)


async def file(desk: Desk, request: Request) -> Response:
    """A file that a piece of work made; no other."""
    found, name = _job(desk, request), request.path_params["name"]
    if name not in found.made.files:
        raise HTTPException(404)
    return _sent(Path(found.made.folder) / name)


async def zipped(desk: Desk, request: Request) -> Response:
    """All that a piece of work made, as one archive."""
    found, held = _job(desk, request), io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in found.made.files:
            archive.writestr(zipfile.ZipInfo(name), _bytes(Path(found.made.folder) / name))
    headers = {"content-disposition": 'attachment; filename="reviews.zip"'}
    return Response(held.getvalue(), media_type="application/zip", headers=headers)


async def history(desk: Desk, request: Request) -> Response:
    """The reports that were made of a source, and the monthly one."""
    source = source_of(desk, request)
    kind, files = _schedule(desk, source)
    return desk.show(
        "history",
        source=source,
        tab="history",
        runs=_runs(desk, source),
        kind=kind,
        plan="\n".join(files.values()),
    )


async def verify(desk: Desk, request: Request) -> Response:
    """Begin to verify a run of the source, and show that work."""
    source = source_of(desk, request)
    run = _run(desk, source, dict(await form_of(request)).get("run", ""))
    work = command_jobs.Verify(run.folder, source.path, source.settings)
    return RedirectResponse(f"/jobs/{desk.jobs.start('verify', source.id, work).id}", 303)


async def compare(desk: Desk, request: Request) -> Response:
    """Begin to compare two runs of the source, and show that work."""
    source, said = source_of(desk, request), dict(await form_of(request))
    old, new = (_run(desk, source, said.get(name, "")) for name in ("old", "new"))
    work = command_jobs.Compare(old.folder, new.folder, source.settings)
    return RedirectResponse(f"/jobs/{desk.jobs.start('diff', source.id, work).id}", 303)


async def schedule(desk: Desk, request: Request) -> Response:
    """Install the monthly run, or take it away again."""
    from reportgen.unattended.schedule import install, kind_here, remove

    source, said = source_of(desk, request), dict(await form_of(request))
    if source.dropped:
        raise UsageError(
            "A dropped file goes when the desk is closed; put it into a folder to report it monthly."
        )
    plan = _plan(desk, source)
    did = (remove if said.get("do") == "remove" else install)(plan, kind_here())
    return desk.show("said", source=source, tab="history", said=did)


async def run_file(desk: Desk, request: Request) -> Response:
    """A file of a published report; no other."""
    source, name = source_of(desk, request), request.path_params["name"]
    run = _run(desk, source, request.path_params["run"])
    if name not in run.files:
        raise HTTPException(404)
    return _sent(run.folder / name)


def _runs(desk: Desk, source: Source) -> list[Run]:
    root, found = root_of(Wanted(source.path, source.settings, desk.places.output)), []
    for folder in places(root):
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):  # no report lies there
            manifest = json.loads((folder / "manifest.json").read_bytes())
            files = tuple(
                name for name in (*manifest["outputs"], "manifest.json") if _is_made(folder / name, folder)
            )
            profile = str(manifest["settings"].get("privacy", {}).get("profile", "internal"))
            place = folder.relative_to(root).as_posix()
            found.append(Run(desk.places.id_of(folder), "" if place == "." else place, profile,
                             str(manifest.get("cutoff") or ""), files, folder))  # fmt: skip
    return found


def _is_made(path: Path, folder: Path) -> bool:
    """Whether it is a file of this folder itself, whatever a manifest that came from elsewhere says."""
    plain = path.parent == folder and not re.search(r'[\\/"]', path.name) and path.name.isprintable()
    return plain and path.name.isascii() and path.is_file() and not path.is_symlink()


def _run(desk: Desk, source: Source, name: str) -> Run:
    run = next((run for run in _runs(desk, source) if run.name == name), None)
    if run is None:
        raise HTTPException(404)
    return run


def _plan(desk: Desk, source: Source):
    from reportgen.unattended.schedule import Wanted as Monthly
    from reportgen.unattended.schedule import plan_of

    common = Wanted(source.path, source.settings, desk.places.output, formats=())
    return plan_of(Monthly(common, (), 1, "06:00"))


def _schedule(desk: Desk, source: Source) -> tuple[str, dict[str, str]]:
    """What the monthly run would be on this machine; nothing for a dropped file."""
    from reportgen.unattended.schedule import files_of, kind_here

    if source.dropped:
        return "", {}
    kind = kind_here()
    return kind, files_of(_plan(desk, source), kind)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise MachineFailed(f"The file can't be read: {reason(failure)}.") from failure


def _sent(path: Path) -> Response:
    """A made file: a page as one that may reach nothing, all else as it is."""
    content, kind = _bytes(path), KINDS.get(path.suffix, "application/octet-stream")
    if path.suffix == ".html":
        return Response(content, media_type=kind, headers={"content-security-policy": FRAMED})
    shown = "inline" if path.suffix == ".pdf" else "attachment"
    return Response(
        content, media_type=kind, headers={"content-disposition": f'{shown}; filename="{path.name}"'}
    )
