"""The page: one file, safe under its own policy, readable without script, every word as it was written."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reportgen.render.html.document import PRINT, render_html, render_page
from reportgen.report import (
    Column,
    Figure,
    Heading,
    Link,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    Value,
)
from tests.render.example import NASTY, curve_drawing, example, summary
from tests.render.own_scripts import own_scripts

VOID = {"meta", "col", "img", "br", "link"}


class Outline(HTMLParser):
    """The elements of a page in order, with their attributes and the text in them."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.words = ""
        self.styles: list[str] = []
        self.feed(html)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID and not self.get_starttag_text().endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.styles.append(data)
        elif self.open and self.open[-1] != "script":
            self.words += data
            self.texts.setdefault(self.open[-1], []).append(data)

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def html() -> str:
    return render_html(example())


@pytest.fixture(scope="module")
def page(html) -> Outline:
    return Outline(html)


def small(*blocks, **options) -> Report:
    section = Section("survival", "Survival", blocks)
    return Report("A title", "A subtitle", "2018-06-30", (), (section,), version="0.1.0", **options)


def test_the_page_needs_nothing_else(html, page):
    assert not page.all("link") and not page.all("img") and own_scripts(html)
    assert set(re.findall(r'url\("?([a-z]+):', "".join(page.styles))) == {"data"}
    assert not [attributes for _, attributes in page.elements for name in attributes if name == "style"]


def test_its_policy_allows_its_one_stylesheet_and_nothing_else(html, page):
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv"))
    sheets = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert len(sheets) == 1
    digest = base64.b64encode(hashlib.sha256(sheets[0].encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ") and f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy and policy.count("script") == 1


def test_hostile_words_come_out_as_words(html, page):
    assert own_scripts(html) and not page.all("b b")
    for word in NASTY:
        if word.isprintable():
            assert word in page.words
    assert "a[U+202E]b" in page.words and "nul[U+0000]bell[U+0007]" in page.words
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_landmarks_language_title_and_headings(page):
    assert page.all("html") == [{"lang": "en"}] and len(page.all("title")) == 1
    for landmark in ("header", "nav", "main", "footer", "h1"):
        assert len(page.all(landmark)) == 1, landmark
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and all(
        after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)
    )
    assert page.elements[page.elements.index(("a", {"class": "skip", "href": "#main"}))]


def test_ids_are_unique_and_links_lead_to_them(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[\w.-]+", name) for name in ids)
    for _, attributes in page.elements:
        for name in ("href", "aria-labelledby"):
            if name in attributes:
                assert attributes[name].lstrip("#") in ids
    assert {section.key for section in example().sections} <= set(ids)


def test_every_block_has_an_id(page):
    for tag, attributes in page.elements:
        if tag in ("figure", "aside", "section", "h3", "caption"):
            assert attributes.get("id"), (tag, attributes)


def test_figures_say_what_they_show(page):
    drawings = page.all("svg")
    assert len(drawings) == 5
    assert all(drawing["role"] == "img" and drawing["aria-label"] for drawing in drawings)
    assert len(page.all("figcaption")) == len(page.all("figure")) == 5


def test_a_value_knows_where_it_comes_from(page):
    refs = [attributes for attributes in page.all("span") if "data-ref" in attributes]
    assert {"class": "v", "data-ref": "survival.pfs.all.survival@365.25"} in refs
    assert page.all("span").count({"class": "q"}) > 10


def test_tables_have_captions_heads_and_even_rows():
    columns = (Column("Term", align="left"), Column("n", "of 8"), Column("Note", align="left"))
    rows = (
        Row((("Blood",),), head=True),
        Row((("Anaemia",), ("1/8",)), indent=1),
        Row((("x",), ("–",), ("y",))),
    )
    page = Outline(render_html(small(Table("t", ("A sentence.",), columns, rows))))
    assert len(page.all("caption")) == 1 and "Table 1 A sentence." in page.words.replace("\xa0", " ")
    scopes = [cell["scope"] for cell in page.all("th")]
    assert scopes == ["col", "col", "col", "rowgroup", "row", "row"]
    assert page.all("th")[3]["colspan"] == "3"
    assert len(page.all("td")) == 4 and len(page.all("tbody")) == 1


def test_a_row_with_too_many_cells_is_a_bug_that_is_named():
    with pytest.raises(ValueError, match="table 't' has 1 columns, but a row of 2 cells"):
        render_html(small(Table("t", ("c",), (Column("a"),), (Row((("1",), ("2",))),))))


def test_a_figure_without_alternative_is_refused():
    with pytest.raises(ValueError, match="no text alternative"):
        render_html(small(Figure("f", curve_drawing("x"), ("c",), "  ")))


def test_a_note_mark_is_raised():
    assert "years<sup>a</sup>" in render_html(small(Paragraph(("3 yearsᵃ",))))


def test_half_figures_stand_in_pairs():
    half = Figure("f", curve_drawing("x"), ("c",), "alt", "half")
    html = render_html(small(half, replace(half, id="g"), replace(half, id="h"), Heading("x")))
    assert html.count('class="pair"') == 2


def test_the_summary_has_its_blocks_in_their_order():
    report = replace(small(), sections=(summary(),))
    html = render_html(report)
    assert html.index("Purpose") < html.index("<figure")


def test_print_names_its_figures_and_fonts_as_assets():
    html, assets = render_page(small(Figure("f", curve_drawing("ไ"), ("c",), "alt")), PRINT)
    assert 'src="asset:figure-f.svg" alt="alt"' in html and "[U+0E44]" in assets["figure-f.svg"].texts
    assert "data:" not in html and set(re.findall(r'url\("asset:([^"]+)', html)) <= set(assets)


def test_words_of_the_page_follow_the_language():
    html = render_html(small(Table("t", ("c",), (Column("a"),), ()), language="de"))
    assert '<html lang="de">' in html and "Inhalt" in html and "Tabelle\u00a01" in html


def test_equal_reports_give_equal_pages_and_a_value_may_stand_alone():
    report = small(Paragraph((Value("75%"),)))
    assert render_html(report) == render_html(report)
    assert '<p id="survival-paragraph">75%</p>' in render_html(report)


def linked(href: str) -> Report:
    section = Section("patients", "Patients", (Paragraph(("See ", Link("S01", href), ".")),))
    return replace(example(), sections=(section,))


def test_a_link_leads_to_a_file_beside_the_page_and_is_words_on_paper():
    report = linked("cases/P-7KQ2MX4D.pdf")
    assert '<a href="cases/P-7KQ2MX4D.pdf">S01</a>' in render_html(report)
    paper = render_page(report, PRINT)[0]
    assert "cases/" not in paper and "See S01." in paper.replace("\xa0", " ")


@pytest.mark.parametrize(
    "href",
    [
        "../a.pdf",
        "/etc/passwd",
        "//host/a",
        "http://a",
        "javascript:x()",
        "a/%2e%2E/b",
        "",
        "a b",
        "a//b",
        ".",
    ],
)
def test_a_link_leads_nowhere_else(href):
    with pytest.raises(ValueError, match="relative path"):
        render_html(linked(href))
