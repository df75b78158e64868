"""docs/data.md names every code that the source can give, and no other."""

import ast
import re
from pathlib import Path

import reportgen
from reportgen.cohort.mapping.schema import DICTIONARY, TABLES

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|DIMENSIONS|ENCRYPTED")
# Names of columns in other systems.
NO_CODES = {
    "MAX_BYTES",
    "CREDENTIALS_DIRECTORY",
    "XDG_CONFIG_HOME",
    "PATIENT_ID",
    "SAMPLE_ID",
    "EVENT_TYPE",
    "START_DATE",
    "STOP_DATE",
    "BEST_RESPONSE",
    "RESPONSE_DATE",
    "OS_MONTHS",
    "OS_STATUS",
    "PFS_MONTHS",
    "PFS_STATUS",
}


def in_the_source() -> set[str]:
    found = set()
    for path in (Path(reportgen.__file__).parent / "cohort").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.add(node.value)
    return found - NO_CODES


def rows() -> dict[str, list[str]]:
    lines = [
        line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(r"\| [A-Z_0-9]+ \|", line)
    ]
    return {code: rest for code, *rest in lines}


def test_every_code_is_explained_with_its_remedy_and_in_order():
    assert set(rows()) == in_the_source()
    assert list(rows()) == sorted(rows(), key=lambda code: code.replace("_", " "))
    for code, (severity, meaning, remedy) in rows().items():
        assert re.match("error|warning|note", severity) and meaning and remedy, code


def test_every_column_of_the_workbook_is_named():
    for table, columns in TABLES.items():
        (line,) = re.findall(rf"^\| `{table}` \|.*$", PAGE, re.M)
        assert [c.name for c in columns if c.name not in re.split(r"[^\w]+", line)] == []
    (line,) = re.findall(r"^\| `dictionary` \|.*$", PAGE, re.M)
    assert [name for name in DICTIONARY if name not in re.split(r"[^\w]+", line)] == []
