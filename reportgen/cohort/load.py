"""A source becomes a Cohort: read, match, clean, check, cut off, derive. Each step can be had by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from reportgen.base.clock import refuse_wrong_clock
from reportgen.base.errors import ERROR, NOTE, WARNING, DataRefused, Issue
from reportgen.base.message import message
from reportgen.base.repeated import asked_once
from reportgen.cohort import readers
from reportgen.cohort.aside import sheets_aside, table_aside, tables_aside
from reportgen.cohort.checks.consequences import without_consequences, without_intervals
from reportgen.cohort.checks.deaths_in_rows import deaths_in_rows
from reportgen.cohort.checks.exclusion import excluded, refused
from reportgen.cohort.checks.plausibility import ages_at_diagnosis, dictionary_ranges
from reportgen.cohort.checks.question_identity import identified
from reportgen.cohort.checks.rows import validate
from reportgen.cohort.checks.sheets import sheet_issues
from reportgen.cohort.checks.unmatched_settings import unmatched, unused_entries
from reportgen.cohort.checks.view import View
from reportgen.cohort.clean.cleaning import Cleaned
from reportgen.cohort.clean.cutoff import apply_cutoff, latest_date
from reportgen.cohort.clean.every_table import clean_tables
from reportgen.cohort.clean.examined_features import choose
from reportgen.cohort.clean.example_rows import without_examples
from reportgen.cohort.clean.further import Further
from reportgen.cohort.clean.further_columns import clean_further, with_further
from reportgen.cohort.clean.later_columns import Later, set_aside
from reportgen.cohort.clean.repeated_patients import without_repeated_patients
from reportgen.cohort.clean.rows_without_patients import without_other_rows
from reportgen.cohort.clean.timing import ID_KEY, settled, timed_patients, timed_rows
from reportgen.cohort.clean.wide_toxicities import with_long_toxicities
from reportgen.cohort.cohort import Cohort, FlowStep, Input, Match, Table
from reportgen.cohort.distinct import forget
from reportgen.cohort.endpoints.derive import derive_endpoints
from reportgen.cohort.endpoints.observed import beyond, with_later_contact
from reportgen.cohort.endpoints.responded import with_counted_responses
from reportgen.cohort.mapping.dictionary import read_dictionary
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import Header, in_source, match_columns, match_sheets
from reportgen.cohort.mapping.proposal.samples import without_totals
from reportgen.cohort.mapping.schema import TABLES, columns_of
from reportgen.cohort.mapping.source_settings import report_faults, settings_before, settings_for
from reportgen.cohort.raw import RawSheet, RawWorkbook, located
from reportgen.settings.model import Settings

RANK = {ERROR: 0, WARNING: 1, NOTE: 2}


@dataclass(frozen=True)
class Draft:
    """Tables that were read and checked, but not yet cut off; and everything found on the way."""

    tables: Mapping[str, Table]
    further: Further
    labels: Mapping[str, str]
    later: Later
    matches: tuple[Match, ...]
    issues: tuple[Issue, ...]


def load_cohort(
    source: Path | str,
    *,
    config: Path | None = None,
    overrides: Mapping | None = None,
    on_invalid: str = "refuse",
    strict: bool = False,
    found: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Cohort:
    """The checked cohort of a source: a workbook, a file or folder of tables, or the address of a database.

    config: a report.toml (default: the one beside the source, if there); overrides: settings that win over it and over
    the sheet `report`. on_invalid: "refuse" any error, or "exclude" the patients that have one; strict: refuse warnings
    too. found: as in `settings_files`. progress: is told (1, 3) once the source is read. Raises DataRefused with all
    issues, UsageError for wrong settings or no source, MachineFailed where a file can't be read or the clock is wrong.
    """
    book = read_source(source, config, overrides, found)
    progress(1, 3)
    settings = settings_for(book, source, config, overrides, found)
    draft, issues = check_tables(book, settings)
    book = replace(book, sheets=())  # the cells as they were found, which may be millions, go here
    cohort, issues = cohort_of(book, draft, issues, settings, on_invalid=on_invalid, strict=strict)
    if cohort is None:
        external = settings.privacy.profile == "external"
        issues = tuple(replace(issue, patient=None) for issue in issues) if external else issues
        raise DataRefused(issues, settings.privacy.profile)
    forget(ID_KEY)  # of a million patients as many texts, which no chapter needs
    return cohort


def read_source(
    source: Path | str, config: Path | None = None, overrides: Mapping | None = None, found: bool = False
) -> RawWorkbook:
    """The sheets of a source as they are. config and overrides as in `load_cohort`.

    Raises DataRefused where it is nothing that may be opened, and UsageError or MachineFailed as there.
    """
    refuse_wrong_clock()
    book = readers.read(source, settings_before(source, config, overrides, found))
    return replace(book, sheets=sheets_aside(book.sheets))


def check_cohort(
    book: RawWorkbook, settings: Settings, *, on_invalid: str = "refuse", strict: bool = False
) -> tuple[Cohort | None, tuple[Issue, ...]]:
    """The cohort, or None where the data are refused, and every issue, the errors first."""
    draft, issues = check_tables(book, settings)
    return cohort_of(book, draft, issues, settings, on_invalid=on_invalid, strict=strict)


def cohort_of(
    book: RawWorkbook, draft: Draft | None, issues: tuple[Issue, ...], settings: Settings, *,
    on_invalid: str = "refuse", strict: bool = False,
) -> tuple[Cohort | None, tuple[Issue, ...]]:  # fmt: skip
    """What `check_cohort` says, of tables that `check_tables` has already checked."""
    if draft is None or refused(issues, on_invalid, strict):
        return None, asked_once(issues)
    rows = draft.tables["patients"].frame
    flow = [FlowStep("Patients in the source", len(rows))]
    tables = draft.tables
    if on_invalid == "exclude":
        tables, flow = excluded(tables, issues, flow, beyond(tables["patients"], settings))
    tables, said = settled(tables)
    tables = tables_aside(tables)
    issues = (*issues, *said)
    if settings.cutoff:
        tables, left, said = apply_cutoff(tables, settings.cutoff)
        tables = tables_aside(tables)
        issues = (*issues, *said)
        if len(left):
            flow.append(_by_cutoff(len(tables["patients"]), len(left), settings))
    tables, said = with_later_contact(tables, settings)
    tables = tables_aside(with_counted_responses(tables, settings))
    issues = (*issues, *said)
    cutoff = settings.cutoff or latest_date(tables["patients"])
    if settings.cutoff and tables["patients"].start.isna().all():
        cutoff = None
    flow.append(FlowStep("Patients analysed", len(tables["patients"])))
    if not len(tables["patients"]):
        nobody = Issue(ERROR, "NO_PATIENTS", tables["patients"].sheet, None, None,
                       message("No patient is left to report on"),
                       message("See the other issues, and the cut-off"))  # fmt: skip
        return None, asked_once(_sorted((nobody, *issues)))
    issues = asked_once(_sorted(issues))
    cohort = _compose(book, replace(draft, tables=tables), settings, cutoff, tuple(flow), issues)
    read = {name: len(table) for name, table in draft.tables.items()}
    return replace(cohort, source=replace(cohort.source, rows=read)), issues


def _by_cutoff(left: int, gone: int, settings: Settings) -> FlowStep:
    if settings.origin == "treatment_start":
        return FlowStep("Started treatment by the cut-off", left, gone, "treatment started after the cut-off")
    return FlowStep("Under observation by the cut-off", left, gone, "observation began after the cut-off")


def overview(book: RawWorkbook, settings: Settings) -> tuple[dict[str, int], tuple[Match, ...]]:
    """The rows of each table and how its columns were understood, before anything is checked."""
    sheets, _ = match_sheets(book, settings)
    dictionary, _ = read_dictionary(sheets.get("dictionary"))
    present = {table: sheets[table] for table in TABLES if table in sheets}
    matches = tuple(
        header.match(table, sheet.header_row)
        for table, sheet in present.items()
        for header in match_columns(table, sheet, settings, dictionary)[0]
    )
    return {table: len(without_totals(sheet).frame) for table, sheet in present.items()}, matches


def check_tables(book: RawWorkbook, settings: Settings) -> tuple[Draft | None, tuple[Issue, ...]]:
    """Match, clean and validate. The draft is None where no table of patients can be made at all.

    Every issue says where its cell stands in the source, even if the sheet was put together from others.
    """
    book = with_long_toxicities(book, settings)
    draft, issues = _check_tables(book, settings)
    issues = located(without_intervals(issues), book.sheets)
    if draft is None:
        return None, issues
    sheets, _ = match_sheets(book, settings)
    matches = tuple(in_source(match, sheets[match.table]) for match in draft.matches)
    return replace(draft, matches=matches, issues=issues), issues


def _check_tables(book: RawWorkbook, settings: Settings) -> tuple[Draft | None, tuple[Issue, ...]]:
    sheets, found = match_sheets(book, settings)
    issues = [*book.issues, *found, *report_faults(book)]
    if "patients" not in sheets:
        return None, _sorted(issues)
    dictionary, said = read_dictionary(sheets.get("dictionary"))
    issues.extend(said)
    headers: dict[str, tuple[Header, ...]] = {}
    for table in TABLES:
        if table in sheets:
            headers[table], found = match_columns(table, sheets[table], settings, dictionary)
            issues.extend(found)
    sheets, found = without_examples(sheets, headers)
    issues.extend(found)
    sheets, found = without_other_rows(sheets, headers, settings)
    issues.extend(found)
    sheets, found = without_repeated_patients(sheets, headers)
    issues.extend(found)
    headers = {table: known for table, known in headers.items() if table in sheets}
    cleaned, found = clean_tables(sheets, headers, settings)
    issues.extend(found)
    views = _views(sheets, headers, cleaned, settings)
    issues.extend(sheet_issues(views))
    names = {table: sheets[table].name for table in headers}
    matches = [
        header.match(table, sheets[table].header_row) for table, known in headers.items() for header in known
    ]
    if "patients" not in cleaned or "patient_id" not in cleaned["patients"].frame:
        return None, _sorted(identified(issues, cleaned, matches, names))
    further, found = clean_further(sheets["patients"], headers["patients"], cleaned["patients"], settings)
    issues.extend(found)
    patients = timed_patients(with_further(cleaned.pop("patients"), further), name_key(settings.origin))
    tables = {"patients": (patients := table_aside(patients))}
    for name, table in cleaned.items():
        if "patient_id" in table.frame:
            tables[name] = table_aside(timed_rows(table, patients))
    if not len(patients):
        issues.append(Issue(ERROR, "NO_PATIENTS", patients.sheet, None, None, message("The sheet has no patients"),
                            message("Enter one row per patient")))  # fmt: skip
    issues.extend(without_consequences(validate(tables, settings), tuple(issues), tables))
    issues.extend((*dictionary_ranges(tables, headers), *ages_at_diagnosis(tables, headers, settings)))
    issues.extend(deaths_in_rows(views, tables))
    issues.extend(unmatched(settings, headers, tuple(patients.frame)))
    issues.extend(unused_entries(dictionary, headers))
    labels = _labels(headers, further)
    aside, found = set_aside(further, patients, labels, settings)
    issues.extend(found)
    told = {h.name for h in headers["patients"] if h.entry and h.entry.role == "later"}
    later = replace(aside, names=aside.names | told)
    _, found = choose(further, patients, labels, later, settings)
    issues.extend(found)
    matches = tuple(
        replace(match, how="ignored")
        if match.table == "patients" and match.column in further.ignored
        else match
        for match in matches
    )
    issues = list(identified(issues, tables, matches, names))
    return Draft(tables, further, labels, later, matches, tuple(issues)), _sorted(issues)


def _views(
    sheets: Mapping[str, RawSheet], headers: Mapping[str, tuple[Header, ...]], cleaned: Mapping[str, Cleaned],
    settings: Settings,
) -> dict[str, View]:  # fmt: skip
    nobody = {table: pd.Series(None, index=sheets[table].frame.index, dtype=object) for table in headers}
    left_out = {"patients": frozenset(map(name_key, settings.features.exclude))}
    return {
        table: View(table, sheets[table], known, cleaned[table].frame.get("patient_id", nobody[table]),
                    left_out.get(table, frozenset()))
        for table, known in headers.items()
    }  # fmt: skip


def _compose(
    book: RawWorkbook, draft: Draft, settings: Settings, cutoff: date | None, flow: tuple[FlowStep, ...],
    issues: tuple[Issue, ...],
) -> Cohort:  # fmt: skip
    patients = draft.tables["patients"]
    features, _ = choose(draft.further, patients, draft.labels, draft.later, settings)
    endpoints, unavailable = derive_endpoints(
        patients, settings, draft.labels, draft.tables.get("assessments"), draft.tables.get("treatments")
    )
    source = Input(book.name, book.sha256, book.saved.isoformat() if book.saved else "")
    return Cohort(
        patients, settings,
        draft.tables.get("toxicities"), draft.tables.get("treatments"), draft.tables.get("assessments"),
        draft.tables.get("measurements"), features, endpoints, unavailable, draft.labels,
        cutoff, settings.cutoff is not None and cutoff is not None,
        flow, issues, draft.matches, source, findings=draft.further.of,
    )  # fmt: skip


def _sorted(issues) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=lambda issue: RANK[issue.severity]))


def _labels(headers: Mapping[str, tuple[Header, ...]], further: Further) -> dict[str, str]:
    labels = {
        column.name: column.label
        for table in reversed(tuple(TABLES))
        for column in columns_of(table).values()
    }
    for known in headers.values():
        labels |= {h.name: h.entry.label for h in known if h.entry and h.entry.label and h.name in labels}
    return labels | dict(further.labels)
