"""Free text of the author that tells a count which a report for readers outside masks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reportgen.base.errors import UsageError
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort
from reportgen.privacy.ledger import Ledger

# What is counted, in the languages of the reports; a number beside one of these words is a count.
COUNTED = (
    "patients?|pts?|cases?|persons?|people|subjects?|participants?|children|women|men|deaths?|relapses?|responders?|events?"
    "|died|relapsed|responded|Patient(?:en|innen|in)?|Fälle|Fall|Personen|Kinder|Frauen|Männer|Todesfälle|Tode"
    "|Rezidive?|Ereignisse?|Verstorbene"
)
NUMBER = r"(?<![\d.,/-])(\d{1,6})(?![\d/-]|[.,]\d)"
BEFORE = re.compile(rf"{NUMBER}\s+(?:\w+\s+)?(?:{COUNTED})\b", re.IGNORECASE)
BEHIND = re.compile(rf"\bn\s*[=:]\s*{NUMBER}", re.IGNORECASE)
SPELLED = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty",
        "- zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
        "achtzehn neunzehn zwanzig",
    )
    for number, word in enumerate(words.split(), 1)
    if word != "-"  # "ein Patient" is a patient
}
OF = re.compile(rf"{NUMBER}\s+(?:out\s+of|of|von)\s+(?:the\s+|den\s+)?\w+", re.IGNORECASE)


def refuse_told_counts(cohort: Cohort, ledger: Ledger, printed: Mapping[str, int]) -> None:
    """UsageError where a text says, exactly, how many patients there are of something masked or printed rounded.

    printed: the counts that are not masked, as they are printed. How many patients there are in all may be told,
    though the attack on one report takes it for known by its step alone. Which text it is is said, never what it says.
    """
    counts = {ledger.counts[name] for name in ledger.printable if ledger.counts[name] != printed.get(name)}
    counts -= {cohort.n}
    told = sorted({where for where, text in _texts(cohort) if counts & set(_numbers(text))})
    if told:
        raise UsageError(
            message(
                "{a}: the text says an exact count, which the profile external masks or rounds. "
                "Leave the number out, or write it as the report prints it.",
                a=" and ".join(told),
            )
        )


def texts_that_tell_all(cohort: Cohort) -> list[str]:
    """The texts that say how many patients there are in all."""
    return sorted({where for where, text in _texts(cohort) if cohort.n in set(_numbers(text))})


def _numbers(text: str) -> Iterator[int]:
    words = r"\b(" + "|".join(SPELLED) + r")\b(?!-)"
    text = re.sub(words, lambda found: str(SPELLED[found[1].lower()]), text, flags=re.IGNORECASE)
    for pattern in (BEFORE, BEHIND, OF):
        for found in pattern.finditer(text):
            yield int(found[1])


def _texts(cohort: Cohort) -> Iterator[tuple[str, str]]:
    """Where somebody's own words come from, and the words."""
    settings = cohort.settings
    for name in ("title", "subtitle", "notice", "diagnosis", "treatment"):
        yield f"report.{name}", getattr(settings, name)
    yield "report.group_names", "; ".join(settings.group_names)
    for name in ("institution", "footer"):
        yield f"branding.{name}", getattr(settings.branding, name)
    for endpoint in cohort.endpoints.values():
        yield "the label of an endpoint", str(endpoint.label)
    for feature in cohort.features:
        yield "the label of a column", str(feature.label)
        for level in feature.levels:
            yield "the name of a group or level", level
