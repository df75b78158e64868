"""axe-core finds nothing against WCAG 2.2 AA: on a desk and a phone, light and dark, with the panel open."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from reportgen.base.colours import DARK, READABLE, contrast
from reportgen.render.html.page import dark_rules, turned

COLOURS = ("#0069a4", "#ad4c00", "#00734f", "#7d3f91", "#5b6570", "#8a4f9e")  # of words in figures

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# All that axe says of what passes is megabytes, and takes longer to be sent than to be found.
FOUND = """async tags => {
    const found = await axe.run({runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
    const few = rule => [rule.id, rule.nodes.slice(0, 3).map(node => node.html.slice(0, 200))];
    return [found.passes.length, found.violations.map(few)] }"""


def violations(page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    passes, found = page.evaluate(FOUND, RULES)
    assert passes > 25
    return [f"{rule}: {node}" for rule, nodes in found for node in nodes]


# The other two differ in nothing that axe has not seen in these, or in the test of chosen colours: dark, 1280.
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_no_violation(visit, eight, width, scheme):
    page = visit(eight, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert violations(page) == []
    page.locator("#main p .ask").nth(2).click()
    page.locator(".sort").first.evaluate("e => e.click()")
    page.get_by_role("slider").first.dispatch_event("keydown", {"key": "ArrowRight"})
    page.locator("#main p .ask").nth(2).click()
    assert page.locator("#asked").is_visible() and violations(page) == []


# The rows of a table are alike, and axe looks at every cell of them all: thirty of each say what a hundred do.
THIRTY = "() => document.querySelectorAll('tbody tr:nth-child(n + 31)').forEach(row => row.remove())"


def test_no_violation_in_long_tables(visit, many):
    page = visit(many)
    page.get_by_role("radio").nth(1).check()
    page.evaluate(THIRTY)
    assert page.locator("tbody tr:nth-child(30)").count() > 3
    assert violations(page) == []


def test_no_violation_in_the_colours_that_the_reader_chose(visit, eight):
    page = visit(eight, color_scheme="light")
    page.get_by_role("button", name="Dark").click()
    assert violations(page) == []


# axe-core does not look at words in figures: what is painted under the middle of each, and does it read there?
WORDS = """() => {
    const light = colour => {
        const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    const ground = getComputedStyle(document.documentElement).backgroundColor;
    const found = [];
    for (const svg of document.querySelectorAll("figure svg")) {
        const shapes = [...svg.querySelectorAll("path, rect, polygon, circle")]
            .filter(e => !e.closest("defs") && getComputedStyle(e).fill.startsWith("rgb("));
        if (!svg.getClientRects().length) continue;  // its other drawing is in sight
        for (const text of svg.querySelectorAll("text")) {
            const box = text.getBoundingClientRect();
            const middle = new DOMPoint(box.left + box.width / 2, box.top + box.height / 2)
                .matrixTransform(svg.getScreenCTM().inverse());
            const under = shapes.filter(e => e.compareDocumentPosition(text) & 4 && e.isPointInFill(middle)).at(-1);
            const fills = [getComputedStyle(text).fill, under ? getComputedStyle(under).fill : ground];
            const [one, other] = fills.map(light);
            const contrast = Math.max(one, other) / Math.min(one, other);
            found.push([text.textContent, ...fills, contrast]);
        }
    }
    return found }"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_in_figures_can_be_read(visit, eight, scheme):
    words = visit(eight, color_scheme=scheme).evaluate(WORDS)
    assert len(words) > 300 and [word for word in words if word[-1] < 4.5] == []


@pytest.mark.parametrize("colour", COLOURS)
def test_the_colours_of_groups_read_on_the_dark_ground_too(colour):
    name = f'figure text[fill="{colour}"]{{fill:'
    rules = dark_rules({colour})
    shown = rules.partition(name)[2][:7] if name in rules else turned(colour)
    assert contrast(shown, DARK) >= READABLE
