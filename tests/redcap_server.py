"""A REDCap server of the tests' own: on the loopback, under TLS, speaking what of the API is documented for exports."""

from __future__ import annotations

import csv
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from urllib.parse import parse_qs

import trustme

from tests.redcap_files import API_HEADER, BASE, FIELDS, FIRST, ROWS, SECOND, write_project

TOKEN = "0123456789ABCDEF0123456789abcdef"
PROJECT = {"project_id": 7, "project_title": "Trial", "is_longitudinal": 1, "has_repeating_instruments_or_events": 1,
           "missing_data_codes": "NI, No information | -99, Not done"}  # fmt: skip
EVENTS = [{"event_name": name, "arm_num": 1, "unique_event_name": name} for name in (BASE, FIRST, SECOND)]
REPEATING = [{"event_name": FIRST, "form_name": "adverse_events", "custom_form_label": ""}]
Fault = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Redcap:
    """A server that is running. asked: the parameters of every request; faults: what it does first instead."""

    port: int = 0
    project: dict = field(default_factory=lambda: dict(PROJECT))
    dictionary: list[dict] = field(default_factory=list)
    rows: list[dict] = field(default_factory=list)
    asked: list[dict] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"redcap://trial@localhost:{self.port}/api/"

    def answer(self, asked: dict[str, str]) -> tuple[int, object]:
        if asked.get("token") != TOKEN:
            return 403, {"error": "You do not have permissions to use the API"}
        if asked.get("format") != "json" or asked.get("returnFormat") != "json":
            return 400, {"error": "The value of the parameter format is not valid"}
        return self._content(asked)

    def _content(self, asked: dict[str, str]) -> tuple[int, object]:
        listed = {"project": self.project, "metadata": self.dictionary}
        if self.project["is_longitudinal"]:
            listed["event"] = EVENTS
        if self.project["has_repeating_instruments_or_events"]:
            listed["repeatingFormsEvents"] = REPEATING
        if asked["content"] in listed:
            return 200, listed[asked["content"]]
        if asked["content"] != "record":
            return 400, {"error": "You cannot export this for this project"}
        return 200, list(self._records(asked))

    def _records(self, asked: dict[str, str]) -> Iterator[dict]:
        records = {value for name, value in asked.items() if name.startswith("records[")}
        fields = {value for name, value in asked.items() if name.startswith("fields[")}
        for row in self.rows:
            if not records or row["record_id"] in records:
                yield {name: cell for name, cell in row.items()
                       if name.startswith("redcap_") or re.sub("___.*", "", name) in fields or not fields}  # fmt: skip


def status(code: int, said: bytes = b"{}", **headers: str) -> Fault:
    """A fault: an answer with this status, body and headers."""

    def fault(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(said)

    return fault


def broken(handler: BaseHTTPRequestHandler) -> None:
    """A fault: an answer that breaks off."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"[")


@contextmanager
def redcap_server(folder: Path, rows=ROWS, fields=FIELDS, tls: bool = True) -> Iterator[Redcap]:
    """A project on a free port of the loopback; folder/authority.pem is what SSL_CERT_FILE must name."""
    files = write_project(folder / "files", rows, fields, API_HEADER)
    export, dictionary = (next(files.glob(f"*{kind}*")) for kind in ("_DATA_", "Dictionary"))
    redcap = Redcap(dictionary=_read(dictionary), rows=_read(export))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
            redcap.asked.append(asked)
            if redcap.faults:
                redcap.faults.pop(0)(self)
                return
            code, found = redcap.answer(asked)
            status(code, json.dumps(found).encode())(self)

        def log_message(self, *given) -> None:
            pass

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *given: None  # a client that turns away is what some tests are about
    redcap.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield redcap
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _read(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
