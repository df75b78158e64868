"""Reaching everything: by keyboard in few stops, by finger, on narrow screens, in long tables, in forced colours."""

from __future__ import annotations

from tests.render.test_script import CURVE, PFS

STOPS = """[...document.querySelectorAll('a[href], button, input, [tabindex]')]
    .filter(e => e.tabIndex >= 0 && e.offsetParent).length"""
BOX = "e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom] }"


def test_the_stops_of_the_tab_key_grow_with_the_parts_not_with_the_numbers(visit, many):
    page = visit(many)
    parts = page.locator("table, figure, p:has(.ask), .contents a").count()
    numbers = page.locator(".ask, .sort").count()
    assert page.evaluate(STOPS) < 3.5 * parts and numbers > 1000
    tables = page.evaluate(
        "[...document.querySelectorAll('table')].map(t => [...t.querySelectorAll('.ask, .sort')]"
        ".filter(e => e.tabIndex === 0).length)"
    )
    assert max(tables) == 2, "one for the heads, one for the numbers"


def test_up_and_down_keep_to_the_column_of_a_table_in_any_order(visit, many):
    page = visit(many)
    table = page.locator(".table:has(.sort):has(tbody tr:nth-child(9) td .ask)").first
    table.locator(".sort").nth(1).click()
    table.locator("tbody td .ask").first.focus()
    at = "[document.activeElement.closest('td').cellIndex, document.activeElement.closest('tr').rowIndex]"
    column, row = page.evaluate(at)
    page.keyboard.press("ArrowDown")
    same, below = page.evaluate(at)
    page.keyboard.press("ArrowUp")
    assert (same, page.evaluate(at)) == (column, [column, row]) and below > row


def test_heads_are_one_stop_too(visit, many):
    page = visit(many)
    heads = page.locator(".table:has(.sort)").first.locator(".sort")
    heads.first.focus()
    page.keyboard.press("ArrowRight")
    assert heads.nth(1).evaluate("e => e === document.activeElement && e.tabIndex === 0")
    page.keyboard.press("Enter")
    assert heads.nth(1).evaluate("e => e.closest('th').getAttribute('aria-sort')") == "ascending"


def test_a_filter_leaves_the_numbers_in_sight_within_reach(visit, many):
    page = visit(many)
    table = page.locator(".table:has(.filter):has(tbody tr:not(.head) .ask)").first
    last = table.locator("tbody tr:has(.ask)").last
    table.get_by_role("searchbox").fill(last.locator("th").inner_text())
    stop = table.locator("tbody .ask[tabindex='0'], caption .ask[tabindex='0']")
    assert stop.count() == 1 and stop.is_visible()


def test_a_number_says_what_it_opens(visit, eight):
    page = visit(eight)
    number = page.locator(f'#main p [data-ref="{PFS}"]').first
    assert number.get_attribute("aria-haspopup") == "dialog"
    number.click()
    controlled = page.locator(f"#{number.get_attribute('aria-controls')}")
    assert controlled.is_visible() and controlled.get_attribute("role") == "dialog"


def test_key_results_are_asked_and_say_of_what_they_are(visit, eight):
    page = visit(eight)
    table = page.locator("#table-key-results")
    rows = table.locator("tbody tr")
    assert rows.filter(has=page.locator("td .ask")).count() >= 6
    said = []
    for number in table.locator("tbody tr td:nth-child(3) .ask").all():
        number.click()
        said.append(page.locator("#asked .term").inner_text())
        page.keyboard.press("Escape")
    assert said[0].startswith("Response") and said[-1].startswith("Follow-up by reverse Kaplan–Meier: median")


def test_what_a_curve_says_moves_nothing_and_leaves_no_gap(visit, many):
    page = visit(many)
    figure = page.locator("#figure-summary-os")
    caption, slider = figure.locator("figcaption"), figure.get_by_role("slider")
    slider.focus()
    before = caption.evaluate(BOX)
    assert before[1] - figure.locator("svg").evaluate(BOX)[3] < 45, "one line of room"
    page.keyboard.press("ArrowRight")
    held = figure.locator(".held")
    assert caption.evaluate(BOX) == before and "regimen B" in held.inner_text()
    assert held.evaluate(BOX)[3] <= figure.locator("svg").evaluate(BOX)[1] + 1, (
        "it covers no line of the figure"
    )
    assert caption.is_visible()
    page.keyboard.press("Escape")
    assert held.is_hidden() and caption.is_visible()


def test_what_a_finger_read_stays_until_it_touches_something_else(visit, eight):
    page = visit(eight, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    figure = page.locator("#figure-summary-pfs")
    assert figure.locator(".hint").inner_text() == "Touch the curve.", "neither pointer nor keys are there"
    figure.locator("svg").tap()
    assert "at risk" in figure.locator(".held").inner_text()
    page.locator("h1").tap()
    assert figure.locator(".held").is_hidden()


def test_figures_are_drawn_for_a_phone_and_what_is_wider_is_moved_by_the_finger(visit, many):
    page = visit(many, viewport={"width": 390, "height": 800})
    touch = "e => getComputedStyle(e).touchAction"
    slim = page.locator("figure.twice > .slim:visible")
    assert slim.count() > 5 and slim.evaluate_all("all => all.every(e => e.scrollWidth <= innerWidth)")
    curve = page.locator("#figure-summary-os svg:visible")
    assert curve.count() == 1 and curve.evaluate(touch) == "pan-y"
    wide = page.locator("figure:not(.twice) > .scroll:not(.still) svg").first
    assert wide.evaluate(touch) == "auto"


def test_captions_stay_in_sight_while_a_table_is_moved(visit, many):
    page = visit(many, viewport={"width": 320, "height": 800})
    found = page.evaluate("""[...document.querySelectorAll('.scroll:has(caption)')].map(region => {
        region.scrollLeft = 1000;
        const said = region.querySelector('.words').getBoundingClientRect();
        return [said.left, said.right, region.scrollLeft] })""")
    assert any(moved for *_, moved in found)
    assert all(left >= 0 and right <= 320 for left, right, _ in found)


def test_a_small_table_fits_a_phone(visit, eight):
    page = visit(eight, viewport={"width": 390, "height": 800})
    assert page.locator("#table-baseline .scroll").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_the_name_of_a_row_stays_while_a_wide_table_is_moved(visit, many):
    page = visit(many, viewport={"width": 760, "height": 800})
    region = page.locator(".wide .scroll:not(.still)").filter(has=page.locator("tbody td")).first
    name = region.locator("tbody th:not([colspan])").first
    before = name.evaluate(BOX)
    region.evaluate("e => { e.scrollLeft = 60 }")
    assert region.evaluate("e => e.scrollLeft") > 0 and name.evaluate(BOX) == before


def test_the_head_of_a_long_table_stays_and_hides_no_number_that_is_reached(visit, many):
    page = visit(many, viewport={"width": 1280, "height": 500})
    table = page.locator(".long:has(.still):has(tbody tr:nth-child(12) .ask)").first
    numbers = table.locator("tbody .ask")
    numbers.first.focus()
    for _ in range(25):
        page.keyboard.press("ArrowDown")
    for _ in range(12):
        page.keyboard.press("ArrowUp")
        head = table.locator("thead th").first.evaluate(BOX)
        number = page.evaluate(f"({BOX})(document.activeElement)")
        assert number[1] >= head[3] - 1 and number[3] <= 500
    table.locator("tbody tr").last.scroll_into_view_if_needed()
    assert table.locator("thead th").first.evaluate(BOX)[1] >= 0


def test_wide_tables_use_the_room_of_a_tablet(visit, many):
    page = visit(many, viewport={"width": 1000, "height": 800})
    table = page.locator(".table.wide").first.evaluate(BOX)
    column = page.locator("#main").evaluate(BOX)
    assert table[0] < column[0] - 50 and table[2] > column[2] + 50 and table[2] <= 1000


def test_key_results_stand_between_headline_and_words_on_the_first_screen(visit, eight):
    page = visit(eight, viewport={"width": 1400, "height": 900})
    table = page.locator("#table-key-results").evaluate(BOX)
    headline = page.locator("#summary .headline").evaluate(BOX)
    words = page.locator("#summary > p:not(.headline)").first.evaluate(BOX)
    assert headline[3] <= table[1] and table[3] <= words[1]
    assert table[2] <= 1400 and table[1] < 900


def test_light_and_dark_can_be_changed(visit, eight):
    page = visit(eight, color_scheme="light")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    ink = f"getComputedStyle(document.querySelector('{CURVE} text')).fill"
    light = page.evaluate(f"[{ground}, {ink}]")
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(f"[{ground}, {ink}]")
    assert dark[0] == "rgb(21, 24, 27)" and dark[1] != light[1]
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)", "paper stays white"
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(f"[{ground}, {ink}]") == light


def test_in_forced_colours_a_figure_keeps_its_colours_and_its_ground(visit, eight):
    page = visit(eight, forced_colors="active", color_scheme="dark")
    style = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e.querySelector('text')).fill]"
    ground, ink = page.locator(f"{CURVE} svg").evaluate(style)
    assert ground == "rgb(21, 24, 27)" and ink not in ("rgb(0, 0, 0)", ground)


def test_no_line_ends_within_a_range(visit, many):
    page = visit(many, viewport={"width": 390, "height": 800})
    broken = page.evaluate("""(() => {
        const found = [];
        const words = document.createTreeWalker(document.getElementById('main'), NodeFilter.SHOW_TEXT);
        while (words.nextNode()) {
            const text = words.currentNode;
            if (text.parentElement.closest('svg, table')) continue;
            for (const { index } of text.data.matchAll(/(?<=\\d)–(?=\\d)/g)) {
                const range = document.createRange();
                range.setStart(text, index - 1); range.setEnd(text, index + 2);
                if (new Set([...range.getClientRects()].map(b => Math.round(b.top))).size > 1) found.push(text.data);
            }
        }
        return found })()""")
    assert broken == []


def test_on_a_phone_the_supplement_is_folded_until_a_link_or_the_printer_asks(visit, many):
    page = visit(many, viewport={"width": 390, "height": 800})
    folds, still = page.locator("details.fold"), page.locator("details.fold:not([open])")
    assert folds.count() == still.count() > 5
    link = page.locator("main p a[href^='#table-']").first
    table = page.locator(link.get_attribute("href"))
    assert not table.is_visible()
    link.click()
    assert table.is_visible() and still.count() == folds.count() - 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert still.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert still.count() == folds.count() - 1
    assert visit(many).locator("details.fold:not([open])").count() == 0
