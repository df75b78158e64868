"""What each column of a sheet is taken for: the likeliest canonical column that its content allows, or a feature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reportgen.base.message import message
from reportgen.cohort.checks.identifiers import found_in, held_by, identifies
from reportgen.cohort.clean.kind_of_column import infer
from reportgen.cohort.clean.listed import holds_lists
from reportgen.cohort.clean.written_lines import line
from reportgen.cohort.mapping.codes import counts_rows, measures_nothing
from reportgen.cohort.mapping.dictionary import Dictionary, entry_for
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.later_names import speaks_of_later
from reportgen.cohort.mapping.legends import described
from reportgen.cohort.mapping.matching import match_columns
from reportgen.cohort.mapping.names.words import speaks_of_other
from reportgen.cohort.mapping.proposal.headers import BOTH, ID, Named, named, of_another
from reportgen.cohort.mapping.proposal.id_columns import Ids, called_an_id, may_be_id, with_ids
from reportgen.cohort.mapping.proposal.reasons import HOLDS, HOW_SAID, KNOWN_AT_START
from reportgen.cohort.mapping.proposal.samples import (
    few_dates,
    holds_dates,
    holds_grades,
    holds_numbers,
    holds_serials,
    holds_years,
    known_cells,
    number_in,
)  # fmt: skip
from reportgen.cohort.mapping.proposal.values import known_share, needless, says_deaths, told
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.mapping.timed_names import lettered, timed
from reportgen.cohort.mapping.word_lists import plain_words
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import Settings

ENOUGH = 0.6
# What a column is may be told by its words alone, where nothing claims these names.
TOLD_BY_WORDS, FEWEST = ("vital_status", "best_response", "response"), 4
STATUS_BY_WORDS = ("vital_status", "content")
# Reasons are put in many words; each that is not known is asked, and blocks nothing. Of the responses of leukaemia
# (CRi, MLFS) few are ours.
LEAST_KNOWN = {"vital_status": 0.5, "stop_reason": 0.3, "best_response": 0.3}
RANK = {"settings": 0, "name": 1, "dictionary": 2, "synonym": 3, "similar": 4, "content": 5}
REMARKS = re.compile(
    r"(?:.*_)?(?:comments?|remarks?|notes?|kommentare?|bemerkung\w*|anmerkung\w*|notizen?|sonstiges|freitext|commentaires?|"
    r"remarques?|observations?|comentarios?|observaciones|notas?|commenti?|commento|osservazioni)(?:_\d+)?"
)
OF_ROWS = frozenset(("rownames", "row_names", "row_name", "rowname", "unnamed_0"))


@dataclass(frozen=True)
class Sense:
    """What a column is. names: canonical ones, or none; proposed: nothing says so yet."""

    position: int
    header: str
    names: tuple[str, ...]
    how: str
    sure: bool
    reason: str
    use: str = ""
    proposed: bool = False


def senses(
    table: str,
    sheet: RawSheet,
    settings: Settings,
    dictionary: Dictionary,
    spare: frozenset[int],
    ids: Ids | None = None,
) -> tuple[tuple[Sense, ...], Mapping[str, tuple[int, ...]]]:
    """The columns in the order of the sheet, and for each name that more than one column claims alike, their positions.

    spare: columns that are something else already (toxicities in wide form, the time and status of an endpoint).
    """
    settled = _settled(table, sheet, settings, dictionary)
    claims = {p: c for p, c in settled.items() if p not in spare}
    claims, shared = with_ids(sheet, claims, ids)
    rivals: dict[str, tuple[int, ...]] = {"patient_id": shared} if len(shared) > 1 else {}
    taken = {name for claim in claims.values() for name in _canonicals(table, claim)}
    wanted: list[tuple[int, int, int, Named]] = []
    said = {
        name_key(name)
        for name in (settings.group, *settings.stratifying, *settings.features.exclude)
        if name and table == "patients"
    }
    for position, text in enumerate(sheet.header):
        if text and position not in claims and position not in spare and name_key(text) not in said:
            for place, candidate in enumerate(_allowed(table, sheet, position, text, dictionary)):
                if spare and table == "toxicities" and candidate.column != "patient_id":
                    continue  # of a sheet in wide form only the id is a column of its own
                if spare and table == "patients" and (candidate.column, candidate.how) == STATUS_BY_WORDS:
                    continue  # the status of an endpoint tells who died
                if candidate.column == "vital_status" and name_key(text) in lettered(sheet.header):
                    continue  # "dc" beside "tc" is the state of what that is the time of
                other = candidate.column == "patient_id" and not ID.fullmatch(name_key(text))
                wanted.append((RANK[candidate.how] + other, place, position, candidate))
    for rank, place, position, candidate in sorted(wanted, key=lambda each: each[:3]):
        names = _canonicals(table, candidate)
        if position in claims or set(names) & taken:
            continue
        equal = [
            p
            for r, k, p, c in wanted
            if (r, k) == (rank, place) and c.column == candidate.column and p not in claims
        ]
        if len(equal) > 1:
            rivals[candidate.column] = tuple(dict.fromkeys(equal))
        claims[position] = candidate
        taken |= set(names)
    if table == "patients" and "patient_id" not in taken and not sheet.place:
        called = called_an_id(sheet, {*claims, *spare})
        claims |= {called: Named("patient_id", "similar", False)} if called is not None else {}
    found = []
    for position, text in enumerate(sheet.header):
        if text and position not in spare:
            claim = claims.get(position)
            found.append(replace(_canonical(position, text, claim, sheet, table), proposed=position not in settled)
                         if claim and claim.column else
                         _further(table, sheet, position, text, settings, dictionary))  # fmt: skip
    return tuple(found), rivals


def by_words(sense: Sense) -> bool:
    """Whether the words in a column alone say what it is."""
    return sense.how == "content" and sense.names != () and sense.names[0] in TOLD_BY_WORDS


def _settled(table: str, sheet: RawSheet, settings: Settings, dictionary: Dictionary) -> dict[int, Named]:
    """Position → what the settings, its name, the dictionary or a synonym make of it already."""
    headers, _ = match_columns(table, sheet, settings, dictionary)
    found: dict[int, Named] = {}
    for header in headers:
        if header.how in ("settings", "name", "dictionary", "synonym"):
            name = f"{header.name}_{header.elapsed}" if header.elapsed else header.name
            before = found.get(header.position)
            found[header.position] = Named(
                f"{before.column}+{name}" if before else name, header.how, header.how != "content"
            )
    return found


def _allowed(table: str, sheet: RawSheet, position: int, text: str, dictionary: Dictionary) -> list[Named]:
    """The canonical columns that the header, or the dictionary's words for it, may stand for and that the content does
    not rule out.
    """
    content = known_cells(sheet, position)
    found = []
    entry = entry_for(dictionary, table, name_key(text))
    by_label = named(table, entry.label) if entry and entry.label and not entry.role else ()
    for candidate in (*named(table, text), *(Named(c.column, "dictionary", c.sure) for c in by_label)):
        first = candidate.column.split("+")[0]
        column = columns_of(table)[canonical_of(table, first)]
        if column.name != first:
            ok = holds_numbers(content)
            if (
                column.name == "diagnosis_date"
            ):  # "months since diagnosis" counts the other way round, up to the start
                ok = ok and max((number_in(cell) or 0 for cell in content), default=0) <= 0
        elif column.name == "patient_id":
            ok = bool(content) and not holds_dates(content) and may_be_id(table, content)
        elif column.kind == "date":
            ok = holds_dates(content) or holds_years(content) or holds_serials(content)
        elif column.name == "grade":
            ok = holds_grades(content)
        elif column.name == "line":
            ok = bool(content) and all(line(cell)[0] is not None for cell in content)
        elif column.kind == "number":
            ok = holds_numbers(content)
        elif column.kind in ("word", "yes/no"):
            explained = described(text, entry.codes if entry else {})
            ok = known_share(column, content, explained) >= LEAST_KNOWN.get(column.name, ENOUGH)
            dated = holds_dates(content)  # with "no" of who lives, perhaps
            ok = ok and not (column.name == "vital_status" and (dated or needless(sheet, content, explained)))
            ok = ok and not (column.name == "stop_reason" and of_another(sheet.header, position))
        else:
            ok = bool(content) and not holds_dates(content) and not holds_numbers(content)
        if ok:
            found.append(candidate)
    known = {candidate.column for candidate in found}
    return found + [
        candidate for candidate in _by_words(table, content, text) if candidate.column not in known
    ]


def _by_words(table: str, content: list[object], header: str) -> list[Named]:
    """The columns whose words a column of another name holds, two of them or more: alive and dead, CR and PD.

    None of a relative, a second line or "Response week 12".
    """
    texts = [cell for cell in content if isinstance(cell, str)]
    elsewhere = speaks_of_other(plain_words(header), True) or any(sign.isdigit() for sign in header)
    if len(texts) < len(content) or len(texts) < FEWEST or elsewhere:
        return []
    names = [name for name in TOLD_BY_WORDS if name in columns_of(table)]
    return [
        Named(name, "content", False)
        for name in names
        if known_share(columns_of(table)[name], texts, "") >= ENOUGH
        and len({told(columns_of(table)[name], text) for text in texts} - {""}) > 1
    ]


def _canonicals(table: str, claim: Named) -> tuple[str, ...]:
    """The canonical columns of a claim: a date and the time to it are one."""
    return tuple(canonical_of(table, name) for name in claim.column.split("+") if name)


def canonical_of(table: str, name: str) -> str:
    """The canonical column of a name such as last_contact_days."""
    return name if name in columns_of(table) else name.rpartition("_")[0]


def _canonical(position: int, text: str, claim: Named, sheet: RawSheet, table: str) -> Sense:
    reason = HOW_SAID.get(claim.how, claim.how)
    if claim.how == "dictionary":
        reason = message("what the dictionary says of it")
    kind = columns_of(table)[canonical_of(table, claim.column.split("+")[0])].kind
    if claim.how == "similar":
        reason = HOLDS.get(kind, reason)
    if claim.how == "content" and kind == "word":
        reason = message("its words are known")
    if claim.column == BOTH:
        reason = message("a similar name: the date of death of who died, the last contact of who lives")
    return Sense(position, text, tuple(claim.column.split("+")), claim.how, claim.sure, reason)


def _further(
    table: str, sheet: RawSheet, position: int, text: str, settings: Settings, dictionary: Dictionary
) -> Sense:
    """A column that is nothing canonical: a feature, one known later, an identifier, free text, or ignored."""
    key = name_key(text)
    sense = Sense(position, text, (), "content", True, message("it is no column of this table"), "ignored")
    if table != "patients":
        return sense
    raw = sheet.frame[position]
    told = settings.features
    entry = dictionary.get((table, key)) or dictionary.get(("", key))
    for use, names in (
        ("ignored", told.exclude),
        ("findings", told.lists),
        ("later", told.later),
        ("feature", (*told.at_start, *told.include)),
    ):
        if key in map(name_key, names):
            return replace(sense, how="settings", reason=HOW_SAID["settings"], use=use)
    if [name_key(other) for other in sheet.header if other].count(key) > 1:
        return replace(sense, how="name", reason=message("several columns have this name"))
    if entry and entry.role:
        use = {"ignore": "ignored"}.get(entry.role, entry.role)
        return replace(sense, how="dictionary", reason=HOW_SAID["dictionary"], use=use)
    if raw.isna().all():
        return replace(sense, reason=message("it is empty"), use="ignored")
    if identifies(key, raw) or held_by(found_in(raw.dropna())):
        how = "name" if identifies(key, raw) else "content"
        return replace(sense, how=how, reason=message("it identifies a person"), use="identifier")
    kind = infer(raw, sheet.typed, settings.source)
    if kind in ("category", "text") and holds_lists(raw.dropna().tolist()):
        return replace(sense, reason=message("its cells hold several findings each"), use="findings")
    if kind == "category" and REMARKS.fullmatch(key):
        return replace(sense, how="name", reason=message("its name says that it holds remarks"), use="text")
    if kind in ("empty", "text"):
        return replace(sense, reason=message("it holds free text") if kind == "text" else message("it is empty"),
                       use="text" if kind == "text" else "ignored")  # fmt: skip
    if counts_rows(raw) or key in OF_ROWS:
        return replace(sense, reason=message("it counts the rows"), use="ignored")
    if measures_nothing(key, raw):
        return replace(sense, reason=message("it holds codes or calendar years"), use="ignored")
    label = entry.label if entry else ""
    spoken = speaks_of_later(key, text, number=kind == "number") or (
        label and speaks_of_later(name_key(label), label, number=kind == "number")
    )
    if spoken:
        return replace(sense, how="name", sure=spoken == "later", use="later",
                       reason=message("its name speaks of what happened later") if spoken == "later" else
                       message("by its name it may have become known only later"))  # fmt: skip
    if kind == "category" and says_deaths(text, known_cells(sheet, position)):
        return replace(
            sense, sure=False, use="later", reason=message("one of its words says that somebody died")
        )
    if key in timed(sheet.header):
        why = message("by its name and another one it is a time or its status")
        return replace(sense, how="name", use="later", reason=why)
    if kind == "date" or (kind == "category" and few_dates(raw.dropna().tolist())):
        return replace(sense, reason=message("a date that no endpoint needs"), use="ignored")
    return replace(sense, reason=KNOWN_AT_START[kind], use="feature")
