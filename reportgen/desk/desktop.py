"""A desktop entry for who never opens a terminal: a double-click opens the desk."""

from __future__ import annotations

import os
import shlex
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from reportgen.base.errors import MachineFailed, UsageError, reason

NAME = "reportgen"
SHELL_FOLDERS = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


def installed(folder: Path, system: str = sys.platform) -> Path:
    """The desktop entry that opens the desk on a folder, made for this user. MachineFailed where it can't be,
    UsageError for a name that would be a line of its own in it.

    system: "linux" gives a .desktop file among the applications, "darwin" a .command and "win32" a .cmd on the desktop.
    """
    if not str(folder).isprintable():
        raise UsageError(
            "The folder has a line break or the like in its name, which no desktop entry can hold."
        )
    path, text = entry(folder, Path.home(), system)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\r\n" if system == "win32" else "\n")
        path.chmod(0o755 if system == "darwin" else 0o644)
    except OSError as failure:
        raise MachineFailed(f"The desktop entry can't be made: {reason(failure)}.") from failure
    return path


def entry(folder: Path, home: Path, system: str) -> tuple[Path, str]:
    """Where the entry of a system lies, and what is in it."""
    command = (sys.executable, "-m", "reportgen", "desk", str(folder))
    if system == "darwin":
        return home / "Desktop" / f"{NAME}.command", f"#!/bin/sh\nexec {shlex.join(command)}\n"
    if system == "win32":
        quoted = " ".join('"{}"'.format(word.replace("%", "%%")) for word in command)
        # The console reads a batch file in a code page of its own unless it is told; what went wrong stays in sight.
        return _desktop(
            home
        ) / f"{NAME}.cmd", f"@echo off\nchcp 65001 >nul\n{quoted}\nif errorlevel 1 pause\n"
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    text = (
        "[Desktop Entry]\nType=Application\nVersion=1.0\nName=reportgen\n"
        "Comment=Outcome reports from a clinical workbook\nComment[de]=Ergebnisberichte aus einer Tabelle der Klinik\n"
        f"Exec={' '.join(map(_quoted, command))}\nTerminal=true\nCategories=Science;MedicalSoftware;\n"
    )
    return data / "applications" / f"{NAME}.desktop", text


def _desktop(home: Path) -> Path:
    """Where Windows has this user's desktop, which a cloud's folder may hold in place of the home folder."""
    try:
        winreg: Any = import_module("winreg")
    except ImportError:  # another system asks what it would be
        return home / "Desktop"
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, SHELL_FOLDERS) as key:
        return Path(os.path.expandvars(winreg.QueryValueEx(key, "Desktop")[0]))


def _quoted(word: str) -> str:
    """A word of an Exec line, as the Desktop Entry Specification quotes it: once for the string, once for the line."""
    inner = word.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "\\$")
    return '"{}"'.format(inner.replace("\\", "\\\\").replace("%", "%%"))
