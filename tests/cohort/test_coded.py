"""Columns as codes: pandas does with them what it does with objects, and a cohort of them gives the same report."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.make_registry import registry
from reportgen.base.errors import DataRefused
from reportgen.cohort import coded, distinct
from reportgen.cohort.checks.same_rows import repeated
from reportgen.cohort.coded import Coded, factorized
from reportgen.cohort.load import check_cohort, load_cohort, read_source
from reportgen.cohort.raw import RawWorkbook
from reportgen.cohort.readers.with_codes import with_codes
from reportgen.cohort.whole_columns import inferred
from reportgen.publish.run_files import results_json
from reportgen.run.composing import analyse
from reportgen.settings.model import Settings
from tests.random_cohorts import random_book

KINDS = (st.sampled_from(["a", "B", "b ", "ä", "10"]), st.sampled_from([0.5, 2.0, -1.0]),
         st.integers(0, 4).map(lambda days: date(2020, 1, 1) + timedelta(days)))  # fmt: skip
COLUMNS = st.one_of(*(st.lists(st.one_of(st.none(), kind), max_size=12) for kind in KINDS))


def of(cells, rest=()) -> tuple[pd.Series, pd.Series]:
    """A column of objects and the same as codes, which also know cells that stand in none of its rows."""
    cells = [*cells, *rest]
    objects = np.empty(len(cells), object)
    objects[:] = cells
    both = pd.Series(objects), pd.Series(Coded._from_sequence(objects))
    return tuple(column.iloc[: len(cells) - len(rest)] for column in both)


def same(one, other) -> bool:
    """Whether two results are alike, where nothing is nothing: None, nan and NaT."""
    if isinstance(one, pd.Series):
        return same(one.index.tolist(), other.index.tolist()) and same(one.tolist(), other.tolist())
    one, other = list(one), list(other)
    return len(one) == len(other) and all(
        (pd.isna(a) and pd.isna(b)) or (a == b and type(a) is type(b))
        for a, b in zip(one, other, strict=True)
    )


@given(COLUMNS, st.data())
def test_pandas_does_the_same_with_codes_as_with_objects(cells, data):
    plain, codes = of(cells, rest=("never",))
    asked = [*cells, "other"]
    one = data.draw(st.sampled_from(asked))
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(cells), max_size=len(cells))), bool)
    words = {cell: str(cell) for cell in cells[::2] if cell is not None}
    for do in (
        lambda c: c.isna(), lambda c: c == one, lambda c: c != one, lambda c: c.isin([one, None]), lambda c: c.unique(),
        lambda c: c.duplicated(), lambda c: c.duplicated(keep=False), lambda c: c.duplicated(keep="last"),
        lambda c: c.value_counts(), lambda c: [c.nunique()], lambda c: c.dropna(), lambda c: c[mask],
        lambda c: c.map(words), lambda c: c.map(str, na_action="ignore"), lambda c: c.map(lambda x: x is None),
        lambda c: c.where(mask), lambda c: c.mask(mask, None), lambda c: c.mask(mask, "new"), lambda c: c.fillna("new"),
        lambda c: c.reindex([*c.index[::-1], 99]), lambda c: c.sort_values(kind="stable"), lambda c: c == c[::-1].array,
        lambda c: pd.concat([c, c[mask]]), lambda c: c.groupby(c).size(), lambda c: pd.factorize(c)[0],
        lambda c: factorized(c)[1], lambda c: c.isin(c[mask]), lambda c: pickle.loads(pickle.dumps(c)),
        lambda c: pd.DataFrame({"c": c, "n": 1}).notna().any(axis=1), lambda c: c.to_numpy(dtype=object),
    ):  # fmt: skip
        with pd.option_context(
            "future.no_silent_downcasting", True
        ):  # else objects become numbers, with a warning
            assert same(do(codes), do(plain))
    assert inferred(codes.dropna()) == inferred(
        plain.dropna()
    )  # beside None pandas takes 0.5 for an integer, too
    assert (inferred(codes, skipna=False) == "string") == (inferred(plain, skipna=False) == "string")
    by_name = pd.Series(range(int(plain.nunique())), index=pd.Index(plain.dropna().unique()))
    as_codes = by_name.set_axis(codes.dropna().unique())
    assert same(codes.map(as_codes), plain.map(by_name)) and same(plain.map(by_name), codes.map(by_name))


def results(cohort) -> bytes | str:
    return results_json(analyse(cohort)[0], {})


def as_codes(book: RawWorkbook) -> RawWorkbook:
    sheets = tuple(map(with_codes, book.sheets))
    assert any(coded.is_coded(sheet.frame[0]) for sheet in sheets)
    return replace(book, sheets=sheets)


@pytest.mark.parametrize("seed", range(40, 52))
def test_a_small_cohort_of_codes_gives_the_same_numbers_and_questions(seed, monkeypatch):
    book, chosen = random_book(seed)
    settings = replace(Settings(), **chosen)
    cohort, issues = check_cohort(book, settings, on_invalid="exclude")
    monkeypatch.setattr(coded, "MANY_ROWS", 1)
    coded_cohort, coded_issues = check_cohort(as_codes(book), settings, on_invalid="exclude")
    assert coded_issues == issues and (coded_cohort is None) == (cohort is None)
    if cohort is not None:
        assert results(coded_cohort) == results(cohort)


def write(folder, parts: int, **columns) -> None:
    """A registry of 120 patients as Parquet, with these columns of the patients changed."""
    for name, table in registry(120).items():
        table = table | (columns if name == "patients" else {})
        rows = pyarrow.table({key: pyarrow.array(cells, from_pandas=True) for key, cells in table.items()})
        (folder / name).mkdir(parents=True, exist_ok=True)
        size = len(rows) // parts + 1
        for part in range(parts):
            pyarrow.parquet.write_table(rows.slice(part * size, size), folder / name / f"part-{part}.parquet")


@pytest.mark.parametrize("parts", [1, 5])
def test_a_registry_gives_the_same_report_by_codes(tmp_path, monkeypatch, parts):
    write(tmp_path, parts)
    plain = load_cohort(tmp_path, overrides={"group": "arm"})
    monkeypatch.setattr(coded, "MANY_ROWS", 1)
    codes = load_cohort(tmp_path, overrides={"group": "arm"})
    # Of fifty million rows their names, written out, would be 0.4 GB for as long as the cohort is there.
    assert "_data" not in codes.toxicities.frame.index._cache
    assert coded.is_coded(codes.toxicities.frame["term"]) and not coded.is_coded(
        plain.toxicities.frame["term"]
    )
    assert codes.issues == plain.issues and results(codes) == results(plain)


def test_what_is_wrong_with_a_registry_is_asked_at_the_same_cells(tmp_path, monkeypatch):
    ids = registry(120)["patients"]["patient_id"].copy()
    ids[7], ids[30], ids[31] = (
        ids[3],
        "Anna Schmidt",
        None,
    )  # twice; a name, whose toxicities are nobody's; none
    sex = np.where(np.arange(120) % 50 == 9, "banana", "female").astype(object)
    write(tmp_path, 3, patient_id=ids, sex=sex)
    found = []
    for rows in (coded.MANY_ROWS, 1):
        monkeypatch.setattr(coded, "MANY_ROWS", rows)
        assert coded.is_coded(read_source(tmp_path).sheets[0].frame[0]) == (rows == 1)
        with pytest.raises(DataRefused) as caught:
            load_cohort(tmp_path)
        found.append(caught.value.issues)
    assert found[0] == found[1]
    said = {issue.code for issue in found[0]}
    assert {"DUPLICATE_ID", "ORPHAN_ROW", "MISSING_ID", "UNKNOWN_VALUE", "DIRECT_IDENTIFIER"} <= said


WORDS = st.lists(st.sampled_from(["a", "A ", "b", "7", 7, 1.5, date(2020, 1, 1), None]), max_size=30)


@given(WORDS, st.integers(1, 9), st.integers(1, 4), st.data())
def test_any_borders_of_parts_give_the_same_codes(cells, rows, look, data):
    """Of a column in parts that are put together, of which words are first seen, and of rows that are alike."""
    borders = sorted(data.draw(st.lists(st.integers(0, len(cells)), max_size=4)))
    parts = [
        Coded._from_sequence(cells[a:b]) for a, b in zip([0, *borders], [*borders, len(cells)], strict=True)
    ]
    together, whole = pd.concat([pd.Series(part) for part in parts]).array, Coded._from_sequence(cells)
    assert list(together) == list(whole)
    frame = pd.DataFrame({0: together, 1: np.arange(len(cells)) % 3})
    alike = repeated(frame)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(distinct, "PART", rows)
        patched.setattr(distinct, "FIRST_LOOK", look)
        for array in (together, whole):
            names = distinct.chosen(np.append(array.distinct, [None]), array.codes)
            assert list(names) == cells
            odd = distinct.rows_where(len(cells), lambda part, codes=array.codes: codes[part] % 2 == 1)
            assert (odd == (array.codes % 2 == 1)).all()
            codes, kinds = coded.in_order(array)
            assert [None if code < 0 else kinds[code] for code in codes] == cells
            assert list(kinds) == list(dict.fromkeys(cell for cell in cells if cell is not None))
        assert (repeated(frame) == alike).all()
        as_texts = [None if cell is None else str(cell).strip().lower() for cell in cells]
        rows_seen = list(zip(as_texts, frame[1], strict=True))
        assert alike.tolist() == [row in rows_seen[:place] for place, row in enumerate(rows_seen)]
