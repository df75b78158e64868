"""Numbers stand under one another at their point or slash, and columns share the width."""

import pytest

from reportgen.render.html.fonts import width
from reportgen.render.html.number_alignment import Measured, measured, room_needed, shares, tails


def anchors(cells, rooms):
    """Where the anchor of each cell stands, measured from the right edge of the column."""
    return [
        round(room + width(cell[cell.index(mark) :]), 3)
        for (cell, mark), room in zip(cells, rooms, strict=True)
        if room is not None
    ]


@pytest.mark.parametrize(
    "cells",
    [
        [("5/8 (63%)", "/"), ("10/12 (83%)", "/"), ("120/120 (100%)", "/")],
        [("0.75", "."), ("12.5", "."), ("<0.001", "."), ("−3.25", ".")],
        [("3.2 (0.9–5.5)", "."), ("10.45 (1–2)", ".")],
        [("5 (63%)", " "), ("12 (100%)", " ")],
    ],
)
def test_anchors_are_under_one_another(cells):
    assert len(set(anchors(cells, tails([cell for cell, _ in cells])))) == 1


def test_what_is_no_number_stands_at_the_anchor_or_is_left_alone():
    rooms = tails(["0.75", "–", "NR", "NE", "not estimable: no events", ""])
    assert rooms[1] == rooms[2] == rooms[3] == pytest.approx(width(".75"))
    assert rooms[4] is None


def test_thousands_are_part_of_the_number():
    assert tails(["1,234.5", "1.5"]) == [0.0, 0.0]
    assert tails(["1\u202f234", "12"]) == [0.0, 0.0]


def test_a_decimal_comma_is_an_anchor_where_the_language_has_one():
    assert tails(["0,75", "1"], decimal=",") == [0.0, pytest.approx(width(",75"))]


def test_shares_add_up_and_wishes_are_kept():
    columns = [measured("Term", ["Neutrophil count decreased"], True), measured("n", ["5"], False)]
    assert sum(shares(columns, [0, 0], 44)) == pytest.approx(1, abs=1e-3)
    assert shares(columns, [0.7, 0], 44)[0] == pytest.approx(0.7, abs=1e-3)


def test_words_give_way_before_numbers_do():
    columns = [Measured(60, 8), Measured(10, 10)]
    assert room_needed(columns) > 44
    assert shares(columns, [0, 0], 44)[1] * 44 >= 10
