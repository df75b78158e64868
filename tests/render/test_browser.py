"""The page in a real browser: nothing is fetched, nothing is refused, nothing sticks out, on a phone or a desk."""

import pytest

from reportgen.render.html.document import render_html
from tests.render.example import example


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(render_html(example(60)), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280, 1600])
def test_the_page_fits_and_asks_for_nothing(browser, address, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
    page.goto(address)
    assert said == [] and set(asked) <= {"file", "data"}
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    loaded = page.evaluate(
        "[...document.fonts].filter(face => face.status == 'loaded').map(face => face.family)"
    )
    assert len(loaded) == 4 and loaded[-1] == "Further Han"  # for a name in the example
    page.close()


def test_figures_turn_with_the_theme_and_tables_keep_their_anchors(browser, address):
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page.goto(address)
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    fill = page.evaluate("getComputedStyle(document.querySelector('figure text')).fill")
    assert ground == "rgb(21, 24, 27)" and fill != "rgb(0, 0, 0)"
    places = page.evaluate(
        """[...document.querySelectorAll('#table-toxicity tbody tr td:nth-child(2)')].map(cell => {
            const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
            const range = document.createRange();
            const slash = text.data.indexOf('/');
            range.setStart(text, slash); range.setEnd(text, slash + 1);
            return range.getBoundingClientRect().left})"""
    )
    assert len(places) > 10 and max(places) - min(places) < 1
    page.close()
