"""The oncoprint as a reader meets it: findings by patients, and what its colours mean."""

from __future__ import annotations

from functools import partial

from reportgen.base.required import required
from reportgen.chapters.patients.facts import KEY, Oncoprint, PatientFacts
from reportgen.chapters.shared.drawings import drawings
from reportgen.report import Figure, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import head, paragraph, say
from reportgen.writing.shares import group


def oncoprint_figures(results: Results, told: PatientFacts) -> list[Figure]:
    """One figure for each column of lists."""
    return [_figure(results, told, drawn, place) for place, drawn in enumerate(told.oncoprints)]


def _figure(results: Results, told: PatientFacts, drawn: Oncoprint, place: int) -> Figure:
    from reportgen.figures.oncoprint import Finding, Person, oncoprint

    id = f"figure-oncoprint-{place + 1}" if place else "figure-oncoprint"
    shares = [results[f"{KEY}.{drawn.name}.{name}.proportion"] for name in drawn.rows]
    people = [
        Person(one.label, head(group(told, one.group)) if one.group else "", one.group, one.events)
        for one in drawn.people
    ]
    rows = [
        Finding(name, has, _said(share))
        for (name, has), share in zip(drawn.rows.items(), shares, strict=True)
    ]
    drawing, narrow = drawings(partial(oncoprint, id, people, rows), "wide")
    alt = _(
        "{what} by patient: {findings}.",
        what=head(drawn.label),
        findings="; ".join(f"{name} {_said(share)}" for name, share in zip(drawn.rows, shares, strict=True)),
    )
    return Figure(
        id, drawing, _caption(drawn, shares), str(alt), "wide", (_notes(drawn),), by=told.group, narrow=narrow
    )


def _said(share: Estimate) -> str:
    """ "5/8" and, from as many on as have percentages, the share."""
    k, n = required(share.events), required(share.n)
    return f"{numbers.whole(k)}/{numbers.whole(n)} ({numbers.percent(required(share.value), n)})"


def _caption(drawn: Oncoprint, shares: list[Estimate]) -> Text:
    """The most frequent of them, and of how many."""
    first = shares[0]
    return say(
        "{what}: the most frequent of {m} is {name}, in {k} of {n} patients tested.",
        what=head(drawn.label),
        m=numbers.whole(len(drawn.rows) + drawn.further),
        name=next(iter(drawn.rows)),
        k=phrases.value(numbers.whole(required(first.events)), first),
        n=phrases.value(numbers.whole(required(first.n)), first),
    )


def _notes(drawn: Oncoprint) -> Text:
    return paragraph(
        say("A column per patient, those with the same findings side by side; at the right the share of those tested."),
        say("Whoever has an entry, or “wild type” or “none”, counts as tested for all of them but those left open; an "
            "empty cell as not tested."),
        say("Rarer ones that are not drawn: {n}.", n=numbers.whole(drawn.further))
        if drawn.further
        else None,
    )  # fmt: skip
