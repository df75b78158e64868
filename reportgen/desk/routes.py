"""The desk as a web application: addresses → what they show and do. Who may call it is the guard's affair."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from reportgen.base.errors import DataRefused, Issue, ReportError
from reportgen.base.exits import summary_of
from reportgen.base.message import message, with_stop
from reportgen.cohort.source import SETTINGS
from reportgen.desk import tasks, views, views_history, views_made, views_returned
from reportgen.desk.allowed_files import LARGEST
from reportgen.desk.pages import static
from reportgen.desk.received_folder import files_of, take_folder
from reportgen.desk.state import Desk, form_of
from reportgen.publish.queries import WORKBOOKS
from reportgen.writing.language import speaking
from reportgen.writing.messages import said

# The end of an address → the page to go back to from there.
TABS = {
    "map": "map", "check": "check", "build": "build", "cases": "cases", "history": "history", "means": "check",
    "answers": "check", "verify": "history", "compare": "history", "schedule": "history",
}  # fmt: skip
SHOWN = re.compile(r"/s/[0-9a-f]+/(map|check|build|cases|history|rows/[0-9a-f]+/[0-9]+)|/jobs/[0-9a-f]+")


# The last page has its style in itself, and asks for nothing.
LAST = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"


def application(desk: Desk) -> Starlette:
    """All addresses of the desk."""

    def to(view) -> Callable:
        return _answering(desk, view)

    routes = [
        Route("/", to(home)),
        Route("/static/{name}", to(_static)),
        Route("/upload", to(_upload), methods=["POST"]),
        Route("/folder", to(_folder), methods=["POST"]),
        Route("/sample", to(_sample), methods=["POST"]),
        Route("/language", to(_language), methods=["POST"]),
        Route("/quit", to(_quit), methods=["POST"]),
        Route("/s/{source}/map", to(views.understand), methods=["GET", "POST"]),
        Route("/s/{source}/check", to(views.examine)),
        Route("/s/{source}/rows/{mark}/{finding}", to(views.cell)),
        Route("/s/{source}/sheet/{sheet}/{first}", to(views.sheet)),
        Route("/s/{source}/means", to(views.means), methods=["POST"]),
        Route("/s/{source}/queries.xlsx", to(views.queries)),
        Route("/s/{source}/answers", to(views_returned.answers), methods=["POST"]),
        Route("/s/{source}/build", to(views_made.build), methods=["GET", "POST"]),
        Route("/s/{source}/groups", to(views_made.groups)),
        Route("/s/{source}/cases", to(views_made.cases), methods=["GET", "POST"]),
        Route("/s/{source}/history", to(views_history.history)),
        Route("/s/{source}/verify", to(views_history.verify), methods=["POST"]),
        Route("/s/{source}/compare", to(views_history.compare), methods=["POST"]),
        Route("/s/{source}/schedule", to(views_history.schedule), methods=["POST"]),
        Route("/s/{source}/run/{run}/{name:path}", to(views_history.run_file)),
        Route("/jobs/{job}", to(views_made.job)),
        Route("/jobs/{job}/state", to(views_made.state)),
        Route("/jobs/{job}/stop", to(views_made.stop), methods=["POST"]),
        Route("/jobs/{job}/follow", to(views_made.follow), methods=["POST"]),
        Route("/jobs/{job}/all.zip", to(views_made.zipped)),
        Route("/jobs/{job}/file/{name:path}", to(views_made.file)),
    ]
    return Starlette(routes=routes, exception_handlers={404: _gone(desk), 405: _gone(desk)})


def _answering(desk: Desk, view) -> Callable:
    """The view, with the desk; a report's own errors become a page that says them."""

    @wraps(view)
    async def answer(request: Request) -> Response:
        try:
            return await view(desk, request)
        except DataRefused as refused:
            # What can be read can be checked: there each of these has its cell.
            checked = request.url.path.endswith("/cases")
            return _trouble(desk, request, 422, refused.issues[:20], checked)
        except ReportError as error:
            return _trouble(desk, request, 422, [error.message])
        except (HTTPException, ClientDisconnect):
            raise
        except Exception as bug:
            # The last room of this request: whatever went wrong is said, as the command line says it, without data.
            failed = message("The program failed: {what}", what=summary_of(bug))
            with speaking(desk.language):
                return desk.show("trouble", 500, said=[said(failed)], check="", source=None, tab="")

    return answer


def _trouble(
    desk: Desk, request: Request, status: int, what: Sequence[str | Issue], checked: bool = False
) -> Response:
    """The page that says what went wrong, within its source, so that the way back is there."""
    from reportgen.desk.hints import hint_of, spoken

    source = desk.places.source(request.path_params.get("source", ""))
    if source is None and desk.sample and desk.sample.id == request.path_params.get("source"):
        source = desk.sample
    settings = source.config.name if source and source.config else SETTINGS
    with speaking(desk.language):
        told = [
            f"{with_stop(spoken(one.problem, ''))} {with_stop(hint_of(one, settings)[0])}"
            if isinstance(one, Issue)
            else spoken(one, "")
            for one in what
        ]
    tab = request.url.path.rpartition("/")[2]
    return desk.show(
        "trouble", status, said=[line for text in told for line in text.splitlines()], source=source,
        tab=TABS.get(tab, ""), check=f"/s/{source.id}/check" if source and checked else "",
    )  # fmt: skip


def _gone(desk: Desk) -> Callable:
    async def gone(request: Request, error: Exception) -> Response:
        return desk.show("gone", 404)

    return gone


async def home(desk: Desk, request: Request) -> Response:
    """The first page: every source of the folder, and whether there is a sample to try."""
    return desk.show("home", sources=desk.places.sources(), sample=desk.sample)


async def _static(desk: Desk, request: Request) -> Response:
    return static(request.path_params["name"]) or desk.show("gone", 404)


async def _upload(desk: Desk, request: Request) -> Response:
    """A dropped file: its name in a header, its bytes in the body. A queries.xlsx that comes back is no source."""
    name = unquote(request.headers.get("x-file-name", ""))
    with desk.places.receiving(name) as kept:
        largest = views_returned.LARGEST if views_returned.named_so(name) else LARGEST
        if not await kept.all_of(request.stream(), largest):
            return JSONResponse({"wrong": "too_large"}, 413)
        if kept.path.suffix.casefold() in WORKBOOKS and await desk.warm.do(tasks.is_returned, str(kept.path)):
            askers = [*desk.places.sources(), *([desk.sample] if desk.sample else ())]
            return await views_returned.taken_in(desk, kept.path, askers)
        source = kept.done()
    return JSONResponse({"to": f"/s/{source.id}/map"})


async def _folder(desk: Desk, request: Request) -> Response:
    """A dropped folder: its name and those of its files in headers, their bytes in the body."""
    files = files_of(request.headers.get("x-files", ""))
    if sum(size for _name, size in files) > LARGEST:
        return JSONResponse({"wrong": "too_large"}, 413)
    source = await take_folder(
        desk.places, unquote(request.headers.get("x-file-name", "")), files, request.stream()
    )
    return JSONResponse({"to": f"/s/{source.id}/map"})


async def _sample(desk: Desk, request: Request) -> Response:
    return RedirectResponse(f"/s/{desk.sample.id}/map" if desk.sample else "/", 303)


async def _language(desk: Desk, request: Request) -> Response:
    from reportgen.writing.language import languages

    wanted = dict(await form_of(request)).get("language", "")
    if wanted in languages():
        desk.language = wanted
    # Back to where it was asked; what was sent there by a form is not shown again by its address alone.
    asked = re.split("[?#]", request.headers.get("referer", ""), maxsplit=1)[0]
    path = asked.removeprefix(f"http://{request.headers.get('host')}")
    return RedirectResponse(path if SHOWN.fullmatch(path) else "/", 303)


async def _quit(desk: Desk, request: Request) -> Response:
    desk.close()
    answer = desk.show("closed")
    answer.headers["content-security-policy"] = LAST
    return answer
