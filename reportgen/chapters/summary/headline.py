"""The headline of page one: what was found and how sure it is, by rules, in at most 35 words.

It says nothing that is not in its Estimates: a direction only where a test and the estimates agree on it, nothing of
what was not recorded, and never that something does not exist because it was not seen.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.relapse.facts import RelapseFeature
from reportgen.chapters.summary import contrasts
from reportgen.chapters.summary.abstract import endpoints_of
from reportgen.chapters.summary.caution import SMALL, patients, tail
from reportgen.chapters.summary.course_of_one import one_patient
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.report import Text, plain
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import article, capital, join, lower, paragraph, say, say_n

MOST_WORDS = 35
MOST_GIVEN = 2  # endpoints of the settings that are told


def headline(results: Results, facts: SummaryFacts) -> Text:
    """What a reader takes home who reads no further."""
    if facts.n == 1 and (one := one_patient(results)):
        return paragraph(one, _not_counted(results, facts, False), tail(results, facts))
    said = contrasts.compared(results, facts)
    clauses = list(said) or _one_group(results, facts)
    if said and _too_small(results, facts):
        clauses += _one_group(results, facts)
    if not clauses and facts.has_relapses:
        return paragraph(
            say(
                "{patients}: relapses were recorded, but not who died, so that nothing is estimated.",
                patients=patients(facts),
            )
        )
    clauses = clauses or _given(results)
    last = tail(results, facts) if not said else say("Exploratory.")
    lost = _not_counted(results, facts, bool(said))
    if said and lost and _words(*said, lost, last) > MOST_WORDS:
        lost = _not_counted(results, facts, True, short=True)
    if not clauses and lost:
        return paragraph(lost)
    if not clauses:
        return paragraph(
            say(
                "{patients}: neither response nor relapse nor survival was recorded.",
                patients=patients(facts),
            )
        )
    while len(clauses) > 1 and _words(_sentence(clauses), lost, last) > MOST_WORDS:
        clauses = clauses[:-1]
    return paragraph(_sentence(clauses), lost, last)


def _too_small(results: Results, facts: SummaryFacts) -> bool:
    """Whether of two groups no more is said than that they are too small: what all patients had is then told, too."""
    found = [
        c for c in (contrasts.contrast_of(results, stem, facts.group) for stem in contrasts.OUTCOMES) if c
    ]
    tested = [c for c in found if c.test.exists]
    if not tested or len(found[0].groups) != 2 or any(c.clear for c in tested):
        return False
    return min(required(results[f"{found[0].stem}.{g}.count"].n) for g in found[0].groups) < contrasts.LARGE


def _not_counted(results: Results, facts: SummaryFacts, compared: bool, short: bool = False) -> Text | None:
    """Who is in none of these numbers: for want of a vital status or a date, or of a group. short: without why."""
    counted = [id for id in contrasts.COUNTED if f"{id}.all.count" in results]
    for id in sorted(counted, key=lambda id: compared and not contrasts.happened(results, id)):
        count = results[f"{id}.all.count"]
        lost = facts.n - required(count.n)
        if lost:
            who = {"k": phrases.value(numbers.whole(lost), count), "n": numbers.whole(facts.n)}
            if (
                short or f"{id}.late_entry" in results
            ):  # not under observation before the event, which is no gap
                return say_n(
                    "{k} of {n} patients is not counted.", "{k} of {n} patients are not counted.", lost, **who
                )
            return say_n(
                "{k} of {n} patients is not counted: vital status or dates not recorded.",
                "{k} of {n} patients are not counted: vital status or dates not recorded.",
                lost,
                **who,
            )
        nowhere = results.get(f"{id}.{facts.group}.no_group")
        if compared and nowhere is not None and nowhere.value:
            return say_n(
                "{k} of {n} patients is in no group, with {event} in {e}.",
                "{k} of {n} patients are in no group, {e} of them with {event}.",
                nowhere.count,
                k=phrases.count(nowhere),
                n=numbers.whole(required(nowhere.n)),
                e=phrases.value(shares.count(nowhere.events or 0), nowhere),
                event=_(contrasts.NAMES[id]) if id == "relapse.relapse" else _("an event"),
            )
    return None


def _words(*texts: Text | None) -> int:
    return sum(len(plain(text).split()) for text in texts if text)


def _sentence(clauses: Sequence[Text]) -> Text:
    return capital(say("{clauses}.", clauses=join(clauses, "; ", N_("; "))))


def _one_group(results: Results, facts: SummaryFacts) -> list[Text]:
    """Response, what happened then, and how those are who stopped; or who died."""
    found = [_response(results), *(_few(results) if facts.n <= SMALL else _many(results, facts))]
    return [clause for clause in found if clause]


def _given(results: Results) -> list[Text]:
    """How many had the event, of the endpoints of the settings, where the data tell nothing of our own."""
    endpoints = endpoints_of(results)
    counts = [(e.label, results.get(f"survival.{e.key}.all.count")) for e in endpoints[:MOST_GIVEN]]
    return [
        say(
            "{label}: {k} of {n} with the event",
            label=label,
            k=phrases.count(count),
            n=numbers.whole(required(count.n)),
        )
        for label, count in counts
        if count is not None and count.exists and count.n
    ]


def _response(results: Results) -> Text | None:
    rate = results.get("response.response.all.proportion")
    if rate is None or not rate.exists:
        return None
    k, n = required(rate.events), required(rate.n)
    if n <= SMALL:
        return say_n("{who} responded", "{who} responded", max(k, 1), who=phrases.value(article(k, n), rate))
    return say(
        "{k} of {n} responded ({percent})",
        k=phrases.value(numbers.whole(k), rate),
        n=numbers.whole(n),
        percent=phrases.value(numbers.percent(required(rate.value), n), rate),
    )


def _few(results: Results) -> list[Text | None]:
    relapses, deaths = results.get("relapse.relapse.all.count"), results.get("survival.os.all.count")
    free = results.get("survival.pfs.all.proportion")
    if relapses is not None and deaths is not None and not relapses.value and not deaths.value:
        return [_nothing_happened(free)] if relapses.n else []
    stopped = _stopped(results)
    # Deaths of which the relapses tell nothing are never left out for those who stopped.
    untold = deaths is not None and deaths.count > (relapses.count if relapses is not None else 0)
    died = _died(deaths) if untold or not stopped else None
    return [_relapsed(results, relapses), died, stopped]


def _nothing_happened(free: Estimate | None) -> Text:
    """No relapse and no death; what cannot be excluded is the limit of both together."""
    if free is None or free.high is None or free.events:
        return say("no relapse or death occurred")
    return say(
        "no relapse or death occurred; a risk of up to {limit} cannot be excluded",
        limit=phrases.value(numbers.percent(required(free.high), required(free.n)), free),
    )


def _relapsed(results: Results, count: Estimate | None) -> Text | None:
    if count is None or not count.n:
        return None
    if not count.value:
        return say("no relapse occurred")
    k = phrases.value(numbers.spelled(count.count), count)
    on = results.get("relapse.relapsed.on treatment.proportion")
    if on is not None and on.exists and on.events == on.n == count.count:
        said = say_n("{k} relapsed on treatment", "{k} relapsed on treatment", count.count, k=k)
    else:
        said = say_n("{k} relapsed", "{k} relapsed", count.count, k=k)
    feature = _in_common(results)
    if not feature or count.count < 2:
        return said
    who, label = article(count.count, count.count), lower(feature.label)
    if feature.shared == "yes":
        return say("{relapsed}, {who} with {label}", relapsed=said, who=who, label=label)
    level = shares.level(feature, str(feature.shared))
    return say("{relapsed}, {who} with {label} {level}", relapsed=said, who=who, label=label, level=level)


def _in_common(results: Results) -> RelapseFeature | None:
    """What all who relapsed had in common, of the features that were named beforehand: the first there is."""
    for feature in results.facts["relapse"].features:
        known = feature.known_at_start and feature.of_interest and feature.followed
        if known and feature.shared and feature.shared != "no":
            return feature
    return None


def _stopped(results: Results) -> Text | None:
    stopped = results.get("after_stopping.stopped.event.proportion")
    if stopped is None or not stopped.n:
        return None
    k = phrases.value(numbers.spelled(stopped.n), stopped)
    if not stopped.events and results.facts["after_stopping"].others_stopped:
        return say_n(
            "{k} stopped in response, without recurrence",
            "{k} stopped in response, without recurrence",
            stopped.n,
            k=k,
        )
    if not stopped.events:
        return say_n("{k} stopped without recurrence", "{k} stopped without recurrence", stopped.n, k=k)
    return say(
        "{who} who stopped in response relapsed or died",
        who=phrases.value(article(stopped.events, stopped.n), stopped),
    )


def _died(count: Estimate | None) -> Text | None:
    if count is None or not count.n:
        return None
    if not count.value:
        return say("nobody died")
    if count.count == count.n and count.count > 1:
        return say("{who} died", who=phrases.value(article(count.count, count.count), count))
    return say_n("{k} died", "{k} died", count.count, k=phrases.value(numbers.spelled(count.count), count))


def _many(results: Results, facts: SummaryFacts) -> list[Text | None]:
    """Relapse and survival at the last landmark, each with its interval."""
    said = []
    for id, template in (
        ("relapse.relapse.all.count", N_("{percent} had relapsed at {when} ({level} {interval})")),
        ("survival.os.all.count", N_("{percent} were alive at {when} ({level} {interval})")),
    ):
        stem = id.removesuffix(".all.count")
        if id not in results:
            continue
        e = contrasts.last_landmark(results, stem)
        if e is None:
            said.append(_relapsed(results, results[id]) if stem.startswith("relapse") else _died(results[id]))
            continue
        said.append(
            say(
                template,
                percent=phrases.value(numbers.percent(required(e.value), required(e.n)), e),
                when=numbers.time_point(required(e.time), facts.unit),
                level=phrases.level(e),
                interval=phrases.share_interval(e),
            )
        )
    return said
