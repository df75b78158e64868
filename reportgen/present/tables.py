"""Tables as frozen data: the parts that a typographer names, and the notes that explain their signs."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.report import Column, Row, Table, Text, plain

SIGNS = {
    "NR": "NR, not reached.",
    "NE": "NE, not estimable.",
    "–": "–, none or not recorded.",
    "*": "*, masked: a small number of patients, or one from which such a number could be computed.",
}


def table(
    id: str, caption: Text, columns: Sequence[Column], rows: Sequence[Row], notes: Sequence[Text] = ()
) -> Table:
    """A table whose signs (NR, NE, –) are explained once, in a note below, wherever they occur."""
    words = {word for row in rows for cell in row.cells for word in plain(cell).replace("–NR", " NR").split()}
    signs = " ".join(text for sign, text in SIGNS.items() if sign in words)
    return Table(id, caption, tuple(columns), tuple(rows), (*notes, (signs,)) if signs else tuple(notes))


def text_column(head: str, width: float = 0) -> Column:
    return Column(head, align="left", width=width)


def row(*cells: Text | str, indent: int = 0, head: bool = False) -> Row:
    """A row; a plain string is a cell of words."""
    return Row(tuple((cell,) if isinstance(cell, str) else cell for cell in cells), indent, head)
