"""Which sheet is which table, and which column is which: by name, dictionary, settings, synonym, in this order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.cohort import Match
from reportgen.cohort.mapping.age_groups import age_groups, holds_age_groups
from reportgen.cohort.mapping.dictionary import Dictionary, Entry, entry_for
from reportgen.cohort.mapping.given_times import elapsed_lines, given_times
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.proposals import likely
from reportgen.cohort.mapping.same_names import same_names
from reportgen.cohort.mapping.schema import SHEETS, TABLES, columns_of, synonyms_of
from reportgen.cohort.mapping.word_lists import heard
from reportgen.cohort.raw import RawSheet, RawWorkbook, letter, position_of
from reportgen.settings.model import Settings
from reportgen.settings.sources.nearest_name import correction

REQUIRED = {
    "patients": ("patient_id",),
    "toxicities": ("patient_id", "term"),
    "treatments": ("patient_id",),
    "assessments": ("patient_id", "date"),
    "measurements": ("patient_id", "date", "name", "value"),
}
UNUSED = ("feature", "ignored")
AGE = ("age_at_start", "synonym")


@dataclass(frozen=True)
class Header:
    """A column of a sheet as understood. name: canonical, or its own normalised name where it is a feature.

    elapsed: "days" or "months" where it gives time since treatment_start in place of a date. how: as in Match.
    """

    position: int
    text: str
    name: str
    how: str
    elapsed: str = ""
    entry: Entry | None = None

    def match(self, table: str, header_row: int) -> Match:
        """As a line of what was understood. header_row: as the sheet counts, from 1."""
        return Match(table, self.name, self.text, self.how, f"{letter(self.position)}{header_row}")


def match_sheets(book: RawWorkbook, settings: Settings) -> tuple[dict[str, RawSheet], list[Issue]]:
    """Table → sheet. A workbook whose only data sheet has no known name holds the patients.

    A sheet without a single cell is no table, so that nobody is taken to have had no toxicity.
    """
    found: dict[str, RawSheet] = {}
    issues: list[Issue] = []
    keys = {sheet.name: name_key(sheet.name) for sheet in book.sheets}
    for table, others in SHEETS.items():
        named = settings.tables.get(table)
        # Earlier versions called a sheet that is turned over "Sheet1 (turned)".
        wanted = (name_key(named), name_key(named).removesuffix("_turned")) if named else (table, *others)
        sheets = [
            sheet
            for sheet in book.sheets
            if (sheet.table == table or (not sheet.table and keys[sheet.name] in wanted))
            and (sheet.header or table == "patients")
        ]
        if len(sheets) > 1:
            names = " and ".join(sheet.name for sheet in sheets)
            issues.append(
                Issue(
                    ERROR,
                    "AMBIGUOUS_SHEET",
                    sheets[1].name,
                    None,
                    None,
                    message("{a} may both be the table {b}", a=names, b=table),
                    message("Rename one, or name the right one under [tables] {a} in report.toml", a=table),
                )
            )
        elif sheets:
            found[table] = sheets[0]
        elif named:
            issues.append(Issue(ERROR, "MISSING_SHEET", named, None, None,
                                message("The settings name this sheet as {a}, but it does not exist", a=table),
                                message("The sheets are {a}", a=', '.join(keys))))  # fmt: skip
    rest = [s for s in book.sheets if all(s is not taken for taken in found.values())]
    if "patients" not in found and len(rest) == 1 and not issues:
        found["patients"] = rest.pop()
    if "patients" not in found and not issues:
        issues.append(
            Issue(
                ERROR,
                "MISSING_SHEET",
                None,
                None,
                None,
                message("There is no sheet `patients`"),
                message("Rename the sheet with one row per patient; the sheets are {a}", a=", ".join(keys)),
            )
        )
    for sheet in rest:
        issues.append(Issue(NOTE, "SHEET_NOT_USED", sheet.name, None, None, message("The sheet was not used"),
                            message("Name it under [tables] in report.toml if it holds data")))  # fmt: skip
    return found, issues


def in_source(match: Match, sheet: RawSheet) -> Match:
    """The match with the cell that its header has in the source."""
    if not sheet.place:
        return match
    position = position_of(match.cell.rstrip("0123456789"))
    return replace(match, cell=sheet.cell(sheet.header_row, position)[1])


def match_columns(
    table: str, sheet: RawSheet, settings: Settings, dictionary: Dictionary
) -> tuple[tuple[Header, ...], list[Issue]]:
    """Every named column of a sheet, understood; with what is missing, double or nameless.

    Columns between which nobody has chosen are ignored, so that the others can be checked all the same.
    """
    headers, issues, seen = [], [], set()
    left_out = {name_key(name) for name in settings.features.exclude} if table == "patients" else set()
    again: dict[str, list[str]] = {}
    for position, text in enumerate(sheet.header):
        cell = f"{letter(position)}{sheet.header_row}"
        if not text:
            if sheet.frame[position].notna().any():
                unread = message("The column has no name and was not read")
                issues.append(
                    Issue(
                        WARNING, "UNNAMED_COLUMN", sheet.name, cell, None, unread, message("Give it a name")
                    )
                )
            continue
        key = name_key(text)
        if key in seen:
            again.setdefault(key, []).append(cell)
            continue
        seen.add(key)
        understood = _understand(table, position, cells.text(text)[0], settings, dictionary)
        if (understood[0].name, understood[0].how) == AGE and holds_age_groups(sheet, position):
            understood = [replace(understood[0], name=key, how="feature")]
            issues.append(age_groups(sheet, cells.text(text)[0], cell))
        headers.extend(understood)
    if table == "patients" and headers and all(header.how in UNUSED for header in headers):
        issues.append(Issue(ERROR, "HEADER_NOT_FOUND", sheet.name, f"A{sheet.header_row}", None,
                            message("No row at the top of the sheet holds the names of known columns"),
                            message("Put the column names into one row above the patients, or name them under "
                            "[columns.patients] in report.toml")))  # fmt: skip
    known = {
        name_key(header.text): (header.name, header.how) for header in headers if header.how not in UNUSED
    }
    again = {key: where for key, where in again.items() if key in known or key not in left_out}
    if again:
        issues.append(same_names(table, sheet, again, known))
    issues.extend(_ambiguous(sheet, headers))
    issues.extend(_absent(table, sheet, headers, settings))
    unclear = {name for name, group in _by_name(headers).items() if len(group) > 1}
    left = [
        replace(header, how="ignored") if header.how not in UNUSED and header.name in unclear else header
        for header in headers
    ]
    return tuple(left), issues


def _understand(
    table: str, position: int, text: str, settings: Settings, dictionary: Dictionary
) -> list[Header]:
    """What a column is: one thing, or several where the settings give it several names."""
    key = name_key(text)
    entry = entry_for(dictionary, table, key)
    if entry and entry.role == "ignore":
        return [Header(position, text, key, "ignored", "", entry)]
    readings = list(_readings(table, text, entry, settings.columns.get(table, {})))
    if readings:
        chosen = [r for r in readings if r[0] == "settings"] if readings[0][0] == "settings" else readings[:1]
        return [Header(position, text, name, how, elapsed, entry) for how, name, elapsed in chosen]
    role = entry.role if entry else ""
    how = "ignored" if table != "patients" or role == "identifier" else "feature"
    return [Header(position, text, key, how, "", entry)]


def _readings(table: str, text: str, entry: Entry | None, mapped: Mapping) -> Iterator[tuple[str, str, str]]:
    """(how, canonical name, elapsed) in order of precedence. No synonym is needed for what the settings name."""
    columns, key = columns_of(table), name_key(text)
    if key in columns:
        yield "name", key, ""
    stem, _, unit = key.rpartition("_")
    elapsed = unit if unit in ("days", "months") and stem else ""
    for name in (stem, f"{stem}_date") if elapsed else ():
        if name in columns and columns[name].kind == "date":
            yield "name", name, elapsed
    if entry and entry.target in columns:
        yield "dictionary", entry.target, elapsed if columns[entry.target].kind == "date" else ""
    for canonical, theirs in mapped.items():
        if name_key(theirs) == key:
            name, _, unit = canonical.rpartition("_")
            given = unit if name in columns and unit in ("days", "months") else ""
            yield "settings", name if given else canonical, given
    if entry and entry.role:
        return
    synonyms = synonyms_of(table)
    said = heard(text)
    for name in synonyms.get(key) or (synonyms.get(said.key, ()) if not (said.unit or said.aside) else ()):
        if name not in mapped:
            yield "synonym", name, ""
    if key in ("days", "months") and "date" in columns:
        yield "synonym", "date", key
    if elapsed:
        for column in columns.values():
            if column.kind == "date" and stem in (*column.synonyms, *column.stems):
                yield "synonym", column.name, elapsed


def is_read(name: str, header: str, settings: Settings) -> bool:
    """Whether anything is read from a column of a sheet of this name, in a source without a dictionary."""
    key = name_key(name)
    for table, others in SHEETS.items():
        named = settings.tables.get(table)
        wanted = (name_key(PurePath(named).stem), name_key(named)) if named else (table, *others)
        if key in wanted and table in TABLES and table != "patients":
            return not header or bool(_understand(table, 0, header, settings, {})[0].how != "ignored")
    return True


def _ambiguous(sheet: RawSheet, headers: list[Header]) -> Iterator[Issue]:
    """Two columns for one: an error, unless the dictionary or the settings have chosen."""
    for name, group in _by_name(headers).items():
        for header in group[1:]:
            cell = f"{letter(header.position)}{sheet.header_row}"
            yield Issue(ERROR, "AMBIGUOUS_COLUMN", sheet.name, cell, None,
                        message("{a} and {b} may both be {c}", a=group[0].text, b=header.text, c=name),
                        message("Rename one, or give it the role `feature` or `ignore` in the dictionary"))  # fmt: skip


def _by_name(headers: list[Header]) -> dict[str, list[Header]]:
    found: dict[str, list[Header]] = {}
    for header in headers:
        if header.how not in UNUSED:
            found.setdefault(header.name, []).append(header)
    return found


def _absent(table: str, sheet: RawSheet, headers: list[Header], settings: Settings) -> Iterator[Issue]:
    names = {header.name for header in headers if header.how not in UNUSED}
    required = list(REQUIRED[table])
    if table == "patients" and not any(rule.time for rule in settings.endpoint):
        origin = name_key(settings.origin)
        required += [*([origin] if origin in columns_of(table) else []), "last_contact"]
        if origin in required and any(header.elapsed for header in headers):
            required.remove(origin)
    dates = [name for name in required if name not in (*names, "patient_id")] if table == "patients" else []
    instead = given_times(sheet, dates) if dates else None
    if instead:
        yield instead
        required = [name for name in required if name not in dates]
    for name in required:
        if name not in names:
            hint = message("Add it, or say which column it is under [columns.{a}] in report.toml", a=table)
            if name == "last_contact":
                hint = message(
                    "Add it, or {a}_days or {b}_months, or say which column it is under [columns.{c}] "
                    "in report.toml",
                    a=name,
                    b=name,
                    c=table,
                )
            unread = [(header.position, name_key(header.text)) for header in headers if header.how in UNUSED]
            found = [cells.text(sheet.header[position])[0] for position in likely(name, sheet, unread)]
            texts = [cells.text(sheet.header[position])[0] for position, _ in unread]
            found = [f'{name} = "{text}"' for text in found] or elapsed_lines(table, name, texts)
            if found:
                lines = " or ".join(found)
                hint = message(
                    "Write {a} under [columns.{b}] in report.toml if that is it, or add it", a=lines, b=table
                )
            absent = message("The column {a} is missing", a=name)
            yield Issue(ERROR, "MISSING_COLUMN", sheet.name, None, None, absent, hint)
    written = {name_key(header.text) for header in headers}
    for name, theirs in settings.columns.get(table, {}).items():
        if name_key(theirs) not in written:
            yield Issue(ERROR, "MISSING_COLUMN", sheet.name, None, None,
                        message("The settings say that {a} is {b}, but there is no such column", a=name,
                                b=repr(theirs)),
                        correction(theirs, [header.text for header in headers]))  # fmt: skip
