"""A desk that runs: a process of its own, spoken to over a real socket."""

from __future__ import annotations

import http.client
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.conftest import SAMPLE


@dataclass
class Running:
    """address: with its token; folder: whose sources it shows."""

    process: subprocess.Popen
    address: str
    folder: Path
    cookie: str = ""
    said: str = field(default="")

    @property
    def base(self) -> str:
        return self.address.partition("/?")[0]

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str):
        """The answer to a request with these headers besides Host, and its body."""
        place = urlsplit(self.base)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        sent = {"Cookie": self.cookie, "Origin": self.base} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        skip = "Host" in sent
        connection.putrequest(method, path, skip_host=skip)
        for name, value in {**sent, "Content-Length": str(len(body))}.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def post(self, path: str, **fields: str):
        return self.ask("POST", path, urlencode(fields).encode())


def start(folder: Path) -> Running:
    command = [sys.executable, "-W", "error", "-m", "reportgen", "desk", str(folder), "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    desk = Running(process, process.stdout.readline().strip(), folder)
    answer, _ = desk.ask("GET", desk.address.removeprefix(desk.base))
    desk.cookie = answer.getheader("Set-Cookie").partition(";")[0]
    return desk


def stop(desk: Running) -> int:
    desk.process.send_signal(signal.SIGINT)
    out, err = desk.process.communicate(timeout=60)
    desk.said = out + err
    return desk.process.returncode


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ward")
    shutil.copy(SAMPLE, folder / "cohort.xlsx")
    running = start(folder)
    yield running
    if running.process.poll() is None:
        stop(running)
