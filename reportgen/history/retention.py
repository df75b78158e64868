"""`reportgen history`: what is kept of a source; letting go of old months; giving all of it out as one file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.required import required
from reportgen.history.answers import stories
from reportgen.history.database_schema import TABLES
from reportgen.history.runs import WHERE, Run, load, periods
from reportgen.history.shared_texts import drop_unused
from reportgen.history.store import place_of, reading, writing
from reportgen.history.table_codec import stored
from reportgen.publish.folder import make_private, write_file

SCHEMA = "reportgen/history/1"


@dataclass(frozen=True)
class Month:
    """A run that is kept. period: "" of the last one without a month; cells: whether its values are kept."""

    period: str
    cutoff: str
    program: str
    estimates: int
    patients: int | None
    cells: bool


def place_of_source(source: Path | str, config: Path | None, output: Path) -> tuple[Path | str, str]:
    """Where the history of a source is, and what it is called in it. UsageError where there is no such source."""
    from reportgen.cohort.mapping.source_settings import settings_before
    from reportgen.cohort.source import is_url, stem_of

    if not is_url(source) and not Path(source).exists():
        raise UsageError(f"There is no {Path(source).name!r}; check the path.")
    root = output / stem_of(source)
    return settings_before(source, config, {}).history.url or place_of(root), root.name


def shown(place: Path | str, cohort: str) -> tuple[Month, ...]:
    """The runs that are kept, the oldest month first, the one without a month last."""
    return tuple(_month(run) for run in _runs(place, cohort))


def _runs(place: Path | str, cohort: str) -> Iterator[Run]:
    with reading(place) as session:
        if session is None:
            return
        for period in (*periods(session, cohort), ""):
            run = load(session, cohort, period)
            if run is not None:
                yield run


def _month(run: Run) -> Month:
    tables = run.tables or {}
    return Month(
        run.period,
        run.cutoff.isoformat() if run.cutoff else "",
        str(run.about["versions"].get("reportgen", "")),
        len(run.estimates),
        len(tables["patients"]) if "patients" in tables else None,
        bool(tables),
    )


def prune(place: Path | str, cohort: str, keep: int) -> tuple[str, ...]:
    """Let go of all months but the last ones; which went. Answers to questions stay. UsageError for fewer than one."""
    if keep < 1:
        raise UsageError("--keep must be at least 1: the next report is compared with the last one.")
    if isinstance(place, Path) and not place.is_file():
        return ()
    with writing(place) as session:
        gone = periods(session, cohort)[:-keep]
        for period in gone:
            for table in TABLES:
                session.write(
                    f"DELETE FROM reportgen_{table} {WHERE}", [{"cohort": cohort, "period": period}]
                )
        drop_unused(session, cohort)
    return gone


def export(place: Path | str, cohort: str, target: Path) -> int:
    """Write all that is kept into one JSON file, readable by the owner only; how many runs. It holds patients' data.

    UsageError where the file is there already, MachineFailed where it can't be written.
    """
    if target.exists():
        raise UsageError(f"{target} is there already; name another file with --export.")
    runs = [_as_data(run) for run in _runs(place, cohort)]
    content = {
        "schema": SCHEMA,
        "cohort": cohort,
        "runs": runs,
        "queries": [asdict(story) for story in stories(place, cohort).values()],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"
    try:
        make_private(target.absolute().parent)
        write_file(target, text.encode("utf-8", "surrogatepass"))
    except OSError as failure:
        raise MachineFailed(f"{target} could not be written: {reason(failure)}.") from failure
    return len(runs)


def _as_data(run: Run) -> dict:
    tables: dict[str, dict[str, object]] = {}
    for column in stored((run.tables or {}).values()):
        if column.kind != "about":
            name = column.column if column.kind != "days" else f"{column.column} (days)"
            tables.setdefault(column.table, {})[name] = json.loads(column.content)
    return {
        "period": run.period,
        "cutoff": run.cutoff,
        "about": dict(run.about),
        "estimates": list(run.estimates),
        "tables": tables,
        "questions": [asdict(question) for question in run.questions],
    }


def as_text(months: tuple[Month, ...], size: int | None) -> Iterator[str]:
    """The lines of `reportgen history`. size: of its file in bytes, None where it lies in a database of others."""
    held = f", {required(size) / 1e6:.1f} MB" if size is not None else ""
    yield f"{len(months)} report{'s' * (len(months) != 1)} kept{held}."
    for month in months:
        who = "values not kept" if not month.cells else f"{month.patients} patients"
        name = month.period or "no month"
        yield f"{name:8}  cut-off {month.cutoff or '–'}  {who}, {month.estimates} estimates, made by {month.program}"
