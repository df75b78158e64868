"""Toxicity in sentences: of any grade and of grade ≥ 3, related to treatment, the leading terms, and how often."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.described import Context, DescribedTerm
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.report import Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, numbers, phrases, shares
from reportgen.writing.ctcae import clinical
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, join, lower, paragraph, say, say_n

SECTION = "toxicity"
MOST_NAMED = 3  # terms in one sentence
# Events that are in no rate.
OUTSIDE = {
    "began_before_treatment": N_("{k} that began before it"),
    "began_after_treatment": N_("{k} that began after its end"),
    "without_onset": N_("{k} without a date of onset"),
}


def of(results: Results, variable: str, statistic: str, group: str = "all") -> Estimate:
    """The Estimate of a variable of toxicity: "any", a category or a term. KeyError where it was not made."""
    return results[f"{SECTION}.{variable}.{group}.{statistic}"]


def overall_sentence(results: Results) -> Text:
    """ "Toxicity of any grade was recorded in seven of eight patients (88%; 95% CI 47–100), of grade ≥ 3 in …" """
    any_grade, high, fatal = (
        of(results, "any", statistic) for statistic in ("any_grade", "grade_3_plus", "grade_5")
    )
    if not any_grade.exists:
        return say("No patient was assessed for toxicity.")
    said = {"any": shares.who(any_grade), "any_ci": shares.interval(any_grade)}
    if not high.exists:  # no grade is recorded
        return say("A toxicity was recorded in {any} assessed {any_ci}.", **said)
    return say(
        "Toxicity of any grade was recorded in {any} assessed {any_ci}, of grade ≥ 3 in {high} {high_ci} and of "
        "grade 5 in {fatal} {fatal_ci}.",
        high=shares.spelled(high),
        high_ci=shares.interval(high),
        fatal=shares.spelled(fatal),
        fatal_ci=shares.interval(fatal),
        **said,
    )


def two_groups_sentence(results: Results, facts: Context, groups: Sequence[str]) -> Text | None:
    """Grade ≥ 3 and grade 5 of two groups beside each other; nothing of more, whose table says it."""
    if len(groups) != 2:
        return None
    high, fatal = (
        [of(results, "any", statistic, group) for group in groups]
        for statistic in ("grade_3_plus", "grade_5")
    )
    if not all(e.exists for e in (*high, *fatal)):
        return None
    names = [shares.group(facts, group) for group in groups]
    each = [
        say(
            "in {k} of {n} {ci} in {group}",
            k=shares.listed(e),
            n=numbers.whole(required(e.n)),
            ci=shares.interval(e),
            group=name,
        )
        for e, name in zip(high, names, strict=True)
    ]
    last = [say("in {k} in {group}", k=k, group=n) for k, n in zip(shares.alike(fatal), names, strict=True)]
    if not any(e.events for e in fatal):
        last = [say("in none")]
    return say(
        "By {label}, toxicity of grade ≥ 3 was recorded {high}, of grade 5 {fatal}.",
        label=facts.group_label,
        high=join(each),
        fatal=join(last),
    )


def related_sentence(results: Results) -> Text:
    """The same for what was held to be related, or that the data do not say."""
    any_grade, high = (of(results, "any", f"related_{s}") for s in ("any_grade", "grade_3_plus"))
    if not any_grade.exists:
        return say("Whether an event was related to treatment is not recorded.")
    said = {"any": shares.spelled(any_grade), "any_ci": shares.interval(any_grade)}
    if not high.exists:
        return say("Toxicity held to be related to treatment was recorded in {any} {any_ci}.", **said)
    said |= {"high": shares.spelled(high), "high_ci": shares.interval(high)}
    words = results.facts[SECTION].related
    if words:
        return say(
            "Toxicity held to be related to treatment ({words}) was recorded in {any} {any_ci}, of grade ≥ 3 in "
            "{high} {high_ci}.",
            words=join([_(word) for word in words], last=N_(" or ")),
            **said,
        )
    return say(
        "Toxicity held to be related to treatment was recorded in {any} {any_ci}, of grade ≥ 3 in {high} {high_ci}.",
        **said,
    )


def major_sentence(results: Results) -> Text | None:
    """The term in most patients at grade ≥ 3 and, where it is another, the term in most at any grade.

    "The major toxicity was neutropenia (neutrophil count decreased): 5 of 8 patients …". None without terms.
    """
    terms = [term for term in results.facts[SECTION].terms if term.named]
    if not terms:
        return None
    if of(results, "any", "any_grade").n == 1:
        return say("Recorded: {terms}.", terms=join([_of_one(term, results) for term in terms]))
    by_any = [t for t in terms if t.any == max(t.any for t in terms)]
    by_high = [t for t in terms if t.high == max(t.high for t in terms)] if terms[0].high else []
    both = [t for t in by_high if t in by_any]
    if both:
        # Ties at grade ≥ 3 are settled by any grade: the major one leads both lists.
        return _none_led(both, results) or say_n(
            "The major toxicity was {terms}.",
            "The major toxicities were {terms}.",
            len(both),
            terms=_all(both, results),
        )
    if not by_high:
        return _most_frequent(by_any, results)
    return paragraph(
        _most_frequent(by_any, results),
        _none_led(by_high, results, severe=True)
        or say_n(
            "The most frequent toxicity of grade ≥ 3 was {terms}.",
            "The most frequent toxicities of grade ≥ 3 were {terms}.",
            len(by_high),
            terms=_all(by_high, results),
        ),
    )


def _of_one(term: DescribedTerm, results: Results) -> Text:
    """ "nausea", "anaemia (grade ≥ 3)": of the one patient."""
    name = (phrases.value(lower(term.name), of(results, term.key, "any_grade")),)
    return say("{name} (grade ≥ 3)", name=name) if term.high else name


def _most_frequent(terms: Sequence[DescribedTerm], results: Results) -> Text:
    return _none_led(terms, results) or say_n(
        "The most frequent toxicity was {terms}.",
        "The most frequent toxicities were {terms}.",
        len(terms),
        terms=_all(terms, results),
    )


def _none_led(terms: Sequence[DescribedTerm], results: Results, severe: bool = False) -> Text | None:
    """That many terms lead together; None where they are few enough to be named."""
    if len(terms) <= MOST_NAMED:
        return None
    any_grade = of(results, terms[0].key, "any_grade")
    said = {"n": counted(len(terms), "term"), "k": shares.spelled(any_grade)}
    if severe:
        return say_n(
            "No one toxicity of grade ≥ 3 led: {n} occurred in {k} patient each.",
            "No one toxicity of grade ≥ 3 led: {n} occurred in {k} patients each.",
            required(any_grade.events),
            **said,
        )
    return say_n(
        "No one toxicity led: {n} occurred in {k} patient each.",
        "No one toxicity led: {n} occurred in {k} patients each.",
        required(any_grade.events),
        **said,
    )


def _all(terms: Sequence[DescribedTerm], results: Results) -> Text:
    return join([_one(term, results) for term in terms], "; ", N_("; and "))


def _one(term: DescribedTerm, results: Results) -> Text:
    any_grade, high = (of(results, term.key, s) for s in ("any_grade", "grade_3_plus"))
    name = clinical(term.key, lower(term.name))
    affected = say_n(
        "{k} of {n} patient {ci}",
        "{k} of {n} patients {ci}",
        required(any_grade.n),
        k=shares.listed(any_grade),
        n=numbers.whole(required(any_grade.n)),
        ci=shares.interval(any_grade),
    )
    if not high.exists:
        return say("{name}: {any}", name=name, any=affected)
    return say(
        "{name}: {any} any grade, {high} grade ≥ 3",
        name=name,
        any=affected,
        high=say(
            "{k} of {n} {ci}",
            k=shares.listed(high),
            n=numbers.whole(required(high.n)),
            ci=shares.interval(high),
        ),
    )


def rate_sentence(results: Results) -> Text:
    """ "On treatment 12 events began, 1.5 per patient-year (…)", and which events are not in it."""
    rate = of(results, "any", "rate")
    if not rate.exists:
        return say("No rate is given: {why}.", why=estimate_words.why(rate))
    said = {"k": phrases.value(numbers.whole(required(rate.events)), rate), "rate": phrases.per_year(rate)}
    began = say_n(
        "On treatment {k} event began, {rate}",
        "On treatment {k} events began, {rate}",
        required(rate.events),
        **said,
    )
    outside = [
        say(words, k=phrases.value(numbers.whole(e.value), e))
        for statistic, words in OUTSIDE.items()
        if (e := of(results, "any", statistic)).value
    ]
    if not outside:
        return say("{began}.", began=began)
    return say("{began}. Not counted in the rate: {outside}.", began=began, outside=join(outside))


def nothing_recorded(results: Results) -> Text:
    """That no event is recorded, and what may be concluded from it."""
    none = of(results, "any", "any_grade")
    if not results.facts[SECTION].declared:
        return say(
            "The sheet of toxicities holds no row, and the data do not say who was assessed: nothing is concluded."
        )
    if not none.exists:
        return say("No patient is recorded as assessed for toxicity: nothing is concluded.")
    if none.high is None:
        patients = counted(required(none.n), "patient")
        return say("No event was recorded among {patients} assessed for toxicity.", patients=patients)
    return say(
        "No event was recorded among {patients} assessed for toxicity (exact {level} of the proportion with an event: "
        "{low}–{high}).",
        patients=counted(required(none.n), "patient"),
        level=phrases.level(none),
        **phrases.both_ends(none),
    )
