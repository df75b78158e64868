"""The table of page one: each outcome in one row, with a dot and its interval where it is a share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import Message
from reportgen.base.required import required
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.chapters.summary.outcome_rows import Outcome, outcomes
from reportgen.report import Column, Dot, Dots, Row, Table, Text, Value, plain
from reportgen.stats.notes import Status, split
from reportgen.stats.results import Estimate, Results
from reportgen.writing import group_columns, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, paragraph, say
from reportgen.writing.tables import row, table, text_column

MOST_DRAWN = 4  # groups; of more, their dots could not be told apart
FEW = "†"
FEWEST = 2  # patients: of no more, only the counts are said
SHARES = ("survival", "cumulative_incidence", "proportion", "any_grade", "grade_3_plus", "grade_5")
Cells = tuple[Text | str, ...]


def key_results(
    results: Results, facts: SummaryFacts, endpoints: Sequence[DescribedEndpoint], groups: Sequence[str]
) -> Table:
    """endpoints: those of page one. groups: those that may be compared."""
    found = [*outcomes(results, facts, endpoints)]
    if facts.n == 1:
        return _of_one_patient(results, facts, found)
    if len(groups) == 2:
        rows, columns = _two(results, facts, found, groups), _heads_of_two(results, facts, groups)
    elif groups:
        rows, columns = _several(results, facts, found, groups), _heads_of_several(results, facts)
    else:
        rows, columns = _one(results, facts, found), _heads_of_one(results)
    notes = _notes(results, found, facts, groups, rows)
    dots = paragraph(dots_said(results), key_of(facts, groups) if 1 < len(groups) <= MOST_DRAWN else None)
    return replace(table("table-key-results", say("Key results."), columns, rows, notes), dots=dots)


def dots_said(results: Results) -> Text:
    """What the dots of page one are."""
    return say("Dots with {n}% confidence intervals, from 0 to 100%.", n=phrases.percent_of(results))


def _of_one_patient(results: Results, facts: SummaryFacts, found: Sequence[Outcome]) -> Table:
    """Of one patient nothing is estimated: what was observed, and for how long."""
    rows = []
    for outcome in found:
        e = outcome.of(results)
        if e is None:
            rows.append(row(outcome.label, _lacking(outcome, results, facts)))
        elif e.statistic in SHARES:
            seen = (phrases.value(_("yes") if e.events else _("no"), e),) if e.exists else phrases.absent(e)
            rows.append(row(outcome.label, seen))
    followed = results.get("follow_up.all.all.median")
    if followed is not None and followed.exists:
        name = _("Follow-up ({unit})", unit=numbers.unit_name(facts.unit))
        rows.append(row(name, phrases.duration(followed, facts.unit)))
    columns = (text_column("", 0.6), Column(_("Observed")))
    return table("table-key-results", say("Key results of the one patient."), columns, rows, ())


def _heads_of_one(results: Results) -> list[Column]:
    return [text_column("", 0.4), Column(_("Events"), "n/N"), Column(_("Estimate")), Column(phrases.intervals(results)),
            Column("", align="axis")]  # fmt: skip


def _rows(
    results: Results,
    facts: SummaryFacts,
    found: Sequence[Outcome],
    told: Callable[[Outcome, Estimate], Cells],
    *,
    before: int,
    after: int,
) -> list[Row]:
    """A row per outcome, of the cells told; before, after: how many are empty around the words for its lack."""
    rows = []
    for outcome in found:
        e = outcome.of(results)
        lacking = (*[""] * before, _lacking(outcome, results, facts), *[""] * after, (Dots(),))
        rows.append(row(outcome.label, *(lacking if e is None else told(outcome, e))))
    return rows


def _one(results: Results, facts: SummaryFacts, found: Sequence[Outcome]) -> list[Row]:
    def told(_outcome: Outcome, e: Estimate) -> Cells:
        if e.statistic in SHARES and e.exists and required(e.n) <= FEWEST:
            return _events(results, e), (), _interval(e, facts), (Dots(),)
        return _events(results, e), _alone(e, facts), _interval(e, facts), dots_of([e], 0)

    return _rows(results, facts, found, told, before=1, after=1)


def _interval(e: Estimate, facts: SummaryFacts) -> Text:
    return phrases.share_interval(e) if e.statistic in SHARES else phrases.duration_interval(e, facts.unit)


def _events(results: Results, e: Estimate) -> Text:
    """How many had the event of how many: by the time that the row names, or at any time."""
    if e.endpoint == "reverse":
        return ()
    return (phrases.part_of_all(e),) if e.statistic in SHARES and e.exists and e.events is not None else ()


def _alone(e: Estimate, facts: Context) -> Text:
    """The estimate: a percentage, or a time."""
    if e.statistic not in SHARES:
        return phrases.duration(e, facts.unit)
    if not e.exists:
        return phrases.absent(e)
    mark = f" {FEW}" if e.at_risk is not None and e.at_risk < facts.few_at_risk else ""
    return (phrases.value(numbers.percent(required(e.value), required(e.n)), e), mark)


def counted(e: Estimate | None, facts: Context, n: str = "") -> Text:
    """A share of patients as "5/8 (63%)", any other estimate alone. n: what stands over its column."""
    if e is None:
        return ()
    if e.statistic in SHARES and (e.endpoint is None or e.statistic == "proportion"):
        return group_columns.share_of(e, n)
    return _alone(e, facts)


def dots_of(found: Sequence[Estimate | None], first: int) -> Text:
    """first: number of the first group; 0 for all patients together."""
    dots = [
        Dot(required(e.value), e.low, e.high, place)
        for place, e in enumerate(found, start=first)
        if e is not None and e.exists and e.statistic in SHARES
    ]
    return (Dots(tuple(dots)),)


def _lacking(outcome: Outcome, results: Results, facts: SummaryFacts) -> Text:
    """What stands in place of an estimate that is not there.

    At no landmark may anything be estimable, though the events were counted; and relapses may be recorded where it is
    not known who died, so that they are no incidence.
    """
    count = results.get(f"{outcome.stem}.all.count")
    if count is not None and count.exists:
        return say("{k}, not estimable", k=phrases.part_of_all(count))
    relapses = outcome.stem == "relapse.relapse" and facts.has_relapses
    return (Value(_("no vital status") if relapses else _("not recorded"), None, quiet=True),)


def _n_of(results: Results, group: str) -> str:
    for id in (f"baseline.all.{group}.count", f"survival.os.{group}.count", f"relapse.relapse.{group}.count"):
        count = results.get(id)
        if count is not None:
            return f"n = {numbers.whole(required(count.n))}"
    return ""


def _heads_of_two(results: Results, facts: SummaryFacts, groups: Sequence[str]) -> list[Column]:
    heads = [Column(shares.group(facts, g), _n_of(results, g)) for g in ("all", *groups)]
    return [
        text_column("", 0.3),
        *heads,
        Column(_("Difference"), phrases.intervals(results)),
        Column("", align="axis"),
    ]


def _two(results: Results, facts: SummaryFacts, found: Sequence[Outcome], groups: Sequence[str]) -> list[Row]:
    def told(outcome: Outcome, e: Estimate) -> Cells:
        each = [outcome.of(results, group) for group in groups]
        drawn = dots_of(each, 1) if any(each) else dots_of([e], 0)
        shown = (
            counted(one, facts, _n_of(results, group))
            for one, group in zip((e, *each), ("all", *groups), strict=True)
        )
        return (*shown, _apart(results, outcome, facts), drawn)

    return _rows(results, facts, found, told, before=0, after=3)


def _apart(results: Results, outcome: Outcome, facts: SummaryFacts) -> Text:
    """ "+18 (0 to 35)" in percentage points, or "HR 0.80 (0.52–1.24)"."""
    e = results.get(f"{outcome.stem}.{facts.group}.{outcome.difference}") if outcome.difference else None
    if e is None:
        return ()
    if not e.exists:
        return phrases.absent(e)
    if e.statistic == "hazard_ratio":
        return say("HR {x} ({i})", x=phrases.ratio_alone(e), i=phrases.ratio_interval(e))
    if e.low is None or e.high is None:
        return say("{x}", x=phrases.signed_points(e))
    return say(
        "{x} ({low} to {high})",
        x=phrases.signed_points(e),
        low=phrases.value(numbers.points(e.low, e.n or 0), e),
        high=phrases.value(numbers.points(e.high, e.n or 0), e),
    )


def _heads_of_several(results: Results, facts: SummaryFacts) -> list[Column]:
    everyone = Column(shares.group(facts, "all"), _n_of(results, "all"))
    return [text_column("", 0.34), everyone, Column(phrases.intervals(results)),
            Column(_("Groups"), _("lowest to highest")), Column(_("p")), Column("", align="axis")]  # fmt: skip


def _several(
    results: Results, facts: SummaryFacts, found: Sequence[Outcome], groups: Sequence[str]
) -> list[Row]:
    def told(outcome: Outcome, e: Estimate) -> Cells:
        each = [one for one in (outcome.of(results, group) for group in groups) if one is not None]
        test = results.get(f"{outcome.stem}.{facts.group}.{outcome.test}") if outcome.test else None
        drawn = dots_of(each, 1) if 0 < len(each) <= MOST_DRAWN else dots_of([e], 0)
        return (
            counted(e, facts, _n_of(results, "all")),
            _interval(e, facts),
            _range(each, facts),
            phrases.p_cell(test),
            drawn,
        )

    return _rows(results, facts, found, told, before=0, after=3)


def _range(each: Sequence[Estimate], facts: SummaryFacts) -> Text:
    """From the lowest of the groups to the highest; a median that was not reached is the highest.

    Nothing where fewer than two groups have a value: one group is no range.
    """
    known = sorted((e for e in each if e.exists), key=lambda e: required(e.value))
    beyond = [e for e in each if e.status is Status.NOT_REACHED]
    if not known or len(known) + len(beyond) < 2:
        return ()
    ends = [known[0], (beyond or known)[-1]]
    return say("{low} to {high}", low=_bare(ends[0], facts), high=_bare(ends[1], facts))


def _bare(e: Estimate, facts: SummaryFacts) -> Text:
    if e.statistic in SHARES:
        return (phrases.value(numbers.percent(required(e.value), required(e.n)), e),)
    return phrases.duration(e, facts.unit)


def _direction(results: Results, found: Sequence[Outcome], facts: SummaryFacts) -> Text | None:
    """Which group is subtracted, as the first difference that exists says it."""
    for outcome in found:
        e = results.get(f"{outcome.stem}.{facts.group}.{outcome.difference}") if outcome.difference else None
        what = split(e.method)[1] if e is not None and e.exists else None
        if isinstance(what, Message):
            a, b = (shares.group(facts, str(what.parts[name])) for name in ("a", "b"))
            return say(
                "Difference: {a} minus {b}, of shares in percentage points; HR: {a} against {b}.", a=a, b=b
            )
    return None


def _notes(
    results: Results,
    found: Sequence[Outcome],
    facts: SummaryFacts,
    groups: Sequence[str],
    rows: Sequence[Row],
) -> list[Text]:
    marked = any(FEW in plain(cell) for one in rows for cell in one.cells)  # of all, or of a group
    said = [say("†, fewer than {few} at risk.", few=str(facts.few_at_risk))] if marked else []
    if any(o.stem == "follow_up.reverse" and o.of(results) for o in found):
        said.append(say("‡, by reverse Kaplan–Meier."))
    if len(groups) == 2 and (direction := _direction(results, found, facts)):
        said.append(direction)
    if facts.by_alphabet and len(groups) > 1:
        said.append(
            say(
                "Reference: {group}, the first by alphabet, for none was set.",
                group=shares.group(facts, groups[0]),
            )
        )
    if facts.group_names and len(groups) > 1:
        # Said once: where they first stand.
        said += [
            say("{short}: {group}.", short=facts.group_names[group], group=group)
            for group in groups
            if group in facts.group_names
        ]
    return [paragraph(*said)] if said else []


def key_of(facts: Context, groups: Sequence[str]) -> Text:
    """Which dot is of which group: by its place, and of two by its shape, too, for colours are lost in print."""
    names = [shares.group(facts, group) for group in groups]
    if len(names) == 2:
        return capital(say("{a} above (round), {b} below (square).", a=names[0], b=names[1]))
    return say("From top to bottom: {names}.", names=", ".join(names))
