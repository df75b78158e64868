"""In which encoding a text is written whose bytes leave several: asked with words as each would have them."""

from __future__ import annotations

import re
from pathlib import Path

from reportgen.base.message import message
from reportgen.cohort.mapping.proposal.types import Choice, Line, Question
from reportgen.cohort.readers.delimited import ENDINGS
from reportgen.cohort.readers.text import SINGLE_BYTE, is_unproven, looks_like_text, readings

TEXTS = (*ENDINGS, ".txt")
ENCODING = ("source", "encoding")
WORDS, LONGEST = 3, 20


def encoding_question(path: Path) -> Question | None:
    """The question about the encoding of a file, or of all such files of a folder together, with the likeliest
    proposed; None where no common one fits.
    """
    files = [path] if not path.is_dir() else sorted(one for one in path.iterdir() if one.is_file())
    texts = [one for one in files if one == path or one.suffix.casefold() in TEXTS]
    unproven = [
        data for data in (one.read_bytes() for one in texts) if looks_like_text(data) and is_unproven(data)
    ]
    found: dict[str, str] = {}
    for codec, text in readings(b"\n".join(unproven)).items():
        found.setdefault(_shown(text), codec)
    if not found:
        return None
    choices = tuple(
        Choice(str(number), f"{shown} ({SINGLE_BYTE[codec]})",
               (Line(ENCODING, codec, f"it reads {shown}"),))
        for number, (shown, codec) in enumerate(found.items(), 1)
    )  # fmt: skip
    text = message("{name} is not written in UTF-8. Which of these is right?", name=path.name)
    return Question(path.name, "", text, choices, "1")


def _shown(text: str) -> str:
    """The first different words with letters beyond ASCII, the shortest first: headers rather than remarks."""
    words = [
        word
        for word in dict.fromkeys(re.findall(r"\w+", text))
        if not word.isascii() and len(word) <= LONGEST
    ]
    return ", ".join(words[:WORDS]) or "only signs"
