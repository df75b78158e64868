"""How the chapters are printed: first what was found, then, in the supplement, what proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.base.message import N_
from reportgen.render.html.cross_references import numbers_in
from reportgen.report import (
    Block,
    Bullets,
    Dots,
    Figure,
    Heading,
    Link,
    Notice,
    Paragraph,
    Part,
    Section,
    Value,
    plain,
)
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import say


@dataclass(frozen=True)
class Together:
    """Chapters that are printed as one. title: of the first of them; the others keep theirs as a heading."""

    keys: tuple[str, ...]
    title: str


FINDINGS = (
    Together(("summary",), N_("Findings")),
    Together(("changes",), N_("Changes")),
    Together(("response",), N_("Response")),
    Together(("survival", "exposure", "follow_up"), N_("Survival")),
    Together(("relapse", "after_relapse"), N_("Relapse")),
    Together(("after_stopping",), N_("After stopping")),
    Together(("toxicity",), N_("Toxicity")),
    Together(("patients", "baseline"), N_("Patients")),
)
PROOF = ("cohort", "methods")  # nobody needs them to understand what was found
FURTHER = ("summary", "cohort", "changes", "baseline", "exposure", "response", "follow_up", "survival", "relapse",
           "after_relapse", "after_stopping", "toxicity", "patients", "methods")  # fmt: skip
TITLES = {"summary": N_("Abstract"), "cohort": N_("Data and their questions"), "patients": N_("Listings")}


def arranged(sections: Sequence[Section], chosen: bool = False) -> tuple[Part, ...]:
    """Findings and supplement of the chapters of a report, in the order of print.

    chosen: whether somebody named the chapters: then the findings stand in the order of their names.
    Chapters that have nothing but a Notice stand together at the end: nothing is left out silently.
    """
    made = [section for section in sections if not _empty(section)]
    found = _findings(sections, chosen)
    proofs = [section for section in map(_proof, _ordered(made)) if section.blocks]
    lacking = [section for section in sections if _empty(section)]
    proofs += [_lacking(lacking)] if lacking else []
    letter = _c("before the number of a table of the supplement", "S")
    numbered = (replace(s, title=f"{letter}{n} {s.title}") for n, s in enumerate(proofs, start=1))
    supplement = Part(_("Supplement"), tuple(numbered), letter)
    return _named((Part("", tuple(found)), *((supplement,) if proofs else ())))


def _named(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The same, with the number of every table that a paragraph speaks of in place of "the table"."""
    shown = numbers_in(parts)

    def called(block: Block) -> Block:
        if not isinstance(block, Paragraph) or not any(isinstance(part, Link) for part in block.text):
            return block
        return replace(block, text=tuple(_called(part, shown) for part in block.text))

    return tuple(
        replace(
            part,
            sections=tuple(replace(s, blocks=tuple(map(called, s.blocks))) for s in part.sections),
        )
        for part in parts
    )


def _called(part: str | Value | Link | Dots, shown: Mapping[str, str]) -> str | Value | Link | Dots:
    """A Link to a table by its number; the bare words where the table is not printed."""
    if not isinstance(part, Link) or not part.href.startswith("#"):
        return part
    id = part.href.removeprefix("#")
    return replace(part, text=f"{_('Table')} {shown[id]}") if id in shown else part.text


def _empty(section: Section) -> bool:
    return len(section.every) == 1 and isinstance(section.every[0], Notice)


def _findings(sections: Sequence[Section], chosen: bool) -> list[Section]:
    """Chapters of the findings, those that belong together as one, where the first of them stands."""
    places = {section.key: place for place, section in enumerate(sections)}
    told = {section.key: section for section in sections if section.blocks and section.key not in PROOF}
    made = {key: _once(section, told.get("summary")) for key, section in told.items() if not _empty(section)}
    known = {key for together in FINDINGS for key in together.keys}
    _start_of_one(made)
    found: list[tuple[int, Section]] = []
    for rank, together in enumerate(FINDINGS):
        some = [made[key] for key in together.keys if key in made]
        place = min((places[key] for key in together.keys if key in told), default=0)
        some = [section for section in some if section.blocks]
        if some:
            found.append((place if chosen else rank, _as_one(some, together)))
        elif together.keys == ("toxicity",) and "toxicity" in told and not told["toxicity"].estimates:
            found.append((place if chosen else rank, _no_toxicity(together)))
    own = [s for s in sections if s.key not in known and s.key not in PROOF and not _empty(s)]
    found += [(places[section.key] if chosen else len(FINDINGS), section) for section in own]
    return [section for _place, section in sorted(found, key=lambda one: one[0])]


def _start_of_one(made: dict[str, Section]) -> None:
    """Of one patient the features at the start stand on page one, which else were half empty, and nowhere again."""
    start, page_one = made.get("baseline"), made.get("summary")
    if start is None or page_one is None:
        return
    count = next((e for e in start.estimates if e.id == "baseline.all.all.count"), None)
    if count is not None and count.value == 1:
        made["summary"] = replace(page_one, blocks=(*page_one.blocks, *start.blocks))
        made["baseline"] = replace(start, blocks=())


def _once(section: Section, page_one: Section | None) -> Section:
    """A chapter without the figures that stand on page one already, with the same lines."""
    if page_one is None or section is page_one:
        return section
    there = {b.id.removeprefix("figure-summary-"): b.lines for b in page_one.blocks if isinstance(b, Figure)}

    def again(block: Block) -> bool:
        if not isinstance(block, Figure):
            return False
        lines = there.get(block.id.removeprefix("figure-").removeprefix(f"{section.key}-"))
        return lines is not None and [line.name for line in lines] == [line.name for line in block.lines]

    return replace(section, blocks=tuple(block for block in section.blocks if not again(block)))


def _as_one(some: Sequence[Section], together: Together) -> Section:
    first, *others = some
    blocks: list[Block] = [*first.blocks]
    for other in others:
        blocks += [Heading(other.title), *other.blocks]
    title = _(together.title) if first.key == together.keys[0] else first.title
    return Section(first.key, title, tuple(blocks))


def _no_toxicity(together: Together) -> Section:
    said = say("Toxicity was not recorded; nothing can be said about safety.")
    return Section("toxicity", _(together.title), (Paragraph(said),))


def _ordered(made: Sequence[Section]) -> list[Section]:
    order = {key: place for place, key in enumerate(FURTHER)}
    return sorted(made, key=lambda section: order.get(section.key, len(order)))


def _proof(section: Section) -> Section:
    blocks = section.every if section.key in PROOF else section.further
    title = _(TITLES[section.key]) if section.key in TITLES else section.title
    return Section(f"{section.key}-proof", title, blocks)


def _lacking(sections: Sequence[Section]) -> Section:
    reasons = [(s.title, block) for s in sections for block in s.every if isinstance(block, Notice)]
    said = [say("{title}: {why}", title=title, why=plain(notice.text)) for title, notice in reasons]
    return Section("lacking", _("What is not in this report"), (Bullets(tuple(said)),))
