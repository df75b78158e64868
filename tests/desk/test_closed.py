"""The last page of the desk, which is shown when nobody is there any more to be asked for anything."""

from __future__ import annotations

from tests.desk.conftest import start

PATIENCE = 120_000


def test_the_last_page_is_whole_though_the_desk_is_gone(browser, tmp_path):
    desk = start(tmp_path)
    context = browser.new_context(color_scheme="dark")
    page, failed = context.new_page(), []
    page.set_default_timeout(PATIENCE)
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("console", lambda said: failed.append(said.text))
    page.goto(desk.address)
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("button", name="Quit").click()
    page.wait_for_selector("text=The desk is closed")
    desk.process.communicate(timeout=60)
    assert desk.process.returncode == 0
    assert (
        page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        == ground
        != "rgb(0, 0, 0)"
    )
    assert failed == []
    context.close()
