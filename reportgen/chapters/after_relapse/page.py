"""After relapse as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.required import required
from reportgen.chapters.after_relapse.facts import (
    ENDPOINT,
    KEY,
    MOST_LINES,
    MOST_WAYS,
    NOTHING_TO_ANSWER,
    TITLE,
    AfterRelapseFacts,
    RelapsedPatient,
)
from reportgen.chapters.shared import course_sentences as course
from reportgen.chapters.shared import curve_blocks
from reportgen.chapters.shared.chapter_section import chapter_section
from reportgen.chapters.shared.incidence_blocks import estimate_sentence
from reportgen.chapters.shared.patient_figures import stands_in_matrix
from reportgen.report import Block, Column, Figure, Note, Paragraph, Section, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, head, paragraph, say
from reportgen.writing.shares import state
from reportgen.writing.tables import row, table, text_column

# Steps that have an order; a treatment has none, and whatever did not happen stands below what did.
ORDER = ("on treatment", "off treatment", "CR", "PR", "SD", "PD", "NE", "alive on treatment", "alive")
RANKS = {step: place - len(ORDER) for place, step in enumerate(ORDER)} | {
    "response not recorded": 1,
    "no further treatment recorded": 2,
    NOTHING_TO_ANSWER: 2,
    "not recorded": 3,
}
FEWEST_PATHS = 10  # patients: of fewer, a sentence says more than a figure of their ways


def present(results: Results) -> Section:
    """The course after relapse in sentences, curve and paths where enough relapsed; details in the supplement."""
    facts: AfterRelapseFacts = results.facts[KEY]
    if not facts.n:
        text = (
            say("Nothing is reported after relapse: the data lack {columns}.", columns=facts.lacks)
            if facts.lacks
            else say("Nothing is reported after relapse: no relapse was observed.")
        )
        return Section(KEY, _(TITLE), (Paragraph(text),))
    blocks: list[Block] = [
        Note(head(required(facts.endpoint).label), required(facts.endpoint).definition),
        Paragraph(paragraph(*course.after_relapse(results), _times(results, facts))),
    ]
    further: list[Block] = [_listing(facts)] if facts.n <= MOST_LINES else []
    drawn = further if stands_in_matrix(results) else blocks  # the matrix shows their ways and times already
    if results[f"{KEY}.{ENDPOINT}.all.count"].value:
        curve = curve_blocks.curve_figure(results, KEY, required(facts.endpoint), facts)
        drawn += [curve] if curve and facts.n > 2 else []
    figure = _figure(results, facts) if facts.n >= FEWEST_PATHS else None
    drawn += [figure] if figure else []
    return chapter_section(KEY, _(TITLE), results, blocks, further)


def _times(results: Results, facts: AfterRelapseFacts) -> Text:
    unit = facts.unit
    low, high, median = (
        results[f"{KEY}.time_since_relapse.all.{s}"] for s in ("minimum", "maximum", "median")
    )
    curve = estimate_sentence(results, KEY, required(facts.endpoint), facts)
    if facts.n == 1:
        return say(
            "The time from relapse to death or last contact was {median} {unit}.",
            median=phrases.duration(median, unit),
            unit=numbers.unit_name(unit),
        )
    return paragraph(
        say(
            "The median time from relapse to death or last contact was {median} {unit} (range {low}–{high}; {n}).",
            median=phrases.duration(median, unit),
            unit=numbers.unit_name(unit),
            low=phrases.duration(low, unit),
            high=phrases.duration(high, unit),
            n=counted(facts.n, "patient"),
        ),
        curve if facts.n > 2 else None,
    )


def _figure(results: Results, facts: AfterRelapseFacts) -> Figure | None:
    if not facts.has_lines:
        return None
    from reportgen.figures.relapse_bands import Path, paths

    # Its words need the width of a page: on a narrow screen it is moved sideways.
    drawn = [Path(tuple(map(state, steps)), n) for steps, n in facts.paths]
    drawing = paths("figure-after-relapse", drawn, ranks={state(step): rank for step, rank in RANKS.items()})
    treated, alive = (results.get(f"{KEY}.relapsed.{name}.proportion") for name in ("treated again", "alive"))
    n = numbers.whole(facts.n)
    how = say("From relapse to the present status: a band per way, as wide as its number of patients.")
    if treated is None or alive is None or not treated.exists or not alive.exists:
        caption = say("What followed relapse (n = {n}).", n=n)
    else:
        caption = say(
            "Of {n} who relapsed, {k} were treated again; alive: {a}.",
            n=n,
            k=shares.listed(treated),
            a=shares.listed(alive),
        )
    return Figure("figure-after-relapse", drawing, caption, _alternative(facts.paths), notes=(how,))


def _alternative(paths: Sequence[tuple[tuple[str, ...], int]]) -> str:
    """The ways in words; of many ways, how many patients took each step."""
    if len(paths) <= MOST_WAYS:
        ways = "; ".join(f"{numbers.whole(n)}: {' → '.join(map(state, steps))}" for steps, n in paths)
        return _("Ways from relapse to present status. {ways}.", ways=ways)
    from reportgen.figures.relapse_bands import HEADS

    said = []
    for place, title in enumerate(HEADS):
        sizes: dict[str, int] = {}
        for steps, n in paths:
            sizes[steps[place]] = sizes.get(steps[place], 0) + n
        most_first = sorted(sizes, key=lambda step: (-sizes[step], step))
        steps = ", ".join(f"{state(step)} {numbers.whole(sizes[step])}" for step in most_first)
        said.append(f"{_(title)}: {steps}")
    return _("Ways from relapse to present status, patients per step. {steps}.", steps="; ".join(said))


def _listing(facts: AfterRelapseFacts) -> Table:
    unit = facts.unit
    rows = [
        row(
            line.patient_id,
            numbers.time(line.relapse, unit),
            _(line.on_treatment),
            state(line.next) if line.next else _("none recorded"),
            _response(line),
            _now(line),
            numbers.time(line.since, unit),
        )
        for line in facts.lines
    ]
    columns = (
        text_column(_("Patient"), 0.1),
        Column(_("Relapse at"), numbers.unit_name(unit)),
        text_column(_("At relapse"), 0.14),
        text_column(_("Next treatment"), 0.24),
        text_column(_("Response"), 0.1),
        text_column(_("Status"), 0.18),
        Column(_("Since relapse"), numbers.unit_name(unit)),
    )
    more = facts.n - len(rows)
    notes = [say("{more} further patients are not listed.", more=numbers.whole(more))] if more else []
    caption = say("Every patient who relapsed, in order of the time to relapse.")
    if more:
        caption = say(
            "The first {k} of {n} patients who relapsed, in order of the time to relapse.",
            k=numbers.whole(len(rows)),
            n=numbers.whole(facts.n),
        )
    return table("table-after-relapse", caption, columns, rows, notes)


def _response(line: RelapsedPatient) -> str:
    """The word of RECIST; in full where it is not evaluable, for NE is an estimate's sign in every other table."""
    return _("not evaluable") if line.response == "NE" else line.response or numbers.MISSING


def _now(line: RelapsedPatient) -> str:
    if line.status == "dead":
        return state(f"dead ({line.cause or 'cause not recorded'})")
    return _("alive on treatment") if line.on_next else _("alive")
