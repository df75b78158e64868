"""What the checks of the data ask is said in every language: their texts are collected from the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import reportgen.cohort
from reportgen.cohort.clean.cleaning import SAID
from reportgen.writing.doubts import doubt
from reportgen.writing.language import _, languages, speaking

FOLDER = Path(reportgen.cohort.__file__).parent
ENDS_THE_PROGRAM = {"UsageError", "MachineFailed", "ValueError"}
LETTERS = re.compile(r"(?<!\{)\b[a-z]{2,}\b(?!\})", re.IGNORECASE)
MESSAGES = {"message", "Message", "N_"}
SENTENCE = re.compile(r"(?:[A-Z{].*)?\b[a-z`]{2,}[,:;]? .*\b[a-z`]{2,}.*", re.DOTALL | re.IGNORECASE)
PREFIXES = ("", "Spalte: 7 ", "7 × ")
FILLINGS = ("Muster", "7", "; did you mean 'x'?")
# Other sentences of these modules: definitions (see writing/stated.py), spellings in the data, addresses, errors of
# settings, what is said to the operator, and patterns of the program itself.
NOT_ASKED = {
    "clean/cleaning.py": ("cells hold", "cell holds", "cells say", "cell says", "cells differ", "cell differs",
                          "and count",
                    "and counts", "as text"),
    "endpoints/event_values.py": ("by name", "no event named", "only one"),
    "mapping/event_words.py": None,
    "endpoints/derive.py": ("vital_status or death_date",),
    "changes/corrections.py": ("{} filled cells", "{} rows", "row entered late"),
    "endpoints/rules.py": None,
    "endpoints/derived.py": None,
    "raw.py": ("{}, row {}",),
    "readers/adam_time.py": (
        "AVAL of {} in {}", "CNSR of {} in {}", "documented disease progression", "progression of disease",
        "death from any cause", "death due to any cause", "death without progression", "disease progression",
        "progressive disease", "documented progression", "disease recurrence", "disease relapse",
        'key = "{}", time = "{}", unit = "days", ', 'event = "{}", event_values = [0], censor_values = [1]',
    ),
    "readers/dataset_json.py": ("Extra data",),
    "readers/delimited.py": ("end of data", "field limit", "expected after"),
    "mapping/later_names.py": None,
    "readers/parquet.py": ("{}, row {} of {}",),
    "readers/redcap.py": ("{} (joined)", "Data access group"),
    "readers/sql.py": None,
    "readers/text.py": ("Mac Roman", "DOS (CP850)", "DOS (CP437)", "use a name such as utf-8 or cp1252."),
    "mapping/schema.py": None,
    "mapping/source_settings.py": None,
    # What `map` and `check` say of a source is for the operator's terminal, which speaks English.
    **dict.fromkeys(f"mapping/proposal/{name}.py" for name in
                    ("columns", "date_order", "encoding", "endpoints", "layout", "propose", "sheets", "values")),
    "understood.py": None,
    # Words of sources, or endpoints as a kind of source calls them.
    "checks/unknown_dates.py": (
        "date unknown", "unknown date", "not known", "not reported", "not documented", "not available",
        "datum unbekannt", "nicht bekannt", "nicht dokumentiert", "keine angabe",
    ),
    "readers/adam_responses.py": ("not done",),
    "readers/adam_words.py": ("life threatening",),
    "readers/statistical.py": (
        "Files of Stata, SPSS and R need pyreadstat and pyreadr: pip install 'clinical-reportgen[statistics]'.",
    ),
    "changes/stale.py": None,  # for the operator, like progress
    "checks/consequences.py": ("treatment_start treatment_stop relapse_date date start_date",),
}  # fmt: skip
# … but for what these ask too.
ASKED = {
    "readers/sql.py": re.compile("^(Select|Check|Correct|Name|The |{}).*"),
    "mapping/source_settings.py": re.compile("^(The|Enter) .*"),
}


def texts(path: Path) -> Iterator[str]:
    """The texts of a module with {} for their parts; not its docstrings, nor what ends the program as an error."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out: set[int] = set()
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if (
            docstring
            or getattr(called, "id", "") in ENDS_THE_PROGRAM
            or getattr(called, "id", "") == "message"  # said by its template: test_language knows them all
            or getattr(called, "attr", "") == "compile"
        ):
            left_out |= {id(inner) for inner in ast.walk(node)}
        if getattr(called, "id", "") in MESSAGES and isinstance(node.args[0], ast.Constant):
            left_out.add(id(node.args[0]))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in left_out:
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            left_out |= {id(inner) for part in node.values for inner in ast.walk(part)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield re.sub(r"\{\w+\}", "{}", node.value)


def templates() -> Iterator[tuple[str, str]]:
    """Every template of a Message; one that is no literal is found by no translator."""
    for path in sorted(FOLDER.rglob("*.py")):
        name = path.relative_to(FOLDER).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MESSAGES:
                template = node.args[0]
                assert isinstance(template, ast.Constant), f"{name}:{node.lineno}: no literal"
                yield name, template.value


def asked() -> Iterator[tuple[str, str]]:
    for path in sorted(FOLDER.rglob("*.py")):
        name = path.relative_to(FOLDER).as_posix()
        for text in texts(path):
            known = NOT_ASKED.get(name, ())
            too = name in ASKED and ASKED[name].match(text)
            if SENTENCE.fullmatch(text) and (too or known is not None and text not in known):
                yield name, text


def is_said(text: str) -> bool:
    """Whether the text, its parts filled in one way or another, is said otherwise."""
    for prefix, parts in product(PREFIXES, product(FILLINGS, repeat=text.count("{}"))):
        filled = prefix + text.replace("{}", "%s").replace("%s", "{}").format(*parts)
        if doubt(filled) != filled:
            return True
    return _(text) != text


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_every_text_of_the_checks_is_translated(code):
    found, said_as_data = list(asked()), list(templates())
    assert len(found) > 50 and len(said_as_data) > 400
    with speaking(code):
        assert [pair for pair in found if not is_said(pair[1])] == []
        assert [pair for pair in said_as_data if LETTERS.search(pair[1]) and _(pair[1]) == pair[1]] == []


def test_a_text_that_nobody_translated_is_found_out(tmp_path):
    module = tmp_path / "x.py"
    module.write_text(
        'def f(n):\n    """Doc is no text."""\n    yield Issue(f"The row has {n} legs", "Count them again")\n'
    )
    assert list(texts(module)) == ["The row has {} legs", "Count them again"]
    with speaking("de"):
        assert not any(map(is_said, texts(module)))


@pytest.mark.parametrize("code", SAID)
def test_what_is_said_of_a_cell_is_recognised_behind_the_name_of_its_column(code):
    """As `cleaning` puts it together: "sex: the value is not one of female, male, other: 1,200 more rows"."""
    severity, problem, hint = SAID[code]
    said = {"words": "female, male, other", "column": "sex", "fault": "#N/A", "value": "-99"}
    problem, hint = problem.format(**said), hint.format(**said)
    whole = (
        f"sex: 7 {problem}"
        if severity == "note"
        else f"sex: {problem[0].lower()}{problem[1:]}: 1,200 more rows"
    )
    with speaking("de"):
        assert doubt(whole).startswith("sex: ") and doubt(whole)[5:] != whole[5:], whole
        assert "more rows" not in doubt(whole) and ("1.200 weitere Zeilen" in doubt(whole)) == (
            severity != "note"
        )
        assert doubt(hint) != hint
        assert "female, male, other" in doubt(whole) or "{words}" not in SAID[code][1]


def test_a_column_that_is_called_like_a_word_of_ours_keeps_its_name():
    with speaking("de"):
        assert doubt("remark: the cell holds what looks like names").endswith("Namen")
        assert doubt("treatment is before death") == "treatment liegt vor death"
        assert doubt("other: the date lies before 1900 or after 2100").startswith("other: Das Datum")
