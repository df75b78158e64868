"""--memory: columns of a registry lie in a file until they are looked at, and everything else stays as it is."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.make_registry import write
from reportgen.base import aside
from reportgen.base.errors import MachineFailed, UsageError
from reportgen.cohort import coded, distinct
from reportgen.cohort.load import check_cohort, load_cohort
from reportgen.cohort.readers import parquet
from reportgen.publish.run_files import results_json
from reportgen.run.composing import analyse
from reportgen.settings.model import Settings
from tests.conftest import SAMPLE
from tests.random_cohorts import random_book

LITTLE = 1  # byte


def results(cohort) -> bytes:
    return results_json(analyse(cohort)[0], {})


def lies_in_a_file(cohort) -> bool:
    return all(
        aside._aside(days.to_numpy())
        for table in (cohort.patients, cohort.toxicities)
        if table is not None and len(table)
        for _, days in table.days.items()
    )


def both_ways(load, part: int, monkeypatch):
    """A cohort and its results, in memory, and aside and looked at in parts of so many rows."""
    cohort = load()
    found = results(cohort)
    monkeypatch.setattr(distinct, "PART", part)
    with aside.at_most(LITTLE):
        aside.expect(1)
        other = load()
        assert lies_in_a_file(other) and not lies_in_a_file(cohort)
        assert results(other) == found
    assert other.issues == cohort.issues and other.flow == cohort.flow


@pytest.mark.parametrize("seed", range(60, 66))
def test_small_cohorts_of_many_kinds_give_the_same(seed, monkeypatch):
    book, chosen = random_book(seed)
    settings = replace(Settings(), **chosen)
    if check_cohort(book, settings, on_invalid="exclude")[0] is not None:
        both_ways(lambda: check_cohort(book, settings, on_invalid="exclude")[0], 7 + seed % 5, monkeypatch)


def test_a_workbook_gives_the_same(monkeypatch):
    both_ways(lambda: load_cohort(SAMPLE), 3, monkeypatch)


@pytest.mark.parametrize(("csv", "files", "part"), [(False, 4, 501), (True, 1, 10)])
def test_registries_give_the_same_as_codes_in_any_number_of_parts(csv, files, part, tmp_path, monkeypatch):
    monkeypatch.setattr(coded, "MANY_ROWS", 1)
    write(tmp_path, 150, files, csv=csv)
    both_ways(lambda: load_cohort(tmp_path), part, monkeypatch)


def test_rows_of_one_number_are_in_one_part(monkeypatch):
    monkeypatch.setattr(distinct, "PART", 4)
    numbers = np.random.default_rng(5).integers(0, 2**50, 20)[np.random.default_rng(6).integers(0, 20, 50)]
    parts = list(distinct.parted(numbers.__getitem__, len(numbers)))
    assert len(parts) > 5 and sorted(np.concatenate(parts)) == list(range(50))
    assert sum(len(set(numbers[part])) for part in parts) == len(set(numbers))


def test_an_array_that_is_put_aside_is_the_same_and_its_file_has_no_name(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    arrays = [np.arange(5), np.array([None, "a"], object), np.array([], float), np.zeros((2, 3), np.int8),
              np.array(["2020-01-01", "NaT"], "datetime64[ns]")]  # fmt: skip
    with aside.at_most(LITTLE):
        assert aside.put(arrays)[0] is arrays[0]  # nothing was read so far
        aside.expect(1)
        moved = aside.put(arrays)
        assert aside.put(moved)[0] is moved[0] and moved[1] is arrays[1]
        assert not list(tmp_path.iterdir())
        moved[0][2] = 77
        aside.rest()
    assert moved[0].tolist() == [0, 1, 77, 3, 4]
    for before, after in zip(arrays[1:], moved[1:], strict=True):
        assert after.dtype == before.dtype
        np.testing.assert_array_equal(after, before)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel what is in memory")
def test_what_is_put_aside_takes_no_memory_until_it_is_looked_at(monkeypatch):
    monkeypatch.setattr(aside, "SELDOM", 0)

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    with aside.at_most(LITTLE):
        aside.expect(1)
        (column,) = aside.put([np.ones(8_000_000)])
        before = resident()
        assert column.sum() == 8_000_000
        assert resident() - before > 50_000_000
        aside.rest()
        assert resident() - before < 20_000_000


def test_columns_are_put_aside_where_they_may_need_more_than_half_of_what_is_free(monkeypatch):
    cells = 1_000
    for free, there in ((cells * aside.BYTES_PER_CELL * 2, False), (cells * aside.BYTES_PER_CELL, True)):
        monkeypatch.setattr(aside, "available", lambda free=free: free)
        with aside.at_most(None):
            aside.expect(cells)
            assert aside._aside(aside.put([np.ones(3)])[0]) is there


def test_of_much_that_is_free_little_is_taken_unasked(monkeypatch):
    monkeypatch.setattr(aside, "available", lambda: 10**12)
    for cells, memory, there in (
        (aside.UNASKED // aside.BYTES_PER_CELL, None, False),
        (aside.UNASKED // aside.BYTES_PER_CELL + 1, None, True),
        (aside.UNASKED // aside.BYTES_PER_CELL + 1, 10**9, False),
    ):
        with aside.at_most(memory):
            aside.expect(cells)
            assert aside._aside(aside.put([np.ones(3)])[0]) is there


def test_a_registry_that_fits_with_its_columns_aside_is_let_in(tmp_path, monkeypatch):
    write(tmp_path, 30)
    cells = 150 * 9  # of the toxicities, of which there are most
    monkeypatch.setattr(parquet, "MANY_CELLS", 1)
    for module in (aside, parquet):
        monkeypatch.setattr(module, "available", lambda: cells * 20)
    with pytest.raises(MachineFailed, match="0 cells, for which"):
        load_cohort(tmp_path)
    with aside.at_most(None):
        assert load_cohort(tmp_path).n


def test_a_full_disk_is_said(monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with aside.at_most(LITTLE), pytest.raises(MachineFailed, match=r"No space left.*TMPDIR.*--memory"):
        aside.expect(1)
        aside.put([np.ones(3)])
    monkeypatch.setattr(aside, "available", lambda: 10**12)
    ones = np.ones(3)
    with aside.at_most(None):  # nobody asked to spare memory, and there is enough
        aside.expect(10**9)
        assert aside.put([ones])[0] is ones


@pytest.mark.parametrize(
    ("said", "bytes_"), [("", None), ("2GB", 2 * 10**9), ("1.5 g", 1.5e9), ("500mb", 5e8), ("7", 7)]
)
def test_an_amount_of_memory(said, bytes_):
    assert aside.amount(said) == bytes_


@pytest.mark.parametrize("said", ["much", "-1GB", "0MB", "2GiB"])
def test_what_is_no_amount_of_memory(said):
    with pytest.raises(UsageError, match="2GB"):
        aside.amount(said)
