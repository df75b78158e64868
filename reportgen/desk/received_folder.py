"""A folder of tables that is dropped on the page: its files come in one after the other, in one request."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import IO
from urllib.parse import unquote

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.message import message
from reportgen.desk.allowed_files import MOST, Places, Source, folder_name, plain_name

NO_FOLDER = UsageError(message("The folder did not come whole; drop it again."))


def files_of(header: str) -> list[tuple[str, int]]:
    """Names and sizes in bytes of the files that follow, as the page wrote them. UsageError for anything else."""
    try:
        found = [(name, size) for name, size in json.loads(unquote(header))]
    except (ValueError, TypeError, RecursionError) as wrong:  # the last of brackets within brackets
        raise NO_FOLDER from wrong
    if not all(isinstance(name, str) and type(size) is int and size > 0 for name, size in found):
        raise NO_FOLDER
    if not 0 < len(found) <= MOST or len({name for name, _size in found}) < len(found):
        raise UsageError(
            message("The folder holds no table at its first level, or more than {most}.", most=MOST)
        )
    return found


async def take_folder(
    places: Places, name: str, files: Sequence[tuple[str, int]], stream: AsyncIterator[bytes]
) -> Source:
    """The folder as a source of the desk. stream: the files, without anything between them.

    Raises UsageError for a name that is none, and where more or less comes in than was said; MachineFailed where it
    can't be kept. Nothing of it stays then.
    """
    place = places.uploads / secrets.token_hex(8)
    inside, plain = place / folder_name(name), [(plain_name(file), size) for file, size in files]
    try:
        inside.mkdir(mode=0o700, parents=True)

        def opened() -> Iterator[tuple[IO[bytes], int]]:
            for file, size in plain:
                with os.fdopen(
                    os.open(inside / file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
                ) as held:
                    yield held, size

        await _written(opened(), stream)
        return places.take(inside)
    except OSError as failure:
        shutil.rmtree(place, ignore_errors=True)
        raise MachineFailed(message("The folder can't be kept: {why}.", why=reason(failure))) from failure
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


async def _written(files: Iterator[tuple[IO[bytes], int]], stream: AsyncIterator[bytes]) -> None:
    file, left = next(files)
    async for chunk in stream:
        while chunk:
            if not left:
                file, left = next(files, (file, 0))
                if not left:
                    raise NO_FOLDER
            file.write(chunk[:left])
            left, chunk = left - len(chunk[:left]), chunk[left:]
    if left or next(files, None):
        raise NO_FOLDER
