"""The manifest: which cohorts, with which settings, and every fault of it at once."""

from datetime import date
from pathlib import Path

import pytest

from reportgen.base.errors import UsageError
from reportgen.batch.manifest import Asked, read_manifest


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "centres").mkdir()
    for name in ("b.xlsx", "a.xlsx", "~$a.xlsx", ".hidden.xlsx", "old.xlsx", "report.toml"):
        (tmp_path / "centres" / name).touch()
    (tmp_path / "vienna.csv").touch()
    return tmp_path


def read(folder: Path, text: str, asked: Asked = Asked()):  # noqa: B008 (frozen)
    path = folder / "manifest.toml"
    path.write_text(text, encoding="utf-8")
    return read_manifest(path, asked)


def test_a_pattern_is_one_cohort_per_file_in_order_of_names(folder):
    entries, output = read(folder, '[[cohort]]\nsource = "centres/*"\nexclude = ["old*"]\n')
    assert [entry.name for entry in entries] == ["a", "b"] and output == Path("output")
    assert entries[0].request.source == folder / "centres" / "a.xlsx"
    assert entries[0].request.formats == ("html", "pdf")


def test_the_cohort_wins_over_defaults_and_the_command_over_both(folder):
    text = """
[defaults]
period = "2026-10"
profile = "board"
format = "html"
[defaults.settings.report]
time_unit = "months"
[[cohort]]
source = "vienna.csv"
name = "Vienna"
profile = "internal"
config = "vienna.toml"
[cohort.settings.gates]
cox = 12
[[cohort]]
source = "postgresql://reader@host/registry"
"""
    (vienna, registry), _ = read(folder, text)
    assert vienna.name == "Vienna" and vienna.request.period == "2026-10"
    assert vienna.request.overrides == {
        "time_unit": "months", "gates.cox": 12, "cutoff": date(2026, 10, 31), "profile": "internal"
    }  # fmt: skip
    assert vienna.request.config == folder / "vienna.toml" and vienna.request.formats == ("html",)
    assert registry.name == "registry" and registry.request.overrides["profile"] == "board"
    asked = Asked(Path("far"), None, "", date(2026, 6, 30), ("pdf",), "external", "", "exclude", True)
    (vienna, _), output = read(folder, text, asked)
    assert output == Path("far") == vienna.request.output and vienna.request.period == ""
    assert vienna.request.overrides["cutoff"] == date(2026, 6, 30)
    assert (vienna.request.overrides["profile"], vienna.request.formats) == ("external", ("pdf",))
    assert vienna.request.on_invalid == "exclude" and vienna.request.strict


def test_all_faults_are_said_at_once(folder):
    text = """
title = "x"
[defaults]
profil = "board"
[[cohort]]
sorce = "a"
[[cohort]]
source = "nothing/*.xlsx"
[[cohort]]
source = "vienna.csv"
period = "October"
[[cohort]]
source = "vienna.csv"
strict = "yes"
on_invalid = "ignore"
[[cohort]]
source = "vienna.csv"
period = "2026-01"
cutoff = 2026-01-30
"""
    with pytest.raises(UsageError) as failed:
        read(folder, text)
    for said in ("unknown section 'title'", "unknown key 'profil'; did you mean 'profile'", "unknown key 'sorce'",
                 "has no source", "no file fits 'nothing/*.xlsx'", "YYYY-MM", "strict is 'yes'", "refuse or exclude",
                 "give one of them"):  # fmt: skip
        assert said in str(failed.value), said


def test_two_cohorts_never_share_a_folder(folder):
    (folder / "vienna.xlsx").touch()
    with pytest.raises(UsageError, match="would both land in output/vienna"):
        read(folder, '[[cohort]]\nsource = "vienna.*"\n')
    entries, _ = read(
        folder, '[[cohort]]\nsource = "vienna.csv"\n[[cohort]]\nsource = "vienna.xlsx"\noutput = "two"\n'
    )
    assert len(entries) == 2


@pytest.mark.parametrize("text", ["", "cohort = 3\n", "[defaults]\nformat = 3\n", "not toml"])
def test_a_manifest_that_is_none(folder, text):
    with pytest.raises(UsageError, match="In manifest.toml|not valid TOML"):
        read(folder, text)


def test_a_period_and_the_last_day_of_it_say_the_same(folder):
    text = '[[cohort]]\nsource = "vienna.csv"\nperiod = "2026-01"\ncutoff = 2026-01-31\n'
    entries, _ = read(folder, text)
    assert (
        entries[0].request.period == "2026-01" and str(entries[0].request.overrides["cutoff"]) == "2026-01-31"
    )
