"""What all who relapsed had in common, in sentences; the chapter on relapse and the abstract say the same.

A feature is named only if it was named beforehand, or with the number of features among which it was found and its
p-value adjusted over all tests; and nowhere if the others were not observed for long enough to have relapsed, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.message import NC_
from reportgen.base.required import required
from reportgen.chapters.relapse.facts import RelapseFacts, RelapseFeature
from reportgen.report import Text, Value
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, numbers, phrases, shares
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import article, capital, join, paragraph, say, say_n

MOST_SHARED = 3
MOST_RELAPSED = 10  # patients: of more nobody expects that a feature is common to all of them
# The patient who had it too and did not relapse, by how many there are in all.
ORDINALS = {3: NC_("ordinal", "third"), 4: NC_("ordinal", "fourth"), 5: NC_("ordinal", "fifth"),
            6: NC_("ordinal", "sixth"), 7: NC_("ordinal", "seventh"), 8: NC_("ordinal", "eighth"),
            9: NC_("ordinal", "ninth")}  # fmt: skip


def common(results: Results) -> Text | None:
    """First the features named beforehand, then those found by looking; None where there is nothing to say."""
    facts: RelapseFacts = results.facts["relapse"]
    count = results["relapse.relapse.all.count"]
    known = [f for f in facts.features if f.known_at_start]
    if required(count.value) < 2 or not known:
        return None
    who = article(count.count, count.count)
    named = [f for f in known if f.of_interest]
    looked_at = [f for f in known if not f.of_interest]
    first = _named_beforehand(results, named, who)
    also = bool(first) and any(f.shared and f.followed for f in named)
    return paragraph(first, _found(results, looked_at, len(known), who, also)) or None


def _named_beforehand(results: Results, features: Sequence[RelapseFeature], who: str) -> Text | None:
    shared = [f for f in features if f.shared and f.followed]
    if shared:
        return paragraph(*(_named(results, f, who) for f in shared))
    if features and all(f.recorded for f in features) and not any(f.shared for f in features):
        return capital(
            say("{who} who relapsed had none of the features named beforehand in common.", who=who)
        )
    return None


def _named(results: Results, feature: RelapseFeature, who: str) -> Text:
    """ "Both who relapsed had RANBP2 as fusion partner (named beforehand); the third such patient did not relapse." """
    carrying, others = _carriers(results, feature)
    said = {"who": phrases.value(who, carrying), "label": feature.label}
    level = shares.level(feature, carrying.group)
    if carrying.group == "yes":
        first = say("{label} was recorded of {who} who relapsed (named beforehand)", **said)
    elif feature.label.casefold() in level.casefold():
        first = say("{who} who relapsed had {level} (named beforehand)", level=level, **said)
    else:
        first = say("{who} who relapsed had {level} as {label} (named beforehand)", level=level, **said)
    return capital(say("{first}; {rest}.", first=first, rest=_rest(carrying, others)))


def _rest(carrying: Estimate, others: int) -> Text:
    """How many had it, too, and did not relapse."""
    n, spared = required(carrying.n), required(carrying.n) - required(carrying.events)
    if spared == 1 and n in ORDINALS:
        nth = phrases.value(_c("ordinal", ORDINALS[n]), carrying)
        return say("the {nth} such patient did not relapse", nth=nth)
    if not spared:
        return say_n(
            "the {others} other did not have it",
            "none of the {others} others had it",
            others,
            others=numbers.spelled(others),
        )
    return say_n(
        "{k} of the {others} others had it, too",
        "{k} of the {others} others had it, too",
        spared,
        k=phrases.value(numbers.spelled(spared), carrying),
        others=numbers.spelled(others),
    )


def _found(
    results: Results, features: Sequence[RelapseFeature], examined: int, who: str, also: bool
) -> Text | None:
    """Of features that nobody named beforehand. At most MOST_SHARED are told, those with the smallest p first.

    also: whether one named beforehand was said to be common.
    """
    tests = {f.name: _leading(results, f) for f in features if f.shared and f.followed}
    told = sorted(
        (f for f in features if tests.get(f.name)),
        key=lambda f: required(required(tests[f.name]).value),
    )
    if not told:
        return _none_found(results, features, examined, who)
    n, k = numbers.spelled(examined), numbers.spelled(len(told))
    parts = [_found_one(results, f, required(tests[f.name])) for f in told[:MOST_SHARED]]
    said = {
        "n": n,
        "k": k,
        "who": who,
        "features": join(parts, between="; "),
        "tests": estimate_words.methods(required(tests[f.name]).method for f in told[:MOST_SHARED]),
    }
    if also:
        return say_n(
            "Of {n} features examined, {k} more was common to {who}: {features}. Found by looking: {tests}.",
            "Of {n} features examined, {k} more were common to {who}: {features}. Found by looking: {tests}.",
            len(told),
            **said,
        )
    if examined == 1:
        return say(
            "The one feature examined was common to {who} who relapsed: {features}. Found by looking: {tests}.",
            **said,
        )
    return say_n(
        "Of {n} features examined, {k} was common to {who} who relapsed: {features}. Found by looking: {tests}.",
        "Of {n} features examined, {k} were common to {who} who relapsed: {features}. Found by looking: {tests}.",
        len(told),
        **said,
    )


def _none_found(results: Results, features: Sequence[RelapseFeature], examined: int, who: str) -> Text | None:
    """Of a number, or of what is not recorded in some of them, nothing can be said to be common or not."""
    looked_at = [f for f in features if f.recorded]
    relapsed = required(results["relapse.relapse.all.count"].value)
    if not looked_at or any(f.shared for f in features) or relapsed > MOST_RELAPSED:
        return None
    if len(looked_at) == 1:
        return say(
            "{feature} was not common to {who} who relapsed.",
            feature=looked_at[0].label,
            who=who,
        )
    if len(looked_at) < examined:
        return say(
            "Of {all} features examined, {n} were recorded of {who} who relapsed; none of these was common to them.",
            all=numbers.spelled(examined),
            n=numbers.spelled(len(looked_at)),
            who=who,
        )
    return say(
        "None of the {n} features examined was common to {who} who relapsed.",
        n=numbers.spelled(len(looked_at)),
        who=who,
    )


def _found_one(results: Results, feature: RelapseFeature, test: Estimate) -> Text:
    """ "abdomen as site of the primary tumour (none of the six others; p = 0.857)"."""
    carrying, others = _carriers(results, feature)
    spared = required(carrying.n) - required(carrying.events)
    said = {
        "name": _name(feature, carrying.group),
        "k": phrases.value(numbers.spelled(spared) if spared else "", carrying),
        "others": numbers.spelled(others),
        "p": _p(test),
    }
    if spared:
        return say("{name} (also {k} of the {others} others; {p})", **said)
    nobody: Value = phrases.value(_("none of the {others} others", others=said["others"]), carrying)
    return say("{name} ({nobody}; {p})", nobody=nobody, **said)


def _name(feature: RelapseFeature, group: str) -> str:
    level, label = shares.level(feature, group), feature.label
    if group in ("yes", "no"):
        return label if group == "yes" else f"{label}: {level}"
    if label.casefold() in level.casefold():
        return level
    return _("{level} as {label}", level=level, label=label)


def _carriers(results: Results, feature: RelapseFeature) -> tuple[Estimate, int]:
    """Those with the shared level, and how many others did not relapse."""
    levels = [results[f"relapse.{feature.name}.{level}.proportion"] for level in feature.levels]
    carrying = next(e for e in levels if e.group == feature.shared)
    return carrying, sum(required(e.n) for e in levels) - required(carrying.events)


def _p(estimate: Estimate) -> Text:
    return (phrases.value(numbers.p_value(required(estimate.value)), estimate),)


def _leading(results: Results, feature: RelapseFeature) -> Estimate | None:
    """The adjusted p-value of the shared level against the others: of the proportions, or else of the times."""
    name, level = feature.name, feature.shared
    both = len(feature.levels) == 2
    ids = (
        f"relapse.{name}.{name if both else level}.p_value_holm",
        f"relapse.relapse.{name if both else f'{name}={level}'}.p_value_holm",
    )
    return next((e for e in map(results.get, ids) if e is not None and e.exists), None)
