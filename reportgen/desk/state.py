"""What one running desk holds, and what of it a request names."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reportgen.desk.allowed_files import Places, Source
from reportgen.desk.jobs import Jobs
from reportgen.desk.pages import page
from reportgen.desk.source_view import Findings
from reportgen.desk.warm_process import Warm

LONGEST_FORM = 4_000_000
KEPT = 40  # checks whose findings are remembered


@dataclass
class Desk:
    """What one running desk holds. sample: a workbook to try it with; findings: what check said of a source, by what
    stands for it in addresses: a page that is open keeps meaning what it showed when another one checks again."""

    places: Places
    jobs: Jobs
    warm: Warm
    language: str
    close: Callable[[], None]
    sample: Source | None = None
    findings: dict[tuple[str, str], Findings] = field(default_factory=dict)

    def begin(self) -> None:
        """Have ready what the first page and the first piece of work will need."""
        self.warm.begin()
        self.jobs.begin()

    def remember(self, source: Source, found: Findings) -> str:
        """Keep what check said; what stands for it in an address, the same for the same findings."""
        said = hmac.new(self.places.secret, repr(found.findings).encode("utf-8", "surrogatepass"), sha256)
        mark = said.hexdigest()[:16]
        self.findings.pop((source.id, mark), None)
        self.findings[source.id, mark] = found
        while len(self.findings) > KEPT:
            self.findings.pop(next(iter(self.findings)))
        return mark

    def show(self, name: str, status: int = 200, **shown: object) -> Response:
        """A page by its template's name in the desk's language. status: of HTTP; shown: what the template names."""
        return page(name, self.language, status, **shown)


def source_of(desk: Desk, request: Request) -> Source:
    """The source that the address names. Raises the 404 of an address that leads nowhere."""
    source = desk.places.source(request.path_params["source"])
    if source is None and desk.sample and desk.sample.id == request.path_params["source"]:
        source = desk.sample
    if source is None or not source.path.exists():
        raise HTTPException(404)
    return source


async def form_of(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that was sent, none longer than a form can be."""
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > LONGEST_FORM:
            raise HTTPException(413)
    return parse_qsl(held.decode("utf-8", "replace"), keep_blank_values=True)
