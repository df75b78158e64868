"""What a report for readers outside holds, and when there is none."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from reportgen.base.errors import DataRefused, UsageError
from reportgen.cohort.load import load_cohort
from reportgen.privacy import masking
from reportgen.privacy.ledger import ALL, Ledger, Share
from reportgen.privacy.masking import narrowest, printed_as, printed_counts, span, step_of
from reportgen.privacy.printed_counts import groups_shown, ledger_of
from reportgen.privacy.release import released
from reportgen.privacy.steps import EARLY, EVEN, LATE, MONTH, Course, stepped, table_of
from reportgen.publish.run_files import results_json
from reportgen.report import Notice, Table, plain
from reportgen.run.composing import analyse, compose
from reportgen.run.pipeline import protected
from reportgen.stats.disclosure import Knowledge, Programme, Relation, ranges
from reportgen.stats.survival import kaplan_meier
from tests.chapters.test_every_chapter import check
from tests.conftest import SAMPLE, TWO_GROUPS, Made
from tests.reading import chapter
from tests.workbooks import write_workbook

EXTERNAL = {"privacy.profile": "external"}
AGREED = EXTERNAL | {"privacy.release_agreed": True}


def outside(source, **more) -> Made:
    cohort = protected(load_cohort(source, overrides=EXTERNAL | more), source.parent)
    results, notices = analyse(cohort)
    return Made(cohort, results, compose(cohort, results, notices))


@pytest.fixture(scope="module")
def made() -> Made:
    return outside(TWO_GROUPS)


def random_patients(n: int, seed: int = 1) -> list[dict]:
    draw = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        start = date(2018, 1, 1) + timedelta(days=int(draw.integers(0, 900)))
        end, relapse = (int(draw.integers(30, 1500)) for _ in range(2))
        dead = draw.random() < 0.5
        rows.append({
            "patient_id": f"P{i}", "sex": ["female", "male", None][draw.integers(0, 3)],
            "age_at_start": float(draw.integers(5, 99)), "stage": ["I", "II", "III"][draw.integers(0, 3)],
            "treatment_start": start, "treatment_stop": start + timedelta(days=min(end, relapse)),
            "stop_reason": ["completed", "toxicity"][draw.integers(0, 2)],
            "best_response": ["CR", "PR", "SD"][draw.integers(0, 3)],
            "relapse_date": start + timedelta(days=relapse) if relapse < end else None,
            "vital_status": "dead" if dead else "alive", "last_contact": start + timedelta(days=end),
            "death_date": start + timedelta(days=end) if dead else None,
        })  # fmt: skip
    return rows


def test_it_keeps_the_contract_of_every_report(made):
    check(made)


@pytest.mark.parametrize("n", [1, 2, 8, 19, 20, 21, 35, 60])
def test_cohorts_of_every_size_make_a_report(tmp_path, n):
    source = write_workbook(tmp_path / "cohort.xlsx", patients=random_patients(n, n),
                            report=[{"key": "group", "value": "stage"}])  # fmt: skip
    check(outside(source, **AGREED))


def test_columns_that_are_absent_make_notices(tmp_path):
    rows = [
        {key: row[key] for key in ("patient_id", "treatment_start", "last_contact")}
        for row in random_patients(40)
    ]
    made = outside(write_workbook(tmp_path / "cohort.xlsx", patients=rows))
    check(made)
    assert "relapse_date" in chapter(made.report, "relapse")


def test_a_small_cohort_is_refused_until_release_is_agreed(tmp_path):
    with pytest.raises(DataRefused) as refused:
        outside(SAMPLE)
    assert [(i.code, i.patient, i.sheet) for i in refused.value.issues] == [("COHORT_TOO_SMALL", None, None)]
    made = outside(SAMPLE, **AGREED)
    assert "its release was agreed" in made.report.notice
    assert not made.results.curves
    assert "8" not in dict(made.report.facts)["Patients"].replace("18", "")


def test_twenty_patients_need_no_agreement(tmp_path):
    made = outside(write_workbook(tmp_path / "cohort.xlsx", patients=random_patients(20)))
    assert "agreed" not in made.report.notice
    assert ledger_of(made.cohort, groups_shown(made.cohort, 8)).told[ALL] == (20, np.inf)


def test_a_min_cell_that_protects_nobody_is_refused():
    with pytest.raises(UsageError, match="at least 3"):
        outside(TWO_GROUPS, **{"privacy.min_cell": 2})


def test_no_count_below_the_step_is_anywhere(made):
    step = step_of(5)
    for e in made.results.estimates:
        for count in (e.n, e.events, e.at_risk, e.value if e.statistic.endswith("count") else None):
            assert count is None or count == 0 or count >= step, e.id
        if e.note == "suppressed":
            assert (e.value, e.low, e.high, e.se, e.n, e.events) == (None,) * 6
        if e.statistic == "proportion" and e.exists:
            assert e.n - e.events >= step, e.id
    for curve in made.results.curves:
        assert all(
            x == 0 or x >= step for x in (*curve.steps.events, *curve.steps.censored, *curve.steps.at_risk)
        )


def test_masked_numbers_are_signed_and_explained(made):
    tables = [b for s in made.report.sections for b in s.every if isinstance(b, Table)]
    masked = [t for t in tables if any(plain(cell) == "*" for row in t.rows for cell in row.cells)]
    assert masked
    assert all(any(plain(note).find("*, masked") >= 0 for note in t.notes) for t in masked)


def test_nothing_is_published_of_single_patients(made):
    for key in ("after_relapse", "after_stopping", "patients"):
        section = next(s for s in made.report.sections if s.key == key)
        assert [type(block) for block in section.every] == [Notice]
    statistics = {e.statistic for e in made.results.estimates}
    assert statistics <= {"count", "proportion", "any_grade", "grade_3_plus", "survival", "median_time"}


def test_rare_levels_and_toxicities_are_not_named(tmp_path):
    rows = random_patients(60)
    for i, row in enumerate(rows):
        row["mutation"] = "rare-one" if i == 7 else ["common", "frequent"][i % 2]
    toxicities = [{"patient_id": f"P{i}", "term": "Nausea", "category": "Gut", "grade": 2, "onset_date": rows[i][
        "treatment_start"]} for i in range(30)]  # fmt: skip
    toxicities.append(toxicities[0] | {"term": "Dragon pox", "category": "Curses", "grade": 5})
    made = outside(write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities))
    text = repr(made.report) + results_json(made.results, made.report.provenance).decode()
    assert "common" in text and "Nausea" in text
    assert not re.search("rare-one|dragon|curses", text, re.IGNORECASE)


@pytest.mark.parametrize("n", [20, 21, 22, 23])
def test_that_twenty_are_enough_gives_no_count_away(tmp_path, n):
    """A report without agreement tells that they are 20 or more: 8 to 15 of one kind leave 5 or more of the other."""
    rows = random_patients(n)
    for i, row in enumerate(rows):
        row["smoker"] = "yes" if i < n - 6 else "no"
    made = outside(write_workbook(tmp_path / "cohort.xlsx", patients=rows))
    assert made.results["patients.all.all.count"].value in (19, None)
    smokers = made.results["baseline.smoker.yes.proportion"]
    assert not smokers.exists or 7 - (20 - (smokers.events + 4)) >= 5


def test_what_two_tables_tell_is_masked_in_both(tmp_path):
    """A stage and its group, a response that is also a feature: the ledger knows that they are counts of the same."""
    rows = random_patients(120)
    for i, row in enumerate(rows):
        row["spread"] = None if row["stage"] is None else "wide" if row["stage"] == "III" else "local"
        row["treatment_stop"] = None if i % 3 else row["treatment_stop"]
    source = write_workbook(
        tmp_path / "cohort.xlsx", patients=rows, report=[{"key": "group", "value": "stage"}]
    )
    include = ("spread", "best_response", "stop_reason")
    cohort = protected(load_cohort(source, overrides=EXTERNAL | {"features.include": include}), tmp_path)
    ledger = ledger_of(cohort, groups_shown(cohort, 8))
    assert ("baseline|best_response|CR", ("response|best_response|CR",), False) in ledger.relations
    assert ("stopped|completed", ("baseline|stop_reason|completed",), True) in ledger.relations
    # What makes the groups is no feature beside them; where it makes none, it is.
    alone = replace(cohort, settings=replace(cohort.settings, group=""))
    alone = ledger_of(alone, groups_shown(alone, 8))
    assert ("baseline|spread|local", ("baseline|stage|I", "baseline|stage|II"), False) in alone.relations
    by_response = replace(cohort, settings=replace(cohort.settings, group="best_response"))
    told = ledger_of(by_response, groups_shown(by_response, 8))
    assert ("n|PR", ("response|best_response|PR",), False) in told.relations


def test_nothing_tells_which_file_it_was_made_of(made):
    """Whoever knows a source but for one cell could try which value has its hash."""
    assert made.report.provenance["source"] == {"name": ""}
    assert made.cohort.source.sha256 not in results_json(made.results, made.report.provenance).decode()


def test_ages_are_bands_and_the_oldest_are_one_group(tmp_path):
    rows = random_patients(60)
    for i, row in enumerate(rows):
        row["age_at_start"] = 91.5 + i % 7 if i < 20 else 50.0 + i % 7
    made = outside(write_workbook(tmp_path / "cohort.xlsx", patients=rows))
    names = {e.group for e in made.results.select(section="baseline", variable="age band") if e.exists}
    assert names == {"over 89", "40–59"}


def test_the_counts_are_those_of_the_chapters(monkeypatch):
    """With steps of one patient, and nothing to mask, every count is that of the internal report."""
    inside = {e.id: e for e in analyse(load_cohort(TWO_GROUPS))[0].estimates}
    cohort = protected(load_cohort(TWO_GROUPS, overrides=EXTERNAL), TWO_GROUPS.parent)
    ledger = ledger_of(cohort, groups_shown(cohort, 8))
    compared = 0
    for share in ledger.shares:
        id = f"{share.section}.{share.variable}.{share.group}.{share.statistic}"
        if id in inside and inside[id].events is not None:
            assert ledger.counts[share.count] == inside[id].events, id
            compared += 1
    assert compared > 150
    half = min(int(mask.sum()) for mask in groups_shown(cohort, 1).values()) // 2
    assert len(groups_shown(cohort, half)) > 1
    assert [*groups_shown(cohort, half + 1)] == ["all"]


def test_estimates_are_close_to_those_inside(made):
    """Rounding moves a share by a step in n at most; the limits of survival include what it does."""
    inside = {e.id: e for e in analyse(load_cohort(TWO_GROUPS))[0].estimates}
    for e in made.results.estimates:
        if not e.exists or e.id not in inside or not inside[e.id].exists:
            continue
        if e.statistic in ("proportion", "any_grade", "grade_3_plus") and e.section != "baseline":
            assert abs(e.value - inside[e.id].value) <= 10 / e.n, e.id
        if e.statistic in ("survival", "median_time") and e.low is not None:
            assert e.low <= inside[e.id].value <= (np.inf if e.high is None else e.high), e.id


def test_the_same_data_make_the_same_release(made):
    again = released(made.cohort)
    assert again.estimates == made.results.estimates


class TestMasking:
    def two_by_two(self) -> Ledger:
        """120 = 60 + 60 patients; an event in 40 = 37 + 3."""
        ledger = Ledger()
        for name, count in (("n|all", 120), ("n|A", 60), ("n|B", 60)):
            ledger.count(name, count)
        ledger.equal("n|all", ("n|A", "n|B"))
        for group, count in (("all", 40), ("A", 37), ("B", 3)):
            ledger.share(Share(f"x|{group}", f"n|{group}", "s", "x", group, "proportion", ""), count)
        ledger.equal("x|all", ("x|A", "x|B"))
        return ledger

    def test_small_counts_are_masked_and_the_others_rounded(self):
        printed = printed_counts(self.two_by_two(), 5)
        assert "x|B" not in printed and printed[ALL] == 123
        assert all(span(count, 8)[0] <= self.two_by_two().counts[name] <= span(count, 8)[1]
                   for name, count in printed.items())  # fmt: skip

    def test_exact_counts_would_give_the_masked_one_away(self):
        ledger = self.two_by_two()
        exact = {name: count for name, count in ledger.counts.items() if name != "x|B"}
        low, high = (np.array([exact.get(name, gap) for name in ledger.counts], float) for gap in (0, np.inf))
        known = Knowledge(low, high, ledger.numbered()[1])
        place = list(ledger.counts).index("x|B")
        assert ranges(Programme(known), [place], 5).tolist() == [[3, 3]]

    def test_what_rounding_leaves_open_is_masked(self):
        """Many parts whose roundings add up: unless one is masked, they bound those who are in none of them."""
        ledger = Ledger()
        ledger.count(ALL, 71)
        parts = [ledger.share(Share(f"p{i}", ALL, "s", "v", str(i), "proportion", ""), 23) for i in range(3)]
        ledger.split(ALL, parts, "rest")
        rounded = {name: printed_as(ledger.counts[name], 8) for name in (ALL, *parts)}
        assert rounded == {ALL: 67, "p0": 19, "p1": 19, "p2": 19}
        more = Ledger()
        for name, count in (("n", 64), ("a", 31), ("b", 31), ("c", 2)):
            more.count(name, count)
        more.equal("n", ("a", "b", "c"))
        more.count("both", 62)
        more.equal("both", ("a", "b"))
        told = {name: span(printed_as(more.counts[name], 8), 8) for name in ("n", "a", "b", "both")}
        assert narrowest(more, {}, 5, told) == ""
        more.told |= {"n": (64, 67), "both": (62, 62)}
        assert narrowest(more, {}, 5) == "c"

    def test_a_ledger_that_does_not_add_up_is_a_bug(self):
        ledger = Ledger()
        ledger.count("total", 3)
        ledger.count("part", 4)
        with pytest.raises(ValueError, match="add up"):
            ledger.equal("total", ("part",))

    def test_contradictions_are_said(self):
        known = Knowledge(np.array([5.0, 0.0]), np.array([5.0, 3.0]), (Relation(0, (1,)),))
        with pytest.raises(ValueError, match="contradicts"):
            ranges(Programme(known), [1], 5)

    @pytest.mark.parametrize("seed", range(6))
    def test_random_cohorts_are_safe(self, tmp_path, seed):
        source = write_workbook(tmp_path / "cohort.xlsx", patients=random_patients(30 + 11 * seed, seed),
                                report=[{"key": "group", "value": "stage"}])  # fmt: skip
        cohort = protected(load_cohort(source, overrides=EXTERNAL), tmp_path)
        ledger = ledger_of(cohort, groups_shown(cohort, 8))
        assert not narrowest(ledger, printed_counts(ledger, 5), 5)

    @pytest.mark.parametrize("seed", [4])
    def test_what_was_reached_before_spares_work_and_changes_nothing(self, tmp_path, seed):
        """Each count is masked that is given away most closely when all of them are attacked anew."""
        source = write_workbook(tmp_path / "cohort.xlsx", patients=random_patients(30 + 11 * seed, seed),
                                report=[{"key": "group", "value": "stage"}])  # fmt: skip
        cohort = protected(load_cohort(source, overrides=EXTERNAL), tmp_path)
        ledger = ledger_of(cohort, groups_shown(cohort, 8))
        reached, compared = None, 0
        printed = {name: printed_as(ledger.counts[name], 8) for name in ledger.printable}
        printed = {name: count for name, count in printed.items() if count}
        targets = [place for place, name in enumerate(ledger.counts) if name not in ledger.told]
        while printed:
            exposed, reached = masking.attacked(ledger, printed, 5, spare=1, reached=reached)
            compared += 1
            if compared % 5 == 1 or not exposed:
                found = ranges(Programme(masking.knowledge(ledger, printed, 8)), targets, 6)
                width = found[:, 1] - found[:, 0]
                anew = list(ledger.counts)[targets[int(np.argmin(width))]] if width.min() < 6 else ""
                assert exposed == anew
            if not exposed:
                break
            del printed[masking.next_masked(ledger, printed, exposed)]
        assert compared > 5

    def test_the_total_is_masked_last(self, monkeypatch):
        ledger = self.two_by_two()
        printed = printed_counts(ledger, 5)
        order = []
        while printed:
            order.append(masking.next_masked(ledger, printed, "x|B"))
            del printed[order[-1]]
        assert order[-1] == ALL


class TestSteps:
    course = Course(np.arange(1.0, 41.0) * 20, np.tile([1, 0], 20), np.arange(40))

    def test_every_step_is_full(self):
        course = stepped(self.course, 7)
        assert (len(course.events), len(course.censored), course.n) == (2, 2, 28)
        assert course.known(1, course.events).tolist() == [7, 14]
        assert table_of([course]).n == 35

    def test_the_bounds_lie_on_both_sides(self):
        tables = [
            kaplan_meier(table_of([stepped(self.course, 7)], where)).steps for where in (EARLY, EVEN, LATE)
        ]
        at = [steps.estimate[np.searchsorted(steps.time, 250.0, side="right") - 1] for steps in tables]
        assert at[0] < at[1] < at[2]

    def test_a_step_is_known_to_the_month_in_which_it_was_full(self):
        course = stepped(self.course, 7)
        full = np.sort(self.course.duration[self.course.status == 1])[6::7]
        assert np.all(course.events >= full) and np.all(course.events < full + MONTH)

    def test_nobody_or_too_few_make_no_step(self):
        for n in (0, 3):
            course = stepped(Course(np.arange(float(n)), np.ones(n, int), np.arange(n)), 7)
            assert course.n == 0 and table_of([course]).total_events == 0


def test_board_and_external_leave_the_internal_cohort_alone():
    cohort = load_cohort(TWO_GROUPS)
    frame = cohort.patients.frame.copy()
    settings = replace(cohort.settings, privacy=replace(cohort.settings.privacy, profile="external"))
    protected(replace(cohort, settings=settings), TWO_GROUPS.parent)
    assert frame.equals(cohort.patients.frame)
    assert protected(cohort, TWO_GROUPS.parent) is cohort


def test_an_unprotected_cohort_makes_no_report_for_others():
    cohort = load_cohort(TWO_GROUPS, overrides=EXTERNAL)
    results, notices = analyse(cohort)
    with pytest.raises(ValueError, match="not protected"):
        compose(cohort, results, notices)
