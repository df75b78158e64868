"""Heads over several columns of a table, which columns stay together, and of which group of patients they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby

from reportgen.report import Column, Table


def spanning(table: Table) -> list[tuple[str, int]]:
    """The heads over several columns, and how many each stands over; "" over those without; [] where there is none.

    >>> from reportgen.report import Column
    >>> spanning(Table("t", (), (Column(""), Column("n", over="A"), Column("%", over="A"), Column("p")), ()))
    [('', 1), ('A', 2), ('', 1)]
    """
    if not any(column.over for column in table.columns):
        return []
    return [
        (over, 1 if not over else len(block))
        for over, group in groupby(table.columns, lambda column: column.over)
        for block in ([*group],)
        for _each in ([block] if over else block)
    ]


def inseparable(columns: Sequence[Column]) -> list[list[int]]:
    """The columns behind the first, each with those that say nothing without it.

    Such are those under words that stand over several, and those whose head others have as well: "95% CI", p by Holm.

    >>> inseparable([Column(""), Column("1 year"), Column("95% CI"), Column("3 years"), Column("95% CI"), Column("n")])
    [[1, 2], [3, 4], [5]]
    """
    heads = [(column.head, column.unit, column.over) for column in columns]
    found: list[list[int]] = []
    for i, head in enumerate(heads[1:], start=1):
        over = columns[i].over
        if found and (over == columns[i - 1].over if over else heads.count(head) > 1):
            found[-1].append(i)
        else:
            found.append([i])
    return found


def columns_of(rows: list[list[int]], count: int) -> list[int]:
    """Of each column the group that all of its cells are of which are of one; 0 where there is none.

    >>> columns_of([[0, 1, 2], [0, 1, 1], [0, 0, 0]], 3), columns_of([], 2)
    ([0, 1, 0], [0, 0])
    """
    found = [{row[i] for row in rows if row[i]} for i in range(count)]
    return [groups.pop() if len(groups) == 1 else 0 for groups in found]


def heads_of(over: list[tuple[str, int]], of: list[int]) -> list[int]:
    """The same of the heads over several columns.

    >>> heads_of([("", 1), ("A", 2), ("grade 3", 2)], [0, 1, 1, 1, 2])
    [0, 1, 0]
    """
    starts = accumulate((count for _head, count in over), initial=0)
    found = [set(of[start : start + count]) for start, (_head, count) in zip(starts, over, strict=False)]
    return [groups.pop() if len(groups) == 1 else 0 for groups in found]


def in_parts(
    groups: Sequence[Sequence[int]], sizes: Sequence[float], gutter: float, full: float
) -> list[list[int]]:
    """The columns of each part, as few parts as it takes, and these as alike in width as can be: one last column by
    itself would be a table of two words a line, over pages.

    groups: of columns that stay together, without the first, which every part has. sizes: of all columns, each with
    its gutter; full: what a part may take.

    >>> in_parts([[1], [2], [3], [4], [5]], [2, 3, 3, 3, 3, 1], 0, 14)
    [[1, 2], [3, 4, 5]]
    """
    found: list[list[int]] = []
    limit = full
    while True:
        tried: list[list[int]] = [[]]
        for some in groups:
            if tried[-1] and sum(sizes[k] for k in (0, *tried[-1], *some)) - gutter > limit:
                tried.append([])
            tried[-1] += some
        widest = max(sum(sizes[k] for k in (0, *part)) for part in tried) - gutter
        if len(tried) == 1 or (found and (len(tried) > len(found) or widest > limit)):
            return found or tried
        found, limit = tried, widest - 1e-6
