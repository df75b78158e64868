"""Patients at the start as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from dataclasses import replace

from reportgen.base.required import required
from reportgen.chapters.baseline import table_one as shown
from reportgen.chapters.baseline.facts import KEY, TITLE, BaselineFacts
from reportgen.chapters.baseline.short_table import MOST, short_table
from reportgen.report import Block, Heading, Note, Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing.language import _
from reportgen.writing.narrative import say


def present(results: Results) -> Section:
    """Table 1, short for a few patients; apart from it what became known only after the start."""
    facts: BaselineFacts = results.facts[KEY]
    known = [f for f in facts.features if f.known_at_start]
    later = [f for f in facts.features if not f.known_at_start]
    few = required(results[f"{KEY}.all.all.count"].n) <= MOST and not facts.groups
    # Table and page one say what the sentences would: these stand only where neither does.
    said = Paragraph(shown.sentences(results, known))
    blocks: list[Block] = [] if known else [said]
    further: list[Block] = [said] if known and facts.ungrouped else []
    caption = shown.largest_difference(results, known) or (_("Patients at the start of treatment."),)
    if facts.origin:
        zero = _("Patients at time zero ({origin}).", origin=_(facts.origin))
        caption = (*apart, " ", zero) if (apart := shown.largest_difference(results, known)) else (zero,)
    if few and known:
        blocks.append(short_table(results, known, "table-baseline", caption))
    elif known:
        made = shown.features_table(results, known, "table-baseline", caption)
        shares = say("Shares are of the patients whose value is recorded.")
        blocks.append(replace(made, notes=(shares, *made.notes)))
    if later:
        caption = (_("What became known of the patients only after the start of treatment."),)
        if facts.origin:
            caption = (
                _(
                    "What became known of the patients only after time zero ({origin}).",
                    origin=_(facts.origin),
                ),
            )
        further += [
            Heading(_("Became known after the start")),
            Note(
                _("Not a baseline"),
                _(
                    "Whoever stays well for longer has more time to acquire such a feature; it is never "
                    "compared with what happened later."
                ),
            ),
            shown.features_table(results, later, "table-baseline-later", caption),
        ]
    return Section(KEY, _(TITLE), tuple(blocks), results.select(section=KEY), (), tuple(further))
