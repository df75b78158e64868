"""Tables on paper: columns that can't stand beside each other come in parts, under one number."""

from __future__ import annotations

from reportgen.render.html.document import render_html
from reportgen.render.html.fonts import width
from reportgen.render.html.page import PRINT, SCREEN, Page
from reportgen.render.html.tables import FULL_MEASURE, INDENT, laid_out
from reportgen.report import Column, Row, Table
from tests.render.test_html import Outline, small


def wide(columns: int) -> Table:
    heads = (
        Column("Feature", align="left"),
        *(Column(f"Regimen number {i}", "n/N (%)") for i in range(columns)),
    )
    rows = tuple(Row(((f"level {k}",), *((f"{k}/25 ({4 * k}%)",) for _ in range(columns)))) for k in range(5))
    return Table("t", ("A caption.",), heads, (Row((("Group",),), head=True), *rows), (("A note.",),))


def test_a_table_that_fits_is_one():
    for medium in (PRINT, SCREEN):
        assert len(laid_out(wide(5), Page(medium))) == 1


def test_a_table_that_is_too_wide_comes_in_parts():
    page = Page(PRINT)
    parts = laid_out(wide(17), page)
    assert len(parts) >= 2 and {part["number"] for part in parts} == {"Table\u00a01"}
    assert len({part["id"] for part in parts}) == len(parts) and page.number("table") == "Table\u00a02"
    heads = [[column.head for column in part["table"].columns] for part in parts]
    assert all(head[0] == "Feature" for head in heads)
    assert [word for head in heads for word in head[1:]] == [f"Regimen number {i}" for i in range(17)]
    assert [bool(part["table"].notes) for part in parts] == [False] * (len(parts) - 1) + [True]
    for part in parts:
        assert part["groups"][0]["rows"][0]["spans"]
        assert all(len(row["cells"]) == len(part["table"].columns) for row in part["groups"][0]["rows"][1:])


def test_a_screen_scrolls_instead():
    assert len(laid_out(wide(17), Page(SCREEN))) == 1


def test_tables_are_long_by_their_lines():
    head = (Column("Name", align="left"), Column("Meaning", align="left"))
    words = "Time from the start of treatment to death from any cause, whichever comes first. " * 3

    def classes(text, rows):
        (view,) = laid_out(Table("t", ("A.",), head, ((Row((("a",), (text,))),) * rows)), Page(PRINT))
        return view["classes"].split()[1], view["groups"][0]["kept"]

    assert classes("short", 6) == ("short", True) and classes(words, 8) == ("long", False)
    assert classes("short", 10) == ("short", True) and classes("short", 11) == ("long", False)


def test_a_head_over_the_whole_table_makes_no_column_wide_and_a_long_word_in_a_head_is_broken():
    head = "A group with a name that is far longer than every cell of the first column of this table, and then some"
    rows = tuple(Row((("a",), *((f"{k}/25 ({4 * k}%)",) for k in range(2)))) for _ in range(3))
    words = [
        "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
        "Pneumonoultramicroscopicsilicovolcanoconiosis",
    ]
    columns = (Column("Who", align="left"), *(Column(word, "n = 25") for word in words))
    (view,) = laid_out(Table("t", ("A.",), columns, (Row(((head,),), head=True), *rows)), Page(PRINT))
    assert view["classes"].split()[0] == "narrow" and view["groups"][0]["rows"][0]["spans"]


def test_a_name_that_stands_in_is_not_broken():
    heads = (
        Column("Patient", align="left"),
        *(Column(f"Some head {i}", align="left") for i in range(9)),
    )
    words = ("several words to be broken",) * 9
    rows = tuple(Row((("R0593673",), *((word,) for word in words)), indent=1) for _ in range(3))
    (view,) = laid_out(Table("t", ("A.",), heads, rows), page := Page(PRINT))
    (rule,) = [rule for rule in page.rules if f"#{view['id']} col:nth-child(1){{" in rule]
    room = FULL_MEASURE * float(rule.split("width:")[1].split("%")[0]) / 100
    assert "wide" in view["classes"] and room >= INDENT + width("R0593673")


def test_a_head_over_two_columns_stands_once():
    heads = (
        Column("Name", align="left"),
        Column("n", over="A"),
        Column("%", over="A"),
        Column("n", over="B <b>"),
    )
    table = Table("t", ("A caption.",), heads, (Row((("a",), ("1",), ("2",), ("3",))),))
    assert [column.name for column in heads] == ["Name", "A n", "A %", "B <b> n"]
    page = Outline(render_html(small(table)))
    scopes = [(cell["scope"], cell.get("colspan")) for cell in page.all("th")]
    assert scopes[:6] == [("colgroup", "2"), ("colgroup", "1"), *[("col", None)] * 4]


def test_an_interval_is_never_in_another_part_than_its_number():
    heads = [Column("Feature", align="left")]
    for year in range(1, 12):
        heads += [Column(f"After so many years as {year}"), Column("95% CI")]
    rows = (Row((("a",), *(("63%",),) * 22)),)
    parts = laid_out(Table("t", ("A.",), tuple(heads), rows), Page(PRINT))
    assert len(parts) > 1
    assert all([c.head for c in part["table"].columns][2::2] == ["95% CI"] * (len(part["table"].columns) // 2)
               for part in parts)  # fmt: skip


def test_parts_are_alike_in_width():
    """One column more than fits beside the others takes some of them with it: alone it would fill pages with a word."""
    fits = next(n for n in range(2, 40) if len(laid_out(wide(n), Page(PRINT))) == 2)
    first, second = (len(part["table"].columns) for part in laid_out(wide(fits), Page(PRINT)))
    assert second >= 3 and 0 <= first - second <= 1
