"""status.json: how the last run of a source ended, for those who were not there.

It lies in OUTPUT/<source stem>/, beside the report and the folders of the periods, and is no part of any report:
publishing carries it from folder to folder, and no manifest names it.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from reportgen.publish.folder import beside, make_private, write_file
from reportgen.publish.report_folders import places
from reportgen.publish.run_files import sha256

SCHEMA, NAME = "reportgen/status/1", "status.json"
RUNNING, DONE, REFUSED, FAILED, DIED = "running", "done", "refused", "failed", "died"
STATES = (RUNNING, DONE, REFUSED, FAILED)
UNSAID = {"command": "", "exit": None, "period": "", "started": "", "ended": None, "what_failed": "", "missing": [],
          "reports": [], "notices": []}  # fmt: skip


def read_status(root: Path) -> dict | None:
    """The status of the last run; None where there is none that can be read.

    A run that says that it is running, but whose process is no more, is said to have died.
    """
    try:
        status = json.loads((root / NAME).read_bytes())
        state = status["state"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    if state not in STATES or not all(
        isinstance(status.get(name, []), list) for name in ("missing", "reports")
    ):
        return None  # something else lies there, or somebody wrote into it: it tells nothing
    status = {**UNSAID, **status}
    return {**status, "state": DIED} if state == RUNNING and not _lives(status.get("process")) else status


def write_status(root: Path, status: Mapping[str, object]) -> None:
    """Put status.json into the folder, whole or not at all, readable by the owner only. Raises OSError."""
    make_private(root)
    new = beside(root / NAME, f"{os.getpid()}.new")
    try:
        write_file(new, (json.dumps(status, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode())
        new.replace(root / NAME)
    finally:
        new.unlink(missing_ok=True)


def this_process() -> dict[str, object]:
    """What tells this process from all others, now and after it has ended."""
    return {"pid": os.getpid(), "host": platform.node(), "birth": _birth(os.getpid())}


def _lives(process: object) -> bool:
    """Whether a process is still there; taken to be where that can't be known: on another machine."""
    if not isinstance(process, Mapping) or process.get("host") != platform.node():
        return True
    number = process.get("pid")
    if not isinstance(number, int) or number <= 0:
        return True
    if os.name == "nt":
        return _lives_on_windows(number)
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return _birth(number) in ("", process.get("birth"))


def _lives_on_windows(number: int) -> bool:
    import ctypes

    kernel, left = getattr(ctypes, "WinDLL")("kernel32"), ctypes.c_ulong()  # noqa: B009  there only on Windows
    handle = kernel.OpenProcess(0x1000, False, number)  # to ask for its state, no more
    if not handle:
        return False
    try:
        return bool(kernel.GetExitCodeProcess(handle, ctypes.byref(left))) and left.value == 259
    finally:
        kernel.CloseHandle(handle)


def _birth(number: int) -> str:
    """When a process was started, on Linux: numbers are given anew, to other processes."""
    with suppress(OSError, IndexError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        words = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        return f"{boot} {words[19]}"
    return ""


def published(root: Path) -> Iterator[dict]:
    """Every report of a source that lies in its folder, under whichever profile, the latest made first.

    ended: when it was made; cutoff, period, profile; folder: within that of the source; manifest_sha256, and
    "outputs" of the manifest, which is the proof of the report.
    """
    found = [(_written(folder), report) for folder in places(root) if (report := report_in(folder, root))]
    # Several may be made within a second, as when months are made up for.
    found.sort(key=lambda pair: (pair[1]["ended"], pair[0]), reverse=True)
    yield from (report for _written_at, report in found)


def made_in_time(report: Mapping) -> bool:
    """Whether a report was made when its month was over; one without a month always is."""
    return f"{datetime.fromisoformat(report['ended']).astimezone():%Y-%m}" > report["period"]


def _written(folder: Path) -> int:
    """When the manifest of a folder was written, in nanoseconds; 0 where it holds none."""
    with suppress(OSError):
        return (folder / "manifest.json").stat().st_mtime_ns
    return 0


def report_in(folder: Path, root: Path) -> dict | None:
    """The report that a folder holds, as `published` has it; None where it holds none."""
    try:
        content = (folder / "manifest.json").read_bytes()
        manifest = json.loads(content)
        made = datetime.fromisoformat(manifest["made"])
        return {
            "ended": made.isoformat(timespec="seconds"),
            "cutoff": manifest["cutoff"],
            "period": manifest["request"]["period"],
            "profile": manifest["settings"]["privacy"]["profile"],
            "folder": folder.relative_to(root).as_posix(),
            "manifest_sha256": sha256(content),
            "outputs": manifest["outputs"],
        }
    except (OSError, ValueError, LookupError, TypeError):
        return None
