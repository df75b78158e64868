"""The page's own script, and the data that it answers from: only what the page refers to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from functools import cache

from markupsafe import Markup

from reportgen.base.drawing import PlotArea
from reportgen.render import templates_folder
from reportgen.render.html.page import Page, script_words
from reportgen.report import Figure, Origin, Report

FILES = ("report.js", "ask.js", "curves.js", "tables.js", "groups.js", "folds.js", "place.js")
KEPT = ("value", "low", "high", "level", "se", "time", "n", "events", "at_risk", "method", "note")
# Characters that end a script element, begin a comment in one, or end a line of script in an old browser.
ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


@cache
def script() -> Markup:
    """The script. It is our own and holds no data, so that its hash is the same in every report."""
    folder = templates_folder() / "js"
    return Markup("".join((folder / name).read_text(encoding="utf-8") for name in FILES))


def embedded(report: Report, page: Page) -> Markup:
    """The JSON that the script reads: words, the estimates that the page names, the curves that it draws."""
    asked = {ref: report.origins[ref] for ref in page.refs if ref in report.origins}
    data = {
        "words": script_words(),
        "estimates": {ref: _answer(origin, page) for ref, origin in asked.items()},
        "curves": page.curves,
        "groups": [page.writable(name) for name in report.groups.names.values()],
        "grouped": page.writable(report.groups.label),
        "patients": {
            sheet: {row: page.writable(who) for row, who in rows.items()}
            for sheet, rows in report.patients.items()
        },
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(ESCAPES))


def _answer(origin: Origin, page: Page) -> dict:
    """An estimate unrounded, as in results.json, without what it does not have."""
    estimate = origin.estimate
    values = {name: getattr(estimate, name) for name in KEPT}
    kept = {name: value for name, value in values.items() if value is not None and value != ""}
    for name in ("method", "note"):
        if name in kept:
            kept[name] = page.writable(kept[name])
    shown = page.writable(estimate.id)
    kept |= {"id": shown} if shown != estimate.id else {}
    kept |= {"unit": origin.unit} if origin.unit else {}
    if origin.cells is not None:
        kept["cells"] = [[cells.sheet, cells.column, _ranges(cells.rows)] for cells in origin.cells]
    kept |= {"story": origin.story} if origin.story else {}
    if origin.steps is not None:
        kept["steps"] = {"heads": origin.steps.heads, "rows": origin.steps.rows, "left": origin.steps.left}
    return {"label": page.writable(origin.label)} | kept


def _ranges(rows: tuple[int, ...]) -> str:
    """Row numbers, what follows one another in one.

    >>> _ranges((2, 3, 4, 7))
    '2-4,7'
    """
    parts: list[list[int]] = []
    for row in sorted(rows):
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def curve_data(figure: Figure, areas: Sequence[tuple[PlotArea, ...]], page: Page) -> dict | None:
    """What the cursor needs: of each drawing where its plot lies and the last time, and the lines.

    areas: of each drawing, one, or one for each line.
    """
    if not figure.lines or not all(areas):
        return None
    lines = [
        {part.name: getattr(line, part.name) for part in fields(line)} | {"name": page.writable(line.name)}
        for line in figure.lines
    ]
    return {
        "drawings": [
            {"plots": [[p.left, p.right, p.top, p.bottom] for p in drawn], "high": drawn[0].last}
            for drawn in areas
        ],
        "unit": figure.unit,
        "lines": lines,
    }
