"""The report's page as a PDF that is archival (PDF/A-3a) and accessible (PDF/UA-1) at once."""

from __future__ import annotations

import atexit
import contextlib
import gc
import logging
import warnings
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType

from reportgen.base.drawing import Drawing
from reportgen.base.errors import ReportError
from reportgen.render.html import fonts
from reportgen.render.html.document import PRINT, has_own_sheet, print_css, render_page
from reportgen.render.html.page import Asset
from reportgen.render.pdf.library import weasyprint_library
from reportgen.render.pdf.paging import paged
from reportgen.render.pdf.shortcuts import drawings, finisher
from reportgen.render.svg import print_svg
from reportgen.report import Report

UNDATED = "1970-01-01"
MARK_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the document conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def render_pdf(
    report: Report, attachments: Mapping[str, bytes] = MappingProxyType({}), most_pages: int | None = None
) -> bytes | None:
    """The report as a tagged PDF/A-3a and PDF/UA-1 file. attachments: name → content of files to put inside.

    most_pages: None is given where it would take more than that.

    Every date in it is the report's date, so equal reports give equal bytes in any process, time zone and
    folder. MachineFailed if the PDF library can't be loaded; ReportError if the page asked for anything that
    is not in it, or the library found fault with it.
    """
    weasyprint = weasyprint_library()
    html, assets = render_page(report, PRINT)
    fetcher = _fetcher(assets)
    date = datetime.fromisoformat(report.date or UNDATED)
    files = [
        weasyprint.Attachment(
            string=content, name=name, description=f"{report.title}: {name}", relationship="Data",
            created=date, modified=date, url_fetcher=fetcher)
        for name, content in attachments.items()
    ]  # fmt: skip
    with complaints_of() as complaints, _no_garbage_collection(), warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library leaves its colour profile's file open
        page = weasyprint.HTML(string=html, base_url="asset:", url_fetcher=fetcher)
        alone = any(face.file in assets for face in fonts.FURTHER)  # with faces that no other page may find
        configuration, sheet = (_fonts(), _read) if alone else (_font_config(), _sheet)
        sheets = [] if has_own_sheet(report) else [sheet(report.kind, configuration)]
        options = {"pdf_variant": "pdf/a-3a", "font_config": configuration, "stylesheets": sheets}
        options["cache"] = drawings(assets, configuration, shared=not alone)
        document = paged(page, options) if report.kind == "report" else page.render(**options)
        if most_pages is not None and len(document.pages) > most_pages:
            return None
        metadata = document.metadata.generate_rdf_metadata
        document.metadata.generate_rdf_metadata = lambda *args: _conforms_to_both(metadata(*args))
        pdf = document.write_pdf(pdf_variant="pdf/a-3a", attachments=files, finisher=finisher())
    if fetcher.blocked or complaints:
        raise ReportError(
            f"the PDF was not made: its page asked for {len(fetcher.blocked)} things from outside, "
            f"and the PDF library had {len(complaints)} complaints"
        )
    return pdf


@cache
def _sheet(kind: str, configuration):
    """The styles of a kind of document, read once: a tenth of the time of a short one."""
    return _read(kind, configuration)


def _read(kind: str, configuration):
    """To the library they are a user's, which yield to those in the page; so ours do, as the page's own come last."""
    files = {face.file: fonts.font_bytes(face) for face in fonts.FACES}
    return weasyprint_library().CSS(
        string=print_css(kind), base_url="asset:", url_fetcher=_fetcher(files), font_config=configuration
    )


def _conforms_to_both(rdf: bytes) -> bytes:
    """The one metadata block of PDF/A, which says that the file is PDF/UA too."""
    head, end, _ = rdf.rpartition(b"</rdf:RDF>")
    if not end:
        raise ValueError("the PDF library wrote no metadata block")
    return head + MARK_UA


@cache
def _font_config():
    """One font configuration for all PDFs of a process: the fonts are read once."""
    configuration = _fonts()
    # Its folder of fonts goes when it is thrown away, but laid-out documents hold it in circles, and to look for those
    # at the end takes 0.1 to 0.4 s.
    atexit.register(configuration.__del__)
    return configuration


def _fonts():
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _fetcher(assets: Mapping[str, Asset]):
    """Hands out the page's own fonts and figures, and data: addresses; remembers what else was asked for."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    kinds = {"svg": "image/svg+xml", "png": "image/png", "ttf": "font/ttf"}

    class OwnAssets(URLFetcher):
        def __init__(self):
            super().__init__(allowed_protocols=("data",), allow_redirects=False)
            self.blocked: list[str] = []

        def fetch(self, url, headers=None):
            scheme, _, name = url.partition(":")
            if scheme == "asset" and name in assets:
                asset = assets[name]
                content = print_svg(asset).encode() if isinstance(asset, Drawing) else asset
                return URLFetcherResponse(url, content, {"Content-Type": kinds[name.rpartition(".")[2]]})
            if scheme == "data":
                return super().fetch(url, headers)
            self.blocked.append(url)
            raise ValueError("only what is in the page may be fetched")

    return OwnAssets()


class _Collector(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord):
        self.records.append(record)


@contextlib.contextmanager
def complaints_of() -> Iterator[list[logging.LogRecord]]:
    """What the library logs, kept from the user's logs: its lines quote the page, and so the data."""
    logger, collector = logging.getLogger("weasyprint"), _Collector()
    passed_on = logger.propagate
    logger.addHandler(collector)
    logger.propagate = False
    try:
        yield collector.records
    finally:
        logger.removeHandler(collector)
        logger.propagate = passed_on


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Layout makes millions of objects that live to the end: looking for garbage among them costs a third."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
