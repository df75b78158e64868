"""What came with the data commands nothing: it runs no program, moves no data and lifts no protection."""

from __future__ import annotations

import shlex
import sys
import zipfile
from pathlib import Path

import pytest

from reportgen.base.errors import DataRefused, UsageError
from reportgen.batch import Asked, BatchRequest, SomeFailed, batch
from reportgen.batch.manifest import read_manifest
from reportgen.cohort.load import load_cohort
from reportgen.run.checking import check
from reportgen.run.pipeline import Request, build
from reportgen.unattended.followed import followed
from tests.adam_files import ADAE, ADSL, ADTTE
from tests.cohort.test_columnar import write_json
from tests.redcap_files import write_project
from tests.tables import write_csv
from tests.workbooks import minimal_patients, write_workbook

PATIENTS = minimal_patients(12, sex=["female", "male"] * 6)
ATTACK = """
[notify]
when = "always"
command = {command}
[history]
url = "sqlite:///{folder}/ELSEWHERE.db"
"""


def attack(folder: Path) -> str:
    """Settings that, if obeyed, leave a file COMMAND_WAS_RUN or ELSEWHERE.db in the folder."""
    code = f"open({str(folder / 'COMMAND_WAS_RUN')!r}, 'w')"
    command = shlex.join([sys.executable, "-c", code])
    return ATTACK.format(command=f"'''{command}'''", folder=folder)


def nothing_happened(folder: Path) -> bool:
    return not list(folder.rglob("COMMAND_WAS_RUN")) and not list(folder.rglob("ELSEWHERE.db*"))


def run(source: Path, folder: Path, **asked) -> None:
    request = Request(source, output=folder / "output", formats=("html",), **asked)
    with followed(request, "build") as one:
        one.attempt(request, build)


def csv_folder(folder: Path, toml: str) -> Path:
    place = folder / "received"
    place.mkdir(parents=True)
    write_csv(place / "patients.csv", PATIENTS)
    (place / "report.toml").write_text(toml)
    return place


def json_folder(folder: Path, toml: str) -> Path:
    place = folder / "adam"
    place.mkdir(parents=True)
    for name, rows in (("adsl", ADSL), ("adtte", ADTTE), ("adae", ADAE)):
        write_json(place / f"{name}.json", rows)
    (place / "report.toml").write_text(toml)
    return place


def redcap_folder(folder: Path, toml: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    place = write_project(folder / "trial")
    (place / "report.toml").write_text(toml)
    return place


def archive(folder: Path, toml: str) -> Path:
    place = csv_folder(folder, toml)
    packed = folder / "sent.zip"
    with zipfile.ZipFile(packed, "w") as made:
        for file in place.iterdir():
            made.write(file, f"sent/{file.name}")
    return packed


RECEIVED = (csv_folder, json_folder, redcap_folder, archive)


@pytest.mark.parametrize("kind", RECEIVED)
def test_a_report_toml_inside_runs_nothing_and_moves_nothing(tmp_path, kind):
    source = kind(tmp_path, attack(tmp_path))
    with pytest.raises(UsageError) as said:
        run(source, tmp_path)
    assert "[notify] and [history] can only be set by whoever makes the report" in str(said.value)
    with pytest.raises(UsageError, match="came with the data"):
        check(source, output=tmp_path / "output")
    assert nothing_happened(tmp_path)
    assert not list((tmp_path / "output").rglob("report.html"))


def test_nor_when_its_data_are_refused(tmp_path):
    source = csv_folder(tmp_path, attack(tmp_path))
    (source / "patients.csv").write_text("patient_id\nP1\nP1\n")
    with pytest.raises(UsageError):
        run(source, tmp_path)
    assert nothing_happened(tmp_path)


def test_nor_when_the_folder_is_the_one_in_which_the_command_is_given(tmp_path, monkeypatch):
    source = csv_folder(tmp_path, attack(tmp_path))
    for inside, name in ((source, "."), (source, "../received"), (source, "../received/.")):
        monkeypatch.chdir(inside)
        with pytest.raises(UsageError, match="came with the data"):
            run(Path(name), tmp_path)
    (source / "deeper").mkdir()
    monkeypatch.chdir(source / "deeper")
    with pytest.raises(UsageError, match="came with the data"):
        run(Path(".."), tmp_path)
    assert nothing_happened(tmp_path)


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('[branding]\nlogo = "x.png"', "[branding]"),
        ("[privacy]\nmin_cell = 1", "privacy.min_cell"),
        ("[privacy]\nrelease_agreed = true", "privacy.release_agreed"),
        ("[notify]", "[notify]"),
    ],
)
@pytest.mark.parametrize("kind", [csv_folder, archive])
def test_nor_lifts_what_protects(tmp_path, kind, toml, named):
    source = kind(tmp_path, toml)
    with pytest.raises(UsageError) as said:
        load_cohort(source)
    assert named in str(said.value) and "report.toml, which came with the data" in str(said.value)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (("privacy.min_cell", 1), "privacy.min_cell"),
        (("privacy.release_agreed", True), "privacy.release_agreed"),
        (("notify.command", "touch x"), "[notify]"),
        (("history.url", "sqlite:///x.db"), "[history]"),
        (("branding.footer", "Ours"), "[branding]"),
    ],
)
def test_nor_does_the_sheet_of_a_workbook_or_of_a_folder(tmp_path, row, named):
    sheet = [["key", "value"], list(row)]
    book = write_workbook(tmp_path / "book.xlsx", patients=PATIENTS, report=sheet)
    folder = tmp_path / "tables"
    folder.mkdir()
    write_csv(folder / "patients.csv", PATIENTS)
    write_csv(folder / "report.csv", [{"key": row[0], "value": row[1]}])
    for source in (book, folder):
        with pytest.raises(UsageError) as said:
            run(source, tmp_path)
        assert named in str(said.value) and "the report sheet, which came with the data" in str(said.value)


def test_data_may_ask_for_more_protection_never_for_less(tmp_path):
    source = csv_folder(tmp_path, '[privacy]\nprofile = "board"\n[report]\ntitle = "Theirs"')
    assert load_cohort(source).settings.privacy.profile == "board"
    (source / "report.toml").write_text('[privacy]\nprofile = "internal"')
    assert load_cohort(source).settings.privacy.profile == "internal"
    write_csv(source / "report.csv", [{"key": "privacy.profile", "value": "external"}])
    with pytest.raises(UsageError, match='profile = "internal", which protects less than "external"'):
        load_cohort(source)


def test_what_lies_beside_wins_over_what_lies_inside(tmp_path):
    source = csv_folder(tmp_path, '[privacy]\nprofile = "internal"\n[report]\ntitle = "Theirs"\nnotice = "N"')
    (tmp_path / "report.toml").write_text(
        '[privacy]\nprofile = "external"\nmin_cell = 7\n[report]\ntitle = "O"'
    )
    settings = load_cohort(source).settings
    assert (settings.privacy.profile, settings.privacy.min_cell) == ("external", 7)
    assert (settings.title, settings.notice) == ("O", "N")


def test_whoever_makes_the_report_may_set_it_all(tmp_path):
    source = csv_folder(tmp_path / "data", "")
    (tmp_path / "data" / "report.toml").write_text(attack(tmp_path))
    run(source, tmp_path)
    assert (tmp_path / "COMMAND_WAS_RUN").exists() and (tmp_path / "ELSEWHERE.db").exists()


def test_a_file_that_is_named_wins_over_the_one_inside(tmp_path):
    source = csv_folder(tmp_path, attack(tmp_path))
    (tmp_path / "mine.toml").write_text('[report]\ntitle = "Mine"')
    assert load_cohort(source, config=tmp_path / "mine.toml").settings.title == "Mine"
    run(source, tmp_path, config=tmp_path / "mine.toml")
    assert nothing_happened(tmp_path)


@pytest.mark.parametrize("pattern", ["inbox/*", "inbox/*/patients.csv", "inbox/**/*.csv"])
def test_a_batch_over_what_was_sent_obeys_none_of_it(tmp_path, pattern):
    inbox = tmp_path / "inbox"
    for centre in ("graz", "linz"):
        csv_folder(inbox / centre, attack(tmp_path)).rename(inbox / f"{centre}_")
        (inbox / centre).rmdir()
        (inbox / f"{centre}_" / "patients.csv").rename(inbox / f"{centre}_" / f"{centre}.csv")
    pattern = pattern.replace("patients.csv", "*.csv")
    (tmp_path / "manifest.toml").write_text(
        f'[defaults]\nformat = "html"\noutput = "{tmp_path}/output"\n[[cohort]]\nsource = "{pattern}"\n'
        'exclude = ["report.toml"]\n'
    )
    with pytest.raises(SomeFailed) as failed:
        batch(BatchRequest(tmp_path / "manifest.toml", Asked(), workers=1))
    rows = failed.value.outcome.rows
    assert len(rows) == 2 and {row.exit for row in rows} == {2}
    assert all("came with the data" in row.why and "[notify]" in row.why for row in rows)
    assert nothing_happened(tmp_path)


def test_in_a_batch_what_the_manifest_names_is_trusted(tmp_path):
    source = csv_folder(tmp_path / "vienna", "")
    (source / "report.toml").unlink()
    (tmp_path / "vienna" / "report.toml").write_text("[privacy]\nmin_cell = 9")
    (tmp_path / "manifest.toml").write_text('[[cohort]]\nsource = "vienna/received"\n')
    ((entry,), _) = read_manifest(tmp_path / "manifest.toml", Asked())
    assert not entry.request.found and load_cohort(source).settings.privacy.min_cell == 9
    (tmp_path / "manifest.toml").write_text('[[cohort]]\nsource = "vienna/*"\nexclude = ["report.toml"]\n')
    ((entry,), _) = read_manifest(tmp_path / "manifest.toml", Asked())
    assert not entry.request.found


def test_the_manifest_of_a_batch_may_say_whom_to_tell(tmp_path):
    write_csv(tmp_path / "linz.csv", PATIENTS)
    command = shlex.join([sys.executable, "-c", f"open({str(tmp_path / 'TOLD')!r}, 'w')"])
    (tmp_path / "manifest.toml").write_text(
        f'[defaults]\nformat = "html"\noutput = "{tmp_path}/output"\n[[cohort]]\nsource = "linz.csv"\n'
        f"[cohort.settings.notify]\nwhen = \"always\"\ncommand = '''{command}'''\n"
    )
    batch(BatchRequest(tmp_path / "manifest.toml", Asked(), workers=1))
    assert (tmp_path / "TOLD").exists()


def test_settings_in_an_archive_that_are_damaged_are_not_passed_over(tmp_path):
    path = tmp_path / "cohort.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cohort.csv", "patient_id,treatment_start,last_contact\n1,2020-01-01,2021-01-01\n")
        archive.writestr("report.toml", '[report]\ntitle = "as it was sent"\n')
    path.write_bytes(path.read_bytes().replace(b"as it was sent", b"as it was bent"))
    with pytest.raises(DataRefused) as refused:
        build(Request(path, None, tmp_path / "out", "", ("html",)))
    assert [issue.code for issue in refused.value.issues] == ["BAD_ZIP"]
