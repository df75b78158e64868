"""The monthly run, for whatever starts programs on this machine: systemd, cron, or the task scheduler of Windows."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from reportgen.base.errors import UsageError
from reportgen.unattended.schedule import cron, systemd, windows
from reportgen.unattended.schedule.plan import Plan, Wanted, plan_of

__all__ = ["KINDS", "Plan", "Wanted", "files_of", "install", "installed", "kind_here", "plan_of", "remove"]
KINDS = ("systemd", "cron", "windows")


def kind_here() -> str:
    """What starts programs on this machine."""
    if os.name == "nt":
        return "windows"
    if shutil.which("systemctl") and (Path("/run/systemd/system").is_dir() or not shutil.which("crontab")):
        return "systemd"
    return "cron"


def files_of(plan: Plan, kind: str) -> dict[str, str]:
    """What is to be installed, by the name that it has there."""
    if kind == "systemd":
        return systemd.units(plan)
    return {"crontab": cron.block(plan)} if kind == "cron" else {f"{plan.name}.xml": windows.task(plan)}


def install(plan: Plan, kind: str) -> list[str]:
    """Install for this user; what was done, and how to undo it. A second time it changes nothing."""
    return _of(kind).install(plan)


def installed(plan: Plan, kind: str) -> tuple[int, str] | None:
    """Day of the month and time of the day of the plan as it is installed; None where it is not."""
    return _of(kind).installed(plan)


def remove(plan: Plan, kind: str) -> list[str]:
    """Take away what `install` has put there; what was done."""
    return _of(kind).remove(plan)


def _of(kind: str):
    if kind != "windows" and os.name == "nt":
        raise UsageError("Windows has neither systemd nor cron: leave --kind away.")
    return {"systemd": systemd, "cron": cron, "windows": windows}[kind]
