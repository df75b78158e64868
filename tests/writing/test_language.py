"""The languages: every text has its translation, with the same parts, and numbers and dates follow the language."""

from __future__ import annotations

import importlib.util
import io
import re
from dataclasses import astuple
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from reportgen.writing import catalogues, language
from reportgen.writing.language import speaking

ROOT = Path(__file__).parents[2]
OTHERS = [code for code in language.languages() if code != "en"]


@cache
def script():
    """scripts/messages.py, which reads the source once for all tests."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.messages = cache(module.messages)
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
def test_no_part_is_named_as_what_else_a_message_has(code):
    """`message(…, code=…)` would be the message's own code, and its text would stand there with the braces."""
    assert [entry.id for entry in entries(code) if "code" in parts("".join(entry.id))] == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_read_is_what_is_written_and_numbers_have_their_plural(code):
    """The compiled file that is there after a text was looked up is that of the text of today."""
    read = catalogues.catalogue(language.FOLDER, code)
    for entry in entries(code):
        if isinstance(entry.id, str):
            said = read.pgettext(entry.context, entry.id) if entry.context else read.gettext(entry.id)
            assert said == entry.string
        else:
            asked = (entry.context, *entry.id) if entry.context else entry.id
            ask = read.npgettext if entry.context else read.ngettext
            assert {ask(*asked, n) for n in range(200)} == set(entry.string)
    rule = Locale.parse(code).plural_form
    one, many = next(e.id for e in entries(code) if not isinstance(e.id, str) and e.context == "noun")
    said = {rule(n): read.npgettext("noun", one, many, n) for n in range(200)}
    assert [read.npgettext("noun", one, many, n) for n in range(200)] == [said[rule(n)] for n in range(200)]
    made = (language.FOLDER / f"{code}.mo").read_bytes()
    assert made == catalogues.compiled(text_of(code).encode())


PO = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def test_a_changed_text_is_compiled_anew_and_a_wheel_needs_no_source(tmp_path):
    written = tmp_path / "xx.po"
    for said in ("eins", "zwei"):
        written.write_text(f'{PO}msgid "a"\nmsgstr "{said}"\n', encoding="utf-8")
        assert catalogues.catalogue(tmp_path, "xx").gettext("a") == said
    written.unlink()
    assert catalogues.catalogue(tmp_path, "xx").gettext("a") == "zwei"
    assert [path.name for path in tmp_path.iterdir()] == ["xx.mo"]
    (tmp_path / "xx.mo").unlink()
    with pytest.raises(FileNotFoundError):
        catalogues.catalogue(tmp_path, "xx")


def test_what_is_not_translated_or_not_sure_is_not_there(tmp_path):
    (tmp_path / "xx.po").write_text(
        f'{PO}msgid "empty"\nmsgstr ""\n\n#, fuzzy\nmsgid "unsure"\nmsgstr "?"\n\n'
        'msgctxt "noun"\nmsgid "day"\nmsgid_plural "days"\nmsgstr[0] "Tag"\nmsgstr[1] ""\n',
        encoding="utf-8",
    )
    read = catalogues.catalogue(tmp_path, "xx")
    assert (read.gettext("empty"), read.gettext("unsure"), read.npgettext("noun", "day", "days", 1)) == (
        "",
    ) * 3


def test_what_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match=r"no \.po file"):
        catalogues.compiled(f"{PO}msgid oops\n".encode())
    with pytest.raises(ValueError, match="Plural-Forms"):
        catalogues.compiled(b'msgid "a"\nmsgstr "b"\n')
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


@pytest.mark.parametrize(
    "text", ["{n} of {total:,}", "{{{n}}}", "100% {n!r}", "{n:{total}}", "{total.real}", "none", "{n:dat}{n}"]
)
def test_a_sentence_is_filled_as_the_formatter_of_python_fills_it(text):
    parts = {"n": 3, "total": 1200}
    assert language._filled(text, parts) == language._Sentence().vformat(text, (), parts)
