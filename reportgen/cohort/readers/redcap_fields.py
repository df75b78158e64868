"""The data dictionary of a REDCap project: what each field is called, holds and must not show."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.cohort.clean import cells
from reportgen.cohort.clean.written_grades import SEVERITY, grade
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import columns_of, synonyms_of
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import Settings

# What the columns are called in a downloaded dictionary, and by the API.
COLUMNS = {
    "name": ("variable_field_name", "field_name"),
    "form": ("form_name",),
    "kind": ("field_type",),
    "label": ("field_label",),
    "choices": ("choices_calculations_or_slider_labels", "select_choices_or_calculations"),
    "validation": ("text_validation_type_or_show_slider_number",),
    "identifier": ("identifier?", "identifier"),
}
NEEDED = ("name", "form", "kind")
CHOOSING = ("radio", "dropdown", "checkbox")
FIXED = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
NUMBERS = ("integer", "number", "float")
# Missing data codes as projects commonly define them; a choice of the field itself goes first.
MISSING_CODES = frozenset(("NI", "INV", "UNK", "NASK", "ASKU", "NAV", "MSK", "NA", "NAVU", "NP", "QS"))
GRADE_WORD = re.compile(rf"(?:{'|'.join(SEVERITY)})(?!\w)", re.IGNORECASE)
MARKUP = re.compile(r"<[^>]{0,200}>")


@dataclass(frozen=True)
class Field:
    """One field. choices: code → label; kind: the field type of REDCap (text, radio, checkbox, …)."""

    name: str
    form: str
    kind: str
    label: str = ""
    choices: Mapping[str, str] | None = None
    validation: str = ""
    identifier: bool = False

    @property
    def type(self) -> str:
        """The type that our dictionary has for it; "" where it must be seen from the data."""
        if self.kind in FIXED or self.kind == "checkbox":
            return "yes/no"
        if self.kind in CHOOSING:
            return "category"
        if self.kind in ("calc", "slider") or self.validation.startswith(NUMBERS):
            return "number"
        if self.validation.startswith("date"):
            return "date"
        return "text" if self.kind == "notes" else ""

    def shown(self, cell: object) -> object:
        """A cell of the raw export as people read it: labels for codes, a point for a decimal comma, "unknown" for a
        missing data code."""
        if isinstance(cell, float) and cell.is_integer():
            cell = str(int(cell))
        if not isinstance(cell, str):
            return cell
        if self.kind == "checkbox":
            return {"checked": "1", "unchecked": "0"}.get(cell.strip().casefold(), cell.strip())
        choices = self.choices or {}
        if self.type not in ("", "text") and cell.strip() in MISSING_CODES - choices.keys():
            return "unknown"
        if "comma_decimal" in self.validation:
            return cell.replace(",", ".")
        return choices.get(cell.strip(), cell)


@dataclass(frozen=True)
class Column:
    """A column of an export: a field, or one choice of a checkbox. title: its name with us."""

    name: str
    title: str
    field: Field
    choice: str = ""

    @property
    def label(self) -> str:
        """What the dictionary calls it, with the choice of a checkbox."""
        return f"{self.field.label}: {self.choice}" if self.choice else self.field.label


def columns_in_export(fields: Mapping[str, Field]) -> Iterator[Column]:
    """The columns that an export has for the fields.

    A choice's code is in the name: `symptoms___2`, and `symptoms____1` for the code -1, which is too like to
    `symptoms___1` to be kept.
    """
    for field in fields.values():
        if field.kind == "checkbox":
            for code, label in (field.choices or {}).items():
                name = f"{field.name}___{re.sub(r'[^a-z0-9_]', '_', code.casefold())}"
                title = f"{field.name}___minus_{code[1:]}" if code.startswith("-") else name
                yield Column(name, title, field, label)
        else:
            yield Column(field.name, field.name, field)


def is_dictionary(sheet: RawSheet) -> bool:
    """Whether a sheet is a data dictionary."""
    keys = {name_key(text) for text in sheet.header}
    return all(any(name in keys for name in COLUMNS[column]) for column in NEEDED)


def read_fields(sheet: RawSheet) -> dict[str, Field]:
    """Field name → field, in the order of the project; the first is the record id."""
    keys = {name_key(text): position for position, text in enumerate(sheet.header) if text}
    places = {
        column: next((keys[name] for name in names if name in keys), None)
        for column, names in COLUMNS.items()
    }
    found = {}
    for row in sheet.frame.itertuples(index=False, name=None):
        given = {
            column: cells.text(row[place])[0] if place is not None and row[place] is not None else ""
            for column, place in places.items()
        }
        if given["name"] and given["kind"] != "descriptive":
            kind = given["kind"].casefold()
            choices = _graded(dict(_choices(given["choices"]))) if kind in CHOOSING else FIXED.get(kind)
            found[given["name"]] = Field(
                given["name"], given["form"], kind, _plain(given["label"]), choices,
                given["validation"].casefold(), given["identifier"].casefold() in ("y", "yes", "1"),
            )  # fmt: skip
    return found


def canonical(table: str, field: str, settings: Settings) -> str:
    """The column of ours that a field is by the settings, by its name or by a synonym; "" where it is none."""
    key = name_key(field)
    mapped = [name for name, theirs in settings.columns.get(table, {}).items() if name_key(theirs) == key]
    if mapped:
        return mapped[0]
    if key in columns_of(table):
        return key
    names = [n for n in synonyms_of(table).get(key, ()) if n not in settings.columns.get(table, {})]
    return names[0] if len(names) == 1 else ""


def canonical_places(table: str, header: Sequence[str], settings: Settings) -> dict[str, int]:
    """The canonical columns of a table that a header has → position; of two for one column the first."""
    found: dict[str, int] = {}
    for position, text in enumerate(header):
        name = canonical(table, text, settings) if text else ""
        if name:
            found.setdefault(name, position)
    return found


def _choices(written: str) -> Iterator[tuple[str, str]]:
    """`1, Yes | 2, No` → code and label."""
    for part in written.split("|"):
        code, comma, label = part.partition(",")
        if comma and code.strip():
            yield code.strip(), _plain(label) or code.strip()


def _graded(choices: dict[str, str]) -> dict[str, str]:
    """The choices; where their codes are the grades of CTCAE, and their labels its words, code and label: "3 - Severe".

    >>> _graded({"1": "Mild", "2": "Moderate (needs help)"}), _graded({"1": "Mild", "2": "Severe"})
    ({'1': '1 - Mild', '2': '2'}, {'1': 'Mild', '2': 'Severe'})
    """
    said = {code: GRADE_WORD.match(label) for code, label in choices.items() if code != "0"}
    if len(said) < 2 or any(
        found is None or str(SEVERITY[found[0].casefold()]) != code for code, found in said.items()
    ):
        return choices
    shown = {code: f"{code} - {choices[code]}" for code in said}
    return {code: text if grade(text)[0] is not None else code for code, text in (choices | shown).items()}


def _plain(text: str) -> str:
    """A label without the markup and colon that it has on a form."""
    return " ".join(MARKUP.sub(" ", html.unescape(text)).split()).rstrip(" :")
