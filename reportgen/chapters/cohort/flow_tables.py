"""The cohort as a reader meets it: origin and flow, completeness, overdue patients. Its data: see source_tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from reportgen.base.required import required
from reportgen.chapters.cohort.facts import CohortFacts, Field, FlowLabel
from reportgen.chapters.shared.drawings import drawings
from reportgen.report import Block, Column, Figure, Paragraph, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import dates, estimate_words, numbers, phrases, shares
from reportgen.writing.language import _, _n, inflected_n
from reportgen.writing.narrative import capital, counted, join, paragraph, plural, say, say_n
from reportgen.writing.tables import row, table, text_column

SECTION = "cohort"
NAMED = 8  # overdue patients; so few a sentence names
MOST_OVERDUE = 40  # rows of patients


def cutoff_rule(facts: CohortFacts) -> str:
    """The cut-off and what it does to follow-up, or why none applies."""
    if not facts.days.cutoff and facts.origin:
        return _(
            "No calendar date is given here, so no cut-off applies; all times count from the {origin}.",
            origin=_(facts.origin),
        )
    if not facts.days.cutoff and not facts.inside:
        return _("Calendar dates are left out of this report: all times count from the start of treatment.")
    if not facts.days.cutoff and not facts.days.counted:
        return _(
            "The data hold no calendar dates: no cut-off applies, and every duration counts from where its column does."
        )
    if not facts.days.cutoff:
        return _(
            "The data hold no calendar dates: no cut-off applies, and all times count from the start of treatment."
        )
    day = dates.date(facts.days.cutoff)
    if facts.days.cutoff_given:
        return _(
            "{day}, as chosen. What happened later is not counted; nobody is censored at the cut-off.",
            day=day,
        )
    return _("{day}, the latest date in the data. Nobody is censored at the cut-off.", day=day)


def origin(results: Results) -> Text:
    """Source, size, and the span of the starts of treatment."""
    facts: CohortFacts = results.facts[SECTION]
    sizes = [results[f"{SECTION}.{name}.all.rows"] for name in facts.tables]
    parts = [
        say("{n} {rows}", n=phrases.count(e), rows=_rows_of(required(e.variable), e.count)) for e in sizes
    ]
    digest = f" (SHA-256 {facts.sha256}…)" if facts.sha256 else ""
    first, last = (dates.date(day) if day else "" for day in (facts.days.first, facts.days.last))
    if first != last:
        started = say("Treatment started between {first} and {last}.", first=first, last=last)
    else:
        started = say("Treatment started on {day}.", day=first) if first else None
    if facts.origin and started:
        zero = _(facts.origin)
        started = say(
            "Time zero is the {origin}, between {first} and {last}.", origin=zero, first=first, last=last
        )
    return paragraph(
        say("The source{name}{digest} gave {parts}.", name=f" {facts.source}" if facts.source else "",
            digest=digest, parts=join(parts)),
        say("The data were extracted on {day}.", day=dates.date(facts.days.extracted)) if facts.days.extracted else
        say("It was last saved on {day}.", day=dates.date(facts.days.saved)) if facts.days.saved else None,
        started,
        say("The data were cut off on {day}.", day=dates.date(facts.days.cutoff)) if facts.days.cutoff else None,
    )  # fmt: skip


def _rows_of(table: str, n: int) -> str:
    return {
        "patients": plural(n, "patient"),
        "toxicities": plural(n, "toxicity row"),
        "treatments": plural(n, "treatment row"),
        "assessments": plural(n, "assessment row"),
        "measurements": plural(n, "measurement row"),
    }[table]


def flow_blocks(results: Results) -> list[Block]:
    """Who left and why: in a sentence, and as a figure where somebody left."""
    facts: CohortFacts = results.facts[SECTION]
    if not facts.steps:
        return []
    labels = [step.label for step in facts.steps]
    left = {label: results[f"{SECTION}.flow.{label}.count"] for label in labels}
    out = {label: results[f"{SECTION}.flow.{label}.left_out"] for label in labels}
    gone = [(out[step.label], _(step.reason or step.label)) for step in facts.steps if out[step.label].value]
    last = left[labels[-1]]
    unknown = _of_unknown_status(facts.in_no_time)
    if not gone:
        said = say("Nobody was left out: {n} analysed.", n=_analysed(last))
        return [Paragraph(paragraph(said, unknown))]
    reasons = join([say("{k} ({why})", k=phrases.count(e), why=why) for e, why in gone])
    said = say("Left out: {reasons}; {n} analysed.", reasons=reasons, n=_analysed(last))
    return [Paragraph(paragraph(said, unknown)), _flow_figure(facts.steps, left, out)]


def _of_unknown_status(n: int) -> Text | None:
    """How many of those analysed are in no analysis of time."""
    if not n:
        return None
    return say_n(
        "Of {k} of them the vital status is not recorded; that one is in no analysis of time.",
        "Of {k} of them the vital status is not recorded; these are in no analysis of time.",
        n,
        k=shares.count(n),
    )


def _analysed(estimate: Estimate) -> Text:
    """ "eight patients are", the subject and the verb of a sentence."""
    n = estimate.count
    words = _n("{patients} is", "{patients} are", n, patients=counted(n, "patient"))
    return (phrases.value(words, estimate),)


def _flow_figure(
    steps: Sequence[FlowLabel], left: Mapping[str, Estimate], out: Mapping[str, Estimate]
) -> Figure:
    from reportgen.figures.patient_flow import FlowBox, FlowOut, flow

    boxes = [FlowBox(_(step.label), left[step.label].count) for step in steps]
    # What leaves at a step leaves between the box before it and its own.
    outs = [
        [FlowOut(_(step.reason or step.label), out[step.label].count)] if out[step.label].value else []
        for step in steps[1:]
    ]
    alt = "; ".join(f"{box.label}: {numbers.whole(box.n)}" for box in boxes)
    for one in (one for some in outs for one in some):
        alt += _("; {n} left: {reason}", n=numbers.whole(one.n), reason=one.reason)
    caption = say("From the rows read to the patients analysed (n = {n}).", n=numbers.whole(boxes[-1].n))
    drawing, narrow = drawings(partial(flow, "figure-flow", boxes, outs))
    return Figure("figure-flow", drawing, caption, _("Flow of patients. {steps}.", steps=alt), narrow=narrow)


def completeness_sentence(results: Results) -> Text:
    """How many fields are incomplete, and the three least often recorded."""
    facts: CohortFacts = results.facts[SECTION]
    known = [(f, _field(results, f)) for f in facts.fields if not f.event]
    short = sorted(
        ((f, e) for f, e in known if e.exists and required(e.events) < required(e.n)),
        key=lambda pair: required(pair[1].value),
    )
    if not short:
        return say("Every field is recorded in every patient of whom it is expected.")
    worst = [
        say("{label} ({k} of {n})", label=_(f.label), k=shares.listed(e), n=numbers.whole(required(e.n)))
        for f, e in short[:3]
    ]
    said = say_n(
        "{k} of {n} fields is incomplete; least often recorded: {worst}.",
        "{k} of {n} fields are incomplete; least often recorded: {worst}.",
        len(short),
        k=numbers.spelled(len(short)),
        n=numbers.spelled(len(known)),
        worst=join(worst),
    )
    return capital(said)


def _field(results: Results, field: Field) -> Estimate:
    return results[f"{SECTION}.{field.column}.all.proportion"]


def completeness_blocks(results: Results) -> list[Block]:
    """A row per field that lacks something, or that is empty where an event did not occur; the others in a line."""
    whole: list[Text] = []
    rows = []
    for field in results.facts[SECTION].fields:
        estimate = _field(results, field)
        if not field.event and estimate.exists and required(estimate.events) == required(estimate.n):
            whole.append((phrases.value(_(field.label), estimate),))
            continue
        if not estimate.exists:  # nobody of whom it could be expected
            continue
        lacking = phrases.value(numbers.whole(required(estimate.n) - required(estimate.events)), estimate)
        whom = _("all patients; empty: none observed") if field.event else _(field.whom)
        missing = (numbers.MISSING,) if field.event else (lacking,)
        rows.append(row(capital((_(field.label),)), whom, phrases.share(estimate), missing))
    columns = (
        text_column(_("Field"), 0.34),
        text_column(_("Expected of"), 0.3),
        Column(_("Recorded")),
        Column(_("Missing")),
    )
    blocks: list[Block] = []
    if rows:
        caption = (_("How complete each field is."),)
        note = say("Recorded in all of whom it is expected: {fields}.", fields=join(whole)) if whole else None
        blocks.append(table("table-completeness", caption, columns, rows, (note,) if note else ()))
    elif whole:
        blocks.append(Paragraph(say("These are: {fields}.", fields=join(whole))))
    return blocks


def overdue_blocks(results: Results) -> list[Block]:
    """How many living patients were last seen too long before the cut-off, and who; at most MOST_OVERDUE are
    listed, a few in the sentence itself."""
    facts: CohortFacts = results.facts[SECTION]
    estimate = results[f"{SECTION}.overdue.all.count"]
    if not estimate.exists:
        return [
            Paragraph(say("Overdue follow-up cannot be listed: {why}.", why=estimate_words.why(estimate)))
        ]
    k = phrases.value(shares.count(required(estimate.value)), estimate)
    said = say_n(
        "Of {who}, {k} was last seen more than {days} days before the cut-off.",
        "Of {who}, {k} were last seen more than {days} days before the cut-off.",
        2 if required(estimate.value) > 1 else 1,
        who=_living(required(estimate.n), facts.status_known),
        k=k,
        days=facts.overdue_days,
    )
    if 0 < len(facts.overdue) <= NAMED:
        gaps = [
            say("{patient}: {days}", patient=patient, days=numbers.whole(gap))
            for patient, gap in facts.overdue
        ]
        who = say("Days from the last contact to the cut-off: {patients}.", patients=join(gaps, last=", "))
        return [Paragraph(paragraph(said, who))]
    blocks: list[Block] = [Paragraph(said)]
    if facts.overdue:
        rows = [row(patient, numbers.whole(gap)) for patient, gap in facts.overdue]
        kept, notes = shares.capped(rows, MOST_OVERDUE, "the source")
        columns = (text_column(_("Patient"), 0.5), Column(_("Last contact before the cut-off"), _("days")))
        caption = (
            _("Living patients whose follow-up is overdue.")
            if facts.status_known
            else _("Patients not known to have died whose follow-up is overdue."),
        )
        blocks.append(table("table-overdue", caption, columns, kept, notes))
    return blocks


def _living(n: int, known: bool) -> str:
    """known: that they live is recorded of all of them."""
    if known:
        return inflected_n("{n} living patient", "{n} living patients", n, n=numbers.spelled(n))
    return inflected_n(
        "{n} patient not known to have died",
        "{n} patients not known to have died",
        n,
        n=numbers.spelled(n),
    )
