"""After relapse: columns of boxes, and between them bands as wide as their patients are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.base.drawing import Drawing
from reportgen.base.message import N_
from reportgen.figures.canvas import Canvas
from reportgen.figures.style import (
    FULL,
    INK,
    LINE,
    SECOND,
    SEMIBOLD,
    SMALL,
    WASH,
    WHITE,
    tint,
    width_of,
    wrap,
)
from reportgen.writing.language import _
from reportgen.writing.numbers import whole

HEADS = (N_("At relapse"), N_("Next treatment"), N_("Its response"), N_("Status"))
MOST, OTHER = 7, N_("Other")
NO_RANKS: Mapping[str, int] = {}
BAND = tint(SECOND, 0.22)
FLOW_GAP, NODE_GAP = 24.0, 7.0


@dataclass(frozen=True)
class Path:
    """n patients who took the same steps, one word or phrase per column."""

    steps: tuple[str, ...]
    n: int


@dataclass(frozen=True)
class _Node:
    words: tuple[str, ...]
    n: int
    top: float
    height: float


def paths(
    figure_id: str,
    paths: Sequence[Path],
    *,
    heads: Sequence[str] = HEADS,
    ranks: Mapping[str, int] = NO_RANKS,
    width_mm: float = FULL,
) -> Drawing:
    """A column per head; beyond seven different steps in a column the rarest are gathered as "Other".

    ranks: of steps that have an order of their own, ascending from top to bottom; among equals the largest first.
    """
    canvas = Canvas(figure_id, width_mm)
    columns = len(heads)
    paths = _gathered(paths, columns)
    wide = (canvas.width - FLOW_GAP * (columns - 1)) / columns
    per_patient = _scale(sum(path.n for path in paths))
    nodes = [_nodes(paths, c, wide, per_patient, ranks) for c in range(columns)]
    lefts = [c * (wide + FLOW_GAP) for c in range(columns)]
    for c in range(columns - 1):
        _draw_bands(canvas, paths, nodes, c, (lefts[c] + wide, lefts[c + 1]), per_patient)
    for head, left, column in zip(heads, lefts, nodes, strict=True):
        for k, words in enumerate(wrap(_(head), wide, 1, SMALL)):
            canvas.small(left, SMALL - 0.5 + k * LINE, words, SECOND)
        for node in column.values():
            _draw_node(canvas, node, left, wide)
    return canvas.drawing(max(node.top + node.height for column in nodes for node in column.values()) + 1)


def _scale(n: int) -> float:
    """Points per patient."""
    return min(14.0, 150.0 / max(n, 1))


def _gathered(paths: Sequence[Path], columns: int) -> list[Path]:
    steps = []
    for c in range(columns):
        sizes: dict[str, int] = {}
        for path in paths:
            sizes[path.steps[c]] = sizes.get(path.steps[c], 0) + path.n
        common = sorted(sizes, key=lambda step: -sizes[step])
        kept = set(common if len(common) <= MOST else common[: MOST - 1])
        steps.append([path.steps[c] if path.steps[c] in kept else OTHER for path in paths])
    return [Path(taken, path.n) for taken, path in zip(zip(*steps, strict=True), paths, strict=True)]


def _nodes(
    paths: Sequence[Path], c: int, wide: float, per_patient: float, ranks: Mapping[str, int]
) -> dict[str, _Node]:
    """The boxes of a column by their step, in their own order, then largest first, from top to bottom.

    "Other" stands below what has no order of its own, and above what is no step at all (a rank above 0).
    """
    sizes: dict[str, int] = {}
    for path in paths:
        sizes[path.steps[c]] = sizes.get(path.steps[c], 0) + path.n
    nodes, y = {}, LINE + 3.0
    for step in sorted(sizes, key=lambda step: (ranks.get(step, 0), step == OTHER, -sizes[step])):
        rows = wrap(_(step), wide - 12 - width_of(whole(sizes[step]), SMALL, SEMIBOLD), 3, SMALL)
        height = max(sizes[step] * per_patient, LINE * len(rows) + 6)
        nodes[step] = _Node(tuple(rows), sizes[step], y, height)
        y += height + NODE_GAP
    return nodes


def _draw_node(canvas: Canvas, node: _Node, left: float, wide: float):
    canvas.rect(left, node.top, wide, node.height, WASH)
    canvas.rect(left, node.top, 1.6, node.height, SECOND)
    first = node.top + (node.height - LINE * len(node.words)) / 2 + 7.2
    for k, words in enumerate(node.words):
        canvas.small(left + 5, first + k * LINE, words, INK)
    canvas.text(left + wide - 3, first, whole(node.n), INK, SMALL, SEMIBOLD, "end")


def _draw_bands(
    canvas: Canvas,
    paths: Sequence[Path],
    nodes: Sequence[dict[str, _Node]],
    c: int,
    between: tuple[float, float],
    per_patient: float,
):
    """From each box to those of the next column, in the order of the boxes, so that few bands cross."""
    sizes: dict[tuple[str, str], int] = {}
    for path in paths:
        pair = (path.steps[c], path.steps[c + 1])
        sizes[pair] = sizes.get(pair, 0) + path.n
    here, there = nodes[c], nodes[c + 1]
    used = {(c, name): _slack(node, per_patient) for name, node in here.items()}
    used |= {(c + 1, name): _slack(node, per_patient) for name, node in there.items()}
    for a, b in sorted(sizes, key=lambda pair: (here[pair[0]].top, there[pair[1]].top)):
        thick = sizes[a, b] * per_patient
        tops = (here[a].top + used[c, a], there[b].top + used[c + 1, b])
        canvas.area(_ribbon(between, tops, thick), BAND, WHITE)
        used[c, a] += thick
        used[c + 1, b] += thick


def _slack(node: _Node, per_patient: float) -> float:
    """How far bands are inset where words made a box higher than its number."""
    return (node.height - node.n * per_patient) / 2


def _ribbon(
    between: tuple[float, float], tops: tuple[float, float], thick: float
) -> list[tuple[float, float]]:
    (x0, x1), (y0, y1) = between, tops
    shares = [k / 12 for k in range(13)]
    upper = [(x0 + (x1 - x0) * s, y0 + (y1 - y0) * s * s * (3 - 2 * s)) for s in shares]
    return upper + [(x, y + thick) for x, y in reversed(upper)]
