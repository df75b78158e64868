"""The few words of page one: who was treated when, how long they were followed, and what happened then."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.chapters.shared import course_sentences as course
from reportgen.chapters.shared import start_differences, who_sentences
from reportgen.chapters.shared import stopping_sentences as stopping
from reportgen.chapters.shared.incidence_blocks import competing_sentence
from reportgen.chapters.summary import contrasts
from reportgen.chapters.summary.abstract import counted_from, has_relapsed
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.report import Text, plain
from reportgen.stats.results import Results
from reportgen.writing import numbers, phrases
from reportgen.writing.narrative import paragraph, say

MOST_WORDS = 90


def prose(results: Results, facts: SummaryFacts, short: bool = False) -> Text:
    """At most MOST_WORDS: the sentences in their order of weight, as many as there is room for.

    short: who and how long followed alone, where the matrix below shows what happened to each.
    """
    said: list[Text] = []
    happened = [*_of_groups(results, facts), *([] if short else _happened(results)), _unknown(results)]
    for sentence in (_who(results, facts), _followed(results, facts), counted_from(facts), *happened):
        if sentence and sum(len(plain(one).split()) for one in (*said, sentence)) <= MOST_WORDS:
            said.append(sentence)
    return paragraph(*said)


def _who(results: Results, facts: SummaryFacts) -> Text | None:
    """ "Four girls and four boys, median age 10 (2–16), treated between 2012 and 2017." """
    who = who_sentences.who(results)
    when = _when(facts)
    if who and when:
        return say("{who}, {when}.", who=who, when=when)
    what = who or when
    return say("{what}.", what=what) if what else None


def _when(facts: SummaryFacts) -> Text | None:
    if not facts.years:
        return None
    first, last = map(str, facts.years)
    if first == last:
        return say("treated from {first} on", first=first)
    return say("treated from {first} to {last}", first=first, last=last)


def _followed(results: Results, facts: SummaryFacts) -> Text | None:
    median, low, high = (results.get(f"follow_up.all.all.{s}") for s in ("median", "minimum", "maximum"))
    if median is None or low is None or high is None or not median.exists:
        return None
    said = {
        "median": phrases.duration(median, facts.unit),
        "low": phrases.duration(low, facts.unit),
        "high": phrases.duration(high, facts.unit),
        "unit": numbers.unit_name(facts.unit),
    }
    if median.n == 1:
        return say("Observed for {median} {unit}.", **said)
    return say("Observed for a median of {median} {unit} ({low}–{high}).", **said)


def _of_groups(results: Results, facts: SummaryFacts) -> list[Text | None]:
    """What speaks against reading a difference of the groups as one of their treatments."""
    groups = contrasts.groups(results, facts)
    if len(groups) != 2:
        return []
    said: list[Text | None] = []
    if contrasts.leads(results, facts) == "relapse.relapse":
        endpoint = results.facts["relapse"].endpoint
        said.append(competing_sentence(results, "relapse", endpoint, facts, groups))
    return [*said, start_differences.most_unlike(results)]


def _happened(results: Results) -> list[Text | None]:
    """Relapse and what followed, of the few; and after the stop."""
    said: list[Text | None] = []
    count = results.get("relapse.relapse.all.count")
    if count is not None and 0 < required(count.value) <= 10 and has_relapsed(results):
        said += course.after_relapse(results, alone=True)
    if "after_stopping.stopped.event.proportion" in results:
        said.append(stopping.off_treatment(results))
    return said


def _unknown(results: Results) -> Text | None:
    if "toxicity" in results.facts:
        return None
    return say("Toxicity was not recorded; nothing can be said about safety.")
