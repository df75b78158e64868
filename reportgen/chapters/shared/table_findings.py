"""What a table of the supplement shows, in the sentence that stands first in its caption; its method follows."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.report import Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases
from reportgen.writing.narrative import capital, join, lower, say


def at_last_landmark(
    results: Results, section: str, labels: Mapping[str, str], unit: str, statistic: str = "survival"
) -> Text | None:
    """ "At 36 months: progression-free survival 15%, overall survival 45%.": of all patients, at the last landmark
    that any endpoint has reached; None where none has. labels: endpoint → its name in print."""
    at = {key: _of_all(results, section, key, statistic) for key in labels}
    times = [required(e.time) for found in at.values() for e in found]
    if not times:
        return None
    last = max(times)
    parts = [
        say("{label} {percent}", label=lower(labels[key]), percent=_percent(e))
        for key, found in at.items()
        for e in found
        if e.time == last
    ]
    return say("At {time}: {parts}.", time=numbers.time_point(last, unit), parts=join(parts, ", ", ", "))


def medians(results: Results, section: str, labels: Mapping[str, str], unit: str) -> Text | None:
    """ "Median of all patients: time to next treatment 12.7 months; PFS2 19.1 months."; None where none is reached."""
    parts = [
        say(
            "{label} {x} {unit}",
            label=lower(label),
            x=phrases.duration(e, unit),
            unit=numbers.unit_name(unit),
        )
        for key, label in labels.items()
        if (e := results.get(f"{section}.{key}.all.median_time")) is not None and e.exists
    ]
    return say("Median of all patients: {parts}.", parts=join(parts, "; ", "; ")) if parts else None


def tests(results: Results, section: str, labels: Mapping[str, str], group: str) -> Text | None:
    """ "Progression-free survival: log-rank test, p < 0.001; overall survival: log-rank test, p = 0.011."; None without
    a test. labels: endpoint → its name in print."""
    parts = [
        say("{label}: {p}", label=lower(label), p=phrases.p_value(e))
        for key, label in labels.items()
        if (e := results.get(f"{section}.{key}.{group}.p_value")) is not None and e.exists
    ]
    return capital(say("{parts}.", parts=join(parts, "; ", "; "))) if parts else None


def in_groups(
    results: Results, stem: str, statistic: str, groups: Mapping[str, str], what: str
) -> Text | None:
    """ "Toxicity of grade ≥ 3: A 51%, B 61%."; None where a group has no such share. groups: level → its name."""
    found = [results.get(f"{stem}.{group}.{statistic}") for group in groups]
    rates = [e for e in found if e is not None and e.exists]
    if not rates or len(rates) < len(groups):
        return None
    parts = [
        say("{name} {percent}", name=name, percent=_percent(e))
        for name, e in zip(groups.values(), rates, strict=True)
    ]
    return say("{what}: {parts}.", what=what, parts=join(parts, ", ", ", "))


def by_time(results: Results, stems: Mapping[str, str], time: float, unit: str) -> Text | None:
    """ "By 12 months: first reduction of the dose 29%, first interruption 13%.": cumulative incidences of all patients.
    stems: the beginning of an id → what it is called."""
    found = {
        label: e
        for stem, label in stems.items()
        if (e := results.get(f"{stem}.all.cumulative_incidence@{time:.10g}")) is not None and e.exists
    }
    if not found:
        return None
    parts = [say("{label} {percent}", label=lower(label), percent=_percent(e)) for label, e in found.items()]
    return say("By {time}: {parts}.", time=numbers.time_point(time, unit), parts=join(parts, ", ", ", "))


def most_frequent(counts: Mapping[str, Estimate], total: int) -> Text | None:
    """ "Most frequent: tumour (26 of 43)."; several as frequent are all named. counts: name → count of patients."""
    most = max((e.count for e in counts.values()), default=0)
    if not most or not total:
        return None
    names = [name for name, e in counts.items() if e.count == most]
    return capital(
        say(
            "most frequent: {names} ({k} of {n}).",
            names=join([lower(name) for name in names], last=N_(" and ")),
            k=phrases.value(numbers.whole(most), counts[names[0]]),
            n=numbers.whole(total),
        )
    )


def _of_all(results: Results, section: str, key: str, statistic: str) -> list[Estimate]:
    found = results.select(section=section, endpoint=key, group="all", statistic=statistic)
    return [e for e in found if e.exists and e.time is not None]


def _percent(e: Estimate) -> Text:
    return (phrases.value(numbers.percent(required(e.value), required(e.n)), e),)
