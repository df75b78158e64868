"""Figures that do not fit: what passes them, what makes them smaller, and that neither is done for nothing."""

from xml.etree.ElementTree import Element

import pytest

from reportgen.render.pdf.flow import SMALLEST, Block, Change, changes

CHAPTER, NEXT = Element("section"), Element("section")
ROOM = 1000.0


def text(*lines: float, chapter=CHAPTER, tag="p") -> Block:
    return Block(Element(tag), chapter, lines)


def figure(height: float, chapter=CHAPTER) -> Block:
    return Block(Element("figure"), chapter, (height,), drawn=height)


def test_text_passes_a_figure_that_does_not_fit():
    blocks = [text(700), drawing := figure(350), after := text(*[20] * 10), text(*[20] * 60)]
    assert changes(blocks, ROOM) == [Change(drawing, after=after)]


def test_a_head_passes_with_its_text_and_never_alone():
    head, words = text(20, tag="h3"), text(*[20] * 10)
    blocks = [text(700), drawing := figure(350), head, words, text(*[20] * 60)]
    assert changes(blocks, ROOM) == [Change(drawing, after=words)]
    assert changes([text(700), drawing, head, figure(300)], ROOM) == []


def test_a_figure_that_fits_is_left_alone():
    assert changes([text(600), figure(380), text(*[20] * 40)], ROOM) == []


@pytest.mark.parametrize("room_left", [100, 20])
def test_a_small_gap_is_not_worth_it(room_left):
    assert changes([text(ROOM - room_left), figure(350), text(20, 20), text(*[20] * 40)], ROOM) == []


def test_a_figure_that_just_does_not_fit_is_made_smaller():
    (change,) = changes([text(700), drawing := figure(308), text(*[20] * 40)], ROOM)
    assert change.figure is drawing and change.after is None and SMALLEST <= change.size < 1


def test_figures_keep_their_order_and_their_chapter():
    assert changes([text(700), figure(350), figure(250), text(*[20] * 40)], ROOM) == []
    assert changes([text(700), figure(350), text(*[20] * 10, chapter=NEXT)], ROOM) == []


def test_no_figure_waits_for_the_end_of_a_table_of_many_pages():
    long = Block(Element("div"), CHAPTER, (60.0, *[20.0] * 90), repeated=40.0)
    assert changes([text(700), figure(350), long, text(*[20] * 40)], ROOM) == []


def test_figures_of_a_page_give_way_together_where_one_alone_cannot():
    first, second = figure(350), figure(350)
    found = changes([text(330), first, second, text(*[20] * 40)], ROOM)
    assert [(change.figure, change.after) for change in found] == [(first, None), (second, None)]
    assert found[0].size == found[1].size
    assert SMALLEST <= found[0].size < 0.96 and 330 + 700 * found[0].size < ROOM


def test_figures_of_a_page_give_way_to_a_table_that_would_leave_it_empty():
    table = Block(Element("div"), CHAPTER, (265.0,))
    (change,) = changes([text(400), drawing := figure(345), table, text(*[20] * 40)], ROOM)
    assert change.figure is drawing and SMALLEST <= change.size < 1
    small = Block(Element("div"), CHAPTER, (130.0,))
    assert changes([text(540), figure(345), small, text(*[20] * 40)], ROOM) == []


def supplement() -> Block:
    return Block(Element("h2", {"class": "part"}), NEXT, (40.0,))


def test_a_figure_gives_way_to_the_tail_of_a_table_that_would_have_the_last_page_alone():
    table = Block(Element("div"), CHAPTER, (60.0, *[20.0] * 17), repeated=40.0)
    (change,) = changes([drawing := figure(620), table, supplement(), text(*[20] * 10)], ROOM)
    assert change.figure is drawing and SMALLEST <= change.size < 1


def test_a_last_page_that_is_half_full_is_left_alone():
    blocks = [text(*[20] * 45), figure(500), supplement(), text(*[20] * 10)]
    assert changes(blocks, ROOM) == []
