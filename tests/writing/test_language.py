"""The languages: every text has its translation, with the same parts, and numbers and dates follow the language."""

from __future__ import annotations

import importlib.util
import io
import re
from dataclasses import astuple
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from reportgen.writing import language
from reportgen.writing.language import speaking

ROOT = Path(__file__).parents[2]
OTHERS = [code for code in language.languages() if code != "en"]


def script():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text_of(code: str) -> str:
    return (language.FOLDER / f"{code}.po").read_text(encoding="utf-8")


def entries(code: str):
    return [entry for entry in read_po(io.StringIO(text_of(code)), locale=code) if entry.id]


def parts(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))


@pytest.mark.parametrize("code", OTHERS)
def test_the_file_holds_the_texts_of_today_and_no_others(code):
    assert script().updated(code, text_of(code)) == text_of(code), "run scripts/messages.py"


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code):
    assert script().missing(code) == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_parts_of_its_text(code):
    wrong = []
    for entry in entries(code):
        asked = parts("".join(entry.id) if isinstance(entry.id, tuple) else entry.id)
        for said in entry.string if isinstance(entry.string, tuple) else (entry.string,):
            # One of two plural forms may spell its number out.
            if said and (parts(said) - asked or (asked - parts(said) and isinstance(entry.id, str))):
                wrong.append((entry.id, said))
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_our_reader_of_such_files_reads_what_babel_reads(code):
    read = language.parsed(text_of(code))
    singular = {
        (e.context or "", e.id): e.string for e in entries(code) if isinstance(e.id, str) and e.string
    }
    plural = {
        (e.context or "", e.id[0]): e.string
        for e in entries(code)
        if not isinstance(e.id, str) and all(e.string)
    }
    assert read.texts == singular and read.plurals == plural
    rule = Locale.parse(code).plural_form
    kinds = {rule(n): read.plural(n) for n in range(200)}
    assert [read.plural(n) for n in range(200)] == [kinds[rule(n)] for n in range(200)]


def test_what_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="belongs in no"):
        language.parsed('msgid ""\nmsgstr "Plural-Forms: nplurals=1; plural=0;\\n"\n\nmsgid oops\n')
    with pytest.raises(ValueError, match="Plural-Forms"):
        language.parsed('msgid "a"\nmsgstr "b"\n')
    with pytest.raises(ValueError, match="no language"), speaking("xx"):
        pass


def test_a_text_put_together_is_found_out():
    with pytest.raises(ValueError, match="whole text"):
        list(script().in_python('say(f"{n} patients")', "x.py"))
    assert list(script().in_python('say("one" if a else "two")\nshares.who(e, "death")', "x.py")) == [
        ("", "one"),
        ("", "two"),
        ("noun", ("death", "deaths")),
    ]


def test_no_module_that_looks_texts_up_uses_their_function_for_something_else():
    """A loop over `_` would hide the function."""
    import ast

    wrong = []
    for path in (ROOT / "reportgen").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = any(
            isinstance(node, ast.ImportFrom)
            and node.module == "reportgen.writing.language"
            and "_" in [alias.name for alias in node.names]
            for node in ast.walk(tree)
        )
        if imported and any(
            isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store)
            for node in ast.walk(tree)
        ):
            wrong.append(path.name)
    assert wrong == []


def test_the_words_of_the_layers_below_are_marked():
    """The schema, the endpoints and the reasons why patients are left out, which know no language."""
    from reportgen.cohort.checks import exclusion
    from reportgen.cohort.endpoints import rules as endpoint_rules
    from reportgen.cohort.mapping import schema
    from reportgen.writing import vocabulary

    marked = {
        word
        for name in dir(vocabulary)
        if name.isupper() and name != "N_"
        for word in getattr(vocabulary, name)
    }
    wanted = {*exclusion.REASONS.values(), exclusion.UNREADABLE_DATE}
    for table in schema.TABLES:
        for column in schema.columns_of(table).values():
            wanted |= {column.label, *column.words, column.unit}
    for derived in endpoint_rules.DERIVED:
        where_made = {
            derived.rule.label,
            derived.event_label,
            derived.competing_label,
            *astuple(derived.text),
        }
        assert where_made - {""} <= {text for _context, text in script().messages()}
    assert wanted - marked - {"", "CR", "PR", "SD", "PD", "NE"} == set()


def test_the_settings_and_the_command_offer_every_language():
    from reportgen.cli.options import Language
    from reportgen.settings.values import ALLOWED

    assert ALLOWED["report.language"] == language.languages()
    assert all(code in Language.__metadata__[0].help for code in language.languages())
