"""Columns that hold toxicities otherwise than as rows: the grades of one each, or several in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.toxicities_in_words import holds_words
from reportgen.cohort.clean.written_grades import grade
from reportgen.cohort.mapping.codes import FORM_STATE, SCORE
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.proposal.headers import ID, named
from reportgen.cohort.mapping.proposal.samples import header_cell, holds_grades, known_cells, samples
from reportgen.cohort.mapping.proposal.sheets import Taken, is_wide, terms_of
from reportgen.cohort.mapping.proposal.types import Column, Line
from reportgen.cohort.mapping.toxicity_names import SPEAKS, TERMS
from reportgen.cohort.mapping.word_lists import plain_words
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import Settings

TAKES = "toxicities.term+toxicities.grade"
FEWEST = 2
# "Fatigue (grade)", "grade of rash", "AE_nausea", "tox_rash"; never the grade of a tumour or of a graft.
GRADE = frozenset(("grade", "gr", "grad", "grado", "ctcae"))
PREFIX = frozenset(("ae", "tox", "toxicity", "ctcae"))
NO_TOXICITY = re.compile(
    r"tumou?r|histo|\bwho\b|fnclcc|fuhrman|nuclear|differentiation|gleason|isup|\bgli|gvhd|bloom|nottingham|elston|"
    r"\bpath|cancer|biopsy|isic|sarcoma|lymphoma|neoplasm|regression|baseline|prior|\bpre"
)


def graded_columns(taken: Taken, settings: Settings) -> tuple[int, ...]:
    """The columns of a sheet that hold the grades of one toxicity each."""
    told = {name_key(name) for name in settings.source.toxicity_columns}
    prefix = name_key(settings.source.toxicity_prefix) if settings.source.toxicity_prefix else ""
    sheet = taken.sheet
    if taken.table == "patients":
        keys = {p: name_key(text) for p, text in enumerate(sheet.header) if text}
        if told or prefix:
            return tuple(p for p, key in keys.items() if key in told or (prefix and key.startswith(prefix)))
        found = [p for p in keys if _is_graded(sheet, p)]
        found = found if len(found) >= FEWEST else []
        named_so = [p for p in keys if p not in found and _is_term(sheet, p)]
        if len(found) + len(named_so) < FEWEST:
            return ()
        named_so += [
            p for p in keys if min(named_so, default=p) < p < max(named_so, default=p) and _is_among(sheet, p)
        ]
        return tuple(sorted({*found, *named_so}))
    if taken.table != "toxicities" or not is_wide(sheet):
        return ()
    positions = [p for p, text in enumerate(sheet.header) if text]
    graded = terms_of(sheet, positions[1:])
    return tuple(p for p in positions if p in graded or name_key(sheet.header[p]) in told)


def columns_in_words(taken: Taken, settings: Settings, graded: Sequence[int]) -> tuple[int, ...]:
    """The columns of a sheet of one row per patient that hold toxicities in words."""
    told = {name_key(name) for name in settings.source.toxicity_text}
    sheet = taken.sheet
    keys = {p: name_key(text) for p, text in enumerate(sheet.header) if text and p not in graded}
    if told:
        return tuple(p for p, key in keys.items() if key in told)
    if taken.table == "patients":
        return tuple(
            p for p, key in keys.items() if SPEAKS.search(key) and holds_words(known_cells(sheet, p))
        )
    if taken.table != "toxicities" or not (graded or _one_row_each(sheet)):
        return ()
    if not graded and any(
        c.column == "grade" for text in sheet.header if text for c in named("toxicities", text)
    ):
        return ()
    return tuple(p for p in keys if holds_words(known_cells(sheet, p)))


def toxicity_columns(
    sheet: RawSheet, graded: Sequence[int], words: Sequence[int], settings: Settings
) -> Iterator[Column]:
    """The columns as proposed."""
    told = {name_key(n) for n in (*settings.source.toxicity_columns, *settings.source.toxicity_text)}
    prefix = name_key(settings.source.toxicity_prefix) if settings.source.toxicity_prefix else ""
    for key, why, positions in (
        ("toxicity_columns", message("it holds the grades of one toxicity"), graded),
        ("toxicity_text", message("it holds toxicities and their grades in words"), words),
    ):
        for position in positions:
            text = cells.text(sheet.header[position])[0]
            own = name_key(text)
            known = own in told or bool(prefix and own.startswith(prefix))
            how, reason = ("settings", message("the settings say so")) if known else ("content", why)
            lines = () if known else (Line(("source", key), text, why, adds=True),)
            shown = samples(known_cells(sheet, position), masked=key == "toxicity_text")
            yield Column(text, header_cell(sheet, position), TAKES, how, True, reason, shown, lines)


def _is_graded(sheet: RawSheet, position: int) -> bool:
    text = cells.text(sheet.header[position])[0]
    words = plain_words(text)
    speaks = len(words) > 1 and (words[0] in GRADE | PREFIX or words[-1] in GRADE)
    speaks = speaks and not FORM_STATE.fullmatch(name_key(text))  # whether a form of REDCap is complete
    if not speaks or NO_TOXICITY.search(" ".join(words)):
        return False
    content = known_cells(sheet, position)
    return len(content) > 0 and holds_grades(content)


def _is_term(sheet: RawSheet, position: int) -> bool:
    """Whether a column is called as a toxicity and holds grades, of which one at least is no yes or no."""
    words = " ".join(plain_words(cells.text(sheet.header[position])[0]))
    if not TERMS.search(words) or NO_TOXICITY.search(words):
        return False
    content = known_cells(sheet, position)
    return holds_grades(content) and any((grade(cell)[0] or 0) > 1 for cell in content)


def _is_among(sheet: RawSheet, position: int) -> bool:
    """Whether a column that stands among those of toxicities is graded as they are, and is no score or one of ours."""
    text = cells.text(sheet.header[position])[0]
    words, content = " ".join(plain_words(text)), known_cells(sheet, position)
    if SCORE.fullmatch(name_key(text)) or NO_TOXICITY.search(words) or named("patients", text):
        return False
    graded = [grade(cell)[0] for cell in content]
    return holds_grades(content) and 0 in graded and max(filter(None, graded), default=0) > 1


def _one_row_each(sheet: RawSheet) -> bool:
    for position, text in enumerate(sheet.header):
        known = ID.fullmatch(name_key(text)) or any(
            c.column == "patient_id" for c in named("toxicities", text)
        )
        if text and known:
            content = [word_key(cell) for cell in known_cells(sheet, position)]
            return len(set(content)) == len(content)
    return False
