"""A source is read once for all pages, and again when it or its settings are saved; what a page says is the same."""

from __future__ import annotations

import os
import shutil

import pytest

from reportgen.cohort import load
from reportgen.desk import source_cells, tasks
from tests.conftest import ROOT, SAMPLE

ASPS = ROOT / "tests" / "cases" / "messy" / "asps.xlsx"


def pages(path, folder) -> list:
    """What the pages of a source say, one after the other."""
    asked = (str(path), "")
    return [
        tasks.understand(*asked, [], [], "en", False),
        tasks.examine(*asked, str(folder), "en"),
        source_cells.rows(*asked, 0, 0, ("", "")),
        tasks.groups(*asked, "en"),
        tasks.patients(*asked, str(folder), "", "en") if path.name == SAMPLE.name else None,
        tasks.patients(*asked, str(folder.parent), "board", "en") if path.name == SAMPLE.name else None,
        tasks.examine(*asked, str(folder), "de"),
    ]


@pytest.mark.parametrize("source", [SAMPLE, ASPS], ids=["clean", "messy"])
def test_a_source_is_read_once_and_every_page_says_what_it_would_of_its_own(source, tmp_path, monkeypatch):
    path, times = shutil.copy(source, tmp_path / source.name), []
    real = load.readers.read
    monkeypatch.setattr(load.readers, "read", lambda *given: times.append(1) or real(*given))
    source_cells._book.cache_clear()
    once = pages(path, tmp_path / "once")
    assert len(times) == 1
    times.clear()
    monkeypatch.setattr(source_cells, "_book", source_cells._book.__wrapped__)
    anew = pages(path, tmp_path / "anew")
    assert len(times) > 3
    for first, second in zip(once, anew, strict=True):
        assert repr(first).replace("once", "anew") == repr(second)


@pytest.mark.parametrize("saved", ["cohort.xlsx", "report.toml", "cohort.xlsx.report.toml"])
def test_what_is_saved_is_read_again(tmp_path, saved):
    path = shutil.copy(SAMPLE, tmp_path / "cohort.xlsx")
    before = source_cells.book_of(str(path), "")
    assert source_cells.book_of(str(path), "") is before
    (tmp_path / saved).touch()
    os.utime(tmp_path / saved, (1, 1))
    assert source_cells.book_of(str(path), "") is not before
