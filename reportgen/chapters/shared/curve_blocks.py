"""The curve of an endpoint as a block of the report: the groups it shows, its caption, and itself in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import pieces
from reportgen.base.required import required
from reportgen.chapters.shared import no_group
from reportgen.chapters.shared.incidence_blocks import named
from reportgen.report import Figure, Text
from reportgen.stats.notes import Status
from reportgen.stats.results import Curve, Estimate, Results
from reportgen.writing import censoring, estimate_words, numbers, phrases, shares
from reportgen.writing.language import _, _n
from reportgen.writing.narrative import capital, head, join, lower, paragraph, say, say_n
from reportgen.writing.readouts import read_lines

MOST_HALF = 3  # groups in a figure of half width
MOST_TOLD = 4  # groups of which a caption tells the events
FEWEST = 2  # patients: of no more, no curve is drawn


def drawn_curves(results: Results, section: str, fact: DescribedEndpoint, width: str) -> list[Curve]:
    """Those of the groups; of all patients where there are none, or more than half a column can hold."""
    kind = "cumulative_incidence" if fact.competing else "kaplan_meier"
    curves = results.select_curves(section=section, endpoint=fact.key, kind=kind)
    groups = [c for c in curves if c.group != "all"]
    # Half a column cannot hold the names and counts of many groups: there all patients are one curve.
    return groups if groups and (width == "full" or len(groups) <= MOST_HALF) else list(curves)[:1]


def curve_figure(
    results: Results,
    section: str,
    fact: DescribedEndpoint,
    context: Context,
    *,
    width: str = "full",
    id: str = "",
    width_mm: float = 0,
    plot_height: float = 0,
    inside: Sequence[str] = (),
) -> Figure | None:
    """The curves of an endpoint, per group where there are groups; None where no curve was computed.

    Free of the event they fall from 1; of an endpoint with a competing event the incidence rises from 0.

    width_mm, plot_height: of a curve that has a place of another size; its caption is short.
    inside: lines that stand in the drawing, where no curve runs.

    None too of one or two patients: a curve would say less than the sentence above it.
    """
    drawn = drawn_curves(results, section, fact, width)
    if sum(c.n for c in drawn) <= FEWEST:
        return None
    from reportgen.figures import survival_curves as figures
    from reportgen.figures.small_multiples import FEWEST as PANELS
    from reportgen.figures.small_multiples import beside
    from reportgen.figures.style import NARROW, WIDTHS

    labels = [shares.group(context, c.group) for c in drawn]
    name = id or f"figure-{section}-{fact.key}"
    draw = partial(
        figures.survival_figure,
        name,
        drawn,
        labels,
        unit=context.unit,
        ylabel=_("{label}, cumulative incidence", label=head(fact.label))
        if fact.competing
        else head(fact.label),
        landmarks=context.times if width == "full" else (),
        few_at_risk=context.few_at_risk,
        inside=inside,
    )
    drawing = draw(width_mm=width_mm or WIDTHS[width], plot_height=plot_height)
    return Figure(
        name,
        drawing,
        paragraph(
            _finding(results, section, fact, drawn, context),
            no_group.not_drawn(results, section, fact.key, context) if drawn[0].group != "all" else None,
        ),
        curve_text(drawn, labels, named(fact), context.unit),
        "wide" if width == "full" and len(drawn) >= PANELS and beside(len(drawn)) > 2 else width,
        (_short_method(drawn) if width_mm else _method(results, section, fact, drawn, context),),
        lines=read_lines(drawn, labels, context.unit, phrases.intervals(results)),
        unit=numbers.unit_name(context.unit),
        by=context.group,
        narrow=None if width == "half" else draw(width_mm=NARROW),
    )


def _methods(drawn: Sequence[Curve]) -> str:
    """By which methods the curves were made, each once: a group that is too small has its curve without interval."""
    found = [piece for text in sorted({c.method for c in drawn}) for piece in pieces(text)]
    return "; ".join(estimate_words.method(piece) for piece in dict.fromkeys(found))


def _finding(
    results: Results, section: str, fact: DescribedEndpoint, drawn: Sequence[Curve], context: Context
) -> Text:
    """How many had the event, of all or in each group, and the median of all, as far as they may be given."""
    said = {"label": capital((fact.label,)), "n": numbers.whole(sum(c.n for c in drawn))}
    counts = [results.get(f"{section}.{fact.key}.{c.group}.count") for c in drawn]
    # Outside, a curve is drawn in steps of several patients: its own numbers are then others than those counted.
    known = [e for e, c in zip(counts, drawn, strict=True) if e is not None and e.exists and e.n == c.n]
    if len(known) < len(drawn):
        return say("{label} (n = {n}).", **said)
    if len(drawn) > MOST_TOLD:
        events = sum(e.count for e in known)
        return say_n(
            "{label} (n = {n}): {events} event in {groups} groups.",
            "{label} (n = {n}): {events} events in {groups} groups.",
            events,
            events=numbers.whole(events),
            groups=numbers.spelled(len(drawn)),
            **said,
        )
    if len(drawn) > 1:
        told = [_of_group(context, e, c.n) for e, c in zip(known, drawn, strict=True)]
        return say("{label} (n = {n}): the event in {counts}.", counts=join(told), **said)
    k = known[0].count
    events = phrases.value(_n("{n} event", "{n} events", k, n=numbers.whole(k)), known[0])
    median = results.get(f"{section}.{fact.key}.{drawn[0].group}.median_time")
    if fact.competing or not k or median is None or not _median_told(median):
        return say("{label} (n = {n}): {events}.", events=events, **said)
    return say(
        "{label} (n = {n}): {events}, median {median}.",
        events=events,
        median=phrases.median_of(median, context.unit),
        **said,
    )


def _median_told(median: Estimate) -> bool:
    return median.exists or median.status is Status.NOT_REACHED


def _of_group(context: Context, count: Estimate, n: int) -> Text:
    return say(
        "{k} of {n} in {group}",
        k=phrases.count(count),
        n=numbers.whole(n),
        group=shares.group(context, count.group),
    )


def _short_method(drawn: Sequence[Curve]) -> Text:
    return say("{method}.", method=_methods(drawn))


def _method(
    results: Results, section: str, fact: DescribedEndpoint, drawn: Sequence[Curve], context: Context
) -> Text:
    lighter = say("The line is lighter where fewer than {few} are at risk.", few=str(context.few_at_risk))
    if not fact.competing:
        return paragraph(_short_method(drawn), lighter, censoring.caption(fact))
    # Who is in no group is not drawn, and not counted here either.
    found = [results.get(f"{section}.{fact.key}.{c.group}.competing_count") for c in drawn]
    first = [e for e in found if e is not None]
    if len(first) < len(drawn):
        first = [results[f"{section}.{fact.key}.all.competing_count"]]
    competing = say(
        "The competing event ({competing}) came first in {d} of {all}.",
        competing=lower(fact.competing),
        d=phrases.count(first[0])
        if len(first) == 1
        else numbers.whole(sum(required(e.value) for e in first)),
        all=numbers.whole(sum(required(e.n) for e in first)),
    )
    return paragraph(
        say("The share with the event."), _short_method(drawn), competing, lighter, censoring.caption(fact)
    )


def curve_text(curves: Sequence[Curve], labels: Sequence[str], label: str, unit: str) -> str:
    """The figure in words, for those who cannot see it."""
    said = [
        _(
            "{name}: {patients}, {events}, estimate {estimate} at the last follow-up of {time} {unit}",
            name=name,
            patients=_n("{n} patient", "{n} patients", c.n, n=numbers.whole(c.n)),
            events=_n("{n} event", "{n} events", events, n=numbers.whole(events)),
            estimate=numbers.percent(float(c.steps.estimate[-1]), c.n),
            time=numbers.time(float(c.steps.time[-1]), unit),
            unit=numbers.unit_name(unit),
        )
        for c, name, events in zip(curves, labels, (int(c.steps.events.sum()) for c in curves), strict=True)
        if len(c.steps.time)
    ]
    return _("Curve of {label}. {lines}.", label=lower(label), lines=". ".join(said))
