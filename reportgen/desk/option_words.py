"""Options and commands of the command line, of which the program's errors speak, as the window calls them."""

from __future__ import annotations

import re

from reportgen.desk.page_words import WORDS
from reportgen.settings.choices import FORMATS
from reportgen.writing.language import _, active

# Option → the field of the window that asks for the same.
FIELDS = {
    "--format": WORDS["formats"],
    "--cutoff": WORDS["cutoff"],
    "--period": WORDS["period"],
    "--profile": WORDS["profile"],
    "--language": WORDS["language"],
    "--all": WORDS["all_patients"],
    "--day": WORDS["day"],
    "--time": WORDS["time"],
}
# What the window does not offer.
ELSEWHERE = (
    "--output", "--config", "--answers", "--new-pseudonyms", "--forget-release", "--memory", "--kind", "--json",
)  # fmt: skip
# Command → the page that is the same.
PAGES = {"check": WORDS["check"], "map": WORDS["map"], "verify": WORDS["history"], "queries": WORDS["check"]}
VALUES = "|".join((*FORMATS, "internal", "board", "partner", "external"))
OPTION = re.compile(rf"(?<![\w-])(--[a-z][a-z-]+)(?:[ =]({VALUES})\b)?")
COMMAND = re.compile(rf"`?\breportgen ({'|'.join(PAGES)})\b(?: SOURCE)?`?(?! --)")


def quoted(text: str) -> str:
    """A text whose names stand in backticks, with quotation marks of the active language."""
    return re.sub(r"`([^`]*)`", lambda found: _marked(found[1]), text)


def windowed(text: str) -> str:
    """A text in the active language, its options and commands called as the fields and pages of the window; of those
    that the window lacks it says where they belong.

    >>> windowed("--format data is for partners: it needs --profile partner.")
    '“Formats: data” is for partners: it needs “Who will read it: partner”.'
    >>> windowed("Choose another folder with --output.")
    'Choose another folder with --output. (--output: of the command line, not in this window.)'
    """
    text = COMMAND.sub(lambda found: _marked(_(PAGES[found[1]])), text)
    lacking = dict.fromkeys(found[1] for found in OPTION.finditer(text) if found[1] in ELSEWHERE)
    text = quoted(OPTION.sub(_field, text))
    if not lacking:
        return text
    where = _("({options}: of the command line, not in this window.)")
    return f"{text.rstrip()} {where.format(options=', '.join(lacking))}"


def _field(found: re.Match) -> str:
    if found[1] not in FIELDS:
        return found[0]
    name = _(FIELDS[found[1]]).partition(" (")[0]
    return _marked(f"{name}: {found[2]}" if found[2] else name)


def _marked(text: str) -> str:
    before, after = ("„", "“") if active() == "de" else ("“", "”")
    return f"{before}{text}{after}"
