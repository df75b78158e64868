"""Who may speak to the desk: the page that this program opened, from this machine, and nobody in its name.

A browser lets any page send requests to 127.0.0.1. So every request must name this host (no other name that was made
to lead here), bear the cookie that only the opened page was given, and, where it changes something, come from our
own origin.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hmac import compare_digest

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# A report in a frame: it may run what is in itself, hand over its tables as files, and reach nothing, this desk
# neither.
FRAMED = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " frame-ancestors 'self'; form-action 'none'; base-uri 'none'; sandbox allow-scripts allow-downloads"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
READING = frozenset(("GET", "HEAD"))
TOKEN = "token"


@dataclass(frozen=True)
class Guard:
    """The program behind its checks. port: where it listens; token: the secret in the address that was opened."""

    app: ASGIApp
    port: int
    token: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: a request that passes goes on to the program, any other is answered here; all get the headers."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        refused = self._refused(scope)
        await (refused or self.app)(scope, receive, _with_headers(send))

    def _refused(self, scope: Scope) -> Response | None:
        headers, request = Headers(scope=scope), Request(scope)
        hosts = (f"127.0.0.1:{self.port}", f"localhost:{self.port}")
        if headers.get("host") not in hosts:
            return PlainTextResponse("This is not the address of the desk.", 421)
        if scope["method"] not in READING:
            origin = headers.get("origin", "")
            if origin not in [f"http://{host}" for host in hosts] or origin != f"http://{headers['host']}":
                return PlainTextResponse("Sent from another page; refused.", 403)
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return PlainTextResponse("Sent from another page; refused.", 403)
        given = request.query_params.get(TOKEN)
        if given is not None and scope["method"] == "GET":
            if not compare_digest(given.encode(), self.token.encode()):
                return PlainTextResponse("This address is out of date; start the desk again.", 403)
            entered = RedirectResponse("/", 303)
            entered.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
            return entered
        held = request.cookies.get(self.cookie, "")
        if not compare_digest(held.encode(), self.token.encode()):
            return PlainTextResponse("Open the address that `reportgen desk` printed.", 403)
        return None

    @property
    def cookie(self) -> str:
        """Of its own for each port: cookies are shared by all ports of a host."""
        return f"reportgen_desk_{self.port}"


def new_token() -> str:
    """A secret that cannot be guessed: 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("content-security-policy", POLICY)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sent
