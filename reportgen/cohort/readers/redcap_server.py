"""The API of a REDCap server: one question at a time, over TLS only, with a token that nobody else gets to see."""

from __future__ import annotations

import json
import os
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, IncompleteRead
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.message import message
from reportgen.cohort.readers.archive import refuse
from reportgen.cohort.source import project_of

EXAMPLE = "redcap://PROJECT@redcap.example.org/api/"
VARIABLE = "REPORTGEN_REDCAP_TOKEN_"
TOKEN = re.compile("[0-9A-Fa-f]{32}")
SECONDS = 120
# Before each further attempt, where the server is busy or the connection breaks.
WAITS = (2, 8, 30)
LONGEST_WAIT = 60
BUSY = (429, 500, 502, 503, 504)
MAX_ANSWER = 500_000_000
PIECE = 1 << 16
QUOTED = 200


@dataclass(frozen=True)
class Server:
    """Where the API is, and the token of one user for one project. It is no part of the text of this object."""

    address: str
    project: str
    token: str = field(repr=False)

    def ask(self, content: str, **more: object) -> list | dict:
        """What the server answers to `content`, parsed. more: further parameters of the API; lists as it wants them.

        A busy server (429, 500, 502, 503, 504) and a broken connection are tried again, three times. Raises
        MachineFailed where the server is not within reach, has no certificate that is trusted, refuses, or answers
        with what is no JSON; DataRefused where the answer is too large.
        """
        asked = {"token": self.token, "content": content, "format": "json", "returnFormat": "json"}
        body = urlencode(asked | _flat(more)).encode()
        for wait in (*WAITS, None):
            try:
                return self._parsed(self._answer(body))
            except HTTPError as failure:
                with failure:
                    if failure.code not in BUSY or wait is None:
                        raise self._failed(self._told(failure)) from None
                    wait = _asked_to_wait(failure, wait)
            except (URLError, HTTPException, OSError) as failure:
                why = failure.reason if isinstance(failure, URLError) else failure
                cut = isinstance(why, ssl.SSLEOFError)
                if (isinstance(why, ssl.SSLError) and not cut) or wait is None:
                    raise self._failed(_why(why)) from None
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _answer(self, body: bytes) -> bytes:
        """The token goes to this address alone: where the server sends on to another, that is an error."""
        opener = build_opener(HTTPSHandler(context=ssl.create_default_context()), _NoRedirect)
        with opener.open(Request(self.address, body), timeout=SECONDS) as answer:
            return _whole(answer)

    def _parsed(self, answer: bytes) -> list | dict:
        try:
            found = json.loads(answer.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, (list, dict)):
            raise self._failed(
                "it answers with what is no JSON; the address must be that of the API, mostly …/api/"
            )
        return found

    def _told(self, failure: HTTPError) -> str:
        if 300 <= failure.code < 400:
            return (
                "it sends on to another address, to which the token is not given; write the one that is meant"
            )
        remedy = {403: "; ask for the right to the API and to export, or for a new token",
                  401: "; the token is not known", 404: "; check the address"}.get(failure.code, "")  # fmt: skip
        return f"it answers {failure.code}{self._quoted(failure)}{remedy}"

    def _quoted(self, failure: HTTPError) -> str:
        """What the server gives as its reason, without the token; nothing where it may speak of patients."""
        if failure.code == 400:
            return " (the request is not accepted)"
        try:
            said = json.loads(failure.read(PIECE))["error"]
        except (ValueError, TypeError, KeyError, OSError, HTTPException):
            return ""
        text = " ".join(re.sub(re.escape(self.token), "…", str(said), flags=re.IGNORECASE).split())
        return f" ({''.join(filter(str.isprintable, text))[:QUOTED]})"

    def _failed(self, why: str) -> MachineFailed:
        return MachineFailed(f"REDCap can't be read for {self.project}: {why}.")


def server_of(url: str) -> Server:
    """The server that an address means, with its token. Raises UsageError without a token or for another address.

    The token is in the variable REPORTGEN_REDCAP_TOKEN_PROJECT, in a systemd credential of that name, or in the
    file ~/.config/reportgen/redcap/PROJECT.token, which its owner alone may read.
    """
    not_understood = UsageError(
        f"The address of the REDCap project is not understood; write it as {EXAMPLE}, where PROJECT is what "
        "you call it, and never its token."
    )
    try:
        parts = urlsplit(url)
        place, _ = parts.netloc.rpartition("@")[2], parts.port
    except ValueError:
        raise not_understood from None
    if parts.password is not None:
        raise UsageError(
            "The address holds a token or password, which stands now where others may see it: have a new token made "
            f"in REDCap, and write the address as {EXAMPLE}."
        )
    project = project_of(url)
    if not (project and parts.hostname) or parts.query or parts.fragment:
        raise not_understood
    return Server(f"https://{place}{parts.path or '/api/'}", project, _token(project))


def _token(project: str) -> str:
    name = VARIABLE + re.sub(r"\W", "_", project).upper()
    file = _folder() / "redcap" / f"{project}.token"
    handed = Path(os.environ.get("CREDENTIALS_DIRECTORY") or os.devnull) / name
    if name in os.environ:
        given = os.environ[name]
    elif handed.is_file():
        given = handed.read_text(encoding="utf-8", errors="replace")
    elif file.is_file():
        given = _of_file(file)
    else:
        raise UsageError(
            f"The token of the project {project} is missing. Put it into the variable {name}, or into the file "
            f"reportgen/redcap/{file.name} in ~/.config, readable for you alone (chmod 600)."
        )
    if not TOKEN.fullmatch(given.strip()):
        raise UsageError(
            f"The token of the project {project} is none: REDCap's have 32 digits and letters a–f."
        )
    return given.strip()


def _of_file(file: Path) -> str:
    try:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise UsageError(f"Others may read the token in {file.name}: chmod 600, and have a new one made.")
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as failure:
        raise MachineFailed(f"{file.name!r} can't be read: {reason(failure)}.") from None


def _folder() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "reportgen"


def _flat(more: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in more.items():
        found |= (
            {f"{name}[{n}]": one for n, one in enumerate(value)} if isinstance(value, list) else {name: value}
        )
    return found


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *given) -> None:
        return None


def _whole(answer: HTTPResponse) -> bytes:
    """All of an answer; what it says of its own length is not believed."""
    pieces, size = [], 0
    while piece := answer.read(PIECE):
        size += len(piece)
        if size > MAX_ANSWER:
            raise refuse("TOO_LARGE", message("REDCap answers with more than {n} MB", n=MAX_ANSWER // 10**6),
                         message("Export the project by hand, without what the report does not need"))  # fmt: skip
        pieces.append(piece)
    if answer.length:
        raise IncompleteRead(b"", answer.length)
    return b"".join(pieces)


def _asked_to_wait(failure: HTTPError, wait: int) -> int:
    told = failure.headers.get("Retry-After", "")
    return min(int(told), LONGEST_WAIT) if told.isascii() and told.isdecimal() else wait


def _why(failure: object) -> str:
    if isinstance(failure, ssl.SSLCertVerificationError):
        return (f"the certificate is not trusted: {failure.verify_message}; of an authority of your own, name the "
                "file in the variable SSL_CERT_FILE")  # fmt: skip
    if isinstance(failure, ssl.SSLError) and not isinstance(failure, ssl.SSLEOFError):
        return "it speaks no TLS at this port, or none that is safe; nothing was sent"
    if isinstance(failure, TimeoutError):
        return "it did not answer in time"
    if isinstance(failure, OSError) and not isinstance(failure, ssl.SSLError):
        return f"it can't be reached ({reason(failure)})"
    return f"the connection broke ({type(failure).__name__})"
