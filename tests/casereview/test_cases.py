"""The command: whose reviews are made, where they land, and what happens when one of them fails."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import shutil
import stat
import subprocess
import weakref
from dataclasses import replace
from datetime import date
from multiprocessing import active_children
from time import monotonic, sleep

import pikepdf
import pytest

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.casereview import one_review as making
from reportgen.casereview.cases import CaseRequest, CasesFailed, cases
from reportgen.casereview.spool import Shelf
from reportgen.parallel.pool import FEW, GATHERED, attempt, make_all
from reportgen.publish.review_links import recorded_reviews
from reportgen.run.pipeline import Request, build
from reportgen.verification import verify
from tests.casereview import cohorts
from tests.casereview.pool_work import Slow, Square
from tests.chapters.chapters import HOSTILE
from tests.commands import command
from tests.conftest import SAMPLE, TWO_GROUPS
from tests.pdf_gate import faults
from tests.schemas import test_schemas as schemas
from tests.workbooks import write_workbook

PASSWORD = "correct horse battery"


def ask(output, *patients, source=SAMPLE, **options) -> CaseRequest:
    common = {name: options.pop(name) for name in ("overrides", "period") if name in options}
    everyone = options.pop("everyone", not patients)
    return CaseRequest(Request(source, output=output, **common), tuple(patients), everyone, jobs=1, **options)


@pytest.fixture(scope="module")
def first_alone(tmp_path_factory):
    """A folder of runs in which the first patient of the sample has a review. Tests take a copy."""
    output = tmp_path_factory.mktemp("alone")
    cases(ask(output, "S01"))
    return output


@pytest.fixture(scope="module")
def of_everyone(tmp_path_factory):
    output = tmp_path_factory.mktemp("everyone")
    assert cases(ask(output)).patients == 8
    return output


def copied(runs, output):
    """→ the folder of the reviews in a copy of these runs."""
    shutil.copytree(runs, output, dirs_exist_ok=True)
    return output / "ap_imt_crizotinib" / "cases"


def index(folder) -> dict:
    found = json.loads((folder / "index.json").read_text())
    assert schemas.faults("index.json", found) == []
    return found


def text_of(path) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout


def test_one_patient_is_published_under_a_pseudonym(tmp_path):
    outcome = cases(ask(tmp_path, "s01", question="Stop now?"))
    assert outcome.folder == tmp_path / "ap_imt_crizotinib" / "cases" and outcome.patients == 1
    (row,) = index(outcome.folder)["cases"]
    assert row["patient"] == "S01" and "S01" not in row["pseudonym"]
    path = outcome.folder / row["file"]
    assert path.name == f"{row['pseudonym']}.pdf"
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) for file in outcome.folder.iterdir()} == {0o600}
    pages = text_of(path).split("\f")[:-1]
    assert 1 <= len(pages) <= 2
    for page in pages:
        assert row["pseudonym"] in page and "Confidential" in page
        assert "Data cut-off 2018-06-30" in page and "reportgen 0." in page
    assert "Stop now?" in pages[0]


def test_slides_of_a_review_say_what_it_says_and_name_nobody_under_the_profile_board(tmp_path):
    import pptx

    request = ask(tmp_path, "s01", question="Stop now?", overrides={"privacy.profile": "board"})
    outcome = cases(replace(request, common=replace(request.common, formats=("pdf", "pptx"))))
    name = next(name for name in outcome.files if name.endswith(".pptx"))
    assert name.removesuffix(".pptx") + ".pdf" in outcome.files
    deck = pptx.Presentation(outcome.folder / name)
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    words = " ".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    words += " ".join(cell.text for s in shapes if s.has_table for row in s.table.rows for cell in row.cells)
    assert "Stop now?" in words and name.removesuffix(".pptx") in words and "Recommendation" in words
    assert sum(shape.shape_type == 13 for shape in shapes) >= 2
    assert "S01" not in words and not re.search(r"20\d\d-\d\d-\d\d", words.replace("2018-06-30", ""))


def test_slides_alone_need_no_pdf_library(tmp_path, monkeypatch):
    """`--format pptx` made the PDF all the same: where Pango is missing no review could be had."""
    monkeypatch.setattr("reportgen.render.pdf.document.render_pdf", None)
    request = ask(tmp_path, "S01")
    alone = replace(request, common=replace(request.common, formats=("pptx",)))
    outcome = cases(alone)
    (row,) = index(outcome.folder)["cases"]
    assert row["file"] == f"{row['pseudonym']}.pptx" and (outcome.folder / row["file"]).is_file()
    assert not list(outcome.folder.glob("*.pdf"))
    assert verify(outcome.folder).intact
    with pytest.raises(UsageError, match="password"):
        cases(replace(alone, password=PASSWORD))


def test_what_no_review_could_be_made_for_is_said_once(tmp_path, monkeypatch):
    def without(*_, **__):
        raise MachineFailed("A PDF needs Pango.")

    monkeypatch.setattr("reportgen.render.pdf.document.render_pdf", without)
    with pytest.raises(CasesFailed) as failed:
        cases(ask(tmp_path))
    assert failed.value.status == MachineFailed.status
    assert str(failed.value).splitlines()[1:] == [
        "  S01, S02, S03, S04, S05, S06, S07, S08: A PDF needs Pango."
    ]


def test_nothing_is_set_twice_at_the_end_of_a_page(tmp_path):
    """The two columns that do not fit on the first page once stood on the second with one of them doubled."""
    outcome = cases(ask(tmp_path, "L026", source=TWO_GROUPS))
    (row,) = index(outcome.folder)["cases"]
    text = text_of(outcome.folder / row["file"])
    for words in ("Vital status", "Present status", "Measurements over time", "Best response to it", "Facts"):
        assert text.count(words) <= 1, words
    assert text.count("Vital status") == 1


def test_the_pdf_is_tagged_and_archival_and_the_same_every_time(first_alone, tmp_path):
    key = first_alone / ".reportgen-key"
    first = first_alone / "ap_imt_crizotinib" / "cases"
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / key.name).write_bytes(key.read_bytes())
    (tmp_path / "two" / key.name).chmod(0o600)
    second = cases(ask(tmp_path / "two", "S08", "S01"))
    (row,) = index(first)["cases"]
    pdf = (first / row["file"]).read_bytes()
    assert faults(pdf) == []
    assert pdf == (second.folder / row["file"]).read_bytes()


def test_reviews_of_the_same_data_stay_and_others_go(first_alone, tmp_path):
    folder = copied(first_alone, tmp_path)
    cases(ask(tmp_path, "S02"))
    assert {row["patient"] for row in index(folder)["cases"]} == {"S01", "S02"}
    cases(ask(tmp_path, "S03", overrides={"landmarks": (2,)}))
    assert {row["patient"] for row in index(folder)["cases"]} == {"S03"}
    assert len(list(folder.glob("*.pdf"))) == 1


@pytest.mark.parametrize("damaged", ["[]", '{"outputs": 3}', "{", '{"outputs": {"index.json": {}}}'])
def test_a_damaged_manifest_of_earlier_reviews_ends_nothing_and_loses_nothing(first_alone, tmp_path, damaged):
    folder = copied(first_alone, tmp_path)
    (folder / "manifest.json").write_text(damaged)
    before = {path.name for path in folder.glob("*.pdf")}
    cases(ask(tmp_path, "S02"))
    assert {row["patient"] for row in index(folder)["cases"]} == {"S02"}
    assert before < {path.name for path in folder.glob("*.pdf")}


def test_the_report_beside_them_is_not_disturbed(tmp_path):
    report = tmp_path / "ap_imt_crizotinib" / "report.html"
    report.parent.mkdir()
    report.write_text("the last good report")
    cases(ask(tmp_path, "S01"))
    assert report.read_text() == "the last good report"


def test_a_period_has_its_own_folder(tmp_path):
    assert cases(ask(tmp_path, "S01", period="2018-06")).folder.relative_to(tmp_path).as_posix() == (
        "ap_imt_crizotinib/2018-06/cases"
    )


def test_an_encrypted_copy_opens_with_its_password_only(tmp_path):
    outcome = cases(ask(tmp_path, "S01", password=PASSWORD))
    (row,) = index(outcome.folder)["cases"]
    sealed = (outcome.folder / row["encrypted"]).read_bytes()
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(sealed))
    with pikepdf.open(io.BytesIO(sealed), password=PASSWORD) as document:
        assert document.encryption.bits == 256 and document.encryption.R == 6
        assert document.encryption.stream_method == pikepdf.models.EncryptionMethod.aesv3
    assert row["pseudonym"].encode() not in sealed and b"S01" not in sealed
    assert PASSWORD not in (outcome.folder / "manifest.json").read_text()


@pytest.mark.parametrize(
    ("patients", "options", "words"),
    [
        ((), {"everyone": False}, "--all"),
        (("S01",), {"everyone": True}, "--all"),
        (("S01", "S99"), {}, "'S99'"),
        (("S01",), {"password": "short"}, "at least 12"),
        (("S01",), {"overrides": {"privacy.profile": "external"}}, "external"),
    ],
)
def test_what_cannot_be_asked(tmp_path, patients, options, words):
    with pytest.raises(UsageError, match=words):
        cases(ask(tmp_path, *patients, **options))
    assert not (tmp_path / "ap_imt_crizotinib").exists()


def test_under_board_the_patient_has_a_pseudonym_and_relative_times(tmp_path):
    internal = index(cases(ask(tmp_path / "i", "S01")).folder)
    outcome = cases(ask(tmp_path / "b", "S01", overrides={"privacy.profile": "board"}))
    (row,) = index(outcome.folder)["cases"]
    assert set(row) == {"pseudonym", "file"} and "patient" in internal["cases"][0]
    text = text_of(outcome.folder / row["file"])
    assert "S01" not in text and "2015-04" not in text and "after 6.0 months" in text
    assert "Board profile" in text
    assert "(recorded)" not in text and "site: recorded" not in text  # of what is hidden nothing is said


def test_a_fault_in_one_review_is_nobody_elses(tmp_path, monkeypatch):
    compose = making.compose

    def faulty(case, **options):
        if case.id == "S02":
            raise ZeroDivisionError("a value of the data: 1975-03-01")
        return compose(case, **options)

    monkeypatch.setattr(making, "compose", faulty)
    with pytest.raises(CasesFailed) as failed:
        cases(ask(tmp_path, "S01", "S02", "S03"))
    assert failed.value.status == 1 and list(failed.value.outcome.failures) == ["S02"]
    assert "S02" in str(failed.value) and "1975" not in str(failed.value)
    found = index(failed.value.outcome.folder)
    assert {row["patient"] for row in found["cases"]} == {"S01", "S03"} and len(found["failed"]) == 1


def test_a_machine_that_fails_is_no_bug():
    def full(position):
        raise OSError(28, "No space left on device", "/a/path")

    made = attempt(full, 3)
    assert made.status == MachineFailed.status and "/a/path" not in made.failure and made.files == {}


@pytest.mark.skipif(os.name != "posix", reason="a process is killed as POSIX does it")
def test_a_process_that_dies_takes_nobody_with_it():
    made = {}
    make_all(Square(), range(FEW + 4), 2, lambda one: made.update({one.position: one}))
    assert set(made) == set(range(FEW + 4))
    assert [place for place, one in made.items() if one.status] == [3]
    assert made[3].status == MachineFailed.status and made[5].files == {"5": b"25"}


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Ring:
    """Makes what only a search for garbage finds, and remembers when it is gone."""

    def __init__(self):
        self.alive = 0

    def __call__(self, position: int) -> dict[str, bytes]:
        assert not gc.isenabled()
        links = [[] for _ in range(GATHERED // 2)]
        for link, other in zip(links, links[1:] + links[:1], strict=True):
            link.append(other)
        knot = Knot()
        knot.own, self.alive = (knot, links), self.alive + 1
        weakref.finalize(knot, self.untied)
        return {}

    def untied(self) -> None:
        self.alive -= 1


class Knot:
    own: tuple


def test_what_documents_leave_behind_is_swept_now_and_then():
    ring, most = Ring(), []
    assert gc.isenabled()
    make_all(ring, range(12), 1, lambda one: most.append(ring.alive))
    assert all(most) and max(most) <= 3 and gc.isenabled() and gc.get_freeze_count() == 0


def test_a_run_that_is_stopped_leaves_no_process_behind():
    def stop(made):
        raise KeyboardInterrupt

    before = set(active_children())
    with pytest.raises(KeyboardInterrupt):
        make_all(Slow(), range(FEW + 4), 2, stop)
    started = set(active_children()) - before
    # Asked of the system: is_alive() is stale where the pool's own thread was the one to reap the child.
    assert started
    waited = monotonic() + 20
    while (left := [child.pid for child in started if exists(child.pid)]) and monotonic() < waited:
        sleep(0.05)
    assert not left


def test_a_shelf_gives_back_what_was_put_there():
    with Shelf() as shelf:
        for name, content in (("a", b"one"), ("b", b""), ("c", b"three"), ("a", b"four")):
            shelf.put(name, content)
        assert dict(shelf) == {"a": b"four", "b": b"", "c": b"three"} and len(shelf) == 3


@pytest.mark.parametrize("who", ["HEAVY", "BARE", "RECENT"])
def test_extremes_fit_two_pages(tmp_path, who):
    outcome = cases(ask(tmp_path, who, source=cohorts.write(tmp_path), question="A long question? " * 25))
    (row,) = index(outcome.folder)["cases"]
    pdf = (outcome.folder / row["file"]).read_bytes()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) <= 2
    assert faults(pdf) == [] and len(pdf) < 150_000


def test_the_command_line(tmp_path):
    def run(*arguments, **environment):
        return command("case", SAMPLE, *arguments, cwd=tmp_path, env=os.environ | environment, strict=True)

    done = run("S01", "--encrypt", "--json", REPORTGEN_PASSWORD=PASSWORD)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    said = json.loads(done.stdout)
    assert said["patients"] == 1 and said["status"] == "done" and len(said["files"]) == 4
    assert run("S01", "--encrypt").returncode == 2
    assert run("S99").returncode == 2
    assert run("S01", "--format", "html").returncode == 2
    assert run().returncode == 2


def test_many_at_once_are_the_same_bytes_as_one_by_one(of_everyone, tmp_path):
    before = {path.name: path.read_bytes() for path in copied(of_everyone, tmp_path).glob("*.pdf")}
    together = cases(replace(ask(tmp_path), jobs=2))
    assert before == {path.name: path.read_bytes() for path in together.folder.glob("*.pdf")}
    assert len(before) == 8 and together.patients == 8


def test_hostile_words_are_only_words(tmp_path):
    people = [cohorts.other(place) for place in (1, 2, 3, 4)]
    for column, word in zip(("diagnosis", "treatment", "stage", "fusion_partner"), HOSTILE, strict=False):
        people[0][column] = word
    toxicities = [{"patient_id": "O01", "term": word, "grade": 3, "onset_date": cohorts.day(100), "action": word}
                  for word in HOSTILE]  # fmt: skip
    lines = [{"patient_id": "O01", "line": k, "treatment": word, "start_date": cohorts.day(40 + 50 * k),
              "stop_date": cohorts.day(60 + 50 * k)} for k, word in enumerate(HOSTILE)]  # fmt: skip
    source = write_workbook(tmp_path / "c.xlsx", patients=people, toxicities=toxicities, treatments=lines)
    outcome = cases(ask(tmp_path, "O01", source=source, question=" ".join(HOSTILE)))
    (pdf,) = (path.read_bytes() for path in outcome.folder.glob("*.pdf"))
    assert faults(pdf) == []


def led_to(folder) -> dict[str, str]:
    """Where the names of patients lead to in a report's page."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    return {name: place for place, name in re.findall(r'<a href="(cases/[^"]*)">([^<]*)</a>', page)}


def test_the_report_leads_to_the_reviews_beside_it(of_everyone, tmp_path):
    """To those of the same data and cut-off, whose file is there; and `verify` can make it again."""
    reviews = copied(of_everyone, tmp_path)
    files = {row["patient"]: row["file"] for row in index(reviews)["cases"]}
    gone = files.pop("S03")
    (reviews / gone).unlink()
    folder = build(Request(SAMPLE, output=tmp_path, formats=("html",))).folder
    assert led_to(folder) == {name: f"cases/{file}" for name, file in files.items()} and len(files) == 7
    assert all((folder / place).is_file() for place in led_to(folder).values())
    verdict = verify(folder, SAMPLE)
    lost = [(finding.kind, finding.name) for finding in verdict.findings]
    assert lost == [("missing", f"cases/{gone}")] and verdict.checked["pages"] == 1
    folder = build(Request(SAMPLE, output=tmp_path, formats=("html",))).folder
    shutil.rmtree(reviews)
    assert verify(folder, SAMPLE).intact  # what the run was made with is in its manifest
    assert led_to(build(Request(SAMPLE, output=tmp_path, formats=("html",))).folder) == {}


@pytest.mark.parametrize("change", [{"cutoff": date(2017, 6, 30)}, {"privacy.profile": "board"}])
def test_a_report_leads_to_no_review_that_speaks_otherwise(first_alone, tmp_path, change):
    copied(first_alone, tmp_path)
    report = build(Request(SAMPLE, output=tmp_path, formats=("html",), overrides=change))
    assert led_to(report.folder) == {}
    assert "reviews" not in json.loads((report.folder / "manifest.json").read_text())["request"]


def test_a_manifest_leads_nowhere_else(tmp_path):
    for place in ("https://example.org/cases/x.pdf", "cases/../x.pdf", "javascript:alert(1)", 7):
        with pytest.raises(LookupError):
            recorded_reviews({"reviews": {"S01": place}})
