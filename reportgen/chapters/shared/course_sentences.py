"""The course of the patients in sentences: relapse, after relapse, after stopping.

Each chapter has its own; the summary quotes the same sentences, so that the two can never disagree.
"""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.report import Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares, stated
from reportgen.writing.language import _
from reportgen.writing.narrative import article, capital, head, join, paragraph, say, say_n

MOST_SHARED = 3


def circumstances(results: Results) -> Text | None:
    """ "Both relapsed on treatment; both had been in complete response." """
    on = results.get("relapse.relapsed.on treatment.proportion")
    complete = results.get("relapse.relapsed.after CR.proportion")
    if on is None or not on.exists:
        return None
    on_treatment = phrases.value(article(required(on.events), required(on.n)), on)
    if complete is None or not complete.events:
        return capital(say("{who} relapsed on treatment.", who=on_treatment))
    return capital(
        say(
            "{who} relapsed on treatment; {complete} had first been in complete response.",
            who=on_treatment,
            complete=phrases.value(article(complete.events, required(complete.n)), complete),
        )
    )


def common(results: Results) -> Text | None:
    """What all who relapsed had in common: of features named beforehand, and of all that were examined.

    Found by looking, it is said with the number of features among which it was found and the p-value adjusted over
    all tests, or not at all; and nowhere if the others were not observed for long enough to have relapsed, too.
    """
    facts, count = results.facts["relapse"], results["relapse.relapse.all.count"]
    known = [f for f in facts.features if f["known_at_start"]]
    if required(count.value) < 2 or not known:
        return None
    who = article(count.count, count.count)
    named = [f for f in known if f["of_interest"]]
    looked_at = [f for f in known if not f["of_interest"]]
    return (
        paragraph(_named_beforehand(results, named, who), _found(results, looked_at, len(known), who)) or None
    )


def _named_beforehand(results: Results, features: list[dict], who: str) -> Text | None:
    shared = [f for f in features if f["shared"] and f["followed"]]
    if shared:
        return say(
            "Of the features named beforehand, {who} who relapsed had in common: {features}.",
            who=who,
            features=join([_shared(results, f) for f in shared], between="; ", last=N_("; and ")),
        )
    if features and all(f["recorded"] for f in features) and not any(f["shared"] for f in features):
        return capital(
            say("{who} who relapsed had none of the features named beforehand in common.", who=who)
        )
    return None


def _found(results: Results, features: list[dict], examined: int, who: str) -> Text | None:
    """Of features that nobody named beforehand. At most MOST_SHARED are told, those with the smallest p first."""
    tests = {f["name"]: _leading(results, f) for f in features if f["shared"] and f["followed"]}
    told = sorted(
        (f for f in features if tests.get(f["name"])),
        key=lambda f: required(required(tests[f["name"]]).value),
    )
    n = numbers.whole(examined)
    if not told:
        # Of a number, or of what is not recorded in some of them, nothing can be said to be common or not.
        looked_at = [f for f in features if f["recorded"]]
        if not looked_at or any(f["shared"] for f in features):
            return None
        if len(looked_at) == 1:
            return say(
                "{feature} was not common to {who} who relapsed.",
                feature=head(looked_at[0]["label"]),
                who=who,
            )
        return say(
            "None of {n} features examined was common to {who} who relapsed.",
            n=numbers.whole(len(looked_at)),
            who=who,
        )
    parts = [
        say("{what}, {p}", what=_shared(results, f), p=_p(required(tests[f["name"]])))
        for f in told[:MOST_SHARED]
    ]
    return say_n(
        "{k} of {n} features examined was common to {who} who relapsed: {features} ({tests}; found by looking).",
        "{k} of {n} features examined were common to {who} who relapsed: {features} ({tests}; found by looking).",
        len(told),
        k=numbers.whole(len(told)),
        n=n,
        who=who,
        features=join(parts, between="; ", last=N_("; and ")),
        tests=stated.methods(required(tests[f["name"]]).method for f in told[:MOST_SHARED]),
    )


def _p(estimate: Estimate) -> Text:
    return (phrases.value(numbers.p_value(required(estimate.value)), estimate),)


def _leading(results: Results, feature: dict) -> Estimate | None:
    """The adjusted p-value of the shared level against the others: of the proportions, or else of the times."""
    name, level = feature["name"], feature["shared"]
    both = len(feature["levels"]) == 2
    ids = (
        f"relapse.{name}.{name if both else level}.p_value_holm",
        f"relapse.relapse.{name if both else f'{name}={level}'}.p_value_holm",
    )
    return next((e for e in map(results.get, ids) if e is not None and e.exists), None)


def _shared(results: Results, feature: dict) -> Text:
    levels = [results[f"relapse.{feature['name']}.{level}.proportion"] for level in feature["levels"]]
    carrying = next(e for e in levels if e.group == feature["shared"])
    rest = sum(required(e.n) for e in levels) - required(carrying.n)
    level, label = shares.level(feature, carrying.group), feature["label"]
    name = f"{label}: {level}" if carrying.group == "no" else f"{label} {level}"
    if carrying.group == "yes" or label.casefold() in level.casefold():
        name = label if carrying.group == "yes" else level
    return say(
        "{name} ({k} of {n} such patients relapsed, none of {rest} others)",
        name=name,
        k=phrases.value(numbers.whole(required(carrying.events)), carrying),
        n=numbers.whole(required(carrying.n)),
        rest=numbers.whole(rest),
    )


def after_relapse(results: Results, alone: bool = False) -> list[Text]:
    """What happened after relapse, in two or three sentences; the summary uses the same.

    alone: neither a heading nor a sentence before it says of whom it speaks.
    """
    facts = results.facts["after_relapse"]
    said = []
    treated = results.get("after_relapse.relapsed.treated again.proportion")
    if treated is not None:
        responded = results.get("after_relapse.next_treatment.responded.proportion")
        what = facts.treatments[0] if len(facts.treatments) == 1 else _("various treatments")
        said.append(_treated(treated, responded, what))
    parts = _status(results)
    named = alone and not said
    said.append(
        say("After relapse: {what}.", what=join(parts))
        if named
        else say("{parts}.", parts=capital(join(parts)))
    )
    return said


def _who(estimate) -> Text:
    return (phrases.value(article(estimate.events, estimate.n), estimate),)


def _treated(treated, responded, what: str) -> Text:
    if responded is None:
        return say("No further treatment is recorded after relapse.")
    said = {"who": _who(treated), "what": what}
    if responded.events == responded.n == treated.n:
        return capital(
            say_n(
                "{who} who relapsed was treated again ({what}) and responded to it.",
                "{who} who relapsed were treated again ({what}) and responded to it.",
                treated.events,
                **said,
            )
        )
    return capital(
        say_n(
            "{who} who relapsed was treated again ({what}); {k} of these responded.",
            "{who} who relapsed were treated again ({what}); {k} of these responded.",
            treated.events,
            k=phrases.value(article(responded.events, responded.n), responded),
            **said,
        )
    )


def _status(results: Results) -> list[Text]:
    """How many died, and how many are alive."""
    died, alive, disease = (
        results[f"after_relapse.relapsed.{name}.proportion"]
        for name in ("died", "alive", "died of the disease")
    )
    on = results.get("after_relapse.relapsed.alive on treatment.proportion")
    parts: list[Text] = []
    if died.events:
        k = phrases.value(numbers.spelled(died.events), died)
        if disease.events == died.events:
            parts.append(say_n("{k} died of the disease", "{k} died of the disease", died.events, k=k))
        elif disease.events:
            of = phrases.value(numbers.spelled(disease.events), disease)
            parts.append(
                say_n(
                    "{k} died ({of} of the disease)",
                    "{k} died ({of} of the disease)",
                    died.events,
                    k=k,
                    of=of,
                )
            )
        else:
            parts.append(say_n("{k} died", "{k} died", died.events, k=k))
    if alive.events:
        k = phrases.value(numbers.spelled(alive.events), alive)
        if on is not None and on.events == alive.events:
            parts.append(say_n("{k} is alive on treatment", "{k} are alive on treatment", alive.events, k=k))
        elif on is not None and on.events:
            of = phrases.value(numbers.spelled(on.events), on)
            parts.append(
                say_n(
                    "{k} is alive, {of} of them on treatment",
                    "{k} are alive, {of} of them on treatment",
                    alive.events,
                    k=k,
                    of=of,
                )
            )
        else:
            parts.append(say_n("{k} is alive", "{k} are alive", alive.events, k=k))
    return parts
