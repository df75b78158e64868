"""The page that follows a report while its source is worked on: it shows each new one where the last was read."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reportgen.desk.guard import FRAMED
from reportgen.desk.pages import page, static
from reportgen.desk.watch_state import Shown
from reportgen.writing.language import SOURCE


def application(shown: Shown) -> Starlette:
    """The page, the report in its frame, and the number of the report."""

    async def frame(request: Request) -> Response:
        return page("watch", SOURCE)

    async def state(request: Request) -> Response:
        return JSONResponse({"version": shown.version, "wrong": shown.wrong})

    async def report(request: Request) -> Response:
        # Before the first is made the frame is an empty page, which is not refused: one that was refused stays so.
        content = shown.page.read_bytes() if shown.page and shown.page.is_file() else b""
        return Response(content, media_type="text/html", headers={"content-security-policy": FRAMED})

    async def own(request: Request) -> Response:
        return static(request.path_params["name"]) or Response(status_code=404)

    return Starlette(
        routes=[
            Route("/", frame),
            Route("/state", state),
            Route("/report", report),
            Route("/static/{name}", own),
        ]
    )
