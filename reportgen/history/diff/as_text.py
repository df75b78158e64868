"""A Difference for people: lines of text, none of them wider than a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from reportgen.base.required import required
from reportgen.chapters import changes
from reportgen.cohort.changes.corrections import Correction
from reportgen.history.diff import Difference
from reportgen.history.diff.as_data import why_not
from reportgen.history.diff.block_text import WIDTH, table_lines, whole, wrapped
from reportgen.history.diff.causes import DATA, PROGRAM
from reportgen.history.diff.folders import Folder
from reportgen.history.diff.patient_changes import FOLLOW_UP, GONE, NEW, Patient
from reportgen.report import Heading, Notice, Paragraph, Table, plain

MOST_PATIENTS, MOST_ESTIMATES = 40, 25
# Said patient by patient instead.
LEFT_OUT = ("table-changes-corrections",)
WHO = {"setting": "the settings", "version": "the program"}
STATES = {NEW: "new", GONE: "no longer in the data"}


def as_text(found: Difference) -> list[str]:
    """What the chapter `changes` would say of the two runs; then every patient and estimate that differs."""
    lines = [f"old: {_run(found.old)}", f"new: {_run(found.new)}", ""]
    if found.other_source:
        lines += [*wrapped("The sources have different names; a patient is the same one if the id is."), ""]
    if not found.different:
        same_day = found.old.run.cutoff == found.new.run.cutoff
        return [*lines, "Nothing differs." if same_day else "Nothing differs but the cut-off."]
    if found.results is None:
        lines += [*wrapped(f"Values and events were not compared. {why_not(found)}."), ""]
        lines += list(_from_files(found))
    else:
        for block in changes.present(found.results).every:
            lines += _block(block)
        lines += _columns(found)
        lines += _patients(found.patients)
    return [*lines, *_estimates(found)]


def _run(folder: Folder) -> str:
    run = folder.run
    facts = [f"period {run.period}" if run.period else "no period"]
    facts += [f"cut-off {run.cutoff}"] if run.cutoff else []
    facts += [folder.profile] if folder.profile != "internal" else []
    return f"{folder.path} ({', '.join(facts)})"


def _block(block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from _head(block.text)
    elif isinstance(block, Paragraph | Notice):
        yield from (*wrapped(plain(block.text)), "")
    elif isinstance(block, Table) and block.id not in LEFT_OUT:
        yield from (*table_lines(block), "")


def _head(text: str) -> tuple[str, str]:
    return (text, "-" * len(text))


def _columns(found: Difference) -> Iterator[str]:
    """What came or went as a whole."""
    columns = [c for c in required(found.facts).corrections if not c.patient]
    for c in columns:
        name = f"{c.table}.{c.column}" if c.column else c.table
        yield from wrapped(f"{name}: {c.kind} ({c.before or c.after})", "  ")
    if columns:
        yield ""


def _patients(patients: tuple[Patient, ...]) -> Iterator[str]:
    if not patients:
        return
    yield from _head(f"Patient by patient ({len(patients)})")
    for patient in patients[:MOST_PATIENTS]:
        yield f"{patient.patient}{': ' if patient.state in STATES else ''}{STATES.get(patient.state, '')}"
        for kind, values in groupby(patient.values, lambda value: value.kind.removeprefix("row ")):
            yield from wrapped(f"{kind}: {'; '.join(whole(_value(v)) for v in values)}", "  ", "      ")
        if patient.state == NEW:
            for event in patient.events:
                details = ", ".join(filter(None, (event.what, event.when)))
                yield from wrapped(f"{event.kind}: {details or 'recorded'}", "  ", "      ")
        for query in patient.queries:
            yield from wrapped(f"query {query.state}: {query.question.problem}", "  ", "      ")
    if len(patients) > MOST_PATIENTS:
        yield f"… and {len(patients) - MOST_PATIENTS} more; --json lists them all"
    yield ""


def _value(value: Correction) -> str:
    """A cell or row. Where it stands is said of what somebody changed, not of what time brought."""
    where = f" [{value.sheet}!{value.cell}]" if value.kind != FOLLOW_UP else ""
    if not value.column:
        return f"row {value.before or value.after}{where}"
    return f"{value.column} {value.before or '–'} → {value.after or '–'}{where}"


def _from_files(found: Difference) -> Iterator[str]:
    """What the published files alone tell."""
    asked, told = found.earlier.questions, found.earlier.changes
    groups = (("opened", asked.opened), ("closed", asked.closed), ("still open", asked.still_open))
    for name, questions in groups:
        for q in questions:
            where = "!".join(filter(None, (q.sheet, q.cell)))
            since = f" (since {q.since})" if q.since else ""
            yield from wrapped(f"Query {name}: {where} {q.patient}: {q.problem}{since}", "", "      ")
    for change in told:
        said = f"{change.kind.capitalize()} {change.name}: {change.before or '–'} → {change.after or '–'}"
        yield from wrapped(said, "", "      ")
    if told or any(questions for _, questions in groups):
        yield ""


def _estimates(found: Difference) -> Iterator[str]:
    """Those whose value differs, chapter by chapter; of the others, how many."""
    by_chapter: dict[str, dict[str, tuple]] = {}
    for id, pair in found.estimates.items():
        by_chapter.setdefault(id.partition(".")[0], {})[id] = pair
    if by_chapter:
        yield from _head(f"Estimate by estimate ({len(found.estimates)})")
        yield from _causes(found)
    for chapter, pairs in by_chapter.items():
        moved = {id: words for id, pair in pairs.items() if len(set(words := _both(*pair))) > 1}
        rest = len(pairs) - len(moved)
        but = f", {rest} of them in interval, numbers or method alone" if rest else ""
        yield f"{chapter}: {len(pairs)} differ{but}"
        # Those that not the data alone moved come first: there are few of them, and nobody would look for them.
        first = sorted(moved.items(), key=lambda item: not _mark(found, item[0]))
        for id, (then, now) in first[:MOST_ESTIMATES]:
            line = f"  {id.partition('.')[2]}: {then} → {now}{_mark(found, id)}"
            yield from [line] if len(line) <= WIDTH else wrapped(line, "  ", "      ")
        if len(moved) > MOST_ESTIMATES:
            yield f"  … and {len(moved) - MOST_ESTIMATES} more; --json lists them all"
    if found.curves:
        yield f"curves: {len(found.curves)} differ"


def _causes(found: Difference) -> Iterator[str]:
    """How many the program and the settings moved, apart from those that the data did."""
    if not found.earlier.changes:
        return
    kinds = {change.kind for change in found.earlier.changes}
    who = " and ".join(word for kind, word in WHO.items() if kind in kinds)
    moved = [causes for causes in found.causes.values() if PROGRAM in causes]
    both = sum(DATA in causes for causes in moved)
    unknown = len(found.estimates) - len(found.causes)
    if found.causes:
        besides = f", {both} of them by the data, too" if both else ""
        rest = len(found.causes) - len(moved)
        yield from wrapped(
            f"On the same data, {who} moved {len(moved)} of them{besides}; the data alone {rest}."
        )
    if unknown:
        yield from wrapped(f"Of {unknown} it can’t be told whether {who} or the data moved them.")
    yield ""


def _mark(found: Difference, id: str) -> str:
    """What is said behind an estimate that not the data alone moved."""
    moved = found.causes.get(id, ()) if found.earlier.changes else ()
    return {(PROGRAM,): " (not by the data)", (PROGRAM, DATA): " (not by the data alone)"}.get(
        tuple(moved), ""
    )


def _both(then: Mapping | None, now: Mapping | None) -> tuple[str, str]:
    return _estimate(then), _estimate(now)


def _estimate(row: Mapping | None) -> str:
    if row is None:
        return "absent"
    return row["note"] or "none" if row["value"] is None else f"{row['value']:.4g}"
