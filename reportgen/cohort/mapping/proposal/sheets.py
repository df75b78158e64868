"""Which sheet is which table: by what the settings say, by name, and by what it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from reportgen.base.message import message
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.proposal.headers import ID, named
from reportgen.cohort.mapping.proposal.samples import known_cells
from reportgen.cohort.mapping.schema import SHEETS, TABLES
from reportgen.cohort.mapping.word_lists import plain_words
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.settings.model import Settings

# What sheets are called in the languages of names/: words joined by underscores, without accents; parted by blanks.
NAMES = {
    table: re.compile(rf"(?:.*_)?(?:{'|'.join(names.split())})(?:_.*)?")
    for table, names in {
        "patients": (
            r"pat\w* paz\w* pac\w* data daten donnees datos dati main master cohorte? coorte baseline "
            r"subjects sujets sujetos soggetti cases demo\w* stamm\w*"
        ),
        "toxicities": (
            r"aes? adverse\w* tox\w* toss\w* ctcae side_effects nebenwirkung\w* uaw sae eig? ea "
            r"effets?_indesirables? evenements?_indesirables? eventos?_adversos? efectos?_adversos? "
            r"acontecimientos?_adversos? event[io]_avvers[io] effett[io]_collateral[ei]"
        ),
        "treatments": (
            r"treatments? therap\w* lines? linien? regimens? chemo\w* behandlung\w* traitements? lignes? "
            r"chimio\w* tratamientos? lineas? quimio\w* trattament[io] terapi[ae]s? linee"
        ),
        "assessments": (
            r"assess\w* visits? scans? recist imaging staging follow_?up responses? bildgebung nachsorge "
            r"verlauf visiten? visites? evaluations? imagerie suivi reponses? visitas? evaluacion\w* seguimiento "
            r"respuestas? visite valutazion[ei] rispost[ae]"
        ),
        "measurements": (
            r"measure\w* labs? lab_?values? laborator\w* labor\w* biomarkers? tumou?r_?markers? "
            r"messwerte biolog\w* bilans? analiticas? esami questionnaires? qol"
        ),
    }.items()
}
ONLY = message("the only sheet with a table")
PIVOT = frozenset(("row_labels", "column_labels", "grand_total", "zeilenbeschriftungen", "gesamtergebnis",
                   "spaltenbeschriftungen"))  # fmt: skip
# A sum of diameters is a size of the tumour, and no field of a pivot.
COUNT_OF = re.compile(
    r"(?:count|sum|average|anzahl|summe) (?:of|von|der) (?!.*(?:diamet|durchmess|lesion|läsion)).+",
    re.IGNORECASE,
)
FEWEST_TERMS, GRADES = 2, range(6)


@dataclass(frozen=True)
class Taken:
    """A sheet and the table that it is; "" and a reason where it is none. nothing: it is empty or a pivot."""

    sheet: RawSheet
    table: str
    how: str
    sure: bool
    reason: str
    nothing: bool = False


def tables_of(book: RawWorkbook, settings: Settings) -> tuple[Taken, ...]:
    """Every sheet as a table or as none, in the order of the source. One table has one sheet."""
    taken: dict[str, Taken] = {}
    left: list[RawSheet] = []
    told = {name_key(theirs): table for table, theirs in settings.tables.items()}
    told |= {name_key(PurePath(theirs).stem): table for table, theirs in settings.tables.items()}
    for sheet in book.sheets:
        table, how = sheet.table, "settings"
        if not table:
            table = told.get(name_key(sheet.name), "")
        if not table:
            table, how = _by_name(name_key(sheet.name)), "name"
        nothing = _is_nothing(sheet)
        if table and table not in (t.table for t in taken.values()) and not (nothing and how == "name"):
            taken[sheet.name] = Taken(sheet, table, how, True, _SAID[how])
        elif nothing:
            taken[sheet.name] = Taken(sheet, "", "content", True, nothing, nothing=True)
        else:
            left.append(sheet)
    if len(left) == 1 and "patients" not in (t.table for t in taken.values()):
        (only,) = left
        return tuple(taken.get(s.name) or Taken(only, "patients", "content", True, ONLY)
                     for s in book.sheets)  # fmt: skip
    named_only = [t for t in taken.values() if t.how == "name" and t.table == "assessments"]
    if not left and len(named_only) == 1 and "patients" not in (t.table for t in taken.values()):
        # Rows of visits are the patients, too, where no other sheet is.
        (only,) = named_only
        taken[only.sheet.name] = replace(only, table="patients", how="content", reason=ONLY)
    free = [table for table in TABLES if table not in (t.table for t in taken.values())]
    for table in free:
        found = _likeliest(table, left)
        if found:
            taken[found.sheet.name] = found
            left = [sheet for sheet in left if sheet is not found.sheet]
    for sheet in left:
        taken[sheet.name] = Taken(
            sheet, "", "content", False, message("no table of patients or of what belongs to them")
        )
    return tuple(taken[sheet.name] for sheet in book.sheets)


_SAID = {"settings": message("the settings or the kind of source say so"), "name": message("its name")}


def terms_of(sheet: RawSheet, positions: Sequence[int]) -> tuple[int, ...]:
    """The columns of a sheet of toxicities in wide form: each holds the grades of one."""
    found = []
    for position in positions:
        content = known_cells(sheet, position)
        graded = [cell for cell in content if _is_grade(cell)]
        if content and len(graded) >= 0.8 * len(content):
            found.append(position)
    return tuple(found)


def is_wide(sheet: RawSheet) -> bool:
    """Whether a sheet holds one column per toxicity: several of grades, none of terms."""
    canonical = {
        c.column for text in sheet.header if text for c in named("toxicities", text) if c.how != "similar"
    }
    rest = [p for p, text in enumerate(sheet.header) if text and not ID.fullmatch(name_key(text))]
    return "term" not in canonical and "grade" not in canonical and len(terms_of(sheet, rest)) >= FEWEST_TERMS


def _is_grade(cell: object) -> bool:
    from reportgen.cohort.clean.written_grades import grade

    value = grade(cell)[0] if not isinstance(cell, bool) else None
    return value in GRADES


def _by_name(key: str) -> str:
    return next((table for table, others in SHEETS.items() if key in (table, *others)), "")


def _is_nothing(sheet: RawSheet) -> str:
    """Why a sheet is no table: it is empty, or a pivot. "" where it may be one."""
    if not sheet.header or sheet.frame.empty:
        return message("it is empty")
    keys = {name_key(text) for text in sheet.header if text}
    first = sheet.frame[0].dropna().iloc[:3] if 0 in sheet.frame else ()
    keys |= {name_key(cell) for cell in first if isinstance(cell, str)}
    texts = [text for text in (*sheet.header, *first) if isinstance(text, str)]
    if keys & PIVOT or any(COUNT_OF.fullmatch(text.strip()) for text in texts):
        return message("it is a pivot or a count of another sheet")
    return ""


def _likeliest(table: str, sheets: Sequence[RawSheet]) -> Taken | None:
    """The sheet with most columns of a table, if enough of them are there; its name speaks for it."""
    scored = sorted(((_score(table, sheet), -place) for place, sheet in enumerate(sheets)), reverse=True)
    if not scored or scored[0][0] < _ENOUGH[table]:
        return None
    best, place = scored[0]
    alike = len(scored) > 1 and scored[1][0] == best
    sheet = sheets[-place]
    named_so = _speaks(table, sheet)
    reason = message("its name and its columns") if named_so else message("its columns")
    return Taken(sheet, table, "content", not alike, reason)


_ENOUGH: Mapping[str, float] = {"patients": 1, "toxicities": 4, "treatments": 4, "assessments": 4,
                              "measurements": 6}  # fmt: skip


def _score(table: str, sheet: RawSheet) -> float:
    columns = {c.column for text in sheet.header if text for c in named(table, text)[:1]} - {"patient_id"}
    spoken = _speaks(table, sheet)
    if table == "patients":
        others = any(_speaks(t, sheet) for t in NAMES if t != "patients")
        return (
            2 * len(columns)
            + spoken
            + 0.01 * len([t for t in sheet.header if t])
            - 4 * others
            + _filled(sheet)
        )
    if not any(_may_be_id(text) for text in sheet.header if text):
        return 0
    if table == "toxicities" and is_wide(sheet):
        return 4 if spoken else 0
    wanted = {"toxicities": "term", "treatments": "treatment", "assessments": "date",
              "measurements": "value"}[table]  # fmt: skip
    told = spoken or len(columns) > 2 or {"term", "grade"} <= columns
    # A term on a sheet of that name is enough, whatever its grade and its date are called.
    said = spoken * (2 if table == "toxicities" else 1)
    return (2 * len(columns) + said) if wanted in columns and told else 0


def _may_be_id(header: str) -> bool:
    return ID.fullmatch(name_key(header)) is not None or any(
        one.column == "patient_id" for one in named("patients", header)
    )


def _speaks(table: str, sheet: RawSheet) -> bool:
    """Whether the name of a sheet says that it is the table, in any of the languages."""
    return NAMES[table].fullmatch("_".join(plain_words(sheet.name))) is not None


def _filled(sheet: RawSheet) -> float:
    return min(len(sheet.frame), 1000) / 1000 if len(sheet.header) > 1 else -5
