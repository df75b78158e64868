"""Every byte that a run leaves, made readable: files, what is packed in them, their names, the terminal."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf


def leaves(folder: Path) -> Iterator[tuple[str, str]]:
    """(where, text) of every file below the folder, of its name, and of all that is packed in it."""
    for path in sorted(folder.rglob("*")):
        where = str(path.relative_to(folder))
        yield f"the name of {where}", path.name
        if path.is_file():
            yield from readable(where, path.read_bytes())


def readable(where: str, content: bytes) -> Iterator[tuple[str, str]]:
    yield where, content.decode("utf-8", "replace")
    yield f"{where} as UTF-16", content.decode("utf-16-le", "replace")
    if content.startswith(b"%PDF"):
        yield from _pdf(where, content)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                yield f"{where}!{name} (name)", name
                yield from readable(f"{where}!{name}", package.read(name))


def _pdf(where: str, content: bytes) -> Iterator[tuple[str, str]]:
    with pikepdf.open(io.BytesIO(content)) as document:
        for name, attached in document.attachments.items():
            yield f"{where}: attachment", name
            yield from readable(f"{where}!{name}", attached.get_file().read_bytes())
        for number, part in enumerate(document.objects):
            yield f"{where}: object {number}", _words(part)
            if isinstance(part, pikepdf.Stream) and part.get("/Subtype") != "/CIDFontType0C":
                yield f"{where}: stream {number}", _bytes(part).decode("utf-8", "replace")
        yield f"{where}: printed text", "\n".join(printed(page) for page in document.pages)


def _words(part, depth: int = 0) -> str:
    """All strings of an object, whichever way they are encoded; what it refers to is read by itself."""
    if depth and getattr(part, "is_indirect", False):
        return ""
    if isinstance(part, pikepdf.String):
        return str(part)
    if depth < 6 and isinstance(part, pikepdf.Array):
        return "\n".join(_words(item, depth + 1) for item in part)
    if depth < 6 and isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
        return "\n".join(
            _words(item, depth + 1) for key, item in part.items() if key not in ("/Parent", "/P")
        )
    return str(part) if isinstance(part, pikepdf.Name) else ""


def _bytes(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()


def printed(page) -> str:
    """The text of a page and of the drawings in it, as a reader sees it."""
    return "".join(_shown(page, page.get("/Resources", {})))


def _shown(content, resources) -> Iterator[str]:
    fonts, decode = resources.get("/Font", {}), {}
    drawings = resources.get("/XObject", {})
    for operands, operator in pikepdf.parse_content_stream(content):
        word = str(operator)
        if word == "Tf":
            decode = _alphabet(fonts[str(operands[0])])
        elif word == "Tj":
            yield _decoded(operands[0], decode)
        elif word == "TJ":
            yield "".join(_decoded(x, decode) for x in operands[0] if isinstance(x, pikepdf.String))
        elif word in ("ET", "T*", "Td", "Tm"):
            yield " "
        elif word == "Do":
            drawing = drawings[str(operands[0])]
            if drawing.get("/Subtype") == "/Form":
                yield from _shown(drawing, drawing.get("/Resources", resources))


def _alphabet(font) -> dict[int, str]:
    """Glyph → text, from the font's ToUnicode map."""
    table = font["/ToUnicode"].read_bytes().decode("latin-1")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for glyph, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for glyph in range(int(first, 16), int(last, 16) + 1):
                found[glyph] = chr(int(text, 16) + glyph - int(first, 16))
    return found


def _decoded(text: pikepdf.String, alphabet: dict[int, str]) -> str:
    raw = bytes(text)
    return "".join(alphabet.get(int.from_bytes(raw[i : i + 2], "big"), "") for i in range(0, len(raw), 2))
