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
from reportgen.base.required import required
from tests.conftest import SAMPLE

ROOT = Path(reportgen.__file__).parent
# Room → the rooms, or the modules in them, that it may import besides itself. A whole name allows all that is in it.
ALLOWED = {
    "__main__": {"cli"},
    "cli": {"run", "batch", "casereview", "history.diff", "history.retention", "history.releases", "verification", "doctor", "template", "schemas", "unattended", "desk", "writing.language", "settings", "base"},
    "api": {"run", "cohort", "publish", "render.figure_files", "writing.language", "report", "stats", "settings", "base"},
    "desk": {"run", "casereview", "history.diff", "verification", "unattended", "chapters", "cohort", "privacy", "publish", "writing", "render", "settings", "base"},
    "schemas": {"batch.cohort_rows", "batch.manifest", "unattended", "run.understanding", "cohort.mapping", "cohort.understood", "publish", "template", "stats", "settings", "base"},
    "unattended": {"run", "cohort.load", "privacy.protect", "cohort.source", "cohort.mapping.source_settings", "publish", "render.pdf.encryption", "settings", "base"},
    "batch": {"run", "unattended", "parallel", "cohort.source", "stats", "figures", "writing", "render", "report", "publish", "settings", "base"},
    "casereview": {"run", "parallel", "cohort", "analyses", "privacy", "stats", "figures", "writing", "render", "report", "publish", "settings", "base"},
    "verification": {"run", "unattended.status", "cohort", "history", "privacy.key_file", "privacy.protect", "analyses", "chapters.changes", "chapters.installed", "stats", "publish", "writing.language", "writing.messages", "settings", "base"},
    "history": {"cohort", "chapters", "writing", "report", "publish", "stats.results", "settings", "base"},
    "run": {"chapters", "render", "publish", "history", "privacy", "parallel", "cohort", "analyses", "writing", "report", "stats", "settings", "base"},
    "doctor": {"unattended.status", "render", "report", "base"},
    "template": {"cohort", "publish", "settings", "base"},
    "publish": {"cohort.cohort", "cohort.raw", "cohort.readers", "writing", "render", "report", "stats.results", "settings", "base"},
    "chapters": {"cohort", "analyses", "stats", "writing", "figures", "report", "settings", "base"},
    "privacy": {"analyses", "cohort", "stats", "settings", "base"},
    "analyses": {"cohort", "stats", "settings", "base"},
    "render": {"report", "writing.language", "base"},
    "figures": {"writing", "stats.results", "stats.landmarks", "base"},
    "writing": {"report", "stats.results", "stats.notes", "stats.landmarks", "base"},
    "report": {"stats.results", "base.message", "base.brand", "base.drawing", "base.described"},
    "cohort": {"settings", "base"},
    "parallel": {"base"},
    "settings": {"writing.language", "base"},
    "stats": {"base.gate_limits", "base.message", "base.required"},
    "base": set(),
}  # fmt: skip

# Within a chapter: who counts patients knows no words, and who writes sees no patients.
WALLS = {
    "analysis": ("writing", "figures", "report", "render"),
    "page": ("cohort", "analyses", "privacy", "settings"),
}

# Library → the only places that may import it.
HOMES = {
    "typer": {"cli"},
    "jinja2": {"render.html", "desk.pages"},
    "starlette": {"desk"},
    "uvicorn": {"desk.server", "desk.watch"},
    "watchfiles": {"desk.following"},
    "weasyprint": {"render.pdf"},
    "pydyf": {"render.pdf"},
    "docx": {"render.docx"},
    "pptx": {"render.pptx"},
    "resvg_py": {"render.lines"},
    "matplotlib": {"figures"},
    "lifelines": {"verification"},
    "firthmodels": {"stats"},
    "scipy": {"stats"},
    "statsmodels": {"stats.multiple_imputation"},
    "highspy": {"stats.disclosure"},
    "babel": {"writing.catalogues", "writing.language"},
    "tomlkit": {"settings.writing"},
    "python_calamine": {"cohort.readers"},
    "xlrd": {"cohort.readers"},
    "pyarrow": {"cohort.readers", "publish.ard"},
    "sqlalchemy": {"cohort.readers", "history"},
    "openpyxl": {"cohort.readers", "publish.workbook", "template"},
    "uharfbuzz": {"render"},
    "rapidfuzz": {"cohort.mapping.names"},
    "pikepdf": {"render.pdf.encryption"},
    "dask": {"parallel.cluster"},
    "distributed": {"parallel.cluster"},
    "fontTools": {"render", "figures"},
    "pandas": {"cohort", "stats", "chapters", "analyses", "privacy", "history.table_codec", "verification"},
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
    "pptx",
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
    return module.split(".")[0]


def within(module: str, places) -> bool:
    return any(module == place or module.startswith(place + ".") for place in places)


def ours() -> list[tuple[str, str]]:
    return [(name, wanted) for name, found in imports().items() for wanted in found if wanted in modules()]


def test_the_imports_are_found():
    assert "cohort.cohort" in imports()["chapters.survival.analysis"]
    assert "writing.narrative" in imports()["chapters.survival.page"]
    assert "weasyprint" in imports()["render.pdf.library"]


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


def test_chapters_import_no_more_of_one_another_than_their_facts():
    wrong = [
        f"{name} imports {wanted}"
        for name, wanted in ours()
        if name.startswith("chapters.")
        and wanted.startswith("chapters.")
        and not wanted.startswith("chapters.shared")
        and not wanted.endswith(".facts")
        if name.split(".")[1] != wanted.split(".")[1]
    ]
    assert wrong == []


def test_the_wall_within_each_chapter():
    """Analysis sees patients and knows no words; the page has words and sees no patients."""
    wrong = [
        f"{name} imports {wanted}"
        for name, wanted in ours()
        for part, out_of_reach in WALLS.items()
        if name.startswith("chapters.") and name.endswith(f".{part}")
        if within(wanted, out_of_reach) or wanted.endswith(".page" if part == "analysis" else ".analysis")
    ]
    assert wrong == []


def test_the_root_holds_no_loose_files():
    assert {path.name for path in ROOT.glob("*.py")} == {"__init__.py", "__main__.py", "report.py"}


def test_no_cycle_between_rooms():
    rooms: dict[str, set[str]] = {}
    for name, wanted in ours():
        if name and wanted and layer(name) != layer(wanted):
            rooms.setdefault(layer(name), set()).add(layer(wanted))
    tuple(TopologicalSorter(rooms).static_order())


def test_parts_of_a_case_review_never_import_one_another():
    from reportgen.casereview import PARTS

    parts = {part.__name__.removeprefix("reportgen.") for part in PARTS}
    wrong = [f"{name} imports {wanted}" for name, wanted in ours() if name in parts and wanted in parts]
    assert len(parts) == 12 and wrong == []


def test_no_cycle():
    """The package itself names what is public and loads it when it is asked for."""
    tuple(
        TopologicalSorter(
            {name: found & set(modules()) - {name} for name, found in imports().items() if name}
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
    assert loaded_by("import reportgen.cli.app") & set(HEAVY) == set()
    assert "typer" not in loaded_by(
        "import reportgen.cli.main"
    )  # first startup.spare, then all that is loaded


def test_model_libraries_are_loaded_only_where_a_model_is_fitted():
    chapters = "\n".join(
        f"import reportgen.{name}" for name in modules() if layer(name) in ("stats", "chapters")
    )
    assert loaded_by(chapters) & {"lifelines", "firthmodels", "sklearn", "weasyprint"} == set()


def test_no_model_needs_the_library_that_gives_the_second_opinion():
    fitted = """
from reportgen.stats.hazards import cox
assert cox([1, 2, 3, 4, 5], [1, 1, 0, 1, 1], {"x": [0, 1, 0, 1, 0]})[0].value"""
    assert loaded_by(fitted) & {"lifelines", "pandas", "sklearn"} == set()


def test_a_format_that_is_not_asked_for_loads_nothing(tmp_path):
    made = f"""
from pathlib import Path
from reportgen.run.pipeline import Request, build
build(Request(Path({str(SAMPLE)!r}), output=Path({str(tmp_path)!r}), formats=("html",)))"""
    assert loaded_by(made) & {"weasyprint", "docx", "lifelines"} == set()


def test_a_breach_would_be_seen():
    assert not within("cohort.cohort", ALLOWED["stats"])
    assert within("stats.results", ALLOWED["writing"])
    assert not within("stats.survival", ALLOWED["writing"])


MOST_LINES, MOST_OF_A_FUNCTION = 300, 60


def test_no_file_and_no_function_is_too_long_to_be_read():
    long = [
        name
        for name, path in modules().items()
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    ]
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = required(node.end_lineno) - node.lineno + 1
                long += [f"{name}.{node.name}: {lines}"] * (lines > MOST_OF_A_FUNCTION)
    assert long == []
