"""Features against progression-free and overall survival, as a reader meets them: forest and table."""

from __future__ import annotations

from reportgen.base.described import DescribedEndpoint
from reportgen.chapters.shared import ratio_blocks as ratios
from reportgen.chapters.survival.facts import KEY, SurvivalFacts
from reportgen.report import Block, Heading, Paragraph
from reportgen.stats.results import Results
from reportgen.writing.language import _
from reportgen.writing.narrative import lower, say


def blocks(results: Results, endpoint: DescribedEndpoint) -> list[Block]:
    """Nothing where no model was allowed, or where the groups, compared above, are the only feature."""
    facts: SurvivalFacts = results.facts[KEY]
    others = [f for f in facts.features if f.name != facts.group]
    given = (e for f in others for e in ratios.ratios_of(results, KEY, endpoint.key, f.name))
    if not any(e.exists for e in given):
        return []
    title = Heading(_("Features and {label}", label=lower(endpoint.label)))
    if _as_relapse(results, endpoint.key, facts):
        said = say("All who had the event relapsed: the ratios are those of the chapter Relapse.")
        return [title, Paragraph(said)]
    said = ratios.sentences(results, KEY, endpoint.key, facts.features)
    found = ratios.blocks(results, KEY, facts.features, _("Events"), endpoint)
    return [title, *([Paragraph(said)] if said else []), *found]


def _as_relapse(results: Results, key: str, facts: SurvivalFacts) -> bool:
    """Whether the table of relapse holds the same ratios."""
    ours, theirs = (
        [(e.group, e.value, e.low) for f in facts.features for e in ratios.ratios_of(results, *of, f.name)]
        for of in ((KEY, key), ("relapse", "relapse"))
    )
    return ours == theirs
