"""A mail, over TLS only, to a server whose certificate is trusted."""

from __future__ import annotations

import os
import smtplib
import ssl
from base64 import b64encode
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path

from reportgen.base.errors import reason
from reportgen.base.required import required
from reportgen.settings.model import Notify
from reportgen.unattended.notices.event import Event
from reportgen.unattended.notices.notice_words import body, subject
from reportgen.unattended.status import DONE

SECONDS = 20
IMPLICIT = 465
ACCOUNT, READER = "REPORTGEN_SMTP_PASSWORD", "REPORTGEN_PASSWORD"
NOT_ATTACHED = f"The report is not attached: it goes out encrypted or not at all, and {READER} "


def send(notify: Notify, event: Event) -> str:
    """Send the mail; why it could not be sent, or nothing.

    TLS from the start at port 465 or with smtps://, STARTTLS at any other; where the server has none, or its
    certificate is not trusted, nothing is sent. SSL_CERT_FILE names authorities of one's own.
    """
    if not (notify.sender and notify.to):
        return "[notify] smtp needs a sender and to"
    password = secret(ACCOUNT)
    if notify.user and password is None:
        return f"[notify] user needs the variable {ACCOUNT}"
    try:
        with _connected(notify.smtp) as server:
            if notify.user:
                _log_in(server, notify.user, required(password))
            refused = server.send_message(message(notify, event))
    except (OSError, smtplib.SMTPException) as failure:
        return _why(failure)
    return f"{len(refused)} of {len(notify.to)} addresses were refused by the server" if refused else ""


def message(notify: Notify, event: Event) -> EmailMessage:
    """The mail with its attachments. Its headers are made of addresses and words; a line break in one raises."""
    attached, said = _attachments(notify, event)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject(event)
    mail["From"] = _address(notify.sender)
    mail["To"] = [_address(one) for one in notify.to]
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=notify.sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body(event, said), charset="utf-8")
    for name, content in attached.items():
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail


def secret(name: str) -> str | None:
    """A password: from the environment, or handed over by systemd as a credential of this name."""
    given = os.environ.get(name)
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if given is None and folder and (Path(folder) / name).is_file():
        given = (Path(folder) / name).read_text(encoding="utf-8").rstrip("\r\n")
    return given


def _address(text: str) -> Address:
    return Address(addr_spec=text)


def _attachments(notify: Notify, event: Event) -> tuple[dict[str, bytes], str]:
    """The new reports under the password, by names that name nobody, and what is to be said of them."""
    new = {
        f"report-{report.period}.pdf" if report.period else "report.pdf": report.folder / "report.pdf"
        for report in event.reports
        if report.folder and report.state == DONE and report.changed and event.command == "build"
    }
    new = {name: path for name, path in new.items() if path.is_file()}
    if not (notify.attach and new):
        return {}, ""
    password = secret(READER)
    if password is None:
        return {}, f"{NOT_ATTACHED}is not set."
    from reportgen.render.pdf.encryption import LEAST, encrypted

    if len(password) < LEAST:
        return {}, f"{NOT_ATTACHED}has fewer than {LEAST} characters."
    sealed = {name: encrypted(path.read_bytes(), password) for name, path in new.items()}
    return sealed, "The report is attached, encrypted (AES-256). Its password comes another way."


def _connected(server: str) -> smtplib.SMTP:
    """A connection under TLS."""
    implicit, address = server.startswith("smtps://"), server.removeprefix("smtps://")
    host, _, port = address.rpartition(":")
    host, trust = host.strip("[]"), ssl.create_default_context()
    if implicit or int(port) == IMPLICIT:
        return smtplib.SMTP_SSL(host, int(port), timeout=SECONDS, context=trust)
    connection = smtplib.SMTP(host, int(port), timeout=SECONDS)
    try:
        connection.starttls(context=trust)
    except BaseException:
        connection.close()
        raise
    return connection


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """As the server likes best; the library itself can send no password with letters beyond ASCII."""
    if user.isascii() and password.isascii():
        server.login(user, password)
        return
    server.ehlo_or_helo_if_needed()
    if "PLAIN" not in server.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError("no AUTH PLAIN")
    code, said = server.docmd(
        "AUTH", f"PLAIN {b64encode(f'{chr(0)}{user}{chr(0)}{password}'.encode()).decode()}"
    )
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _why(failure: OSError | smtplib.SMTPException) -> str:
    if isinstance(failure, ssl.SSLCertVerificationError):
        return f"the certificate of the mail server is not trusted: {failure.verify_message}"
    if isinstance(failure, ssl.SSLError):
        return "the mail server speaks no TLS at this port, or none that is safe"
    if isinstance(failure, smtplib.SMTPNotSupportedError):
        return "the mail server offers no TLS, or no way to log in; nothing was sent"
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return "the mail server refused the user or the password"
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return "the mail server refused every address"
    if isinstance(failure, smtplib.SMTPResponseException):
        return f"the mail server refused the mail ({failure.smtp_code})"
    if isinstance(failure, smtplib.SMTPException):
        return f"the mail server went away ({type(failure).__name__})"
    if isinstance(failure, TimeoutError):
        return "the mail server did not answer in time"
    return f"the mail server can't be reached: {reason(failure)}"
