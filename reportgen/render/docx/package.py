"""The file around a document: an empty one in our styles, and the finished one as bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import cast

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, PartFactory
from docx.shared import RGBColor
from docx.styles.style import CharacterStyle

from reportgen.base.required import required
from reportgen.render import templates_folder
from reportgen.render.docx.wordml import MM, element
from reportgen.render.html.fonts import writable
from reportgen.report import Brand, Report
from reportgen.writing.language import rules

UNDATED = "1970-01-01"
TAGS = {"en": "en-GB", "de": "de-DE"}  # Word wants to know whose spelling it is
OURS = {
    "styles.xml": (RELATIONSHIP_TYPE.STYLES, CONTENT_TYPE.WML_STYLES),
    "settings.xml": (RELATIONSHIP_TYPE.SETTINGS, CONTENT_TYPE.WML_SETTINGS),
    "numbering.xml": (RELATIONSHIP_TYPE.NUMBERING, CONTENT_TYPE.WML_NUMBERING),
    "fontTable.xml": (RELATIONSHIP_TYPE.FONT_TABLE, CONTENT_TYPE.WML_FONT_TABLE),
}
KEPT = (RELATIONSHIP_TYPE.THEME,)
PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>reportgen</Application></Properties>"
)


def blank(report: Report) -> Document:
    """An empty A4 document with our styles, its language and the report's properties, and nobody's name."""
    document = docx.Document()
    _exchange_parts(document, report)
    _colour(document, report.brand)
    for paragraph in document.paragraphs:
        paragraph._p.getparent().remove(paragraph._p)
    page = document.sections[0]._sectPr
    for child in list(page):
        page.remove(child)
    page.attrib.clear()
    page.append(element("pgSz", w=round(210 * MM), h=round(297 * MM)))
    page.append(
        element("pgMar", top=round(20 * MM), right=round(22 * MM), bottom=round(20 * MM), left=round(18 * MM),
                header=round(10 * MM), footer=round(9 * MM), gutter=0)
    )  # fmt: skip
    page.append(element("titlePg"))
    _describe(document, report)
    return document


def _exchange_parts(document: Document, report: Report) -> None:
    """Our styles and settings in place of the library's; without its picture, revision numbers and leftovers."""
    package, rels = required(document.part.package), document.part.rels
    for key in [key for key, rel in rels.items() if rel.reltype not in KEPT]:
        del rels[key]
    folder = templates_folder() / "word"
    for name, (relation, kind) in OURS.items():
        text = (folder / name).read_text(encoding="utf-8").replace(TAGS["en"], _tag(report))
        if rules().decimal == ",":
            text = text.replace('decimalSymbol w:val="."', 'decimalSymbol w:val=","')
            text = text.replace('listSeparator w:val=","', 'listSeparator w:val=";"')
        uri = PackURI(f"/word/{name}")
        part = cast(Part, PartFactory(uri, kind, relation, text.encode(), package))
        document.part.relate_to(part, relation)
    kept = (RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    for key in [key for key, rel in package.rels.items() if rel.reltype not in kept]:
        del package.rels[key]
    extended = RELATIONSHIP_TYPE.EXTENDED_PROPERTIES
    uri = PackURI("/docProps/app.xml")
    package.relate_to(Part(uri, CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, PROPERTIES, package), extended)


def _tag(report: Report) -> str:
    return TAGS.get(report.language, report.language)


def _colour(document: Document, brand: Brand) -> None:
    """A house's own colours: its accent where ours was, its second colour in the other heads."""
    for colour, styles in ((brand.accent, ("Heading 1", "Label")), (brand.second, ("Title", "Heading 2"))):
        for name in styles if colour else ():
            style = cast(CharacterStyle, document.styles[name])
            style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())


def _describe(document: Document, report: Report) -> None:
    about, date = document.core_properties, datetime.fromisoformat(report.date or UNDATED)
    about.title, about.subject = (writable(text, False)[:255] for text in (report.title, report.subtitle))
    about.language = _tag(report)
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.revision, about.created, about.modified = 1, date, date


def packed(document: Document) -> bytes:
    """The document as a file. Equal documents give equal bytes: no time of day, and parts in one order."""
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(packed, "w") as package:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            package.writestr(entry, parts.read(name))
    return packed.getvalue()
