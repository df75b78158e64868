"""The abstract to paste, and the whole report as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.render.html.cross_references import numbers
from reportgen.render.html.fonts import writable
from reportgen.render.html.own_chapters import with_own_chapters
from reportgen.render.html.tables import in_words
from reportgen.report import (
    Block,
    Bullets,
    Figure,
    Heading,
    Headline,
    Note,
    Notice,
    Paragraph,
    Report,
    Section,
    Table,
    plain,
)
from reportgen.writing.language import _, speaking

# What Markdown would take for more than a letter; a line break ends a cell, a "<" begins HTML.
SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def abstract_txt(report: Report) -> str:
    """Title, headline and structured abstract, a line each, ready to paste; where the report has no abstract, what its
    first chapter says.
    """
    sections = [section for part in report.printed for section in part.sections]
    headline = [block.text for s in sections for block in s.blocks if isinstance(block, Headline)]
    abstract = _paragraphs(sections, labelled=True) or _paragraphs(sections[:1], labelled=False)
    said = [*(plain(text) for text in headline), *abstract]
    lines = (report.title, report.notice, *said)
    return "\n\n".join(writable(line, False) for line in lines if line) + "\n"


def _paragraphs(sections: list[Section], labelled: bool) -> list[str]:
    return [
        f"{block.label}: {plain(block.text)}" if block.label else plain(block.text)
        for section in sections
        for block in section.blocks
        if isinstance(block, Paragraph) and bool(block.label) == labelled
    ]


def report_md(report: Report) -> str:
    """The report as Markdown: what it says in words and tables; a figure by its caption and its text alternative."""
    with speaking(report.language):
        shown = numbers(report)
        lines = [f"# {_md(report.title)}"]
        lines += [_md(text) for text in (report.subtitle, report.notice) if text]
        lines.append(" · ".join(f"**{_md(name)}** {_md(value)}" for name, value in report.facts))
        for part in with_own_chapters(report).printed:
            lines += [f"# {_md(part.title)}"] if part.title else []
            for section in part.sections:
                lines.append(f"## {_md(section.title)}")
                lines += [line for block in section.blocks for line in _block(block, shown)]
    return "\n\n".join(line for line in lines if line) + "\n"


def _md(words: str) -> str:
    """
    >>> _md("a|b <i>")
    'a\\\\|b \\\\<i\\\\>'
    """
    return SIGNS.sub(r"\\\1", writable(words, False)).replace("\n", " ")


def _block(block: Block, shown: dict[str, str]) -> Iterator[str]:
    match block:
        case Headline():
            yield f"**{_md(plain(block.text))}**"
        case Heading():
            yield f"### {_md(block.text)}"
        case Paragraph():
            yield (f"**{_md(block.label)}** " if block.label else "") + _md(plain(block.text))
        case Note():
            yield f"> **{_md(block.term)}** {_md(block.text)}"
        case Notice():
            yield f"> {_md(plain(block.text))}"
        case Bullets():
            yield "\n".join(f"- {_md(plain(item))}" for item in block.items)
        case Table():
            number = f"**{_('Table')} {shown[block.id]}.** " if block.id in shown else ""
            yield f"{number}{_md(' '.join(filter(None, map(plain, (block.caption, block.how)))))}"
            yield _table(in_words(block))
            yield from (_md(plain(note)) for note in block.notes)
        case Figure():
            yield f"**{_('Figure')} {shown[block.id]}.** {_md(plain(block.caption))}"
            yield f"*{_md(block.alt)}*"


def _table(table: Table) -> str:
    heads = [_md(column.name) for column in table.columns]
    rules = ["---:" if column.align == "number" else ":---" for column in table.columns]
    rows = [
        [_md(plain(row.cells[i])) if i < len(row.cells) else "" for i in range(len(heads))]
        for row in table.rows
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rules, *rows))
