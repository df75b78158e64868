"""The objects of a PDF, each packed and written once.

The library asks every object twice for its bytes, to write them and to make the identifier of the file, and packs
streams anew each time, at the slowest level.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import pydyf

LEVEL = 7  # half the time of 9, for one byte in a hundred


class Written(pydyf.Object):
    """An object whose bytes are known."""

    data = b""
    compressible = False

    def __init__(self, source: pydyf.Object):
        super().__init__()
        self.number, self.generation = source.number, source.generation
        self.data, self.compressible = source.data, source.compressible


def write_once(document: object, pdf: pydyf.PDF) -> None:
    """Put the bytes of every object in its place; the library calls it when all objects are made."""
    pdf.objects[:] = [made if made.free == "f" else Written(_packed(made)) for made in pdf.objects]
    add: Callable[[pydyf.Object], None] = pdf.add_object

    def add_packed(made: pydyf.Object) -> None:
        """The library adds its streams of objects and of their places last, and asks them twice as well."""
        add(_packed(made))

    pdf.add_object = add_packed


def _packed(made: pydyf.Object) -> pydyf.Object:
    if getattr(made, "compress", False):
        made.stream, made.compress = [zlib.compress(b"\n".join(map(_bytes, made.stream)), LEVEL)], False
        made.extra["Filter"] = "/FlateDecode"
    return made


def _bytes(part: Any) -> bytes:
    """bytes, text, or an object of the library."""
    if isinstance(part, bytes):
        return part
    return part.encode("ascii") if isinstance(part, str) else part.data
