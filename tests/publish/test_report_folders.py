"""Reports of several profiles lie apart: none replaces another, and nothing with ids lies beside what goes outside."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from reportgen.base.errors import UsageError
from reportgen.casereview.cases import CaseRequest, cases
from reportgen.history.store import place_of, reading
from reportgen.publish.report_folders import places
from reportgen.run.checking import check
from reportgen.run.pipeline import Request, build
from reportgen.unattended.followed import followed
from reportgen.unattended.made_reports import published
from reportgen.unattended.missed_months import caught_up, missing, profile_of
from reportgen.unattended.status import read_status
from reportgen.verification import verify
from tests.workbooks import minimal_patients, write_workbook

IDS = [f"KH-{number:04}" for number in range(40)]


@pytest.fixture
def source(tmp_path) -> Path:
    rows = minimal_patients(40, patient_id=IDS, sex=["female", "male"] * 20, relapse_date=None)
    for row in rows[::3]:
        row |= {"vital_status": "dead", "death_date": row["last_contact"]}
    rows[3]["sex"] = None
    return write_workbook(tmp_path / "c.xlsx", patients=rows)


def request(source: Path, profile: str, **asked) -> Request:
    overrides = {"privacy.profile": profile} | asked.pop("overrides", {})
    return Request(source, output=source.parent / "output", formats=("html",), overrides=overrides, **asked)


def monthly(source: Path, profile: str, period: str) -> Request:
    day = date.fromisoformat(f"{period}-28")
    return request(source, profile, period=period, overrides={"cutoff": day})


def ids_in(folder: Path) -> list[str]:
    return [f"{path}: {name}" for path in folder.rglob("*") if path.is_file()
            for name in IDS if name.encode() in path.read_bytes()]  # fmt: skip


def test_each_profile_has_a_folder_of_its_own_and_none_replaces_another(source):
    root = source.parent / "output" / "c"
    inside = build(request(source, "internal")).folder
    before = {path: path.read_bytes() for path in inside.iterdir() if path.is_file()}
    for profile in ("board", "external"):
        assert build(request(source, profile)).folder == root / profile
        assert build(monthly(source, profile, "2018-06")).folder == root / profile / "2018-06"
    assert inside == root and "queries.xlsx" in {path.name for path in before}
    assert {path: path.read_bytes() for path in before} == before
    assert not list(root.rglob("*/queries.xlsx")) and not ids_in(root / "external") + ids_in(root / "board")
    assert verify(root).intact and verify(root / "external").intact
    again = build(request(source, "internal")).folder
    assert again == root and (root / "external" / "2018-06" / "report.html").is_file()


def test_what_goes_outside_never_lies_beside_questions_and_case_reviews(source):
    (source.parent / "report.toml").write_text('[privacy]\nprofile = "external"\n')
    checked = check(source, output=source.parent / "output")
    assert checked.queries.is_file()
    cases(CaseRequest(request(source, "internal"), (IDS[0],)))
    made = build(Request(source, output=source.parent / "output", formats=("html", "pdf")))
    assert made.folder == source.parent / "output" / "c" / "external"
    assert {path.name for path in made.folder.rglob("*")} == {"report.html", "report.pdf", "results.json",
                                                              "manifest.json"}  # fmt: skip
    assert not ids_in(made.folder) and checked.queries.is_file()


def test_case_reviews_for_the_board_lie_in_its_folder(source):
    made = cases(CaseRequest(request(source, "board"), (IDS[0],)))
    assert made.folder == source.parent / "output" / "c" / "board" / "cases" and not ids_in(made.folder)
    assert verify(made.folder).intact


@pytest.mark.parametrize("profile", ["internal", "board", "external"])
@pytest.mark.parametrize("period", ["", "2018-06"])
def test_a_report_of_any_profile_is_made_again_from_its_source(source, profile, period):
    asked = monthly(source, profile, period) if period else request(source, profile)
    verdict = verify(build(asked).folder, source)
    assert verdict.intact, [str(finding) for finding in verdict.findings]
    assert verdict.checked["pages"] == 1


def test_only_internal_reports_are_kept_for_later_ones(source):
    for profile in ("external", "internal"):
        build(monthly(source, profile, "2018-06"))
        with reading(place_of(source.parent / "output" / "c")) as session:
            kept = session.rows("SELECT period FROM reportgen_run") if session else []
        assert [period for (period,) in kept] == (["2018-06"] if profile == "internal" else [])


def test_months_are_made_up_for_by_profile(source):
    root = source.parent / "output" / "c"
    build(monthly(source, "internal", "2018-06"))
    assert missing(root, date(2018, 9, 3)) == ("2018-07", "2018-08")
    assert missing(root, date(2018, 9, 3), "external") == ("2018-08",)
    whole = request(source, "external")
    with followed(whole, "build") as run:
        made = caught_up(
            run, build, lambda period: monthly(source, "external", period or "2018-06"), date(2018, 9, 3)
        )
    assert [outcome.folder for outcome in made] == [root / "external" / "2018-08"]
    status = read_status(root)
    assert (status.last_good.folder, status.last_good.profile) == ("external/2018-08", "external")
    assert missing(root, date(2018, 9, 3)) == ("2018-07", "2018-08")
    assert [report.folder for report in published(root)] == ["external/2018-08", "2018-06"]
    assert places(root)


def test_a_month_that_failed_is_noted_with_its_profile(source):
    root = source.parent / "output" / "c"

    def fails(one):
        raise ValueError

    with (
        pytest.raises(Exception, match="months have no report"),
        followed(request(source, "external"), "build") as run,
    ):
        caught_up(
            run, fails, lambda period: monthly(source, "external", period or "2018-06"), date(2018, 9, 3)
        )
    assert read_status(root).missing == ("external/2018-08",)
    assert missing(root, date(2018, 11, 3), "external") == ("2018-08", "2018-10")
    assert missing(root, date(2018, 11, 3)) == ("2018-10",)
    build_of = request(source, "external", period="2018-08", overrides={"cutoff": date(2018, 8, 31)})
    with followed(build_of, "build") as run:
        run.attempt(build_of, build)
    assert read_status(root).missing == ()


def test_the_profile_of_a_workbook_is_known_before_its_months(tmp_path):
    sheet = [["key", "value"], ["privacy.profile", "board"]]
    book = write_workbook(tmp_path / "own.xlsx", patients=minimal_patients(20), report=sheet)
    assert profile_of(Request(book, output=tmp_path)) == "board"
    assert profile_of(Request(book, output=tmp_path, overrides={"privacy.profile": "external"})) == "external"
    assert profile_of(Request(tmp_path / "none.xlsx", output=tmp_path)) == "internal"


def test_the_manifest_says_where_the_report_lies(source):
    made = build(monthly(source, "external", "2018-06"))
    manifest = json.loads((made.folder / "manifest.json").read_bytes())
    assert (manifest["request"]["place"], manifest["request"]["period"]) == ("external/2018-06", "2018-06")


@pytest.mark.parametrize("profile", ["internal", "board", "external"])
def test_so_is_one_of_columns_and_words_of_other_names(tmp_path, profile):
    rows = [{"Pt": row["patient_id"], "Begin": row["treatment_start"], "Last": row["last_contact"], "State": "living"}
            for row in minimal_patients(40)]  # fmt: skip
    folder = tmp_path / "data"
    folder.mkdir()
    book = write_workbook(folder / "m.xlsx", Listing=rows, report=[["key", "value"], ["title", "Trial"]])
    toml = (
        f'[report]\nextracted = 2020-01-01\n[privacy]\nprofile = "{profile}"\n[tables]\npatients = "Listing"\n'
        '[columns.patients]\npatient_id = "Pt"\ntreatment_start = "Begin"\nlast_contact = "Last"\n'
        'vital_status = "State"\n[values.vital_status]\nalive = ["living"]\n'
    )
    (folder / "report.toml").write_text(toml)
    made = build(
        Request(book, output=tmp_path / "output", formats=("html",), overrides={"cutoff": "2018-06-30"})
    )
    verdict = verify(made.folder, book)
    assert verdict.intact, [str(finding) for finding in verdict.findings]
    (folder / "report.toml").rename(tmp_path / "other.toml")
    if profile != "internal":
        with pytest.raises(UsageError, match="name it with --config"):
            verify(made.folder, book)
    assert verify(made.folder, book, tmp_path / "other.toml").intact
    (folder / "report.toml").write_text(toml.replace("2020-01-01", "2020-01-02"))
    assert not verify(made.folder, book).intact


def test_who_is_told_and_where_history_lies_is_in_no_manifest(source):
    told = {"notify.command": "tell-the-ward", "history.url": f"sqlite:///{source.parent / 'kept.db'}"}
    made = build(request(source, "internal", overrides=told))
    written = (made.folder / "manifest.json").read_text()
    assert "tell-the-ward" not in written and "kept.db" not in written
