"""docs/ as a site, and what the program says of itself, without the tools that make the site; the tutorial, run."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from reportgen.cli.app import PLACES
from tests.commands import command

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
REFERENCE = runpy.run_path(str(ROOT / "scripts" / "reference.py"), run_name="reference")
GENERATED = {"reference/options.md", "reference/settings.md", "reference/python.md"}


def pages(of) -> list[str]:
    if isinstance(of, str):
        return [of]
    return [page for one in (of if isinstance(of, list) else of.values()) for page in pages(one)]


def test_every_page_is_in_the_contents_once():
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    listed = pages(site["nav"])
    assert sorted(listed) == sorted({path.name for path in DOCS.glob("*.md")} | GENERATED)
    assert site["strict"] and {"offline", "search"} <= {
        str(one) for one in site["plugins"] if isinstance(one, str)
    }
    assert (DOCS / "files" / "asps.xlsx").read_bytes() == (ROOT / "tests/cases/messy/asps.xlsx").read_bytes()


def slugs(page: Path) -> set[str]:
    """The anchors of a page, as Python-Markdown makes them of its headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    heads = [re.sub(r"[`*]|\]\([^)]*\)|\[", "", head) for head in re.findall(r"^#+ (.+)$", text, re.M)]
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", head).strip().lower()) for head in heads}


def test_every_anchor_is_there():
    linked = [
        (path.name, target or path.name, anchor)
        for path in DOCS.glob("*.md")
        for target, anchor in re.findall(r"\]\(([\w-]*\.md)?#([\w-]+)\)", path.read_text("utf-8"))
    ]
    assert [one for one in linked if one[2] not in slugs(DOCS / one[1])] == [] and len(linked) > 3


def test_the_program_s_own_pages_name_all_that_its_help_has():
    options, settings = REFERENCE["options_md"](), REFERENCE["settings_md"]()
    assert [name for name in PLACES if f"\n## reportgen {name}\n" not in options] == []
    assert "| `--on-invalid" in options and "| `SOURCE` |" in options
    assert "## [privacy]" in settings and "| `min_cell` | integer |" in settings
    for page in (options, settings):
        rows = [line for line in page.splitlines() if line.startswith("| ")]
        assert len(rows) > 40 and "Sentinel" not in page and "typing." not in page


def test_every_command_has_a_man_page(tmp_path):
    made = [(name, REFERENCE["man"](name, one)) for name, one in REFERENCE["commands"]()]
    assert len(made) == len(PLACES) + 1
    for name, text in made:
        assert text.startswith(f'.TH "{name.replace(" ", "-").upper()}" "1"')
        assert ".SH SYNOPSIS\nreportgen" in text and "\\-\\-help" in text
    if groff := shutil.which("groff"):
        done = subprocess.run(
            [groff, "-man", "-Tutf8", "-ww", "-z"], input=made[1][1], text=True, capture_output=True
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_can_complete(tmp_path, shell):
    done = command("completion", shell, cwd=tmp_path)
    assert done.returncode == 0 and "_REPORTGEN_COMPLETE" in done.stdout
    asked = {"_REPORTGEN_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "reportgen ver",
             "_TYPER_COMPLETE_WORD_TO_COMPLETE": "ver", "_TYPER_COMPLETE_FISH_ACTION": "get-args",
             "COMP_WORDS": "reportgen ver", "COMP_CWORD": "1"}  # fmt: skip
    code = "import sys; sys.argv[:] = ['reportgen']; from reportgen.cli.app import app; app(prog_name='reportgen')"
    answered = command(cwd=tmp_path, program=code, env=os.environ | asked)
    assert "verify" in answered.stdout and "build" not in answered.stdout


def test_the_tutorial(tmp_path):
    """Its commands, in their order, with the one line of report.toml that it has its reader write."""
    text = (DOCS / "tutorial.md").read_text("utf-8")
    lines = [line for block in re.findall(r"```console\n(.+?)```", text, re.S) for line in block.splitlines()]
    assert [line.split()[1] for line in lines] == ["map", "check", "build", "case", "build", "verify"]
    shutil.copy(DOCS / "files" / "asps.xlsx", tmp_path)
    said = []
    for line in lines:
        done = command(*line.split()[1:], cwd=tmp_path)
        expected = 3 if " map " in line else 0  # a question is open
        assert done.returncode == expected, (line, done.stdout, done.stderr)
        said.append(done.stdout)
        if line.startswith("reportgen map"):
            settings = tmp_path / "report.toml"
            after = re.search(r'^  ("alive w disease".+)$', text, re.M)[1]
            before = settings.read_text("utf-8")
            assert before.count(after) == 1
            settings.write_text(before.replace(after, f'{after}\n  "LTFU",'), "utf-8")
    assert (
        'OPEN  Data S4: Status: what is "LTFU" (2 rows)?' in said[0]
        and "error" not in said[1].splitlines()[1]
    )
    folder = tmp_path / "output" / "asps"
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"report.html", "report.pdf", "results.json", "queries.xlsx", "board/report.html"} <= made
    assert any(name.startswith("cases/") for name in made)
