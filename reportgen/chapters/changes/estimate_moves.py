"""A main estimate then and now, and the parts of its change, as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyses.estimate_changes import MainEstimate
from reportgen.base.required import required
from reportgen.chapters.changes.facts import ChangesFacts
from reportgen.report import Text, Value, plain
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import join, lower

SECTION = "changes"
PARTS = ("settings", "corrections", "follow_up", "new_patients")
WHOLE = "all"


@dataclass(frozen=True)
class Move:
    """One main estimate in both reports. label: its name in two parts, the second of which may be empty.

    then or now: None where a report does not have it. whole: the change as printed, None where the parts can't
    be told; parts: by name, adding up to it.
    """

    label: tuple[str, str]
    then: Estimate | None
    now: Estimate | None
    whole: tuple[float, Estimate] | None
    parts: Mapping[str, tuple[float, Estimate]]
    changes: Mapping[str, Estimate]
    scale: float
    places: int

    @property
    def moved(self) -> bool:
        """Whether the estimate is printed as another one, or came or went."""
        values = [None if e is None else e.value for e in (self.then, self.now)]
        if None in values:
            return values != [None, None]
        then, now = (required(value) * self.scale for value in values)
        return numbers.printed_change(then, now, self.places) != 0


def moves(results: Results) -> list[Move]:
    """Every main estimate, then and now, in the order of the facts."""
    facts: ChangesFacts = results.facts[SECTION]
    return [_move(results, main, facts) for main in facts.main]


def id_of(main: MainEstimate, group: str, statistic: str) -> str:
    """The id under which this chapter keeps a number of a main estimate. group: a report, or a part of the change."""
    part = main.endpoint or main.variable or "all"
    stem = f"{SECTION}.{part}.{group}.{statistic}"
    return stem if main.time is None else f"{stem}@{main.time:.10g}"


def _move(results: Results, main: MainEstimate, facts: ChangesFacts) -> Move:
    statistic = main.statistic
    then, now = (results.get(id_of(main, side, statistic)) for side in (facts.then, facts.now))
    changes = {p: results.get(id_of(main, p, f"{statistic}_change")) for p in (*PARTS, WHOLE)}
    changes = {part: estimate for part, estimate in changes.items() if estimate is not None}
    scale, places = _shown_as(main, facts, now)
    whole, parts = None, {}
    if then is not None and then.exists and now is not None and now.exists:
        total = numbers.printed_change(required(then.value) * scale, required(now.value) * scale, places)
        if WHOLE in changes and changes[WHOLE].exists:
            whole = (total, changes[WHOLE])
            raw = [required(changes[part].value) * scale for part in PARTS]
            fitted = numbers.adding_up(raw, total, places)
            parts = {p: (x, changes[p]) for p, x in zip(PARTS, fitted, strict=True)}
    return Move(label_of(main, facts), then, now, whole, parts, changes, scale, places)


def _shown_as(main: MainEstimate, facts: ChangesFacts, now: Estimate | None) -> tuple[float, int]:
    """(factor, decimals) of the unit in which an estimate is printed."""
    if main.statistic == "median_time":
        return 1 / numbers.DAYS_PER[facts.unit], 0 if facts.unit == "days" else 1
    return 100.0, 1 if now is not None and (now.n or 0) >= 1000 else 0


def label_of(main: MainEstimate, facts: ChangesFacts) -> tuple[str, str]:
    """What an estimate is called, in two parts: ("Progression-free survival", "at 1 year")."""
    statistic, label = main.statistic, facts.labels.get(str(main.endpoint), str(main.endpoint))
    if main.section == "follow_up":
        return _("Median follow-up"), ""
    if main.section == "response":
        return _("Response rate"), ""
    if statistic == "grade_3_plus":
        return _("Toxicity of grade ≥ 3"), ""
    if statistic == "median_time":
        return label, _("median")
    return label, _("at {time}", time=numbers.time_point(required(main.time), facts.unit))


def estimate(found: Estimate | None, unit: str) -> Text:
    """An estimate with its interval: "69% (21–92)", "3.0 (2.1–NR)"."""
    if found is None:
        return (numbers.MISSING,)
    if not found.exists:
        return phrases.absent(found)
    if found.statistic == "median_time":
        point = numbers.time(required(found.value), unit)
        limits = (
            ""
            if found.low is None and found.high is None
            else numbers.time_interval(found.low, found.high, unit)
        )
    else:
        point, bounds = numbers.percent(required(found.value), found.n or 0), numbers.percent_interval
        limits = "" if found.low is None else bounds(found.low, required(found.high), found.n or 0)
    shown: Text = (phrases.value(point, found),)
    return (*shown, phrases.value(f" ({limits})", found, quiet=True)) if limits else shown


def change(move: Move, part: str) -> Text:
    """A part of the change, or the whole of it, in the units of the estimate."""
    found = move.whole if part == WHOLE else move.parts.get(part)
    if found is None:
        lost = move.changes.get(part)
        # Why the parts can't be told is said once, of the whole.
        return (numbers.MISSING,) if lost is None or part != WHOLE or not move.moved else phrases.absent(lost)
    number, source = found
    return (Value(numbers.signed(number, move.places), source.id, quiet=number == 0),)


def named(found: Sequence[Move]) -> list[str]:
    """Names for a sentence, landmarks of one endpoint together: "overall survival at 1 year and at 3 years"."""
    by_head: dict[str, list[str]] = {}
    for move in found:
        head, detail = move.label
        by_head.setdefault(lower(head), []).append(detail)
    return [" ".join(filter(None, (head, plain(join(details))))) for head, details in by_head.items()]
