"""cBioPortal studies: clinical data of patients and of their samples are one table, treatments of timelines another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import N_, message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.deaths_in_pfs import counts_no_deaths
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.joining import Joined, join, one_row_each
from reportgen.cohort.readers.redcap_fields import canonical
from reportgen.settings.model import EndpointRule, Settings

ID, SAMPLE, EVENT_TYPE = "PATIENT_ID", "SAMPLE_ID", "EVENT_TYPE"
# Of a study of many files, those with clinical data; the others are of genes, and may be very large.
STUDY = re.compile(r"data_(?:bcr_)?clinical.*\.txt", re.IGNORECASE)
CLINICAL = re.compile(r"data_(?:bcr_)?(?:clinical|timeline).*", re.IGNORECASE)
CODED = re.compile(r"([01]):\s*(.+)")
LABELS = {
    "OS": N_("Overall survival"),
    "PFS": N_("Progression-free survival"),
    "PFI": N_("Progression-free interval"),
    "DFS": N_("Disease-free survival"),
    "DSS": N_("Disease-specific survival"),
    "EFS": N_("Event-free survival"),
    "RFS": N_("Relapse-free survival"),
}
# Two times in months are one within this.
SAME_MONTH = 0.1
# A timeline's column → ours; days are counted from the study's own time zero.
TREATMENTS = {"START_DATE": "start_days", "STOP_DATE": "stop_days", "AGENT": "treatment"}
MISSING = ("", "na", "n/a", "[not available]", "[not applicable]", "[unknown]", "unknown", "nan")


def clinical_only(names: list[str]) -> list[str]:
    """Of the files of a study those with clinical data; all of them where it is none."""
    if not any(STUDY.fullmatch(name) for name in names):
        return names
    return [name for name in names if CLINICAL.fullmatch(name)]


def recognises(sheets: tuple[RawSheet, ...]) -> bool:
    """Whether there is a table of patients whose states are written as 0:LIVING, or one of samples or timelines."""
    return any(map(_is_clinical, sheets)) and any(
        _rules(sheet) or SAMPLE in sheet.header or _is_timeline(sheet) for sheet in sheets
    )


def translate(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The study in our tables.

    Each pair such as OS_STATUS and OS_MONTHS whose states are coded 0: and 1: becomes an endpoint, which the settings
    may redefine. What the samples of a patient agree in is joined to the patient. Timelines of treatments become the
    table of treatments; others are not read.
    """
    clinical = [sheet for sheet in book.sheets if _is_clinical(sheet)]
    main = next((sheet for sheet in clinical if SAMPLE not in sheet.header), clinical[0])

    def ours(header: str) -> str:
        return canonical("patients", header, settings)

    table = one_row_each(main, main.header.index(ID), ours)
    for sheet in clinical:
        if sheet is not main:
            table.issues.append(_joined(sheet, main))
            samples = _of_samples(sheet, ours)
            join(table, samples, samples.header.index(ID), ours)
    alone = len(clinical) == 1 and len(table.frame) == len(main.frame)
    found = [replace(main if alone else table.sheet(main), table="patients")]
    timelines = [sheet for sheet in book.sheets if _is_treatments(sheet)]
    issues = [*book.issues, *table.issues]
    if len(timelines) == 1:
        treatments, said = _treatments(timelines[0])
        found.append(treatments)
        issues.append(said)
    used = [*clinical, *timelines] if len(timelines) == 1 else clinical
    rest = [sheet for sheet in book.sheets if all(sheet is not one for one in used)]
    told = {rule.key for rule in settings.endpoint}
    rules = tuple(rule for rule in _rules(found[0]) if rule.key not in told)
    if rules:
        issues.append(_coded(found[0], rules))
    return replace(book, sheets=(*found, *rest), issues=tuple(issues), endpoints=rules)


def _is_clinical(sheet: RawSheet) -> bool:
    return ID in sheet.header and not sheet.table and not _is_timeline(sheet)


def _is_timeline(sheet: RawSheet) -> bool:
    return {ID, "START_DATE", EVENT_TYPE} <= set(sheet.header)


def _is_treatments(sheet: RawSheet) -> bool:
    return _is_timeline(sheet) and {"AGENT"} <= set(sheet.header)


def _places(sheet: RawSheet) -> dict[str, int]:
    return {text: position for position, text in reversed([*enumerate(sheet.header)]) if text}


def _of_samples(sheet: RawSheet, ours) -> Joined:
    """The table of samples with a row per patient, and without the names of the samples."""
    position = _places(sheet).get(SAMPLE)
    if position is not None:
        header = tuple("" if place == position else text for place, text in enumerate(sheet.header))
        sheet = replace(sheet, header=header)
    return one_row_each(sheet, sheet.header.index(ID), ours)


def _rules(sheet: RawSheet) -> Iterator[EndpointRule]:
    """The endpoints whose states are coded 0: and 1:, in the order of the table."""
    places = _places(sheet)
    for text, position in sorted(places.items(), key=lambda pair: pair[1]):
        stem = text.removesuffix("_STATUS")
        time = f"{stem}_MONTHS"
        if stem == text or time not in places:
            continue
        written = [cells.text(cell)[0] for cell in sheet.frame[position].dropna().unique()]
        written = [value for value in written if value.casefold() not in MISSING]
        coded = {value: match[1] for value in written if (match := CODED.fullmatch(value))}
        if coded and len(coded) == len(written):
            values = {code: tuple(v for v, c in coded.items() if c == code) for code in ("0", "1")}
            if stem == "PFS" and _censors_deaths(sheet, places):
                stem = "PFI"
            yield EndpointRule(
                name_key(stem), LABELS.get(stem, stem), time=time, unit="months", event=text,
                event_values=values["1"] or ("1",), censor_values=values["0"],
            )  # fmt: skip


def _censors_deaths(sheet: RawSheet, places: Mapping[str, int]) -> bool:
    """Whether PFS counts no deaths, as in the studies of TCGA: then it is the progression-free interval (Liu 2018)."""
    if not {"OS_STATUS", "OS_MONTHS", "PFS_MONTHS"} <= set(places):
        return False
    said = [sheet.frame[places[name]].map(_state) for name in ("OS_STATUS", "PFS_STATUS")]
    times = [
        sheet.frame[places[name]].map(lambda cell: cells.number(cell)[0])
        for name in ("OS_MONTHS", "PFS_MONTHS")
    ]
    apart = (times[0].astype(float) - times[1].astype(float)).where((said[0] != "") & (said[1] != ""))
    died, event = ((each == "1").to_numpy(bool) for each in said)
    return counts_no_deaths(died, event, apart.to_numpy(), SAME_MONTH)


def _state(cell: object) -> str:
    """Of "1:DECEASED" the "1"; "" where the state is not known."""
    coded = CODED.fullmatch(cells.text(cell)[0]) if isinstance(cell, str) else None
    return coded[1] if coded else ""


def _coded(sheet: RawSheet, rules: tuple[EndpointRule, ...]) -> Issue:
    problem = message(
        "Endpoints are taken from the columns as cBioPortal has them, 1: being the event and 0: none: {a}",
        a=", ".join(f"{rule.time} / {rule.event}" for rule in rules),
    )
    if any(rule.key == "pfi" and rule.time == "PFS_MONTHS" for rule in rules):
        problem = message(
            "{a}. PFS counts no deaths here and is called the progression-free interval", a=problem
        )
    position = _places(sheet)[rules[0].event]
    where = sheet.cell(sheet.header_row, position)
    return Issue(NOTE, "ENDPOINT_READ", *where, None, problem, message("Nothing to do"))


def _joined(sheet: RawSheet, main: RawSheet) -> Issue:
    problem = message("The columns of {a} were joined to the patients of {b}", a=sheet.name, b=main.name)
    return Issue(NOTE, "SHEETS_JOINED", sheet.name, None, None, problem, message("Nothing to do"))


def _treatments(sheet: RawSheet) -> tuple[RawSheet, Issue]:
    """A timeline of treatments as the table of treatments, its days as such."""
    header = tuple(TREATMENTS.get(text, text) for text in sheet.header)
    treatments: Mapping[str, int] = {text: place for place, text in enumerate(header) if text}
    own = sheet.frame[treatments[EVENT_TYPE]].map(lambda cell: cells.text(cell)[0].upper() if cell else "")
    problem = message(
        "The timeline was read as the treatments; its days count from the time zero of the study"
    )
    said = Issue(WARNING, "TIMELINE_READ", sheet.name, None, None, problem,
                 message("Nothing to do if the endpoints count from the same day"))  # fmt: skip
    return replace(sheet, header=header, frame=sheet.frame[own == "TREATMENT"], table="treatments"), said
