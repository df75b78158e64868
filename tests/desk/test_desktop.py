"""Desktop entries: what a double-click would start, as each system reads it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from reportgen.desk.desktop import entry, installed

# A folder's name with all that a shell, an Exec line or a batch file takes for something else.
ODD = 'Süd "5" $HOME `id` %d a\\b; & ^'


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What stands in for Python writes down what it is told, a word a line, and where."""
    program, lines = tmp_path / "python", tmp_path / "lines"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{lines}.part' && mv '{lines}.part' '{lines}'\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return lines


def test_the_linux_entry_is_valid_and_starts_the_desk_of_its_folder(told, tmp_path):
    path = installed(tmp_path / ODD, "linux")
    assert path == tmp_path / ".local" / "share" / "applications" / "reportgen.desktop"
    text = path.read_text(encoding="utf-8")
    assert "Terminal=true\n" in text
    if validate := shutil.which("desktop-file-validate"):
        done = subprocess.run([validate, path], capture_output=True, text=True)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")
    if gio := shutil.which("gio"):
        path.write_text(
            text.replace("Terminal=true", "Terminal=false"), encoding="utf-8"
        )  # there is none here
        subprocess.run([gio, "launch", path], check=True, capture_output=True)
        end = time.monotonic() + 20
        while not told.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        assert told.read_text().splitlines() == ["-m", "reportgen", "desk", str(tmp_path / ODD)]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix reads it")
def test_the_mac_entry_starts_the_desk_of_its_folder(told, tmp_path):
    path = installed(tmp_path / ODD, "darwin")
    assert path == tmp_path / "Desktop" / "reportgen.command" and path.stat().st_mode & 0o111
    subprocess.run([path], check=True)
    assert told.read_text().splitlines() == ["-m", "reportgen", "desk", str(tmp_path / ODD)]


def test_the_windows_entry_says_its_code_page_first_and_lies_on_the_desktop_that_is_shown(
    told, tmp_path, monkeypatch
):
    path = installed(tmp_path / "Süd 100%", "win32")
    assert path == tmp_path / "Desktop" / "reportgen.cmd"
    lines = path.read_bytes().decode().split("\r\n")
    assert lines[:2] == ["@echo off", "chcp 65001 >nul"] and lines[3:] == ["if errorlevel 1 pause", ""]
    assert lines[2] == f'"{sys.executable}" "-m" "reportgen" "desk" "{tmp_path}/Süd 100%%"'

    class Key:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    shell = SimpleNamespace(HKEY_CURRENT_USER=0, OpenKey=lambda root, name: Key(),
                            QueryValueEx=lambda key, name: (f"$CLOUD/{name}", 2))  # fmt: skip
    monkeypatch.setitem(sys.modules, "winreg", shell)
    monkeypatch.setenv("CLOUD", "/cloud")
    assert entry(tmp_path, tmp_path, "win32")[0] == Path("/cloud/Desktop/reportgen.cmd")
