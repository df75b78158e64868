"""A queries.xlsx that comes back: dropped on the page of its source's questions, or on the first page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from reportgen.desk import tasks
from reportgen.desk.allowed_files import Source
from reportgen.desk.state import Desk, source_of
from reportgen.run.answered_queries import MOST_BYTES, Asker, named_so

__all__ = ["LARGEST", "answers", "named_so", "taken_in"]
LARGEST = MOST_BYTES


async def answers(desk: Desk, request: Request) -> Response:
    """A file that answers the questions of one source; it is kept only where not all of it was understood."""
    source = source_of(desk, request)
    with desk.places.receiving(unquote(request.headers.get("x-file-name", ""))) as kept:
        if not await kept.all_of(request.stream(), LARGEST):
            return JSONResponse({"wrong": "too_large"}, 413)
        return await taken_in(desk, kept.path, [source])


async def taken_in(desk: Desk, path: Path, sources: Sequence[Source]) -> Response:
    """What became of such a file. sources: those that may have asked."""
    askers = [Asker(source.id, source.path, source.settings) for source in sources]
    found, said = await desk.warm.do(tasks.take_in, str(path), askers, str(desk.places.output), desk.language)
    if not found:
        return desk.show("trouble", 422, said=said, check="", source=None, tab="")
    source = next(source for source in sources if source.id == found)
    return desk.show("returned", source=source, tab="check", said=said)
