"""The texts that a report can say, collected from the source; and every language's file brought up to date with them.

    python scripts/messages.py            writes reportgen/writing/languages/*.po: new texts come in empty, old ones go
    python scripts/messages.py --missing  lists what is not translated yet

Texts are found by the functions that look them up (see KEYWORDS), as literals; a text put together there is an
error, for no translator could see it, and one that comes in a variable is marked with N_ where it is written.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel import Locale

from reportgen.writing.catalogues import read_written
from reportgen.writing.language import FOLDER, NOUN

ROOT = Path(__file__).parents[1]
HEADER = """\
# {name} texts of reportgen, by the file that says them. A part in braces keeps its name; {{name:form}} asks for
# it in a form, and the forms of a text stand behind it, with the form's name as msgctxt. See docs/languages.md.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {rule}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"""

# Function → the context, or the place of it; the place of the text, or of its singular; whether a plural may follow.
KEYWORDS = {
    "_": ("", 0, False),
    "N_": ("", 0, False),
    "say": ("", 0, False),
    "inflected": ("", 0, False),
    "message": ("", 0, False),
    "Message": ("", 0, False),
    "_c": (0, 1, False),
    "NC_": (0, 1, False),
    "_n": ("", 0, True),
    "say_n": ("", 0, True),
    "inflected_n": (NOUN, 0, True),
    "plural": (NOUN, 1, True),
    "counted": (NOUN, 1, True),
    "of_all": (NOUN, 2, True),
    "who": (NOUN, 1, True),
    "subject": (NOUN, 1, True),
}

# A file that imports none of these may have functions of these names that mean something else.
SPEAKS = re.compile(r"^\s*from reportgen\.(writing|chapters\.shared|base\.message)\b", re.MULTILINE)

Message = tuple[str, str | tuple[str, str]]  # context, text or (one, many)


def messages(wordless: bool = False) -> dict[Message, str]:
    """Every text, and the file that says it first; what all the others use is in writing.

    wordless: those without a word of their own, which a language may give another order or another form.
    """
    found: dict[Message, str] = {}
    names = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "reportgen").rglob("*.py"))
    names.remove("reportgen/writing/language.py")
    for name in sorted(names, key=lambda name: not name.startswith("reportgen/writing/")):
        source = (ROOT / name).read_text(encoding="utf-8")
        if not SPEAKS.search(source) and not name.startswith("reportgen/writing/"):
            continue
        for message in in_python(source, name):
            if wordless != _has_words(message[1]):
                found.setdefault(message, name)
    return found


def in_python(source: str, name: str) -> Iterator[Message]:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        function = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if function not in KEYWORDS:
            continue
        where = f"{name}:{call.lineno}: {function}"
        context, at, counts = KEYWORDS[function]
        if len(call.args) <= at:
            continue
        context = _literal(call.args[context]) if isinstance(context, int) else context
        if context is None:  # the form of a text that is marked elsewhere
            continue
        texts = _literals(call.args[at])
        if texts is None:
            if isinstance(call.args[at], (ast.JoinedStr, ast.BinOp)):
                raise ValueError(f"{where} needs a whole text, not one put together")
            continue
        if not counts:
            yield from ((context, text) for text in texts)
            continue
        plurals = _literals(call.args[at + 1]) if len(call.args) > at + 1 else [f"{text}s" for text in texts]
        if plurals is None:
            raise ValueError(f"{where} needs a plural that is a whole text")
        for one, many in zip(texts, plurals, strict=True):
            yield context, (one, many)
            if function == "counted":
                yield "", f"one {one}"


def _has_words(text: str | tuple[str, str]) -> bool:
    return not isinstance(text, str) or bool(re.search(r"[^\W\d_]", re.sub(r"\{[^}]*\}", "", text)))


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _literals(node: ast.expr) -> list[str] | None:
    """The text, or the two of "a if … else b"; None where one comes from elsewhere."""
    sides = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    texts = [_literal(side) for side in sides]
    return None if None in texts else texts


class Translated(NamedTuple):
    """What a language has, by (context, English text or its singular)."""

    texts: dict[tuple[str, str], str]
    plurals: dict[tuple[str, str], tuple[str, ...]]


def translated(written: str) -> Translated:
    """The entries of a .po file that have their translation, and are not fuzzy."""
    texts, plurals = {}, {}
    for entry in read_written(written.encode()):
        if not entry.id or entry.fuzzy:
            continue
        if isinstance(entry.id, str):
            texts |= {(entry.context or "", entry.id): entry.string} if entry.string else {}
        elif all(entry.string):
            plurals[entry.context or "", entry.id[0]] = entry.string
    return Translated(texts, plurals)


def updated(code: str, old: str) -> str:
    """The file of a language with exactly the texts of today; those that it has keep their translation."""
    had = translated(old)
    wanted = messages() | {m: place for m, place in messages(wordless=True).items() if m in had.texts}
    rule = re.search(r"Plural-Forms: (.*?)\\n", old)[1]
    count = int(re.search(r"nplurals=(\d)", rule)[1])
    head = HEADER.format(name=Locale.parse(code).english_name, code=code, rule=rule)
    entries, done = [head], set()
    for (context, text), place in wanted.items():
        known, one = (had.texts, text) if isinstance(text, str) else (had.plurals, text[0])
        forms = [form for form, base in known if base == one and form and (form, text) not in wanted]
        for form in (context, *(forms if text not in done else ())):
            entries.append(_entry(place, form, text, known.get((form, one)), count))
        done.add(text)
    return "\n".join(entries)


def _entry(
    place: str, context: str, text: str | tuple[str, str], said: str | tuple[str, ...] | None, count: int
) -> str:
    lines = [f"#: {place}"]
    if context:
        lines.append(f"msgctxt {_quoted(context)}")
    if isinstance(text, str):
        lines += [f"msgid {_quoted(text)}", f"msgstr {_quoted(said or '')}"]
    else:
        lines += [f"msgid {_quoted(text[0])}", f"msgid_plural {_quoted(text[1])}"]
        lines += [f"msgstr[{i}] {_quoted(one)}" for i, one in enumerate(said or ("",) * count)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def missing(code: str) -> list[Message]:
    had = translated((FOLDER / f"{code}.po").read_text(encoding="utf-8"))
    return [
        (context, text)
        for context, text in messages()
        if (context, text if isinstance(text, str) else text[0])
        not in (had.texts if isinstance(text, str) else had.plurals)
    ]


def main() -> int:
    for path in sorted(FOLDER.glob("*.po")):
        if "--missing" in sys.argv:
            for context, text in missing(path.stem):
                print(path.stem, repr(context), repr(text))
            continue
        path.write_text(updated(path.stem, path.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
