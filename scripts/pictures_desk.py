"""The pictures of docs/desk.md: the desk itself in a browser, on the way of a ward's workbook to its report."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile

from pictures import ROOT, save

# Invented patients, in a workbook as a ward keeps it.
WARD = ROOT / "tests" / "cases" / "messy" / "asps.xlsx"
SAMPLE = ROOT / "sample_data" / "ap_imt_crizotinib.xlsx"


def main() -> None:
    """Open a desk on a folder that holds the sample, and look at its pages."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(SAMPLE, folder)
        command = [sys.executable, "-m", "reportgen", "desk", folder, "--no-browser"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as desk:
            try:
                pages(desk.stdout.readline().strip())  # type: ignore[union-attr]
            finally:
                desk.terminate()


def pages(address: str) -> None:
    """The drop, what the workbook was understood as, a doubtful cell, and a report."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1100, "height": 720})
        page.set_default_timeout(120_000)
        page.goto(address)
        save("desk-drop", page.screenshot())

        page.set_input_files("#file", WARD)
        page.wait_for_selector("form[data-live]")
        save("desk-understand", page.screenshot())

        page.locator("button.first").click()
        page.wait_for_selector("p.good")
        page.locator("main a.button[href$=check]").click()
        page.wait_for_selector(".finding")
        page.locator(".places a").first.click()
        page.wait_for_selector("#cell")
        save("desk-cell", page.screenshot())

        page.goto(address.partition("/?")[0])
        page.get_by_role("link", name=SAMPLE.name).click()
        page.locator(".tabs a").nth(2).click()
        page.get_by_label("pdf").uncheck()
        page.locator("button.first").click()
        page.wait_for_selector("iframe")
        page.frame_locator("iframe").locator("h1").first.wait_for()
        page.wait_for_timeout(1500)
        save("desk-report", page.screenshot())
        browser.close()


if __name__ == "__main__":
    main()
