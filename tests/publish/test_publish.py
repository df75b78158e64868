"""Publishing is whole or not at all, whatever fails and whenever the run is killed."""

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.publish import folder as module
from reportgen.publish.folder import publish, recover
from reportgen.run.pipeline import Request, root_of

OLD = {"report.html": b"old page", "report.pdf": b"old print"}
NEW = {"report.html": b"new page", "cases/P1.pdf": b"new case"}
PRIMITIVES = ("mkdir", "open", "fsync", "rename", "unlink", "rmdir")
EXCHANGE = pytest.mark.parametrize("exchange", [True, False], ids=["exchanged", "renamed"])


def with_manifest(files):
    return files | {"manifest.json": json.dumps({"outputs": dict.fromkeys(files, {})}).encode()}


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def fail_at(monkeypatch, turn: int, code: int) -> list[str]:
    """Let the turn-th change of the disk fail; returns the list that the changes are noted in."""
    calls = []

    def failing(name, real):
        def call(*args, **kwargs):
            if name == "open" and "published" not in str(args[0]):
                return real(*args, **kwargs)
            calls.append(name)
            if len(calls) == turn:
                raise OSError(code, os.strerror(code))
            return real(*args, **kwargs)

        return call

    for name in PRIMITIVES:
        monkeypatch.setattr(os, name, failing(name, getattr(os, name)))
    return calls


def test_makes_the_folder_hold_the_files(tmp_path):
    publish(NEW, tmp_path / "output" / "study")
    assert content(tmp_path / "output" / "study") == NEW


def test_a_second_run_replaces_the_first_and_leaves_nothing_beside_it(tmp_path):
    folder = tmp_path / "study"
    publish(with_manifest(OLD), folder)
    publish(with_manifest(NEW), folder)
    assert content(folder) == with_manifest(NEW)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".study.lock", "study"]


def test_what_no_run_made_stays(tmp_path):
    folder = tmp_path / "study"
    publish(with_manifest(OLD), folder)
    (folder / "notes.txt").write_text("mine")
    publish(with_manifest(OLD), folder, "2026-10")
    publish(with_manifest(NEW), folder)
    periods = {f"2026-10/{name}": data for name, data in with_manifest(OLD).items()}
    assert {name: data for name, data in content(folder).items() if not name.endswith(".lock")} == (
        with_manifest(NEW) | periods | {"notes.txt": b"mine"}
    )


def test_a_folder_without_a_manifest_loses_nothing_but_the_names_written(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "raw.xlsx").write_bytes(b"raw")
    (folder / "report.html").write_bytes(b"other")
    (folder / "link").symlink_to(tmp_path, target_is_directory=True)
    publish(NEW, folder)
    assert (folder / "raw.xlsx").read_bytes() == b"raw"
    assert (folder / "report.html").read_bytes() == b"new page"
    assert (folder / "link").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner, group and others")
def test_only_the_owner_reads(tmp_path):
    folder = tmp_path / "study"
    before = os.umask(0)
    try:
        publish(NEW, folder)
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    assert all(mode == (0o700 if path.is_dir() else 0o600) for path, mode in modes.items()), modes
    assert stat.S_IMODE((tmp_path / ".study.lock").stat().st_mode) == 0o600


def test_everything_is_on_the_disk_before_the_report_changes_places(tmp_path, monkeypatch):
    """A name that is there before its content would be an empty report after a power cut."""
    flushed, unflushed = set(), []

    def identity(status) -> tuple[int, int]:
        return status.st_dev, status.st_ino

    def fsync(handle, real=os.fsync):
        flushed.add(identity(os.fstat(handle)))
        real(handle)

    def swap(staging, folder, backup, real=module._swap):
        made = [staging, *staging.rglob("*")]
        unflushed.extend(path.name for path in made if identity(path.stat()) not in flushed)
        assert len(made) > len(NEW)
        flushed.clear()
        real(staging, folder, backup)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(module, "_swap", swap)
    publish(NEW, tmp_path / "study")
    assert unflushed == []
    assert identity(tmp_path.stat()) in flushed, "the new name itself"


@EXCHANGE
def test_every_change_of_the_disk_may_fail(tmp_path, monkeypatch, exchange):
    folder = tmp_path / "published"
    new = with_manifest(NEW)
    if not exchange:
        monkeypatch.setattr("reportgen.publish.folder._exchange", lambda one, other: False)
    publish(with_manifest(OLD), folder)
    for turn in range(1, 100):
        with monkeypatch.context() as patch:
            calls = fail_at(patch, turn, errno.ENOSPC)
            try:
                publish(new, folder)
            except MachineFailed as failure:
                assert failure.status == 4
                assert "the disk is full" in str(failure)
                said = "untouched" in str(failure)
            else:
                said = False
        assert content(folder) == (with_manifest(OLD) if said else new), f"turn {turn}: {calls}"
        if len(calls) < turn:
            break
        publish(with_manifest(OLD), folder)
        assert content(folder) == with_manifest(OLD)
        assert sorted(path.name for path in tmp_path.iterdir()) == [".published.lock", "published"]
    assert turn > 15
    assert content(folder) == new


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EACCES, "there is no permission"),
        (errno.EROFS, "can only be read"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_says_what_failed(tmp_path, monkeypatch, code, words):
    calls = fail_at(monkeypatch, 3, code)
    with pytest.raises(MachineFailed, match=words):
        publish(NEW, tmp_path / "published")
    assert len(calls) >= 3


@pytest.mark.parametrize("place", ["file", "file/study"])
def test_a_file_in_the_way_is_not_touched(tmp_path, place):
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(MachineFailed, match="a file, not a folder"):
        publish(NEW, tmp_path / place)
    assert (tmp_path / "file").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["/etc/passwd", "../out", "a/../../b", "", "a\\b"])
def test_a_name_that_leads_out_of_the_folder_is_a_bug(tmp_path, name):
    with pytest.raises(ValueError, match="relative path"):
        publish({name: b""}, tmp_path / "study")
    assert not any(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="sets a limit on the size of files")
def test_a_disk_that_takes_no_more_leaves_the_last_good_report(tmp_path):
    folder = tmp_path / "study"
    publish(with_manifest(OLD), folder)
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from reportgen.publish.folder import publish\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "publish({'small': b'x', 'report.pdf': b'x' * 5000}, Path(sys.argv[1]))\n"
    )
    run = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True)
    assert "MachineFailed" in run.stderr and "larger than is allowed" in run.stderr
    assert content(folder) == with_manifest(OLD)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".study.lock", "study"]


IN_ITS_OWN_DISK = """
mount -t tmpfs -o size=200k none "$1" || exit 77
shift
"$@"
"""
SMALL_DISK = """
import sys
from pathlib import Path
from reportgen.base.errors import MachineFailed
from reportgen.publish.folder import publish
folder = Path(sys.argv[1]) / "study"
publish({"report.html": b"old page"}, folder)
if sys.argv[2] == "read only":
    import subprocess
    subprocess.run(["mount", "-o", "remount,ro", sys.argv[1]], check=True)
try:
    publish({"report.html": b"n" * 150_000, "report.pdf": b"n" * 150_000}, folder)
except MachineFailed as failure:
    print(failure)
print({path.name: path.read_bytes() for path in folder.iterdir()})
print(sorted(path.name for path in folder.parent.iterdir()))
"""


@pytest.mark.parametrize(
    ("state", "words"), [("full", "the disk is full"), ("read only", "can only be read")]
)
def test_a_real_disk_that_is_full_or_read_only(tmp_path, state, words):
    unshare = shutil.which("unshare")
    if not unshare:
        pytest.skip("there is no unshare to mount a disk with")
    inner = [sys.executable, "-c", SMALL_DISK, str(tmp_path), state]
    command = [
        unshare,
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        IN_ITS_OWN_DISK,
        "sh",
        str(tmp_path),
        *inner,
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if run.returncode == 77 or "unshare" in run.stderr:
        pytest.skip(f"no disk may be mounted here: {run.stderr.strip()}")
    assert run.returncode == 0, run.stderr
    assert words in run.stdout
    assert "{'report.html': b'old page'}" in run.stdout
    assert "['.study.lock', 'study']" in run.stdout


KILLED = """
import os, signal, sys
from pathlib import Path
from reportgen.base import signals
from reportgen.publish import folder as module
turn, number, exchange = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "True"
count = 0
def deadly(real):
    def call(*args, **kwargs):
        global count
        count += 1
        if count == turn:
            os.kill(os.getpid(), number)
        return real(*args, **kwargs)
    return call
for name in ("fsync", "rename", "link", "unlink", "rmdir"):
    setattr(os, name, deadly(getattr(os, name)))
module._exchange = deadly(module._exchange) if exchange else lambda one, other: False
signals.listen()
try:
    module.publish({"report.html": b"new page"}, Path(sys.argv[1]))
except signals.Stopped as stopped:
    sys.exit(stopped.status)
"""


def struck(folder: Path, turn: int, number: int, exchange: bool) -> int:
    """Publish in a process that is sent the signal at its turn-th change of the disk; its exit status."""
    publish(with_manifest(OLD), folder)
    (folder / "notes.txt").write_text("mine")
    command = [sys.executable, "-c", KILLED, str(folder), str(turn), str(int(number)), str(exchange)]
    return subprocess.run(command).returncode


@EXCHANGE
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_at_any_moment_the_old_or_the_new_report_is_there(tmp_path, exchange):
    folder = tmp_path / "study"
    seen = set()
    for turn in range(1, 30):
        status = struck(folder, turn, signal.SIGKILL, exchange)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        seen.add(folder.exists())
        recover(folder)
        found = content(folder)
        assert found.pop("notes.txt") == b"mine"
        assert found in (with_manifest(OLD), {"report.html": b"new page"}), f"turn {turn}"
    assert turn > 8
    assert content(folder) == {"report.html": b"new page", "notes.txt": b"mine"}
    if exchange and sys.platform == "linux":
        assert seen == {True}, "there was a moment without a report"
    else:
        assert seen == {True, False}, "the kill between the two renames was not met"


@EXCHANGE
@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_at_any_moment_nothing_is_left_beside_the_old_or_the_new_report(tmp_path, number, exchange):
    folder = tmp_path / "study"
    for turn in range(1, 30):
        status = struck(folder, turn, number, exchange)
        if status == 0:
            break
        assert status == 128 + number
        found = content(folder)
        assert found.pop("notes.txt") == b"mine"
        assert found in (with_manifest(OLD), {"report.html": b"new page"}), f"turn {turn}"
        assert sorted(path.name for path in tmp_path.iterdir()) == [".study.lock", "study"]
    assert turn > 8


HOLDER = """
import sys
from pathlib import Path
from reportgen.publish.folder import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_source_whose_name_is_too_long_for_a_folder_is_wrong_usage():
    with pytest.raises(UsageError, match="too long"):
        root_of(Request("ä" * 111 + ".xlsx"))
    assert root_of(Request("ä" * 110 + ".xlsx"))


def test_a_second_run_is_told_who_holds_the_folder(tmp_path):
    folder = tmp_path / "study"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(MachineFailed, match=rf"process {holder.pid}, since \d{{4}}-\d\d-\d\d") as failure:
            publish(NEW, folder)
        assert failure.value.status == 4
        assert not folder.exists()
        holder.kill()
    publish(NEW, folder)
    assert content(folder) == NEW


def test_two_periods_of_one_source_share_its_lock(tmp_path):
    folder = tmp_path / "study"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(MachineFailed, match=f"process {holder.pid}"):
            publish(NEW, folder, "2026-10")
        holder.kill()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner, group and others")
def test_folders_made_on_the_way_are_the_owners_alone(tmp_path):
    publish(NEW, tmp_path / "output" / "study", "2026-10")
    for path in ("output", "output/study", "output/study/2026-10"):
        assert stat.S_IMODE((tmp_path / path).stat().st_mode) == 0o700


def test_a_disk_without_links_gets_copies(tmp_path, monkeypatch):
    folder = tmp_path / "study"
    publish(with_manifest(OLD), folder)
    (folder / "notes.txt").write_text("mine")
    monkeypatch.setattr(os, "link", Mock(side_effect=OSError(errno.EPERM, "no links here")))
    publish(with_manifest(NEW), folder)
    assert content(folder) == with_manifest(NEW) | {"notes.txt": b"mine"}
