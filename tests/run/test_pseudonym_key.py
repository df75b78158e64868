"""A key of the pseudonyms that is lost, exchanged, or no file."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

import pytest

from reportgen.base.errors import MachineFailed
from reportgen.run.pipeline import Request, build
from tests.workbooks import minimal_patients, write_workbook


@pytest.fixture
def source(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("REPORTGEN_KEY_FILE", raising=False)
    return write_workbook(tmp_path / "c.xlsx", patients=minimal_patients(5))


def board(source: Path, new: bool = False) -> Path:
    wanted = {"privacy.profile": "board"}
    return build(
        Request(source, None, source.parent / "out", "", ("csv",), wanted, new_pseudonyms=new)
    ).folder


def test_a_lost_key_is_noticed_and_no_new_one_is_made(source):
    board(source)
    key = source.parent / "out" / ".reportgen-key"
    key.unlink()
    with pytest.raises(MachineFailed, match="is gone.*--new-pseudonyms"):
        board(source)
    assert not key.exists()
    board(source, new=True)
    assert key.exists() and board(source)


def test_an_exchanged_key_is_noticed_until_new_pseudonyms_are_wanted(source):
    folder = board(source)
    before = (folder / "patients.csv").read_text()
    key = source.parent / "out" / ".reportgen-key"
    right = key.read_text()
    key.write_text(secrets.token_hex(32) + "\n")
    with pytest.raises(MachineFailed, match="is not the one"):
        board(source)
    assert (folder / "patients.csv").read_text() == before
    board(source, new=True)
    assert (folder / "patients.csv").read_text() != before
    board(source)
    key.write_text(right)
    with pytest.raises(MachineFailed, match="is not the one"):
        board(source)


def test_what_is_kept_of_the_key_does_not_tell_it(source):
    folder = board(source)
    mark = json.loads((folder / "manifest.json").read_text())["pseudonyms"]
    key = (source.parent / "out" / ".reportgen-key").read_text().strip()
    assert len(mark) == 16 and mark not in key and mark[:8] not in key


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_a_key_that_is_no_regular_file_is_refused(source, monkeypatch, kind):
    place = source.parent / "key"
    if kind == "pipe":
        os.mkfifo(place, 0o600)
    elif kind == "folder":
        place.mkdir(mode=0o700)
    else:
        place = Path("/dev/zero")
    monkeypatch.setenv("REPORTGEN_KEY_FILE", str(place))
    with pytest.raises(MachineFailed, match="no regular file"):
        board(source)
