"""What is made of a source: reports, case reviews, and the work that makes them."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.message import message
from reportgen.cohort.source import beside
from reportgen.desk import command_jobs, tasks
from reportgen.desk.allowed_files import Source
from reportgen.desk.following import watched
from reportgen.desk.guard import FRAMED
from reportgen.desk.job_process import RUNNING
from reportgen.desk.jobs import Job
from reportgen.desk.state import Desk, form_of, source_of
from reportgen.run.pipeline import Request as Wanted
from reportgen.settings.choices import FORMATS, cutoff_of, formats
from reportgen.writing.language import SOURCE, languages, speaking
from reportgen.writing.messages import said

KINDS = {
    ".html": "text/html", ".pdf": "application/pdf", ".json": "application/json", ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml", ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
LANGUAGES = {"en": "English", "de": "Deutsch"}  # as each calls itself; another shows its code
PROFILES = ("internal", "board", "partner", "external")


async def build(desk: Desk, request: Request) -> Response:
    """The form of a report; sent, its making."""
    source = source_of(desk, request)
    if request.method == "GET":
        desk.jobs.begin()
        return desk.show(
            "build",
            source=source,
            tab="build",
            formats=FORMATS,
            exclude="exclude" in request.query_params,
            profiles=PROFILES,
            languages=[(code, LANGUAGES.get(code, code)) for code in languages()],
            chosen=_language(desk, source),
        )
    fields = await form_of(request)
    work = command_jobs.Build(_wanted(desk, source, fields), desk.language, source.config)
    paths = watched(source.path, source.config) if ("follow", "yes") in fields else ()
    return RedirectResponse(f"/jobs/{desk.jobs.start('build', source.id, work, paths).id}", 303)


def _language(desk: Desk, source: Source) -> str:
    """The language that is offered: that of the desk where the settings name none, for who reads it in German wants
    no English report unasked. "" leaves it to the settings."""
    path = source.settings or beside(source.path)
    try:
        named = path is not None and "language" in tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""  # what is wrong with them is said when the report is made
    return "" if named or desk.language == SOURCE else desk.language


async def groups(desk: Desk, request: Request) -> Response:
    """The columns by which patients can be compared, as JSON: pairs of name and label. The form is there before it."""
    source = source_of(desk, request)
    found = await desk.warm.do(tasks.groups, str(source.path), str(source.settings or ""), desk.language)
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
        raise UsageError(message("Pick the patients whose cases are to be reviewed, or all of them."))
    wanted = _wanted(desk, source, fields)
    work = command_jobs.Case(wanted, () if everyone else chosen, dict(fields).get("question", ""))
    return RedirectResponse(f"/jobs/{desk.jobs.start('case', source.id, work).id}", 303)


def _wanted(desk: Desk, source: Source, fields: list[tuple[str, str]]) -> Wanted:
    """What a form asks for, as the command line would."""
    asked = dict(fields)
    period = asked.get("period", "")
    given = {
        "cutoff": cutoff_of(asked.get("cutoff", ""), period),
        "privacy.profile": asked.get("profile", ""),
        "language": asked.get("language", ""),
        "group": asked.get("group", ""),
    }
    overrides = {name: value for name, value in given.items() if value}
    chosen = ",".join(value for name, value in fields if name == "format") or "html,pdf"
    on_invalid = "exclude" if asked.get("exclude") else "refuse"
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
    followable = source is not None and isinstance(found.work, command_jobs.Build)
    return desk.show(
        "job", source=source, tab=tab, job=found, running=found.state == RUNNING, followable=followable
    )


async def state(desk: Desk, request: Request) -> Response:
    """How far a piece of work is, as JSON: its state, what it says, and the share done, 0 … 1; of one that follows its
    source how often it ended so far, and whether it is done again now."""
    found = _job(desk, request)
    with speaking(desk.language):
        told = {"state": found.state, "said": said(found.said), "share": found.share}
    return JSONResponse({**told, "version": found.version, "again": found.again})


async def follow(desk: Desk, request: Request) -> Response:
    """Make a report again, now and whenever its source or its settings are saved."""
    found = _job(desk, request)
    source = desk.places.source(found.source) or desk.sample
    if source is None or not isinstance(found.work, command_jobs.Build):
        raise HTTPException(404)
    again = desk.jobs.start(found.what, found.source, found.work, watched(source.path, source.config))
    return RedirectResponse(f"/jobs/{again.id}", 303)


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
    return sent(Path(found.made.folder) / name)


async def zipped(desk: Desk, request: Request) -> Response:
    """All that a piece of work made, as one archive."""
    import anyio

    found = _job(desk, request)
    # In a thread: of hundreds of reviews it takes a while, and other pages are asked for meanwhile.
    content = await anyio.to_thread.run_sync(_archive, Path(found.made.folder), found.made.files)
    headers = {"content-disposition": 'attachment; filename="reviews.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


def _archive(folder: Path, names: Sequence[str]) -> bytes:
    """PDFs are packed already; to pack them again takes long and saves nothing."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), _bytes(folder / name))
    return held.getvalue()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise MachineFailed(message("The file can't be read: {why}.", why=reason(failure))) from failure


def sent(path: Path) -> Response:
    """A made file: a page as one that may reach nothing, all else as it is."""
    content, kind = _bytes(path), KINDS.get(path.suffix, "application/octet-stream")
    if path.suffix == ".html":
        return Response(content, media_type=kind, headers={"content-security-policy": FRAMED})
    shown = "inline" if path.suffix == ".pdf" else "attachment"
    return Response(
        content, media_type=kind, headers={"content-disposition": f'{shown}; filename="{path.name}"'}
    )
