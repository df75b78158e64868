"""The analysis results for other programs: rows as the R package cards has them, and in the words of CDISC ARS."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from reportgen.stats.results import Estimate, Results

TEXTS = ("id", "group1", "group1_level", "variable", "variable_level", "context", "stat_name", "stat_label",
         "warning", "error")  # fmt: skip
COLUMNS = ("id", "group1", "group1_level", "variable", "variable_level", "context", "time", "stat_name", "stat_label",
           "stat", "warning", "error")  # fmt: skip
# What an estimate holds besides its value → the name that broom, cardx and cards have for it, and its label.
BESIDE = {
    "low": ("conf.low", "CI Lower Bound"),
    "high": ("conf.high", "CI Upper Bound"),
    "level": ("conf.level", "CI Confidence Level"),
    "se": ("std.error", "Standard Error"),
    "n": ("N", "Vector Length"),
    "events": ("n.event", "Number of Events"),
    "at_risk": ("n.risk", "Number of Subjects at Risk"),
}
NAMES = {"p_value": "p.value", "quartile_1": "p25", "quartile_3": "p75", "minimum": "min", "maximum": "max",
         "proportion": "p", "count": "n"}  # fmt: skip


@dataclass(frozen=True)
class Grouping:
    """The column whose groups are compared, and its levels; "" and none where nothing is compared."""

    name: str
    levels: Collection[str]

    def of(self, group: str) -> tuple[str | None, str | None, str | None]:
        """(the column, its level, the level of the variable) that the group of an estimate stands for.

        >>> Grouping("arm", ("A", "B")).of("A|CR"), Grouping("", ()).of("CR"), Grouping("", ()).of("all")
        (('arm', 'A', 'CR'), (None, None, 'CR'), (None, None, None))
        """
        first, _bar, rest = group.partition("|")
        if group == "all":
            return None, None, None
        if group == self.name:
            return self.name, None, None
        if first in self.levels:
            return self.name, first, rest or None
        return None, None, group


# The model has no place for the id of a result.
IDS, SEPARATOR = "Ids of the results in results.json, in their order:\n", "\n"


def ard_files(results: Results, grouping: Grouping) -> dict[str, bytes]:
    """ard.parquet, a row for each number, and ard.json. No more than results.json holds, unrounded, in its units.

    grouping: with whichever levels the cohort has; those that no estimate names are not told. ImportError
    where pyarrow is missing.
    """
    named = {estimate.group.partition("|")[0] for estimate in results.estimates}
    levels = tuple(level for level in grouping.levels if level in named)
    grouping = Grouping(grouping.name if levels or grouping.name in named else "", levels)
    return {"ard.parquet": _ard_parquet(results, grouping), "ard.json": ars_json(results, grouping)}


def ard_rows(results: Results, grouping: Grouping) -> Iterator[dict[str, object]]:
    """A row for each number of each estimate; of one that does not exist the reason stands in `error`."""
    for estimate in results.estimates:
        column, level, word = grouping.of(estimate.group)
        common = {
            "id": estimate.id,
            "group1": column,
            "group1_level": level,
            "variable": estimate.endpoint or estimate.variable,
            "variable_level": word,
            "context": estimate.section,
            "time": estimate.time,
        }
        note = str(estimate.note) or None
        name = NAMES.get(estimate.statistic, estimate.statistic)
        yield common | {
            "stat_name": name,
            "stat_label": estimate.statistic.replace("_", " "),
            "stat": estimate.value,
            "warning": note if estimate.exists else None,
            "error": None if estimate.exists else note,
        }
        for field, (stat_name, label) in BESIDE.items():
            value = getattr(estimate, field)
            if value is not None:
                yield common | {"stat_name": stat_name, "stat_label": label, "stat": float(value),
                                "warning": None, "error": None}  # fmt: skip


def _ard_parquet(results: Results, grouping: Grouping) -> bytes:
    import pyarrow
    from pyarrow import parquet

    rows = list(ard_rows(results, grouping))
    kinds = pyarrow.schema(
        [(name, pyarrow.string() if name in TEXTS else pyarrow.float64()) for name in COLUMNS]
    )
    table = pyarrow.Table.from_pylist(rows, schema=kinds)
    content = BytesIO()
    parquet.write_table(table, content, compression="snappy")
    return content.getvalue()


def ars_json(results: Results, grouping: Grouping) -> bytes:
    """Methods, groupings and analyses with their results, as CDISC ARS 1.0 has them (a ReportingEvent).

    The model knows no id of a result: those of an analysis stand in its description, in the order of its results.
    """
    methods = {
        method: f"M{n}" for n, method in enumerate(dict.fromkeys(str(e.method) for e in results.estimates), 1)
    }
    analyses: dict[tuple, list[Estimate]] = {}
    for estimate in results.estimates:
        key = (estimate.section, estimate.endpoint or estimate.variable or "all", str(estimate.method))
        analyses.setdefault(key, []).append(estimate)
    groups = [
        {"id": level, "name": level, "level": 1, "order": n} for n, level in enumerate(grouping.levels, 1)
    ]
    operations: dict[str, list[str]] = {method: [] for method in methods}
    for estimate in results.estimates:
        held = operations[str(estimate.method)]
        held += [estimate.statistic] if estimate.statistic not in held else []
    listed = [
        _analysis(f"A{n}", key, rows, methods, grouping) for n, (key, rows) in enumerate(analyses.items(), 1)
    ]
    contents = [
        {"name": one["name"], "level": 1, "order": n, "analysisId": one["id"]}
        for n, one in enumerate(listed, 1)
    ]
    content = {
        "id": "reportgen",
        "name": "Outcome report",
        "version": 1,
        "mainListOfContents": {"name": "Analyses", "contentsList": {"listItems": contents}},
        "analysisGroupings": [
            {"id": grouping.name, "name": grouping.name, "groupingVariable": grouping.name, "dataDriven": True,
             "groups": groups}
        ] if grouping.name else [],
        "methods": [_method(key, method, operations[method]) for method, key in methods.items()],
        "analyses": listed,
    }  # fmt: skip
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _method(key: str, method: str, statistics: list[str]) -> dict[str, object]:
    named = [
        {"id": f"{key}.{name}", "name": name, "order": order} for order, name in enumerate(statistics, 1)
    ]
    return {"id": key, "name": method or "as recorded", "description": method, "operations": named}


def _analysis(
    name: str, key: tuple[str, str, str], rows: list[Estimate], methods: Mapping[str, str], grouping: Grouping
) -> dict[str, object]:
    section, variable, method = key
    compared = any(grouping.of(row.group)[0] for row in rows)
    order = [{"order": 1, "groupingId": grouping.name, "resultsByGroup": True}] if compared else []
    return {
        "id": name,
        "name": f"{section}: {variable}",
        "description": f"{IDS}{SEPARATOR.join(row.id for row in rows)}",
        "version": 1,
        "reason": {"controlledTerm": "DATA DRIVEN"},
        "purpose": {"controlledTerm": "EXPLORATORY OUTCOME MEASURE"},
        "variable": variable,
        "methodId": methods[method],
        "orderedGroupings": order,
        "results": [_result(row, methods[method], grouping) for row in rows],
    }


def _result(row: Estimate, method: str, grouping: Grouping) -> dict[str, object]:
    """One operation's result; its raw value is a text, as the model has it: "" where there is none."""
    column, level, word = grouping.of(row.group)
    groups: list[dict[str, object]] = [{"groupingId": column, "groupId": level}] if column and level else []
    groups += [{"groupingId": row.endpoint or row.variable, "groupValue": word}] if word else []
    return {
        "operationId": f"{method}.{row.statistic}",
        "resultGroups": groups,
        "rawValue": "" if row.value is None else repr(row.value),
    }
