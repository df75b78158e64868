"""Who of the other patients is comparable, and why: a sentence, and a table of the features known at the start."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.casereview.comparable import ALIKE, KEY, OTHERS, ContextFacts
from reportgen.casereview.fact_words import feature_value
from reportgen.report import Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import counted, head, join, say, say_n
from reportgen.writing.tables import row, text_column

NAMED = 8


def most_alike(results: Results, facts: ContextFacts) -> Text | None:
    """How many of the others share most with the patient; None where nothing of the patient is recorded."""
    recorded = results.get(f"{KEY}.features.recorded.count")
    if recorded is None:
        return None
    most, alike = results[f"{KEY}.features.shared.count"], results[f"{KEY}.features.{ALIKE}.count"]
    features = (
        counted(recorded.count, "categorical characteristic")
        if any(feature.kind == "number" for feature in facts.features)
        else counted(recorded.count, "characteristic")
    )
    shown = _few_shown(facts)
    if not most.value:
        return say(
            "No other patient shares any of the {features} known at the start{shown}.",
            features=features,
            shown=shown,
        )
    n = alike.count
    said = {
        "n": phrases.value(counted(n, "other patient"), alike),
        "features": features,
        "shown": shown,
    }
    if most.value == recorded.value:
        every = phrases.value(_c("of the characteristics", "all"), most)
        return say_n(
            "Most alike: {n}, who shares {all} of the {features} known at the start{shown}.",
            "Most alike: {n}, who share {all} of the {features} known at the start{shown}.",
            n,
            all=every,
            **said,
        )
    return say_n(
        "Most alike: {n}, who shares {k} of the {features} known at the start{shown}.",
        "Most alike: {n}, who share {k} of the {features} known at the start{shown}.",
        n,
        k=phrases.value(numbers.spelled(int(most.value)), most),
        **said,
    )


def _few_shown(facts: ContextFacts) -> str:
    """How many of the characteristics that were compared have a row, where the table leaves some of them out."""
    compared = [feature.kind != "number" and feature.value is not None for feature in facts.features]
    shown = sum(compared[: facts.shown])
    return "" if shown == sum(compared) else " " + _("({k} shown)", k=numbers.spelled(shown))


def comparable_table(results: Results, facts: ContextFacts) -> Table:
    """Per characteristic: the patient, how many others have the same, and how many of these had the event."""
    first = facts.endpoints[0] if facts.endpoints else None
    rows = []
    for feature in facts.features[: facts.shown]:
        alike = results.get(f"{KEY}.{feature.name}.{ALIKE}.count")
        happened = results.get(f"{KEY}.{feature.name}.{ALIKE}.events")
        cells: tuple[Text, Text] = ((), ())
        if feature.kind == "number":
            cells = (_range(results, feature.name), ())
        elif alike is not None:
            cells = (
                k_of_n(alike, required(alike.value)),
                k_of_n(happened, required(happened.events)) if happened else (numbers.MISSING,),
            )
        rows.append(row(head(feature.label), feature_value(feature), *cells))
    columns = [
        text_column(_("Known at the start")),
        text_column(_("This patient")),
        text_column(_("Others alike")),
        text_column(_("With event")),
    ]
    notes: list[Text] = []
    if first:
        notes.append(
            say("With event: {event}, of those alike. Numbers: the others’ median (range). Nothing is tested.",
                event=first.event)
        )  # fmt: skip
    left_out = facts.features[facts.shown :]
    if left_out:
        names = [feature.label for feature in left_out[:NAMED]]
        more = [_("{n} others", n=numbers.whole(len(left_out) - NAMED))] if len(left_out) > NAMED else []
        notes.append(say("Not shown here: {names}.", names=join([*names, *more])))
    caption = say("Who is comparable, and why: the same at the start.")
    return Table("comparable", caption, tuple(columns), tuple(rows), tuple(notes))


def k_of_n(estimate: Estimate, count: float) -> Text:
    """ "3/10", of how many the estimate tells; a dash where it tells of nobody."""
    if not estimate.n:
        return (numbers.MISSING,)
    return (phrases.value(f"{numbers.whole(count)}/{numbers.whole(estimate.n)}", estimate),)


def _range(results: Results, name: str) -> Text:
    median, low, high = (results[f"{KEY}.{name}.{OTHERS}.{s}"] for s in ("median", "minimum", "maximum"))
    if not median.exists:
        return phrases.absent(median)
    spread = required(high.value) - required(low.value)
    shown = [(phrases.value(numbers.measure(required(e.value), spread), e),) for e in (median, low, high)]
    return say("{median} ({low}–{high})", median=shown[0], low=shown[1], high=shown[2])
