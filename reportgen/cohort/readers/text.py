"""Bytes → text, in an encoding that the file proves or the settings name; nothing is guessed in silence."""

from __future__ import annotations

import codecs
import unicodedata

from reportgen.base.errors import UNSAID, DataRefused, UsageError
from reportgen.base.message import Message, message
from reportgen.cohort.readers.archive import refuse

MARKS = ((codecs.BOM_UTF8, "utf-8-sig", "UTF-8"), (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
         (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"))  # fmt: skip
SINGLE_BYTE = {"cp1252": "Windows-1252", "iso8859_15": "ISO 8859-15", "cp1250": "Windows-1250",
               "mac_roman": "Mac Roman", "cp850": "DOS (CP850)", "cp437": "DOS (CP437)"}  # fmt: skip
SIGNS = frozenset("°±µ²³½¼×§€£–—‘’“”„…«»™®©•·\u00a0")
OPENING = "„«"


def looks_like_text(data: bytes) -> bool:
    """Whether the bytes may be text: no zero byte, unless UTF-16 says at the start that it is."""
    start = data[: 1 << 16]
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or (
        b"\0" not in start and not start.startswith(b"%PDF-")
    )


def decode(name: str, data: bytes, encoding: str = "") -> tuple[str, str]:
    """(text, the encoding in words; "" where the settings named it or where plain ASCII leaves no question).

    A byte order mark or valid UTF-8 proves itself, whatever encoding of one byte the settings name. Other bytes are
    read only if all the encodings in which they make sense as words give the same text; otherwise the file is refused
    with BAD_ENCODING.
    """
    if encoding:
        if not data.isascii() and _is_utf_8(data) and _of_one_byte(encoding):
            return data.decode("utf-8-sig"), "UTF-8"  # the settings speak of another file of the folder
        return _as_told(name, data, encoding), ""
    for mark, codec, words in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(codec), words
            except UnicodeDecodeError as error:
                raise _refused(message("{a} begins as {b}, but is not", a=name, b=words)) from error
    try:
        return data.decode("utf-8"), "" if data.isascii() else "UTF-8"
    except UnicodeDecodeError:
        return _single_byte(name, data)


def _as_told(name: str, data: bytes, encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding).name
        text = data.decode("utf-8-sig" if codec == "utf-8" else codec)
    except (LookupError, TypeError) as error:
        raise UsageError(
            message(
                "In the settings: source.encoding is {encoding}, which is unknown; use a name such as utf-8 or cp1252.",
                encoding=repr(encoding),
            ),
            UNSAID,
        ) from error
    except UnicodeError as error:
        raise _refused(
            message("{a} is not written in {b}, which the settings name", a=name, b=encoding)
        ) from error
    if not isinstance(text, str):
        raise UsageError(
            message(
                "In the settings: source.encoding is {encoding}, which is no encoding of text.",
                encoding=repr(encoding),
            ),
            UNSAID,
        )
    return text


def is_unproven(data: bytes) -> bool:
    """Whether neither a byte order mark nor valid UTF-8 says how a text is written."""
    return not any(data.startswith(mark) for mark, _, _ in MARKS) and not _is_utf_8(data)


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _of_one_byte(encoding: object) -> bool:
    """Whether the name is that of an encoding in which every character is one byte."""
    try:
        codec = codecs.lookup(str(encoding)).name
        return len("é".encode(codec)) == 1
    except (LookupError, UnicodeError, ValueError):
        return False


def readings(data: bytes) -> dict[str, str]:
    """The encodings of one byte a character in which all words make sense, the likeliest first → the text."""
    found = {}
    for codec in SINGLE_BYTE:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if all(map(_makes_sense, {word for word in text.split() if not word.isascii()})):
            found[codec] = text
    return found


def _single_byte(name: str, data: bytes) -> tuple[str, str]:
    found = readings(data)
    if len(set(found.values())) == 1:
        codec, text = next(iter(found.items()))
        return text, SINGLE_BYTE[codec]
    said = ", ".join(SINGLE_BYTE[codec] for codec in found) or message("none that is common")
    raise _refused(message("{a} is not written in UTF-8; it may be {b}", a=name, b=said))


def _makes_sense(word: str) -> bool:
    """Whether the accented characters of a word are letters that fit their neighbours, or usual signs."""
    for place, character in enumerate(word):
        before = word[place - 1] if place else ""
        if character in OPENING and before.isalpha():
            return False
        if character.isascii() or character in SIGNS:
            continue
        if not character.isalpha() or unicodedata.category(character) in ("Lo", "Lm"):
            return False
        if character.isupper() and before.islower():
            return False
    return True


def _refused(problem: Message) -> DataRefused:
    return refuse(
        "BAD_ENCODING",
        problem,
        message('Save it as UTF-8, or name its encoding in report.toml: [source] encoding = "cp1252"'),
    )
