"""What the table of toxicities by group shows: how many of each group had one of grade ≥ 3."""

from __future__ import annotations

from reportgen.chapters.shared import table_findings
from reportgen.chapters.shared import toxicity_sentences as toxicity
from reportgen.chapters.toxicity.facts import ToxicityFacts
from reportgen.report import Text
from reportgen.stats.results import Results
from reportgen.writing import shares
from reportgen.writing.language import _


def severe_by_group(results: Results, facts: ToxicityFacts) -> Text | None:
    """The share of each group with any toxicity of grade ≥ 3, of groups that sentences speak of one by one."""
    if not facts.has_grade or not shares.told(facts.groups):
        return None
    names = {group: shares.group(facts, group) for group in facts.groups}
    return table_findings.in_groups(
        results, f"{toxicity.SECTION}.any", "grade_3_plus", names, _("Toxicity of grade ≥ 3")
    )
