"""Shares of patients in words and tables, and long tables cut to what paper can hold."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.described import Context, DescribedFeature
from reportgen.base.required import required
from reportgen.report import Row, Text
from reportgen.stats.results import Estimate
from reportgen.writing import numbers, phrases
from reportgen.writing.language import _, inflected
from reportgen.writing.narrative import lower, of_all, opening, plural, say


def who(estimate: Estimate, noun: str = "patient") -> Text:
    """How many of all, in words: "five of eight patients", "all eight patients", "none of eight patients"."""
    if not estimate.exists:
        return (_nobody(noun),)
    return (phrases.value(of_all(required(estimate.events), required(estimate.n), noun), estimate),)


def subject(estimate: Estimate, noun: str = "patient") -> Text:
    """The same where a sentence begins with it: nobody is "no patient", not "none of eight patients"."""
    if not estimate.events:
        return (phrases.value(_nobody(noun), estimate),)
    return (phrases.value(opening(required(estimate.events), required(estimate.n), noun), estimate),)


def first_words(count: Estimate, noun: str = "patient") -> Text:
    """A count of them, of its n, where a sentence begins with it: "of 120 patients, 66", "two of eight patients"."""
    return (phrases.value(opening(count.count, required(count.n), noun), count),)


def _nobody(noun: str) -> str:
    return inflected("no {noun}", noun=plural(1, noun))


def interval(estimate: Estimate) -> Text:
    """The share behind the words: "(63%; 95% CI 24–91)", "(63%)" without an interval; of one patient nothing."""
    if not estimate.exists or estimate.n == 1:
        return ()
    percent = phrases.value(numbers.percent(required(estimate.value), required(estimate.n)), estimate)
    if estimate.low is None or estimate.high is None:
        return say("({percent})", percent=percent)
    return say(
        "({percent}; {level} {interval})",
        percent=percent,
        level=phrases.level(estimate),
        interval=phrases.share_interval(estimate),
    )


CAUSES = ("disease", "cause not recorded", "other cause")  # ours; other causes are what the workbook says
# Words for a group of patients as such: beside a name that is more than a code they say nothing.
GROUPING = {"arm", "cohort", "group", "regimen", "therapy", "treatment", "treatment arm", "treatment group",
            "behandlung", "behandlungsarm", "behandlungsgruppe", "gruppe", "kohorte", "regime", "therapie",
            "therapiearm"}  # fmt: skip
CODE = 3  # characters: "arm B", "stage IV"
YES_NO = ("yes", "no")
NO_NAMES = {"control", "missing", "none", "not recorded", "other", "others", "rest", "unknown",
            "andere", "keine", "kontrolle", "sonstige", "unbekannt"}  # fmt: skip
MOST_TOLD = 3  # groups; of more, sentences can't be read, and the tables have them all


def told(groups: Sequence[str]) -> Sequence[str]:
    """The groups that sentences speak of one by one: none where there are many."""
    return groups if len(groups) <= MOST_TOLD else ()


def asked(features: Sequence[DescribedFeature]) -> tuple[Text, ...]:
    """Below a table of what became known later: of which features that is supposed for their name alone."""
    names = [feature.label for feature in features if feature.asked]
    if not names:
        return ()
    return (
        say(
            "By name alone, and asked about (until it is said, it is not compared): {features}.",
            features=", ".join(names),
        ),
    )


def level(feature: DescribedFeature, name: str) -> str:
    """A level of a feature: a word of ours in the language of the report, any other as the workbook has it."""
    return feature.words.get(name, name)


def group(facts: Context, name: str) -> str:
    """The same of a group that is compared; "all" are all patients."""
    return _("All patients") if name == "all" else facts.group_words.get(name, name)


def group_name(facts: Context, name: str) -> str:
    """A group as a sentence names it.

    >>> group_name(Context(group_label="Regimen"), "regimen A")
    'regimen A'
    >>> group_name(Context(group_label="sex", group_words={"female": "female"}), "female")
    'sex: female'
    >>> group_name(Context(group_label="Arm"), "crizotinib"), group_name(Context(group_label="Arm"), "B")
    ('crizotinib', 'arm B')
    >>> group_name(Context(group_label="Arm"), "other")
    'arm: other'
    """
    said, label = group(facts, name), facts.group_label.casefold()
    if label in said.casefold() or (
        label in GROUPING and len(said) > CODE and said.casefold() not in NO_NAMES
    ):
        return said
    between = " " if len(said) <= CODE and name not in YES_NO else ": "
    return lower(facts.group_label) + between + said


def spelled(estimate: Estimate) -> Text:
    """The count alone, in words: "five", "none"."""
    return (phrases.value(count(required(estimate.events)), estimate),)


def alike(estimates: Sequence[Estimate]) -> list[Text]:
    """Their counts for one list: in words, or all in figures where one of them must be."""
    figures = any(required(e.events) >= len(numbers.SMALL_WORDS) for e in estimates)
    return [listed(e) if figures else spelled(e) for e in estimates]


def count(k: float) -> str:
    """A number of them, in words: "five"; nobody is "none".

    >>> count(5), count(0)
    ('five', 'none')
    """
    return numbers.spelled(int(k)) if k else inflected("none", "number")


def listed(estimate: Estimate) -> Text:
    """The count alone, in figures, for a list of levels: "5"."""
    return (phrases.value(numbers.whole(required(estimate.events)), estimate),)


def spread(median: Estimate, low: Estimate, high: Estimate, unit: str) -> Text:
    """A median time with its range: "1.0 years (range 0.2–3.0)"; one value has no range."""
    if not median.exists:
        return phrases.absent(median)
    middle = say("{m} {unit}", m=phrases.duration(median, unit), unit=numbers.unit_name(unit))
    if median.n == 1:
        return middle
    limits = {"low": phrases.duration(low, unit), "high": phrases.duration(high, unit)}
    return say("{middle} (range {low}–{high})", middle=middle, **limits)


def capped(
    rows: Sequence[Row], most: int, where: str = "results.json"
) -> tuple[tuple[Row, ...], tuple[Text, ...]]:
    """The rows that are printed, and the note that says how many more there are and where."""
    rows = tuple(rows)
    if len(rows) <= most:
        return rows, ()
    note = say(
        "The first {k} of {n} rows are shown; the others are in {where}.",
        k=numbers.whole(most),
        n=numbers.whole(len(rows)),
        where=where,
    )
    return rows[:most], (note,)


def state(words: str) -> str:
    """How a patient is, or a step on the way there, as the results have it: "alive", "dead (disease)".

    >>> state("dead (disease)")
    'dead (disease)'
    """
    cause = words.removeprefix("dead (").removesuffix(")")
    if cause == words:
        return _(words)
    return _("dead ({cause})", cause=_(cause) if cause in CAUSES else cause)
