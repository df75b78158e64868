"""Features against an event as a dot plot: the share with the event at each level."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportgen.base.required import required
from reportgen.chapters.relapse.facts import RelapseFeature
from reportgen.chapters.relapse.feature_tests import tested
from reportgen.chapters.shared import ratio_blocks as ratios
from reportgen.chapters.shared.dot_figures import dot_figures
from reportgen.chapters.shared.patient_figures import stands_in_matrix
from reportgen.chapters.shared.ratio_blocks import heading
from reportgen.report import Figure, Text, plain
from reportgen.stats.results import Results
from reportgen.writing import estimate_words, numbers, phrases, shares
from reportgen.writing.language import _, inflected
from reportgen.writing.narrative import lower, say

MOST_DOTS = 60
FEWEST = 2  # patients: of no more, no dot plot is drawn


def feature_figures(
    results: Results, section: str, features: Sequence[RelapseFeature], event: str
) -> tuple[Figure, ...]:
    """The dot plot, in parts where it is long; none where it would say no more than its table or the matrix."""
    if _few(results, section, features) or stands_in_matrix(results):
        return ()
    from reportgen.figures.dot_plot import DotRow, dot_plot

    rows = []
    for feature in features:
        if not feature.levels:
            continue
        rows.append((DotRow(heading(feature), None, None, None, "", "", head=True), ""))
        for level in feature.levels:
            e = results[f"{section}.{feature.name}.{level}.proportion"]
            share, interval = plain(phrases.share(e)), plain(phrases.share_interval(e))
            names = {"feature": feature.label, "level": shares.level(feature, level), "share": share}
            said = _("{feature} {level}: {share}, interval {interval}%", interval=interval, **names)
            if e.low is None:
                said = _("{feature} {level}: {share}", **names)
            rows.append(
                (
                    DotRow(shares.level(feature, level), e.value, e.low, e.high, share, interval, indent=1),
                    said,
                )
            )
    if not rows or len(rows) > MOST_DOTS:
        return ()
    who = inflected(event)
    how = say(
        "Proportion who {event} at each level of each feature, with exact {n}% intervals.",
        event=who,
        n=phrases.percent_of(results),
    )
    plot = partial(
        dot_plot,
        xlabel=_("Patients who {event}", event=who),
        columns=("n/N (%)", _("{n}% CI, %", n=phrases.percent_of(results))),
    )
    caption = _apart(results, section, features)
    return dot_figures(f"figure-{section}-features", rows, caption, how, _("Dot plot"), plot)


def _apart(results: Results, section: str, features: Sequence[RelapseFeature]) -> Text:
    """The feature of the smallest adjusted p, with the number of those examined and of tests (found by looking)."""
    n = numbers.spelled(len(features))
    tests = ((f"{e.id}_holm", f) for f in features for e in tested(results, section, [f], section))
    known = [(p, f) for p, f in ((results.get(name), f) for name, f in tests) if p is not None and p.exists]
    if not known:
        return say("Features and relapse: {n} examined.", n=n)
    p, feature = min(known, key=lambda one: required(one[0].value))
    said = {
        "n": n,
        "f": lower(feature.label),
        "p": phrases.value(numbers.p_value(required(p.value)), p),
        "how": estimate_words.methods([p.method]),
    }
    clear = required(p.value) < ratios.CLEAR
    if len(features) == 1:
        return (say("The one feature examined, {f}, differs ({p}, {how}).", **said) if clear else
                say("The one feature examined, {f}, does not differ clearly: {p} ({how}).", **said))  # fmt: skip
    if not clear:
        return say("Of {n} features examined none differs clearly: the smallest {p} ({how}).", **said)
    return say("Of {n} features examined {f} differs most ({p}, {how}).", **said)


def _few(results: Results, section: str, features: Sequence[RelapseFeature]) -> bool:
    """Whether there are so few patients that a figure would say less than its table."""
    return all(
        sum(required(results[f"{section}.{f.name}.{level}.proportion"].n) for level in f.levels) <= FEWEST
        for f in features
    )
