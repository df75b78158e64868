"""Pseudonyms: the same for the same patient and key, different otherwise; the key is the owner's alone."""

from __future__ import annotations

import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.errors import MachineFailed
from reportgen.privacy import pseudonyms as module
from reportgen.privacy.key_file import NAME, VARIABLE, read_key
from reportgen.privacy.pseudonyms import normalised, pseudonym, pseudonyms

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.lists(st.text(max_size=12), unique_by=normalised, max_size=30))
def test_every_patient_has_an_own_name_that_can_be_read_and_be_a_file(ids):
    names = pseudonyms(KEY, ids)
    assert set(names) == set(ids) and len(set(names.values())) == len(ids)
    assert all(re.fullmatch(r"[a-z]+-[a-z]+-[0-9A-HJKMNP-TV-Z]{2,}", name) for name in names.values())


@pytest.mark.parametrize("spelling", ["S01", " s01 ", "Ｓ０１", "S01\u00a0"])
def test_one_patient_has_one_name_however_the_id_is_spelled(spelling):
    assert pseudonym(KEY, spelling) == pseudonym(KEY, "S01")
    assert len(set(pseudonyms(KEY, ["S01", spelling]).values())) == 1


def test_another_key_gives_other_names():
    assert pseudonym(KEY, "S01") != pseudonym(OTHER, "S01")


def test_a_name_does_not_depend_on_who_else_is_there():
    assert pseudonyms(KEY, ["S01", "S02", "S03"])["S02"] == pseudonyms(KEY, ["S02"])["S02"]


def test_names_that_begin_alike_are_told_apart_and_still_begin_as_before(monkeypatch):
    ids = [f"S{i}" for i in range(200)]
    monkeypatch.setattr(module, "MORE", 3)
    names = pseudonyms(KEY, ids, letters=1)
    assert len(set(names.values())) == 200
    assert all(name.startswith(pseudonym(KEY, patient, 1)) for patient, name in names.items())


def test_names_that_cannot_be_told_apart_are_refused(monkeypatch):
    monkeypatch.setattr(module, "pseudonym", lambda key, patient, letters: "P-0")
    with pytest.raises(ValueError, match="one pseudonym"):
        pseudonyms(KEY, ["S01", "S02"])


def test_it_is_the_hmac_that_it_claims_to_be():
    # printf 'reportgen/patient/1\0s01' | openssl dgst -sha256 -mac HMAC -macopt key:kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
    import hashlib
    import hmac

    mac = hmac.new(KEY, b"reportgen/patient/1" + bytes(1) + b"s01", hashlib.sha256).digest()
    bits = f"{int.from_bytes(mac, 'big'):0256b}"
    words = f"{module.FIRST[int(bits[:7], 2)]}-{module.SECOND[int(bits[7:14], 2)]}"
    letters = "".join(module.ALPHABET[int(bits[i : i + 5], 2)] for i in range(14, 24, 5))
    assert pseudonym(KEY, "S01") == f"{words}-{letters}"


def test_its_words_are_as_many_as_their_bits_and_none_twice():
    for words in (module.FIRST, module.SECOND):
        assert len(set(words)) == 128


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    key = read_key(tmp_path / "output")
    assert len(key) == 32 and read_key(tmp_path / "output") == key
    assert [path.name for path in (tmp_path / "output").iterdir()] == [NAME]
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "output" / NAME).stat().st_mode) == 0o600


def test_two_first_runs_at_once_get_the_same_key(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(read_key, [tmp_path] * 8))) == 1
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_the_key_may_lie_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "safe" / "key"))
    key = read_key(tmp_path / "output")
    assert read_key(tmp_path / "other output") == key and not (tmp_path / "output").exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_a_key_that_others_can_read_is_refused_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    key = read_key(tmp_path)
    (tmp_path / NAME).chmod(0o640)
    with pytest.raises(MachineFailed, match="chmod 600") as refused:
        read_key(tmp_path)
    assert key.hex() not in str(refused.value)


@pytest.mark.parametrize("content", ["", "00ff", "no key at all", "ß"])
def test_what_is_no_key_is_refused_and_not_replaced(tmp_path, monkeypatch, content):
    monkeypatch.delenv(VARIABLE, raising=False)
    path = tmp_path / NAME
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(MachineFailed, match="no key"):
        read_key(tmp_path)
    assert path.read_text(encoding="utf-8") == content


def test_a_key_that_cannot_be_made_is_the_machine_s_failure(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    (tmp_path / "output").write_text("a file in the way")
    with pytest.raises(MachineFailed, match="can't be read or made"):
        read_key(tmp_path / "output")
