"""axe-core finds nothing against WCAG 2.2 AA: on a desk and a phone, light and dark, with the panel open."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", RULES)
    assert len(found["passes"]) > 25
    return [
        f"{rule['id']}: {node['html'][:200]}" for rule in found["violations"] for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_violation(visit, eight, width, scheme):
    page = visit(eight, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert violations(page) == []
    page.locator("#main p .ask").nth(2).click()
    page.locator(".sort").first.evaluate("e => e.click()")
    page.get_by_role("slider").first.dispatch_event("keydown", {"key": "ArrowRight"})
    page.locator("#main p .ask").nth(2).click()
    assert page.locator("#asked").is_visible() and violations(page) == []


def test_no_violation_in_long_tables_and_without_scripts(visit, many, eight):
    assert violations(visit(many)) == []
