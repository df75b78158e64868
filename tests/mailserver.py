"""A mail server of the tests' own: on this machine alone, with a certificate of an authority of its own."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = "reports", "s3cr3t-Wörd"


@dataclass
class Post:
    """A server that is running. authority: the file that SSL_CERT_FILE must name. mails: what came in."""

    port: int = 0
    authority: Path = Path()
    mails: list[EmailMessage] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=SMTP))
        self.secured.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _known(server, session, envelope, mechanism, data) -> AuthResult:
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


@contextmanager
def mail_server(
    folder: Path, implicit: bool = False, tls: bool = True, name: str = "localhost"
) -> Iterator[Post]:
    """A server on a free port of the loopback. implicit: TLS from the start, otherwise by STARTTLS; tls: at all.

    name: whose certificate it shows.
    """
    authority = trustme.CA()
    post = Post(authority=folder / "authority.pem")
    authority.cert_pem.write_to_path(post.authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    how = {"ssl_context": context} if implicit else {"tls_context": context, "require_starttls": True}
    post.port = free_port()
    controller = Controller(
        post, hostname="127.0.0.1", port=post.port, authenticator=_known, auth_require_tls=tls and not implicit,
        **(how if tls else {}),
    )  # fmt: skip
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
