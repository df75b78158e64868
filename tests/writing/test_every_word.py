"""Every word that a reader sees is looked up: in a language without letters, only data have any."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from gettext import NullTranslations
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from reportgen.base.errors import Issue
from reportgen.base.message import message
from reportgen.casereview.case import Case, Shared, seen_later
from reportgen.casereview.one_review import compose as composed_case
from reportgen.cohort.load import load_cohort
from reportgen.publish.queries import queries_xlsx
from reportgen.render.docx import render_docx
from reportgen.render.html.document import render_html, render_page
from reportgen.render.html.page import PRINT
from reportgen.render.svg import print_svg
from reportgen.run.composing import analyse, compose
from reportgen.run.pipeline import protected
from reportgen.writing import catalogues, language
from reportgen.writing.references import METHODS
from tests.conftest import SAMPLE, TWO_GROUPS

# Not words of a language: responses of RECIST, signs, names of methods' authors, of programs, files and standards.
NAMES = """
CR PR SD PD NE NR SHA STROBE Holm km CTCAE RECIST
reportgen Python numpy scipy pandas matplotlib jinja2 weasyprint lifelines xlsx queries json results
von Elm et al Lancet
ESMO GROW REMARK Altman DG PLoS Med Castelo Branco Real World Data Digit Oncol
"""


def lettered(text: str) -> str:
    """A text whose own letters are gone; its parts stay."""
    pieces = re.split(r"(\{[^}]*\})", text)
    return "".join(p if p.startswith("{") else re.sub(r"[^\W\d_]", "·", p) for p in pieces)


class Dumb(NullTranslations):
    """What German has a text for is said without letters."""

    known = catalogues.catalogue(language.FOLDER, "de")

    def gettext(self, message):
        return self.known.gettext(message) and lettered(message)

    def pgettext(self, context, message):
        return self.known.pgettext(context, message) and lettered(message)

    def ngettext(self, msgid1, msgid2, n):
        return self.known.ngettext(msgid1, msgid2, n) and lettered(msgid1)

    def npgettext(self, context, msgid1, msgid2, n):
        return self.known.npgettext(context, msgid1, msgid2, n) and lettered(msgid1)


@pytest.fixture(scope="module")
def dumb():
    """A language in which every known text is said without letters, under the code "xx"."""
    catalogue = Dumb()
    patch = pytest.MonkeyPatch()
    patch.setattr(language, "_catalogue", lambda code: catalogue)
    patch.setattr(language, "_rules", lambda code: DUMB)
    yield "xx"
    patch.undo()


def _digits(day) -> str:
    return f"{day:%d.%m.%Y}"


DUMB = language.Rules(".", ",", "{n}%", _digits, _digits, _digits, _digits)


class Seen(HTMLParser):
    """What a reader of the page can read: texts, text alternatives, labels, and what the script says."""

    def __init__(self):
        super().__init__()
        self.texts, self._inside = [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.texts += [given[name] for name in ("alt", "aria-label") if given.get(name)]
        if tag in ("style", "script"):
            self._inside.append(given.get("type", ""))

    def handle_endtag(self, tag):
        if tag in ("style", "script"):
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self.texts.append(data)
        elif "json" in self._inside[-1]:
            told = json.loads(data)
            self.texts += told["words"].values()
            for asked in told["estimates"].values():
                self.texts += [asked[name] for name in ("label", "unit", "method", "note") if name in asked]
            for curve in told["curves"].values():
                self.texts.append(curve["unit"])
                self.texts += [text for line in curve["lines"] for text in (line["name"], *line["said"])]


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", text.casefold()))


def own_words(cohort) -> set[str]:
    """The words of the data: of every cell, label and setting, and of the checks' codes."""
    found = [
        NAMES,
        *(f"{where}" for _known, _what, where in METHODS),
        str(cohort.settings),
        str(cohort.source),
    ]
    tables = (cohort.patients, cohort.toxicities, cohort.treatments, cohort.assessments)
    for table in tables:
        if table is not None:
            found += [str(cell) for column in table.frame for cell in (column, *table.frame[column].unique())]
    labels = set(cohort.labels.values()) - {text for _context, text in known_texts()}
    found += labels
    found += [f"{m.table} {m.column} {m.header} {m.cell}" for m in cohort.matches]
    found += [f"{i.code} {i.sheet} {i.cell} {i.patient}" for i in cohort.issues]
    return words(" ".join(map(str, found)).replace("_", " "))


def known_texts():
    written = catalogues.read_written((language.FOLDER / "de.po").read_bytes())
    return [(entry.context or "", entry.id) for entry in written if isinstance(entry.id, str) and entry.id]


@pytest.mark.parametrize("source", (SAMPLE, TWO_GROUPS), ids=lambda path: path.stem)
def test_every_word_of_the_page_is_looked_up(dumb, source):
    cohort = load_cohort(source)
    settings = replace(cohort.settings, language=dumb)
    cohort = replace(cohort, settings=settings)
    results, notices = analyse(cohort)
    with language.speaking(dumb):
        page = render_html(compose(cohort, results, notices))
    seen = Seen()
    seen.feed(page)
    own = own_words(cohort) | {"xx"}
    strange = {text.strip()[:120]: words(text) - own for text in seen.texts if words(text) - own}
    assert strange == {}


@pytest.mark.parametrize("source", (SAMPLE, TWO_GROUPS), ids=lambda path: path.stem)
@pytest.mark.parametrize("profile", ("internal", "board"))
def test_every_word_of_a_case_review_is_looked_up(dumb, tmp_path, source, profile):
    whole = load_cohort(source, overrides={"privacy.profile": profile})
    own = own_words(whole) | {"xx", "pt", "mm"}
    cohort = protected(whole, tmp_path)
    cohort = replace(cohort, settings=replace(cohort.settings, language=dumb))
    shared = Shared.of(cohort, seen_later(whole))
    for position in range(min(cohort.n, 12)):
        page, assets = render_page(composed_case(Case(shared, position, "P-0")), PRINT)
        seen = Seen()
        seen.feed(page)
        for name, content in assets.items():
            if name.endswith(".svg"):
                seen.feed(print_svg(content))
        strange = {text.strip()[:120]: words(text) - own for text in seen.texts if words(text) - own}
        assert strange == {}


def test_every_word_of_the_queries_is_looked_up(dumb):
    issue = Issue(
        "warning",
        "X",
        "patients",
        "C7",
        "P1",
        message("The row repeats an earlier one in every cell"),
        message("Correct the date, or remove what is only planned"),
    )
    other = message("{a} is before {b}", a="treatment_stop", b="relapse_date")
    with language.speaking(dumb):
        content = queries_xlsx(
            [
                issue,
                replace(issue, problem=other),
            ]
        )
    sheet = load_workbook(BytesIO(content))["queries"]
    told = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    own = words("Q X patients C7 P1 a b treatment stop relapse date")
    assert {
        text: words(text.replace("_", " ")) - own
        for text in told
        if words(text.replace("_", " ")) - own and not text.startswith("Q-")
    } == {}


@pytest.mark.parametrize("source", (SAMPLE, TWO_GROUPS), ids=lambda path: path.stem)
def test_every_word_of_the_word_file_is_looked_up(dumb, source):
    cohort = load_cohort(source)
    cohort = replace(cohort, settings=replace(cohort.settings, language=dumb))
    own = own_words(cohort) | {"xx", "toc", "page", "pageref", "numpages", "seq", "ref"}
    results, notices = analyse(cohort)
    with language.speaking(dumb):
        content = render_docx(compose(cohort, results, notices))
    strange = {}
    with ZipFile(BytesIO(content)) as parts:
        for part in parts.namelist():
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes)\.xml", part):
                texts = re.findall(
                    r"<w:t(?: [^>]*)?>([^<]*)</w:t>|descr=\"([^\"]*)\"", parts.read(part).decode()
                )
                strange |= {
                    unescape(a or b)[:120]: words(unescape(a or b)) - own
                    for a, b in texts
                    if words(unescape(a or b)) - own
                }
    assert strange == {}


def test_a_text_that_goes_around_would_be_seen(dumb):
    with language.speaking(dumb):
        assert not words(language._("The cohort holds no patient."))
        assert words(language._("This text is in no file."))
