"""What changed in the data, the queries and the settings: tables and the sentences over them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.changes.estimate_moves import SECTION, label_of
from reportgen.chapters.changes.facts import ChangesFacts
from reportgen.cohort.changes.corrections import Correction
from reportgen.cohort.changes.new_events import Happening, Happenings
from reportgen.report import Column, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import dates, estimate_words, numbers
from reportgen.writing.language import _, _c
from reportgen.writing.messages import said
from reportgen.writing.narrative import capital, counted, head, join, say, say_n
from reportgen.writing.phrases import value
from reportgen.writing.shares import CAUSES
from reportgen.writing.tables import row, table, text_column

ISO = re.compile(r"\d{4}-\d\d-\d\d")
KINDS = {
    "patients": N_("Patients"),
    "relapses": N_("Relapses"),
    "deaths": N_("Deaths"),
    "stops": N_("Stops of treatment"),
    "severe": N_("Events of grade ≥ 3"),
}


def events_table(results: Results) -> Table:
    """New patients, relapses, deaths, stops and severe events: how many then and now, and whose."""
    facts = results.facts[SECTION]
    rows = [
        row(
            _(KINDS[kind.key]),
            *(_count(results, kind.key, side) for side in (facts.then, facts.now, "new")),
            _whose(kind, facts.most_named),
        )
        for kind in facts.happened
    ]
    heads = [side_name(facts, side) for side in ("then", "now")]
    columns = [
        text_column("", 0.2),
        *(Column(name) for name in heads),
        Column(_("New")),
        text_column(_("Whose"), 0.42),
    ]
    return table("table-changes-events", (_("What is recorded now and was not then."),), columns, rows)


def side_name(facts: ChangesFacts, side: str) -> str:
    """The head of a column: the month of a report, or "Then" and "Now"."""
    names = {"then": N_("Then"), "now": N_("Now")}
    name = facts.then if side == "then" else facts.now
    return _(names[name]) if name in names else dates.period(name, short=True).capitalize()


def _count(results: Results, key: str, group: str) -> Text:
    found = results[f"{SECTION}.{key}.{group}.count"]
    return (value(numbers.whole(required(found.value)), found),)


def _whose(kind: Happenings, most: int | None) -> Text:
    shown, rest = kind.new[:most], kind.new[len(kind.new) if most is None else most :]
    words = "; ".join(_one(event, kind.key) for event in shown)
    words += _(" and {n} more", n=numbers.whole(len(rest))) if rest else ""
    gone = ", ".join(event.patient for event in kind.gone[:most])
    lost = _("no longer: {patients}", patients=gone) if gone else ""
    return ("; ".join(filter(None, (words, lost))) or numbers.MISSING,)


def _one(event: Happening, key: str) -> str:
    grade = _("grade {n}", n=event.grade) if event.grade else ""
    details = ", ".join(filter(None, (_what(event.what, key), grade, _when(event.when))))
    return f"{event.patient} ({details})" if details else event.patient


def _what(text: str, key: str) -> str:
    """The reason of a stop is a word of ours, and so are some causes of death; sites and terms are free text."""
    ours = key == "stops" or (key == "deaths" and text in CAUSES)
    return _(text) if ours else text


def _when(text: str) -> str:
    """A date in words; anything else as it is."""
    try:
        return dates.date(text) if ISO.fullmatch(text) else text
    except ValueError:
        return text


def corrections_sentence(results: Results) -> Text:
    """How many recorded values differ from those of the earlier report, by kind."""
    found = results.facts[SECTION].corrections
    total = results[f"{SECTION}.corrections.all.count"]
    if not found:
        return say(
            "{none} recorded before was corrected, deleted or entered late.", none=value(_("No value"), total)
        )
    kinds = list(dict.fromkeys(c.kind for c in found))
    parts = [_amount(sum(c.kind == kind for c in found), kind) for kind in kinds]
    return say(
        "{total}: {parts}.",
        total=value(head(counted(len(found), "difference")), total),
        parts=join(parts),
    )


def _amount(k: int, kind: str) -> str:
    """How many differences of a kind: "two values corrected"."""
    words = {
        "corrected": lambda: counted(k, "value corrected", "values corrected"),
        "deleted": lambda: counted(k, "value deleted", "values deleted"),
        "entered late": lambda: counted(k, "value entered late", "values entered late"),
        "row deleted": lambda: counted(k, "row deleted", "rows deleted"),
        "row entered late": lambda: counted(k, "row entered late", "rows entered late"),
        "column deleted": lambda: counted(k, "column deleted", "columns deleted"),
        "column entered late": lambda: counted(k, "column entered late", "columns entered late"),
    }
    return words[kind]()


def corrections_table(facts: ChangesFacts) -> list[Table]:
    """Every corrected, deleted or late value with its cell."""
    found = facts.corrections
    if not found:
        return []
    rows = [
        row(f"{c.sheet}!{c.cell}".rstrip("!"), c.patient or numbers.MISSING, _column(c, facts),
            _when(c.before) or numbers.MISSING, _when(c.after) or numbers.MISSING, _(c.kind))
        for c in found[: facts.most_rows]
    ]  # fmt: skip
    columns = [text_column(_("Cell"), 0.17), text_column(_("Patient"), 0.11), text_column(_("Column"), 0.2),
               text_column(_("Then"), 0.19), text_column(_("Now"), 0.19), text_column("", 0.14)]  # fmt: skip
    return [
        table(
            "table-changes-corrections",
            (_("What the data now say otherwise."),),
            columns,
            rows,
            _more(found, facts.most_rows),
        )
    ]


def _column(correction: Correction, facts: ChangesFacts) -> str:
    name = correction.column
    return facts.columns.get(name, name) if name else correction.table


def questions_sentence(results: Results) -> Text:
    """How many queries were opened, closed, and are still open since the earlier report."""
    counts = {
        name: results[f"{SECTION}.questions.{name}.count"] for name in ("opened", "closed", "still_open")
    }
    if not any(e.value for e in counts.values()):
        return say("{none} was open then, and none is now.", none=value(_("No query"), counts["still_open"]))
    number = {name: e.count for name, e in counts.items()}
    opened = counted(number["opened"], "query", "queries")
    said = {
        "opened": say_n(
            "{queries} was opened",
            "{queries} were opened",
            number["opened"] or 1,
            queries=value(opened, counts["opened"]),
        ),
        "closed": say_n(
            "{k} was closed",
            "{k} were closed",
            number["closed"] or 1,
            k=value(_how_many(number["closed"]), counts["closed"]),
        ),
        "still": say_n(
            "{k} is still open",
            "{k} are still open",
            number["still_open"] or 1,
            k=value(_how_many(number["still_open"]), counts["still_open"]),
        ),
    }
    return capital(say("{opened}, {closed}, and {still}.", **said))


def _how_many(queries: int) -> str:
    return numbers.spelled(queries) if queries else _c("queries", "none")


def questions_table(facts: ChangesFacts) -> list[Table]:
    """Queries by what became of them, with the day since when they were open."""
    groups = (("opened", _("Opened")), ("still_open", _("Still open")), ("closed", _("Closed")))
    rows = []
    for key, title in groups:
        found = getattr(facts.questions, key)
        rows += [row(title, head=True)] if found else []
        rows += [
            row(f"{q.sheet}!{q.cell}".strip("!") or numbers.MISSING, q.patient or numbers.MISSING,
                said(q.problem), _when(q.since) or numbers.MISSING, indent=1)
            for q in found[: facts.most_rows]
        ]  # fmt: skip
    if not rows:
        return []
    columns = [
        text_column(_("Cell"), 0.2),
        text_column(_("Patient"), 0.12),
        text_column(_("Problem"), 0.48),
        text_column(_("Open since"), 0.2),
    ]
    most = facts.most_rows
    left = (
        sum(max(0, len(getattr(facts.questions, key)) - (most or 0)) for key, _head in groups) if most else 0
    )
    notes = [say("{k} more are listed by reportgen diff.", k=numbers.whole(left))] if left else []
    return [table("table-changes-queries", (_("The queries to the data manager."),), columns, rows, notes)]


def settings_sentence(facts: ChangesFacts) -> Text:
    """How many settings, versions and methods of main estimates changed."""
    if not facts.changes and not facts.methods:
        return say("Settings, methods and versions are those of the earlier report.")
    settings, versions = ([c for c in facts.changes if c.kind == kind] for kind in ("setting", "version"))
    parts = [
        counted(len(settings), "setting") if settings else "",
        counted(len(versions), "version") if versions else "",
        counted(len(facts.methods), "method of a main estimate", "methods of main estimates")
        if facts.methods
        else "",
    ]
    return say("{parts} changed.", parts=capital(join([part for part in parts if part])))


def settings_table(facts: ChangesFacts) -> list[Table]:
    """A row per setting, version or method that changed, then and now; no table where none did."""
    rows = [row(c.name, c.before or numbers.MISSING, c.after or numbers.MISSING) for c in facts.changes]
    labels = {main.id: capital((" ".join(filter(None, label_of(main, facts))),)) for main in facts.main}
    rows += [
        row(labels[m.id], estimate_words.method(m.then), estimate_words.method(m.now)) for m in facts.methods
    ]
    if not rows:
        return []
    columns = [text_column("", 0.3), text_column(_("Then"), 0.35), text_column(_("Now"), 0.35)]
    return [table("table-changes-settings", (_("What was set, or made, otherwise."),), columns, rows)]


def _more(found: Sequence, most: int | None) -> list[Text]:
    left = 0 if most is None else len(found) - most
    return [say("{k} more are listed by reportgen diff.", k=numbers.whole(left))] if left > 0 else []
