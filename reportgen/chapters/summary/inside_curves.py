"""What stands in the curves of page one: how many patients, how far the groups lie apart, and by which test."""

from __future__ import annotations

from reportgen.base.described import DescribedEndpoint
from reportgen.base.message import Message
from reportgen.base.required import required
from reportgen.chapters.shared import curve_blocks
from reportgen.chapters.summary import contrasts
from reportgen.chapters.summary.contrasts import Contrast
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.report import Text, plain
from reportgen.stats.results import Results
from reportgen.writing import numbers, phrases
from reportgen.writing.language import _n
from reportgen.writing.narrative import say


def lines(results: Results, section: str, fact: DescribedEndpoint, facts: SummaryFacts) -> tuple[str, ...]:
    """Of one curve n and events; of groups n, the difference of two of them, and p, as far as they may be given."""
    drawn = curve_blocks.drawn_curves(results, section, fact, "half")
    if not drawn:
        return ()
    n = f"n = {numbers.whole(sum(curve.n for curve in drawn))}"
    stem = f"{section}.{fact.key}"
    if len(drawn) == 1:
        count = results.get(f"{stem}.{drawn[0].group}.count")
        if count is None or not count.exists:
            return (n,)
        events = int(required(count.value))
        return (n, _n("{n} event", "{n} events", events, n=numbers.whole(events)))
    contrast = contrasts.contrast_of(results, stem, facts.group)
    if contrast is None or not contrast.test.exists:
        return (n,)
    apart = _apart(results, contrast, bool(fact.competing), facts) if len(drawn) == 2 else ()
    return (n, *map(plain, apart), plain(_p(contrast)))


def _apart(results: Results, contrast: Contrast, competing: bool, facts: SummaryFacts) -> tuple[Text, ...]:
    """ "HR 0.80 (0.52–1.24)"; with a competing event the difference at the last landmark that both groups reached.

    Short lines: they stand where no curve runs, or else below the drawing, which takes the room of the page.
    """
    stem = f"{contrast.stem}.{facts.group}"
    if not competing:
        ratio = results.get(f"{stem}.hazard_ratio")
        if ratio is None or not ratio.exists:
            return ()
        return (say("HR {x} ({i})", x=phrases.ratio_alone(ratio), i=phrases.ratio_interval(ratio)),)
    if not contrast.at:
        return ()
    time = required(contrast.at[0].time)
    apart = results.get(f"{stem}.landmark_difference@{time:.10g}")
    if apart is None or not apart.exists:
        return ()
    points = say(
        "{x} points ({low} to {high})",
        x=numbers.points(required(apart.value), apart.n or 0, sign=True),
        low=numbers.points(required(apart.low), apart.n or 0),
        high=numbers.points(required(apart.high), apart.n or 0),
    )
    return (points, say("at {when}", when=numbers.time_point(time, facts.unit)))


def _p(contrast: Contrast) -> Text:
    """With its test where that has a short name: "log-rank p = 0.32"."""
    name = contrast.test.method.code if isinstance(contrast.test.method, Message) else ""
    if name in contrasts.TESTS:
        return contrasts.named_p(contrast.test)
    return (phrases.value(numbers.p_value(required(contrast.test.value)), contrast.test),)
