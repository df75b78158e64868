"""A changed byte, number or input is found and named; an intact run is intact."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from datetime import date
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.base.gate_limits import GateLimits
from reportgen.publish import run_files
from reportgen.publish.run_files import seal_holds, sealed, sha256
from reportgen.publish.single_file import amend
from reportgen.run.pipeline import Request, build
from reportgen.settings.from_manifest import recorded_settings
from reportgen.settings.model import EndpointRule, Features, Settings
from reportgen.verification import second_opinion, verify
from reportgen.verification.attachments import attachments
from reportgen.verification.disagreements import disagreements
from reportgen.verification.verdict_words import as_json, as_text
from tests.conftest import SAMPLE, TWO_GROUPS


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A run of the sample with all its files, and one of HTML alone beside it."""
    folder = tmp_path_factory.mktemp("published")
    build(Request(SAMPLE, output=folder / "whole"))
    build(Request(SAMPLE, output=folder / "page", formats=("html",)))
    return folder


@pytest.fixture
def whole(published, tmp_path) -> Path:
    return shutil.copytree(published / "whole" / SAMPLE.stem, tmp_path / "run")


@pytest.fixture
def page(published, tmp_path) -> Path:
    return shutil.copytree(published / "page" / SAMPLE.stem, tmp_path / "run")


def kinds(verdict) -> list[tuple[str, str]]:
    return [(finding.kind, finding.name) for finding in verdict.findings]


def reseal(run: Path, **changes) -> None:
    """Change the manifest as someone would who covers his tracks: hashes and seal fit again."""
    manifest = json.loads((run / "manifest.json").read_text())
    del manifest["seal"]
    for name, entry in manifest["outputs"].items():
        content = (run / name).read_bytes()
        entry.update(sha256=sha256(content), bytes=len(content))
    text = json.dumps(manifest | changes, ensure_ascii=False, indent=1) + "\n"
    (run / "manifest.json").write_bytes(sealed(text.encode()))


def test_an_intact_run_is_intact_and_can_be_made_again(whole):
    alone, rebuilt = verify(whole), verify(whole / "manifest.json", SAMPLE)
    assert alone.intact and alone.checked == {"files": 5}
    assert rebuilt.findings == () and rebuilt.notes == ()
    assert rebuilt.checked["numbers"] > 300 and rebuilt.checked["pages"] == 2
    assert rebuilt.checked["second implementation"] >= 4


@pytest.mark.parametrize(
    "name", ["report.html", "report.pdf", "results.json", "queries.xlsx", "manifest.json"]
)
@pytest.mark.parametrize("place", [0.1, 0.6, 0.95])
def test_a_changed_byte_is_found_and_named(whole, name, place):
    content = bytearray((whole / name).read_bytes())
    content[int(place * len(content))] ^= 1
    (whole / name).write_bytes(bytes(content))
    assert ("changed", name) in kinds(verify(whole))


def test_missing_and_extra_files_are_named(whole):
    (whole / "report.pdf").rename(whole / "old report.pdf")
    (whole / "notes").mkdir()
    (whole / "notes" / "mine.txt").write_text("mine")
    assert kinds(verify(whole)) == [
        ("missing", "report.pdf"),
        ("extra", "notes/mine.txt"),
        ("extra", "old report.pdf"),
    ]


def test_another_month_is_another_run(published, whole):
    shutil.copytree(published / "page" / SAMPLE.stem, whole / "2026-10")
    (whole / ".2026-10.lock").touch()
    assert verify(whole).intact and verify(whole / "2026-10").intact


def test_the_runs_within_a_run_are_checked_too(published, whole):
    """Case reviews, and the reports of months: each has a manifest of its own."""
    inner = shutil.copytree(published / "page" / SAMPLE.stem, whole / "cases")
    files = len(list(whole.rglob("*.*")))
    verdict = verify(whole)
    assert verdict.intact and verdict.checked["files"] == files
    (inner / "report.html").write_bytes((inner / "report.html").read_bytes()[:-1])
    (inner / "results.json").unlink()
    assert kinds(verify(whole)) == [("changed", "cases/report.html"), ("missing", "cases/results.json")]
    (whole / "notes").mkdir()
    (whole / "notes" / "manifest.json").write_text('{"schema": "another", "inputs": [], "outputs": {}}')
    assert ("changed", "notes/manifest.json") in kinds(verify(whole))


def test_a_source_may_be_moved_and_renamed(page, tmp_path):
    moved = tmp_path / "archive" / "cohort of 2018.xlsx"
    moved.parent.mkdir()
    shutil.copy(SAMPLE, moved)
    verdict = verify(page, moved)
    assert verdict.findings == ()
    assert verdict.notes == (f"the source was called {SAMPLE.name} when the run was made",)


def test_a_name_that_leads_out_of_the_run_is_never_followed(whole, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (whole / "report.html").unlink()
    (whole / "report.html").symlink_to(tmp_path / "secret")
    manifest = json.loads((whole / "manifest.json").read_text())
    reseal(whole, outputs=manifest["outputs"] | {"../secret": {"sha256": "0" * 64}})
    found = verify(whole).findings
    assert {f.name for f in found if f.problem == "it leads out of the run"} == {"report.html", "../secret"}


def test_the_results_inside_the_pdf_are_those_beside_it(whole):
    text = (whole / "results.json").read_text().replace('"value": 0.75', '"value": 0.76')
    (whole / "results.json").write_text(text)
    reseal(whole)
    assert kinds(verify(whole)) == [("attachment", "report.pdf")]
    with pikepdf.open(whole / "report.pdf", allow_overwriting_input=True) as pdf:
        del pdf.attachments["results.json"]
        pdf.save()
    reseal(whole)
    assert kinds(verify(whole)) == [("attachment", "report.pdf")]


def test_thinned_curves_inside_are_those_of_the_results_beside(tmp_path, monkeypatch):
    monkeypatch.setattr(run_files, "MOST_ATTACHED", 1_000)
    monkeypatch.setattr(run_files, "KEPT_STEPS", 3)
    run = build(Request(SAMPLE, output=tmp_path, formats=("pdf",))).folder
    inside = json.loads(attachments((run / "report.pdf").read_bytes())["results.json"])
    assert max(len(curve["steps"]["time"]) for curve in inside["curves"]) == 3
    assert verify(run).intact
    monkeypatch.setattr(run_files, "KEPT_STEPS", 4)
    assert kinds(verify(run)) == [("attachment", "report.pdf")]


def test_attachments_are_what_another_reader_finds(whole):
    with pikepdf.open(whole / "report.pdf") as pdf:
        theirs = {name: entry.get_file().read_bytes() for name, entry in pdf.attachments.items()}
    assert theirs and attachments((whole / "report.pdf").read_bytes()) == theirs
    assert attachments(b"%PDF-1.7\n1 0 obj\n<</Type /ObjStm/Length 3>>\nstream\nabc") == {}


def test_a_number_changed_with_all_its_hashes_is_found_by_the_rebuild(page):
    results = json.loads((page / "results.json").read_text())
    row = next(e for e in results["estimates"] if e["id"] == "survival.pfs.all.survival@365.25")
    row["value"] = 0.7500000001
    gone = results["estimates"].pop()
    (page / "results.json").write_text(json.dumps(results))
    html = (page / "report.html").read_text()
    (page / "report.html").write_text(html.replace("75%", "85%", 1))
    reseal(page)
    assert verify(page).intact
    verdict = verify(page, SAMPLE)
    assert kinds(verdict) == [("number", row["id"]), ("number", gone["id"]), ("page", "report.html")]
    first = verdict.findings[0]
    assert (first.published, first.found) == (0.7500000001, 0.75)
    assert f"{row['id']}: its value differs (published: 0.7500000001; found: 0.75)" in str(first)


def test_the_first_twenty_numbers_are_named_and_the_rest_counted(page):
    results = json.loads((page / "results.json").read_text())
    for row in results["estimates"]:
        row["method"] = "another"
    (page / "results.json").write_text(json.dumps(results))
    verdict = verify(page, SAMPLE)
    lines = list(as_text(verdict))
    assert sum(line.startswith("  number: ") for line in lines) == 20
    count = len(results["estimates"])
    assert f"  … and {count - 20} more numbers" in lines
    assert len(as_json(verdict)["findings"]) == len(verdict.findings)


def test_a_changed_input_is_found_with_what_it_moves(page, tmp_path):
    book = openpyxl.load_workbook(SAMPLE)
    column = next(cell.column for cell in book["patients"][1] if cell.value == "relapse_date")
    row = next(row for row in range(2, 10) if book["patients"].cell(row, column).value)
    book["patients"].cell(row, column).value = None
    book.save(tmp_path / SAMPLE.name)
    found = kinds(verify(page, tmp_path / SAMPLE.name))
    assert found[0] == ("input", SAMPLE.name)
    assert ("number", "relapse.relapse.all.count") in found


def test_a_source_that_is_refused_now_is_a_difference(page, tmp_path):
    (tmp_path / SAMPLE.name).write_bytes(b"no workbook")
    verdict = verify(page, tmp_path / SAMPLE.name)
    assert kinds(verdict) == [("input", SAMPLE.name), ("input", "source")]
    assert "refused" in str(verdict.findings[1])


def test_what_was_asked_for_is_asked_again(tmp_path):
    source = shutil.copy(SAMPLE, tmp_path / "cohort.xlsx")
    (tmp_path / "report.toml").write_text("[report]\nlandmarks = [2]\n[gates]\nfew_at_risk = 3\n")
    overrides = {"cutoff": date(2016, 12, 31)}
    request = Request(source, None, tmp_path / "out", "2016-12", ("html",), overrides, "exclude")
    run = build(request).folder
    assert verify(run, source).findings == ()
    (tmp_path / "report.toml").write_text("[report]\nlandmarks = [1]\n")
    assert kinds(verify(run, source)) == [("input", "report.toml")]
    (tmp_path / "report.toml").unlink()
    assert verify(run, source).intact


def test_a_monthly_report_is_made_again_with_what_was_known_of_the_month_before(tmp_path):
    for month, day in (("2016-06", date(2016, 6, 30)), ("2016-12", date(2016, 12, 31))):
        run = build(Request(SAMPLE, None, tmp_path / "out", month, ("html",), {"cutoff": day})).folder
    verdict = verify(run, SAMPLE)
    assert verdict.findings == () and verdict.checked["pages"] == 1
    assert any(
        row["section"] == "changes" for row in json.loads((run / "results.json").read_text())["estimates"]
    )
    moved = verify(
        shutil.copytree(run, tmp_path / "archive" / SAMPLE.stem / "2016-12", symlinks=True), SAMPLE
    )
    assert moved.findings == () and "pages" not in moved.checked
    assert "the reports before this one are not known here" in moved.notes[0]


def test_a_protected_report_is_made_again_with_its_key_and_never_with_another(tmp_path, monkeypatch):
    monkeypatch.delenv("REPORTGEN_KEY_FILE", raising=False)
    request = Request(SAMPLE, None, tmp_path / "out", "", ("html",), {"privacy.profile": "board"})
    run = build(request).folder
    assert verify(run, SAMPLE).findings == ()
    moved = shutil.copytree(run, tmp_path / "archive" / SAMPLE.stem)
    with pytest.raises(MachineFailed, match="REPORTGEN_KEY_FILE"):
        verify(moved, SAMPLE)
    assert sorted(path.name for path in (tmp_path / "archive").iterdir()) == [SAMPLE.stem]
    monkeypatch.setenv("REPORTGEN_KEY_FILE", str(tmp_path / "out" / ".reportgen-key"))
    assert verify(moved, SAMPLE).findings == ()


def test_a_release_is_made_again_without_any_key(tmp_path):
    request = Request(TWO_GROUPS, None, tmp_path / "out", "", ("html",), {"privacy.profile": "external"})
    verdict = verify(build(request).folder, TWO_GROUPS)
    assert verdict.findings == () and verdict.checked["pages"] == 1
    assert verdict.checked["second implementation"] > 10


def test_another_program_or_library_is_said_and_pages_are_not_compared(page):
    manifest = json.loads((page / "manifest.json").read_text())
    results = (page / "results.json").read_text()
    assert '"value": 0.75,' in results
    (page / "results.json").write_text(results.replace('"value": 0.75,', '"value": 0.7500000000000001,'))
    (page / "report.html").write_text("another page")
    reseal(page, versions=manifest["versions"] | {"numpy": "1.0"})
    verdict = verify(page, SAMPLE)
    assert verdict.intact and "another numpy" in verdict.notes[0] and "pages" not in verdict.checked


@pytest.mark.parametrize(("function", "apart"), [
    ("survival", 1e-6), ("log_log_interval", 1e-6), ("logrank_p", 1e-6), ("restricted_mean", 1e-6),
    ("hazard_ratios", 1e-4),
])  # fmt: skip
def test_the_second_implementation_would_be_heard(two_groups, monkeypatch, function, apart):
    assert disagreements(two_groups.cohort, two_groups.results)[0] == []
    real = getattr(second_opinion, function)
    monkeypatch.setattr(second_opinion, function, lambda *args: real(*args) * (1 + apart))
    findings, count = disagreements(two_groups.cohort, two_groups.results)
    assert findings and count >= 10
    assert {finding.kind for finding in findings} == {"second implementation"}


def test_what_is_no_run_is_wrong_usage(tmp_path, page):
    for place in (tmp_path / "nowhere", SAMPLE, tmp_path):
        with pytest.raises(UsageError, match=r"is no published run: it holds no manifest\.json"):
            verify(place)
    reseal(page, schema="another/9")
    with pytest.raises(UsageError, match="another/9"):
        verify(page)
    reseal(page, schema="reportgen/manifest/1", settings={"tite": "T"})
    with pytest.raises(UsageError, match="did you mean 'title'"):
        verify(page, SAMPLE)
    reseal(page, request={"cases": "all"})
    with pytest.raises(UsageError, match="leave SOURCE out"):
        verify(page, SAMPLE)
    reseal(page, settings={}, request=None)
    with pytest.raises(UsageError, match="can't be rebuilt"):
        verify(page, SAMPLE)


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b'{"schema": "reportgen/manifest/1"}'])
def test_a_manifest_that_can_no_longer_be_read_is_a_difference(page, rubbish):
    (page / "manifest.json").write_bytes(rubbish)
    verdict = verify(page, SAMPLE)
    assert kinds(verdict) == [("changed", "manifest.json")]


def test_settings_come_out_of_the_manifest_as_they_went_in(two_groups):
    rule = EndpointRule("ttr", "Time, to recurrence", time="rectime", event="status", event_values=(1, "yes"))
    rich = Settings(
        title="A, b",
        cutoff=date(2018, 6, 30),
        landmarks=(0.5, 2),
        tables={"patients": "Sheet.1"},
        columns={"patients": {"patient_id": "Pt. ID"}},
        values={"vital_status": {"dead": ("DOD", 1)}},
        endpoint=(rule,),
        features=Features(("a, b",), (), False),
        gates=GateLimits(cox=12),
    )
    dated = Settings(
        endpoint=(EndpointRule("ttnt", "Time to next", events=("next_treatment", "death_date")),)
    )
    for settings in (Settings(), rich, dated, two_groups.cohort.settings):
        assert recorded_settings(json.loads(json.dumps(asdict(settings), default=str))) == settings


def test_the_seal_is_of_every_byte():
    written = sealed(b'{\n "a": 1\n}\n')
    assert json.loads(written)["a"] == 1 and seal_holds(written)
    for place in range(len(written)):
        changed = bytearray(written)
        changed[place] ^= 1
        assert not seal_holds(bytes(changed))


def test_questions_that_check_writes_anew_leave_a_run_intact_and_a_changed_one_changed(page):
    manifest = page / "manifest.json"
    amend({"queries.xlsx": b"asked anew"}, page)
    assert verify(page).intact
    manifest.write_bytes(manifest.read_bytes().replace(b"2018-06-30", b"2018-06-29"))
    amend({"queries.xlsx": b"asked once more"}, page)
    assert kinds(verify(page)) == [("changed", "manifest.json")]


def test_two_groups_can_be_made_again(tmp_path):
    run = build(Request(TWO_GROUPS, output=tmp_path, formats=("html",))).folder
    verdict = verify(run, TWO_GROUPS)
    assert verdict.findings == () and verdict.checked["second implementation"] > 10
