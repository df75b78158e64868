"""The package by its own name, and what it stands on with its licences."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from reportgen import __version__

ROOT = Path(__file__).parents[1]
TEXTS = {".py", ".md", ".toml", ".po", ".html", ".sh", ".yml", ".yaml", ".txt"}
PLACES = ("reportgen", "docs", "templates", "tests", "scripts", "bench", "sample_data")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def texts() -> list[Path]:
    found = [path for path in ROOT.iterdir() if path.suffix in TEXTS]
    for place in PLACES:
        found += [path for path in (ROOT / place).rglob("*") if path.suffix in TEXTS and path.is_file()]
    return [path for path in found if path.name != Path(__file__).name]


def wrong_names(text: str) -> list[str]:
    """What a text would have installed that is not ours, or an extra that does not exist."""
    asked = re.findall(r"pip install (?:-\S+ )*['\"]?([\w.-]+)\[([a-z,]+)\]", text)
    asked += [("reportgen", extra) for extra in re.findall(r"(?<![\w-])reportgen\[([a-z]+)\]", text)]
    return [
        f"{name}[{extra}]"
        for name, extra in asked
        if name not in (PROJECT["name"], ".")
        or not set(extra.split(",")) <= set(PROJECT["optional-dependencies"])
    ]


def test_a_wrong_name_would_be_seen():
    assert wrong_names("pip install 'reportgen[sql]'") and wrong_names("see `reportgen[desk]`")
    assert wrong_names("pip install 'clinical-reportgen[sqll]'")
    assert wrong_names("pip install '.[sqll]'")
    assert not wrong_names("pip install 'clinical-reportgen[sql]'") + wrong_names("pip install '.[sql]'")


def test_no_text_names_an_extra_under_another_name():
    """Who follows an error message must not install another project that has the command's name."""
    found = {str(path.relative_to(ROOT)): wrong_names(path.read_text("utf-8")) for path in texts()}
    assert len(found) > 500
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    named = "".join(path.read_text("utf-8") for path in texts() if path.suffix in (".py", ".md"))
    for extra in PROJECT["optional-dependencies"]:
        assert f"clinical-reportgen[{extra}]" in named, f"nothing tells of the extra {extra}"


def test_no_text_installs_the_other_project_of_our_name():
    for path in texts():
        assert not re.search(r"pip install (?:-\S+ )*reportgen\b", path.read_text("utf-8")), path


def test_version_and_name_are_said_in_one_way():
    assert PROJECT["version"] == __version__
    assert list(PROJECT["scripts"]) == ["reportgen"]


def test_the_list_of_third_parties_is_up_to_date():
    done = subprocess.run([sys.executable, "scripts/third_party.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "python scripts/third_party.py"


def test_every_library_of_the_lock_has_its_line():
    lines = (ROOT / "THIRD_PARTY.md").read_text("utf-8")
    locked = re.findall(
        r"^([\w.-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
    assert len(locked) > 50
    for name, version in locked:
        assert re.search(rf"^\| {re.escape(name)} \|.*{re.escape(version)}", lines, re.MULTILINE), name


def test_what_is_copyleft_says_what_that_means():
    strong = [
        line for line in (ROOT / "THIRD_PARTY.md").read_text("utf-8").splitlines() if "GPL-" in line[:120]
    ]
    rows = [line for line in strong if line.startswith("|")]
    assert rows and all(line.rstrip(" |").endswith(")") for line in rows)


@pytest.mark.parametrize("name", ["LICENSE", "THIRD_PARTY.md", "README.md"])
def test_what_belongs_to_a_package_is_there(name):
    assert (ROOT / name).is_file()


def links(page: Path) -> list[str]:
    return re.findall(r"\]\(([^)#\s]+)", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL))


def test_no_link_of_a_page_is_dead_and_every_page_is_reached_from_the_readme():
    reached, left = set(), [ROOT / "README.md"]
    while left:
        page = left.pop()
        reached.add(page)
        for link in links(page):
            if ":" not in link:
                target = (page.parent / link).resolve()
                assert target.exists(), f"{page.name} leads to {link}, which is not there"
                if target.suffix == ".md" and target not in reached:
                    left.append(target)
    assert set((ROOT / "docs").glob("*.md")) <= reached


def test_the_readme_is_short_and_its_commands_are_ours():
    text = (ROOT / "README.md").read_text("utf-8")
    assert text.count("\n") < 80
    from reportgen.cli.app import PLACES

    told = set(re.findall(r"^reportgen (\w+)", text, re.MULTILINE))
    assert {"map", "check", "build", "doctor"} <= told <= set(PLACES)


def test_every_library_that_is_imported_is_declared():
    """What comes along with another library may leave with it."""
    given = PROJECT["dependencies"] + [
        one for extra in PROJECT["optional-dependencies"].values() for one in extra
    ]
    declared = {re.match(r"[\w.-]+", one)[0].lower().replace("_", "-") for one in given}
    makers = packages_distributions()
    used = {
        name.split(".")[0]
        for path in (ROOT / "reportgen").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module])
    }
    foreign = used - set(sys.stdlib_module_names) - {"reportgen"}
    lacking = {
        name
        for name in foreign
        if not declared & {made.lower().replace("_", "-") for made in makers.get(name, [name])}
    }
    assert len(foreign) > 20 and lacking == set()
