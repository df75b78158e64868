"""What lies before the report: what a source was understood as, what is wrong with it, and its cells."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from reportgen.cohort.source import stem_of
from reportgen.desk import source_cells, tasks
from reportgen.desk.allowed_files import QUERIES, Source
from reportgen.desk.pages import unpacked
from reportgen.desk.settings_lines import Answer, Pick
from reportgen.desk.source_view import gathered
from reportgen.desk.state import Desk, form_of, source_of


async def understand(desk: Desk, request: Request) -> Response:
    """What everything was taken for. At first only the frame, which fetches the rest: reading takes a while."""
    source = source_of(desk, request)
    if request.method == "GET" and "part" not in request.query_params:
        return desk.show("waiting", source=source, tab="map", saying="reading")
    fields = await form_of(request) if request.method == "POST" else []
    picks = [Pick(*parts) for name, value in fields if name == "pick" and (parts := unpacked(value, 3))]
    answers = [
        Answer(*parts)
        for name, value in fields
        if name.startswith("answer") and (parts := unpacked(value, 4))
    ]
    save = ("do", "save") in fields
    found = await desk.warm.do(
        tasks.understand, str(source.path), str(source.config or ""), picks, answers, desk.language, save
    )
    return desk.show("map", source=source, tab="map", found=found, saved=save)


async def examine(desk: Desk, request: Request) -> Response:
    """What is wrong or doubtful."""
    source = source_of(desk, request)
    if "part" not in request.query_params:
        return desk.show("waiting", source=source, tab="check", saying="checking")
    found = await desk.warm.do(
        tasks.examine, str(source.path), _config(source), str(desk.places.output), desk.language,
        str(source.config or ""),
    )  # fmt: skip
    return desk.show(
        "check", source=source, tab="check", found=found, gathered=gathered(found.findings),
        mark=desk.remember(source, found),
        saved="saved" in request.query_params,
    )  # fmt: skip


async def cell(desk: Desk, request: Request) -> Response:
    """The cell of a finding among its neighbours."""
    source = source_of(desk, request)
    mark, finding = request.path_params["mark"], _number(request, "finding")
    place = _place(desk, source, mark, finding)
    shown = await desk.warm.do(source_cells.rows, str(source.path), _config(source), 0, 0, place)
    words = await desk.warm.do(source_cells.meanings, str(source.path), _config(source), place)
    return desk.show(
        "rows", source=source, tab="check", shown=shown, step=source_cells.PAGE_ROWS,
        mark=mark, finding=finding, words=words,
    )  # fmt: skip


async def sheet(desk: Desk, request: Request) -> Response:
    """A page of a sheet."""
    source = source_of(desk, request)
    number, first = _number(request, "sheet"), _number(request, "first")
    shown = await desk.warm.do(source_cells.rows, str(source.path), _config(source), number, first, ("", ""))
    return desk.show(
        "rows",
        source=source,
        tab="check",
        shown=shown,
        step=source_cells.PAGE_ROWS,
        mark="",
        finding=None,
        words=None,
    )


async def means(desk: Desk, request: Request) -> Response:
    """A word of a column is said to mean something, for the whole column; the source stays as it is."""
    source = source_of(desk, request)
    fields = dict(await form_of(request))
    try:
        place = _place(desk, source, fields["mark"], int(fields["finding"]))
        word, meaning = fields["word"], fields["meaning"]
    except (KeyError, ValueError) as wrong:
        raise HTTPException(404) from wrong
    await desk.warm.do(
        source_cells.let_mean, str(source.path), str(source.config or ""), place, word, meaning
    )
    return RedirectResponse(f"/s/{source.id}/check?saved=1", 303)


async def queries(desk: Desk, request: Request) -> Response:
    """The questions, to be taken away."""
    path = desk.places.output / stem_of(source_of(desk, request).path) / QUERIES
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, filename=QUERIES)


def _config(source: Source) -> str:
    return str(source.settings or "")


def _number(request: Request, name: str) -> int:
    """A number of the address. Raises the 404 of one that is none, or longer than any number of rows."""
    written = request.path_params[name]
    if not re.fullmatch(r"[0-9]{1,9}", written):
        raise HTTPException(404)
    return int(written)


def _place(desk: Desk, source: Source, mark: str, number: int) -> tuple[str, str]:
    """Where a finding is. Raises the 404 of one that this desk did not show, or forgot."""
    found = desk.findings.get((source.id, mark))
    if found is None or not 0 <= number < len(found.findings):
        raise HTTPException(404)
    return found.findings[number].sheet, found.findings[number].cell
