"""A finished run → its folder, whole or not at all.

The files are written into a hidden folder beside the target and flushed to the disk; what no run made (other
periods, a reader's notes) is linked into it; then the two folders change places in one step. Whatever fails
or is killed before that leaves the last good report untouched. Where the system can't exchange folders, the
old one is renamed away first: a run killed at that moment leaves the last good report in a hidden folder,
and the next run puts it back before it does anything else.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath

from reportgen.base.errors import MachineFailed, reason
from reportgen.base.message import message
from reportgen.base.signals import undisturbed
from reportgen.publish.run_files import sha256

if os.name == "nt":
    import msvcrt
else:
    import fcntl

# Far behind the holder's name, so that a second run can read the name while Windows locks this byte.
LOCKED_BYTE = 1 << 20
UNREAD = "unread"
AT_FDCWD, RENAME_EXCHANGE = -100, 2


def publish(
    files: Mapping[str, bytes], root: Path, place: str = "", taken: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Make `root`, or the folder `place` within it ("external/2026-10"), hold the files, readable by the owner only,
    or raise and leave it as it was.

    files: relative path → content; "cases/P1.pdf" lands in a sub-folder. Files that an earlier run left
    (those its manifest.json names) and this one does not make are gone afterwards; whatever else lies in
    the folder stays. taken: of files in the folder that people write into, the SHA-256 of what was taken in from
    them; one that is another is not replaced but set aside. The names under which such files lie are returned.
    One run at a time publishes to `root`, whatever the place. Raises MachineFailed when the disk is full, writing
    is not permitted, or another run is publishing there.
    """
    check_names(files)
    published, aside = False, ()
    try:
        root = Path(os.path.realpath(root))
        folder = root / place
        make_private(folder.parent)
        with locked(root):
            staging, backup = beside(folder, "new"), beside(folder, "old")
            recover(folder)
            try:
                _write_all(files, staging)
                aside = set_aside(folder, staging, taken or {})
                _carry(folder, staging)
                with undisturbed():
                    _swap(staging, folder, backup)
                    published = True
                    flush_folder(folder.parent)
                    _remove(staging, backup)
            finally:
                if not published:
                    shutil.rmtree(staging, ignore_errors=True)
    except OSError as failure:
        if published:
            raise MachineFailed(
                message(
                    "the report is in {folder}, but deleting the one before it failed: {why}. The next run "
                    "tries again.",
                    folder=folder,
                    why=reason(failure),
                )
            ) from failure
        raise MachineFailed(
            message(
                "the report could not be written to {folder}: {why}. The last good report is untouched; "
                "mend this, or choose another folder with --output.",
                folder=folder,
                why=reason(failure),
            )
        ) from failure
    return aside


def set_aside(folder: Path, target: Path, taken: Mapping[str, str]) -> tuple[str, ...]:
    """Give files of the folder that were not taken in as they are a free name in `target`; these names.

    taken: as in `publish`.
    """
    names = []
    for name, known in taken.items():
        path = folder / name
        if not path.is_file() or sha256(path.read_bytes()) == known:
            continue
        number = 1
        while any(os.path.lexists(place / unread(name, number)) for place in (folder, target)):
            number += 1
        names.append(unread(name, number))
        write_file(target / names[-1], path.read_bytes())
    return tuple(names)


def unread(name: str, number: int) -> str:
    """Under which name a file is set aside: queries.unread-1.xlsx."""
    path = PurePosixPath(name)
    return f"{path.stem}.{UNREAD}-{number}{path.suffix}"


def recover(folder: Path) -> None:
    """Put right what a killed run left beside the folder; the caller holds its lock."""
    staging, backup = beside(folder, "new"), beside(folder, "old")
    if backup.exists() and not folder.exists():
        backup.rename(folder)
    _remove(staging, backup)


def check_names(files: Mapping[str, bytes]) -> None:
    """ValueError for a name that would leave the folder."""
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
            raise ValueError(f"a file of a run must have a relative path within its folder, not {name!r}")


def beside(folder: Path, word: str) -> Path:
    """The hidden neighbour of a folder or file: ".study.new"."""
    return folder.with_name(f".{folder.name}.{word}")


def _write_all(files: Mapping[str, bytes], staging: Path) -> None:
    staging.mkdir(mode=0o700)
    for name, content in files.items():
        path = staging / name
        for parent in reversed(path.relative_to(staging).parents[:-1]):
            (staging / parent).mkdir(mode=0o700, exist_ok=True)
        write_file(path, content)
    for inner in [staging, *(path for path in staging.rglob("*") if path.is_dir())]:
        flush_folder(inner)


def write_file(path: Path, content: bytes) -> None:
    """A new file, readable by the owner only, flushed to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Let the names in a folder survive a power cut; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_private(folder: Path) -> None:
    """The folder and its parents; those that were not there are the owner's alone."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "a file is in the way", str(folder))


def _carry(folder: Path, staging: Path) -> None:
    """Let the new folder have what no run made: the same files, not copies, where the disk can do that."""
    made = _made_by_run(folder)
    for place, folders, names in os.walk(folder):
        for name in [*names, *(name for name in folders if Path(place, name).is_symlink())]:
            source = Path(place, name)
            target = staging / source.relative_to(folder)
            if target.relative_to(staging).as_posix() in made or os.path.lexists(target):
                continue
            target.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
            try:
                os.link(source, target, follow_symlinks=False)
            except (OSError, NotImplementedError):  # a disk without hard links
                shutil.copy2(source, target, follow_symlinks=False)


def _swap(staging: Path, folder: Path, backup: Path) -> None:
    """Put the new folder in the old one's place. The old one is then at `staging` or at `backup`."""
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "a file is in the way", str(folder))
    if folder.exists() and _exchange(staging, folder):
        return
    if folder.exists():
        folder.rename(backup)
    try:
        staging.rename(folder)
    except BaseException:
        if backup.exists():
            backup.rename(folder)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, so that there is no moment without either; Linux only."""
    call = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    return call is not None and not call(
        AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE
    )


def _remove(*folders: Path) -> None:
    for folder in folders:
        if folder.exists():
            shutil.rmtree(folder)


def _made_by_run(folder: Path) -> set[str]:
    """The files of a published run by its own manifest; none when there is no manifest to read."""
    try:
        outputs = json.loads((folder / "manifest.json").read_bytes())["outputs"]
        return {"manifest.json", *outputs}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return set()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One run at a time per folder. The system frees the lock when its process ends, however it ends."""
    path = beside(folder, "lock")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(handle):
            holder = os.pread(handle, 200, 0) if hasattr(os, "pread") else path.read_bytes()
            raise MachineFailed(
                message(
                    "another run is publishing to {folder} ({b}). Wait until it is done, or choose another "
                    "folder with --output.",
                    folder=folder,
                    b=holder.decode(errors="replace").strip() or "just begun",
                )
            )
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()}, since {datetime.now():%Y-%m-%d %H:%M:%S}".encode())
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        if os.name == "nt":
            os.lseek(handle, LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as failure:
        if failure.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True
