"""Many cohorts beside each other: who was reported, their key figures, and the funnel in which they lie."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import quote

from reportgen.base.message import N_, Message
from reportgen.base.required import required
from reportgen.batch.cohort_results import CentresFacts, Funnel
from reportgen.figures.funnel import Centre, funnel
from reportgen.figures.style import NARROW
from reportgen.report import Block, Column, Figure, Heading, Link, Note, Paragraph, Section, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases
from reportgen.writing.language import SOURCE, _, active
from reportgen.writing.messages import said
from reportgen.writing.narrative import join, paragraph, say, say_n
from reportgen.writing.tables import row, table, text_column

SECTION = "centres"
STATES = {
    0: N_("reported"),
    1: N_("failed: a bug"),
    2: N_("not understood"),
    3: N_("data refused"),
    4: N_("failed: the machine"),
}
TITLES = {"response": N_("Response (CR or PR)"), "toxicity": N_("Toxicity of grade ≥ 3")}
HEADS = {"pfs": N_("PFS at {when}"), "os": N_("OS at {when}")}
KINDS = ("survival", "cumulative_incidence")
LIMITS = {1: "funnel_limits_95", 2: "funnel_limits_99.8"}
NAMED = 12
MOST_DISEASES = 4  # named in a sentence
FUNNEL = N_(
    "Where cohorts of a size lie if all share one proportion (Spiegelhalter, Stat Med 2005;24:1185). Not adjusted for "
    "who is treated where: a cohort outside is a question, not a verdict; of 20, one is expected there.",
)


def section(results: Results) -> Section:
    """The chapter that the index of a batch is."""
    facts = results.facts[SECTION]
    blocks: list[Block] = [Paragraph(_summary(results, facts))]
    if any(entry.reported for entry in facts.rows):
        blocks.append(_table(results, facts))
    blocks += _missing(facts)
    if facts.funnels:
        blocks.append(Note(_("Funnel"), _(FUNNEL)))
    for name, fact in facts.funnels.items():
        blocks += _funnel(results, name, fact)
    return Section(SECTION, _("Cohorts"), tuple(blocks), results.estimates)


def _one(results: Results, name: str, group: str, facts: CentresFacts) -> Estimate | None:
    statistic = {"patients": "count", "follow_up": "median"}.get(name, "proportion")
    if name == "toxicity":
        statistic = "grade_3_plus"
    if name in HEADS:
        time = facts.times[name]
        kinds = (f"{SECTION}.{name}.{group}.{s}@{time:.10g}" for s in KINDS) if time else ()
        return next((results[id] for id in kinds if id in results), None)
    return results.get(f"{SECTION}.{name}.{group}.{statistic}")


def _summary(results: Results, facts: CentresFacts) -> Text:
    total, reported, missing, patients = (
        results[f"{SECTION}.{name}.all.count"] for name in ("cohorts", "reported", "not_reported", "patients")
    )
    left = missing.count
    return paragraph(
        say_n(
            "{k} of {n} cohort was reported, with {patients} patients.",
            "{k} of {n} cohorts were reported, with {patients} patients.",
            total.count,
            k=phrases.count(reported),
            n=phrases.count(total),
            patients=phrases.count(patients),
        ),
        say_n(
            "{k} was not; why stands below.",
            "{k} were not; why stands below.",
            left,
            k=phrases.value(numbers.spelled(left), missing),
        )
        if left
        else None,
        say(
            "The cohorts differ in their patients, in how long they were followed and in what they record: the "
            "figures stand beside each other to be asked about, not to rank anybody."
        )
        if required(reported.value) > 1
        else None,
        say(
            "They are of different diseases ({diseases}): what happened to their patients is not added up.",
            diseases=join(facts.diseases[:MOST_DISEASES])
            if len(facts.diseases) <= MOST_DISEASES
            else _("{n} diagnoses", n=numbers.whole(len(facts.diseases))),
        )
        if len(facts.diseases) > 1
        else None,
        say("Their settings choose different confidence levels ({levels}): each interval says its own.",
            levels=join([numbers.percent(level) for level in facts.levels]))
        if len(facts.levels) > 1
        else None,
    )  # fmt: skip


def _table(results: Results, facts: CentresFacts) -> Table:
    unit = facts.unit
    shown = {name: numbers.time_point(time, unit) for name in HEADS if (time := facts.times.get(name))}
    made = [(entry, entry.reported) for entry in facts.rows if entry.reported]
    asked = any(report.warnings for _entry, report in made)
    columns = [
        text_column(_("Cohort"), 0.2),
        *([Column(_("Questions"))] if asked else []),
        Column(_("Patients")),
    ]
    mixed = len(facts.levels) > 1
    intervals = _("CI") if mixed else phrases.intervals(results)
    columns += [Column(_("Response"), "n/N (%)"), Column(intervals, "%")]
    columns += [Column(_(HEADS[name], when=when), intervals) for name, when in shown.items()]
    columns += [Column(_("Grade ≥ 3"), "n/N (%)"), Column(_("Follow-up"), _("median, {unit}", unit=_(unit)))]
    rows = []
    for entry, report in made:
        name = entry.name
        cells: list[Text | str] = [(Link(name, entry.link),) if entry.link else name]
        if asked:
            cells.append(numbers.whole(report.warnings or 0))
        cells.append(_count(_one(results, "patients", name, facts)))
        response = _one(results, "response", name, facts)
        cells += [_or_missing(response, phrases.share), _with_level(response, phrases.share_interval, mixed)]
        cells += [_with_level(_one(results, key, name, facts), _survival, mixed) for key in shown]
        cells.append(_or_missing(_one(results, "toxicity", name, facts), phrases.share))
        cells.append(
            _or_missing(_one(results, "follow_up", name, facts), lambda e: phrases.duration(e, unit))
        )
        rows.append(row(*cells))
    caption = say("Key figures of every cohort that was reported; each name leads to its report.")
    notes = (
        [say("PFS, progression-free survival; OS, overall survival; CI, confidence interval.")]
        if shown
        else []
    )
    return table("table-centres", caption, columns, rows, notes)


def _or_missing(estimate: Estimate | None, phrase) -> Text:
    return (numbers.MISSING,) if estimate is None else phrase(estimate)


def _with_level(estimate: Estimate | None, phrase, mixed: bool) -> Text:
    """mixed: the cohorts chose different levels, so that each interval says its own."""
    said = _or_missing(estimate, phrase)
    if not mixed or estimate is None or estimate.low is None or estimate.level is None:
        return said
    return say("{interval}, {level}", interval=said, level=phrases.level(estimate))


def _count(estimate: Estimate | None) -> Text:
    return _or_missing(estimate, phrases.count)


def _survival(estimate: Estimate) -> Text:
    if not estimate.exists:
        return phrases.absent(estimate)
    if estimate.statistic == "cumulative_incidence":
        # With a competing event there is no share without the event: its incidence is called by its name.
        return say(
            "incidence {s} {interval}",
            s=phrases.probability(estimate),
            interval=say("({x})", x=phrases.probability_interval(estimate))
            if estimate.low is not None
            else "",
        )
    return say(
        "{s} {interval}",
        s=phrases.probability(estimate),
        interval=say("({x})", x=phrases.probability_interval(estimate)) if estimate.low is not None else "",
    )


def _missing(facts: CentresFacts) -> list[Block]:
    rows = [
        row(entry.name, _(STATES[entry.exit]), _why(entry.why), _(entry.todo))
        for entry in facts.rows
        if entry.reported is None
    ]
    if not rows:
        return []
    columns = [
        text_column(_("Cohort"), 0.2),
        text_column(_("State"), 0.16),
        text_column(_("Why"), 0.34),
        text_column(_("What to do"), 0.3),
    ]
    caption = say("Cohorts without a report of this run; an earlier report of theirs is untouched.")
    return [Heading(_("Not reported")), table("table-centres-missing", caption, columns, rows)]


def _why(failure: str) -> str:
    """Why a cohort has no report; what is no Message is for the operator, in English."""
    if isinstance(failure, Message) or active() == SOURCE:
        return said(failure)
    return _("The program says: {text}", text=failure)


def _funnel(results: Results, name: str, fact: Funnel) -> list[Block]:
    statistic = "grade_3_plus" if name == "toxicity" else "proportion"
    total, title = results[f"{SECTION}.{name}.all.proportion"], _(TITLES[name])
    centres = []
    for group in fact.groups:
        one = results[f"{SECTION}.{name}.{group}.{statistic}"]
        centres.append(Centre(group, required(one.n), required(one.value), _outside(results, name, one)))
    outside = [centre for centre in centres if centre.outside]
    # Of few cohorts every dot has its name; of many those outside, if they are few.
    named = next((group for group in (centres, outside) if len(group) <= NAMED), [])
    shown = [
        replace(centre, named=centre in named, outside=centre.outside if centre in named else 0)
        for centre in centres
    ]
    draw = partial(
        funnel,
        f"funnel-{name}",
        shown,
        required(total.value),
        fact.sizes,
        fact.limits,
        title=title,
        below=_("Patients"),
    )
    drawing, narrow = draw(), draw(width_mm=NARROW)
    far = [centre.name for centre in outside if centre.outside == 2]
    words = paragraph(
        say("{title}: {all} in all cohorts together.", title=title, all=phrases.of(total)),
        say_n(
            "{k} of {n} cohorts lies outside the limits that hold 95% of cohorts which differ by chance alone{far}.",
            "{k} of {n} cohorts lie outside the limits that hold 95% of cohorts which differ by chance alone{far}.",
            len(outside),
            k=numbers.spelled(len(outside)) if outside else _("none"),
            n=numbers.spelled(len(centres)),
            far=say("; {names} outside those of 99.8%", names=join(far)) if far else "",
        ),
    )
    found = [
        _("{name} ({share} of {n})", name=c.name, share=numbers.percent(c.share, c.n), n=numbers.whole(c.n))
        for c in outside
    ]
    alt = _(
        "Funnel plot of {n} cohorts. {title}: all together {share}; outside the 95% limits: {names}.",
        n=numbers.whole(len(centres)),
        title=title,
        share=numbers.percent(required(total.value), required(total.n)),
        names=", ".join(found) or _("none"),
    )
    caption = say(
        "{title} against the number of patients (n = {n} cohorts). The line is the proportion of all together; limits "
        "are exact binomial, 95% (solid) and 99.8% (dashed).",
        title=title,
        n=numbers.whole(len(centres)),
    )
    return [
        Heading(title),
        Paragraph(words),
        Figure(f"figure-funnel-{name}", drawing, caption, alt, narrow=narrow),
    ]


def _outside(results: Results, name: str, one: Estimate) -> int:
    found = 0
    for step, statistic in LIMITS.items():
        limits = results[f"{SECTION}.{name}.{one.group}.{statistic}"]
        if not required(limits.low) - 1e-9 <= required(one.value) <= required(limits.high) + 1e-9:
            found = step
    return found


def link(*parts: str) -> str:
    """A relative path as a page writes it."""
    return "/".join(quote(part, safe="") for part in parts)
