"""Clinical tables of the GDC (TCGA and others): days from diagnosis, a row per diagnosis or treatment of a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.joining import join, key_of, one_row_each
from reportgen.cohort.readers.redcap_fields import canonical
from reportgen.settings.model import Settings

# The time zero of these tables.
ORIGIN = "diagnosis_date"
CASES = ("cases_submitter_id", "case_submitter_id", "submitter_id", "case_id", "cases_case_id")
FOLLOWED = ("days_to_last_follow_up", "days_to_last_followup", "days_to_death")
LAST_SEEN = "last_contact_days"
UNKNOWN = ("not reported", "unknown", "not allowed to collect")
NOTHING = ("'--", "--", "[not available]", "[not applicable]")
# A field, whatever stands before it ("diagnoses."), and what it is to us.
OURS = {
    "gender": "sex", "sex_at_birth": "sex", "age_at_index": "age_at_start", "vital_status": "vital_status",
    "days_to_death": "death_date_days", "days_to_last_follow_up": "last_contact_days",
    "days_to_last_followup": "last_contact_days", "primary_diagnosis": "diagnosis", "cause_of_death": "cause_of_death",
    "days_to_birth": "birth_date_days",
}  # fmt: skip
# Taken where both are told: a case without days of a recurrence may have had none, or none may have been looked for.
RELAPSE = {"days_to_recurrence": "relapse_date_days", "progression_or_recurrence": "relapse_observed"}
TREATMENT = {"therapeutic_agents": "treatment", "treatment_type": "treatment", "days_to_treatment_start": "start_days",
             "days_to_treatment_end": "stop_days"}  # fmt: skip
# What is no characteristic of a patient: names of records, days and years, what is said of treatments and later.
NO_FEATURES = ("_id", "_days", "year_of_", "days_to_", "_datetime", "state", "age_at_diagnosis", "age_is_obfuscated",
               "treatment", "follow_up", "last_known", "lost_to_followup", "index_date", "consent", "cause_of_death",
               "therapeutic", "classification_of_tumor", "progression_or_recurrence")  # fmt: skip

# Known at diagnosis, whatever their names suggest.
AT_DIAGNOSIS = (
    "site_of_resection_or_biopsy",
    "prior_treatment",
    "prior_malignancy",
    "synchronous_malignancy",
)

# Entities of which a case has many.
OF_TREATMENTS = (
    "treatments.",
    "follow_ups.",
    "other_clinical_attributes.",
    "molecular_tests.",
    "pathology_details.",
)


def recognises(sheets: tuple[RawSheet, ...]) -> bool:
    """Whether there is a table of cases with the days to their death or last follow-up."""
    return any(map(_is_clinical, sheets))


def translate(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The cases in our tables, one row each; all times count from the diagnosis unless the settings say otherwise.

    Tables of exposures and the like are joined to the cases; rows of treatments become the treatments. Of the dead the
    last contact is the day of death. Columns without any value are left out and counted.
    """
    main = next(filter(_is_clinical, book.sheets))

    def ours(header: str) -> str:
        known = (*OURS.values(), *RELAPSE.values())
        return canonical("patients", header, settings) or (header if header in known else "")

    issues = list(book.issues)
    treatments = [] if settings.tables.get("treatments") else [*_treatments(main)]
    cases = _primary(main)
    told = _told_relapses(cases)
    patients, empty = _filled(_named(cases, OURS | (RELAPSE if len(told) == len(RELAPSE) else {}), settings))
    issues += _relapses_unsaid(cases, told, settings)
    table = one_row_each(patients, patients.header.index("patient_id"), ours)
    used = [main]
    for sheet in book.sheets:
        other = None if sheet is main or sheet.table else _case_position(sheet)
        if other is not None and not _is_clinical(sheet):
            seen = {} if LAST_SEEN in patients.header else {"days_to_follow_up": LAST_SEEN}
            further, more = _filled(_named(sheet, seen, settings))
            rows = one_row_each(further, further.header.index("patient_id"), ours)
            join(table, rows, rows.header.index("patient_id"), ours)
            used.append(sheet)
            empty += more
            problem = message(
                "The columns of {a} were joined to the patients of {b}", a=sheet.name, b=main.name
            )
            issues.append(
                Issue(NOTE, "SHEETS_JOINED", sheet.name, None, None, problem, message("Nothing to do"))
            )
    _dead_last_seen(table)
    said = [issue for issue in table.issues if issue.code != "VISIT_COLUMN"]
    if empty:
        problem = message(
            "{n} columns without any value, or of records and treatments, were left out", n=empty
        )
        said.append(Issue(NOTE, "COLUMN_NOT_USED", main.name, None, None, problem, message("Nothing to do")))
    found = replace(table.sheet(main), table="patients", typed=False)
    rest = [sheet for sheet in book.sheets if all(sheet is not one for one in used)]
    sheets = (found, *treatments, _dictionary(found, settings), *rest)
    return replace(book, sheets=sheets, issues=(*issues, *said), origin=ORIGIN)


def _field(header: str) -> str:
    """A header without the entity that may stand before it: diagnoses.days_to_recurrence → days_to_recurrence."""
    return name_key(header.rpartition(".")[2])


def _is_clinical(sheet: RawSheet) -> bool:
    if sheet.table or _case_position(sheet) is None:
        return False
    fields = {_field(text) for text in sheet.header if text}
    return "vital_status" in fields and bool(fields & set(FOLLOWED))


def _case_position(sheet: RawSheet) -> int | None:
    """The column of the case, best as people know it (TCGA-A8-A09G)."""
    keys = {name_key(text): place for place, text in reversed([*enumerate(sheet.header)]) if text}
    return next((keys[name] for name in CASES if name in keys), None)


def _named(sheet: RawSheet, ours: Mapping[str, str], settings: Settings) -> RawSheet:
    """The sheet with our names where the settings give none; of a field that stands twice the first counts."""
    mapped = settings.columns.get("patients", {})
    theirs = {name_key(text) for text in mapped.values()}
    position, taken, header = _case_position(sheet), set(mapped), []
    for place, text in enumerate(sheet.header):
        text = "" if text.startswith(OF_TREATMENTS) else text
        name = "patient_id" if place == position else ours.get(_field(text), "") if text else ""
        own = bool(text) and name_key(text) in theirs
        ignored = text and name == "" and any(part in _field(text) for part in NO_FEATURES)
        text = "" if ignored and not own else text
        if name and name not in taken and not own and sheet.frame[place].map(_says).any():
            taken.add(name)
            header.append(name)
        else:
            header.append(text)
    labels = tuple(_field(text).replace("_", " ") for text in sheet.header)
    return replace(sheet, header=tuple(header), labels=labels)


def _primary(sheet: RawSheet) -> RawSheet:
    """The sheet without the rows of other diagnoses of a case than its primary one, where it tells which that is."""
    fields = {_field(text): place for place, text in reversed([*enumerate(sheet.header)]) if text}
    position = fields.get("diagnosis_is_primary_disease")
    if position is None:
        return sheet
    primary = sheet.frame[position].map(key_of) == "true"
    who = sheet.frame[_case_position(sheet) or 0].map(key_of)
    return replace(sheet, frame=sheet.frame[primary | ~who.isin(set(who[primary]))])


def _told_relapses(sheet: RawSheet) -> dict[str, int]:
    """The fields of relapse that say something: the field → its column."""
    fields = {_field(text): place for place, text in reversed([*enumerate(sheet.header)])
              if text and not text.startswith(OF_TREATMENTS)}  # fmt: skip
    return {
        name: fields[name]
        for name in RELAPSE
        if name in fields
        and sheet.frame[fields[name]].map(lambda cell: _says(cell) and key_of(cell) not in UNKNOWN).any()
    }


def _relapses_unsaid(sheet: RawSheet, told: Mapping[str, int], settings: Settings) -> Iterator[Issue]:
    """RELAPSE_UNSAID: days of a recurrence, but nothing says who had none."""
    days = "days_to_recurrence"
    own = {name_key(text) for text in settings.columns.get("patients", {}).values()}
    if set(told) != {days} or own & {name_key(sheet.header[told[days]])}:
        return
    where = sheet.cell(sheet.header_row, told[days])
    problem = message(
        "{name} says when cases relapsed, and nothing who had no relapse: no relapse is reported", name=days
    )
    hint = message(
        'If who has no days had none, write relapse_date_days = "{name}" under [columns.patients] in report.toml',
        name=sheet.header[told[days]],
    )
    yield Issue(WARNING, "RELAPSE_UNSAID", *where, None, problem, hint)


def _says(cell: object) -> bool:
    return cell is not None and not (isinstance(cell, str) and cells.text(cell)[0].casefold() in NOTHING)


def _filled(sheet: RawSheet) -> tuple[RawSheet, int]:
    """The sheet with blank cells for dashes and without the columns that hold nothing else; and how many these are."""
    frame = sheet.frame.where(sheet.frame.map(_says), None)
    header = tuple(
        text if text == "patient_id" or frame[place].notna().any() else ""
        for place, text in enumerate(sheet.header)
    )
    return replace(sheet, header=header, frame=frame), sum(not text for text in header)


def _dead_last_seen(table) -> None:
    """The day of death as the last contact of who died."""
    if not {"death_date_days", "last_contact_days"} <= set(table.header):
        return
    died, seen = table.header.index("death_date_days"), table.header.index("last_contact_days")
    dead = table.frame[died].notna()
    table.frame[seen] = table.frame[seen].mask(dead, table.frame[died])
    first = table.origins[died][0]
    rows = {row: first.rows[row] for row in table.frame.index[dead] if row in first.rows}
    table.origins[seen].insert(0, replace(first, rows=rows))


def _treatments(sheet: RawSheet) -> Iterator[RawSheet]:
    """The treatments that were given, a row each, where the table tells their agents or days."""
    fields = {_field(text): place for place, text in reversed([*enumerate(sheet.header)]) if text}
    if "days_to_treatment_start" not in fields or not (
        {"therapeutic_agents", "treatment_type"} & set(fields)
    ):
        return
    names = {_case_position(sheet) or 0: "patient_id"}
    for field, name in TREATMENT.items():
        if field in fields and name not in names.values():
            names[fields[field]] = name
    frame = sheet.frame.where(sheet.frame.map(_says), None)
    begun = frame[fields["days_to_treatment_start"]].notna()
    given = (
        frame[fields["treatment_or_therapy"]].map(key_of) != "no"
        if "treatment_or_therapy" in fields
        else True
    )
    rows = frame.loc[begun & given, list(names)]
    rows = rows[~rows.map(key_of).duplicated()].set_axis(range(len(names)), axis=1)
    positions = list(names)

    def place(row: int, position: int) -> tuple[str, str]:
        return sheet.cell(row, positions[position])

    if len(rows):
        yield replace(sheet, name=f"{sheet.name} (treatments)", header=tuple(names.values()), frame=rows,
                      table="treatments", place=place, typed=False)  # fmt: skip


def _dictionary(patients: RawSheet, settings: Settings) -> RawSheet:
    """Our own dictionary sheet: what is no characteristic, and what the others are called."""
    known: Sequence[str] = [*columns_of("patients"), *OURS.values(), *RELAPSE.values()]
    own = {name_key(text) for text in settings.columns.get("patients", {}).values()}
    lines = []
    for text, label in zip(patients.header, patients.labels or patients.header, strict=False):
        field = _field(text)
        if text in known or name_key(text) in own:
            continue
        ignored = any(part in field for part in NO_FEATURES)
        role = "ignore" if ignored else "feature" if field in AT_DIAGNOSIS else None
        lines.append(("patients", text, None if ignored else label, role))
    frame = pd.DataFrame(lines, dtype=object, columns=range(4))
    frame.index = range(2, 2 + len(frame))
    return RawSheet("dictionary", ("table", "column", "label", "role"), 1, frame, table="dictionary")
