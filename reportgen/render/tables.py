"""A table laid out: which cells a row shows, how each is aligned, and how wide each column is."""

from __future__ import annotations

from reportgen.render import columns
from reportgen.render.page import Page
from reportgen.report import Row, Table, plain

LONG = 34  # rows; what is longer may be split between pages, its head repeated
TYPE = 8.5  # points
TEXT_COLUMN, FULL_MEASURE = 374 / TYPE, 482 / TYPE  # em; a wide table takes the margin column too
ALIGNED = {"left": "l", "number": "n", "centre": "c"}


def laid_out(table: Table, page: Page) -> dict:
    """What the table's template needs. ValueError if a row has more cells than the table has columns."""
    count = len(table.columns)
    for row in table.rows:
        if len(row.cells) > count:
            raise ValueError(f"table {table.id!r} has {count} columns, but a row of {len(row.cells)} cells")
    name = page.unique(f"table-{table.id}")
    filled = [[*row.cells, *((),) * (count - len(row.cells))] for row in table.rows]
    texts = [[page.writable(plain(cell)) for cell in row] for row in filled]
    rooms, sizes = [], []
    for i, column in enumerate(table.columns):
        cells = [row[i] for row in texts]
        numbers = column.align == "number"
        rooms.append(columns.tails(cells, page.words["decimal"]) if numbers else [None] * len(cells))
        shown = [cell for cell, room in zip(cells, rooms[i], strict=True) if room is not None or not numbers]
        sizes.append(columns.measured(f"{column.head} {column.unit}", shown, breakable=not numbers))
    wide = columns.room_needed(sizes) > TEXT_COLUMN
    _size_columns(name, table, sizes, FULL_MEASURE if wide else TEXT_COLUMN, page)
    rows = [
        _row(row, filled[n], texts[n], [room[n] for room in rooms], table, page)
        for n, row in enumerate(table.rows)
    ]
    return {
        "kind": "table", "id": name, "table": table, "number": page.number("table"), "groups": _groups(rows),
        "classes": f"{'wide' if wide else 'narrow'} {'long' if len(rows) > LONG else 'short'}",
    }  # fmt: skip


def _size_columns(name: str, table: Table, sizes: list[columns.Measured], room: float, page: Page) -> None:
    for i, share in enumerate(columns.shares(sizes, [column.width for column in table.columns], room), 1):
        page.rules[f"#{name} col:nth-child({i}){{width:{100 * share:.4g}%}}"] = None
    if not page.printed:
        least = min(columns.room_needed(sizes), sum(size.least + columns.GUTTER for size in sizes))
        page.rules[f"#{name} table{{min-width:{least:.4g}em}}"] = None


def _row(
    row: Row, cells: list, texts: list[str], rooms: list[float | None], table: Table, page: Page
) -> dict:
    """A row's cells, each with its class. A head without further cells spans the table."""
    spans = row.head and not any(text.strip() for text in texts[1:])
    views = []
    for cell, text, room, column in zip(cells, texts, rooms, table.columns, strict=True):
        name = "w" if column.align == "number" and room is None and text else ALIGNED[column.align]
        if room:
            page.rules[f".e{room * 1000:.0f}{{padding-right:{room:.3f}em}}"] = None
            name += f" e{room * 1000:.0f}"
        views.append({"class": name, "text": cell})
    return {
        "cells": views[:1] if spans else views,
        "head": row.head,
        "spans": spans,
        "indent": min(row.indent, 3),
    }


def _groups(rows: list[dict]) -> list[list[dict]]:
    """Rows by group: a head begins one."""
    groups: list[list[dict]] = []
    for row in rows:
        if row["head"] or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups
