"""Groups set against each other in one sentence: which had fewer events, by which test, or that it cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.message import N_, Message
from reportgen.base.required import required
from reportgen.chapters.shared.incidence_blocks import in_groups
from reportgen.chapters.summary.contrast_words import AGAIN, EVENTS, FEWER, IN, NAMES, TESTS
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.report import Text, plain
from reportgen.stats.notes import split
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import join, say

CLEAR = 0.05  # p-value: below it a difference is called one, in a report that calls all of them exploratory
TESTED = 3  # patients: a group of fewer is described, and is in no test
LARGE = 30  # patients in every group: of fewer it is never said that no difference is clear
OUTCOMES = ("relapse.relapse", "survival.pfs", "survival.os")
COUNTED = (
    "relapse.relapse",
    "survival.os",
    "survival.pfs",
)  # of the first of them that anybody had, counts are told


@dataclass(frozen=True)
class Contrast:
    """An outcome by group. groups: those that its test compares, of every group that is described.

    at: per group of the test its estimate at the last landmark that all of them have; () without.
    """

    stem: str
    test: Estimate
    every: tuple[str, ...]
    groups: tuple[str, ...]
    at: tuple[Estimate, ...]

    @property
    def clear(self) -> bool:
        """Whether the test was made and its p-value is below CLEAR."""
        return self.test.exists and required(self.test.value) < CLEAR


def compared(results: Results, facts: SummaryFacts) -> tuple[Text, ...]:
    """What the groups differ in, clause by clause; () where there are none that may be compared."""
    found = [c for c in (contrast_of(results, stem, facts.group) for stem in OUTCOMES) if c]
    if not found:
        return ()
    tested = [c for c in found if c.test.exists]
    if not tested:
        seen = [c for stem in COUNTED for c in found if c.stem == stem and happened(results, stem)]
        return (_too_few(results, (*seen, found[0])[0], facts),)
    if len(found[0].groups) > 2:
        return (_several(tested, facts),)
    told = _all_fewer(tested, results, facts)
    clear = [c for c in tested if c.clear]
    if clear and not told:
        told = [_only_different(clear[0], results, facts)]
    unclear = [c for c in tested if not c.clear]
    if min(required(results[f"{found[0].stem}.{g}.count"].n) for g in found[0].groups) < LARGE:
        return (_small(told, [_(IN[c.stem]) for c in _named(unclear)]),)
    apart = [c for c in unclear if _apart_at_landmark(c, results, facts)]
    told += [_apart_but_unclear(c, facts) for c in apart[: 0 if told else 1]]
    alike = _named([c for c in unclear if c not in apart])
    names: list[Text | str] = [_(IN[c.stem]) for c in alike]
    if alike and not told:
        names[0] = say("{name}{numbers}", name=names[0], numbers=_numbers(alike[0], facts))
    said = [say("no clear difference {names}", names=join(names, last=N_(" or ")))] if names else []
    return (*told, *said)


def _all_fewer(tested: list[Contrast], results: Results, facts: SummaryFacts) -> list[Text]:
    """Which group did better in each outcome in which one clearly did. What the first clause says of the group and the
    time the next ones need not repeat; where relapse and survival are told, progression-free survival adds nothing."""
    led = [(c, side) for c in tested if (side := _better(c, results, facts))]
    if len(led) > 2 and len({(better.group, better.time) for _c, better in led}) == 1:
        led = [(c, side) for c, side in led if c.stem != "survival.pfs"]
    told, before = [], None
    for contrast, better in led:
        here = (better.group, better.time)
        told.append(_fewer(contrast, better, facts, again=here == before))
        before = here
    return told


def happened(results: Results, stem: str) -> bool:
    """Whether anybody had the event of an outcome, in whatever group or in none."""
    count = results.get(f"{stem}.all.count")
    return count is not None and count.exists and bool(count.value)


def _named(contrasts: list[Contrast]) -> list[Contrast]:
    """Both kinds of survival are one word."""
    stems = [c.stem for c in contrasts]
    return [c for c in contrasts if c.stem != "survival.pfs" or "survival.os" not in stems]


def _apart_at_landmark(contrast: Contrast, results: Results, facts: SummaryFacts) -> bool:
    """Whether the interval of the difference at the landmark excludes 0, though the test of the whole course is not
    clear: then it is not said that no difference is."""
    if len(contrast.at) != 2:
        return False
    at = f"landmark_difference@{required(contrast.at[0].time):.10g}"
    apart = results.get(f"{contrast.stem}.{facts.group}.{at}")
    if apart is None or not apart.exists or apart.low is None or apart.high is None:
        return False
    return apart.low > 0 or apart.high < 0


def _apart_but_unclear(contrast: Contrast, facts: SummaryFacts) -> Text:
    return say(
        "{name} differs at the landmark, not clearly overall{numbers}",
        name=_(NAMES[contrast.stem]),
        numbers=_numbers(contrast, facts),
    )


def last_landmark(results: Results, stem: str, group: str = "all") -> Estimate | None:
    """The estimate at the last landmark that was reached."""
    return next(iter(reversed(_at(results, stem, group))), None)


def _at(results: Results, stem: str, group: str) -> list[Estimate]:
    section, _dot, key = stem.partition(".")
    found = results.select(section=section, endpoint=key, group=group)
    return [e for e in found if e.statistic in ("survival", "cumulative_incidence") and e.exists]


def contrast_of(results: Results, stem: str, name: str) -> Contrast | None:
    """An outcome by the groups of a name; None where there is no test, or none that may be read."""
    test = results.get(f"{stem}.{name}.p_value") if name else None
    if test is None or test.code == "known_later":
        return None
    section, _dot, key = stem.partition(".")
    counts = results.select(section=section, endpoint=key, statistic="count")
    every = tuple(e.group for e in counts if e.group != "all")
    tested = tuple(e.group for e in counts if e.group != "all" and required(e.n) >= TESTED)
    groups = tested if len(tested) > 1 else every
    if not groups:  # more than are drawn or compared, which may still be a feature with a p-value
        return None
    by_group = [{e.time: e for e in _at(results, stem, group)} for group in groups]
    common = set.intersection(*map(set, by_group))
    last = max((required(time) for time in common), default=None)
    at = tuple(times[last] for times in by_group) if last is not None else ()
    return Contrast(stem, test, every, groups, at)


def percent(e: Estimate) -> Text:
    """ "71", without its sign."""
    return (phrases.value(numbers.percent(required(e.value), required(e.n), sign=False), e),)


def named_p(test: Estimate) -> Text:
    """ "Gray’s p = 0.007"."""
    name = test.method.code if isinstance(test.method, Message) else ""
    if name not in TESTS:
        return phrases.p_value(test)
    return say(TESTS[name], p=phrases.value(numbers.p_value(required(test.value)), test))


def _better(contrast: Contrast, results: Results, facts: SummaryFacts) -> Estimate | None:
    """Of which of two groups the estimate is better; None unless the test is clear, and estimates and ratio agree."""
    if not contrast.clear or len(contrast.at) != 2:
        return None
    a, b = contrast.at
    if plain(percent(a)) == plain(percent(b)):
        return None
    low, high = sorted(contrast.at, key=lambda e: required(e.value))
    better = low if a.statistic == "cumulative_incidence" else high
    return better if _agreed(contrast, results, better, facts) else None


def _fewer(contrast: Contrast, better: Estimate, facts: SummaryFacts, again: bool = False) -> Text:
    """Which of two groups did better. again: the group and the time were just said."""
    low, high = sorted(contrast.at, key=lambda e: required(e.value))
    return say(
        (AGAIN if again else FEWER)[contrast.stem],
        group=shares.group_name(facts, better.group),
        low=percent(low),
        high=percent(high),
        sign=numbers.percent_sign(),
        when=numbers.time_point(required(better.time), facts.unit),
        p=named_p(contrast.test),
    )


def _agreed(contrast: Contrast, results: Results, better: Estimate, facts: SummaryFacts) -> bool:
    """Whether the hazard ratio, where there is one, speaks for the same group as the estimates at the landmark."""
    ratio = results.get(f"{contrast.stem}.{facts.group}.hazard_ratio")
    if ratio is None or not ratio.exists:
        return True
    what = split(ratio.method)[1]
    reference = str(what.parts["b"]) if isinstance(what, Message) else contrast.groups[0]
    return (required(ratio.value) < 1) == (better.group != reference)


def _numbers(contrast: Contrast, facts: SummaryFacts) -> Text:
    """ " (48% with A, 71% with B at 36 months; Gray’s p = 0.3)"."""
    if len(contrast.at) != 2:
        return say(" ({p})", p=named_p(contrast.test))
    low, high = sorted(contrast.at, key=lambda e: required(e.value))
    return say(
        " ({low}{sign} with {a}, {high}{sign} with {b} at {when}; {p})",
        low=percent(low),
        high=percent(high),
        a=shares.group_name(facts, low.group),
        b=shares.group_name(facts, high.group),
        sign=numbers.percent_sign(),
        when=numbers.time_point(required(low.time), facts.unit),
        p=named_p(contrast.test),
    )


def _only_different(contrast: Contrast, results: Results, facts: SummaryFacts) -> Text:
    """The curves differ, but in no one direction: they cross. Or they part after the last landmark: then the counts."""
    a, b = contrast.at or (None, None)
    if a is None or b is None or plain(percent(a)) == plain(percent(b)):
        told = counted(contrast, results, facts)
        return say(
            "{name} in {parts} ({p})", name=_(EVENTS[contrast.stem]), parts=told, p=named_p(contrast.test)
        )
    return say(
        "the groups differ {name} ({p}), not in one direction",
        name=_(IN[contrast.stem]),
        p=named_p(contrast.test),
    )


def _small(told: list[Text], unclear: list[str]) -> Text:
    if told:
        return say("{told}; the groups are small", told=join(told, "; ", N_("; ")))
    return say("groups too small to be told apart {names}", names=join(unclear, last=N_(" or ")))


def _too_few(results: Results, contrast: Contrast, facts: SummaryFacts) -> Text:
    """Without a test: what was counted in two groups, or that there is nothing to compare."""
    if len(contrast.groups) != 2:
        return say("too few events to compare the groups by {label}", label=facts.group_label)
    told = counted(contrast, results, facts)
    return say("{name} in {parts}: too few to compare", name=_(EVENTS[contrast.stem]), parts=told)


def counted(contrast: Contrast, results: Results, facts: SummaryFacts) -> Text:
    """ "3 of 12 in A and 5 of 10 in B": with the event, at any time."""
    return in_groups([results[f"{contrast.stem}.{group}.count"] for group in contrast.groups], facts)


def _several(tested: list[Contrast], facts: SummaryFacts) -> Text:
    """Three groups and more: from where to where the first outcome ranged, and by which test."""
    first = next((c for c in tested if c.clear), tested[0])
    said = {"n": numbers.spelled(len(first.groups)), "name": _(NAMES[first.stem]), "p": named_p(first.test)}
    if not first.at:
        return (
            say("{name} differs between the {n} groups ({p})", **said)
            if first.clear
            else say(
                "no clear difference {where} between the {n} groups ({p})", where=_(IN[first.stem]), **said
            )
        )
    low, high = (pick(first.at, key=lambda e: required(e.value)) for pick in (min, max))
    said |= {
        "low": percent(low),
        "high": percent(high),
        "sign": numbers.percent_sign(),
        "least": shares.group(facts, low.group),
        "most": shares.group(facts, high.group),
        "when": numbers.time_point(required(low.time), facts.unit),
    }
    if first.clear:
        return say(
            "{name} at {when} ranged from {low}{sign} ({least}) to {high}{sign} ({most}) in {n} groups ({p})",
            **said,
        )
    return say("no clear difference between {n} groups: {name} at {when} {low} to {high}{sign} ({p})", **said)


def groups(results: Results, facts: SummaryFacts) -> tuple[str, ...]:
    """The groups that are described side by side; () where none may be compared."""
    found = (contrast_of(results, stem, facts.group) for stem in OUTCOMES)
    return next((c.every for c in found if c), ())


def leads(results: Results, facts: SummaryFacts) -> str:
    """The outcome that the headline of two groups begins with, where its difference is clear; "" otherwise."""
    found = (contrast_of(results, stem, facts.group) for stem in OUTCOMES)
    return next((c.stem for c in found if c and _better(c, results, facts)), "")
