"""A finished run → its folder, whole or not at all.

The files are written into a hidden folder beside the target and flushed to the disk; then the target is
swapped for it by renaming. Whatever fails before the swap leaves the last good report untouched. A run
killed between the two renames leaves the last good report in a hidden folder; the next run puts it back
before it does anything else.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath

from reportgen.errors import MachineFailed
from reportgen.run_files import manifest, results_json

__all__ = ["manifest", "publish", "recover", "results_json"]

if os.name == "nt":
    import msvcrt
else:
    import fcntl

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EACCES: "there is no permission to write there",
    errno.EPERM: "there is no permission to write there",
    errno.EROFS: "the file system can only be read",
    errno.ENOTDIR: "part of the path is a file, not a folder",
    errno.EEXIST: "part of the path is a file, not a folder",
    getattr(errno, "EDQUOT", None): "the disk quota is used up",
}
# Far behind the holder's name, so that a second run can read the name while Windows locks this byte.
LOCKED_BYTE = 1 << 20


def publish(files: Mapping[str, bytes], folder: Path) -> None:
    """Make `folder` hold the files, readable by the owner only, or raise and leave it as it was.

    files: relative path → content; "cases/P1.pdf" lands in a sub-folder. Files that an earlier run left
    (those its manifest.json names) and this one does not make are gone afterwards; whatever else lies in
    the folder stays. Raises MachineFailed when the disk is full, writing is not permitted, or another run
    is publishing to the same folder.
    """
    _check_names(files)
    published = False
    try:
        folder = Path(os.path.realpath(folder))
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _lock(folder):
            staging, backup = _beside(folder, "new"), _beside(folder, "old")
            recover(folder)
            try:
                _write_all(files, staging)
                _swap(staging, folder, backup)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
            published = True
            _flush_folder(folder.parent)
            _retire(backup, folder)
    except OSError as failure:
        reason = REASONS.get(failure.errno, failure.strerror or str(failure))
        if published:
            raise MachineFailed(
                f"the report is in {folder}, but putting away the one before it failed: {reason}. "
                "The next run tries again."
            ) from failure
        raise MachineFailed(
            f"the report could not be written to {folder}: {reason}. The last good report is untouched; "
            "mend this, or choose another folder with --output."
        ) from failure


def recover(folder: Path) -> None:
    """Put right what a killed run left beside the folder; the caller holds its lock."""
    staging, backup = _beside(folder, "new"), _beside(folder, "old")
    if backup.exists() and not folder.exists():
        backup.rename(folder)
    _retire(backup, folder)
    if staging.exists():
        shutil.rmtree(staging)


def _check_names(files: Mapping[str, bytes]) -> None:
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
            raise ValueError(f"a file of a run must have a relative path within its folder, not {name!r}")


def _beside(folder: Path, word: str) -> Path:
    return folder.with_name(f".{folder.name}.{word}")


def _write_all(files: Mapping[str, bytes], staging: Path) -> None:
    staging.mkdir(mode=0o700)
    for name, content in files.items():
        path = staging / name
        for parent in reversed(path.relative_to(staging).parents[:-1]):
            (staging / parent).mkdir(mode=0o700, exist_ok=True)
        _write(path, content)
    for inner in [staging, *(path for path in staging.rglob("*") if path.is_dir())]:
        _flush_folder(inner)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(staging: Path, folder: Path, backup: Path) -> None:
    if folder.exists():
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "a file is in the way", str(folder))
        folder.rename(backup)
    try:
        staging.rename(folder)
    except BaseException:
        if backup.exists():
            backup.rename(folder)
        raise


def _retire(backup: Path, folder: Path) -> None:
    """Carry over what no run made (other periods, a reader's notes), then delete the old report."""
    if not backup.exists():
        return
    made = _made_by_run(backup)
    for place, folders, names in os.walk(backup):
        for name in [*names, *(name for name in folders if Path(place, name).is_symlink())]:
            source = Path(place, name)
            inner = source.relative_to(backup)
            if inner.as_posix() not in made and not os.path.lexists(folder / inner):
                (folder / inner).parent.mkdir(parents=True, mode=0o700, exist_ok=True)
                source.rename(folder / inner)
    shutil.rmtree(backup)


def _made_by_run(folder: Path) -> set[str]:
    """The files of a published run by its own manifest; none when there is no manifest to read."""
    try:
        outputs = json.loads((folder / "manifest.json").read_bytes())["outputs"]
        return {"manifest.json", *outputs}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return set()


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One run at a time per folder. The system frees the lock when its process ends, however it ends."""
    path = _beside(folder, "lock")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(handle):
            holder = os.pread(handle, 200, 0) if hasattr(os, "pread") else path.read_bytes()
            raise MachineFailed(
                f"another run is publishing to {folder} ({holder.decode(errors='replace').strip() or 'just begun'}). "
                "Wait until it is done, or choose another folder with --output."
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
