"""What became known after the start, as a reader meets it: why a landmark, who was at risk there, and then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.base.described import DescribedEndpoint, DescribedLandmark
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.shared.changing_figure import KIND, changing_figure
from reportgen.chapters.shared.curve_blocks import curve_figure
from reportgen.chapters.survival.facts import SurvivalFacts
from reportgen.report import Block, Column, Figure, Heading, Note, Paragraph, Row, Table, Text
from reportgen.stats.results import Curve, Estimate, Results
from reportgen.writing import estimate_words, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import article, capital, join, lower, paragraph, say, say_n
from reportgen.writing.tables import row, table, text_column


def blocks(
    results: Results, section: str, found: Sequence[DescribedLandmark], facts: SurvivalFacts
) -> list[Block]:
    """Heading, the reason, what can't be compared, table and curves; nothing where nothing was known later."""
    if not found:
        return []
    day = numbers.time_point(facts.landmark, _unit(facts))
    labels = list(dict.fromkeys(_(f.label) for f in found))
    reason = say(
        "{what} became known only after the start. Compared from the start, whoever lived long enough to have it "
        "would seem protected by it (immortal time). So the clock starts anew at {day}, for those at risk then, "
        "by what was known by that day.",
        what=capital(join(labels)),
        day=day,
    )
    drawn = [f for f in found if _both(results, section, f)]
    left = [text for text in (_not_compared(results, section, f) for f in found) if text]
    return [
        Heading(_("What became known after the start")),
        Note(_("Landmark"), _("Six months, or the first landmark of the settings where that is earlier. What became "
             "known later is ignored.")),
        Paragraph(paragraph(
            reason,
            say("Not compared: {left}.", left=join(left, between="; ", last=N_("; and "))) if left else None,
        )),
        *_figures(results, section, drawn, facts, day),
        *([_table(results, section, drawn, facts, day)] if drawn else []),
    ]  # fmt: skip


def _unit(facts: SurvivalFacts) -> str:
    """Half a year is 6 months."""
    return numbers.finer(facts.unit)


def _count(results: Results, section: str, fact: DescribedLandmark, group: str) -> Estimate:
    return results[f"{section}.{fact.key}.{group}.count"]


def _both(results: Results, section: str, fact: DescribedLandmark) -> bool:
    """Whether there were patients on both sides."""
    return all(_count(results, section, fact, group).n for group in (fact.yes, fact.no))


def _not_compared(results: Results, section: str, fact: DescribedLandmark) -> Text | None:
    """ "overall survival by response (all eight patients at risk at the landmark)"; None where there is a test."""
    what = say("{endpoint} by {label}", endpoint=lower(fact.endpoint_label), label=_(fact.label))
    yes, no = (_count(results, section, fact, group) for group in (fact.yes, fact.no))
    if not fact.n:
        return say("{what} (nobody was at risk)", what=what)
    if not (yes.n and no.n):
        count = phrases.value(article(required(yes.n), fact.n), yes if yes.n else no)
        return say_n(
            "{what} ({count} at risk had it by then)",
            "{what} ({count} at risk had it by then)",
            yes.n or 1,
            what=what,
            count=count,
        )
    test = results[f"{section}.{fact.key}.{fact.name}.p_value"]
    if test.exists:
        return None
    return say("{what} ({why})", what=what, why=phrases.value(estimate_words.why(test), test))


def _table(
    results: Results, section: str, drawn: Sequence[DescribedLandmark], facts: SurvivalFacts, day: str
) -> Table:
    rows: list[Row] = []
    for fact in drawn:
        test = results[f"{section}.{fact.key}.{fact.name}.p_value"]
        rows.append(
            row(
                capital(say("{endpoint}, by {label}", endpoint=fact.endpoint_label, label=_(fact.label))),
                "",
                "",
                "",
                phrases.p_cell(test),
                head=True,
            )
        )
        for group in (fact.yes, fact.no):
            count = _count(results, section, fact, group)
            at = next(
                iter(results.select(section=section, endpoint=fact.key, statistic="survival", group=group)),
                None,
            )
            rows.append(
                row(
                    capital((_(group),)),
                    (phrases.part_of_all(count),),
                    phrases.probability(at) if at is not None else (),
                    phrases.probability_interval(at) if at is not None else (),
                    "",
                    indent=1,
                )
            )
        rows += _over_time(results, section, fact)
    later = numbers.time_point(facts.times[0], facts.unit) if facts.times else ""
    columns = (
        text_column(_("By {day}", day=day), 0.4),
        Column(_("Events"), "n/N"),
        Column(_("Estimate"), _("{time} after", time=later) if later else _("after")),
        Column(phrases.intervals(results)),
        Column(_("p")),
    )
    caption = say("Those at risk at {day}, by what was known by then; the clock starts there.", day=day)
    untold = [
        say(
            "{endpoint} by {label}: {k}",
            endpoint=lower(f.endpoint_label),
            label=_(f.label),
            k=numbers.spelled(f.untold),
        )
        for f in drawn
        if f.untold
    ]
    notes = [_note(results, section, drawn)]
    if untold:
        notes.append(say("At risk, but not to be placed for want of a date or record: {k}.", k=join(untold)))
    return table(f"table-{section}-landmark", caption, columns, rows, notes)


def _over_time(results: Results, section: str, fact: DescribedLandmark) -> list[Row]:
    """The ratio of the whole follow-up, the feature changing when it became known; nothing where it is refused."""
    stem = f"{section}.{fact.whole}.{fact.name}"
    ratio, p = (
        results.get(f"{stem}.{statistic}_time_dependent") for statistic in ("hazard_ratio", "p_value")
    )
    if ratio is None or p is None or not ratio.exists:
        return []
    words = _("Hazard ratio from the start, time-dependent")
    cells = ((phrases.part_of_all(ratio),), phrases.ratio_alone(ratio), phrases.ratio_interval(ratio))
    return [row(words, *cells, phrases.p_cell(p), indent=1)]


def _note(results: Results, section: str, drawn: Sequence[DescribedLandmark]) -> Text:
    shown = [e for fact in drawn for e in results.select(section=section, endpoint=fact.key)]
    shown = [e for e in shown if e.statistic in ("survival", "p_value")]
    for fact in drawn:
        found = results.get(f"{section}.{fact.whole}.{fact.name}.hazard_ratio_time_dependent")
        shown += [found] if found is not None else []
    methods = estimate_words.methods(e.method for e in shown if e.exists)
    return say("Exploratory. Methods: {methods}.", methods=methods)


def _the_same(results: Results, section: str, fact: DescribedLandmark) -> bool:
    """Whether nobody moved from one curve to the other after the landmark: then both figures are one."""
    fixed, moving = (
        {curve.group: _falls(curve) for curve in found}
        for found in (
            results.select_curves(section=section, endpoint=fact.key, kind="kaplan_meier"),
            results.select_curves(section=section, endpoint=fact.key, kind=KIND),
        )
    )
    return bool(moving) and all(fixed.get(group) == events for group, events in moving.items())


def _falls(curve: Curve) -> list[tuple[float, float]]:
    """Events and at risk at each step down of a curve."""
    steps = curve.steps
    down = steps.events > 0
    return [*zip(map(float, steps.events[down]), map(float, steps.at_risk[down]), strict=True)]


def _caption(results: Results, section: str, fact: DescribedLandmark, label: str, day: str) -> Text:
    """How many had the event, of those who had the response by the landmark and of those who had not."""
    yes, no = (_count(results, section, fact, group) for group in (fact.yes, fact.no))
    said = {"day": day, "text": lower(label), "n": numbers.whole(fact.n)}
    if not (yes.exists and no.exists and required(yes.n) + required(no.n) == fact.n):
        return say("From {day} on: {text} (n = {n}).", **said)
    return say(
        "From {day} on: {text} (n = {n}): the event in {k} of {a} with {label} by then and in {m} of {b} without.",
        **said,
        label=_(fact.label),
        k=phrases.count(yes),
        a=numbers.whole(required(yes.n)),
        m=phrases.count(no),
        b=numbers.whole(required(no.n)),
    )


def _figures(
    results: Results, section: str, drawn: Sequence[DescribedLandmark], facts: SurvivalFacts, day: str
) -> list[Figure]:
    """Half a column each: by response, where there are events enough for more than a listing."""
    found = []
    for fact in drawn:
        events = sum(required(_count(results, section, fact, group).events) for group in (fact.yes, fact.no))
        if fact.name != "response" or events < facts.model_events:
            continue
        label = _("{endpoint} by {label}", endpoint=fact.endpoint_label, label=_(fact.label))
        named = DescribedEndpoint(fact.key, label)
        own = replace(facts, group_words={name: _(name) for name in (fact.yes, fact.no)})
        figure = curve_figure(results, section, named, own, width="half")
        if figure:
            found.append(replace(figure, caption=_caption(results, section, fact, label, day), by=""))
        changing = changing_figure(results, section, fact, facts, day)
        if changing and not _the_same(results, section, fact):
            found.append(changing)
    return found
