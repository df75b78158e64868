"""A real browser, and the pages of both samples in it."""

from __future__ import annotations

import pytest

from reportgen.render.html.document import render_html


def _address(folder, report) -> str:
    file = folder / "report.html"
    file.write_text(render_html(report), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="session")
def eight(tmp_path_factory, sample) -> str:
    """The address of the page of eight patients."""
    return _address(tmp_path_factory.mktemp("eight"), sample.report)


@pytest.fixture(scope="session")
def many(tmp_path_factory, two_groups) -> str:
    """The address of the page of 120 patients in two groups."""
    return _address(tmp_path_factory.mktemp("many"), two_groups.report)


@pytest.fixture
def visit(browser):
    """Open an address; afterwards the page must have said nothing to the console and asked for nothing."""
    contexts, said, asked = [], [], []

    def opened(address: str, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []
    assert set(asked) <= {"file", "data", "blob"}
