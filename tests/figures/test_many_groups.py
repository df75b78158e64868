"""Many groups, many features: sentences stop, counts stand together, plots come in parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reportgen.chapters.shared.dot_figures import MOST_ROWS, dot_figures
from reportgen.figures import style
from reportgen.figures.dot_plot import DotRow, dot_plot
from reportgen.figures.style import NARROW
from reportgen.figures.survival_curves import survival_figure
from reportgen.stats.results import Curve, Steps
from reportgen.writing.shares import told
from tests.figures import gallery
from tests.figures.test_figures import boxes, shapes


def test_of_many_groups_sentences_speak_no_more():
    assert told(["A", "B", "C"]) == ["A", "B", "C"] and told(["A", "B", "C", "D"]) == ()


@pytest.mark.parametrize("groups, rows", [(3, 1), (4, 2), (6, 2), (8, 3)])
def test_three_groups_and_more_have_a_panel_each(groups, rows):
    curves = [replace(gallery.curve(30, k + 1), group=f"G{k}") for k in range(groups)]
    drawing = survival_figure("k", curves, [f"G{k}" for k in range(groups)], unit="years", ylabel="Survival")
    assert len(drawing.plot_areas) == groups
    assert len({area.top for area in drawing.plot_areas}) == rows
    assert drawing.height < 25 + rows * 165
    grey = len(shapes(drawing, edge=style.FAINT.lower()))
    assert grey == groups * (groups - 1)  # in each panel all the others


def test_curves_say_where_they_lie():
    curve = Curve("kaplan_meier", Steps(*(np.array([x]) for x in (365.25, 2, 1, 0, 0.5, 0.1, 0.9))), n=2)
    (area,) = survival_figure("k", [curve], ["all"], unit="years", ylabel="Survival").plot_areas
    assert 0 < area.left < area.right <= 375 and 0 < area.top < area.bottom and area.last >= 1


def rows(features: int) -> list[tuple[DotRow, str]]:
    found = []
    for i in range(features):
        found.append((DotRow(f"Feature {i}", head=True), ""))
        found += [(DotRow(f"level {k}", 0.5, 0.2, 0.9, "1/2", "0.5", indent=1), f"{i}.{k}") for k in range(3)]
    return found


def test_a_long_plot_comes_in_parts_that_keep_features_whole():
    (alone,) = dot_figures(
        "f",
        rows(3),
        ("Found.",),
        ("How.",),
        "Dot plot",
        lambda *a, **k: dot_plot(*a, **k, xlabel="x"),
    )
    assert alone.id == "f" and alone.caption == ("Found.",) and alone.notes == (("How.",),)
    drawn = []

    def plot(name, part, among, width_mm):
        if width_mm > NARROW:
            drawn.append((name, part))
        assert len(among) == 40
        return dot_plot(name, part, xlabel="x", among=among, width_mm=width_mm)

    figures = dot_figures("f", rows(10), ("Found.",), ("How.",), "Dot plot", plot)
    assert [f.id for f in figures] == ["f-1", "f-2", "f-3"]
    assert (figures[0].caption, figures[0].notes) == (("Found.",), (("How.",),))
    assert (figures[1].caption, figures[1].notes) == (
        ("Continued: feature 3, feature 4, feature 5 and feature 6.",),
        (),
    )
    assert all(part[0].head and len(part) <= MOST_ROWS for _, part in drawn)
    assert [row for _, part in drawn for row in part] == [row for row, _ in rows(10)]
    assert figures[0].alt.startswith("Dot plot (part 1 of 3). 0.0; 0.1")


def test_a_room_made_for_a_text_does_not_cut_it():
    for text in ("PAT-0001", "PAT-0024", "L019"):
        room = style.width_of(text, style.SMALL) + 8
        assert style.fit(text, room - 8, style.SMALL) == text


def test_the_counts_of_many_groups_are_not_cut_at_the_edge():
    curves = [replace(gallery.curve(250, k + 1, follow=5.9), group=f"G{k}") for k in range(8)]
    for unit in ("years", "months"):
        drawing = survival_figure("k", curves, [f"G{k}" for k in range(8)], unit=unit, ylabel="Survival")
        assert max(right for _, _, _, right, _ in boxes(drawing)) <= style.WIDE * style.MM
