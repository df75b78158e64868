"""The whole way in a browser: from the drop of a ward's workbook to the report, by what the pages offer."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.base import AXE_SCRIPT

from reportgen.run import mapping
from tests.desk.conftest import start, stop

ASPS = Path(__file__).parents[1] / "cases" / "messy" / "asps.xlsx"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 120_000


# All that axe says of what passes is megabytes, and takes longer to be sent than to be found.
FOUND = """async tags => {
    const asked = {runOnly: {type: "tag", values: tags}, iframes: false, resultTypes: ["violations"]};
    const found = await axe.run(asked);
    const few = rule => [rule.id, rule.nodes.slice(0, 3).map(node => node.html.slice(0, 200))];
    return [found.passes.length, found.violations.map(few)] }"""


def violations(page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    passes, found = page.evaluate(FOUND, RULES)
    assert passes > 10
    return [f"{rule}: {node}" for rule, nodes in found for node in nodes]


OUTLINED = """[...document.querySelectorAll("#drop label")]
    .filter(label => getComputedStyle(label).outlineStyle != "none").map(label => label.htmlFor)"""


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    running = start(tmp_path_factory.mktemp("ward"))
    yield running
    assert stop(running) == 0


@pytest.fixture(scope="module")
def page(browser, ward):
    context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page, asked = context.new_page(), []
    page.set_default_timeout(PATIENCE)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(ward.address)
    yield page
    context.close()
    assert all(url.startswith((ward.base, "data:", "blob:")) for url in asked)


def test_from_the_drop_to_the_report(ward, page, tmp_path):
    """One long test, for each step needs the one before it."""
    assert violations(page) == [] and fits(page)
    # Who comes to a file by the keyboard sees on which of the two buttons he is.
    while page.evaluate("document.activeElement.id") != "file":
        page.keyboard.press("Tab")
    assert page.evaluate(OUTLINED) == ["file"]
    page.dispatch_event("main", "dragover")
    assert page.locator("#drop.over .let-go").is_visible()  # wherever the file is held over the page
    page.set_input_files("#file", ASPS)
    page.wait_for_selector("form[data-live]")
    assert page.locator("main").inner_text().count("No.") >= 1
    assert violations(page) == [] and fits(page)

    # Where the desk does not answer, the page says so.
    page.route("**/map", lambda route: route.abort())
    page.locator("fieldset", has_text="LTFU").get_by_label("dead").check()
    page.wait_for_selector("#lost")
    page.unroute("**/map")
    page.locator("fieldset", has_text="LTFU").get_by_label("Decide later").check()
    page.wait_for_selector("#lost", state="detached")

    page.locator("#written summary").click()  # what is opened stays open
    # What is dangerous is never taken unasked, and answering shows at once what comes of it.
    question = page.locator("fieldset", has_text="LTFU")
    assert question.locator("input:checked").get_attribute("value").endswith('"?"]')
    with page.expect_response("**/map"):
        question.get_by_label("alive").focus()
        page.keyboard.press("Space")
    page.wait_for_selector("body:not(.working)")
    assert (
        page.locator("fieldset", has_text="LTFU")
        .locator("input:checked")
        .get_attribute("value")
        .endswith('"a"]')
    )
    assert "LTFU" in page.locator("pre.diff").inner_text()

    # A column that was taken for a feature is said to be nothing; the settings say so, and the file is as it was.
    page.get_by_label("Primary site: taken for").select_option(label="not used")
    page.wait_for_selector("body:not(.working)")
    page.get_by_role("button", name="Save the settings").click()
    page.wait_for_selector(".good")
    written = tomllib.loads((ward.folder / "asps.toml").read_text(encoding="utf-8"))
    assert "LTFU" in written["values"]["vital_status"]["alive"]
    assert "primary_site" in written["features"]["exclude"]
    assert "primary_site" not in written["features"].get("at_start", [])

    page.locator(".tabs").get_by_text("Check").click()
    page.wait_for_selector(".finding")
    assert violations(page) == [] and fits(page)
    page.get_by_text("Show the cell").first.click()
    assert page.locator("#cell").inner_text().strip()
    assert violations(page) == [] and fits(page)

    page.locator(".tabs").get_by_text("Report").click()
    page.wait_for_selector("#group option:nth-child(2)", state="attached")
    assert "sex" in page.locator("#group option").all_inner_texts()
    assert violations(page) == [] and fits(page)
    page.get_by_label("Leave out patients with errors").check()
    page.get_by_role("button", name="Make the report").click()
    page.wait_for_selector("progress, iframe")
    page.wait_for_selector("iframe")
    assert page.frame_locator("iframe").locator("h1").inner_text()
    assert violations(page) == [] and fits(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="results.json").click()
    assert taken.value.suggested_filename == "results.json"
    made = ward.folder / "output" / "asps" / "report.pdf"
    assert made.read_bytes().startswith(b"%PDF") and made.stat().st_mode & 0o777 == 0o600

    # A build that is stopped leaves it as it is. The page does not ask how far it is, so that it stays as it is shown.
    before = made.read_bytes()
    page.route("**/state", lambda route: route.abort())
    page.locator(".tabs").get_by_text("Report").click()
    page.get_by_label("Leave out patients with errors").check()
    page.get_by_label("docx").check()
    page.get_by_role("button", name="Make the report").click()
    page.locator("form[action$=stop] button").dispatch_event("click")
    page.wait_for_selector("text=the last good report is untouched")
    assert made.read_bytes() == before
    page.unroute("**/state")

    page.locator(".tabs").get_by_text("History").click()
    assert page.locator("tbody tr").count() == 1 and violations(page) == [] and fits(page)
    page.get_by_role("button", name="Deutsch").click()
    assert (
        page.locator("html").get_attribute("lang") == "de"
        and page.locator("h1").inner_text() == "Berichte aus dieser Quelle"  # where it was asked
    )
    assert violations(page) == []


def test_refused_data_lead_back_to_their_cells(ward, page):
    """A build of what has errors publishes nothing and leads to the findings."""
    source = ward.folder / "later.xlsx"
    shutil.copy(ASPS, source)
    page.goto(ward.base)
    page.get_by_role("link", name="later.xlsx").click()
    page.locator(".tabs a").nth(2).click()
    page.locator("button.first").click()
    page.wait_for_selector("[role=alert]")
    assert not (ward.folder / "output" / "later" / "report.html").exists()
    page.locator("main a.button").first.click()
    page.locator("main a.button[href$=map]").click()  # nobody said so far what its columns are
    page.locator("button.first").click()
    page.locator("main a.button[href$=check]").click()
    page.wait_for_selector(".finding.error")
    page.locator("main a.button.lesser").click()
    assert page.locator("[name=exclude]").is_checked()


def test_an_answer_leads_to_its_closed_question(ward, page, tmp_path):
    """From where it was dropped, which is the page that the link leads to."""
    source = shutil.copy(ASPS, ward.folder / "answers.xlsx")
    mapping.write(mapping.map_source(source, None))
    page.goto(ward.base)
    page.get_by_role("link", name="answers.xlsx").click()
    page.locator(".tabs a").nth(1).click()
    page.wait_for_selector(".finding")
    with page.expect_download() as taken:
        page.locator("main a[href$='queries.xlsx']").click()
    taken.value.save_as(tmp_path / "queries.xlsx")
    book = openpyxl.load_workbook(tmp_path / "queries.xlsx")
    book.worksheets[0]["J2"] = "as on the ward"
    book.save(tmp_path / "queries.xlsx")
    for _twice in range(2):
        page.set_input_files("#file", tmp_path / "queries.xlsx")
        page.locator("main a[href$='#closed']").click()
        page.wait_for_selector("#closed:focus")
        assert page.locator("#closed ~ article").inner_text().count("as on the ward") == 1
    assert violations(page) == [] and fits(page)


DROPPED = """files => {
    const transfer = new DataTransfer();
    for (const [name, text] of files) transfer.items.add(new File([text], name));
    document.getElementById("main").dispatchEvent(
        new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: transfer})) }"""


def test_several_files_and_a_folder_are_one_source(ward, page, tmp_path):
    """And no file of a folder that is no table leaves it."""
    page.goto(ward.base)
    files = [["patients.csv", "patient_id,treatment_start,last_contact\nA,2020-01-01,2021-01-01\n"],
             ["toxicities.csv", "patient_id,term,grade\nA,Nausea,2\n"]]  # fmt: skip
    page.evaluate(DROPPED, [*files, ["letter.docx", "private"]])
    page.wait_for_selector("form[data-live]")
    assert page.locator("h2:has(+ .scroll)").all_inner_texts()[1].startswith("toxicities")
    (tmp_path / "tables" / "deeper").mkdir(parents=True)
    for name, text in (*files, ("deeper/more.csv", "a\n1\n"), ("letter.docx", "private")):
        (tmp_path / "tables" / name).write_text(text)
    page.goto(ward.base)
    page.set_input_files("#folder", tmp_path / "tables")
    page.wait_for_selector("form[data-live]")
    kept = [path.name for path in (ward.folder / "output" / ".reportgen-desk").rglob("*") if path.is_file()]
    assert kept.count("patients.csv") == 2 and not {"letter.docx", "more.csv"} & set(kept)
    assert page.locator(".source").inner_text() == "tables"
