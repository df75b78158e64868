"""One figure as a PDF of its own size, to be placed into a manuscript."""

from __future__ import annotations

import hashlib
import warnings

from reportgen.base.errors import ReportError
from reportgen.render.lines import Lines
from reportgen.render.pdf.document import complaints_of
from reportgen.render.pdf.library import weasyprint_library


def figure_pdf(lines: Lines) -> bytes:
    """The drawing on a page of its size. MachineFailed without Pango."""
    library, (width, height), drawn = weasyprint_library(), lines.size, lines.svg
    sheet = f"@page{{size:{width:g}pt {height:g}pt;margin:0}}body{{margin:0}}svg{{display:block}}"
    with complaints_of() as complaints, warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        page = library.HTML(string=f"<!DOCTYPE html><style>{sheet}</style><body>{drawn}")
        pdf = page.write_pdf(pdf_identifier=hashlib.sha256(drawn.encode()).digest()[:16])
    if complaints:
        raise ReportError(f"a figure was not made as PDF: the PDF library had {len(complaints)} complaints")
    return pdf
