"""What was understood of a source: every column of every sheet, what it was taken for and how, and how full it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from reportgen.cohort.checks.identifiers import found_in, sounds_identifying
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.wide_toxicities import with_long_toxicities
from reportgen.cohort.load import Draft
from reportgen.cohort.mapping.dictionary import read_dictionary
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import UNUSED, Header, match_columns, match_sheets
from reportgen.cohort.mapping.proposals import Offer, offers
from reportgen.cohort.mapping.schema import TABLES, columns_of
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.settings.model import Settings

LONGEST = 24
PERSONAL = ("patient_id", "birth_date")
# A column of texts that are mostly different may say anything, of a person too.
MOSTLY_DIFFERENT = 0.5
NOT_READ = "not read"


@dataclass(frozen=True)
class Column:
    """A column of the source. taken: the canonical column, or what else it is ("feature: number"); how: as in Match.

    filled: how many of its `rows` cells hold something. sample: the first of these; where the column may identify
    somebody only its shape: x for a letter, 9 for a digit.
    """

    table: str
    sheet: str
    cell: str
    header: str
    taken: str
    how: str
    filled: int
    rows: int
    sample: str


@dataclass(frozen=True)
class Understood:
    """Every column of the sheets that are used, the sheets that are not, and which columns missing ones may be."""

    columns: tuple[Column, ...]
    unused: tuple[str, ...]
    offers: tuple[Offer, ...]


def understood(book: RawWorkbook, settings: Settings, draft: Draft | None) -> Understood:
    """How a source was read. draft: its checked tables, where there are any: they tell what further columns are."""
    sheets, _ = match_sheets(book, settings)
    dictionary, _ = read_dictionary(sheets.get("dictionary"))
    left_out = dict.fromkeys(map(name_key, settings.features.exclude), f"{NOT_READ}: left out")
    further = _further(draft) | _terms(book, settings) | left_out
    shown = settings.privacy.profile != "external"
    columns: list[Column] = []
    offered: list[Offer] = []
    for table in (name for name in TABLES if name in sheets):
        sheet = sheets[table]
        headers, _ = match_columns(table, sheet, settings, dictionary)
        told = further if table == "patients" else _graded(settings) if table == "toxicities" else {}
        people = draft.tables["patients"].frame.index if draft and table == "patients" else sheet.frame.index
        counted = replace(sheet, frame=sheet.frame.loc[sheet.frame.index.isin(people)])
        found = list(_columns(table, counted, headers, told, shown))
        columns += found
        free = [p for p, column in enumerate(found) if column.how in UNUSED and column.header]
        offered += offers(table, sheet, {h.name for h in headers if h.how not in UNUSED}, free)
    unused = [sheet.name for sheet in book.sheets if all(sheet is not used for used in sheets.values())]
    return Understood(tuple(columns), tuple(unused), tuple(offered))


def _further(draft: Draft | None) -> dict[str, str]:
    """What became of the columns of patients outside the vocabulary."""
    if draft is None:
        return {}
    taken = dict.fromkeys(draft.further.ignored, NOT_READ)
    lists = frozenset(draft.further.of.values())
    for name, kind in draft.further.kinds.items():
        word = "known later" if name in draft.later.names else "feature"
        taken[name] = f"{word}: {kind}" if name in draft.further.examined else f"kept: {kind}"
    taken |= dict.fromkeys(lists, "feature: several findings in a cell")
    return taken


def _terms(book: RawWorkbook, settings: Settings) -> dict[str, str]:
    """Columns of the patients that hold one toxicity each."""
    before = match_sheets(book, settings)[0].get("patients")
    after = match_sheets(with_long_toxicities(book, settings), settings)[0].get("patients")
    if before is None or after is None or before is after:
        return {}
    left = set(map(name_key, before.header)) - set(map(name_key, after.header))
    return {**dict.fromkeys(left, "toxicity: one term"), **_graded(settings)}


def _graded(settings: Settings) -> dict[str, str]:
    """Columns of a sheet of toxicities that hold one of them each."""
    told = settings.source
    found = dict.fromkeys(map(name_key, told.toxicity_columns), "toxicity: one term")
    return found | dict.fromkeys(map(name_key, told.toxicity_text), "toxicities in words")


def _columns(
    table: str, sheet: RawSheet, headers: tuple[Header, ...], further: Mapping[str, str], shown: bool
) -> Iterator[Column]:
    known: dict[int, list[Header]] = {}
    for header in headers:
        known.setdefault(header.position, []).append(header)
    for position, text in enumerate(sheet.header):
        content = sheet.frame[position].dropna()
        taken, how = _taken(known.get(position, ()), text, further)
        masked = not shown or _may_identify(table, taken, name_key(text), content)
        place = sheet.cell(sheet.header_row, position)
        yield Column(table, *place, cells.text(text)[0], taken, how,
                     len(content), len(sheet.frame), _sample(content, masked))  # fmt: skip


def _taken(headers: list[Header] | tuple, text: str, further: Mapping[str, str]) -> tuple[str, str]:
    if not headers:
        why = "its name stands twice" if text else "it has no name"
        return f"{NOT_READ}: {why}", "ignored"
    used = [header for header in headers if header.how not in UNUSED]
    if used:
        names = [f"{h.name}, in {h.elapsed} from the start" if h.elapsed else h.name for h in used]
        return " and ".join(names), used[0].how
    taken = further.get(headers[0].name, NOT_READ if headers[0].how == "ignored" else "feature")
    if taken == NOT_READ or taken.startswith(f"{NOT_READ}: its"):
        return taken, "ignored"
    return taken, "settings" if taken.startswith((NOT_READ, "toxicity")) else "feature"


def _may_identify(table: str, taken: str, name: str, content: pd.Series) -> bool:
    """Whether a cell of the column may tell who somebody is: ids, names, birth dates, free text."""
    if taken in PERSONAL or sounds_identifying(name) or found_in(content).notna().any():
        return True
    known = columns_of(table).get(taken)
    if known and known.kind != "text":
        return False
    if taken.endswith((": number", ": date")):
        return False
    texts = content[[isinstance(cell, str) for cell in content]]
    return taken.startswith(NOT_READ) or texts.nunique() > max(2, MOSTLY_DIFFERENT * len(texts))


def _sample(content: pd.Series, masked: bool) -> str:
    if content.empty:
        return ""
    first = content.iloc[0]
    text = first.isoformat()[:10] if hasattr(first, "isoformat") else cells.text(first)[0]
    if masked:
        text = "".join("x" if c.isalpha() else "9" if c.isdigit() else c for c in text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
