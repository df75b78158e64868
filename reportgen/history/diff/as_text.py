"""A Difference for people: lines of text, none of them wider than a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from reportgen.base.message import N_
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
from reportgen.writing.language import _
from reportgen.writing.messages import said

MOST_PATIENTS, MOST_ESTIMATES = 40, 25
# Said patient by patient instead.
LEFT_OUT = ("table-changes-corrections",)
WHO = {"setting": N_("the settings"), "version": N_("the program")}
KINDS = {
    "corrected": N_("corrected"),
    "deleted": N_("deleted"),
    "entered late": N_("entered late"),
    FOLLOW_UP: N_("follow-up"),
}
STATES = {NEW: N_("new"), GONE: N_("no longer in the data")}
ASKED = {"opened": N_("query opened"), "closed": N_("query closed"), "still open": N_("query still open")}
CHANGED = {"setting": N_("Setting"), "version": N_("Version")}
MARKS = {(PROGRAM,): N_(" (not by the data)"), (PROGRAM, DATA): N_(" (not by the data alone)")}


def as_text(found: Difference) -> list[str]:
    """Which runs they are, and what differs."""
    heads = [f"{_('old')}: {_run(found.old)}", f"{_('new')}: {_run(found.new)}", ""]
    if found.other_source:
        heads += [
            *wrapped(_("The sources have different names; a patient is the same one if the id is.")),
            "",
        ]
    return [*heads, *told(found)]


def told(found: Difference) -> list[str]:
    """What the chapter `changes` would say of the two runs; then every patient and estimate that differs."""
    if not found.different:
        same_day = found.old.run.cutoff == found.new.run.cutoff
        return [_("Nothing differs.") if same_day else _("Nothing differs but the cut-off.")]
    lines = []
    if found.results is None:
        lines += [*wrapped(_("Values and events were not compared. {why}.", why=said(why_not(found)))), ""]
        lines += list(_from_files(found))
    else:
        for block in changes.present(found.results).every:
            lines += _block(block)
        lines += _columns(found)
        lines += _patients(found.patients)
    return [*lines, *_estimates(found)]


def _run(folder: Folder) -> str:
    run = folder.run
    facts = [_("period {period}", period=run.period) if run.period else _("no period")]
    facts += [_("cut-off {day}", day=run.cutoff)] if run.cutoff else []
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
    yield from _head(f"{_('Patient by patient')} ({len(patients)})")
    for patient in patients[:MOST_PATIENTS]:
        yield f"{patient.patient}{': ' if patient.state in STATES else ''}{_(STATES.get(patient.state, ''))}"
        for kind, values in groupby(patient.values, lambda value: value.kind.removeprefix("row ")):
            yield from wrapped(
                f"{_(KINDS.get(kind, kind))}: {'; '.join(whole(_value(v)) for v in values)}", "  ", "      "
            )
        if patient.state == NEW:
            for event in patient.events:
                details = ", ".join(filter(None, (event.what, event.when)))
                yield from wrapped(f"{event.kind}: {details or _('recorded')}", "  ", "      ")
        for query in patient.queries:
            yield from wrapped(f"{_(ASKED[query.state])}: {query.question.problem}", "  ", "      ")
    if len(patients) > MOST_PATIENTS:
        yield _("… and {n} more; --json lists them all", n=len(patients) - MOST_PATIENTS)
    yield ""


def _value(value: Correction) -> str:
    """A cell or row. Where it stands is said of what somebody changed, not of what time brought."""
    where = f" [{value.sheet}!{value.cell}]" if value.kind != FOLLOW_UP else ""
    if not value.column:
        return f"{_('row {row}', row=value.before or value.after)}{where}"
    return f"{value.column} {value.before or '–'} → {value.after or '–'}{where}"


def _from_files(found: Difference) -> Iterator[str]:
    """What the published files alone tell."""
    asked, told = found.earlier.questions, found.earlier.changes
    groups = (
        (N_("Query opened"), asked.opened),
        (N_("Query closed"), asked.closed),
        (N_("Query still open"), asked.still_open),
    )
    for name, questions in groups:
        for q in questions:
            where = "!".join(filter(None, (q.sheet, q.cell)))
            since = f" ({_('since {day}', day=q.since)})" if q.since else ""
            yield from wrapped(f"{_(name)}: {where} {q.patient}: {q.problem}{since}", "", "      ")
    for change in told:
        line = f"{_(CHANGED[change.kind])} {change.name}: {change.before or '–'} → {change.after or '–'}"
        yield from wrapped(line, "", "      ")
    if told or any(questions for _name, questions in groups):
        yield ""


def _estimates(found: Difference) -> Iterator[str]:
    """Those whose value differs, chapter by chapter; of the others, how many."""
    by_chapter: dict[str, dict[str, tuple]] = {}
    for id, pair in found.estimates.items():
        by_chapter.setdefault(id.partition(".")[0], {})[id] = pair
    if by_chapter:
        yield from _head(f"{_('Estimate by estimate')} ({len(found.estimates)})")
        yield from _causes(found)
    for chapter, pairs in by_chapter.items():
        moved = {id: words for id, pair in pairs.items() if len(set(words := _both(*pair))) > 1}
        rest = len(pairs) - len(moved)
        but = _(", {rest} of them in interval, numbers or method alone", rest=rest) if rest else ""
        yield f"{chapter}: {_('{n} differ', n=len(pairs))}{but}"
        # Those that not the data alone moved come first: there are few of them, and nobody would look for them.
        first = sorted(moved.items(), key=lambda item: not _mark(found, item[0]))
        for id, (then, now) in first[:MOST_ESTIMATES]:
            line = f"  {id.partition('.')[2]}: {then} → {now}{_mark(found, id)}"
            yield from [line] if len(line) <= WIDTH else wrapped(line, "  ", "      ")
        if len(moved) > MOST_ESTIMATES:
            yield f"  {_('… and {n} more; --json lists them all', n=len(moved) - MOST_ESTIMATES)}"
    if found.curves:
        yield f"{_('curves')}: {_('{n} differ', n=len(found.curves))}"


def _causes(found: Difference) -> Iterator[str]:
    """How many the program and the settings moved, apart from those that the data did."""
    if not found.earlier.changes:
        return
    kinds = {change.kind for change in found.earlier.changes}
    who = _(" and ").join(_(word) for kind, word in WHO.items() if kind in kinds)
    moved = [causes for causes in found.causes.values() if PROGRAM in causes]
    both = sum(DATA in causes for causes in moved)
    unknown = len(found.estimates) - len(found.causes)
    if found.causes:
        besides = _(", {both} of them by the data, too", both=both) if both else ""
        rest = len(found.causes) - len(moved)
        yield from wrapped(
            _(
                "On the same data, {who} moved {n} of them{besides}; the data alone {rest}.",
                who=who,
                n=len(moved),
                besides=besides,
                rest=rest,
            )
        )
    if unknown:
        yield from wrapped(
            _("Of {n} it can’t be told whether {who} or the data moved them.", n=unknown, who=who)
        )
    yield ""


def _mark(found: Difference, id: str) -> str:
    """What is said behind an estimate that not the data alone moved."""
    moved = found.causes.get(id, ()) if found.earlier.changes else ()
    return _(MARKS.get(tuple(moved), ""))


def _both(then: Mapping | None, now: Mapping | None) -> tuple[str, str]:
    return _estimate(then), _estimate(now)


def _estimate(row: Mapping | None) -> str:
    if row is None:
        return _("absent")
    return row["note"] or _("none") if row["value"] is None else f"{row['value']:.4g}"
