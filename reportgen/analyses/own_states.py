"""States that the settings name by columns of dates, and who is in which at every time.

A patient starts in none of them, is on every day in the one named last of those whose date has come, and ends dead or
at the last contact: a state that is named earlier is never gone back to. Dates of one day are taken together.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.analyses.groups import compared_groups
from reportgen.base.described import DescribedStates
from reportgen.base.message import N_, Message
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.cohort.mapping.keys import name_key
from reportgen.settings.model import EndpointRule
from reportgen.stats.results import Results, label
from reportgen.stats.state_occupancy import Moves, occupancy_curves, state_occupancy

START, DEAD = "start", "dead"
DEATH = "death_date"
FEWEST, MOST = 3, 20_000


def own_states(section: str, cohort: Cohort) -> tuple[Results, list[DescribedStates]]:
    """Curves of state occupancy of every endpoint with `states`, for all and per group, and what its states are called.

    Neither curve nor names where survival from the cohort's own clock on is not there, with late entry, or with fewer
    patients than FEWEST.
    """
    results, said = Results(), []
    for rule, os, days in _possible(cohort):
        names = (START, *map(name_key, _living(rule)), DEAD)
        moves = _paths(days, os.duration, np.asarray(os.status) == 1)
        for group, mask in ({"all": np.ones(len(os.rows), bool)} | compared_groups(cohort, os.rows)).items():
            if (mask & (os.duration > 0)).sum() < FEWEST:
                continue
            found = state_occupancy(_of(moves, mask), len(names))
            curves = occupancy_curves(found, names)
            results += Results(curves=label(curves, section=section, endpoint=rule.key, group=group))
        said.append(DescribedStates(rule.key, rule.label or rule.key, _words(cohort, names)))
    told = {one.key for one in said}
    left = [rule for rule in cohort.settings.endpoint if rule.states and rule.key not in told]
    return results, [*said, *(DescribedStates(rule.key, rule.label or rule.key) for rule in left)]


def _living(rule: EndpointRule) -> list[str]:
    """The columns of its states without that of death, which ends all."""
    return [name for name in rule.states if name_key(name) != DEATH]


def _possible(cohort: Cohort) -> Iterator[tuple[EndpointRule, EndpointData, np.ndarray]]:
    """Each rule with states, survival, and (patients × states) days, nan where there was none."""
    os = cohort.endpoints.get("os")
    moved = any(rule.key == "os" and (rule.time or rule.origin) for rule in cohort.settings.endpoint)
    if os is None or os.entry is not None or moved:
        return
    place = cohort.patients.frame.index.get_indexer(os.rows)
    observed = os.duration > 0
    for rule in cohort.settings.endpoint:
        living = [name_key(name) for name in _living(rule)]
        if living and FEWEST <= observed.sum() <= MOST and set(living) <= set(cohort.patients.days):
            days = np.column_stack([columns.days(cohort.patients, name)[place] for name in living])
            yield rule, os, days


def _paths(days: np.ndarray, end: np.ndarray, died: np.ndarray) -> list[tuple[int, list[tuple[float, int]]]]:
    """Per patient the state at time zero and every (day, state) into which a move leads; -1 where observation ends."""
    found = []
    for own, last, dead in zip(days.tolist(), end.tolist(), died.tolist(), strict=True):
        start = state = _state(own, 0.0)
        moves = []
        for day in sorted({d for d in own if 0 < d <= last and not (dead and d == last)}):
            after = _state(own, day)
            if after != state:
                moves.append((day, after))
                state = after
        found.append((start, [*moves, (last, days.shape[1] + 1 if dead else -1)]))
    return found


def _state(own: list[float], day: float) -> int:
    return max((place for place, date in enumerate(own, start=1) if date <= day), default=0)


def _of(paths: list[tuple[int, list[tuple[float, int]]]], mask: np.ndarray) -> Moves:
    """Those of some patients, without who was observed for no time."""
    chosen = [path for path, mine in zip(paths, mask, strict=True) if mine and path[1][-1][0] > 0]
    rows = [(who, day, to) for who, (_start, moves) in enumerate(chosen) for day, to in moves]
    patient, time, to = zip(*rows, strict=True)
    return Moves(
        np.array(patient), np.array(time), np.array(to), np.array([start for start, _moves in chosen])
    )


def _words(cohort: Cohort, names: tuple[str, ...]) -> dict[str, str]:
    """State → what it is called: as the column, without the word that it is a date."""
    words: dict[str, str] = {}
    for name in names[1:-1]:
        said = cohort.labels.get(name, name.replace("_", " "))
        words[name] = (
            said if isinstance(said, Message) else said.removesuffix(" date").removeprefix("date of ")
        )
    return {START: N_("none of these yet"), **words, DEAD: N_("dead")}
