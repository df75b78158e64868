"""What changed since the last report: the sentences, and the table of main estimates."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.chapters.changes.change_tables import (
    corrections_sentence,
    corrections_table,
    events_table,
    questions_sentence,
    questions_table,
    settings_sentence,
    settings_table,
    side_name,
)
from reportgen.chapters.changes.estimate_moves import (
    PARTS,
    SECTION,
    WHOLE,
    change,
    estimate,
    moves,
    named,
)
from reportgen.chapters.changes.facts import ChangesFacts
from reportgen.chapters.shared.new_events import events_counted
from reportgen.report import Column, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import dates, numbers, phrases
from reportgen.writing.language import _, inflected
from reportgen.writing.narrative import article, capital, join, plural, say, say_n
from reportgen.writing.phrases import value
from reportgen.writing.tables import row, table, text_column

__all__ = [
    "corrections_sentence", "corrections_table", "events_table", "main_table", "moves_sentences", "not_kept",
    "nothing", "nothing_sentence", "opening", "questions_sentence", "questions_table", "settings_sentence",
    "settings_table",
]  # fmt: skip

HOW = N_(
    "Each estimate is made again on the cohorts in between, in this order: the earlier data under today’s settings; "
    "these data with the corrections made since; the same patients as known today; all patients. The differences add "
    "up, as printed, too. In another order they could differ."
)
WHAT_IS_A_CORRECTION = N_(
    "A value of a day to which the earlier report knew the patient, and which differs today. What is dated later is "
    "follow-up; so are undated words, such as the best response, of patients seen since."
)
HEADS = {
    "settings": N_("Settings, program"),
    "corrections": N_("Corrections"),
    "follow_up": N_("Follow-up"),
    "new_patients": N_("New patients"),
}
OTHERWISE = {"setting": N_("Settings"), "version": N_("Program")}
MOST_NAMED = 3


def nothing(results: Results) -> bool:
    """Whether the two reports differ in nothing but their cut-off: not in one cell of the data."""
    facts: ChangesFacts = results.facts[SECTION]
    questions = facts.questions
    return facts.same and not (
        any(kind.new or kind.gone for kind in facts.happened)
        or facts.corrections
        or questions.opened
        or questions.closed
        or facts.changes
        or facts.methods
        or any(move.moved for move in moves(results))
    )


def nothing_sentence(facts: ChangesFacts) -> Text:
    """Since which report nothing changed at all."""
    return say(
        "Nothing changed since {report}: no patient, event, value, query, setting or method.",
        report=_report(facts),
    )


def not_kept(facts: ChangesFacts) -> Text:
    """Why events, corrections and the parts of a change can't be told."""
    return say(
        "The cleaned values behind {report} were not kept, so that new events and corrections can’t be told, nor how "
        "much each moved the estimates.",
        report=_report(facts),
    )


def _report(facts: ChangesFacts) -> str:
    """The report that this one is compared with: "the report for March 2018 (cut-off 30 June 2018)"."""
    day, then = facts.cutoffs[-2], facts.then
    if then == "then":
        if day:
            return inflected("the earlier report (cut-off {day})", day=dates.date(day))
        return inflected("the earlier report")
    month = dates.period(then)
    if day:
        return inflected("the report for {month} (cut-off {day})", month=month, day=dates.date(day))
    return inflected("the report for {month}", month=month)


def opening(results: Results) -> list[Text]:
    """What is new, in a sentence; what is recorded no longer, in another."""
    facts: ChangesFacts = results.facts[SECTION]
    if not facts.happened:
        return [say("This report is compared with {report}.", report=_report(facts)), *_missing(facts)]
    new = [events_counted(results, kind.key, "new") for kind in facts.happened if kind.new]
    none = join([_event(kind.key, 1) for kind in facts.happened if not kind.new], last=N_(" or "))
    number = sum(len(kind.new) for kind in facts.happened)
    report = _report(facts)
    sentences = []
    if new:
        sentences.append(
            say_n(
                "Since {report}, {new} was recorded.",
                "Since {report}, {new} were recorded.",
                number,
                report=report,
                new=join(new),
            )
        )
        if none:
            sentences.append(say("No {none} was added.", none=none))
    else:
        sentences.append(say("Since {report}, no {none} was recorded.", report=report, none=none))
    gone = [events_counted(results, kind.key, "gone") for kind in facts.happened if kind.gone]
    if gone:
        sentences.append(
            say_n(
                "{gone} recorded then is in the data no longer.",
                "{gone} recorded then are in the data no longer.",
                sum(len(kind.gone) for kind in facts.happened),
                gone=join(gone),
            )
        )
    return [*sentences, *_followed(results), *_missing(facts)]


def _followed(results: Results) -> list[Text]:
    """Of how many who were known then something more is known."""
    found = results.get(f"{SECTION}.followed.all.count")
    if found is None or not found.value:
        return []
    return [
        say_n(
            "Of {k} patient known then, more is recorded now: what came later.",
            "Of {k} patients known then, more is recorded now: what came later.",
            found.count,
            k=value(numbers.whole(found.count), found),
        )
    ]


def _missing(facts: ChangesFacts) -> list[Text]:
    """The months between the two reports that have none."""
    names = [dates.period(name) for name in facts.missing]
    if not names:
        return []
    if len(names) > MOST_NAMED:
        return [say("There is no report for the {k} months in between.", k=numbers.whole(len(names)))]
    return [say("There is no report for {months}.", months=join(names, last=N_(" or ")))]


def _event(key: str, n: int) -> str:
    """What happened, without its number."""
    return {
        "patients": plural(n, "new patient"),
        "relapses": plural(n, "relapse"),
        "deaths": plural(n, "death"),
        "stops": plural(n, "stop of treatment", "stops of treatment"),
        "severe": plural(n, "event of grade ≥ 3", "events of grade ≥ 3"),
    }[key]


def moves_sentences(results: Results) -> list[Text]:
    """How many of the main estimates moved, and which."""
    found = moves(results)
    moved = [move for move in found if move.moved]
    if not found:
        return [say("The data allow none of the main estimates.")]
    if not moved:
        return [say("None of the main estimates moved by as much as is printed.")]
    names = join(named(moved))
    share = article(len(moved), len(found))
    if len(moved) == len(found):
        return [capital(say("{share} main estimates moved: {names}.", share=share, names=names))]
    return [
        capital(
            say_n(
                "{share} main estimates moved: {names}. The others are printed as they were.",
                "{share} main estimates moved: {names}. The others are printed as they were.",
                len(moved),
                share=share,
                names=names,
            )
        )
    ]


def main_table(results: Results) -> Table:
    """Every main estimate in both reports, its change, and the parts of it."""
    facts: ChangesFacts = results.facts[SECTION]
    found = moves(results)
    parts = [p for p in PARTS if facts.kept and (p != "settings" or _any(found, p) or facts.changes)]
    columns = [
        text_column(_("Estimate"), 0.25),
        *(Column(head, phrases.intervals(results), "number") for head in _sides(facts)),
        Column(_("Change")),
    ]
    columns += [Column(_(_head_of(part, facts))) for part in parts]
    rows, last = [], ""
    for move in found:
        (head, detail), several = move.label, sum(other.label[0] == move.label[0] for other in found) > 1
        if several and head != last:
            rows.append(row(capital((head,)), head=True))
        last = head
        cells = [estimate(move.then, facts.unit), estimate(move.now, facts.unit), change(move, WHOLE)]
        cells += [change(move, part) for part in parts]
        rows.append(row(detail if several else capital((head,)), *cells, indent=int(several)))
    caption = say("The main estimates in both reports, and what their changes are made of.")
    notes = [
        say("Times in {unit}; changes of shares in percentage points.", unit=numbers.unit_name(facts.unit))
    ]
    return table("table-changes-estimates", caption, columns, rows, notes)


def _head_of(part: str, facts: ChangesFacts) -> str:
    """What a part is called: that of settings and program after which of them is another one."""
    kinds = {change.kind for change in facts.changes}
    return (
        OTHERWISE.get(next(iter(kinds)), HEADS[part])
        if part == "settings" and len(kinds) == 1
        else HEADS[part]
    )


def _any(found, part: str) -> bool:
    return any(abs(move.changes[part].value or 0) > 1e-9 for move in found if part in move.changes)


def _sides(facts: ChangesFacts) -> list[str]:
    return [side_name(facts, side) for side in ("then", "now")]
