"""Change of tumour size as a reader meets it: in a sentence, as a waterfall and over time."""

from __future__ import annotations

from functools import partial

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.response.facts import ResponseFacts
from reportgen.chapters.shared import response_sentences as response
from reportgen.chapters.shared.drawings import drawings
from reportgen.chapters.shared.patient_figures import stands_in_matrix
from reportgen.report import Block, Figure, Heading, Note, Paragraph, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _, _n
from reportgen.writing.narrative import counted, join, paragraph, say, say_n

FEW_BARS, MOST_TRACKS = 9, 60
DEFAULT = (-30, 20)  # percent, by RECIST 1.1
RULE = N_(
    "Baseline is the last measurement up to 14 days after the start, or the first there is, but none from the first "
    "assessment of response under treatment on; measurements after relapse or the start of another treatment are left "
    "out."
)


def size_blocks(results: Results) -> list[Block]:
    """Waterfall and spider, with the patients who cannot be drawn counted; nothing where sizes are absent."""
    facts: ResponseFacts = results.facts[response.SECTION]
    if not facts.sizes:
        return []
    blocks: list[Block] = [
        Heading(_("Tumour size")),
        Note(_("Change of size"), _(RULE)),
        Paragraph(_size_sentences(results)),
    ]
    if facts.tracks and not stands_in_matrix(results):
        # Of ten and more the names and values of single bars don't fit anyway: the two stand side by side.
        width = "half" if FEW_BARS < len(facts.tracks) <= MOST_TRACKS else "full"
        blocks += [_waterfall(results, width), *_spider(facts, width)]
    return blocks


def _size_sentences(results: Results) -> Text:
    facts: ResponseFacts = results.facts[response.SECTION]
    median, low, high, late = (
        results[f"{response.SECTION}.best_change.all.{s}"]
        for s in ("median", "minimum", "maximum", "late_baseline")
    )
    undrawn = [results[f"{response.SECTION}.not_drawn.{reason}.proportion"] for reason in facts.undrawn]
    reasons = [
        say_n("{k} {why}", "{k} {why}", required(e.events), k=shares.spelled(e), why=_(e.group))
        for e in undrawn
    ]
    return paragraph(
        say("The best change from the baseline was {m}.", m=_change(median))
        if median.n == 1 and median.exists
        else say(
            "The median best change from the baseline was {m} (range {low} to {high}; {n}).",
            m=_change(median),
            n=counted(required(median.n), "patient"),
            low=_change(low),
            high=_change(high),
        )
        if median.exists
        else None,
        say_n("Change of size cannot be given for {k} of {n} patient: {reasons}.",
            "Change of size cannot be given for {k} of {n} patients: {reasons}.", required(undrawn[0].n),
            k=numbers.whole(sum(required(e.events) for e in undrawn)),
            n=numbers.whole(required(undrawn[0].n)), reasons=join(reasons))
        if reasons
        else None,
        _by_size(results),
        say("In {k} of them the baseline was measured more than 14 days after the start.",
            k=phrases.value(numbers.spelled(int(late.value)), late))
        if late.value
        else None,
    )  # fmt: skip


def _by_size(results: Results) -> Text | None:
    """The response by size alone, where the settings ask for something else than RECIST has, or for confirmation."""
    facts: ResponseFacts = results.facts[response.SECTION]
    if facts.size_thresholds == DEFAULT and not facts.confirmation_days:
        return None
    rate = results[f"{response.SECTION}.best_change.all.size_response"]
    again = results.get(f"{response.SECTION}.best_change.all.size_response_confirmed")
    said = {"n": _least(facts), "rate": phrases.of(rate)}
    if again is None:
        return say("Smaller by {n} or more, of all patients: {rate}.", **said)
    return say(
        "Smaller by {n} or more, of all patients: {rate}; again after {days} days or more: {again}.",
        days=numbers.whole(facts.confirmation_days),
        again=phrases.of(again),
        **said,
    )


def _lines(facts: ResponseFacts) -> tuple[float, float]:
    """Where response and progression begin, as shares of the baseline."""
    response_at, progression_at = facts.size_thresholds
    return response_at / 100, progression_at / 100


def _least(facts: ResponseFacts) -> str:
    """The decrease that is a response: "30%"."""
    return numbers.percent(-_lines(facts)[0])


def _change(estimate: Estimate) -> Text:
    return (phrases.value(signed(required(estimate.value)), estimate),)


def signed(change: float) -> str:
    """A change as a percentage with its sign.

    >>> signed(-0.304), signed(0.2), signed(0)
    ('−30%', '+20%', '0%')
    """
    if abs(change) < 0.0005:
        return numbers.percent(0)
    return (numbers.MINUS if change < 0 else "+") + numbers.percent(abs(change))


def _waterfall(results: Results, width: str) -> Figure:
    from reportgen.figures.waterfall import Bar, waterfall

    tracks = results.facts[response.SECTION].tracks
    n = response.rate(results).n
    drawn = [Bar(t.label, t.best, t.response) for t in tracks]
    facts: ResponseFacts = results.facts[response.SECTION]
    lines = _lines(facts)
    smaller, least = sum(t.best <= lines[0] + 1e-9 for t in tracks), _least(facts)
    caption = say_n(
        "At best the tumour was smaller by {least} or more in {smaller} of {k} patient.",
        "At best the tumour was smaller by {least} or more in {smaller} of {k} patients.",
        len(tracks),
        least=least,
        smaller=numbers.whole(smaller),
        k=numbers.whole(len(tracks)),
    )
    said = {"low": signed(lines[0]), "high": signed(lines[1]), "k": numbers.whole(len(tracks)),
            "n": numbers.whole(required(n))}  # fmt: skip
    how = (
        say(
            "Best change of the sum of diameters, a bar per patient ({k} of {n} patients drawn); lines at {low} and "
            "{high}.",
            **said,
        )
        if facts.size_thresholds == DEFAULT
        else say(
            "Best change of tumour size, a bar per patient ({k} of {n} patients drawn); lines at {low} and {high}.",
            **said,
        )
    )
    alt = _n(
        "Best change of tumour size of {n} patient, from {low} to {high}; {smaller} smaller by {least} or more.",
        "Best change of tumour size of {n} patients, from {low} to {high}; {smaller} smaller by {least} or more.",
        len(tracks),
        n=numbers.whole(len(tracks)),
        low=signed(min(t.best for t in tracks)),
        high=signed(max(t.best for t in tracks)),
        smaller=numbers.whole(smaller),
        least=least,
    )
    drawing, narrow = drawings(partial(waterfall, "figure-waterfall", drawn, lines=lines), width)
    return Figure("figure-waterfall", drawing, caption, alt, width, (how,), narrow=narrow)


def _spider(facts: ResponseFacts, width: str) -> list[Figure]:
    """One line per patient; more than MOST_TRACKS cannot be told apart."""
    if len(facts.tracks) > MOST_TRACKS:
        return []
    from reportgen.figures.spider import Track, spider

    tracks = [Track(t.label, t.times, t.changes, t.response) for t in facts.tracks]
    drawing, narrow = drawings(
        partial(spider, "figure-spider", tracks, unit=facts.unit, limits=_lines(facts)), width
    )
    n = numbers.whole(len(tracks))
    last = [t.changes[-1] for t in facts.tracks]
    caption = say_n(
        "At the last measurement the tumour was smaller than at the baseline in {k} of {n} patient.",
        "At the last measurement the tumour was smaller than at the baseline in {k} of {n} patients.",
        len(tracks),
        k=numbers.whole(sum(change < 0 for change in last)),
        n=n,
    )
    how = (
        say("Change of the sum of diameters since the baseline, a line per patient.")
        if facts.size_thresholds == DEFAULT
        else say("Change of tumour size since the baseline, a line per patient.")
    )
    alt = _n(
        "Line of {n} patient; at the last measurement {high}.",
        "Lines of {n} patients; at their last measurement from {low} to {high}.",
        len(tracks),
        n=n,
        low=signed(min(last)),
        high=signed(max(last)),
    )
    return [Figure("figure-spider", drawing, caption, alt, width, (how,), narrow=narrow)]
