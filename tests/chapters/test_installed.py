"""Chapters of other packages, by the example of docs/chapters.md, as if it were installed."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.chapters import SECTIONS, chapters, installed
from reportgen.render.html.document import render_html
from reportgen.report import plain
from reportgen.run.branding import printed
from reportgen.run.composing import analyse, compose
from reportgen.run.pipeline import Request, build
from reportgen.verification import verify
from tests.conftest import SAMPLE

PAGE = (Path(__file__).parents[2] / "docs" / "chapters.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (\S+)\n(.+?)```", PAGE, re.S))
OURS = tuple(section.KEY for section in SECTIONS)


def install(
    folder: Path, name: str = "reportgen-audit", module: str = "reportgen_audit", **changed: str
) -> None:
    """What pip would leave of the package in a folder of libraries. changed: in place of what is documented."""
    files = {path.replace("reportgen_audit/", f"{module}/"): text for path, text in FILES.items()}
    for path, text in files.items():
        for old, new in changed.items():
            text = re.sub(rf"^{old} = .+$", f"{old} = {new}", text, flags=re.M)
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text.replace("reportgen_audit", module))
    about = folder / f"{module}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[reportgen.chapters]\naudit = {module}\n")


@pytest.fixture
def libraries(tmp_path, monkeypatch):
    folder = tmp_path / "libraries"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in [name for name in sys.modules if name.startswith("reportgen_audit")]:
        del sys.modules[name]


def asking(cohort, *names, profile="internal"):
    privacy = replace(cohort.settings.privacy, profile=profile)
    return replace(cohort, settings=replace(cohort.settings, chapters=names, privacy=privacy))


def test_the_example_of_the_documentation_is_a_chapter(sample, libraries):
    install(libraries)
    assert [section.KEY for section in chapters(sample.cohort)] == [key for key in OURS if key != "changes"]
    cohort = asking(sample.cohort, "summary", "audit")
    results, notices = analyse(cohort)
    assert results.facts["audit"] == 730.5 and notices.keys() <= {*OURS}
    report = compose(cohort, results, notices)
    assert [section.key for section in report.sections] == ["summary", "audit"]
    said = plain(report.sections[1].blocks[0].text)
    estimate = results["audit.two_years.all.proportion"]
    assert said.startswith(f"Observed for two years, or until death, were {estimate.events} of 8 (")
    page = render_html(report)
    assert 'id="audit-head">Audit<' in page and "audit.two_years.all.proportion" in page


def test_what_is_recorded_of_it_and_made_again(tmp_path, libraries):
    install(libraries)
    config = tmp_path / "audit.toml"
    config.write_text('[report]\nchapters = ["follow_up", "audit"]\n')
    made = build(Request(SAMPLE, config, tmp_path / "output", formats=("html",)))
    manifest = json.loads((made.folder / "manifest.json").read_bytes())
    assert manifest["versions"]["reportgen-audit"] == "1.0"
    assert verify(made.folder, SAMPLE, config).findings == ()


def test_without_its_columns_it_says_so_once(sample, libraries):
    install(libraries, REQUIRES='("patients.shoe_size",)')
    cohort = asking(sample.cohort, "audit")
    report = compose(cohort, *analyse(cohort))
    assert [section.key for part in report.printed for section in part.sections] == ["lacking"]


def test_who_may_read_it(sample, libraries):
    install(libraries)
    assert chapters(asking(sample.cohort, "audit", profile="board"))[-1].KEY == "audit"
    for profile in ("partner", "external"):
        with pytest.raises(UsageError, match=f"internal and board alone, not of {profile}"):
            chapters(asking(sample.cohort, "audit", profile=profile))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"PROFILES": '("internal", "external")'}, "no other than internal, board, partner"),
        ({"KEY": '"survival"'}, "KEY is the name of its entry point"),
        ({"__all__": "[]\ndel TITLE"}, "lacks TITLE"),
        ({"TITLE": "no_such_name"}, None),
        ({"REQUIRES": "__import__('no_such_library')"}, "can't be loaded"),
    ],
)
def test_a_package_that_is_not_made_as_it_must_be(sample, libraries, changed, says):
    install(libraries, **changed)
    with pytest.raises(MachineFailed if says else NameError, match=says):
        chapters(asking(sample.cohort, "audit"))


def test_two_packages_of_one_name_are_not_chosen_between(sample, libraries):
    install(libraries)
    install(libraries, "another-audit", "reportgen_audit2")
    with pytest.raises(MachineFailed, match="offered by another-audit and reportgen-audit"):
        chapters(asking(sample.cohort, "audit"))


def test_numbers_under_another_key_go_no_further(sample, libraries):
    install(libraries)
    (libraries / "reportgen_audit" / "analysis.py").write_text(
        FILES["reportgen_audit/analysis.py"].replace("section=KEY", 'section="survival"')
    )
    with pytest.raises(ValueError, match="all of it must be 'audit'") as caught:
        analyse(asking(sample.cohort, "audit"))
    assert "while building section audit" in caught.value.__notes__


def test_a_name_that_nobody_offers(sample, libraries):
    install(libraries)
    with pytest.raises(UsageError, match="did you mean 'toxicity'|known are .*, audit"):
        printed(asking(sample.cohort, "xyzzy"))
    assert installed.names() == ("audit",)
