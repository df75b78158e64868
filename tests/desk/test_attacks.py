"""Who is not the page that was opened gets nothing, and nobody reaches a file that the desk does not offer."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import socket
import zipfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.desk import routes as desk_app
from reportgen.desk.allowed_files import Places, private_folder
from reportgen.desk.desktop import installed
from reportgen.desk.jobs import Jobs
from reportgen.desk.state import Desk
from reportgen.run import mapping
from tests.conftest import SAMPLE
from tests.desk.conftest import start, stop


def served(asked: Coroutine) -> None:
    """In a thread of its own: where a browser was used before, this one's loop runs until the last test."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asked).result()


def test_without_the_cookie_there_is_nothing(desk):
    for path in ("/", "/static/desk.js", "/s/x/map", "/jobs/x"):
        answer, body = desk.ask("GET", path, Cookie="")
        assert answer.status == 403 and b"cohort" not in body
    port = desk.base.rpartition(":")[2]
    assert desk.ask("GET", "/", Cookie=f"reportgen_desk_{port}=guess")[0].status == 403


def test_a_wrong_token_opens_nothing(desk):
    answer, _ = desk.ask("GET", "/?token=guess", Cookie="")
    assert answer.status == 403 and answer.getheader("Set-Cookie") is None


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_pages(desk):
    answer, _ = desk.ask("GET", desk.address.removeprefix(desk.base), Cookie="")
    said = answer.getheader("Set-Cookie").casefold()
    assert answer.status == 303 and "httponly" in said and "samesite=strict" in said
    assert answer.getheader("Location") == "/"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "[::1]:{port}"])
def test_another_name_that_was_made_to_lead_here_is_refused(desk, host):
    port = desk.base.rpartition(":")[2]
    answer, body = desk.ask("GET", "/", Host=host.format(port=port))
    assert answer.status == 421 and b"cohort" not in body


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:1"])
def test_a_post_of_another_page_is_refused(desk, origin):
    answer, _ = desk.ask("POST", "/quit", Origin=origin)
    assert answer.status == 403 and desk.process.poll() is None


def test_what_the_browser_calls_cross_site_is_refused(desk):
    assert desk.ask("GET", "/", Sec_Fetch_Site="cross-site")[0].status == 403
    assert desk.ask("GET", "/", Sec_Fetch_Site="same-origin")[0].status == 200


def test_every_answer_forbids_what_is_not_its_own(desk):
    for path in ("/", "/static/desk.css", "/nothing"):
        answer, _ = desk.ask("GET", path)
        policy = answer.getheader("Content-Security-Policy")
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "http" not in policy
        assert answer.getheader("Cache-Control") == "no-store"
        assert answer.getheader("X-Content-Type-Options") == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/static/..%2freport.html", "/static/../body.html", "/s/..%2f..%2fetc%2fpasswd/map",
     "/jobs/x/file/../../etc/passwd",
     "/s/%2e%2e/queries.xlsx", "//etc/passwd", "/s/0123/run/0123/report.html", "/s/cohort.xlsx/check"],
)  # fmt: skip
def test_a_path_in_an_address_leads_nowhere(desk, path):
    answer, body = desk.ask("GET", path)
    assert answer.status == 404 and b"root:" not in body


@pytest.mark.parametrize(
    "path",
    [
        "/s/%C3%A4/map",
        "/jobs/%C3%A4",
        "/s/x/rows/ab/" + "9" * 5000,
        "/s/x/sheet/0/" + "9" * 5000,
        "/s/x/sheet/-1/0",
    ],
)
def test_an_address_of_nonsense_leads_nowhere(desk, path):
    assert desk.ask("GET", path)[0].status == 404


@pytest.mark.parametrize(
    "manifest",
    [
        "{}",
        "[]",
        "3",
        '{"outputs": 3, "settings": {}}',
        '{"outputs": {"a": {}}, "settings": []}',
        '{"outputs": [1]}',
    ],
)
def test_a_damaged_manifest_hides_no_page(desk, manifest):
    folder = desk.folder / "output" / "cohort"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(manifest)
    assert desk.ask("GET", f"/s/{_id_of(desk)}/history")[0].status == 200
    (folder / "manifest.json").unlink()


def test_a_manifest_from_elsewhere_offers_no_other_file(desk):
    folder = desk.folder / "output" / "cohort"
    folder.mkdir(parents=True, exist_ok=True)
    (desk.folder / "secret.txt").write_text("secret")
    (folder / "link.json").symlink_to(desk.folder / "secret.txt")
    (folder / 'a"b.json').write_text("secret")
    names = ["..", "link.json", 'a"b.json', "../../secret.txt", "..\\x", "report.json"]
    (folder / "report.json").write_text("{}")
    outputs = json.dumps({"outputs": dict.fromkeys(names, {}), "settings": {}})
    (folder / "manifest.json").write_text(outputs)
    page = desk.ask("GET", f"/s/{_id_of(desk)}/history")[1].decode()
    shutil.rmtree(folder)
    assert (
        "/report.json" in page and "link.json" not in page and "b.json" not in page and "secret" not in page
    )


@pytest.mark.parametrize(
    ("name", "files", "body"),
    [
        ("..", [["a.csv", 2]], b"a\n"),
        ("x/y", [["a.csv", 2]], b"a\n"),
        ("ward", [["../a.csv", 2]], b"a\n"),
        ("ward", [["report.toml", 2]], b"a\n"),
        ("ward", [["a.csv", 2], ["a.csv", 2]], b"a\na\n"),
        ("ward", [["a.csv", 3]], b"a\n"),
        ("ward", [["a.csv", 2]], b"a\nb"),
        ("ward", [["a.csv", -2]], b"a\n"),
        ("ward", [], b""),
        ("ward", "none", b""),
    ],
)
def test_a_folder_that_is_none_or_does_not_come_whole_is_not_kept(desk, name, files, body):
    headers = {"X_File_Name": quote(name), "X_Files": quote(json.dumps(files))}
    answer, _ = desk.ask("POST", "/folder", body, **headers)
    assert answer.status == 422
    kept = desk.folder / "output" / ".reportgen-desk" / desk.base.rpartition(":")[2]
    assert not [path for path in kept.rglob("*") if path.name in ("a.csv", "report.toml")]


@pytest.mark.parametrize(
    "referer",
    [
        "http://evil.example/s/aa/map", "//evil.example/s/aa/map", "{base}//evil.example/s/aa/map",
        "{base}@evil.example/s/aa/map", "http://a@{host}/s/aa/map", "{base}.evil.example/s/aa/map",
        "{base}/%2f%2fevil.example/s/aa/map", "{base}/s/aa/../../map", "{base}/s/aa/map%0d%0aX: y",
        "{base}/s/aa/queries.xlsx", "http://[",
    ],
)  # fmt: skip
def test_the_language_leads_back_to_no_page_but_of_ours(desk, referer):
    host = desk.base.removeprefix("http://")
    sent = referer.format(base=desk.base, host=host)
    answer, _ = desk.ask("POST", "/language", b"language=en", Referer=sent)
    assert (answer.status, answer.getheader("Location")) == (303, "/") and not answer.getheader("X")


def test_an_address_that_is_only_sent_to_says_so_as_a_page(desk):
    """As after an error, whose page bears the address of the form."""
    answer, page = desk.ask("GET", f"/s/{_id_of(desk)}/schedule")
    assert answer.status == 404 and b"<h1>" in page


def test_the_language_leads_back_to_where_it_was_asked(desk):
    answer, _ = desk.ask("POST", "/language", b"language=en", Referer=f"{desk.base}/s/aa/map?part=1#x")
    assert answer.getheader("Location") == "/s/aa/map"


def _id_of(desk) -> str:
    page = desk.ask("GET", "/")[1].decode()
    return page.partition("/map")[0].rpartition("/s/")[2] if "/map" in page else ""


def test_a_folder_of_dropped_files_that_leads_elsewhere_is_not_emptied(tmp_path):
    """Nor is a name that only looks like a port taken for one."""
    (tmp_path / "letters" / "love").mkdir(parents=True)
    output = tmp_path / "output"
    output.mkdir()
    (output / ".reportgen-desk").symlink_to(tmp_path / "letters")
    with pytest.raises(MachineFailed, match="no folder of yours"):
        private_folder(output, 1)
    assert (tmp_path / "letters" / "love").is_dir()
    (output / ".reportgen-desk").unlink()
    for name in ("\N{SUPERSCRIPT TWO}", "99999", "9" * 30):
        (output / ".reportgen-desk" / name).mkdir(parents=True)
    assert private_folder(output, 1).name == "1" and len(list((output / ".reportgen-desk").iterdir())) == 1


@pytest.mark.parametrize("name", ["report.csv", "Report.xlsx", "sample.csv"])
def test_a_dropped_file_writes_no_settings_of_others(tmp_path, name):
    places = Places(tmp_path, tmp_path / "output", private_folder(tmp_path / "output", 1), b"secret")
    with places.receiving(name) as kept:
        assert kept.done().config == tmp_path / f"{name}.toml"


def test_settings_are_not_written_through_a_link(tmp_path):
    """A folder that came from elsewhere may hold one under the name of the draft."""
    source = Path(shutil.copy(SAMPLE, tmp_path / "cohort.xlsx"))
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / ".report.toml.new").symlink_to(tmp_path / "mine.txt")
    mapping.write(mapping.map_source(source, None))
    assert (tmp_path / "mine.txt").read_text() == "mine" and (tmp_path / "report.toml").is_file()
    assert not (tmp_path / "report.toml").is_symlink()


def test_a_folder_whose_name_breaks_a_line_gets_no_desktop_entry(tmp_path):
    with pytest.raises(UsageError, match="line break"):
        installed(tmp_path / "a\nExec=evil", "linux")


def test_what_nobody_foresaw_is_said_without_data(tmp_path, monkeypatch):
    def broken(*_args, **_more):
        raise KeyError("Erika Mustermann")

    monkeypatch.setattr(Places, "sources", broken)
    places = Places(tmp_path, tmp_path / "output", private_folder(tmp_path / "output", 1), b"secret")
    held = Desk(places, Jobs(), None, "en", lambda: None)  # type: ignore[arg-type]
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [],
             "http_version": "1.1", "scheme": "http", "root_path": ""}  # fmt: skip
    served(desk_app.application(held)(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent)
    assert sent[0]["status"] == 500 and b"Mustermann" not in body and b"<h1>" in body


@pytest.mark.parametrize(
    "name", ["", "../../evil.xlsx", "..%2Fevil.xlsx", "%2Ftmp%2Fevil.xlsx", ".hidden.xlsx", "evil.sh",
             "a%00.xlsx", "C%3Aevil.xlsx", "a%0Ab.xlsx", "queries.xlsx"],
)  # fmt: skip
def test_what_is_no_plain_name_of_a_table_is_not_kept(desk, name):
    before = set(desk.folder.parent.rglob("*"))
    answer, _ = desk.ask("POST", "/upload", b"x", X_File_Name=name)
    assert answer.status == 422
    assert set(desk.folder.parent.rglob("*")) == before


def test_what_is_dropped_is_private_and_gone_at_the_end(tmp_path):
    (tmp_path / "output" / ".reportgen-desk" / "1").mkdir(parents=True)  # of a desk that was killed
    running = start(tmp_path)
    answer, body = running.ask("POST", "/upload", SAMPLE.read_bytes(), X_File_Name="Erika%20Mustermann.xlsx")
    assert answer.status == 200 and b"Mustermann" not in body
    (kept,) = (tmp_path / "output" / ".reportgen-desk").rglob("*.xlsx")
    assert kept.stat().st_mode & 0o777 == 0o600 and kept.parent.stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "output" / ".reportgen-desk" / "1").exists()
    address = body.decode().partition('"to":"')[2].partition('"')[0]
    page = running.ask("GET", address)[1].decode()
    assert "Mustermann" in page and "Mustermann" not in page.partition("<title>")[2].partition("</title>")[0]
    # Nor does a file whose rest never comes keep the desk open.
    place = urlsplit(running.base)
    with socket.create_connection((place.hostname, place.port)) as stalled:
        head = f"Host: {place.netloc}\r\nOrigin: {running.base}\r\nCookie: {running.cookie}\r\n"
        sizes = "X-File-Name: half.csv\r\nContent-Length: 1000\r\n\r\nid,"
        stalled.sendall(f"POST /upload HTTP/1.1\r\n{head}{sizes}".encode())
        assert stop(running) == 0
    assert not list((tmp_path / "output" / ".reportgen-desk").iterdir())
    assert "Mustermann" not in running.said and len(running.said.splitlines()) == 1


def test_a_file_that_is_too_large_is_refused_while_it_comes(tmp_path, monkeypatch):
    monkeypatch.setattr(desk_app, "LARGEST", 1000)
    places = Places(tmp_path, tmp_path / "output", private_folder(tmp_path / "output", 1), b"secret")
    held = Desk(places, Jobs(), None, "en", lambda: None)  # type: ignore[arg-type]
    read, sent = [], []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"x" * 600, "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/upload", "raw_path": b"/upload", "query_string": b"",
        "headers": [(b"x-file-name", b"a.csv")], "http_version": "1.1", "scheme": "http", "root_path": "",
    }  # fmt: skip
    served(desk_app.application(held)(scope, receive, send))
    assert sent[0]["status"] == 413 and len(read) == 2
    assert not list(places.uploads.iterdir()) and not places.dropped


def test_two_desks_do_not_disturb_each_other(tmp_path):
    shutil.copy(SAMPLE, tmp_path / "cohort.xlsx")
    one, other = start(tmp_path), start(tmp_path)
    assert one.cookie.partition("=")[0] != other.cookie.partition("=")[0]
    assert other.ask("GET", "/", Cookie=one.cookie)[0].status == 403
    one.ask("POST", "/upload", b"a,b\n1,2\n", X_File_Name="a.csv")
    assert stop(other) == 0
    assert b"a.csv" in one.ask("GET", "/")[1]
    answer, _ = one.post("/quit")
    assert answer.status == 200 and one.process.wait(30) == 0
    one.process.communicate()


def test_a_refused_file_says_why(desk):
    """What is raised where the file is read must come through to the page."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("../../evil.csv", "patient_id\n1\n")
    _answer, body = desk.ask("POST", "/upload", archive.getvalue(), X_File_Name="slip.zip")
    address = body.decode().partition('"to":"')[2].partition('"')[0]
    answer, body = desk.ask("GET", f"{address}?part=1")
    assert answer.status == 422 and b"unexpectedly" not in body and b"lead out of it" in body
