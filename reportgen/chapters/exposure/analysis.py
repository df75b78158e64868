"""Treatment: how long, how many are still on it, why the others stopped, doses changed, further lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pandas import Series

from reportgen.analyses import courses, incidences, outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.dose_changes_over_time import dose_changes_over_time
from reportgen.analyses.doses import dose_changes
from reportgen.analyses.groups import compared_groups
from reportgen.analyses.toxicities import assessed_for_toxicity
from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.chapters.exposure.facts import ENDPOINT, KEY, ExposureFacts
from reportgen.cohort.coded import factorized
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.distinct import chosen, slices
from reportgen.cohort.mapping.stop_actions import is_stop
from reportgen.stats.descriptive import summarise
from reportgen.stats.notes import not_estimable
from reportgen.stats.results import Estimate, Results, subgroup

NOT_RECORDED = "not recorded"


RANGE = ("count", "median", "minimum", "maximum")


NO_ACTION = {"none", "no", "no action", "no change", "not changed", "dose not changed", "not applicable"}


def analyse(cohort: Cohort) -> Results:
    """Stops and their reasons, time on treatment, dose changes for toxicity, and lines of treatment."""
    stopped, level = columns.stopped(cohort), cohort.settings.confidence_level
    reasons = _reasons(cohort, stopped)
    assessed, _declared = assessed_for_toxicity(cohort)
    groups = compared_groups(cohort, cohort.patients.frame.index.to_numpy())
    (actions, *actions_of), action_names = _actions(
        cohort, [assessed, *(assessed & m for m in groups.values())]
    )
    lines = _lines(cohort)
    counts = {"stopped": int(stopped.sum()), "on_treatment": int(courses.continuing(cohort).sum())}
    estimates = [
        replace(e, variable=e.group, group="all") for e in outcomes.shares(KEY, "", counts, cohort.n, level)
    ]
    estimates += outcomes.shares(KEY, "stop_reason", reasons, counts["stopped"], level)
    estimates += _reasons_of_groups(cohort, groups, stopped, tuple(reasons))
    estimates += _durations(cohort, stopped, reasons)
    estimates += _for_toxicity(cohort, reasons)
    estimates += outcomes.shares(KEY, "action", actions, int(assessed.sum()), level)
    estimates += [*_stopped_for_an_event(cohort, assessed), *dose_changes(KEY, cohort, groups)]
    estimates += outcomes.shares(KEY, "lines", lines.counts(), cohort.n, level)
    estimates += _of_groups(cohort, groups, lines, (actions, assessed), actions_of)
    curves = Results()
    if ENDPOINT in cohort.endpoints and len(cohort.endpoints[ENDPOINT].rows):
        curves = incidences.endpoint_analysis(KEY, cohort, ENDPOINT, outcomes.landmark_days(cohort.settings))
    facts = ExposureFacts(
        **vars(outcomes.context(cohort)),
        endpoint=outcomes.describe(cohort.endpoints[ENDPOINT]) if curves.curves else None,
        reasons=tuple(reasons),
        groups=tuple(groups),
        unknown=int((~stopped & ~columns.dead(cohort) & ~columns.alive(cohort)).sum()),
        actions=action_names,
        lines=tuple(lines.counts()),
    )
    found = Results((*estimates, *curves.estimates), curves.curves, {KEY: facts})
    return found + dose_changes_over_time(KEY, cohort)


def _reasons(cohort: Cohort, stopped: np.ndarray) -> dict[str, int]:
    """Patients by reason among those who stopped, most frequent first; empty where the column is absent."""
    if cohort.lacks(("patients.stop_reason",)):
        return {}
    return _frequent(columns.worded(cohort.patients, "stop_reason", NOT_RECORDED)[stopped])


def _reasons_of_groups(
    cohort: Cohort, groups: Mapping[str, np.ndarray], stopped: np.ndarray, reasons: Sequence[str]
) -> list[Estimate]:
    """Per group who stopped (variable stopped_of), and of these the same reasons: variable stop_reason_of."""
    words = columns.worded(cohort.patients, "stop_reason", NOT_RECORDED)
    found: list[Estimate] = []
    for group, mask in groups.items():
        mine = words[mask & stopped]
        counts = {subgroup(group, reason): int((mine == reason).sum()) for reason in reasons}
        found += outcomes.shares(KEY, "stop_reason_of", counts, len(mine), cohort.settings.confidence_level)
        ended = {group: len(mine)}
        found += outcomes.shares(KEY, "stopped_of", ended, int(mask.sum()), cohort.settings.confidence_level)
    return found


def _of_groups(
    cohort: Cohort, groups: Mapping[str, np.ndarray], lines: _Lines,
    overall: tuple[Mapping[str, int], np.ndarray], actions: Sequence[Mapping[str, int]],
) -> list[Estimate]:  # fmt: skip
    """Per group who is on treatment, and the same actions and numbers of lines. overall: actions of all, and who was
    assessed for toxicity."""
    level, continuing = cohort.settings.confidence_level, courses.continuing(cohort)
    shown, assessed = overall
    found: list[Estimate] = []
    for (group, mask), some in zip(groups.items(), actions, strict=True):
        n, going = int(mask.sum()), int(continuing[mask].sum())
        found += outcomes.shares(KEY, "on_treatment_of", {group: going}, n, level)
        counts = {subgroup(group, word): some.get(word, 0) for word in shown}
        found += outcomes.shares(KEY, "action_of", counts, int(assessed[mask].sum()), level)
        counts = {subgroup(group, name): k for name, k in lines.counts(mask).items()}
        found += outcomes.shares(KEY, "lines_of", counts, n, level)
    return found


def _stopped_for_an_event(cohort: Cohort, assessed: np.ndarray) -> list[Estimate]:
    """Of those in whom an event made treatment stop, by its action: the reasons given for stopping, toxicity and death
    first, and in how many every such event began after the stop (event_after_stop)."""
    if cohort.lacks(("toxicities.action", "patients.stop_reason")):
        return []
    table = required(cohort.toxicities)
    action, words = columns.word_codes(table, "action")
    ended = chosen(np.array([*map(is_stop, words), False]), action)
    of = columns.positions(cohort, table)
    ended &= of >= 0
    who = np.zeros(cohort.n, bool)
    who[of[ended]] = True
    who &= assessed
    why = columns.worded(cohort.patients, "stop_reason", NOT_RECORDED)[who]
    counts = {reason: int((why == reason).sum()) for reason in ("toxicity", "death")} | _frequent(why)
    n, level = int(who.sum()), cohort.settings.confidence_level
    stop = columns.days(cohort.patients, "treatment_stop")
    in_time = np.zeros(cohort.n, bool)
    in_time[of[ended & ~(columns.days(table, "onset_date") > stop[of])]] = True
    late = {"all": int((who & ~in_time).sum())}
    return [
        *outcomes.shares(KEY, "stopped_for_event", counts, n, level),
        *outcomes.shares(KEY, "event_after_stop", late, n, level),
    ]


def _frequent(words: Series) -> dict[str, int]:
    """Counts, most frequent first, what is not recorded last."""
    counts = words.value_counts().to_dict()
    order = sorted(counts, key=lambda word: (word == NOT_RECORDED, -counts[word], word))
    return {word: counts[word] for word in order}


def _durations(cohort: Cohort, stopped: np.ndarray, reasons: dict[str, int]) -> list[Estimate]:
    """Time on treatment of those who stopped, all and per reason, and the person-time of all."""
    time = columns.days(cohort.patients, "treatment_stop") - columns.treatment_days(cohort)
    why = columns.worded(cohort.patients, "stop_reason", NOT_RECORDED)
    chosen = {"all": stopped} | {reason: stopped & (why == reason).to_numpy() for reason in reasons}
    rows = [
        replace(e, section=KEY, variable="treatment_duration", group=group,
                method=message("time to the stop, of patients who stopped"))
        for group, mask in chosen.items()
        for e in summarise(time[mask], statistics=RANGE)
    ]  # fmt: skip
    exposure = columns.exposure_days(cohort)
    unknown = int(np.isnan(exposure).sum())
    reason = message("the time on treatment of {n} is not known", "not_recorded", n=unknown)
    note = not_estimable(reason) if unknown else ""
    total = None if unknown else float(exposure.sum())
    return [
        *rows,
        Estimate(
            "person_time",
            section=KEY,
            value=total,
            n=cohort.n,
            method=message("time on treatment, in days"),
            note=note,
        ),
    ]


def _for_toxicity(cohort: Cohort, reasons: dict[str, int]) -> tuple[Estimate, ...]:
    """Stops for toxicity among all who were treated."""
    if not reasons:
        return ()
    return outcomes.shares(
        KEY,
        "stopped_for_toxicity",
        {"all": reasons.get("toxicity", 0)},
        cohort.n,
        cohort.settings.confidence_level,
    )


def _actions(cohort: Cohort, chosen: Sequence[np.ndarray]) -> tuple[list[dict[str, int]], dict[str, str]]:
    """Patients per action taken on the dose for toxicity, of each of several masks of them, whose first holds the
    others; and each action of the first as most rows spell it.
    """
    if cohort.lacks(("toxicities.action",)):
        return [{} for _mask in chosen], {}
    who = required(cohort.toxicities).frame["patient_id"]
    rows = [
        who.isin(cohort.patients.frame["patient_id"][mask]).to_numpy() & who.notna().to_numpy()
        for mask in chosen
    ]
    patient, written = factorized(who)[0], columns.word_codes(required(cohort.toxicities), "action")
    tidy = [" ".join(action.split()) for action in written[1]]
    # A patient counts once for each way of writing, and once for all ways that differ in case and blanks alone.
    ways = _patients_with(patient[rows[0]], written[0][rows[0]], len(tidy))
    spelled: dict[str, Counter[str]] = {}
    for word, count in zip(tidy, ways.tolist(), strict=True):
        if count:
            spelled.setdefault(word.lower(), Counter())[word] += count
    keys, place = list(spelled), {key: k for k, key in enumerate(spelled)}
    of_key = np.array([*(place.get(word.lower(), -1) for word in tidy), -1])
    found = [_patients_with(patient[mine], of_key[written[0][mine]], len(keys)) for mine in rows]
    patients = [dict(zip(keys, some.tolist(), strict=True)) for some in found]
    order = sorted(keys, key=lambda word: (-patients[0][word], word))
    names = {key: min(ways, key=lambda word: (-ways[word], word)) for key, ways in spelled.items()}
    shown = [word for word in order if word and word not in NO_ACTION]
    return [{word: some[word] for word in shown} for some in patients], {word: names[word] for word in shown}


def _patients_with(patient: np.ndarray, word: np.ndarray, words: int) -> np.ndarray:
    """(words,) how many patients have each word in a row or more; words are numbered from 0, and -1 is none."""
    cells = (int(patient.max(initial=-1)) + 1) * words
    if cells > 10 * np.count_nonzero(word >= 0):
        named = word >= 0
        pairs = patient[named].astype(np.int64) * words + word[named]
        return np.bincount(np.unique(pairs) % max(words, 1), minlength=words)
    seen = np.zeros(cells, bool)
    for part in slices(len(word)):
        named = word[part] >= 0
        seen[patient[part][named].astype(np.int64) * words + word[part][named]] = True
    return seen.reshape(-1, max(words, 1)).sum(axis=0)[:words]


@dataclass(frozen=True)
class _Lines:
    """Lines of treatment recorded per patient; None: the source has none."""

    number: np.ndarray | None

    def counts(self, mask: np.ndarray | None = None) -> dict[str, int]:
        """Patients by their number of lines, of some or all; every number that anybody has."""
        if self.number is None:
            return {}
        mine = self.number if mask is None else self.number[mask]
        order = sorted(set(self.number.tolist()), key=lambda k: (not k, k))
        return {str(k) if k else NOT_RECORDED: int((mine == k).sum()) for k in order}


def _lines(cohort: Cohort) -> _Lines:
    if cohort.treatments is None:
        return _Lines(None)
    ids = cohort.treatments.frame["patient_id"].tolist()
    line = columns.amounts(cohort.treatments, "line")
    lines: dict[str, set] = {}
    for row, (patient, number) in enumerate(zip(ids, line, strict=True)):
        lines.setdefault(patient, set()).add(float(number) if np.isfinite(number) else f"row {row}")
    return _Lines(
        np.array([len(lines.get(patient, ())) for patient in cohort.patients.frame["patient_id"]], int)
    )
