"""The files inside a report's PDF, read with nothing but the standard library.

Only what this program writes is understood: flate streams, object streams, one name per file. Of any other
PDF, and of one that was saved again by another program, the answer is that it holds no such file.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

STREAM = re.compile(rb"(\d+) 0 obj\s*(<<.*?>>)\s*stream\r?\n", re.DOTALL)
LENGTH, NUMBER, FIRST = (re.compile(rb"/" + word + rb" (\d+)") for word in (b"Length", b"N", b"First"))
NAME = re.compile(rb"/UF \(((?:[^()\\]|\\.)*)\)")
FILE = re.compile(rb"/EF\s*<<\s*/F (\d+) 0 R")


def attachments(pdf: bytes) -> dict[str, bytes]:
    """Name → content of every file attached; a name that stands twice, or can't be read, is left out."""
    streams = dict(_streams(pdf))
    found: dict[str, bytes] = {}
    twice = set()
    for text in _objects(streams):
        name, target = NAME.search(text), FILE.search(text)
        if b"/Filespec" not in text or not name or not target or int(target[1]) not in streams:
            continue
        word = name[1].decode("latin-1")
        twice |= {word} & set(found)
        found[word] = streams[int(target[1])][1]
    return {name: content for name, content in found.items() if name not in twice}


def _streams(pdf: bytes) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
    """Object number → (dictionary, content) of every stream that can be unpacked."""
    for match in STREAM.finditer(pdf):
        length = LENGTH.search(match[2])
        if not length or not ({b"/EmbeddedFile", b"/ObjStm"} & set(re.findall(rb"/\w+", match[2]))):
            continue
        data = pdf[match.end() : match.end() + int(length[1])]
        if b"/FlateDecode" in match[2]:
            try:
                data = zlib.decompress(data)
            except zlib.error:
                continue
        yield int(match[1]), (match[2], data)


def _objects(streams: dict[int, tuple[bytes, bytes]]) -> Iterator[bytes]:
    """The text of every object that lies in an object stream."""
    for dictionary, data in streams.values():
        number, first = NUMBER.search(dictionary), FIRST.search(dictionary)
        if b"/ObjStm" not in dictionary or not number or not first:
            continue
        start = int(first[1])
        starts = [start + int(offset) for offset in data[:start].split()[1 : 2 * int(number[1]) : 2]]
        for begin, end in zip(starts, [*starts[1:], len(data)], strict=True):
            yield data[begin:end]
