"""Rows that are nobody: totals, notes below a table, lines of types, the header once more, and lines of comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.column_reading import mapped
from reportgen.cohort.coded import factorized
from reportgen.cohort.distinct import chosen
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import RawSheet, letter
from reportgen.cohort.rows import labels
from reportgen.cohort.whole_columns import in_pieces, surely
from reportgen.settings.model import Settings

TOTAL = re.compile(
    r"(?:(?:grand |sub)?-?totals?|sums?|summe|means?|averages?|avg|medians?|s\.?d\.?|std\.?(?: ?dev\.?)?|iqr|overall"
    r"|mw|m\.?w\.?|standardabweichung|stabw\.?|spannweite|[ée]cart[- ]type|étendue"
    r"|desviación (?:estándar|típica)"
    r"|deviazione standard|rango"
    r"|(?:all|alle|tous les|todos los|tutti i) (?:patients?|patienten|pacientes|pazienti|cases)"
    r"|(?:number|no\.?|total|nombre|número|numero|anzahl|sum|count)(?: number)?(?: of| de| di| der)? "
    r"(?:patients?|patienten|pacientes|pazienti|cases|fälle|casos|casi|subjects)"
    r"|min(?:imum)?|max(?:imum)?|range|counts?|gesamt|insgesamt|mittelwert|anzahl|n|%|percent|prozent"
    r"|totales?|totaux|suma|somma|somme|moyennes?|promedio|mediana?|médiane|nombre|número|numero"
    r"|media|medie|durchschnitt(?:swert)?|ø|zwischensumme|gesamtsumme|gesamtergebnis|sous-?total|subtotale?s?|effectifs?|nb\.?"
    r"|tot(?:al|ale) (?:g[eé]n[eé]rale?|geral)|suma total|somma totale|recuento|conteo|conteggio|anz\.?"
    r"|desv\.? ?(?:est\.?|t[ií]p\.?)"
    r"|any (?:g|grade ?)\d)"
    r"(?:\s*[:=(±].*)?",
    re.IGNORECASE,
)
REMARK = re.compile(
    r"(?:notes?|legende?|key|footnotes?|sources?|abbreviations?|abbr\.?|comments?|remarks?|anmerkung(?:en)?|hinweise?"
    r"|quelle|abkürzungen|bemerkung(?:en)?|fußnoten?|erläuterung(?:en)?|l[eé]gendes?|remarques?|abréviations?|leyenda|notas?"
    r"|fuente|abreviaturas|observaciones|legenda|fonte|abbreviazioni|osservazioni)\b[:. ].*"
    r"|(?:notes?|legenda?e?|légende|leyenda|nota|key|footnotes?|fußnoten?|remarques?)\s*:?|[*†‡§#].*",
    re.IGNORECASE,
)
TYPES = frozenset(
    ("string", "str", "text", "number", "numeric", "num", "integer", "int", "float", "double", "decimal", "date",
     "datetime", "boolean", "bool", "logical", "categorical", "category", "factor", "character", "char", "varchar")
)  # fmt: skip
UNIT = re.compile(r"[\[(<{][^\])>}]*[\])>}]")
WORDS_OF_A_REMARK = 3
FEWEST_COLUMNS = 8
# Ids, one a line, that no total, note, type or name of a column without a digit can be: one word with a digit in it.
NUMBERED = re.compile(r"[A-Za-z_-]*[0-9][\w-]*(?:\n[A-Za-z_-]*[0-9][\w-]*)*", re.ASCII)
LOOKS = {
    "total": message("The row looks like a total and was left out"),
    "remark": message("The row looks like a note beside the table and was left out"),
    "below": message("The row stands apart, below the table, and was left out"),
    "types": message("The row says of what type the columns are, and was left out"),
    "units": message("The row says in which units the columns are, and was left out"),
    "header": message("The row holds the names of the columns once more and was left out"),
}
HINT = message("Delete it; if it is a patient, name its id under [values.patient_id] in report.toml")


def without_other_rows(
    sheets: Mapping[str, RawSheet], headers: Mapping[str, tuple[Header, ...]], settings: Settings
) -> tuple[dict[str, RawSheet], list[Issue]]:
    """The sheets of the tables without rows that look like nobody's, each of which is named.

    An id under [values.patient_id] in the settings is a patient, whatever it looks like; and so is each if more than
    half of the ids look so.
    """
    kept, issues = dict(sheets), []
    meant = mapped(settings.values.get("patient_id", {}))
    for table, known in headers.items():
        position = next((header.position for header in known if header.name == "patient_id"), None)
        if position is None or table not in sheets:
            continue
        sheet, comment = sheets[table], settings.source.comment
        told = _begins_with(sheet.frame[position], comment) if comment else []
        sheet = replace(sheet, frame=sheet.frame.drop(index=told)) if told else sheet
        looks = _looks(sheet, position, known, frozenset(meant))
        if looks or told:
            kept[table] = replace(sheet, frame=sheet.frame.drop(index=list(looks)))
        issues.extend(_said(sheet, position, looks))
        if told:
            cell = f"{letter(position)}{told[0]}"
            problem = message("Rows that begin with {a} were left out: {n}", a=comment, n=len(told))
            issues.append(
                Issue(NOTE, "COMMENT_LINES", sheet.name, cell, None, problem, message("Nothing to do"))
            )
    return kept, issues


def _looks(
    sheet: RawSheet, position: int, headers: tuple[Header, ...], meant: frozenset[str]
) -> dict[int, str]:
    """Row number → what it looks like."""
    ids, names = sheet.frame[position], {header.position: name_key(header.text) for header in headers}
    doubtful = _doubtful(ids, names.get(position, ""), meant) | _totals_beside(sheet.frame, position)
    found: dict[int, str] = {}
    for row in labels(sheet.frame.index, doubtful):
        filled = {p: cell for p, cell in sheet.frame.loc[row].items() if cell is not None and cell != ""}
        own = cells.text(filled[position])[0] if isinstance(filled.get(position), str) else ""
        look = "" if word_key(own) in meant else _of_row(filled, own, position, names, len(names))
        if look:
            found[row] = look
    for row in below_a_gap(sheet.frame, len(names)):
        own = sheet.frame.at[row, position]
        if row not in found and word_key(cells.text(own)[0] if isinstance(own, str) else own) not in meant:
            found[row] = "below"
    with_id = sum(sheet.frame.at[row, position] is not None for row in found)
    return found if with_id * 2 <= int(ids.notna().sum()) or with_id == 0 else {}


def _doubtful(ids: pd.Series, header: str, meant: frozenset[str]) -> np.ndarray:
    """(rows,) whether a row must be looked at, by its id or for want of one. header: the name of the ids' column."""
    if not any(map(str.isdigit, header)) and surely(ids, "numbered", _are_numbered):
        return ids.isna().to_numpy()
    codes, distinct = factorized(ids)
    return chosen(np.array([*_strange(distinct, header, meant), True], bool), codes)


def _totals_beside(frame: pd.DataFrame, position: int) -> np.ndarray:
    """(rows,) whether a column left of the ids has the word of a total: "Total" below the numbers, 24 below the ids."""
    found = np.zeros(len(frame), bool)
    for place in range(position):
        codes, distinct = factorized(frame[place])
        total = [isinstance(cell, str) and _is_total(cell) for cell in distinct]
        found |= chosen(np.array([*total, False], bool), codes)
    return found


def _is_total(cell: str) -> bool:
    return TOTAL.fullmatch(cells.text(cell)[0]) is not None


def _strange(ids: np.ndarray, header: str, meant: frozenset[str]) -> list[bool]:
    """Of each of the distinct ids, whether its row must be looked at. header: the name of their column."""
    if not any(map(str.isdigit, header)) and _are_numbered(ids):
        return [False] * len(ids)
    words = [cells.text(cell)[0] if isinstance(cell, str) else "" for cell in ids]
    by_id = [_by_words(word) if word_key(word) not in meant else "" for word in words]
    strange = [bool(look) or word.count(" ") + 1 >= WORDS_OF_A_REMARK or " = " in word
               for look, word in zip(by_id, words, strict=True)]  # fmt: skip
    return [
        odd or (bool(word) and (name_key(word) == header or word_key(word) in TYPES))
        for odd, word in zip(strange, words, strict=True)
    ]


def _are_numbered(ids: np.ndarray) -> bool:
    """Whether none of the distinct ids can look like anything but an id, if their column's name has no digit."""
    return len(ids) > 0 and in_pieces(ids, lambda lines: NUMBERED.fullmatch(lines) is not None)


def below_a_gap(frame: pd.DataFrame, width: int) -> list[int]:
    """The rows below a blank one that fill a quarter of the columns at most, all of them: another, small table.

    Only of a table of many columns whose rows above the blank one mostly fill half of them and more. width: columns
    with a name.
    """
    rows = frame.index
    if width < FEWEST_COLUMNS or len(rows) < 2 or int(rows[-1] - rows[0]) == len(rows) - 1:
        return []
    rows = rows.to_numpy()
    filled = frame.notna().to_numpy().sum(axis=1)
    for place in np.flatnonzero(np.diff(rows) > 1) + 1:
        if filled[place:].max() * 4 <= width and np.median(filled[:place]) * 2 >= width:
            return rows[place:].tolist()
    return []


def _of_row(filled: dict[int, object], own: str, position: int, names: dict[int, str], width: int) -> str:
    texts = {p: cells.text(cell)[0] for p, cell in filled.items() if isinstance(cell, str)}
    if len(texts) > 1 and all(word_key(text) in TYPES for text in texts.values()):
        return "types"
    if holds_units([*filled.values()]):
        return "units"
    again = [p for p, text in texts.items() if name_key(text) == names.get(p)]
    if len(again) > 1 and len(again) * 2 > len(filled):
        return "header"
    if 2 * len(filled) <= width and any(
        place < position and _is_total(text) for place, text in texts.items()
    ):
        return "total"
    if position in filled and not own:
        return ""
    first = own or next(iter(texts.values()), "")
    look = _by_words(first)
    if look:
        return look
    alone = len(filled) == 1 and width > 2
    wordy = first.count(" ") + 1 >= WORDS_OF_A_REMARK or "=" in first
    return "remark" if alone and first and (wordy or not own) else ""


def holds_units(content: Sequence[object]) -> bool:
    """Whether a row says under the names in which unit or format the columns are: all that it holds is in brackets."""
    return len(content) > 1 and all(
        isinstance(cell, str) and UNIT.fullmatch(cell.strip()) for cell in content
    )


def _by_words(word: str) -> str:
    if TOTAL.fullmatch(word):
        return "total"
    return "remark" if REMARK.fullmatch(word) else ""


def _begins_with(ids: pd.Series, comment: str) -> list[int]:
    return [row for row, cell in ids.items() if isinstance(cell, str) and cell.lstrip().startswith(comment)]


def _said(sheet: RawSheet, position: int, looks: Mapping[int, str]) -> Iterator[Issue]:
    for row, look in looks.items():
        yield Issue(WARNING, "NOT_A_PATIENT", sheet.name, f"{letter(position)}{row}", None, LOOKS[look], HINT)
