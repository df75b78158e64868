"""Which rows of a sheet hold the names of its columns, and what these are called where groups stand above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import SHEETS, known_names

# Names that say of what kind a column is, but not of what; in English, German, French, Spanish and Italian.
GENERIC = frozenset(
    ("date", "start", "stop", "end", "yes_no", "y_n", "value", "result", "grade", "time", "site", "reason",
     "datum", "am", "beginn", "ende", "ja_nein", "j_n", "wert", "ergebnis", "grad", "zeit", "ort", "grund",
     "le", "début", "debut", "fin", "oui_non", "o_n", "valeur", "resultat", "résultat", "temps", "motif", "raison",
     "fecha", "inicio", "sí_no", "si_no", "s_n", "valor", "resultado", "grado", "tiempo", "motivo",
     "data", "inizio", "fine", "sì_no", "valore", "risultato", "tempo", "sede")
)  # fmt: skip
MAX_NAME = 60
# Beyond so many rows the first column holds patients, and no names of columns.
MOST_NAMES = 2000
# Sheets of ours, whose rows are what they are: no row of them groups the columns below it.
UNGROUPED = frozenset(("report", "dictionary", *SHEETS["report"], *SHEETS["dictionary"]))


def goes_on_below(grid: Sequence[Sequence], top: int) -> bool:
    """Whether the names of columns stand in two rows: the lower one fills what groups in the upper one leave open.

    The lower row holds texts alone and nothing in the first column, in which the rows below it have their ids.
    """
    if top + 2 >= len(grid):
        return False
    upper, below, after = grid[top], grid[top + 1], grid[top + 2]
    first = next((p for p, cell in enumerate(upper) if is_filled(cell)), None)
    filled = [p for p, cell in enumerate(below) if is_filled(cell)]
    if first is None or len(filled) < 2 or is_filled(below[first]) or not is_filled(after[first]):
        return False
    texts = all(isinstance(below[p], str) and len(below[p]) <= MAX_NAME for p in filled)
    opened = [p for p in filled if not is_filled(upper[p])]
    known = known_names()
    named = sum(name_key(below[p]) in known or name_key(below[p]) in GENERIC for p in filled) if texts else 0
    return bool(opened) and texts and 2 * named >= len(filled)


def with_groups(grid: Sequence[Sequence], top: int, names: Sequence) -> list:
    """The names of the columns, joined with those of groups in up to two rows above where they say too little alone.

    That is where a name stands twice, or only says what of a group it is (date, grade). A column whose name stands
    above alone, in a merged cell, is called so. Titles, alone in the first column, are no groups.
    """
    names = list(names)
    for above in range(top - 1, max(top - 3, -1), -1):
        row = [*grid[above], *[None] * len(names)][: len(names)]
        groups = [p for p, cell in enumerate(row) if is_filled(cell)]
        if (
            not groups
            or (len(groups) == 1 and groups[0] == 0)
            or not all(isinstance(row[p], str) for p in groups)
        ):
            break
        keys = [name_key(name) if is_filled(name) else "" for name in names]
        joined, group, of = list(names), "", -1
        for place, key in enumerate(keys):
            if is_filled(row[place]):
                group, of = " ".join(str(row[place]).split()), place
            if not group:
                continue
            if not key and of == place:
                joined[place] = group
            elif key and (keys.count(key) > 1 or key in GENERIC) and name_key(group) != key:
                joined[place] = f"{group} {names[place]}"
        names = joined
    return names


def header_row_told(name: str, rows: Mapping[str, int]) -> int:
    """The row that the settings name for a sheet or file; 0 where they name none."""
    return next((row for sheet, row in rows.items() if name_key(sheet) == name_key(name)), 0)


def header_row(grid: Sequence[Sequence]) -> int:
    """The position of the row of column names, from 0; 0 where no row has two cells filled.

    It is the first row with two filled cells; or, where no name is known there, the first with two known names; or a
    row below it where that one only groups columns.
    """
    filled = [i for i, row in enumerate(grid) if sum(is_filled(cell) for cell in row) >= 2]
    if not filled:
        return 0
    known = known_names()
    named = [
        i
        for i in filled
        if sum(name_key(c) in known for c in grid[i] if isinstance(c, str) and c.strip()) >= 2
    ]
    if named and _names_in_first_column(grid, known) > _distinct(grid[named[0]], known):
        return filled[0]  # a table that is turned over: the words in one of its rows are no names
    none_above = named and not any(
        name_key(c) in known for c in grid[filled[0]] if isinstance(c, str) and c.strip()
    )
    top = named[0] if none_above else filled[0]
    while (deeper := _deeper(grid, top, known)) > top:
        top = deeper
    return top


def _names_in_first_column(grid: Sequence[Sequence], known: frozenset[str]) -> int:
    return _distinct([row[0] for row in grid[:MOST_NAMES] if row], known)


def _distinct(row: Sequence, known: frozenset[str]) -> int:
    """How many different known names stand in a row."""
    return len({name_key(cell) for cell in row if isinstance(cell, str)} & known)


def _deeper(grid: Sequence[Sequence], top: int, known: frozenset[str]) -> int:
    """The row of names over which a row only puts groups: the next one, or, below groups again, the one after."""
    for row in (top + 1, top + 2):
        between = grid[top + 1 : row]
        texts = all(isinstance(cell, str) for line in between for cell in line if is_filled(cell))
        if row < len(grid) and texts and _stands_over(grid[top], grid[row], known):
            return row
    return top + 1 if _groups_alone(grid, top) else top


def _groups_alone(grid: Sequence[Sequence], top: int) -> bool:
    """Whether a row puts groups over some columns alone, whatever language the names in the row below it have.

    That one fills more than twice as many cells, each with a short text of its own, begins left of the groups, or where
    the first of several does, and over numbers or dates.
    """
    if top + 2 >= len(grid):
        return False
    upper, below, after = (
        [p for p, cell in enumerate(grid[row]) if is_filled(cell)] for row in (top, top + 1, top + 2)
    )
    names = [grid[top + 1][p] for p in below]
    texts = all(isinstance(name, str) and len(name) <= MAX_NAME and not _is_counted(name) for name in names)
    apart = texts and len({name_key(name) for name in names}) == len(names)
    over = any(not isinstance(grid[top + 2][p], str) or _is_counted(grid[top + 2][p]) for p in after)
    left = bool(upper) and bool(below) and (below[0] < upper[0] or (below[0] == upper[0] and len(upper) > 1))
    first = left and after[:1] == below[:1]
    return apart and over and first and 2 * len(upper) < len(names)


def _is_counted(text: object) -> bool:
    """Whether a text is a number or a date: it begins with a digit."""
    return isinstance(text, str) and text.strip()[:1].isdigit()


def _stands_over(row: Sequence, below: Sequence, known: frozenset[str]) -> bool:
    """Whether a row only groups the columns named in the one below: it has at most half as many names, however often
    each stands there.
    """
    names = [cell for cell in below if is_filled(cell)]
    texts = all(isinstance(cell, str) for cell in names)
    sparse = 2 * len({name_key(cell) for cell in row if is_filled(cell)}) <= len(names)
    return texts and sparse and sum(name_key(cell) in known for cell in names) >= 2


def is_filled(cell: object) -> bool:
    """Whether a cell holds more than blanks."""
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())
