"""The key of the pseudonyms: made once, readable by its owner only, never printed and never published."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from reportgen.base.errors import MachineFailed, reason
from reportgen.base.message import message

NAME = ".reportgen-key"
VARIABLE = "REPORTGEN_KEY_FILE"
BYTES = 32
MOST_BYTES = 10_000
CHECK = b"reportgen/key/1\0"
LOST = (
    "the key of the pseudonyms, {path}, is gone, though earlier reports have pseudonyms made with it. With a new key "
    "every patient gets another pseudonym. Put the key back, name it with REPORTGEN_KEY_FILE, or say --new-pseudonyms."
)
EXCHANGED = (
    "the key of the pseudonyms, {path}, is not the one that earlier reports of this source were made with: every "
    "patient would get another pseudonym. Put the right key back, name it with REPORTGEN_KEY_FILE, or say "
    "--new-pseudonyms."
)


def key_file(output: Path) -> Path:
    """Where the key lies: the file that REPORTGEN_KEY_FILE names, else OUTPUT/.reportgen-key."""
    return Path(os.environ.get(VARIABLE) or output / NAME)


def read_key(output: Path, made: bool = True) -> bytes:
    """The key, which is made (mode 0600) where there is none yet.

    MachineFailed where it can't be read or made, is open to others, or is no key. Two first runs at once
    get the same key. made: false where a key that was there once is gone, so that none may be made.
    """
    path = key_file(output)
    try:
        if not os.path.lexists(path):
            if not made:
                raise MachineFailed(LOST.format(path=path))
            _make(path)
        _private(path)
        return _decoded(path)
    except OSError as failure:
        raise MachineFailed(
            message(
                "the key of the pseudonyms, {path}, can't be read or made: {why}.",
                path=path,
                why=reason(failure),
            )
        ) from failure


def check_value(key: bytes) -> str:
    """What tells whether a key is the same as before, and nothing else of it."""
    return hmac.digest(key, CHECK, hashlib.sha256).hex()[:16]


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(BYTES) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        # A link, unlike a rename, never replaces the key that another run has just made.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _private(path: Path) -> None:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise MachineFailed(
            message(
                "the key of the pseudonyms, {path}, is no regular file. Put the right file there, or "
                "name it with {variable}.",
                path=path,
                variable=VARIABLE,
            )
        )
    if found.st_size > MOST_BYTES:
        raise MachineFailed(
            message("{path} is no key of pseudonyms: it is too large. Put the right file back.", path=path)
        )
    if os.name == "posix" and found.st_mode & 0o077:
        raise MachineFailed(
            message(
                "the key of the pseudonyms, {path}, is open to others, who could find out whose the "
                "pseudonyms are. Run: chmod 600 {path}",
                path=path,
            )
        )


def _decoded(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) < BYTES:
        raise MachineFailed(
            message(
                "{path} is no key of pseudonyms: it must hold {b} hexadecimal digits. Put the right file "
                "back; with another key every patient gets another pseudonym.",
                path=path,
                b=2 * BYTES,
            )
        )
    return key
