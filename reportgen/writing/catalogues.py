"""Translations as gettext reads them: <code>.po, which translators write, compiled to <code>.mo.

A wheel holds the compiled ones, made as it is built (hatch_build.py loads this file alone, for that). In a
checkout the first run after a change compiles. A compiled file tells of which text it was made, so that none that
is stale is ever read.
"""

from __future__ import annotations

from contextlib import suppress
from gettext import GNUTranslations, NullTranslations
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

MADE_OF = ("file", "SHA-256 of the .po file")  # context and text of the entry that tells it


def catalogue(folder: Path, code: str) -> GNUTranslations:
    """The texts of a language; one that is not there is "". FileNotFoundError for a language that has no file."""
    written, made = folder / f"{code}.po", folder / f"{code}.mo"
    if not written.exists():  # a wheel
        return _read(made.read_bytes())
    text = written.read_bytes()
    with suppress(OSError):
        known = _read(made.read_bytes())
        if known.pgettext(*MADE_OF) == _digest(text):
            return known
    return _read(_kept(made, compiled(text)))


def compiled(written: bytes) -> bytes:
    """The .mo file of a .po file: the same bytes for the same text; without what is fuzzy or has no translation.

    ValueError for a line that belongs in no such file, and for a file whose head has no plural rule.
    """
    from babel.messages.mofile import write_mo

    catalog = read_written(written)
    for entry in list(catalog):
        if not entry.id or (entry.string if isinstance(entry.string, str) else all(entry.string or ())):
            continue
        catalog.delete(entry.id if isinstance(entry.id, str) else entry.id[0], entry.context)
    context, text = MADE_OF
    catalog.add(text, _digest(written), context=context)
    made = BytesIO()
    write_mo(made, catalog)
    return made.getvalue()


def read_written(written: bytes):
    """A .po file as Babel's Catalog, its entries in the order of the file. Raises as `compiled` does."""
    from datetime import datetime

    from babel.messages.pofile import PoFileError, read_po

    if b"Plural-Forms: " not in written:
        raise ValueError("the head of a .po file must have its Plural-Forms")
    try:
        catalog = read_po(BytesIO(written), abort_invalid=True)
    except PoFileError as error:
        raise ValueError(f"this is no .po file: {error}") from error
    catalog.creation_date = datetime(2000, 1, 1)  # Babel would write the time of reading into the head
    return catalog


class _NotThere(NullTranslations):
    """What gettext asks for a text that it has not; by itself it would give the English one, which may be right too."""

    def gettext(self, message: str) -> str:
        return ""

    def pgettext(self, context: str, message: str) -> str:
        return ""

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ""


def _read(made: bytes) -> GNUTranslations:
    known = GNUTranslations(BytesIO(made))
    known.add_fallback(_NotThere())
    return known


def _digest(written: bytes) -> str:
    return sha256(written).hexdigest()


def _kept(path: Path, made: bytes) -> bytes:
    """Written for the next run if the folder can be written to; whole or not at all, as others may read it now."""
    with suppress(OSError):
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
            file.write(made)
        try:
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink()
            raise
    return made
