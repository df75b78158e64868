"""What a check says, and the command of this system's package manager that mends a missing library."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass

OK, DOUBTFUL, WRONG = "ok", "doubtful", "wrong"


@dataclass(frozen=True)
class Check:
    """state: OK, DOUBTFUL (a report can be made) or WRONG. remedy: the command that mends it."""

    name: str
    state: str
    found: str
    remedy: str = ""


COMMANDS = {
    "apt-get": "sudo apt install",
    "dnf": "sudo dnf install",
    "pacman": "sudo pacman -S",
    "apk": "sudo apk add",
    "zypper": "sudo zypper install",
    "brew": "brew install",
    "choco": "choco install msys2 && C:\\tools\\msys64\\usr\\bin\\pacman -S --noconfirm",
}


def install(packages: Mapping[str, str]) -> str:
    """The command that installs a library here. packages: package manager → the names it has there."""
    for manager, command in COMMANDS.items():
        if manager in packages and shutil.which(manager):
            return f"{command} {packages[manager]}"
    return f"install {packages['apt-get']} (as Debian names it) with this system's package manager"
