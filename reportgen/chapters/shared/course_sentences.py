"""The course of the patients in sentences: relapse, after relapse, after stopping.

Each chapter has its own; the summary quotes the same sentences, so that the two can never disagree.
"""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.report import Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import article, capital, join, say, say_n


def circumstances(results: Results) -> Text | None:
    """ "Both relapsed on treatment; both had been in complete response." """
    on = results.get("relapse.relapsed.on treatment.proportion")
    complete = results.get("relapse.relapsed.after CR.proportion")
    if on is None or not on.exists:
        return None
    if on.n == 1:
        return (
            say("The relapse occurred on treatment.")
            if on.events
            else say("The relapse occurred off treatment.")
        )
    on_treatment = phrases.value(article(required(on.events), required(on.n)), on)
    if required(on.n) >= len(numbers.SMALL_WORDS) and on.events != on.n:
        return _of_many(on, complete)
    if complete is None or not complete.events:
        return capital(say("{who} relapsed on treatment.", who=on_treatment))
    return capital(
        say(
            "{who} relapsed on treatment; {complete} had first been in complete response.",
            who=on_treatment,
            complete=phrases.value(article(complete.events, required(complete.n)), complete),
        )
    )


def _of_many(on: Estimate, complete: Estimate | None) -> Text:
    """The same of so many that they are counted in figures."""
    k, n = phrases.value(shares.count(required(on.events)), on), numbers.whole(required(on.n))
    if complete is None or not complete.events:
        return say("Of the {n}, {k} relapsed on treatment.", n=n, k=k)
    return say(
        "Of the {n}, {k} relapsed on treatment; {complete} had first been in complete response.",
        n=n,
        k=k,
        complete=phrases.value(numbers.spelled(required(complete.events)), complete),
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
    most = results["after_relapse.relapsed.died.proportion"]
    if most.n == 1:
        said.append(_status_of_one(results))
        return said
    figures = max(most.events or 0, (most.n or 0) - (most.events or 0)) >= len(numbers.SMALL_WORDS)
    named = (alone and not said) or figures  # no sentence begins with a number in figures
    said.append(
        say("After relapse, {what}.", what=join(parts))
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
    if treated.n == 1 and not treated.events:
        return say("No further treatment is recorded after the relapse.")
    if treated.n == 1 and not responded.events:
        return capital(
            say("{who} who relapsed was treated again ({what}) and did not respond to it.", **said)
        )
    if responded.events == responded.n == treated.n:
        return capital(
            say_n(
                "{who} who relapsed was treated again ({what}) and responded to it.",
                "{who} who relapsed were treated again ({what}) and responded to it.",
                treated.events,
                **said,
            )
        )
    said["k"] = phrases.value(shares.count(responded.events), responded)
    if treated.events >= len(numbers.SMALL_WORDS) and treated.events != treated.n:
        said |= {"n": numbers.whole(treated.n), "who": shares.listed(treated)}
        return say(
            "Of the {n} who relapsed, {who} were treated again ({what}), and {k} of these responded.", **said
        )
    return capital(
        say_n(
            "{who} who relapsed was treated again ({what}); {k} of these responded.",
            "{who} who relapsed were treated again ({what}); {k} of these responded.",
            treated.events,
            **said,
        )
    )


def _status_of_one(results: Results) -> Text:
    """How the one patient who relapsed is."""
    died, disease = (
        results[f"after_relapse.relapsed.{name}.proportion"] for name in ("died", "died of the disease")
    )
    on = results.get("after_relapse.relapsed.alive on treatment.proportion")
    if died.events:
        return say("The patient died of the disease.") if disease.events else say("The patient died.")
    return (
        say("The patient is alive on treatment.")
        if on is not None and on.events
        else say("The patient is alive.")
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
