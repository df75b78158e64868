"""Who is in none of the groups that a chapter compares, as its reader meets them: how many, and with which events."""

from __future__ import annotations

from reportgen.base.described import Context
from reportgen.base.required import required
from reportgen.report import Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.narrative import capital, lower, paragraph, say


def in_no_group(results: Results, section: str, key: str, facts: Context) -> Estimate | None:
    """Those in no group, of an endpoint or variable; None where all are in one, or no groups are compared."""
    return results.get(f"{section}.{key}.{facts.group}.no_group")


def sentence(results: Results, section: str, key: str, facts: Context, event: str) -> Text | None:
    """ "Arm is not recorded in 8 of 24 patients, who are in no group; relapse was observed in three of them."

    event: what may have been observed in them.
    """
    found = in_no_group(results, section, key, facts)
    if found is None:
        return None
    said = {
        "label": capital((facts.group_label,)),
        "k": phrases.count(found),
        "n": numbers.whole(required(found.n)),
    }
    said |= {"event": lower(event), "e": phrases.value(shares.count(required(found.events)), found)}
    if required(found.value) > 1:
        return say(
            "{label} is not recorded in {k} of {n} patients, who are in no group; {event} was observed in {e} of them.",
            **said,
        )
    if found.events:
        return say(
            "{label} is not recorded in {k} of {n} patients, who is in no group and in whom {event} was observed.",
            **said,
        )
    return say(
        "{label} is not recorded in {k} of {n} patients, who is in no group and in whom {event} was not observed.",
        **said,
    )


def not_drawn(results: Results, section: str, key: str, facts: Context) -> Text | None:
    """The same in the caption of a figure whose curves are those of the groups."""
    found = in_no_group(results, section, key, facts)
    if found is None:
        return None
    return paragraph(
        say(
            "Not drawn, as their {label} is not recorded: {k} of {n}.",
            label=lower(facts.group_label),
            k=phrases.count(found),
            n=numbers.whole(required(found.n)),
        )
    )
