"""A gate for PDFs: what makes a file fail as PDF/A-3a, as PDF/UA-1 or as safe, as far as it can be seen here.

It reads the file with pikepdf, and the fonts in it with fontTools; it shares no code with what wrote the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf
from fontTools.ttLib import TTFont

FORBIDDEN_ACTIONS = (
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/Movie",
    "/Sound",
)


def faults(pdf: bytes, attached: dict[str, bytes] | None = None) -> list[str]:
    """Everything that is wrong with the file, in words; an empty list for a good one."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            *_document(document),
            *_metadata(document),
            *_structure(document),
            *_fonts(document),
            *_actions(document),
            *_transparency(document),
            *_attachments(document, attached or {}),
        ]


def _document(document: pikepdf.Pdf) -> Iterator[str]:
    root = document.Root
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "the file is not marked as tagged"
    if not str(root.get("/Lang", "")):
        yield "the file has no language"
    if not str(document.docinfo.get("/Title", "")):
        yield "the file has no title"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "the title is not displayed"
    if "/OutputIntents" not in root:
        yield "the file has no output intent"
    if "/Outlines" not in root:
        yield "the file has no bookmarks"


def _metadata(document: pikepdf.Pdf) -> Iterator[str]:
    xmp = bytes(document.Root.Metadata.read_bytes()).decode()
    if xmp.count("<rdf:RDF") != 1:
        yield "the metadata are not one block"
    for wanted in ('pdfaid:part="3"', 'pdfaid:conformance="A"', "<pdfuaid:part>1<", "pdfaExtension:schemas"):
        if wanted not in xmp:
            yield f"the metadata lack {wanted}"
    created = re.search(r"<xmp:CreateDate>([^<]*)<", xmp)
    if created and re.sub(r"\D", "", created[1]) != re.sub(r"\D", "", str(document.docinfo.CreationDate)):
        yield "the two creation dates differ"


def elements(document: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Dictionary]]:
    """Every structure element with its kind, in reading order."""
    todo = [document.Root.StructTreeRoot.K]
    while todo:
        node = todo.pop()
        if isinstance(node, pikepdf.Array):
            todo.extend(reversed(list(node)))
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield str(node.S)[1:], node
            todo.append(node.get("/K", pikepdf.Array()))


def _children(node: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    kids = node.get("/K", pikepdf.Array())
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _structure(document: pikepdf.Pdf) -> Iterator[str]:
    level = 0
    for kind, node in elements(document):
        if kind == "Figure" and not str(node.get("/Alt", "")).strip():
            yield "a figure has no text alternative"
        if re.fullmatch(r"H[1-6]", kind):
            if int(kind[1]) > level + 1:
                yield f"heading {kind} follows a heading of level {level}"
            level = int(kind[1])
        if kind == "L":
            others = {str(kid.S) for kid in _children(node)} - {"/LI", "/L", "/Caption", "/Lbl"}
            if others:
                yield f"a list holds {sorted(others)}"
        if kind == "Table":
            widths = set(_row_widths(node))
            if len(widths) > 1:
                yield f"a table's rows have {sorted(widths)} columns"
    if level == 0:
        yield "there is no heading"


def _row_widths(table: pikepdf.Dictionary) -> Iterator[int]:
    for part in _children(table):
        rows = [part] if part.S == "/TR" else [kid for kid in _children(part) if kid.S == "/TR"]
        for row in rows:
            yield sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in _children(row))


def fonts(document: pikepdf.Pdf) -> dict[str, pikepdf.Dictionary]:
    """Every font of the file by its name without the subset's prefix."""
    found = {}
    for item in document.objects:
        if (
            isinstance(item, pikepdf.Dictionary)
            and item.get("/Type") == "/Font"
            and "/DescendantFonts" in item
        ):
            found[str(item.BaseFont)[1:].partition("+")[2]] = item
    return found


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys()):
                yield f"font {item.get('/FontName')} is not embedded"
            elif "/FontFile2" in item and "glyf" not in TTFont(io.BytesIO(item.FontFile2.read_bytes())):
                yield f"font {item.get('/FontName')} has no glyphs"
    for name, font in fonts(document).items():
        if "/ToUnicode" not in font:
            yield f"font {name} can't be read as text"
    streams = list(document.pages)
    streams += [item for item in document.objects
                if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form"]  # fmt: skip
    missing = sum(map(_missing_glyphs, streams))
    if missing:
        yield f"{missing} glyphs are missing from their fonts"


def _missing_glyphs(stream) -> int:
    """How many glyphs 0 (.notdef) are shown; all fonts here are of two bytes a glyph."""
    count = 0
    for operands, operator in pikepdf.parse_content_stream(stream):
        if str(operator) in ("Tj", "TJ"):
            parts = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
            codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            count += sum(codes[i : i + 2] == b"\0\0" for i in range(0, len(codes), 2))
    return count


def _actions(document: pikepdf.Pdf) -> Iterator[str]:
    for key in ("/OpenAction", "/AA"):
        if key in document.Root:
            yield f"the file acts by itself: {key}"
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary):
            continue
        action = item.get("/A") if isinstance(item.get("/A"), pikepdf.Dictionary) else item
        kind = str(action.get("/S", ""))
        if kind in FORBIDDEN_ACTIONS or "/JS" in item:
            yield f"the file holds an action {kind}"
        if kind == "/URI" and not str(action.get("/URI", "")).startswith("https://"):
            yield "a link leads elsewhere than to https"


def _transparency(document: pikepdf.Pdf) -> Iterator[str]:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary):
            for name in ("/ca", "/CA"):
                if name in item and float(item[name]) < 1:
                    yield "something is translucent"
            if item.get("/SMask", "/None") != "/None":
                yield "something is masked"


def _attachments(document: pikepdf.Pdf, attached: dict[str, bytes]) -> Iterator[str]:
    for name, content in attached.items():
        if name not in document.attachments:
            yield f"{name} is not attached"
        elif document.attachments[name].get_file().read_bytes() != content:
            yield f"{name} is attached, but is not what it was"
    listed = document.Root.get("/AF", pikepdf.Array())
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Filespec":
            continue
        if "/AFRelationship" not in item or item.objgen not in {entry.objgen for entry in listed}:
            yield f"{item.get('/UF')} is attached, but not associated with the file"
