"""Response as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.chapters.response import further_rates, tumour_size
from reportgen.chapters.response.facts import ENDPOINT, KEY, TITLE, ResponseFacts
from reportgen.chapters.shared import response_sentences as shown
from reportgen.chapters.shared.chapter_section import chapter_section
from reportgen.chapters.shared.curve_blocks import curve_figure
from reportgen.chapters.shared.patient_figures import MOST_ROWS, stands_in_matrix
from reportgen.report import Block, Heading, Note, Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing.language import _
from reportgen.writing.narrative import paragraph


def present(results: Results) -> Section:
    """The rate and time of response, the levels, and the duration of response among responders."""
    facts: ResponseFacts = results.facts[KEY]
    blocks: list[Block] = [
        Note(
            _("Response"),
            _(
                "Best response in the words of RECIST 1.1: complete (CR), partial (PR), stable disease (SD), "
                "progressive disease (PD), not evaluable (NE). The denominator is all treated patients; NE and what is "
                "not recorded count as no response."
            ),
        ),
        Paragraph(
            paragraph(
                shown.rate_sentence(results), shown.until_sentence(results), shown.time_sentence(results)
            )
        ),
    ]
    levels = shown.levels_table(results, further_rates.rows(results), further_rates.notes(results))
    further: list[Block] = []
    if facts.groups:
        blocks += [Paragraph(shown.groups_sentence(results)), levels]
    else:
        further.append(levels)
    further += shown.effects_table(results)
    blocks.append(Heading(_("Duration of response")))
    if facts.endpoint:
        blocks.append(Note(_("Duration of response"), facts.endpoint.definition))
    blocks.append(Paragraph(shown.duration_sentences(results)))
    if facts.endpoint and results[f"{KEY}.{ENDPOINT}.all.count"].value:
        figure = curve_figure(results, KEY, facts.endpoint, facts)
        drawn = further if _as_another(results) or stands_in_matrix(results) else blocks
        drawn += [figure] if figure else []
    sizes = tumour_size.size_blocks(results)
    if required(shown.rate(results).n) > MOST_ROWS:
        blocks += sizes
    else:
        further += sizes
    return chapter_section(KEY, _(TITLE), results, blocks, further)


def _as_another(results: Results) -> bool:
    """Whether those who lost their response are as many as had the event of progression-free survival."""
    progressed = results.get("survival.pfs.all.count")
    return progressed is not None and progressed.value == results[f"{KEY}.{ENDPOINT}.all.count"].value
