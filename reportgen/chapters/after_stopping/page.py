"""After stopping treatment as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.chapters.after_stopping.facts import ENDPOINT, KEY, SPREAD, TITLE, AfterStoppingFacts
from reportgen.chapters.shared import curve_blocks
from reportgen.chapters.shared import stopping_sentences as stopping
from reportgen.chapters.shared.chapter_section import chapter_section
from reportgen.chapters.shared.incidence_blocks import estimate_sentence
from reportgen.chapters.shared.patient_figures import stands_in_matrix
from reportgen.report import Block, Column, Note, Paragraph, Section, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import censoring, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import head, paragraph, say
from reportgen.writing.tables import row, table, text_column


def present(results: Results) -> Section:
    """Relapses off treatment in sentences, who was selected, and the curve; or a sentence on why there is none."""
    facts: AfterStoppingFacts = results.facts[KEY]
    if facts.lacks or not facts.n:
        text = (
            say("Nothing is reported after stopping: the data lack {columns}.", columns=facts.lacks)
            if facts.lacks
            else say("Nothing is reported after stopping: no patient stopped while in response.")
        )
        return Section(KEY, _(TITLE), (Paragraph(text),), results.select(section=KEY))
    blocks: list[Block] = [
        Note(head(required(facts.endpoint).label), required(facts.endpoint).definition),
        Paragraph(
            paragraph(
                stopping.stopped(results),
                stopping.without_event(results),
                *_times(results),
                censoring.sentence(required(facts.endpoint)),
            )
        ),
        Paragraph(_selection(facts)),
    ]
    further: list[Block] = [_table(results, facts)]
    # A curve without a step would say less than the sentence with the exact limit does.
    if facts.n > 2 and results[f"{KEY}.{ENDPOINT}.all.count"].value:
        figure = curve_blocks.curve_figure(results, KEY, required(facts.endpoint), facts)
        (further if stands_in_matrix(results) else blocks).extend([figure] if figure else [])
    return chapter_section(KEY, _(TITLE), results, blocks, further)


def _times(results: Results) -> list[Text]:
    facts: AfterStoppingFacts = results.facts[KEY]
    if not results[f"{KEY}.{ENDPOINT}.all.count"].value or facts.n <= 2:
        return []
    return [required(estimate_sentence(results, KEY, required(facts.endpoint), facts))]


def _selection(facts: AfterStoppingFacts) -> Text:
    left_out = "; ".join(
        f"{_(reason)} ({numbers.whole(n)})" for n, reason in required(facts.endpoint).left_out
    )
    return paragraph(
        say(
            "Those who stop while in response are chosen by their response: what is seen in them does not "
            "hold for all patients, and says nothing of whether stopping is safe for others."
        ),
        say("Not counted here: {left_out}.", left_out=left_out) if left_out else None,
    )


def _table(results: Results, facts: AfterStoppingFacts) -> Table:
    unit = facts.unit
    rows = []
    for name, variable in (
        (_("Treatment before the stop"), "treatment_duration"),
        (_("Observed for relapse after the stop"), "time_off_treatment"),
    ):
        count, median, low, high = (results[f"{KEY}.{variable}.all.{s}"] for s in SPREAD)
        spread = (*phrases.duration(low, unit), numbers.EN_DASH, *phrases.duration(high, unit))
        rows.append(row(name, phrases.count(count), phrases.duration(median, unit), spread))
    columns = (
        text_column(_("Time"), 0.5),
        Column(_("Patients")),
        Column(_("Median"), numbers.unit_name(unit)),
        Column(_("Range"), numbers.unit_name(unit)),
    )
    caption = say("Patients who stopped while in response: time on and off treatment.")
    before, after = (
        results[f"{KEY}.{name}.all.median"] for name in ("treatment_duration", "time_off_treatment")
    )
    finding = (
        say(
            "A median of {before} {unit} on treatment and of {after} {unit} observed for relapse after it.",
            before=phrases.duration(before, unit),
            after=phrases.duration(after, unit),
            unit=numbers.unit_name(unit),
        )
        if before.exists and after.exists
        else None
    )
    return table("table-after-stopping", caption, columns, rows, finding=finding)
