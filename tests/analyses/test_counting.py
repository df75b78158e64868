"""A cohort counted in pieces gives, to the last digit, what it gives as a whole."""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np
import pytest

from bench.make_registry import write
from reportgen.analyses import counting, toxicities
from reportgen.analyses import patient_columns as columns
from reportgen.cohort.load import load_cohort
from reportgen.publish.run_files import results_json
from reportgen.run.composing import analyse
from reportgen.stats.counts import Counts
from reportgen.stats.events import event_table
from reportgen.stats.results import subgroup


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry") / "registry"
    write(folder, 150)
    return load_cohort(folder)


@pytest.fixture(scope="module", params=["sample", "two_groups", "registry"])
def cohort(request):
    made = request.getfixturevalue(request.param)
    return load_again(made if request.param == "registry" else made.cohort)


@pytest.fixture(scope="module")
def whole(cohort) -> Counts:
    return counting.counted(counting.whole(cohort))


@pytest.fixture(scope="module")
def expected(cohort) -> str:
    return results_json(analyse(load_again(cohort))[0], {})


def counted(cohort, patients: int) -> list[Counts]:
    return [counting.counted(piece) for piece in counting.pieces(cohort, patients)]


def same(one: Counts, other: Counts) -> bool:
    return (
        one.patients == other.patients
        and one.events == other.events
        and one.tables.keys() == other.tables.keys()
        and all(np.array_equal(one.tables[key], other.tables[key]) for key in one.tables)
    )


@pytest.mark.parametrize("patients", [1, 3, 7, 1000])
def test_the_counts_of_the_pieces_add_up_to_those_of_the_whole(cohort, whole, patients):
    parts = counted(cohort, patients)
    assert len(parts) == -(-cohort.n // patients)
    assert whole.patients == cohort.n and whole.events and whole.tables
    assert same(reduce(add, parts), whole)
    assert same(reduce(add, reversed(parts)), whole)
    assert not same(whole + parts[0], whole)


@pytest.mark.parametrize("patients", [3, 64])
def test_a_report_of_pieces_is_that_of_the_whole_to_the_last_digit(cohort, expected, patients):
    in_pieces = load_again(cohort)
    counting.use(in_pieces, reduce(add, counted(cohort, patients)))
    assert results_json(analyse(in_pieces)[0], {}) == expected


def test_what_was_counted_elsewhere_is_what_the_report_says(registry):
    """Otherwise the test above could pass without the counts being used at all."""
    once = counting.counted(counting.whole(registry))
    doubled = Counts(
        registry.n, {k: t + t for k, t in once.events.items()}, {k: 2 * t for k, t in once.tables.items()}
    )
    other = load_again(registry)
    counting.use(other, doubled)
    ours, theirs = analyse(registry)[0], analyse(other)[0]
    for name in (
        "survival.os.all.count",
        "survival.os.regimen A.count",
        "relapse.relapse.all.count",
        "relapse.relapse.all.competing_count",
        "relapse.sex.female.proportion",
        "toxicity.any.all.any_grade",
        f"baseline.sex.{subgroup('all', 'female')}.proportion",
    ):
        assert theirs[name].events == 2 * ours[name].events > 0, name


def test_the_counts_of_another_cohort_are_not_taken(registry):
    with pytest.raises(ValueError, match="7 patients, but the cohort has 150"):
        counting.use(load_again(registry), counting.counted(next(counting.pieces(registry, 7))))


def test_counts_of_different_things_are_not_added(registry, cohort):
    one = counting.counted(counting.whole(registry, (counting.EVENTS,)))
    with pytest.raises(ValueError, match="different things"):
        one + counting.counted(counting.whole(registry))


def test_a_piece_holds_neither_ids_nor_words(registry):
    """It is sent to other machines."""
    piece = next(counting.pieces(registry, 50))
    arrays = [piece.group, *piece.words.values(), *piece.graded.__dict__.values()]
    arrays += [
        a for timed in piece.timed for a in (timed.patient, timed.duration, timed.status, *timed.by.values())
    ]
    assert all(a.dtype.kind in "biuf" for a in arrays if isinstance(a, np.ndarray))
    said = repr(piece)
    assert not any(patient in said for patient in registry.patients.frame["patient_id"])


def test_the_tables_of_toxicities_are_what_one_counts_row_by_row(registry):
    """The group-by against its definition, patient by patient."""
    events, tables = toxicities.read(registry), counting.grades_of(registry)
    for variable, mine in toxicities.variables(events):
        for name, among in (("", mine), ("related", mine & events.related)):
            worst = toxicities.worst_grades(events, among)
            for line, (_, mask) in enumerate(list(columns.groups(registry).items())[1:], 1):
                grades = worst[events.assessed & mask]
                expected = [(grades == grade).sum() for grade in (0, toxicities.NO_GRADE, 1, 2, 3, 4, 5)]
                assert tables["worst", variable, name][line].tolist() == expected


def test_events_of_one_cause_are_those_of_patients_whose_other_events_are_censored(registry):
    endpoint = registry.endpoints["relapse"]
    table = counting.events_of(registry, "relapse")
    for cause in (1, 2):
        only = event_table(endpoint.duration, (endpoint.status == cause).astype(int))
        assert table.of_cause(cause) == only and only.total_events > 0


def load_again(cohort):
    """The same cohort, of which nothing is known yet."""
    from dataclasses import replace

    return replace(cohort)
