"""What the script adds, with the mouse and by keyboard alone; and the same page without it."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from reportgen.render.html.document import render_html
from reportgen.report import Column, Paragraph, Report, Row, Section, Table, Value

PFS = "survival.pfs.all.survival@365.25"
CURVE = "#figure-summary-pfs"
SIZE = "e => [e.viewBox.baseVal.width, e.viewBox.baseVal.height]"


def answers(page) -> dict[str, str]:
    page.locator("#asked details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    names, values = (page.locator(f"#asked {tag}").all_inner_texts() for tag in ("dt", "dd"))
    return dict(zip(names, values, strict=True))


def focused(page) -> str:
    return page.evaluate("document.activeElement.dataset.ref ?? document.activeElement.id")


def test_a_number_is_asked_with_the_mouse(visit, eight, sample):
    page = visit(eight)
    number = page.locator(f'#main p [data-ref="{PFS}"]').first
    assert "dotted" in number.evaluate(
        "e => getComputedStyle(e).textDecorationLine + getComputedStyle(e).textDecorationStyle"
    )
    number.click()
    panel, estimate = page.get_by_role("dialog"), sample.results[PFS]
    assert panel.is_visible() and number.get_attribute("aria-expanded") == "true"
    said = answers(page)
    assert (
        panel.locator(".term").inner_text()
        == "Progression-free survival: probability without the event at 1 year"
    )
    assert (
        said["Value"] == str(estimate.value)
        and said["Interval (95%)"] == f"{estimate.low} to {estimate.high}"
    )
    assert (said["Patients"], said["Events"], said["At risk"]) == ("8", "2", str(estimate.at_risk))
    assert said["Method"] == estimate.method and said["Id"] == PFS and said["At"] == "365.25 days"
    relapsed = sample.cohort.patients.frame.query("relapse_date.notna()")
    letter = sample.cohort.patients.letters["relapse_date"]
    assert said["Counted"].split() == relapsed["patient_id"].tolist()
    told = panel.locator(".story").inner_text()
    assert told == "75%: of 8 patients, 2 had an event by 1 year, 5 still at risk then."
    assert panel.locator(".steps tbody tr").all_inner_texts() == ["0.5\t8\t1\t88%", "0.8\t7\t1\t75%"]
    first, last = relapsed.index
    assert last == first + 1 and said["Cells"] == f"patients {letter}{first}–{letter}{last}"
    main, box = page.locator("#main").bounding_box(), panel.bounding_box()
    assert box["x"] >= main["x"] + main["width"], "beside the text, where there is room"
    page.locator("h1").click()
    assert panel.is_hidden() and number.get_attribute("aria-expanded") == "false"


def test_a_number_is_asked_by_keyboard_alone(visit, eight):
    page = visit(eight)
    paragraph = page.locator("#main p:has(.ask)").nth(1)
    numbers = paragraph.locator(".ask")
    stops = numbers.evaluate_all("all => all.map(e => e.tabIndex)")
    assert len(stops) > 3 and stops == [0] + [-1] * (len(stops) - 1), "one stop for the Tab key"
    numbers.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    here = focused(page)
    assert here == numbers.nth(2).get_attribute("data-ref")
    page.keyboard.press("Enter")
    assert answers(page)["Id"] == here and focused(page) == "asked"
    page.keyboard.press("Escape")
    assert focused(page) == here and page.locator("#asked").is_hidden()
    page.keyboard.press(" ")
    assert page.locator("#asked").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Close"
    page.keyboard.press("Enter")
    assert focused(page) == here
    page.keyboard.press("End")
    assert focused(page) == numbers.last.get_attribute("data-ref")


def test_from_the_panel_the_tab_key_goes_on_from_the_number(visit, eight):
    page = visit(eight)
    table = page.locator(".table:has(.ask)").first
    table.locator(".ask").first.focus()
    page.keyboard.press("Enter")
    stops = "#asked :is(button, summary)"
    for _ in range(page.locator(stops).evaluate_all("all => all.filter((e) => e.offsetParent).length") + 1):
        assert page.locator("#asked").is_visible()
        page.keyboard.press("Tab")
    assert page.locator("#asked").is_hidden()
    assert page.evaluate("document.activeElement.closest('.table')?.id") == table.get_attribute("id")


def test_on_a_narrow_screen_the_panel_lies_below(visit, eight):
    page = visit(eight, viewport={"width": 320, "height": 700})
    number = page.locator(f'#main p [data-ref="{PFS}"]').first
    number.click()
    box, asked = page.locator("#asked").bounding_box(), number.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320 and box["y"] >= asked["y"] + 10
    assert page.evaluate("document.documentElement.scrollWidth <= 320")


def test_every_number_that_knows_its_estimate_can_be_asked(visit, many, two_groups):
    page = visit(many)
    refs, asked = page.locator("[data-ref]").count(), page.locator(".ask[role=button]").count()
    assert refs == asked > 900
    for number in (page.locator(".ask").nth(i) for i in range(5, asked, 150)):
        number.focus()
        page.keyboard.press("Enter")
        estimate = two_groups.results[answers(page)["Id"]]
        unit = answers(page)["Value"].partition(" ")[0]
        assert unit == "–" if estimate.value is None else float(unit) == estimate.value
        page.keyboard.press("Escape")


def test_a_patient_lights_up_wherever_it_is_drawn_or_listed(visit, eight):
    page = visit(eight)
    page.locator(f'#main [data-ref="{PFS}"]').first.click()
    chip = page.locator(".chip").first
    chip.click()
    name = chip.inner_text()
    assert chip.get_attribute("aria-pressed") == "true"
    assert page.locator("path.lit").first.get_attribute("data-patient") == name
    assert page.locator("tr.lit th").first.inner_text() == name
    chip.click()
    assert page.locator(".lit").count() == 0


def test_the_contents_mark_where_one_is(visit, eight):
    page = visit(eight)
    page.locator("#survival").scroll_into_view_if_needed()
    page.locator("#survival").evaluate("e => e.scrollIntoView()")
    page.wait_for_function("document.querySelector('[aria-current=location]')?.hash === '#survival'")


@pytest.mark.parametrize("width", [1280, 390])
def test_with_groups_one_is_chosen_and_the_others_step_back(visit, many, width):
    page = visit(many, viewport={"width": width, "height": 844})
    choices = page.get_by_role("radiogroup", name="Regimen").get_by_role("radio")
    names = ["All", "regimen A", "regimen B"]
    assert page.locator(".switch label").all_inner_texts() == names and page.locator(".other").count() == 0
    choices.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert choices.nth(2).is_checked()
    heads = page.locator("#table-key-results thead th")
    assert [head.get_attribute("class").split()[1:] for head in heads.all()] == [[], ["other"], ["mine"], []]
    for figure in ("#figure-summary-relapse", "#figure-survival-pfs", "#figure-patients"):
        kinds = page.locator(f"{figure} g[data-group]").evaluate_all(
            "all => all.map(e => e.getAttribute('class'))"
        )
        assert {"mine", "other"} == set(kinds)
    marks = page.locator("#figure-summary-relapse g.other path").first
    assert float(marks.evaluate("e => getComputedStyle(e).opacity")) < 0.2
    page.locator("#methods-proof").evaluate("e => e.scrollIntoView()")
    box = choices.first.bounding_box()
    assert 0 <= box["y"] < 844, "it stays in sight"
    assert page.locator("#methods-proof h2").bounding_box()["y"] >= (
        0 if width > 1000 else box["y"] + box["height"]
    )
    choices.first.focus()
    page.keyboard.press(" ")
    assert page.locator(".other, .mine").count() == 0


def test_without_groups_there_is_no_switch(visit, eight):
    assert visit(eight).locator(".switch").count() == 0


def test_on_a_phone_a_row_is_a_list_and_no_number_is_cut(visit, many):
    page = visit(many, viewport={"width": 390, "height": 844})
    cut = "[...document.querySelectorAll('.stacks .scroll')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    assert page.locator(".stacks").count() > 3 and page.evaluate(cut) == 0
    tall = "[...document.querySelectorAll('.stacks thead:has(.over)')].map((e) => e.offsetHeight)"
    assert set(page.evaluate(tall)) == {1}, "a head that is not seen takes no room"
    cell = page.locator(".stacks td.n").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').content.length") > 3
    drawn = page.locator("figure.twice")
    assert drawn.count() > 8 and drawn.locator(".scroll:visible").count() == 0
    narrow = page.locator("#figure-survival-pfs .slim svg")
    slider = page.locator("#figure-survival-pfs").get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert narrow.locator("path.cursor").count() == 1 and narrow.locator("circle.dot").count() == 2
    sizes = narrow.locator("text").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert min(sizes) > 11, "its words are as large as those of the page's notes"


def test_a_curve_is_read_with_the_mouse(visit, eight, sample):
    page = visit(eight)
    figure = page.locator(CURVE)
    readout = figure.locator(".readout")
    assert "arrow keys" in readout.inner_text()
    figure.scroll_into_view_if_needed()
    box = figure.locator("svg").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.4 * box["height"])
    years = float(readout.get_attribute("aria-valuenow"))
    steps = sample.results.select_curves(section="survival", endpoint="pfs")[0].steps
    held, next_one = [np.searchsorted(steps.time, years * 365.25, side=side) for side in ("right", "left")]
    interval = f"{steps.low[held - 1]:.0%}–{steps.high[held - 1]:.0%}".replace("%", "")
    said = f"{years:.1f} years 75% (95% CI {interval}); {steps.at_risk[next_one]} at risk"
    assert " ".join(readout.inner_text().split()) == said
    assert figure.locator("path.cursor").count() == 1
    dot = figure.locator("circle.dot")
    plot = figure.locator("path.cursor").get_attribute("d")
    x, top, bottom = map(float, re.fullmatch(r"M(\S+) (\S+)V(\S+)", plot).groups())
    assert float(dot.get_attribute("cx")) == pytest.approx(x)
    assert float(dot.get_attribute("cy")) == pytest.approx(bottom - 0.75 * (bottom - top), abs=0.01)
    said_box, drawn = readout.locator(".held").bounding_box(), figure.locator("svg").bounding_box()
    assert said_box["y"] + said_box["height"] <= drawn["y"] + 1, "it covers nothing of the drawing"
    page.mouse.move(0, 0)
    assert figure.locator(".cursor").count() == 0 and "arrow keys" in readout.inner_text()


def test_a_curve_is_read_by_keyboard(visit, many):
    page = visit(many)
    slider = page.locator("#figure-survival-pfs").get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    text = slider.get_attribute("aria-valuetext")
    assert re.fullmatch(r"0\.0 months: regimen A: 100% \(95% CI 94–100\); 60 at risk\. "
                        r"regimen B: 100% \(95% CI 94–100\); 60 at risk", text)  # fmt: skip
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    later = float(slider.get_attribute("aria-valuenow"))
    assert later > 0 and "regimen A: 98%" in slider.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")
    assert 0 < float(slider.get_attribute("aria-valuenow")) < later
    page.keyboard.press("End")
    assert "beyond the last follow-up" in slider.get_attribute("aria-valuetext")
    page.keyboard.press("Escape")
    assert page.locator("#figure-survival-pfs .cursor").count() == 0


def test_every_curve_can_be_read_and_the_cursor_stays_in_the_plot(visit, many):
    page = visit(many)
    sliders = page.get_by_role("slider")
    assert sliders.count() >= 6
    for i in range(sliders.count()):
        sliders.nth(i).focus()
        page.keyboard.press("End")
        path = page.locator("path.cursor").get_attribute("d")
        x, top, bottom = map(float, re.fullmatch(r"M(\S+) (\S+)V(\S+)", path).groups())
        width, height = page.locator("svg:has(> .cursor)").evaluate(
            "e => [e.viewBox.baseVal.width, e.viewBox.baseVal.height]"
        )
        assert 0 < top < bottom < height and 0.5 * width < x <= width


def column(page, table: str, i: int) -> list[str]:
    cells = page.locator(f"{table} tbody tr:not(.head) > :nth-child({i})")
    return [text for text in cells.all_inner_texts() if text]


def test_long_tables_are_put_in_order(visit, tmp_path):
    names = ["b10", "a2", "b9", "C", "d", "e", "f", "–"]
    amounts = ["5/8 (63%)", "1/8 (13%)", "10/8", "<0.01", "−3", "1,234", "NE", "7"]
    columns = (Column("Name", align="left"), Column("Amount", "n"))
    rows = tuple(Row(((a,), (b,))) for a, b in zip(names, amounts, strict=True))
    tables = (Table("long", "Long.", columns, rows), Table("short", "Short.", columns, rows[:7]))
    file = tmp_path / "a.html"
    file.write_text(render_html(Report("t", "", None, (), (Section("s", "S", tables),))), encoding="utf-8")
    page = visit(file.as_uri())
    assert page.locator("#table-short button.sort").count() == 0
    name, amount = page.locator("#table-long th[scope=col]").all()
    amount.get_by_role("button").click()
    assert amount.get_attribute("aria-sort") == "ascending"
    assert column(page, "#table-long", 2) == [
        "−3",
        "<0.01",
        "1/8 (13%)",
        "5/8 (63%)",
        "10/8",
        "7",
        "1,234",
        "NE",
    ]
    page.keyboard.press("Enter")
    assert column(page, "#table-long", 2)[0] == "1,234" and column(page, "#table-long", 2)[-1] == "NE"
    page.keyboard.press("Enter")
    assert column(page, "#table-long", 1) == names and amount.get_attribute("aria-sort") is None
    name.get_by_role("button").click()
    assert column(page, "#table-long", 1) == ["a2", "b9", "b10", "C", "d", "e", "f", "–"]


def test_order_stays_within_groups_and_rows_move_with_what_is_under_them(visit, many):
    page = visit(many)
    table = page.locator(".table:has(tr.head):has(.sort)").first
    heads = table.locator("tr.head").all_inner_texts()
    before = table.locator("tbody").all_inner_texts()
    table.locator(".sort").last.click()
    after = table.locator("tbody").all_inner_texts()
    assert table.locator("tr.head").all_inner_texts() == heads
    assert [sorted(text.split()) for text in before] == [sorted(text.split()) for text in after]


def test_a_table_is_filtered(visit, many):
    page = visit(many)
    table = page.locator(".table:has(.filter)").filter(has=page.locator("tbody tr:nth-child(40)")).first
    field = table.get_by_role("searchbox")
    total = table.locator("tbody tr:not(.head)").count()
    first = table.locator("tbody tr:not(.head) th").first.inner_text()
    field.fill(first.upper())
    shown = table.locator("tbody tr:not(.head):visible").count()
    assert 1 <= shown < total and f"{shown} of {total} rows" in table.inner_text()
    field.fill("no such word")
    assert table.locator("tbody tr:visible").count() == 0
    field.fill("")
    assert table.locator("tbody tr:not(.head):visible").count() == total


FORMULAE = {"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "+1+1": "'+1+1", "-1+1": "'-1+1", "@SUM(A1)": "'@SUM(A1)",
            "−2.5": "-2.5", "+0.06": "+0.06", "-3": "-3", "3/8": "3 of 8", "12%": "12%", 'quote "': 'quote "',
            "a,b": "a,b", '","=1+1': '","=1+1', "plain": "plain"}  # fmt: skip


def test_a_table_is_taken_away_as_csv(visit, tmp_path):
    rows = tuple(Row(((word,), (Value("5/8", "x"), Value(" (63%)", "x", True)))) for word in FORMULAE)
    columns = (Column("Word", align="left"), Column("Share", "n/N"))
    table = Table("t", "Words.", columns, (Row((("=Head",),), head=True), *rows))
    report = Report("t", "", None, (), (Section("s", "S", (Paragraph(("Words.",)), table)),))
    file = tmp_path / "a.html"
    file.write_text(render_html(report), encoding="utf-8")
    page = visit(file.as_uri(), permissions=["clipboard-read", "clipboard-write"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    assert download.value.suggested_filename == "table-t.csv"
    saved = download.value.path().read_bytes().decode("utf-8-sig")
    first, head, *read = csv.reader(io.StringIO(saved))
    assert head == ["'=Head", ""], "as many cells in every row"
    assert first == ["Word", "Share n/N"] and {row[1] for row in read} == {"5/8 (63%)"}
    assert [row[0] for row in read] == list(FORMULAE.values())
    page.get_by_role("button", name="Copy as CSV").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n") == saved.replace(
        "\r\n", "\n"
    )


def test_a_figure_is_taken_away_as_svg(visit, eight):
    page = visit(eight, color_scheme="dark")
    figure = page.locator(CURVE)
    figure.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    with page.expect_download() as download:
        figure.get_by_role("button", name="Save as SVG").click()
    assert download.value.suggested_filename == "figure-summary-pfs.svg"
    root = ElementTree.parse(download.value.path()).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("width").endswith("pt")
    assert "Source Sans Pro" in root.get("font-family") and "sans-serif" in root.get("font-family")
    assert root[0].tag.endswith("title") and "progression-free" in root[0].text
    assert not [part for part in root.iter() if "cursor" in part.get("class", "")]
    assert {part.get("fill") for part in root.iter()} & {"#1b1f24", "#5b6570"}, "in the colours of paper"


def test_regions_that_need_no_scrolling_are_no_stop(visit, eight, many):
    wide, narrow = visit(eight), visit(many, viewport={"width": 320, "height": 700})
    count = "[...document.querySelectorAll('.scroll')].filter(e => e.tabIndex === 0).length"
    for page in (wide, narrow):
        page.evaluate("for (const fold of document.querySelectorAll('details.fold')) fold.open = true")
        page.wait_for_timeout(100)
    assert wide.evaluate(count) == 0 < narrow.evaluate(count)
    assert narrow.locator(".moves:visible").count() == narrow.evaluate(count), "what can be moved says so"


def test_without_scripts_the_page_says_the_same(visit, eight):
    with_it, without = visit(eight), visit(eight, java_script_enabled=False)
    assert without.locator("button, input, .ask, .readout, .tools").count() == 0
    for part in (".abstract", "table", "figcaption"):
        assert without.locator(part).all_inner_texts() == with_it.locator(part).all_inner_texts()
    assert without.locator(".scroll[tabindex='0']").count() > 10


@pytest.mark.parametrize("width, zoom", [(320, 1), (640, 2), (1280, 2), (1280, 4)])
def test_nothing_sticks_out_on_a_phone_or_when_magnified(visit, many, width, zoom):
    page = visit(many, viewport={"width": width // zoom, "height": 900 // zoom}, device_scale_factor=zoom)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator("#main p .ask").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
