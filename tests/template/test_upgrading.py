"""`reportgen upgrade`: settings of an earlier version, brought up to date without losing a line."""

from __future__ import annotations

import pytest

from reportgen import __version__
from reportgen.schemas import as_text
from reportgen.settings.sources import settings_of_text
from reportgen.template import SCHEMA
from tests.commands import command as run

OLD = '# of the ward\n[report]\ntitle = "Ours"   # as agreed\n\n[gates]\ncox = 20\n'


def test_a_line_is_added_and_none_is_lost(tmp_path):
    (tmp_path / "report.toml").write_text(OLD)
    done = run("upgrade", cwd=tmp_path)
    assert done.returncode == 0 and f"+#:schema {SCHEMA}" in done.stdout.splitlines()
    after = (tmp_path / "report.toml").read_text()
    assert after == f"#:schema {SCHEMA}\n{OLD}"
    assert settings_of_text("report.toml", after) == settings_of_text("report.toml", OLD)
    assert (tmp_path / SCHEMA).read_text("utf-8") == as_text("report.toml")
    assert (tmp_path / "report.toml").stat().st_mode & 0o077 == 0
    again = run("upgrade", cwd=tmp_path)
    assert again.stdout == f"report.toml is up to date with reportgen {__version__}.\n"
    assert (tmp_path / "report.toml").read_text() == after


def test_an_old_schema_is_renewed_and_one_of_the_house_stays(tmp_path):
    (tmp_path / "report.toml").write_text(f"#:schema {SCHEMA}\n{OLD}")
    (tmp_path / SCHEMA).write_text("{}")
    done = run("upgrade", "report.toml", cwd=tmp_path)
    assert done.stdout == f"{SCHEMA} is that of reportgen {__version__} now.\n"
    (tmp_path / "own.toml").write_text(own := f"#:schema ours.json\n{OLD}")
    assert "up to date" in run("upgrade", "own.toml", cwd=tmp_path).stdout
    assert (tmp_path / "own.toml").read_text() == own


@pytest.mark.parametrize("text", ['[report]\ntitel = "x"\n', "[report\n", "[gates]\ncox = -1\n"])
def test_what_is_not_understood_is_said_and_stays(tmp_path, text):
    (tmp_path / "report.toml").write_text(text)
    done = run("upgrade", cwd=tmp_path)
    assert done.returncode == 2 and "report.toml" in done.stderr
    assert (tmp_path / "report.toml").read_text() == text and not (tmp_path / SCHEMA).exists()


def test_no_settings_are_said(tmp_path):
    done = run("upgrade", cwd=tmp_path)
    assert done.returncode == 2 and "reportgen upgrade CONFIG" in done.stderr
