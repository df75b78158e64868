"""The report as a reader meets it: its sentences, in order."""

from __future__ import annotations

from reportgen.report import Bullets, Headline, Notice, Paragraph, Report, Section, plain


def sentences(section: Section) -> str:
    """The running text of a chapter: paragraphs, lists and notices; no table, no figure."""
    said = []
    for block in section.every:
        if isinstance(block, Paragraph | Notice | Headline):
            said.append(plain(block.text))
        elif isinstance(block, Bullets):
            said += [plain(item) for item in block.items]
    return "\n".join(said)


def chapter(report: Report, key: str) -> str:
    return sentences(next(section for section in report.sections if section.key == key))
