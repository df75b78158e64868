"""The curves by what is known at each time (Simon and Makuch) as a figure, beside those from a landmark on."""

from __future__ import annotations

from reportgen.base.described import Context, DescribedLandmark
from reportgen.chapters.shared.curve_blocks import curve_text
from reportgen.report import Figure
from reportgen.stats.results import Results
from reportgen.writing import estimate_words, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import head, lower, paragraph, say
from reportgen.writing.readouts import read_lines

KIND = "simon_makuch"


def changing_figure(
    results: Results, section: str, fact: DescribedLandmark, facts: Context, day: str
) -> Figure | None:
    """Half a column wide; None where the gates allow no such curve. day: the landmark, in words."""
    curves = results.select_curves(section=section, endpoint=fact.key, kind=KIND)
    if not curves:
        return None
    from reportgen.figures.style import HALF
    from reportgen.figures.survival_curves import survival_figure

    name = f"figure-{section}-{fact.key}-changing"
    words = _("{endpoint} by {label} at each time", endpoint=fact.endpoint_label, label=_(fact.label))
    labels = [_(curve.group) for curve in curves]
    drawing = survival_figure(
        name, curves, labels, unit=facts.unit, ylabel=head(fact.endpoint_label),
        few_at_risk=facts.few_at_risk, width_mm=HALF,
    )  # fmt: skip
    caption = paragraph(
        say("From {day} on: {text} (n = {n}).", day=day, text=lower(words), n=numbers.whole(fact.n)),
        say("Whoever comes to have it later moves from one curve to the other on that day."),
    )
    methods = estimate_words.methods(curve.method for curve in curves)
    return Figure(
        name, drawing, caption, curve_text(curves, labels, words, facts.unit), "half",
        (say("{method}.", method=methods),),
        lines=read_lines(curves, labels, facts.unit, phrases.intervals(results)),
        unit=numbers.unit_name(facts.unit),
    )  # fmt: skip
