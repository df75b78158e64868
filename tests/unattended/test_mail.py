"""Mails over TLS to a real server, and what is told where there is none that may be trusted."""

from __future__ import annotations

import io
import socket
import time
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pikepdf
import pytest

import reportgen.unattended.notices
from reportgen.base.errors import UsageError
from reportgen.settings.model import Notify
from reportgen.settings.sources import load_notify
from reportgen.unattended.made_reports import LastGood
from reportgen.unattended.notices import tell
from reportgen.unattended.notices.event import Ended, Event
from reportgen.unattended.notices.mail import message
from reportgen.unattended.status import Told
from tests.mailserver import PASSWORD, USER, free_port, mail_server

LAST = LastGood("2026-10-01T06:00:12+00:00", "2026-09-30", "2026-09", "internal", "2026-09", "0" * 64)
REFUSED = Event(
    "build", "refused", 3, (Ended("2026-10", "refused", 3, "2 errors", 2, 1),), "2026-11-01T06:00:00+00:00",
    "2026-11-01T06:00:03+00:00", "ward-7", Path("/srv/out/Müller Hanna"), last_good=LAST,
)  # fmt: skip
DONE = replace(REFUSED, state="done", exit=0, reports=(Ended("2026-10", "done", 0, warnings=1),))


def notify(server: str, **settings) -> Notify:
    return Notify(
        smtp=server, sender="reports@clinic.example", to=("a@clinic.example", "b@clinic.example"), **settings
    )


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS from the start"])
def test_the_mail_arrives_over_tls(tmp_path, monkeypatch, implicit):
    with mail_server(tmp_path, implicit=implicit) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(post.authority))
        monkeypatch.setenv("REPORTGEN_SMTP_PASSWORD", PASSWORD)
        server = f"{'smtps://' if implicit else ''}localhost:{post.port}"
        assert tell(notify(server, user=USER), replace(REFUSED, name="ALK-Kohorte")) == (Told("mail", True),)
    (mail,) = post.mails
    assert post.secured == [True]
    assert mail["Subject"] == "reportgen: report 2026-10: refused data (ALK-Kohorte)"
    assert mail["From"] == "reports@clinic.example" and mail["To"] == "a@clinic.example, b@clinic.example"
    text = mail.get_content()
    for said in (
        "exit status 3, 2 errors and 1 warning",
        "reportgen check",
        "2026-09, with data up to 2026-09-30",
    ):
        assert said in text
    assert "Müller" not in str(mail) and "/srv" not in text


def test_a_password_may_come_as_a_credential_of_systemd(tmp_path, monkeypatch):
    (tmp_path / "REPORTGEN_SMTP_PASSWORD").write_text(PASSWORD + "\n", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with mail_server(tmp_path) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(post.authority))
        assert tell(notify(f"localhost:{post.port}", user=USER), REFUSED)[0].sent


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS from the start"])
def test_a_certificate_that_is_not_trusted_is_refused(tmp_path, monkeypatch, implicit):
    with mail_server(tmp_path, implicit=implicit) as post:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        server = f"{'smtps://' if implicit else ''}localhost:{post.port}"
        (told,) = tell(notify(server), REFUSED)
    assert not told.sent and "certificate" in told.why and post.mails == []


def test_the_certificate_of_another_server_is_refused(tmp_path, monkeypatch):
    with mail_server(tmp_path, name="mail.other.example") as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(post.authority))
        (told,) = tell(notify(f"localhost:{post.port}"), REFUSED)
    assert not told.sent and "certificate" in told.why and post.mails == []


def test_nothing_is_sent_without_tls(tmp_path):
    with mail_server(tmp_path, tls=False) as post:
        for server in ("localhost", "smtps://localhost"):
            (told,) = tell(notify(f"{server}:{post.port}"), REFUSED)
            assert not told.sent and "TLS" in told.why
    assert post.mails == []


def test_a_wrong_password_is_said_and_a_missing_one_is_not_tried(tmp_path, monkeypatch):
    with mail_server(tmp_path) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(post.authority))
        server = notify(f"localhost:{post.port}", user=USER)
        monkeypatch.setenv("REPORTGEN_SMTP_PASSWORD", "wrong")
        assert "refused the user or the password" in tell(server, REFUSED)[0].why
        monkeypatch.delenv("REPORTGEN_SMTP_PASSWORD")
        assert "REPORTGEN_SMTP_PASSWORD" in tell(server, REFUSED)[0].why
    assert post.mails == []


def test_no_server_is_said():
    assert "can't be reached" in tell(notify(f"127.0.0.1:{free_port()}"), REFUSED)[0].why


def test_a_server_that_says_nothing_is_left_in_time(monkeypatch):
    monkeypatch.setattr(reportgen.unattended.notices, "MOST_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        (told,) = tell(notify(f"127.0.0.1:{silent.getsockname()[1]}"), REFUSED)
        assert not told.sent and "no end of it within 1 s" in told.why
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("key", ["sender", "to", "smtp", "user", "name", "command"])
@pytest.mark.parametrize("break_", ["\\r\\nBcc: x@evil.example", "\\n", "\\u2028", "\\u0000"])
def test_no_setting_can_begin_a_header(tmp_path, key, break_):
    value = f'"a{break_}b@clinic.example"'
    config = tmp_path / "report.toml"
    config.write_text(f"[notify]\n{key} = {f'[{value}]' if key == 'to' else value}\n")
    with pytest.raises(UsageError, match=f"notify.{key}"):
        load_notify(config)


@pytest.mark.parametrize("line", ["sender = 'Reports <r@clinic.example>'", "to = ['a@x.example, b@x.example']",
                                  "smtp = 'mail.clinic.example'", "command = 'notify \"unclosed'"])  # fmt: skip
def test_what_would_lose_a_mail_is_refused_when_it_is_set(tmp_path, line):
    (tmp_path / "report.toml").write_text(f"[notify]\n{line}\n")
    with pytest.raises(UsageError, match="notify"):
        load_notify(tmp_path / "report.toml")


def test_even_settings_that_were_never_checked_can_begin_no_header():
    for bad in (replace(notify("x:1"), sender="a@x.example\r\nBcc: b@y.example"),
                replace(notify("x:1"), to=("a@x.example\nBcc: b@y.example",))):  # fmt: skip
        with pytest.raises(ValueError):
            message(bad, REFUSED)
    month = replace(REFUSED.reports[0], period="2026-10\r\nBcc: b@y.example")
    with pytest.raises(ValueError):
        message(notify("x:1"), replace(REFUSED, reports=(month,)))


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "\v", "\0"])
def test_no_name_of_a_source_begins_a_header_or_a_body(break_):
    """Files may be called anything: the mail as it is sent has the headers of any other, and the name in its place."""
    bite = f"a{break_}Bcc: b@y.example{break_}{break_}told"
    sent, other = (
        message_from_bytes(message(notify("x:1"), replace(REFUSED, name=name)).as_bytes(), policy=SMTP)
        for name in (bite, "ward 7")
    )
    assert sent.keys() == other.keys() and "Bcc" not in sent and not sent.defects
    assert sent["To"] == other["To"] and "Bcc: b@y.example" in sent["Subject"]
    assert len(sent["Subject"].splitlines()) == 1
    assert len(sent.get_content().splitlines()) == len(other.get_content().splitlines())


def pdf(folder: Path) -> Path:
    document = pikepdf.new()
    document.add_blank_page()
    document.save(folder / "report.pdf")
    return folder


def test_the_report_is_attached_encrypted_or_not_at_all(tmp_path, monkeypatch):
    event = replace(DONE, reports=(Ended("2026-10", "done", 0, folder=pdf(tmp_path)),))
    monkeypatch.delenv("REPORTGEN_PASSWORD", raising=False)
    bare = message(notify("x:1", attach=True), event)
    assert (
        list(bare.iter_attachments()) == []
        and "REPORTGEN_PASSWORD is not set" in bare.get_body().get_content()
    )
    monkeypatch.setenv("REPORTGEN_PASSWORD", "correct horse battery")
    (sealed,) = message(notify("x:1", attach=True), event).iter_attachments()
    assert sealed.get_filename() == "report-2026-10.pdf"
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(sealed.get_content()))
    with pikepdf.open(io.BytesIO(sealed.get_content()), password="correct horse battery") as opened:
        assert opened.encryption.R == 6 and opened.encryption.stream_method.name == "aesv3"
    assert list(message(notify("x:1"), event).iter_attachments()) == []
    monkeypatch.setenv("REPORTGEN_PASSWORD", "short")
    assert list(message(notify("x:1", attach=True), event).iter_attachments()) == []


def test_a_good_run_is_told_only_where_it_is_always_and_something_changed():
    same = replace(DONE, reports=(replace(DONE.reports[0], changed=False),))
    closed = f"127.0.0.1:{free_port()}"
    assert tell(notify(closed), DONE) == ()
    assert tell(notify(closed, when="always"), same) == ()
    assert len(tell(notify(closed, when="always"), DONE)) == 1
