"""Work on a real Dask cluster of this machine: a scheduler and two workers, one of which is killed midway."""

import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.make_registry import write
from reportgen.analyses import counting
from reportgen.base.errors import MachineFailed, UsageError
from reportgen.batch.making import Once
from reportgen.cohort.load import load_cohort
from reportgen.parallel.cluster import make_all_on, sum_on
from reportgen.run.pipeline import Request, build
from reportgen.stats.counts import Counts
from tests.commands import Command, command, start

pytest.importorskip("distributed")
DASK = ("distributed.cli.dask_scheduler", "distributed.cli.dask_worker")
SAMPLE = Path(__file__).parents[2] / "sample_data" / "ap_imt_crizotinib.xlsx"


@contextmanager
def cluster(folder: Path, *secured: str):
    """Its address, its two workers and its scheduler, each a process that nobody starts again. secured: Dask's options
    of TLS.
    """
    file = folder / "scheduler.json"
    common = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file), *secured]

    def begin(module: str, *more: str) -> Command:
        program = f"from {module} import main\nmain()"
        return start(*common, *more, program=program, cwd=Path(__file__).parents[2], libraries=DASK)

    scheduler, workers = begin(DASK[0], "--port", "0"), []
    try:
        waited = time.monotonic() + 60
        while not file.exists() and time.monotonic() < waited:
            time.sleep(0.1)
        more = ("--no-nanny", "--nthreads", "1", "--local-directory", str(folder))
        workers += [begin(DASK[1], *more) for _ in range(2)]
        yield _address(file), workers, scheduler
    finally:
        for process in (*workers, scheduler):
            process.kill()
        for process in (*workers, scheduler):
            process.ended()


def _secured(folder: Path) -> tuple[list[str], dict[str, str]]:
    """Of a cluster with TLS: the options of its processes, and what its clients have in their environment."""
    from distributed.security import Security

    made = Security.temporary()
    texts = {"ca-file": made.tls_ca_file, "cert": made.tls_client_cert, "key": made.tls_client_key}
    options, known = ["--protocol", "tls"], {}
    for name, text in texts.items():
        (folder / f"{name}.pem").write_text(text)
        options += [f"--tls-{name}", str(folder / f"{name}.pem")]
        of_client = name if name == "ca-file" else f"client__{name}"
        known[f"DASK_DISTRIBUTED__COMM__TLS__{of_client.replace('-', '_').upper()}"] = str(
            folder / f"{name}.pem"
        )
    return options, known


def _address(file: Path) -> str:
    import json

    return json.loads(file.read_text())["address"]


@dataclass(frozen=True)
class Noted:
    """Work that notes in a folder who began and ended it; position 3 first kills the process that has it."""

    folder: Path

    def __call__(self, position: int) -> dict[str, bytes]:
        dead = self.folder / "dead"
        if position == 3 and not dead.exists():
            dead.touch()
            os._exit(1)
        time.sleep(0.1)
        if position == 5:  # what fails makes nothing, and may be tried again
            raise MachineFailed("position 5 has no luck")
        with (self.folder / f"made-{position}").open("a") as stream:
            stream.write("once\n")
        return {"file": b"%d" % position}


def test_a_worker_is_killed_midway_and_nothing_is_lost_or_made_twice(tmp_path):
    made = {}
    with cluster(tmp_path) as (address, workers, _):
        make_all_on(
            address, Once(Noted(tmp_path), tmp_path), range(12), lambda one: made.update({one.position: one})
        )
        ended = [not worker.lives for worker in workers]
    assert sum(ended) == 1, "one of the workers died of it"
    assert sorted(made) == list(range(12))
    assert [place for place, one in made.items() if one.status] == [5] and made[5].status == 4
    assert all(one.files == {"file": b"%d" % place} for place, one in made.items() if place != 5)
    notes = {path.name: path.read_text() for path in tmp_path.glob("made-*")}
    assert notes == {f"made-{place}": "once\n" for place in range(12) if place != 5}


def test_a_batch_and_case_reviews_are_the_same_on_a_cluster(tmp_path):
    (tmp_path / "centres").mkdir()
    for name in "ab":
        (tmp_path / "centres" / f"{name}.xlsx").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "centres" / "d.xlsx").write_bytes(b"no workbook")
    (tmp_path / "m.toml").write_text('[defaults]\nformat = "html"\n[[cohort]]\nsource = "centres/*.xlsx"\n')

    def run(*arguments: str) -> subprocess.CompletedProcess:
        return command(*arguments, "--quiet", cwd=tmp_path)

    options, known = _secured(tmp_path)
    with cluster(tmp_path, *options) as (address, *_):
        assert address.startswith("tls://")
        lost = run("batch", "m.toml", "--output", "lost", "--scheduler", address)
        assert lost.returncode == 2 and "needs the certificates of this machine" in lost.stderr
        os.environ.update(known)
        far = run("batch", "m.toml", "--output", "far", "--scheduler", address)
        key = {"REPORTGEN_KEY_FILE": str(tmp_path / "key")}
        os.environ.update(key)
        try:
            cases = [run("case", str(SAMPLE), "S01", "S02", "--output", place, *more)
                     for place, more in (("one", ()), ("two", ("--scheduler", address)))]  # fmt: skip
        finally:
            for name in (*key, *known):
                del os.environ[name]
    near = run("batch", "m.toml", "--output", "near", "--workers", "2")
    assert (far.returncode, near.returncode) == (3, 3) and "1 of 3 cohorts" in far.stderr
    for name in ("a/results.json", "b/report.html", "index.html", "batch.json"):
        assert (tmp_path / "far" / name).read_bytes() == (tmp_path / "near" / name).read_bytes(), name
    assert [case.returncode for case in cases] == [0, 0], cases
    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / place).rglob("*.pdf")} for place in ("one", "two")
    )
    assert len(one) == 2 and one == two


@dataclass(frozen=True)
class Counted:
    """The counting of a part; the first process to be given one of so many patients dies of it."""

    folder: Path
    patients: int

    def __call__(self, piece: counting.Piece) -> Counts:
        dead = self.folder / "dead"
        if piece.patients == self.patients and not dead.exists():
            dead.touch()
            os._exit(1)
        return counting.counted(piece)


def test_a_registry_counted_in_parts_gives_the_same_report_to_the_last_byte(tmp_path, monkeypatch):
    write(tmp_path / "registry", 500)
    source = tmp_path / "registry"
    monkeypatch.setattr(counting, "PATIENTS", 48)
    dead, parts = tmp_path / "dead", -(-500 // 48)
    with cluster(tmp_path) as (address, workers, _):
        far = build(Request(source, output=tmp_path / "far", scheduler=address, formats=("html",)))
        assert not dead.exists()
        cohort, given = load_cohort(source), []

        def noted():
            for piece in counting.pieces(cohort):
                given.append(piece.patients)
                yield piece

        total = sum_on(address, Counted(tmp_path, 500 % 48), noted())
        ended = [not worker.lives for worker in workers]
        with pytest.raises(MachineFailed, match="was not counted: the cluster failed: ZeroDivisionError"):
            sum_on(address, fails, counting.pieces(cohort))
    assert dead.exists() and sum(ended) == 1, "one of the workers died of it"
    assert len(given) == parts and sum(given) == 500 == total.patients
    assert total.events == counting.counted(counting.whole(cohort)).events
    near = build(Request(source, output=tmp_path / "near", formats=("html",)))
    assert near.files == far.files
    for name in sorted(set(near.files) - {"manifest.json"}):
        assert (near.folder / name).read_bytes() == (far.folder / name).read_bytes(), name


@dataclass(frozen=True)
class Slow:
    """Work that takes longer than its worker lives, but for the first that is begun."""

    folder: Path

    def __call__(self, position: int) -> dict[str, bytes]:
        try:
            (self.folder / "begun").touch(exist_ok=False)
        except FileExistsError:
            time.sleep(60)
        return {}


@pytest.mark.parametrize("gone", ["workers", "scheduler"])
def test_nobody_waits_for_ever_for_a_cluster_that_is_gone(gone, tmp_path, monkeypatch):
    monkeypatch.setattr("reportgen.parallel.cluster.PATIENCE", 1.0)
    made = {}
    with cluster(tmp_path) as (address, workers, scheduler):

        def note(one):
            made[one.position] = one
            for process in workers if gone == "workers" else [scheduler]:
                process.kill()

        make_all_on(address, Slow(tmp_path), range(20), note)
    said = {
        "workers": "no worker of the cluster is left.",
        "scheduler": "the scheduler of the cluster is gone.",
    }
    assert sorted(made) == list(range(20)) and sum(one.status == 0 for one in made.values()) == 1
    assert {one.failure for one in made.values() if one.status == 4} == {said[gone]}


def fails(piece: counting.Piece) -> Counts:
    raise ZeroDivisionError(piece.patients)


@pytest.mark.parametrize("asked", [("build", str(SAMPLE)), ("case", str(SAMPLE), "S01"), ("batch", "m.toml")])
def test_a_cluster_without_tls_gets_no_patients_unless_told(tmp_path, asked):
    (tmp_path / "m.toml").write_text(f'[[cohort]]\nsource = "{SAMPLE}"\n')
    away = ("--scheduler", "tcp://127.0.0.1:9", "--output", "out", "--quiet")
    refused = command(*asked, *away, cwd=tmp_path)
    assert (
        refused.returncode == 2 and "has no TLS" in refused.stderr and "--insecure-cluster" in refused.stderr
    )
    assert not (tmp_path / "out").exists()


def test_no_cluster_is_said_and_not_waited_for_long(monkeypatch):
    monkeypatch.setattr("reportgen.parallel.cluster.WAIT", 2.0)
    with pytest.raises(UsageError, match="address such as"):
        make_all_on("localhost", Noted(Path()), [1], lambda one: None)
    with pytest.raises(MachineFailed, match="no scheduler with a worker"):
        make_all_on("tcp://127.0.0.1:9", Noted(Path()), [1], lambda one: None)
