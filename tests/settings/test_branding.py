"""A house's own look: colours that can be read, a logo that is only a picture, templates that can't break out."""

from __future__ import annotations

import io
import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from reportgen.base.colours import DARK, READABLE, WHITE, contrast, on_dark
from reportgen.base.errors import UsageError
from reportgen.cohort.load import load_cohort
from reportgen.render.docx import render_docx
from reportgen.render.html.document import render_html
from reportgen.render.html.own_chapters import with_own_chapters
from reportgen.render.html.own_templates import limited
from reportgen.render.pdf.document import render_pdf
from reportgen.render.texts import report_md
from reportgen.report import Brand, Bullets, Heading, Notice, Paragraph, Row, Table
from reportgen.run.branding import brand_of, printed
from reportgen.run.composing import analyse, compose
from reportgen.run.pipeline import protected
from reportgen.settings.from_manifest import recorded_settings
from reportgen.settings.model import Settings
from reportgen.settings.sources import load_settings
from tests.conftest import TWO_GROUPS
from tests.pdf_gate import faults
from tests.render.own_scripts import Scripts, own_scripts

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#7a143c"/></svg>'


def png(size=(90, 30), colour=(120, 20, 60, 128)) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", size, colour).save(written, "PNG", dpi=(72, 72))
    return written.getvalue()


def settings(folder: Path, toml: str, **files: bytes | str) -> Settings:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "report.toml").write_text(toml, encoding="utf-8")
    return load_settings(folder / "report.toml")


def branded(sample, **brand):
    return replace(sample.report, brand=Brand(**brand))


def first_chapter(report):
    """What a house adds stands on page one and at the foot of every other: a few pages have it all."""
    return replace(report, sections=report.sections[:2], parts=())


@pytest.mark.parametrize(
    "colour, said",
    [("#ffcc00", "contrast with white is 1.5 : 1, text needs 4.5 : 1"), ("red", "a colour such as #0b5c6b"),
     ("#0b5c6", "a colour such as"), ("url(x)", "a colour such as"), ("#808080", "a darker one")],
)  # fmt: skip
@pytest.mark.parametrize("key", ["accent", "second"])
def test_a_colour_that_cannot_be_read_is_refused(tmp_path, key, colour, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        settings(tmp_path, f'[branding]\n{key} = "{colour}"')


@pytest.mark.parametrize("colour", ["#0b5c6b", "#7a143c", "#000000", "#1d3a6e"])
def test_colours_are_readable_on_paper_and_in_the_dark(sample, colour):
    assert contrast(colour, WHITE) >= READABLE and contrast(on_dark(colour), DARK) >= READABLE
    page = render_html(branded(sample, accent=colour, second=colour))
    assert f"--accent:{colour};--head:{colour};" in page and f"--accent:{on_dark(colour)};" in page


def test_a_house_is_named_on_page_one_and_at_the_foot(sample):
    page = render_html(branded(sample, institution="Ward <7>", footer="Not for <b>release</b>"))
    assert '<span class="institution">Ward &lt;7&gt;</span>' in page and "Not for &lt;b&gt;release" in page
    assert "<b>release" not in page and 'class="house"' not in render_html(sample.report)


@pytest.mark.parametrize("logo", [SVG, png()], ids=["svg", "png"])
def test_a_logo_is_in_the_page_and_the_pdf(sample, logo):
    report = branded(sample, logo=logo, institution="Ward 7")
    page = render_html(report)
    assert own_scripts(page) and page.count('class="logo"') == 1 and "Ward 7" in page
    assert render_html(report) == page
    assert faults(render_pdf(first_chapter(report))) == []


def test_a_picture_is_stripped_flattened_and_made_small(sample):
    big = png((3000, 900))
    page = render_html(branded(sample, logo=big))
    import base64

    content = base64.b64decode(re.search(r'src="data:image/png;base64,([^"]+)"', page)[1])
    with Image.open(io.BytesIO(content)) as shown:
        assert shown.size == (800, 240) and shown.mode == "RGB" and "dpi" not in shown.info
        assert shown.getpixel((5, 5)) == pytest.approx((187, 137, 157), abs=2)


@pytest.mark.parametrize(
    "logo",
    [b"\x89PNG but no picture", b"<svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", png((2100, 2000)),
     SVG.replace(b"<rect", b"<script>alert(1)</script><rect"), SVG.replace(b"<rect", b'<rect onload="x()"'),
     SVG.replace(b"<rect", b'<image href="file:///etc/passwd"/><rect'), b"\xff\xfe",
     b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG],
)  # fmt: skip
def test_a_logo_that_is_no_plain_picture_is_refused(sample, logo):
    with pytest.raises(UsageError, match="branding.logo"):
        render_html(branded(sample, logo=logo))


@pytest.mark.parametrize(
    "toml, said",
    [('logo = "../logo.png"', "within the folder"), ('logo = "/etc/passwd.png"', "within the folder"),
     ('logo = "none.png"', "there is no"), ('logo = "a.gif"', "PNG or SVG"), ('logo = "big.png"', "200 kB"),
     ('logo = "away.png"', "within the folder"), ('templates = "none"', "no folder"),
     ('templates = "report.toml"', "no folder"), ('templates = "."', "within the folder"),
     ('templates = "latin"', "not written in UTF-8"), ('colour = "#000000"', "unknown key branding.colour")],
)  # fmt: skip
def test_files_lie_beside_the_settings_and_are_small(tmp_path, toml, said):
    folder = tmp_path / "study"
    (folder / "latin").mkdir(parents=True)
    (folder / "latin" / "body.html").write_bytes(b"\xe4")
    (folder / "big.png").write_bytes(b"0" * 200_001)
    (tmp_path / "secret.png").write_bytes(png())
    (folder / "away.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(UsageError, match=re.escape(said)):
        settings(folder, f"[branding]\n{toml}")


def test_the_workbook_may_not_name_files():
    with pytest.raises(UsageError, match=re.escape("[branding] can only be set by whoever")):
        load_settings(report_sheet={"branding.logo": "x.png"})
    with pytest.raises(UsageError, match="can only be set in report.toml"):
        load_settings(overrides={"branding.logo": "x.png"})


def test_settings_are_recorded_with_their_files_and_results_hold_none(tmp_path, sample):
    given = settings(
        tmp_path, '[branding]\nlogo = "l.svg"\ntemplates = "t"', l_dot_svg=SVG, t__body_dot_html="Body"
    )
    assert (
        recorded_settings(json.loads(json.dumps(asdict(given), default=str))).brand_files == given.brand_files
    )
    brand = brand_of(given)
    assert brand.logo == SVG and brand.templates == {"body.html": "Body"}
    report = compose(replace(sample.cohort, settings=given), sample.results, {})
    assert "brand_files" not in report.provenance["settings"] and report.brand == brand


def test_own_templates_take_the_place_of_ours(sample):
    own = {
        "blocks/heading.html": "<h3>OURS {{ view.block.text }}</h3>",
        "css/own.css": "h2{margin:0}",
    }
    report = branded(sample, templates=own)
    page = render_html(report)
    assert "h2{margin:0}" in page and page.count("<h3>OURS ") == page.count("<h3") > 3 and own_scripts(page)
    assert faults(render_pdf(first_chapter(report))) == []


@pytest.mark.parametrize(
    "template",
    ["{{ report.__class__.__mro__ }}", "{{ ''.__class__.__base__.__subclasses__() }}", "{{ nothing_of_the_kind }}",
     "{% for i in range(10000000) %}x{% endfor %}", "{{ inline.__globals__ }}", "{% if %}",
     "{% include '/etc/passwd' %}", "{% include '../../etc/passwd' %}"],
)  # fmt: skip
def test_own_templates_cannot_break_out(sample, template):
    with pytest.raises(UsageError, match="templates of"):
        render_html(branded(sample, templates={"contents.html": template}))


def test_what_an_own_template_prints_is_escaped_and_runs_nothing(sample):
    own = {"contents.html": "{{ '<script>alert(1)</script>' }}<script>alert(2)</script>"}
    page = render_html(branded(sample, templates=own))
    assert "&lt;script&gt;alert(1)" in page
    policy = Scripts(page).policy
    assert policy.count("sha256-") == 2 and "unsafe" not in policy, "so that a browser does not run it"


@pytest.mark.parametrize("css", ["a{background:url(http://x)}", '@import "x"', "a{b:c\\6f}", "A{X:URL(x)}"])
def test_an_own_stylesheet_names_no_file(sample, css):
    with pytest.raises(UsageError, match="own.css"):
        render_html(branded(sample, templates={"css/own.css": css}))


def test_an_own_stylesheet_cannot_end_its_element(sample):
    page = render_html(branded(sample, templates={"css/own.css": "</style><script>alert(1)</script>"}))
    assert own_scripts(page) and "</style><script>alert" not in page


def chapters(sample, *names, templates=None):
    chosen = replace(sample.cohort.settings, chapters=names,
                     brand_files={f"templates/{k}": v for k, v in (templates or {}).items()})  # fmt: skip
    return replace(sample.cohort, settings=chosen)


def test_chapters_are_chosen_and_ordered(sample):
    report = compose(chapters(sample, "summary", "toxicity", "survival"), sample.results, {})
    assert [section.key for section in report.sections] == ["summary", "toxicity", "survival"]
    asked = own_scripts(render_html(report))["estimates"]
    assert any(key.startswith("response.") for key in asked), "the summary's numbers can still be asked"
    everything = printed(chapters(sample))
    assert [s.KEY for s in everything][:2] == ["summary", "cohort"]


def test_a_chapter_of_the_house(sample):
    text = "{# Ethics & funding #}\n<p>Approved by the board; {{ report.title }}.</p>"
    cohort = chapters(sample, "summary", "ethics", templates={"chapters/ethics.html": text})
    report = compose(cohort, sample.results, {})
    assert report.sections[1].title == "Ethics & funding"
    page = render_html(report)
    assert (
        '<h2 id="ethics-head">Ethics &amp; funding</h2>' in page and "Approved by the board; Outcome" in page
    )
    assert 'href="#ethics"' in page


OWN = """{# Ethics #}
<h3>Approval</h3><p>Approved by <b>the board</b> &amp; <a href="https://x.org">others</a>;
{{ report.facts[2][1] }} patients.
<ul><li>First<li>Second</ul>
<svg viewBox="0 0 4 4"><title>no text</title><rect width="4" height="4"/></svg>
<section><table><tr><th>Body<th>Date<tr><td>Board A<td>2016</table></section>After the table<style>p {}</style>
"""


def test_a_chapter_of_the_house_is_in_word_and_in_markdown_as_it_is_in_the_page(sample):
    cohort = chapters(sample, "summary", "ethics", "follow_up", templates={"chapters/ethics.html": OWN})
    report = compose(cohort, sample.results, {})
    ethics = with_own_chapters(report).printed[0].sections
    blocks = next(section.blocks for section in ethics if section.key == "ethics")
    table = Table("ethics-own-4", (), blocks[4].columns, (Row((("Board A",), ("2016",))),))
    assert [column.head for column in table.columns] == ["Body", "Date"]
    assert blocks == (
        Heading("Approval"),
        Paragraph(("Approved by the board & others; 8 patients.",)),
        Bullets((("First",), ("Second",))),
        Notice(("A drawing of this chapter is in the page and the PDF alone.",)),
        table,
        Paragraph(("After the table",)),
    )
    document = Document(io.BytesIO(render_docx(report)))
    said = [paragraph.text.replace("\N{NO-BREAK SPACE}", " ") for paragraph in document.paragraphs]
    assert "Approved by the board & others; 8 patients." in said and "After the table" in said
    assert "Board\N{NO-BREAK SPACE}A" in [cell.text for table in document.tables for cell in table._cells]
    assert re.search(r"^\| Body \| Date \|$", report_md(report), re.M)
    assert "Board A" not in "".join(text for text in said if "Table" in text)
    assert with_own_chapters(sample.report) is sample.report


@pytest.mark.parametrize("profile", ["board", "partner"])
def test_no_template_can_find_an_id_under_another_profile(tmp_path, profile):
    """Everything that a template is given, as text: the ids of the sample are nowhere in it.

    Escaped here, so that megabytes of it are not looked through for places where no line may end.
    """
    cohort = load_cohort(TWO_GROUPS, overrides={"privacy.profile": profile})
    ids = cohort.patients.frame["patient_id"].tolist()
    shown = protected(cohort, tmp_path)
    everything = "{# All #}{{ report|string|forceescape }} {{ parts|string|forceescape }}"
    asked = replace(shown.settings, chapters=("summary", "patients", "all"),
                    brand_files={"templates/chapters/all.html": everything})  # fmt: skip
    page = render_html(compose(replace(shown, settings=asked), *analyse(shown)))
    body = page[page.index('id="all-head"') :]
    assert len(body) > 100_000 and re.findall(rf"\b(?:{'|'.join(map(re.escape, ids))})\b", page) == []


@pytest.mark.parametrize("names, said", [(("summry",), "did you mean 'summary'"), (("xyzzy",), "known are"),
                                         (("methods", "methods"), "twice")])  # fmt: skip
def test_an_unknown_chapter_is_an_error(sample, names, said):
    with pytest.raises(UsageError, match=said):
        printed(chapters(sample, *names))


def test_the_example_of_the_documentation_works(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.+?)```", text, re.S)[1]
    chapter = re.search(r"```html\n(.+?)```", text, re.S)[1]
    given = settings(tmp_path, example, logo_dot_svg=SVG, house__chapters__ethics_dot_html=chapter)
    assert given.branding.institution and "ethics" in given.chapters
    assert "chapters/ethics.html" in brand_of(given).templates


@pytest.mark.parametrize(
    "template",
    [
        '<meta http-equiv="refresh" content="0; url=https://example.org">',
        '<META HTTP-EQUIV=" Refresh " content="0">',
        '<base href="https://example.org">',
        '<iframe src="https://example.org"></iframe>',
        '<img src="https://example.org/x.png" alt="">',
        '<form action="/x"></form>',
        '<p onclick="alert(1)">x</p>',
        '<a href=" javascript:alert(1)">x</a>',
    ],
)
def test_own_templates_cannot_lead_away(sample, template):
    with pytest.raises(UsageError, match="leads away"):
        render_html(branded(sample, templates={"contents.html": template}))


@pytest.mark.parametrize(
    "template",
    [
        "{{ 1 / 0 }}",
        "{{ report.title() }}",
        "{{ report.titel }}",
        '{{ "a" * 9999999999 }}',
        "{{ 9 ** 999 }}",
        "{{ chapters[999] }}",
        "{% for x in 3 %}{% endfor %}",
    ],
)
def test_a_slip_in_an_own_template_is_a_setting_that_is_not_understood(sample, template):
    with pytest.raises(UsageError, match="templates of"):
        render_html(branded(sample, templates={"contents.html": template}))


def test_an_own_template_that_does_not_end_is_ended(sample, monkeypatch):
    from reportgen.render.html import document

    monkeypatch.setattr(document, "limited", lambda: limited(1))
    endless = (
        "{% for a in range(9999) %}{% for b in range(9999) %}{% set c = a + b %}{% endfor %}{% endfor %}"
    )
    with pytest.raises(UsageError, match="does not end"):
        render_html(branded(sample, templates={"contents.html": endless}))
