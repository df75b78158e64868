"""What an Estimate says of itself, its method and its note, in the language of the report.

Results are English whatever the report speaks, for machines compare them. Here their texts are recognised, part
by part, and said again; what is not recognised stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from reportgen.base.message import N_
from reportgen.stats.results import Estimate
from reportgen.writing.language import SOURCE, _, active, inflected
from reportgen.writing.numbers import as_written, shortened

SMALLEST_P = re.compile(r"(?<=^smallest p that these numbers can give: )[0-9.e-]+$")
CAUSE_SPECIFIC = "cause-specific hazard; "

# Names in WORDS stand for any words, the others for a number.
WORDS = ("text", "a", "b", "unit", "columns", "censored")
COMPARED = ("{a} against all others", "{a} against {b}", "{a} minus {b}")
ANY, NUMBER = "(?:(?!: ).)+", "[0-9.,]+(?:e[+-]?[0-9]+)?"
# Behind the definition of an endpoint whose clock starts before the treatment.
AT_RISK_FROM = (
    N_(
        " Patients are at risk from the start of treatment on (late entry): who died before it was never treated."
    ),
    N_(
        " Patients are taken as at risk from the origin on, on the assumption that nobody had to reach the start of "
        "treatment to be in this cohort."
    ),
)
PARTS = (
    # methods
    N_("late entry"),
    N_("beta product {n}% CI"),
    N_("log-log {n}% CI"),
    N_("log {n}% CI"),
    N_("log {n}% CI, in steps of {k} patients"),
    N_("log-log {n}% CI (beta product where the estimate is 0 or 1)"),
    N_("Wald {n}% CI"),
    N_("profile-likelihood {n}% CI"),
    N_("normal {n}% CI"),
    N_("exact {n}% CI"),
    N_("Clopper–Pearson {n}% CI"),
    N_("Newcombe score {n}% CI"),
    N_("Chan–Zhang exact {n}% CI"),
    N_("exact Poisson (Garwood) {n}% CI"),
    N_("exact Poisson (Garwood) {n}% CI, taking events as independent"),
    N_("counts rounded to the middle of steps of {n}"),
    N_("Kaplan–Meier"),
    N_("Kaplan–Meier in steps of {n} patients"),
    N_("{n}% CI with what the steps leave open"),
    N_("reverse Kaplan–Meier"),
    N_("Aalen–Johansen"),
    N_("Clark's completeness index"),
    N_("restricted mean survival time"),
    N_("difference of RMST"),
    N_("conditional maximum likelihood"),
    N_("linear interpolation (R type 7)"),
    N_("Cox (Efron ties)"),
    N_("Firth-penalised Cox (Breslow ties)"),
    N_("Wald test (Cox)"),
    N_("penalised likelihood-ratio test (Firth Cox)"),
    N_("Gray's test"),
    N_("log-rank test"),
    N_("exact permutation log-rank test"),
    N_("permutation log-rank test (Monte Carlo, {n} relabellings)"),
    N_("Fisher’s exact test"),
    N_("Fisher–Freeman–Halton exact test"),
    N_("Fisher–Freeman–Halton test (Monte Carlo, {n} tables)"),
    N_("Mann–Whitney test"),
    N_("exact Mann–Whitney test"),
    N_("Mann–Whitney test (normal approximation)"),
    N_("proportional-hazards score test (km)"),
    N_("{text}, Holm over {n} tests"),
    N_("{text}, from a landmark on"),
    N_("no comparison"),
    N_("no model"),
    N_("cause-specific hazard"),
    # what was counted
    N_("alive, last contact more than {n} days before the cut-off"),
    N_("baseline more than {n} days after the start"),
    N_("best response"),
    N_("of who stopped"),
    N_("patients"),
    N_("patients analysed"),
    N_("patients by worst grade"),
    N_("patients who relapsed"),
    N_("patients with it"),
    N_("patients with the event"),
    N_("patients with the competing event first"),
    N_("patients without a record"),
    N_("patients without a value"),
    N_("patients in no group"),
    N_("worst grade per patient"),
    N_("events that began on treatment"),
    N_("events that began after the end of treatment"),
    N_("events that began before the start of treatment"),
    N_("events whose onset is not recorded"),
    N_("patients not recorded as assessed for toxicity"),
    N_("patients of whom it is not known"),
    N_("issues found in the data"),
    N_("left after this step"),
    N_("rows read from the source"),
    N_("share censored before the time"),
    N_("smallest size after the baseline, as a fraction of the baseline, minus 1"),
    N_("start of treatment to first response"),
    N_("plain distribution of the time to last contact or death"),
    N_("time to last contact of patients alive at last contact"),
    N_("sum of the times from stop to event or last contact, in days"),
    N_("sum of the times to last contact or death, in days"),
    N_("time on treatment, in days"),
    N_("median of the times to last contact or death"),
    N_("time to the stop, of patients who stopped"),
    N_("treatment stopped"),
    N_("compared with the earlier report"),
    N_("compared with the cleaned data of the earlier report"),
    # what was compared
    N_("{a} against all others"),
    N_("{a} against {b}"),
    N_("{a} minus {b}"),
    N_("per {n} {unit}"),
    N_("CR or PR"),
    # endpoints that the settings define
    N_("Time as given in the column {text} (in {unit}); event where {a} is {b}; otherwise censored."),
    N_(
        "Time as given in the column {text} (in {unit}); event where {a} is {b}, competing event where it is "
        "{columns}; otherwise censored."
    ),
    N_(
        "Time as given in the column {text} (in {unit}); event where {a} is {b}; censored where it is {censored}."
    ),
    N_(
        "Time as given in the column {text} (in {unit}); event where {a} is {b}, competing event where it is "
        "{columns}; censored where it is {censored}."
    ),
    N_("Time from {a} to {b}; otherwise censored at {text}."),
    N_("Time from {a} to {b}; competing event: {columns}; otherwise censored at {text}."),
    # notes
    N_("suppressed"),
    N_("assumes that patients of all groups are censored alike"),
    N_("smallest p that these numbers can give: {n}"),
    N_("no interval: {text}"),
    N_("no interval: the variance is 0"),
    N_("no profile limit on one side"),
    N_("all patients in one category"),
    # reasons
    N_("{n} is smaller than {limit}"),
    N_("a group of {n} is smaller than {limit}"),
    N_("{n} event is fewer than {limit}"),
    N_("{n} events are fewer than {limit}"),
    N_("{n} patient is fewer than {limit}"),
    N_("{n} patients are fewer than {limit}"),
    N_("{text} ({n} for each of {k} coefficients)"),
    N_("no patient is too few"),
    N_("{n} patient is too few"),
    N_("{n} patients are too few"),
    N_("there are no events"),
    N_("there are fewer than two groups with patients"),
    N_("{text} patients cannot reach a p below {n}"),
    N_("{text} patient cannot reach a p below {n}"),
    N_("a group has no events"),
    N_("fewer than two groups"),
    N_("fewer than two groups with patients"),
    N_("fewer than two groups with values"),
    N_("{n} groups with values instead of two"),
    N_("no events"),
    N_("no events of this cause"),
    N_("no patients"),
    N_("no person-time"),
    N_("no values"),
    N_("one value"),
    N_("all values are equal"),
    N_("all patients are alike in it"),
    N_("all patients have the event"),
    N_("a group without patients"),
    N_("infinite, as a cell of the table is empty"),
    N_("one of the groups has no value"),
    N_("groups of {n} and {k} cannot reach a p of {p}"),
    N_("with these numbers no result could reach p = {n}"),
    N_("variance 0, the order of events tells nothing"),
    N_("variance 0, no two groups were at risk at an event"),
    N_("the variance is 0"),
    N_("too few distinct event times"),
    N_("no Cox model was fitted"),
    N_("separation: the hazard ratio of {a} has no finite estimate"),
    N_("one unit of {a} is far beyond its range; a smaller unit is needed"),
    N_("{text} in {a}"),
    N_("beyond the last follow-up ({n} days)"),
    N_("nobody was under observation"),
    N_("all {n} at risk on day {k} had the event, before others came under observation"),
    N_("the curve falls to 0 on day {n}, before others came under observation"),
    N_("the test is not defined with late entry"),
    N_("a relabelling of patients takes no late entry"),
    N_("Firth’s penalised model takes no late entry here"),
    N_("no interval: none is known at 0 or 1 with late entry"),
    N_("beyond the part of the follow-up that is published"),
    N_("no follow-up was possible yet"),
    N_("the groups became known only after the start"),
    N_("became known only after the start, so it is not compared as if it were known then"),
    N_("follow-up differs between the levels, so the times are compared instead"),
    N_("calendar dates are left out of this report"),
    N_("the data hold no dates"),
    N_("the data hold no dates of last contact"),
    N_("nobody is alive"),
    N_("the time on treatment of {n} is not known"),
    N_("the time on treatment of a patient is not known"),
    N_("the data lack {columns}"),
    N_("no grade is recorded"),
    N_("no onset is recorded"),
    N_("not reached in one of the steps"),
    N_("not estimable in one of the steps"),
)


def why(estimate: Estimate) -> str:
    """The reason for which a number does not exist: "2 events are fewer than 5"."""
    return said(estimate.note.removeprefix("NE: "))


def method(text: str, between: str = "; ", own: Mapping[str, str] | None = None) -> str:
    """A method, or a note, whose parts stand between semicolons; what was compared stands behind a colon."""
    return between.join(_part(part, own) for part in text.split("; "))


def _part(text: str, own: Mapping[str, str] | None) -> str:
    how, _colon, what = text.partition(": ")
    if active() == SOURCE or not what or recognised(text) is not None:
        return said(text)
    return f"{said(how)}: {compared(what, own)}"


def methods(texts: Iterable[str]) -> str:
    """Several methods in a note below a table: "Kaplan–Meier with log-log 95% CI; …"."""
    named = {text.partition(": ")[0].removeprefix(CAUSE_SPECIFIC) for text in texts}
    return "; ".join(method(text, _(" with ")) for text in sorted(named)) or _("none")


def compared(words: str, own: Mapping[str, str] | None = None) -> str:
    """What is set against what: "B against A".

    own: level → its word, of the levels that are words of ours; others stay as they are written. None: all are ours.
    """
    for template, pattern in _patterns():
        match = pattern.fullmatch(words) if own is not None and template in COMPARED else None
        if match and own is not None:
            return _(template).format(
                **{name: own.get(part, part) for name, part in match.groupdict().items()}
            )
    return said(words)


def note(text: str) -> str:
    """A whole note, as the page shows it of a number that is asked."""
    if active() == SOURCE:
        return method(text)
    if text in ("NR", ""):
        return text and _("not reached")
    head, mark, rest = text.partition("NE: ")
    return method(rest if mark and not head else text)


def said(text: str) -> str:
    """A part that is known, in the language of the report; its own parts likewise."""
    text = SMALLEST_P.sub(lambda p: shortened(p[0]), text)
    if active() == SOURCE or _(text) != text:
        return _(text)
    found = recognised(text)
    return text if found is None else found


@cache
def _patterns() -> tuple[tuple[str, re.Pattern], ...]:
    """Each template and what it looks like filled; those with more words of their own first."""
    found = []
    for template in PARTS:
        pattern = "".join(
            rf"(?P<{piece[1:-1]}>{ANY if piece[1:-1] in WORDS else NUMBER})"
            if piece.startswith("{")
            else re.escape(piece)
            for piece in re.split(r"(\{\w+\})", template)
        )
        found.append((template, re.compile(pattern)))
    return tuple(sorted(found, key=lambda pair: -len(re.sub(r"\{\w+\}", "", pair[0]))))


def recognised(text: str) -> str | None:
    """The text said again; None where it is none of ours."""
    for template, pattern in _patterns():
        match = pattern.fullmatch(text)
        if match:
            parts = {
                name: _formed(part) if name in WORDS else as_written(part)
                for name, part in match.groupdict().items()
            }
            # A translation may ask for a part in a case that words of the data do not have.
            return str(inflected(template, **parts))
    return None


def _formed(part: str) -> str:
    """A part in the language of the report, with its forms where it is a word of ours: "in {unit:dat}"."""
    return said(part) if _(part) == part else inflected(part)
