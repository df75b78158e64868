"""Large CSV files read by columns give the sheet that the csv module gives; what is not regular is left to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from bench.make_registry import write
from reportgen.base.errors import DataRefused
from reportgen.cohort.readers import delimited, regular
from reportgen.settings.model import Settings

REGULAR = (
    "a,b\n1,2\n",
    'a,b\r\n"x, y",\r\n"",z\r\n\r\n',
    "id;größe\nA;für\nB;NA\n",
    "a,b,c\n1,,\n2, ,\n",
    "a,\n1,\n2,\n",
    "a,b\n ,\n1,nan\n,\n",
    "a,a\n1,2\n3,null",
    'sep=;\na;b\n1;"2,0"\n',
)
LEFT = (
    'a,b\n"1""2",3\n',
    'a,b\n"1\n2",3\n',
    "a,b\n\n1,2\n",
    "a,b\r1,2\r",
    'a,b\nx"y,2\n',
    'a,b\n"x"y,2\n',
    'a,b\n"x,"y\n',
    "a,b\n1,2,3\n",
    "a,b\n1\n",
    "\na,b\n1,2\n",
    f"a,b\n{'x' * 140_000},2\n",
)


def read(text: str, encoding: str = "utf-8"):
    """The sheet and what was said of it, or the issues for which the text is refused."""
    try:
        (sheet,), issues = delimited.read("patients.csv", text.encode(encoding), Settings())
    except DataRefused as refused:
        return refused.issues
    return sheet, issues


def both(text: str, monkeypatch, encoding: str = "utf-8"):
    usual = read(text, encoding)
    monkeypatch.setattr(regular, "FROM_BYTES", 0)
    by_columns = read(text, encoding)
    if not isinstance(usual[-1], tuple):
        assert by_columns == usual
        return
    (a, said), (b, said_too) = usual, by_columns
    assert said == said_too and (a.name, a.header, a.header_row) == (b.name, b.header, b.header_row)
    assert (a.faults, a.typed, a.place) == (b.faults, b.typed, b.place)
    assert_frame_equal(a.frame, b.frame, check_index_type=False)


@pytest.mark.parametrize("text", [*REGULAR, *LEFT])
def test_both_ways_give_the_same(text, monkeypatch):
    both(text, monkeypatch)


@given(text=st.text(st.sampled_from('ab,;"\r\n é1'), max_size=60))
def test_both_ways_give_the_same_of_any_text(text):
    with pytest.MonkeyPatch.context() as patch:
        both("a,b\n" + text, patch)


def test_what_is_regular_is_read_by_columns(monkeypatch):
    monkeypatch.setattr(regular, "FROM_BYTES", 0)
    assert all(regular.read_regular(text.encode(), ",") is not None for text in REGULAR[:2])
    assert all(regular.read_regular(text.encode(), ",") is None for text in LEFT)


def test_equal_cells_are_one_object(tmp_path, monkeypatch):
    write(tmp_path / "registry", 300, csv=True)
    text = (tmp_path / "registry" / "toxicities.csv").read_text()
    both(text, monkeypatch)
    sheet, _issues = read(text)
    assert len(set(map(id, sheet.frame[1]))) == sheet.frame[1].nunique() < len(sheet.frame)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp437"])
def test_whatever_the_encoding_behind_a_beginning_in_ascii(encoding, monkeypatch):
    monkeypatch.setattr(delimited, "BEGINNING", 20)
    monkeypatch.setattr(delimited, "SAMPLE_ROWS", 3)
    both("a,b\n" + "1,2\n" * 9 + "für,x\n", monkeypatch, encoding)


@pytest.mark.parametrize("text", [*REGULAR, *LEFT])
@pytest.mark.parametrize("piece", [1, 2, 3, 5])
def test_a_file_looked_at_in_pieces_is_regular_or_not_all_the_same(text, piece, monkeypatch):
    monkeypatch.setattr(regular, "FROM_BYTES", 0)
    whole = regular.read_regular(text.encode(), ",") is None
    # A cell of a hundred thousand letters is cut into hundreds of pieces, not into as many as it has letters.
    monkeypatch.setattr(regular, "PIECE", piece if len(text) < 1000 else 997 * piece)
    assert (regular.read_regular(text.encode(), ",") is None) == whole
