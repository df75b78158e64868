"""Rules on the sheet of measurements: one unit for each name, limits in order, and a name and a day for each value."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import Tables, days_of, each, values_of
from reportgen.cohort.checks.units import asked, few_of
from reportgen.settings.model import Settings


def units_differ(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """UNITS_DIFFER where a name has another unit than most of its values, and UNIT_DOUBTFUL where its size says so."""
    table = tables.get("measurements")
    if table is None or not {"name", "value"} <= set(table.frame):
        return
    name, unit = table.frame["name"], values_of(table, "unit").fillna("")
    told = name.notna() & table.frame["value"].notna()
    usual = unit[told].groupby(name[told]).agg(lambda units: units.value_counts(sort=True).index[0])
    other = told & unit.ne(name.map(usual))
    column = "unit" if "unit" in table.frame else "name"
    problem = message("The unit is another one than that of most values of the same name")
    hint = message("Enter the value in the unit of the others; until then each unit is shown apart")
    yield from each(table, other, column, WARNING, "UNITS_DIFFER", problem, hint)
    for _, rows in table.frame.index[told & ~other].groupby(name[told & ~other]).items():
        factor, few = few_of(table.frame["value"][rows])
        if factor:
            wrong = few.reindex(table.frame.index, fill_value=False)
            yield from asked(table, "value", wrong, factor)


def limits_crossed(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """LIMITS_CROSSED: a reference range whose lower limit is above the upper one."""
    table = tables.get("measurements")
    if table is None or not {"lower", "upper"} <= set(table.frame):
        return
    yield from each(table, table.frame["lower"] > table.frame["upper"], "lower", WARNING, "LIMITS_CROSSED",
                    message("The lower limit is above the upper one"),
                    message("Correct one of them; until then the range is not shown"))  # fmt: skip


def incomplete(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Values without a name or a day, which no figure can show."""
    table = tables.get("measurements")
    if table is None or "value" not in table.frame:
        return
    told = table.frame["value"].notna()
    dated = values_of(table, "date").notna() | days_of(table, "date").notna()
    for column, lacks in (("name", values_of(table, "name").isna()), ("date", ~dated)):
        yield from each(table, told & lacks, column, WARNING, "MISSING_VALUE",
                        message("The value has no {a} and is not shown", a=column),
                        message("Enter it, or delete the row"))  # fmt: skip
