"""The report in its frame at the desk: it hands over what it offers, and reaches nothing."""

from __future__ import annotations

from pathlib import Path


def test_a_table_is_taken_away_and_nothing_else_is_reached(desk, browser):
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(desk.address)
    page.get_by_role("link", name="cohort.xlsx").click()
    page.locator(".tabs a").nth(2).click()
    page.locator("[name=format][value=pdf]").uncheck()
    page.locator("button.first").click()
    page.wait_for_selector("iframe")
    frame = page.frame_locator("iframe")
    with page.expect_download() as taken:
        frame.get_by_role("button", name="Save as CSV").first.click()
    assert taken.value.suggested_filename.endswith(".csv")
    assert "Response" in Path(taken.value.path()).read_text(encoding="utf-8")
    frame.get_by_role("button", name="Copy as CSV").first.click()
    frame.get_by_text("Copied").wait_for()
    inner = page.frames[1]
    assert inner.evaluate("origin") == "null"
    for place in ("/", "/quit", "http://127.0.0.1:1/"):
        asked = (
            f"fetch('{place}', {{method: 'POST', mode: 'no-cors'}}).then(() => 'reached', () => 'refused')"
        )
        assert inner.evaluate(asked) == "refused"
    context.close()
