"""The words that come with results, in the language of the report: once, before any chapter is composed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace

from reportgen.base.described import Spoken
from reportgen.base.message import Message
from reportgen.stats.results import Results
from reportgen.writing import messages
from reportgen.writing.language import SOURCE, _, active, inflected, words

# Names of facts that are words for a reader; all others are keys, numbers or data.
QUOTED = "quoted"
SPOKEN = (
    "label",
    "definition",
    "event",
    "competing",
    "endpoint_label",
    "group_label",
    "group_words",
    "words",
    "whom",
    "labels",
    "columns",
)


def worded(results: Results) -> Results:
    """The same results, Messages and words among their facts in the active language; estimates keep theirs."""
    if active() == SOURCE:
        return results
    return replace(results, facts={chapter: _of_chapter(facts) for chapter, facts in results.facts.items()})


def _of_chapter(facts: object) -> object:
    """Typed facts field by field, as mappings are by their keys; types in a field that are not Spoken are said by
    the page."""
    if not is_dataclass(facts) or isinstance(facts, type):
        return _inside(facts)
    return replace(facts, **{one.name: _named(one.name, getattr(facts, one.name)) for one in fields(facts)})


def _inside(facts: object) -> object:
    if isinstance(facts, Mapping):
        return {name: _named(name, fact) for name, fact in facts.items()}
    if isinstance(facts, Spoken):
        return _of_chapter(facts)
    return type(facts)(_inside(fact) for fact in facts) if isinstance(facts, tuple | list) else facts


def _named(name: str, fact: object) -> object:
    return _spoken(fact) if name in SPOKEN else _inside(fact)


def _spoken(fact: object) -> object:
    """A word, or all those of a mapping by their key; facts within facts are looked through as above."""
    if isinstance(fact, str):
        return words_of(fact)
    if isinstance(fact, Mapping) and all(isinstance(word, str) for word in fact.values()):
        return {key: words_of(word) for key, word in fact.items()}
    return _inside(fact)


def words_of(text: str) -> str:
    """A word of the layers below, with its forms.

    A Message is said by its template. What is not ours, as the label of a feature, is said as it is written, and has
    one form of its own: in quotes, for a sentence into which it would not fit as it is ("nach „site of the tumour“").
    """
    if isinstance(text, Message):
        return messages.formed(text)
    if _(text) != text or not text:
        return inflected(text)
    return words(lambda form: _("“{label}”", label=text) if form == QUOTED else text)
