"""Tables as frozen data: the parts that a typographer names, and the notes that explain their signs."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.message import N_
from reportgen.report import Column, Row, Table, Text, plain
from reportgen.writing.language import _, _c

SIGNS = {
    "NR": N_("NR, not reached."),
    "NE": N_("NE, not estimable."),
    "–": N_("–, none or not recorded."),
    "*": N_("*, masked: a small number of patients, or one from which such a number could be computed."),
}


def table(
    id: str,
    caption: Text,
    columns: Sequence[Column],
    rows: Sequence[Row],
    notes: Sequence[Text] = (),
    finding: Text | None = None,
) -> Table:
    """A table whose signs (NR, NE, –) are explained once, in a note below, wherever they occur.

    finding: what it shows, which then stands first, and the caption, what it holds, after it in second ink."""
    cells = [f" {plain(cell)} " for row in rows for cell in row.cells]
    signs = " ".join(_(text) for sign, text in SIGNS.items() if any(_has(cell, sign) for cell in cells))
    below = (*notes, (signs,)) if signs else tuple(notes)
    how = caption if finding else ()
    return Table(id, finding or caption, tuple(columns), tuple(rows), below, how=how)


def _has(cell: str, sign: str) -> bool:
    """Whether the sign stands in the cell by itself, or as a limit of an interval."""
    word = _c("sign", sign)
    if f" {word} " in cell:
        return True
    return sign in ("NR", "NE") and any(end in cell for end in (f"–{word} ", f"–{word})", f" {word}–"))


def text_column(head: str, width: float = 0) -> Column:
    """A column of words, set flush left. width: its share of the table, 0 for an even one."""
    return Column(head, align="left", width=width)


def row(*cells: Text | str, indent: int = 0, head: bool = False) -> Row:
    """A row; a plain string is a cell of words."""
    return Row(tuple((cell,) if isinstance(cell, str) else cell for cell in cells), indent, head)
