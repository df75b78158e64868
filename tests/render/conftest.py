"""A real browser, and the pages of both samples in it."""

from __future__ import annotations

import shutil

import pytest

from reportgen.render.html.document import render_html

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("needs Chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


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
