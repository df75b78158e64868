"""Fonts, folders, disk, clock and encoding."""

from __future__ import annotations

import errno
import locale
import os
import shutil
import stat
import sys
import tempfile
from datetime import date
from pathlib import Path

from reportgen.base.clock import FIRST_DAY, REMEDY
from reportgen.base.errors import ReportError, reason
from reportgen.doctor.finding import DOUBTFUL, OK, WRONG, Check
from reportgen.doctor.libraries import AGAIN

# A report of eight patients takes 1 MB; while it is published the one before it still lies beside it.
NEEDED, COMFORTABLE = 20_000_000, 500_000_000
LAST_DAY = date(2046, 1, 1)
WINDOWS = os.name == "nt"


def check_fonts() -> Check:
    """The fonts that the report carries inside itself. The system's own fonts are not needed."""
    try:
        from reportgen.render.html.fonts import FACES, charset, font_bytes

        letters = min(len(font_bytes(face)) for face in FACES) and len(charset())
    except ImportError as error:
        return Check("fonts", WRONG, f"can't be read without the package {error.name}", AGAIN)
    except (OSError, ReportError) as error:
        found = reason(error) if isinstance(error, OSError) else str(error)
        return Check("fonts", WRONG, f"missing from this installation: {found}", AGAIN)
    return Check("fonts", OK, f"{len(FACES)} faces, {letters} characters")


def check_output(output: Path) -> list[Check]:
    """Whether reports can be written to the folder, by this user alone, and how much room there is."""
    folder = Path(os.path.realpath(output))
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return _folder("output folder", output, there)


def check_temporary() -> list[Check]:
    """The folder in which libraries keep fonts and sheets for a moment."""
    try:
        there = Path(tempfile.gettempdir())
    except OSError as error:
        remedy = "set TEMP=%USERPROFILE%" if WINDOWS else "export TMPDIR=$HOME"
        return [Check("temporary folder", WRONG, f"there is none: {reason(error)}", remedy)]
    return _folder("temporary folder", there, there)


def _folder(name: str, wanted: Path, there: Path) -> list[Check]:
    return [_writable(name, wanted, there), _room(name, there)]


def _writable(name: str, wanted: Path, there: Path) -> Check:
    me = "%USERNAME%:F" if WINDOWS else '"$(id -un)"'
    remedy = f'icacls "{there}" /grant {me}' if WINDOWS else f'sudo chown {me} "{there}"'
    if not there.is_dir():
        return Check(name, WRONG, f"{there} is a file, not a folder", f'mv "{there}" "{there}.old"')
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".reportgen-") as probe:
            probe.write(b"probe")
            probe.flush()
            private = WINDOWS or not stat.S_IMODE(os.fstat(probe.fileno()).st_mode) & 0o077
    except OSError as error:
        if error.errno == errno.EROFS:
            remedy = f'sudo mount -o remount,rw "$(df --output=target "{there}" | tail -1)"'
        elif error.errno == errno.ENOSPC:
            remedy = _make_room(there)
        return Check(name, WRONG, f"{wanted} can't be written: {reason(error)}", remedy)
    if not private:
        found = f"{wanted} lies on a disk that can't keep files private: others can read the reports"
        return Check(
            name, DOUBTFUL, found, 'choose another folder: reportgen build … --output "$HOME/reports"'
        )
    return Check(name, OK, f"{wanted} can be written")


def _room(name: str, there: Path) -> Check:
    free = shutil.disk_usage(there).free
    state = WRONG if free < NEEDED else DOUBTFUL if free < COMFORTABLE else OK
    return Check(
        f"room in the {name}", state, f"{free / 1e6:.0f} MB", "" if state == OK else _make_room(there)
    )


def _make_room(there: Path) -> str:
    return "make room: " + ("cleanmgr" if WINDOWS else f'du -xh "{there}" | sort -h | tail')


def check_clock() -> Check:
    """A report is dated, and overdue patients are counted, by this clock."""
    today = date.today()
    if FIRST_DAY <= today < LAST_DAY:
        return Check("clock", OK, today.isoformat())
    return Check("clock", WRONG, f"{today.isoformat()} can't be right", REMEDY)


def check_encoding() -> Check:
    """Whether file names and messages can hold every letter. Files are written in UTF-8 in any case."""
    used = {sys.getfilesystemencoding(), locale.getpreferredencoding(False), sys.stdout.encoding or "none"}
    unlike = sorted(name for name in used if name.lower().replace("-", "") not in ("utf8", "none"))
    if not unlike:
        return Check("encoding", OK, "UTF-8")
    remedy = "set PYTHONUTF8=1" if WINDOWS else "export LC_ALL=C.UTF-8"
    return Check("encoding", DOUBTFUL, f"{', '.join(unlike)}: messages may show \\x codes", remedy)
