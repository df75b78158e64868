"""Many cohorts for real: their reports, the faults of some, and the index over all."""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.batch import ADVICE
from reportgen.batch.centres_page import section
from reportgen.batch.cohort_results import centre_results
from reportgen.batch.cohort_rows import CohortRow, Reported
from reportgen.batch.index import index_files
from reportgen.batch.making import ROW, WANTED_AT, Maker, report_of
from reportgen.batch.manifest import Entry
from reportgen.report import Figure, Paragraph, plain
from reportgen.run.pipeline import Request
from reportgen.stats.proportions import proportion
from reportgen.stats.results import Estimate
from tests.commands import command

SAMPLES = Path(__file__).parents[2] / "sample_data"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return command("batch", *arguments, cwd=folder)


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess]:
    folder = tmp_path_factory.mktemp("batch")
    (folder / "centres").mkdir()
    for name, sample in (("Graz", "ap_imt_crizotinib"), ("Zürich <b>", "two_groups")):
        (folder / "centres" / f"{name}.xlsx").write_bytes((SAMPLES / f"{sample}.xlsx").read_bytes())
    (folder / "centres" / "Oslo.xlsx").write_bytes(b"no workbook")
    text = '[defaults]\nformat = "html"\n[[cohort]]\nsource = "centres/*.xlsx"\n[[cohort]]\nsource = "gone.csv"\n'
    (folder / "manifest.toml").write_text(text)
    return folder, run(folder, "manifest.toml", "--workers", "2", "--json")


def test_one_bad_cohort_never_stops_the_rest(done):
    folder, ended = done
    answer = json.loads(ended.stdout)
    assert ended.returncode == 3 and answer["status"] == "failed" and answer["reported"] == 2
    assert {c["name"]: c["exit"] for c in answer["cohorts"]} == {
        "Graz": 0,
        "Oslo": 3,
        "Zürich <b>": 0,
        "gone": 2,
    }
    assert "2 of 4 cohorts not reported" in ended.stderr and "Oslo: " in ended.stderr
    assert (folder / "output" / "Graz" / "report.html").exists()
    assert [path.name for path in (folder / "output" / "Oslo").iterdir()] == ["status.json"]
    assert not list((folder / "output").glob(".batch*/*"))


def test_the_index_says_what_the_reports_say_and_leads_to_them(done):
    folder, _ = done
    page = (folder / "output" / "index.html").read_text(encoding="utf-8")
    assert 'href="Graz/report.html"' in page and 'href="Z%C3%BCrich%20%3Cb%3E/report.html"' in page
    assert "<b>/" not in page and "Zürich &lt;b&gt;" in page
    data = json.loads((folder / "output" / "batch.json").read_bytes())
    found = {e["id"]: e for e in data["estimates"]}
    assert data["schema"] == "reportgen/batch/1" and [c["exit"] for c in data["cohorts"]] == [0, 3, 0, 2]
    results = json.loads((folder / "output" / "Graz" / "results.json").read_bytes())
    own = {e["id"]: e for e in results["estimates"]}
    assert found["centres.response.Graz.proportion"]["low"] == own["response.response.all.proportion"]["low"]
    assert found["centres.pfs.Graz.survival@365.25"]["value"] == 0.75
    assert found["centres.patients.all.count"]["value"] == 128
    for name in ("index.html", "batch.json"):
        assert (folder / "output" / name).stat().st_mode & 0o777 == 0o600


def rows(shares, **report) -> list[CohortRow]:
    """Cohorts C0, C1 …, of each of which so many of so many patients responded."""
    found = []
    for place, (k, n) in enumerate(shares):
        e = proportion(k, n).to_row() | {"id": "response.response.all.proportion"}
        one = Reported(n, f"C{place}", ("report.html",), None, "internal", "years", "en", (e,), warnings=0)
        found.append(CohortRow(f"C{place}", "", reported=replace(one, **report)))
    return found


def lost(name: str, why: str, todo: str = "") -> CohortRow:
    return CohortRow(name, "", 3, why, todo)


def with_report(row: CohortRow, **changed) -> CohortRow:
    return replace(row, reported=replace(required(row.reported), **changed))


def test_questions_to_data_of_readers_outside_are_not_counted(tmp_path):
    source = tmp_path / "centre.csv"
    lines = [f"P{i},2020-01-01,2021-01-01,female,{50 + i},2099-01-01\n" for i in range(30)]
    source.write_text(
        "patient_id,treatment_start,last_contact,sex,age_at_start,next_visit\n" + "".join(lines)
    )
    for profile, counted in (("internal", True), ("external", False)):
        request = Request(
            source, output=tmp_path / profile, formats=("html",), overrides={"privacy.profile": profile}
        )
        report = report_of(Maker((Entry(profile, request),))(0)[ROW])
        assert report.warnings if counted else report.warnings is None
        page = index_files([CohortRow(profile, "", reported=report)], tmp_path)["index.html"].decode()
        assert (">Questions</th>" in page) == counted


def test_who_lies_outside_the_funnel_is_named(tmp_path):
    some = rows([(15, 50), (16, 50), (14, 50), (15, 50), (30, 50), (1, 3)])
    results = centre_results(some)
    total = results["centres.response.all.proportion"]
    assert (total.events, total.n) == (91, 253)
    files = index_files(some, tmp_path)
    page = files["index.html"].decode()
    assert (
        "outside the 95% limits: C4 (60% of 50)" in page
        and "one of six cohorts lies outside" in page.casefold()
    )
    assert files == index_files(some, tmp_path)
    (figure, *_more) = [block for block in section(results).blocks if isinstance(block, Figure)]
    assert figure.narrow is not None
    for drawing in (figure.drawing, figure.narrow):  # of few cohorts every dot has its name
        assert all(f"C{i}" in repr(drawing.marks) for i in range(6))


def test_masked_and_few_cohorts_have_no_funnel(tmp_path):
    some = rows([(15, 50), (16, 50)])
    hidden = dict.fromkeys(("value", "low", "high", "n", "events")) | {"note": "suppressed"}
    (one,) = rows([(5, 8)], patients=None)
    masked = replace(with_report(one, estimates=(required(one.reported).estimates[0] | hidden,)), name="M")
    results = centre_results([*some, masked])
    assert results.facts["centres"].funnels == {} and results["centres.patients.all.count"].value == 100
    assert b"*" in index_files([*some, masked], tmp_path)["index.html"]


def test_an_endpoint_with_a_competing_event_shows_its_incidence_by_name(tmp_path):
    some = rows([(15, 50), (16, 50), (14, 50)])
    kinds = ("survival", "survival", "cumulative_incidence")
    for place, kind in enumerate(kinds):
        value = 0.25 if kind == "cumulative_incidence" else 0.75
        e = Estimate(kind, section="survival", endpoint="pfs", time=365.25, value=value, low=value - 0.1,
                     high=value + 0.1, level=0.95, n=50, at_risk=20)  # fmt: skip
        assert f"{e.id.partition('@')[0]}@" in WANTED_AT
        some[place] = with_report(some[place], estimates=(e.to_row(),))
    results = centre_results(some)
    assert results["centres.pfs.C0.survival@365.25"].value == 0.75
    assert results["centres.pfs.C2.cumulative_incidence@365.25"].value == 0.25
    assert "centres.pfs.C2.survival@365.25" not in results
    page = re.sub("<[^>]+>", "", index_files(some, tmp_path)["index.html"].decode())
    assert page.count("incidence 25% (15–35%)") == 1
    only = centre_results(some[2:])
    assert only.facts["centres"].times["pfs"] == 365.25


def test_nothing_reported_is_still_an_index(tmp_path):
    page = index_files([lost("A", "1 error", "Mend it")], tmp_path)["index.html"].decode()
    assert "data refused" in page and "None of" not in page


def test_a_german_index_says_in_german_why_a_cohort_has_no_report(tmp_path):
    some = rows([(15, 50), (16, 50)], language="de")
    gone = [
        lost(name, why, ADVICE[3])
        for name, why in (
            ("A", message("{n} errors in the data; nothing was published.", n=2)),
            ("B", message("There is no file {a}; check the path.", a="'gone.csv'")),
            ("C", "something that nobody has said before."),
        )
    ]
    page = index_files([*some, *gone], tmp_path)["index.html"].decode()
    assert "2 Fehler in den Daten; nichts wurde veröffentlicht." in page
    assert "Es gibt keine Datei &#39;gone.csv&#39;; bitte den Pfad prüfen." in page
    assert "Das Programm meldet (englisch): something that nobody has said before." in page
    assert "errors in the data" not in page
    assert ">drei</span>; die Gründe stehen unten." in page


def test_what_was_not_reported_is_a_number_of_its_own(tmp_path):
    some = [*rows([(15, 50), (16, 50)]), lost("L", "1 error")]
    results = centre_results(some)
    assert results["centres.not_reported.all.count"].value == 1
    assert 'data-ref="centres.not_reported.all.count"' in index_files(some, tmp_path)["index.html"].decode()


def test_different_diseases_are_never_added_up():
    many = rows([(15, 50), (16, 50), (14, 50), (15, 50)])
    together = centre_results(many)
    assert together.facts["centres"].funnels
    diseases = ("lung cancer", "Lung  cancer", "sarcoma", "")
    apart = centre_results([with_report(row, diagnosis=one) for row, one in zip(many, diseases, strict=True)])
    assert apart.facts["centres"].diseases == ("lung cancer", "sarcoma")
    assert not apart.facts["centres"].funnels
    assert not apart.select(variable="response", group="all")
    text = "\n".join(plain(b.text) for b in section(apart).blocks if isinstance(b, Paragraph))
    assert "different diseases (lung cancer and sarcoma)" in text


def test_cohorts_with_different_levels_say_each_their_own(tmp_path):
    some = rows([(15, 50), (16, 50), (14, 50)])
    of_response = [required(row.reported).estimates[0] for row in some]
    of_response[0]["level"] = 0.9
    results = centre_results(some)
    assert results.facts["centres"].levels == (0.9, 0.95)
    page = re.sub("<[^>]+>", "", index_files(some, tmp_path)["index.html"].decode()).replace("\xa0", " ")
    assert page.count(", 90% CI") == 1 and page.count(", 95% CI") == 2
    assert "different confidence levels (90% and 95%)" in page
    for one in of_response:
        one["level"] = 0.9
    alike = centre_results(some)
    assert alike["centres.response.all.proportion"].level == 0.9
    page = re.sub("<[^>]+>", "", index_files(some, tmp_path)["index.html"].decode()).replace("\xa0", " ")
    assert "90% CI" in page and ", 90% CI" not in page and "different confidence" not in page


@pytest.mark.parametrize("width", [390, 1280])
def test_the_index_fits_its_window_with_its_notes(browser, tmp_path, width):
    many = rows([(15, 50), (16, 50), (14, 50), (15, 50)])
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(index_files(many, tmp_path)["index.html"].decode())
    assert page.locator(".note").count() and page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
