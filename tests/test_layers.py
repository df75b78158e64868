"""The layer rule: who may know whom, and where each outside library is at home."""

# ruff: noqa: E501 (a layer is a line)
from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import reportgen
from tests.conftest import SAMPLE

ROOT = Path(reportgen.__file__).parent
FILES = ("publish", "places", "reviews", "run_files", "queries", "workbook", "amend")

# Layer → what it may import besides itself. A whole name allows all that is in it.
ALLOWED = {
    "__main__": {"cli"},
    "cli": {"commands", "ending", "thrift"},
    "commands": {"ending", "asking", "batch", "pipeline", "diff", "cases", "verification", "doctor", "checking", "template", "unattended", "months", "schedule", "errors"},
    "steps": set(),
    "unattended": {
        "pipeline", "publish", "notices", "status", "cohort.source_settings", "settings_sources", "signals", "ending", "errors",
    },
    "months": {"asking", "unattended", "pipeline", "cohort.load", "cohort.source_settings", "publish", "notices", "status", "ending", "errors"},
    "schedule": {"pipeline", "cohort.source", "cohort.source_settings", "publish", "errors"},
    "notices": {"status", "render.sealed", "settings", "errors"},
    "status": {"publish"},
    "checking": {"cohort", "publish", "errors"},
    "template": {"cohort", "settings_sources", "publish", "errors"},
    "pipeline": {"steps", "composing", "analyses.counting", "cluster", "listings", "cohort", "history", "privacy", "render", "publish", "settings", "errors"},
    "composing": {"analyses", "house", "privacy", "sections", "present", "report", "stats.results", "settings"},
    "asking": {"errors"},
    "batch": {
        "asking", "language", "pool", "cluster", "pipeline", "unattended", "cohort.source", "stats", "present", "render", "report", "publish", "settings_sources", "errors",
    },
    "cluster": {"pool", "errors"},
    "pool": {"ending", "thrift", "errors"},
    "cases": {
        "steps", "pool", "cluster", "composing", "pipeline", "casereview", "cohort", "privacy", "present", "render", "report", "publish", "settings", "errors",
    },
    "casereview": {"analyses", "cohort", "stats", "present", "report", "settings", "errors"},
    "sections": {"analyses", "cohort", "stats", "present", "report", "settings", "errors"},
    "analyses": {"cohort", "stats", "settings", "errors"},
    "present": {"report", "stats.results", "stats.landmarks", "colours"},
    "render": {"report", "colours", "errors"},
    "listings": {"analyses", "cohort", "render.delimited"},
    "house": {"report", "sections", "errors"},
    "colours": set(),
    "verification": {"composing", "pipeline", "status", "cohort", "history", "privacy.keys", "privacy.protect", "analyses", "sections.changes", "stats", "publish", "settings", "settings_sources", "errors"},
    "doctor": {"status", "render", "report", "errors"},
    "ending": {"signals", "errors"},
    "signals": set(),
    "thrift": set(),
    "publish": {"stats.results", "signals", "present.doubts", "language", "cohort.cohort", "cohort.raw", "cohort.readers", "settings", "render", "errors"},
    "report": {"stats.results"},
    "privacy": {"analyses", "cohort", "stats", "settings", "errors"},
    "cohort": {"settings", "settings_sources", "errors"},
    "diff": {"history", "cohort", "sections.changes", "report", "publish", "stats.results", "settings", "settings_sources", "errors"},
    "history": {"cohort", "publish", "settings", "errors"},
    "settings_sources": {"settings", "colours", "errors"},
    "stats": set(),
    "language": set(),
    "settings": set(),
    "errors": set(),
}  # fmt: skip

# Those that write words for a reader, and so may know the language they write in; numbers know none.
WRITERS = (
    "cli",
    "checking",
    "composing",
    "pipeline",
    "cases",
    "casereview",
    "sections",
    "present",
    "render",
    "publish",
    "cohort",
    "settings_sources",
)
for _writer in WRITERS:
    ALLOWED[_writer].add("language")

# Library → the only places that may import it.
HOMES = {
    "typer": {"commands"},
    "jinja2": {"render.html"},
    "weasyprint": {"render.pdf", "render.drawn", "render.quick"},
    "cssselect2": {"render.quick"},
    "pydyf": {"render.packed"},
    "docx": {"render.docx"},
    "resvg_py": {"render.docx"},
    "matplotlib": {"present.figures"},
    "lifelines": {"stats"},
    "firthmodels": {"stats"},
    "scipy": {"stats"},
    "babel": {"language"},
    "python_calamine": {"cohort.readers"},
    "pyarrow": {"cohort.readers"},
    "sqlalchemy": {"cohort.readers", "history"},
    "openpyxl": {"cohort.readers", "workbook", "template"},
    "uharfbuzz": {"render"},
    "pikepdf": {"render.sealed"},
    "dask": {"cluster"},
    "distributed": {"cluster"},
    "fontTools": {"render", "present.figures"},
    "pandas": {
        "cohort",
        "stats",
        "sections",
        "analyses",
        "privacy",
        "history.tables",
    },
}

HEAVY = (
    "pandas",
    "numpy",
    "matplotlib",
    "weasyprint",
    "lifelines",
    "scipy",
    "openpyxl",
    "jinja2",
    "babel",
    "firthmodels",
    "docx",
    "resvg_py",
)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def modules() -> dict[str, Path]:
    return {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}


@cache
def imports() -> dict[str, frozenset[str]]:
    """Module → what it imports, at its top or inside functions; our own names without "reportgen."."""
    return {name: frozenset(_imports(path)) for name, path in modules().items()}


def _imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (_own(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer"
            base = _own(node.module)
            for alias in node.names:
                inner = f"{base}.{alias.name}".removeprefix(".")
                yield inner if inner in modules() else base


def _own(name: str) -> str:
    return "" if name == "reportgen" else name.removeprefix("reportgen.")


def layer(module: str) -> str:
    first = module.split(".")[0]
    return "publish" if first in FILES else first


def within(module: str, places) -> bool:
    return any(module == place or module.startswith(place + ".") for place in places)


def ours() -> list[tuple[str, str]]:
    return [(name, wanted) for name, found in imports().items() for wanted in found if wanted in modules()]


def test_the_imports_are_found():
    assert "cohort.cohort" in imports()["sections.survival"]
    assert "present.narrative" in imports()["sections.survival"]
    assert "weasyprint" in imports()["render.pdf"]


def test_every_module_has_a_layer():
    assert {layer(name) for name in modules() if name} <= set(ALLOWED)


def test_layers_are_kept():
    wrong = [
        f"{name} imports {wanted}"
        for name, wanted in ours()
        if wanted
        and name
        and layer(name) != layer(wanted)
        and not within(wanted, ALLOWED[layer(name)])
        and layer(wanted) not in ALLOWED[layer(name)]
    ]
    assert wrong == []


def test_sections_never_import_one_another():
    wrong = [
        f"{name} imports {wanted}"
        for name, wanted in ours()
        if name.startswith("sections.") and wanted.startswith("sections.")
    ]
    assert wrong == []


def test_parts_of_a_case_review_never_import_one_another():
    from reportgen.casereview import PARTS

    parts = {part.__name__.removeprefix("reportgen.") for part in PARTS}
    wrong = [f"{name} imports {wanted}" for name, wanted in ours() if name in parts and wanted in parts]
    assert len(parts) == 10 and wrong == []


def test_no_cycle():
    tuple(
        TopologicalSorter(
            {name: found & set(modules()) - {name} for name, found in imports().items()}
        ).static_order()
    )


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library):
    users = {name for name, found in imports().items() if any(within(wanted, [library]) for wanted in found)}
    assert [name for name in users if not within(name, HOMES[library])] == []


def loaded_by(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_command_line_is_cheap_to_load():
    assert loaded_by("import reportgen.commands.app") & set(HEAVY) == set()
    assert "typer" not in loaded_by("import reportgen.cli")  # first thrift.spare, then all that is loaded


def test_model_libraries_are_loaded_only_where_a_model_is_fitted():
    chapters = "\n".join(
        f"import reportgen.{name}" for name in modules() if layer(name) in ("stats", "sections")
    )
    assert loaded_by(chapters) & {"lifelines", "firthmodels", "sklearn", "weasyprint"} == set()


def test_a_format_that_is_not_asked_for_loads_nothing(tmp_path):
    made = f"""
from pathlib import Path
from reportgen.pipeline import Request, build
build(Request(Path({str(SAMPLE)!r}), output=Path({str(tmp_path)!r}), formats=("html",)))"""
    assert loaded_by(made) & {"weasyprint", "docx", "lifelines"} == set()


def test_a_breach_would_be_seen():
    assert not within("cohort.cohort", ALLOWED["stats"])
    assert within("stats.results", ALLOWED["present"])
    assert not within("stats.survival", ALLOWED["present"])
