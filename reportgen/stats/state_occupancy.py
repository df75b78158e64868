"""Who is in which state at every time: multistate Aalen–Johansen estimates of state occupancy.

Everybody is in one state at each time and moves between them; at each time the hazards of the moves are the shares of
those in a state who move, and the occupancy is the product of these transition matrices. Estimates of occupancy hold
without the Markov assumption (Datta S, Satten GA. Stat Probab Lett 2001;55:403–11). Standard errors are by the
infinitesimal jackknife, the change of the estimate with the weight of each patient, as R's survfit has them.
Aalen OO, Johansen S. Scand J Stat 1978;5:141–50.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.base.message import message
from reportgen.stats.events import rounded
from reportgen.stats.results import Curve, Steps

METHOD = message("multistate Aalen–Johansen", "state_occupancy")


@dataclass(frozen=True)
class Moves:
    """The way of every patient through the states, one row per move or end of observation.

    patient: (m,) whole numbers from 0. time: (m,) days from time zero, > 0, ascending within each patient. to: (m,)
    the state into which the patient moves, or -1 where observation ends. start: (n,) the state of each patient at time
    zero. The last row of each patient ends the observation, or moves into a state that nobody leaves.
    """

    patient: np.ndarray
    time: np.ndarray
    to: np.ndarray
    start: np.ndarray


@dataclass(frozen=True)
class Occupancy:
    """time: (m + 1,) zero, then every time of a move or an end of observation. share, se: (m + 1, states).

    at_risk: (m + 1, states) patients seen in the state just before the time (at zero: at it). moves_in: (m + 1,
    states) moves into the state at the time; ended: (m + 1, states) observations that ended in it, at that time.
    """

    time: np.ndarray
    share: np.ndarray
    se: np.ndarray
    at_risk: np.ndarray
    moves_in: np.ndarray
    ended: np.ndarray


def state_occupancy(moves: Moves, states: int) -> Occupancy:
    """The share of patients in each state over time.

    A move and an end of observation at one time: the move comes first. ValueError without patients, or for a move
    into the state that the patient is in.
    R: survfit(Surv(tstart, tstop, factor(to)) ~ 1, id = id, istate = from), its pstate and std.err.
    """
    n = len(moves.start)
    if not n:
        raise ValueError("state_occupancy needs at least one patient")
    order = np.argsort(rounded(moves.time), kind="stable")
    who, to, at = moves.patient[order], moves.to[order], rounded(moves.time)[order]
    times, first = np.unique(at, return_index=True)
    now = moves.start.astype(int).copy()
    share = np.bincount(now, minlength=states) / n
    # How the shares change with the weight of each patient: at zero all count alike.
    influence = (np.eye(states)[now] - share) / n
    rows = [(share, np.sqrt((influence**2).sum(axis=0)), np.bincount(now, minlength=states))]
    counts = [(np.zeros(states, int), np.zeros(states, int))]
    for k in range(len(times)):
        here = slice(first[k], first[k + 1] if k + 1 < len(times) else len(at))
        movers, into = who[here][to[here] >= 0], to[here][to[here] >= 0]
        out = now[movers]
        if np.any(out == into):
            raise ValueError("a patient moves into the state that he is in")
        seen = np.bincount(now[now >= 0], minlength=states)
        share, influence = _step(share, influence, now, (movers, out, into), seen)
        now[movers] = into
        gone = who[here][to[here] < 0]
        ended = np.bincount(now[gone], minlength=states)
        rows.append((share, np.sqrt((influence**2).sum(axis=0)), seen))
        counts.append((np.bincount(into, minlength=states), ended))
        now[gone] = -1
    found = (np.array(column) for column in (*zip(*rows, strict=True), *zip(*counts, strict=True)))
    return Occupancy(np.concatenate([[0.0], times]), *found)


def _step(share, influence, now, moved, seen):
    """The shares and their influences after the moves of one time."""
    movers, out, into = moved
    if not len(movers):
        return share, influence
    states = len(share)
    count = np.zeros((states, states))
    np.add.at(count, (out, into), 1)
    safe = np.where(seen > 0, seen, 1)[:, None]
    hazard = count / safe
    matrix = np.eye(states) + hazard - np.diag(hazard.sum(axis=1))
    after = influence @ matrix
    # A patient's own weight moves the hazards out of the state that he is in.
    for state in np.flatnonzero(count.sum(axis=1)):
        those = np.flatnonzero(now == state)
        own = np.zeros((len(those), states))
        own[np.searchsorted(those, movers[out == state]), into[out == state]] = 1
        change = (own - hazard[state]) / seen[state]
        change[:, state] -= change.sum(axis=1)
        after[those] += share[state] * change
    return share @ matrix, after


def occupancy_curves(found: Occupancy, names: Sequence[str]) -> tuple[Curve, ...]:
    """One curve per state, kind state_occupancy. events: moves into the state; without interval: the states add up
    to all patients, so that their limits are no limits of the picture; each endpoint has its own."""
    bare = np.full(len(found.time), np.nan)
    n = int(found.at_risk[0].sum())
    return tuple(
        Curve(
            "state_occupancy",
            Steps(
                found.time, found.at_risk[:, k], found.moves_in[:, k], found.ended[:, k],
                found.share[:, k].clip(0, 1), bare, bare,
            ),
            n=n,
            method=METHOD,
            state=name,
        )
        for k, name in enumerate(names)
    )  # fmt: skip
