"""Small samples: how often intervals hold the truth, and how often tests find what is not there.

Run: python bench/coverage.py [replications]. Months; the truth of each mean is that of 400,000 patients without
censoring. Only what the gates of a report allow is counted; the share that they let through is printed beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import numpy as np

from reportgen.stats.events import event_table
from reportgen.stats.fine_gray import fine_gray
from reportgen.stats.gray import stratified_gray
from reportgen.stats.growth_modulation import growth_modulation
from reportgen.stats.hazards import cox
from reportgen.stats.incidence import cumulative_incidence_at
from reportgen.stats.landmark_difference import landmark_difference
from reportgen.stats.logrank import stratified_logrank
from reportgen.stats.mean_count import Recurrent, mean_count, mean_count_at
from reportgen.stats.multiple_imputation import imputed_cox
from reportgen.stats.proportions import difference as difference_of
from reportgen.stats.rates import rate_ratio
from reportgen.stats.results import Estimate
from reportgen.stats.rmst import rmst_difference
from reportgen.stats.stratified import stratified_cox
from reportgen.stats.survival import IntervalRule, median_time
from reportgen.stats.survival_difference import survival_difference
from reportgen.stats.timedependent import time_dependent_cox
from reportgen.stats.treatment_free import treatment_free_survival
from reportgen.stats.treatment_free_toxicity import Spells, split_by_toxicity

TAU, MANY = 12.0, 400_000
Draw = Callable[[np.random.Generator], Iterator[tuple[str, Estimate, float]]]


def therapy(rng: np.random.Generator, n: int, followed: bool):
    """Stop, next line or death, and one time with toxicity from the stop on for four patients of ten."""
    stop, gap, death = rng.exponential(8, n), rng.exponential(10, n), rng.exponential(40, n)
    end = np.minimum(stop + gap, death)
    until = rng.uniform(12.5, 40, n) if followed else np.full(n, np.inf)
    off = np.minimum(stop, end)
    toxic = np.flatnonzero((rng.random(n) < 0.4) & (off < np.minimum(end, until)))
    stopped = np.minimum(off + rng.exponential(3, n), np.minimum(end, until))
    cessation = (np.minimum(off, until), (off <= until).astype(int))
    subsequent = (np.minimum(end, until), (end <= until).astype(int))
    return cessation, subsequent, Spells(toxic, off[toxic], stopped[toxic])


def treatment_free(n: int, truth: tuple[float, float, float]) -> Draw:
    def draw(rng: np.random.Generator):
        cessation, subsequent, spells = therapy(rng, n, followed=True)
        if (subsequent[1] == 1)[subsequent[0] <= TAU].sum() >= 10:
            rows = (treatment_free_survival(cessation, subsequent, TAU),
                    *split_by_toxicity(cessation, subsequent, spells, TAU))  # fmt: skip
            names = ("treatment-free survival", "… with toxicity", "… without toxicity")
            for name, row, value in zip(names, rows, truth, strict=True):
                yield f"{name}, n = {n}", row, value

    return draw


def of_treatment_free() -> tuple[float, float, float]:
    """Without censoring they are means of days."""
    (stop, _), (end, _), spells = therapy(np.random.default_rng(1), MANY, followed=False)
    free = np.minimum(end, TAU) - np.minimum(stop, TAU)
    toxic = np.minimum(spells.stop, TAU) - np.minimum(spells.start, TAU)
    return free.mean(), toxic.sum() / MANY, free.mean() - toxic.sum() / MANY


def growth(n: int) -> Draw:
    """Both times exponential, of medians 8 and 6: the ratio's median is 8/6. Followed for 18 to 40 months."""

    def draw(rng: np.random.Generator):
        before, now, until = rng.exponential(6, n), rng.exponential(8, n), rng.uniform(18, 40, n)
        row = growth_modulation(np.minimum(now, until), (now <= until).astype(int), before + 0.1)[0]
        yield f"growth modulation index, median, n = {n}", row, 8 / 6

    return draw


def difference(n: int) -> Draw:
    """Survival at 12 months of 0.75 against 0.50."""

    def draw(rng: np.random.Generator):
        tables = []
        for survival in (0.75, 0.5):
            event, until = rng.exponential(-TAU / np.log(survival), n), rng.uniform(6, 36, n)
            tables.append(event_table(np.minimum(event, until), (event <= until).astype(int)))
        yield f"difference of survival, melded, n = {n} + {n}", survival_difference(*tables, TAU), 0.25

    return draw


def quartiles(n: int) -> Draw:
    """Exponential times of median 8, followed for 12 to 40 months; limits that are not reached count as infinite."""

    def draw(rng: np.random.Generator):
        event, until = rng.exponential(8 / np.log(2), n), rng.uniform(12, 40, n)
        table = event_table(np.minimum(event, until), (event <= until).astype(int))
        for share in (0.25, 0.5, 0.75):
            truth = -8 * np.log2(1 - share)
            yield f"time by which {share:.0%} had the event, n = {n}", median_time(table, p=share), truth

    return draw


def groups(n: int) -> Draw:
    """Two groups of n: the difference of restricted means and of incidences by 12 months, of two shares (0.6 and 0.3),
    and the ratio of rates of events that come at one rate for all, and at rates that differ between patients."""

    def draw(rng: np.random.Generator):
        tables, causes, means, truths = [], [], [], []
        for hazard in (0.06, 0.12):
            event, until = rng.exponential(1 / hazard, n), rng.uniform(6, 36, n)
            time, had = np.minimum(event, until), event <= until
            tables.append(event_table(time, had.astype(int)))
            cause = np.where(rng.random(n) < 2 / 3, 1, 2)
            causes.append(event_table(time, np.where(had, cause, 0), causes=2))
            means.append((1 - np.exp(-hazard * TAU)) / hazard)
            truths.append(2 / 3 * (1 - np.exp(-hazard * TAU)))
        if min(table.events_by(TAU).sum() for table in tables) >= 10:
            row = rmst_difference(*tables, TAU)
            yield f"difference of restricted means, n = {n} + {n}", row, means[0] - means[1]
        row = landmark_difference(*(cumulative_incidence_at(table, 1, TAU) for table in causes))
        yield f"difference of incidences, n = {n} + {n}", row, truths[0] - truths[1]
        had_response = (int(rng.binomial(n, 0.6)), int(rng.binomial(n, 0.3)))
        how = "exact" if 2 * n < IntervalRule().beta_product_below else "newcombe"
        yield (
            f"difference of shares, {how}, n = {n} + {n}",
            difference_of(had_response, (n, n), method=how),
            0.3,
        )
        until = rng.uniform(3, 18, (2, n))
        for words, own in (("alike", 1.0), ("unlike", rng.gamma(2, 0.5, (2, n)))):
            events = rng.poisson(own * np.array([[0.3], [0.15]]) * until).sum(axis=1)
            row = rate_ratio((int(events[0]), int(events[1])), (until[0].sum(), until[1].sum()))
            yield f"ratio of rates, patients {words}, n = {n} + {n}", row, 2.0

    return draw


def counts(n: int, truth: float) -> Draw:
    def draw(rng: np.random.Generator):
        data = recurrent(rng, n, rng.uniform(6, 30, n))
        yield f"mean cumulative count, n = {n}", mean_count_at(mean_count(data), TAU), truth

    return draw


def recurrent(rng: np.random.Generator, n: int, until: np.ndarray) -> Recurrent:
    """Events at a rate that differs between patients (gamma, variance 0.5), death after 30 months on average."""
    death = rng.exponential(30, n)
    end = np.minimum(death, until)
    events = rng.poisson(rng.gamma(2, 0.5, n) * 0.2 * end)
    who = np.repeat(np.arange(n), events)
    return Recurrent(who, rng.random(len(who)) * end[who], end, death <= until)


def nothing(n: int) -> Draw:
    """Nothing changes the hazard: neither the group within strata, nor a response that comes after 3 months or so."""

    def draw(rng: np.random.Generator):
        stratum, group = np.arange(n) % 2, rng.permutation(np.arange(n) // 2 % 2)
        event, until = rng.exponential(np.where(stratum, 20.0, 10.0)), rng.uniform(6, 40, n)
        time, status = np.minimum(event, until), (event <= until).astype(int)
        if status.sum() >= 20:
            tables = [[event_table(time[mine & (group == g)], status[mine & (group == g)]) for g in (0, 1)]
                      for mine in (stratum == 0, stratum == 1)]  # fmt: skip
            yield f"stratified log-rank, n = {n}", stratified_logrank(tables).estimate(), 0.05
            rows = stratified_cox(time, status, {"group": group}, stratum)
            yield f"stratified Cox, Wald, n = {n}", rows[1], 0.05
        answer = np.where(rng.random(n) < 0.6, rng.exponential(3, n), np.nan)
        known = np.where(answer < time, answer, np.nan)
        if status.sum() >= 10:
            yield (
                f"time-dependent Cox, Wald, n = {n}",
                time_dependent_cox(time, status, {"answer": known})[1],
                0.05,
            )

    return draw


def competing(n: int) -> Draw:
    """Two causes at rates of 0.06 and 0.03 a month: the incidence of the first by 12 months, and a group that changes
    neither."""

    def draw(rng: np.random.Generator):
        event, until = rng.exponential(1 / 0.09, n), rng.uniform(6, 36, n)
        cause = np.where(rng.random(n) < 2 / 3, 1, 2)
        time, status = np.minimum(event, until), np.where(event <= until, cause, 0)
        table = event_table(time, status, causes=2)
        if status.any() and time.max() >= TAU:
            truth = 2 / 3 * (1 - np.exp(-0.09 * TAU))
            yield f"cumulative incidence, n = {n}", cumulative_incidence_at(table, 1, TAU), truth
        if (status == 1).sum() >= 10:
            group = rng.permutation(np.arange(n) % 2)
            yield f"Fine–Gray, Wald, n = {n}", fine_gray(time, status, {"group": group})[1], 0.05
            stratum = np.arange(n) // (n // 2)
            late = np.where(stratum, 1.5 * time, time)  # a stratum in which all comes later
            row = fine_gray(late, status, {"group": group}, stratum=stratum)[1]
            yield f"Fine–Gray, stratified, Wald, n = {n}", row, 0.05
            of = [[event_table(late[mine], status[mine], causes=2)
                   for g in (0, 1) for mine in ((stratum == s) & (group == g),)] for s in (0, 1)]  # fmt: skip
            if all(sum(tables[g].events[0].sum() for tables in of) >= 10 for g in (0, 1)):
                yield f"Gray, stratified, n = {n}", stratified_gray(of, 1).estimate(), 0.05

    return draw


def incomplete(n: int) -> Draw:
    """A number, a yes/no feature and a category of three levels, of which a sixth is missing: more often with a higher
    value of the fourth, which is known of all. Beside the imputed model the one of the complete cases."""
    effects = {"x": 0.5, "b": 0.7, "g1": 0.5, "g2": -0.4, "z": 0.4}

    def draw(rng: np.random.Generator):
        z, level = rng.normal(size=n), rng.integers(0, 3, n)
        x = 0.5 * z + 0.6 * (level == 1) + rng.normal(size=n)
        b = (rng.random(n) < 1 / (1 + np.exp(-x))).astype(float)
        columns = {"x": x, "b": b, "g1": (level == 1) * 1.0, "g2": (level == 2) * 1.0, "z": z}
        event = rng.exponential(20, n) * np.exp(-sum(columns[k] * effect for k, effect in effects.items()))
        until = rng.uniform(6, 60, n)
        time, status = np.minimum(event, until), (event <= until).astype(int)
        for names in (("x",), ("b",), ("g1", "g2")):
            gone = rng.random(n) < 1 / (1 + np.exp(1.8 - 0.8 * z))
            columns |= {name: np.where(gone, np.nan, columns[name]) for name in names}
        if status.sum() < 50:
            return
        terms = [{name: columns[name] for name in names} for names in (("x",), ("b",), ("g1", "g2"), ("z",))]
        for words, rows in (
            ("imputed", imputed_cox(time, status, terms)),
            ("complete cases", cox(time, status, columns)),
        ):
            for row in rows:
                if row.statistic == "hazard_ratio" and row.exists:
                    yield f"Cox, {words}, {row.variable}, n = {n}", row, np.exp(effects[row.variable])

    return draw


def main(replications: int) -> None:
    free = of_treatment_free()
    many = recurrent(np.random.default_rng(2), MANY, np.full(MANY, TAU))
    truth = len(many.time) / MANY
    draws = [treatment_free(30, free), treatment_free(60, free), growth(12), growth(30), difference(8), difference(20),
             counts(15, truth), counts(40, truth), nothing(40), *map(competing, (12, 40, 80)),
             incomplete(120), *map(quartiles, (12, 40)), *map(groups, (8, 20, 40))]  # fmt: skip
    for place, draw in enumerate(draws):
        rng = np.random.default_rng(place)
        found: dict[str, list[bool]] = {}
        for _ in range(replications):
            for name, row, value in draw(rng):
                if row.statistic.startswith("p_value"):
                    found.setdefault(name, []).append(row.exists and row.value <= value)
                elif row.low is not None or row.high is not None:
                    inside = (row.low is None or row.low <= value) and (row.high is None or value <= row.high)
                    found.setdefault(name, []).append(inside)
        for name, hits in found.items():
            print(f"{name:52} {100 * np.mean(hits):5.1f}%  of {len(hits)} of {replications}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
