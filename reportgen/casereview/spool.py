"""Many files of a run, kept on the disk until they are published, so that memory stays flat."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping


class Shelf(Mapping[str, bytes]):
    """File name → content, in a nameless temporary file that vanishes with the process, however it ends.

    It may be used where a run's files are asked for; each content is read when it is wanted.
    """

    def __init__(self):
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by __exit__)
        self._places: dict[str, tuple[int, int]] = {}
        self._end = 0

    def put(self, name: str, content: bytes) -> None:
        """Keep a file; a later one of the same name takes its place."""
        self._file.seek(self._end)
        self._file.write(content)
        self._places[name] = (self._end, len(content))
        self._end += len(content)

    def __getitem__(self, name: str) -> bytes:
        begin, size = self._places[name]
        self._file.seek(begin)
        return self._file.read(size)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
