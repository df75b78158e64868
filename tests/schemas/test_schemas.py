"""Every file and answer that the program writes is as its schema says, and settings are judged as the program judges them."""

# ruff: noqa: E501 (the sentence above is a line)
from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reportgen import template
from reportgen.base.errors import DataRefused, UsageError
from reportgen.run import checking, mapping
from reportgen.schemas import SCHEMAS, as_text, schema
from reportgen.settings.sources import load_settings
from reportgen.unattended.followed import followed
from tests.commands import command as run
from tests.conftest import SAMPLE

ASPS = Path(__file__).parents[1] / "cases" / "messy" / "asps.xlsx"
TWO_GROUPS = SAMPLE.with_name("two_groups.xlsx")


def faults(name: str, value: object) -> list[str]:
    plain = json.loads(json.dumps(value, default=lambda part: part.isoformat()))
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(schema(name)).iter_errors(plain)
    ]


@pytest.fixture(scope="module", params=["internal", "board", "external"])
def made(request, tmp_path_factory) -> Path:
    """The folder of all reports of the sample, of a profile, made as somebody makes them."""
    output = tmp_path_factory.mktemp(request.param)
    source = TWO_GROUPS if request.param == "external" else SAMPLE
    done = run("build", str(source), "--output", str(output), "--format", "html", "--profile", request.param, "--quiet",
               cwd=output)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return output / source.stem


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_the_same_every_time(name):
    Draft202012Validator.check_schema(schema(name))
    assert as_text(name) == as_text(name) and json.loads(as_text(name))["$id"].startswith("urn:reportgen:")


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"results\.json"):
        schema("result.json")


@pytest.mark.parametrize("name", ["results.json", "manifest.json", "status.json"])
def test_what_a_report_leaves_is_as_its_schema_says(made, name):
    (path,) = made.rglob(name)
    content = json.loads(path.read_bytes())
    assert faults(name, content) == []
    for key in content:
        assert faults(name, {**content, key: 3.25}), key
        lacking = {other: value for other, value in content.items() if other != key}
        assert bool(faults(name, lacking)) == (key not in ("pseudonyms", "releases", "thinned"))
    assert faults(name, {**content, "unheard_of": 1})


def test_the_status_of_refused_data_is_as_its_schema_says(tmp_path):
    from reportgen.run.pipeline import Request

    request = Request(tmp_path / "none.xlsx", output=tmp_path)

    def refuse(_request):
        raise DataRefused(())

    with pytest.raises(DataRefused), followed(request, "build") as running:
        running.attempt(request, refuse)
    content = json.loads((tmp_path / "none" / "status.json").read_bytes())
    assert content["state"] == "refused" and faults("status.json", content) == []


@pytest.mark.parametrize("source", [SAMPLE, TWO_GROUPS])
def test_the_answer_of_check_is_as_its_schema_says(source, tmp_path):
    answer = checking.as_json(checking.check(source, None, tmp_path, {}, None))
    assert answer["issues"] and answer["columns"] and answer["chapters"]
    assert faults("check", answer) == []


@pytest.mark.parametrize("source", [SAMPLE, ASPS])
def test_the_answer_of_map_is_as_its_schema_says(source):
    answer = mapping.as_json(mapping.map_source(source))
    assert answer["sheets"] and bool(answer["open"]) == (source is ASPS)
    assert faults("map", answer) == []


@pytest.mark.parametrize("command", ["check", "map"])
@pytest.mark.parametrize("source", ["none.xlsx", "torn.xlsx"])
def test_an_answer_that_says_what_failed_is_as_the_schema_says_too(command, source, tmp_path):
    """Of a file that is not there neither command has what its schema asked for."""
    (tmp_path / "torn.xlsx").write_text("no workbook")
    answer = json.loads(run(command, source, "--json", cwd=tmp_path).stdout)
    assert faults(command, answer) == []
    assert faults(command, {**answer, "unheard_of": 1})


def test_the_settings_that_init_writes_name_their_schema_and_are_as_it_says(tmp_path):
    assert run("init", "study", cwd=tmp_path).returncode == 0
    text = (tmp_path / "study" / "report.toml").read_text("utf-8")
    assert text.startswith(f"#:schema {template.SCHEMA}\n")
    assert (tmp_path / "study" / template.SCHEMA).read_text("utf-8") == as_text("report.toml")
    free = [re.sub(r"^# (?=[a-z_]+ = |\[)", "", line) for line in text.splitlines()]
    content = tomllib.loads("\n".join(free))
    assert len(content["report"]) > 20 and faults("report.toml", content) == []


def test_the_settings_that_map_writes_name_their_schema_and_old_ones_stay(tmp_path):
    source = shutil.copy(ASPS, tmp_path)
    run("map", str(source), "--yes", cwd=tmp_path)
    written = tmp_path / "report.toml"
    assert written.read_text("utf-8").startswith(f"#:schema {template.SCHEMA}\n")
    assert faults("report.toml", tomllib.loads(written.read_text("utf-8"))) == []
    assert json.loads((tmp_path / template.SCHEMA).read_text("utf-8"))["title"] == "report.toml"
    written.write_text('[report]\ntitle = "mine"\n')
    run("map", str(source), "--yes", cwd=tmp_path)
    assert written.read_text("utf-8").startswith('[report]\ntitle = "mine"\n')


WELL = [
    '[report]\ncutoff = 2018-06-30\nlandmarks = [1, 3.5]\nlanguage = "de"',
    '[tables]\npatients = "Sheet1"\nignore = ["Pivot"]\n[columns.patients]\npatient_id = "Pt ID"',
    '[values.vital_status]\ndead = ["DOD", 1]\nalive = 0',
    '[[endpoint]]\nkey = "ttr"\ntime = "rectime"\nevent = "status"\nevent_values = [1]',
    "[source]\nheader_rows = { Sheet1 = 3 }\nmissing = [-99, 'n.a.']",
    '[notify]\nfrom = "a@b.example"\nto = ["c@d.example"]\nsmtp = "mail.example:587"\n[privacy]\nmin_cell = 10',
]
WRONG = [
    "[report]\ntitel = 'x'",
    "title = 'x'",
    "[report]\ntitle = 3",
    "[report]\nlandmarks = [1, -3]",
    "[report]\nlandmarks = [1, 1]",
    "[report]\nlandmarks = 'one'",
    "[report]\nlanguage = 'xx'",
    "[report]\noverdue_days = 0",
    "[report]\ncutoff = 'soon'",
    "[report]\nlate_entry = 'yes'",
    "[gates]\ncox = 2.5",
    "[gates]\ncox = true",
    "[privacy]\nprofile = 'public'",
    "[privacy]\nmin_cell = 100000",
    "[tables]\npatients = 3",
    "[columns.patients]\npatient_id = 3",
    "[[endpoint]]\nlabel = 'no key'",
    "[[endpoint]]\nkey = 'os'\nlate = 'x'",
    "[endpoint]\nkey = 'os'",
    "[source]\nheader_rows = { Sheet1 = 0 }",
    "[source]\ntoxicity_none = [1]",
    "[features]\ninclude = ['a', 'a']",
    "[unheard]\nof = 1",
]


@pytest.mark.parametrize("text", [*WELL, *WRONG])
def test_the_schema_judges_settings_as_the_program_does(text, tmp_path):
    path = tmp_path / "report.toml"
    path.write_text(text)
    if text in WELL:
        load_settings(path)
    else:
        with pytest.raises(UsageError):
            load_settings(path)
    assert (faults("report.toml", tomllib.loads(text)) == []) == (text in WELL)


def test_every_setting_of_the_schema_is_explained():
    told = schema("report.toml")["properties"]
    for name in ("report", "features", "gates", "privacy", "source", "notify"):
        silent = [key for key, kind in told[name]["properties"].items() if "description" not in kind]
        assert silent == [], name


@pytest.mark.parametrize(
    ("text", "well"),
    [
        ('[defaults]\nformat = "html"\n[[cohort]]\nsource = "a.xlsx"\nsettings = { group = "arm" }', True),
        (
            '[[cohort]]\nsource = "a.xlsx"\ncutoff = 2026-06-30\nstrict = true\n[notify]\nwhen = "always"',
            True,
        ),
        ('[[cohort]]\nsource = "a.xlsx"\nsettings.gates.cox = 5\n', True),
        ('[[cohort]]\nsauce = "a.xlsx"', False),
        ("[defaults]\nstrict = true", False),
        ('[[cohort]]\nsource = "a.xlsx"\nstrict = "yes"', False),
        ('[[cohort]]\nsource = "a.xlsx"\non_invalid = "ignore"', False),
    ],
)
def test_the_schema_judges_manifests_as_the_program_does(text, well, tmp_path):
    from reportgen.batch.manifest import Asked, read_manifest

    (tmp_path / "a.xlsx").write_bytes(b"")
    path = tmp_path / "batch.toml"
    path.write_text(text)
    if well:
        assert read_manifest(path, Asked())[0]
    else:
        with pytest.raises(UsageError):
            read_manifest(path, Asked())
    assert (faults("batch.toml", tomllib.loads(text)) == []) == well


def test_the_command_prints_them(tmp_path):
    assert run("schema", cwd=tmp_path).stdout.split() == list(SCHEMAS)
    assert run("schema", "results.json", cwd=tmp_path).stdout == as_text("results.json")
    assert run("schema", "nothing", cwd=tmp_path).returncode == 2
