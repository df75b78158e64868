"""A reader of results.json who wants to know the numbers that it masks.

Written apart from the program: all that it knows of the report is the file, which counts are parts of which
others (anyone can read that off the tables), and the rule printed under every table. Whole numbers only,
so that nothing is bounded more loosely than it could be (scipy's milp, HiGHS).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

MOST, MONTH = 10_000, 30.4375


class Attack:
    """Unknown whole numbers by name, what is known of each, and equations between them."""

    def __init__(self):
        self.names: dict[str, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.built: LinearConstraint | None = None

    def known(self, name: str, low: float = 0, high: float = MOST) -> int:
        if name not in self.names:
            self.names[name] = len(self.names)
            self.low.append(0)
            self.high.append(MOST)
        place = self.names[name]
        self.low[place], self.high[place] = max(self.low[place], low), min(self.high[place], high)
        return place

    def sums(self, total: str, parts: Iterable[str], more: float = 0) -> None:
        """total = the parts (+ 0 … more)."""
        row = {self.known(total): 1.0}
        for part in parts:
            row[self.known(part)] = row.get(self.known(part), 0.0) - 1.0
        self.rows.append((row, 0, more))

    def at_most(self, less: str, more: Iterable[str]) -> None:
        self.sums(less, more)
        row, _, _ = self.rows.pop()
        self.rows.append((row, -np.inf, 0))

    def bounds(self, target: Mapping[str, float]) -> tuple[float, float]:
        """The least and the greatest value of a sum of unknowns."""
        aim = np.zeros(len(self.names))
        for name, weight in target.items():
            aim[self.names[name]] += weight
        low, high = (int(round(aim @ self._point(sign * aim))) for sign in (1, -1))
        return low, high

    def narrow(self, targets: list[Mapping[str, float]], enough: float) -> list[tuple[int, int, int]]:
        """Which sums of unknowns have a range narrower than enough: (place, least, greatest)."""
        aims = np.zeros((len(targets), len(self.names)))
        for aim, target in zip(aims, targets, strict=True):
            for name, weight in target.items():
                aim[self.names[name]] += weight
        low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)
        # Points that are far apart in many of them spare most of the programmes.
        draw, left, before = np.random.default_rng(1), np.arange(len(targets)), len(targets) + 1
        while 0 < len(left) < before:
            before = len(left)
            for weights in (np.ones(before), draw.choice([-1.0, 1.0], before)):
                for sign in (1, -1):
                    reached = np.round(aims @ self._point(sign * weights @ aims[left]))
                    low, high = np.minimum(low, reached), np.maximum(high, reached)
            left = np.flatnonzero(high - low < enough)
        found = []
        for place in left:
            least, most = self.bounds(targets[place])
            found += [(int(place), least, most)] if most - least < enough else []
        return found

    def allows(self, true: Mapping[str, int]) -> bool:
        """Whether all these numbers may be the true ones, as far as the reader knows: none is out of its bounds."""
        low, high = list(self.low), list(self.high)
        for name, count in true.items():
            if name in self.names:
                place = self.names[name]
                if not low[place] <= count <= high[place]:
                    return False
                low[place] = high[place] = count
        return self._solved(np.zeros(len(low)), low, high).status == 0

    def _point(self, aim: np.ndarray) -> np.ndarray:
        """The whole numbers that make a sum least."""
        done = self._solved(aim, self.low, self.high)
        assert done.status == 0, done.message
        return np.round(done.x)

    def _solved(self, aim: np.ndarray, low: list[float], high: list[float]):
        return milp(
            aim, constraints=self._constraint(), integrality=np.ones(len(aim)), bounds=Bounds(low, high)
        )

    def _constraint(self) -> LinearConstraint:
        if self.built is None:
            data = [(weight, i, j) for i, (row, _, _) in enumerate(self.rows) for j, weight in row.items()]
            weights, i, j = zip(*data, strict=True)
            matrix = csr_array((weights, (i, j)), shape=(len(self.rows), len(self.names)))
            self.built = LinearConstraint(
                matrix, [row[1] for row in self.rows], [row[2] for row in self.rows]
            )
        return self.built


@dataclass(frozen=True)
class Layout:
    """The tables of a report: variables with their levels, groups; when: before every name.

    running: whether to follow the curves from month to month, and not only to their end.
    guessed: numbers that are masked because they are small, as a reader may guess who takes every * for one.
    assessed: whether the last assessment ends progression-free survival without an event, as the report says of it.
    """

    levels: Mapping[str, list[str]]
    groups: list[str]
    when: str = ""
    running: bool = True
    guessed: frozenset[str] = frozenset()
    assessed: bool = False


def read(attack: Attack, published: Mapping, layout: Layout) -> None:
    """Everything that a results.json tells, with the structure of its tables."""
    levels, groups, when = layout.levels, layout.groups, layout.when
    step = published["step"]
    rows = {row["id"]: row for row in published["estimates"]}
    everyone = ["all", *groups]
    n = {group: f"{when}n {group}" for group in everyone}

    def cell(id: str, of: str, name: str) -> str:
        """A count and those without it; of a printed one is known what the rounding leaves."""
        attack.known(when + name)
        attack.sums(of, [when + name, f"{when}{name}: others"])
        row = rows.get(id)
        if row is not None and row["events"] is not None:
            attack.known(when + name, row["events"] - (step - 1) // 2, row["events"] + step // 2)
            attack.known(of, row["n"] - (step - 1) // 2, row["n"] + step // 2)
        elif row is not None and name in layout.guessed:
            attack.known(when + name, 0, step - 1)
        return when + name

    def split(total: str, parts: list[str]) -> None:
        if groups:
            attack.sums(total, parts)

    for group in everyone:
        attack.known(n[group])
        row = rows.get(f"baseline.all.{group}.count")
        if row is not None and row["value"] is not None:
            attack.known(n[group], row["value"] - (step - 1) // 2, row["value"] + step // 2)
    split(n["all"], [n[group] for group in groups])
    for variable, names in levels.items():
        section = "response" if variable == "best_response" else "baseline"
        for group in everyone:
            parts = [cell(f"{section}.{variable}.{inside(group, x)}.proportion", n[group], f"{variable} {group} {x}")
                     for x in names]  # fmt: skip
            attack.sums(n[group], [*parts, f"{when}{variable} {group} missing"])
        for name in (*names, "missing"):
            split(f"{when}{variable} all {name}", [f"{when}{variable} {group} {name}" for group in groups])
    for group in everyone:
        name = cell(f"response.response.{group}.proportion", n[group], f"response {group}")
        attack.sums(name, [f"{when}best_response {group} {x}" for x in ("CR", "PR")])
    _events(attack, rows, cell, split, n, groups, when)
    for variable, names in levels.items():
        parts = []
        for name in names if variable != "best_response" else ():
            of = f"{when}{variable} all {name}"
            parts.append(cell(f"relapse.{variable}.{name}.proportion", of, f"relapsed {variable} {name}"))
        if parts:
            attack.sums(f"{when}relapse all", [*parts, f"{when}relapsed {variable} missing"])
            attack.at_most(f"{when}relapsed {variable} missing", [f"{when}{variable} all missing"])
    _toxicity(attack, rows, cell, n, when)
    _curves(attack, published, step, layout)


def inside(group: str, level: str) -> str:
    return level if group == "all" else f"{group}|{level}"


def _events(attack, rows, cell, split, n, groups, when) -> None:
    everyone = ["all", *groups]
    for key, section in (("os", "survival"), ("pfs", "survival"), ("relapse", "relapse")):
        for group in everyone:
            cell(f"{section}.{key}.{group}.count", n[group], f"{key} {group}")
        split(f"{when}{key} all", [f"{when}{key} {group}" for group in groups])
    for group in everyone:
        cell("", n[group], f"competing {group}")
        attack.sums(f"{when}pfs {group}", [f"{when}relapse {group}", f"{when}competing {group}"])
        attack.at_most(f"{when}os {group}", [f"{when}pfs {group}"])
        attack.at_most(f"{when}competing {group}", [f"{when}os {group}"])
    split(f"{when}competing all", [f"{when}competing {group}" for group in groups])
    stopped = cell("exposure.stopped.all.proportion", n["all"], "stopped")
    reasons = [id for id in rows if id.startswith("exposure.stop_reason.")]
    attack.sums(stopped, [cell(id, stopped, f"stopped {id.split('.')[2]}") for id in reasons])


def _toxicity(attack, rows, cell, n, when) -> None:
    """Names are those that the file gives away; rarer ones are part of their category all the same."""
    names = [id.split(".all.")[0].removeprefix("toxicity.") for id in rows if id.endswith(".any_grade")]
    assessed = f"{when}assessed"
    attack.sums(n["all"], [assessed, f"{when}not assessed"])
    for name in names:
        for grade in ("any_grade", "grade_3_plus"):
            cell(f"toxicity.{name}.all.{grade}", assessed, f"{name} {grade}")
        attack.sums(f"{when}{name} any_grade", [f"{when}{name} grade_3_plus", f"{when}{name} lower"])
        for grade in ("any_grade", "grade_3_plus") if name != "any" else ():
            attack.at_most(f"{when}{name} {grade}", [f"{when}any {grade}"])


def _curves(attack, published, step, layout) -> None:
    """The running number of events and of censored at the end of every month, as far as the curves go.

    Their last row also holds those who are censored later: how many steps there are in all tells, beside the
    number of events, how many these are.
    """
    when = layout.when
    curves = {(row["endpoint"], row["group"]): (row["steps"], row["n"]) for row in published["curves"]}
    groups = {group for _, group in curves}
    drawn = {key: told for key, told in curves.items() if key[1] != "all" or groups == {"all"}}
    for (key, group), (steps, n) in drawn.items():
        happened = sum(steps["events"])
        ends = {"events": (f"{when}{key} {group}", happened),
                "censored": (f"{when}{key} {group}: others", n - happened)}  # fmt: skip
        for kind, (end, known) in ends.items():
            attack.known(end, known, known + step - 1)
            done, before = 0, None
            for time, count in list(zip(steps["time"], steps[kind], strict=True))[:-1]:
                done += count
                name = f"{when}{key} {group} {kind} {round(time / MONTH)}"
                if layout.running:
                    attack.known(name, done, done + step - 1)
                    attack.at_most(name, [end])
                    if before:
                        attack.at_most(before, [name])
                    before = name
    months = range(max((len(steps["time"]) for steps, _ in drawn.values()), default=0))
    for group in {group for _, group in drawn} if {key for key, _ in drawn} == {"os", "pfs"} else ():
        for k in months if layout.running else ():
            dead, left = f"{when}os {group} events {k}", f"{when}os {group} censored {k}"
            gone, lost = f"{when}pfs {group} events {k}", f"{when}pfs {group} censored {k}"
            if {dead, gone} <= set(attack.names):
                attack.at_most(dead, [gone])
                if not layout.assessed:
                    # Who has neither event was seen last on one day; an assessment may come before it.
                    attack.at_most(lost, [left])
                attack.sums(f"{when}{group} ended {k}", [dead, left])
                attack.at_most(f"{when}{group} ended {k}", [gone, lost])
