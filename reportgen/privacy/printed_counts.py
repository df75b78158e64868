"""The counts of a report for readers outside, from the protected cohort; every other statistic stays inside.

What is not counted here is not published: a quantile, a range, a p-value or a hazard ratio is made from
single patients' values, and no rounding of counts protects it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.analyses import toxicities
from reportgen.analyses.groups import comparable
from reportgen.base.message import Message, message
from reportgen.cohort.cohort import Cohort, Feature
from reportgen.cohort.mapping.schema import columns_of
from reportgen.privacy.derived_columns import not_recorded, told_twice, within
from reportgen.privacy.ledger import ALL, Ledger, Share, by_group
from reportgen.privacy.protect import AGE_BAND
from reportgen.privacy.rare_findings import tested_alike

RESPONSES = ("CR", "PR", "SD", "PD", "NE")
RESPONDED = ("CR", "PR")
FEWEST = 20
Groups = Mapping[str, np.ndarray]


def groups_shown(cohort: Cohort, step: int) -> dict[str, np.ndarray]:
    """ "all", and the groups that the settings compare where each is large enough to have parts of its own."""
    found = columns.groups(cohort)
    large = all(mask.sum() >= 2 * step for mask in found.values())
    return found if large else {"all": found["all"]}


def ledger_of(cohort: Cohort, groups: Groups) -> Ledger:
    """All counts that may be printed, with their relations. groups: as groups_shown has them.

    Told of all is whether they are fewer than FEWEST, for a report of fewer says so.
    """
    ledger = Ledger(told={ALL: (FEWEST, np.inf) if cohort.n >= FEWEST else (0, FEWEST - 1)})
    for group, mask in groups.items():
        ledger.count(f"n|{group}", mask.sum())
    by_group(ledger, {group: f"n|{group}" for group in groups}, groups)
    _baseline(ledger, cohort, groups)
    tested_alike(ledger, cohort, groups)
    _response(ledger, cohort, groups)
    _treatment(ledger, cohort)
    _events(ledger, cohort, groups)
    _relapse_by_feature(ledger, cohort, groups)
    _toxicity(ledger, cohort)
    told_twice(ledger, cohort, groups, _partitions(cohort, groups))
    return ledger


def _partitions(cohort: Cohort, groups: Groups) -> dict[str, tuple[str, ...]]:
    """What patients are counted by, as the names of its counts begin, and its levels."""
    found = {f"baseline|{f.name}": levels_of(f) for f in features_shown(cohort, groups)}
    response = {} if cohort.lacks(("patients.best_response",)) else {"response|best_response": RESPONSES}
    return found | response


def features_shown(cohort: Cohort, groups: Groups) -> list[Feature]:
    """The features with two levels or more, but not that which makes the groups."""
    grouping = cohort.settings.group if len(groups) > 1 else ""
    return [f for f in cohort.features if f.name != grouping and f.kind != "number" and len(levels_of(f)) > 1]


def levels_of(feature: Feature) -> tuple[str, ...]:
    """The levels with a row. Of known words all of them: which of them occurs is nobody's business outside."""
    known = columns_of("patients").get(feature.name)
    words = known.words if known and feature.kind == "category" else ()
    return ("yes", "no") if feature.kind == "yes/no" else tuple(words or feature.levels)


def is_open(feature: Feature) -> bool:
    """Whether the levels are what somebody wrote, not words that everybody knows."""
    known = columns_of("patients").get(feature.name)
    return feature.kind == "category" and feature.name != AGE_BAND and not (known and known.words)


def _baseline(ledger: Ledger, cohort: Cohort, groups: Groups) -> None:
    for feature in features_shown(cohort, groups):
        values = columns.words(cohort.patients, feature.name)
        levels = [(level, feature.name if is_open(feature) else "") for level in levels_of(feature)]
        _partition(ledger, ("baseline", feature.name, message("patients with it")), values, levels, groups)


def _partition(ledger: Ledger, names: tuple[str, str, Message], values, levels, groups: Groups) -> None:
    """Patients by level, for all and per group, with those not recorded as the rest."""
    section, variable, method = names
    cells: dict[str, dict[str, str]] = {level: {} for level, _ in levels}
    unknown = {}
    for group, mask in groups.items():
        for level, feature in levels:
            name = within(group, level)
            kept = f"level|{feature}|{level}" if feature else ""
            share = Share(f"{section}|{variable}|{name}", f"n|{group}", section, variable, name, "proportion",
                          method, kept)  # fmt: skip
            cells[level][group] = ledger.share(share, (values[mask] == level).sum())
        parts = [cells[level][group] for level, _ in levels]
        rest = ledger.exhaust(f"n|{group}", parts, not_recorded(f"{section}|{variable}", group))
        unknown |= {group: rest} if rest else {}
    for found in (*cells.values(), unknown):
        if "all" in found:
            by_group(ledger, found, found)


def _response(ledger: Ledger, cohort: Cohort, groups: Groups) -> None:
    if cohort.lacks(("patients.best_response",)):
        return
    values = columns.words(cohort.patients, "best_response")
    levels = [(level, "") for level in RESPONSES]
    _partition(ledger, ("response", "best_response", message("best response")), values, levels, groups)
    cells = {}
    for group, mask in groups.items():
        share = Share(
            f"response|{group}",
            f"n|{group}",
            "response",
            "response",
            group,
            "proportion",
            message("CR or PR"),
        )
        cells[group] = ledger.share(share, np.isin(values[mask].astype(str), RESPONDED).sum())
        ledger.equal(cells[group], [f"response|best_response|{within(group, level)}" for level in RESPONDED])
    by_group(ledger, cells, groups)


def _treatment(ledger: Ledger, cohort: Cohort) -> None:
    if cohort.lacks(("patients.treatment_stop",)):
        return
    stopped = ~np.isnan(columns.days(cohort.patients, "treatment_stop"))
    share = Share("stopped", ALL, "exposure", "stopped", "all", "proportion", message("treatment stopped"))
    ledger.share(share, stopped.sum())
    if cohort.lacks(("patients.stop_reason",)):
        return
    why = columns.words(cohort.patients, "stop_reason")
    reasons = [
        ledger.share(
            Share(f"stopped|{reason}", "stopped", "exposure", "stop_reason", reason, "proportion",
                  message("of who stopped")),
            (stopped & (why == reason)).sum(),
        )
        for reason in columns_of("patients")["stop_reason"].words
    ]  # fmt: skip
    ledger.exhaust("stopped", reasons, "not recorded|stopped")


def outcome_groups(cohort: Cohort, groups: Groups) -> Groups:
    """The groups whose outcomes may be set side by side: they were known at the start, or all alone."""
    return groups if comparable(cohort) else {"all": groups["all"]}


def _events(ledger: Ledger, cohort: Cohort, groups: Groups) -> None:
    """Deaths, progressions or deaths, relapses, and deaths without relapse; one part of the other."""
    groups = outcome_groups(cohort, groups)
    found = [key for key in ("os", "pfs", "relapse") if key in cohort.endpoints]
    for key in found:
        _endpoint(ledger, cohort, key, groups)
    for less, more in (("os", "pfs"), ("relapse", "pfs"), ("competing", "pfs"), ("competing", "os")):
        if {less.replace("competing", "relapse"), more} <= set(found) and _within(cohort, less, more):
            for group in groups:
                name = f"competing|relapse|{group}" if less == "competing" else f"{less}|{group}"
                ledger.at_most(name, (f"{more}|{group}",))
    if {"pfs", "relapse"} <= set(found) and np.array_equal(
        _who(cohort, "pfs"), _who(cohort, "relapse", 1, 2)
    ):
        for group in groups:
            ledger.equal(f"pfs|{group}", (f"relapse|{group}", f"competing|relapse|{group}"))


def _who(cohort: Cohort, key: str, *statuses: int) -> np.ndarray:
    """The rows of the patients who had the event."""
    endpoint = cohort.endpoints[key]
    return np.sort(endpoint.rows[np.isin(endpoint.status, statuses or (1,))])


def _within(cohort: Cohort, less: str, more: str) -> bool:
    """Whether all who had the one event had the other. So it is by definition, unless settings redefine them."""
    inner = _who(cohort, "relapse", 2) if less == "competing" else _who(cohort, less)
    return bool(np.isin(inner, _who(cohort, more)).all())


def among_of(key: str, group: str) -> str:
    """The name of those of a group in whom an endpoint is known, where these are not all of it."""
    return f"among|{key}|{group}"


def _endpoint(ledger: Ledger, cohort: Cohort, key: str, groups: Groups) -> None:
    endpoint = cohort.endpoints[key]
    place = cohort.patients.frame.index.get_indexer(endpoint.rows)
    section = "relapse" if key == "relapse" else "survival"
    cells: dict[str, dict[str, str]] = {"event": {}, "competing": {}}
    whole: dict[str, str] = {}
    for group, mask in groups.items():
        mine = mask[place]
        among = whole[group] = _among(ledger, f"n|{group}", among_of(key, group), mine.sum())
        share = Share(
            f"{key}|{group}", among, section, key, group, "count", message("patients with the event")
        )
        cells["event"][group] = ledger.share(share, (endpoint.status[mine] == 1).sum())
        if key == "relapse":
            # Not printed: with the other two it would tell the rounding of all three.
            cells["competing"][group] = ledger.count(
                f"competing|{key}|{group}", (endpoint.status[mine] == 2).sum()
            )
        parts = [cells[kind][group] for kind in cells if group in cells[kind]]
        ledger.split(among, parts, f"censored|{key}|{group}")
    if whole["all"] != ALL:
        by_group(ledger, whole, groups)
    for found in cells.values():
        if found:
            by_group(ledger, found, groups)


def _among(ledger: Ledger, whole: str, name: str, n: int) -> str:
    """Those of whom something is counted: the whole, or where some are left out a count of its own."""
    if n == ledger.counts[whole]:
        return whole
    ledger.count(name, n)
    ledger.split(whole, (name,), f"left out|{name}")
    return name


def _relapse_by_feature(ledger: Ledger, cohort: Cohort, groups: Groups) -> None:
    """Relapses per level of what was known at the start."""
    if "relapse" not in cohort.endpoints or len(cohort.endpoints["relapse"].rows) != cohort.n:
        return
    endpoint = cohort.endpoints["relapse"]
    relapsed = np.zeros(cohort.n, bool)
    relapsed[cohort.patients.frame.index.get_indexer(endpoint.rows)] = endpoint.status == 1
    for feature in features_shown(cohort, groups):
        if not feature.known_at_start:
            continue
        values = columns.words(cohort.patients, feature.name)
        parts = []
        for level in levels_of(feature):
            kept = f"level|{feature.name}|{level}" if is_open(feature) else ""
            name = within("all", level)
            among = f"baseline|{feature.name}|{name}"
            share = Share(f"relapsed|{feature.name}|{level}", among, "relapse", feature.name, name, "proportion",
                          message("patients who relapsed"), kept)  # fmt: skip
            parts.append(ledger.share(share, (relapsed & (values == level)).sum()))
        rest = ledger.exhaust("relapse|all", parts, f"not recorded|relapsed|{feature.name}")
        if rest:
            ledger.at_most(rest, (not_recorded(f"baseline|{feature.name}", "all"),))


def _toxicity(ledger: Ledger, cohort: Cohort) -> None:
    if cohort.lacks(("toxicities.term", "toxicities.grade")):
        return
    events = toxicities.read(cohort)
    if not events.facts["has_grade"]:
        return
    assessed = _among(ledger, ALL, "assessed", int(events.assessed.sum()))
    members: dict[str, set[str]] = {}
    for place, (variable, mine) in enumerate(toxicities.variables(events)):
        worst = toxicities.worst_grades(events, mine)[events.assessed]
        unknown = toxicities.unknown_of(events, place, mine)[events.assessed]
        among = _among(ledger, assessed, f"known|toxicity|{variable}", int((~unknown).sum()))
        kept = "" if variable == toxicities.OVERALL else f"term|{variable}"
        for statistic, least in (("any_grade", 0), ("grade_3_plus", 3)):
            name = f"toxicity|{variable}|{statistic}"
            share = Share(
                name, among, "toxicity", variable, "all", statistic, message("patients by worst grade"), kept
            )
            ledger.share(share, (worst >= least).sum() if least else (worst > 0).sum())
        name = f"toxicity|{variable}"
        ledger.split(f"{name}|any_grade", (f"{name}|grade_3_plus",), f"lower|{name}")
        for category in _categories(events, mine) if variable != toxicities.OVERALL else ():
            if variable != f"category: {category}":
                members.setdefault(f"category: {category}", set()).add(variable)
    _unions(ledger, members)


def _categories(events: toxicities.Events, mine) -> set[str]:
    return {events.categories[code] for code in np.unique(events.category[mine])}


def _unions(ledger: Ledger, members: Mapping[str, set[str]]) -> None:
    """A category has at least the patients of each of its terms, and at most those of all of them."""
    for statistic in ("any_grade", "grade_3_plus"):
        whole = f"toxicity|{toxicities.OVERALL}|{statistic}"
        categories = [f"toxicity|{category}|{statistic}" for category in members]
        for category in categories:
            ledger.at_most(category, (whole,))
        if categories:
            ledger.at_most(whole, categories)
        for category, terms in members.items():
            cell = f"toxicity|{category}|{statistic}"
            for term in terms:
                ledger.at_most(f"toxicity|{term}|{statistic}", [f"toxicity|{c}|{statistic}" for c in members
                                                                if term in members[c]])  # fmt: skip
            ledger.at_most(cell, [f"toxicity|{term}|{statistic}" for term in terms])
