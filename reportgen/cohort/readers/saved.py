"""When a workbook was last saved, by what it says of itself: its bytes alone, not the file's time on this machine."""

from __future__ import annotations

import re
import zipfile
import zlib
from datetime import date
from io import BytesIO

PROPERTIES = ("docProps/core.xml", "meta.xml")
SAVED = re.compile(rb"<(?:dcterms:modified|dc:date)\b[^>]*>\s*(\d{4}-\d\d-\d\d)T")
MOST = 1 << 16
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def saved_on(data: bytes) -> date | None:
    """The day, in universal time, of an Excel or OpenDocument workbook that the reader has accepted; None if unsaid.

    None, too, where the part that says it is damaged: no table is in it, and readers of tables don't open it.
    """
    if not zipfile.is_zipfile(BytesIO(data)):
        return None
    with zipfile.ZipFile(BytesIO(data)) as parts:
        for name in set(PROPERTIES) & set(parts.namelist()):
            try:
                with parts.open(name) as part:
                    match = SAVED.search(part.read(MOST))
            except DAMAGED:
                return None
            if match:
                try:
                    return date.fromisoformat(match[1].decode())
                except ValueError:
                    return None
    return None
