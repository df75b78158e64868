"""CDISC ADaM: ADSL becomes the patients, ADTTE their endpoints, ADAE the toxicities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.adam_responses import add_responses, holds_responses
from reportgen.cohort.readers.adam_subjects import Subjects, subjects_of
from reportgen.cohort.readers.adam_time import Parameter, orphans, read_parameters, relapses, rule_of
from reportgen.cohort.readers.adam_words import complete_reasons, with_severity
from reportgen.cohort.readers.archive import refuse
from reportgen.cohort.readers.from_r import with_blanks_for_na
from reportgen.cohort.readers.joining import key_of
from reportgen.settings.model import Settings

# Our column → the variables that it may be, the best first.
PATIENTS = {
    "patient_id": ("USUBJID",), "sex": ("SEX",), "age_at_start": ("AGE",), "birth_date": ("BRTHDT",),
    "best_response": ("BEST_RESPONSE",), "response_date": ("RESPONSE_DATE",),
    "treatment": ("TRT01A", "TRT01P", "ACTARM", "ARM"), "treatment_start": ("TRTSDT", "TR01SDT", "TRTSDTM"),
    "treatment_stop": ("TRTEDT", "TR01EDT", "TRTEDTM"), "stop_reason": ("DCTREAS", "DCSREAS", "DCDECOD"),
    "death_date": ("DTHDT",),
    "vital_status": ("DTHFL",), "cause_of_death": ("DTHCAUS",), "toxicity_assessed": ("SAFFL",),
}  # fmt: skip
TOXICITIES = {
    "patient_id": ("USUBJID",), "term": ("AEDECOD", "AETERM"), "category": ("AEBODSYS", "AESOC"),
    "grade": ("ATOXGR", "AETOXGR", "ASEV", "AESEV"), "attribution": ("AREL", "AEREL"), "serious": ("AESER",),
    "action": ("AEACN",),
    "onset_date": ("ASTDT",), "resolved_date": ("AENDT",),
}  # fmt: skip
STUDY_DAYS = {"onset_date": "ASTDY", "resolved_date": "AENDY"}
LAST_ALIVE = ("LSTALVDT", "EOSDT")
# Variables that are no characteristics: identifiers, codes beside their words, days, flags of populations.
NO_FEATURES = re.compile(
    r"STUDYID|SUBJID|SITEID|INVID|INVNAM|DOMAIN|AGEU|.*(DT|DTM|DTC|DTF|TMF|TM|DY)|(SAF|FAS|ITT|PPROT|COMPL|RAND|ENRL|"
    r"SCRN|MITT|PP|DTH|DISCON\w*|EOT|EOS)\w*FL|TRT\d\d[AP]N?|TR\d\d[AP]G\d+N?|TRTSEQ\w*|(ACT)?ARM(CD|N|NRS|UD)?|"
    r"(EOS|EOT)STT|DC[ST]REAS\w*|DTH\w*|LSTALV\w*|LDDTH\w*|DCDECOD|DSRAEFL|TRTDUR\w*|TRT[SE]D\w*"
)


KINDS = ("ADSL", "ADTTE", "ADAE", "ADRS")


def recognises(sheets: tuple[RawSheet, ...]) -> bool:
    """Whether one of the sheets is ADSL or ADTTE by its variables."""
    return any(kind_of(sheet) in ("ADSL", "ADTTE") for sheet in sheets)


def kind_of(sheet: RawSheet) -> str:
    """ADSL, ADTTE, ADAE, ADRS, or "" for any other. ADSL and ADAE name the study, or are called so."""
    names = {text.upper() for text in sheet.header}
    if "USUBJID" not in names:
        return ""
    if {"PARAMCD", "CNSR", "AVAL"} <= names:
        return "ADTTE"
    if {"PARAMCD", "AVALC"} <= names and holds_responses(sheet):
        return "ADRS"
    if "PARAMCD" in names or ("STUDYID" not in names and sheet.name.upper() not in KINDS):
        return ""
    if names & {"AEDECOD", "AETERM"}:
        return "ADAE"
    return "ADSL" if names & {"TRTSDT", "SAFFL", "TRT01A", "TRT01P"} else ""


def translate(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """ADSL, ADTTE and ADAE in our tables.

    Each PARAMCD of ADTTE becomes the endpoint of that key, with AVAL as duration and CNSR = 0 as event; OS and
    PFS thus take the place of those that would be derived. SAFFL decides who was assessed for toxicity, and
    TRTEMFL which events count. Subjects who were neither treated nor followed are left out and counted in an
    issue. What the settings say of a column of ours goes before what is known of ADaM.
    """
    book = with_blanks_for_na(book, [sheet for sheet in book.sheets if kind_of(sheet)])
    sheets = {kind: [s for s in book.sheets if kind_of(s) == kind] for kind in KINDS}
    for kind, found in sheets.items():
        if len(found) > 1:
            names = " and ".join(sheet.name for sheet in found)
            raise refuse(
                "AMBIGUOUS_SHEET",
                message("{a} may both be {b}", a=names, b=kind),
                message("Remove one of them from the source"),
            )
    issues = list(book.issues)
    if not sheets["ADSL"]:
        if not sheets["ADTTE"] or sheets["ADAE"] or sheets["ADRS"]:
            raise refuse(
                "MISSING_SHEET", message("There is no ADSL"), message("Add it: it says who the patients are")
            )
        sheets["ADSL"] = [subjects_of(sheets["ADTTE"][0])]
        issues.append(Issue(WARNING, "NO_ADSL", sheets["ADTTE"][0].name, None, None,
                            message("There is no ADSL: the patients are the subjects of ADTTE"),
                            message("Add ADSL to the source, if there is one")))  # fmt: skip
    parameters, said = read_parameters(sheets["ADTTE"][0]) if sheets["ADTTE"] else ({}, [])
    wanted = {name_key(code) for code in settings.adam.params}
    issues += said
    subjects, gone = _subjects(sheets["ADSL"][0], parameters, issues)
    mapped = settings.columns.get("patients", {})
    rules = []
    for parameter in (p for c, p in parameters.items() if not wanted or name_key(c) in wanted):
        subjects.add(parameter.time, parameter, "AVAL", parameter.records)
        subjects.add(parameter.event, parameter, "CNSR", parameter.records)
        if name_key(parameter.code) not in [rule.key for rule in settings.endpoint]:
            rule, said = rule_of(parameter)
            rules += [rule] if rule else []
            issues += said
    issues += orphans(parameters, set(subjects.ids) | gone)
    _complete(subjects, parameters, mapped)
    assessments, said = add_responses(subjects, sheets["ADRS"][0], mapped) if sheets["ADRS"] else ([], [])
    issues += said
    tables = [subjects.as_sheet(), *assessments]
    lines = list(_roles("patients", subjects.header, subjects.sheet.labels, PATIENTS, mapped))
    for adae in sheets["ADAE"]:
        toxicities, said = _toxicities(adae, gone)
        issues += said
        tables.append(toxicities)
        mapped = settings.columns.get("toxicities", {})
        lines += _roles("toxicities", toxicities.header, adae.labels, TOXICITIES, mapped)
    rest = [sheet for sheet in book.sheets if not kind_of(sheet)]
    return replace(
        book, sheets=(*tables, _dictionary(lines), *rest), issues=tuple(issues), endpoints=tuple(rules)
    )


def _subjects(
    sheet: RawSheet, parameters: Mapping[str, Parameter], issues: list[Issue]
) -> tuple[Subjects, set[str]]:
    """The subjects, and the ids of those left out because they were neither treated nor followed."""
    found = Subjects(sheet, list(sheet.header), sheet.frame.copy(), pd.Series(dtype=object))
    ids = sheet.frame[found.position("USUBJID")].map(lambda cell: "" if cell is None else cells.text(cell)[0])
    followed = {who for parameter in parameters.values() for who in parameter.records}
    start = found.position("TRTSDT")
    gone = ids.map(lambda who: who not in followed)
    gone &= sheet.frame[start].isna() if start is not None else False
    if gone.any() and not gone.all():
        issues.append(
            Issue(
                WARNING,
                "NOT_TREATED",
                sheet.name,
                None,
                None,
                message("{n} subjects were neither treated nor followed and are left out", n=int(gone.sum())),
                message("Nothing to do if these are failures of screening"),
            )
        )
        found.frame, ids, left_out = found.frame[~gone].copy(), ids[~gone], set(ids[gone])
    else:
        left_out = set()
    found.ids = ids
    _check_age(found, issues)
    return found, left_out


def _check_age(subjects: Subjects, issues: list[Issue]) -> None:
    unit = subjects.position("AGEU")
    if unit is None:
        return
    for row, cell in subjects.frame[unit].items():
        if cell is not None and word_key(cell) not in ("years", "year"):
            issues.append(Issue(ERROR, "UNKNOWN_UNIT", *subjects.sheet.cell(row, unit), subjects.ids[row],
                                message("The age is not in years"), message("Give AGE in years")))  # fmt: skip


def _complete(subjects: Subjects, parameters: Mapping[str, Parameter], mapped: Mapping[str, str]) -> None:
    """What ADSL says in another way, or ADTTE says of the subject: death, sex, last contact, relapse."""
    flag, sex = subjects.position("DTHFL"), subjects.position("SEX")
    complete_reasons(subjects)
    assessed = subjects.position("SAFFL")
    if assessed is not None:
        # A population flag is Y or, in many studies, blank.
        flags = subjects.frame[assessed]
        if {key_of(cell) for cell in flags.dropna()} == {"y"}:
            subjects.frame[assessed] = flags.where(flags.notna(), "N")
    if flag is not None:
        dead = subjects.frame[flag].map(lambda cell: cell is not None and word_key(cell) in ("y", "yes"))
        subjects.frame[flag] = dead.map({True: "dead", False: "alive"}).astype(object)
    if sex is not None:
        unknown = subjects.frame[sex].map(lambda cell: cell is not None and word_key(cell) == "u")
        subjects.frame[sex] = subjects.frame[sex].mask(unknown, None)
    if "last_contact" not in mapped:
        survival = parameters.get("OS")
        dated = survival and all("ADT" in record.values for record in survival.records.values())
        known = [variable for variable in LAST_ALIVE if subjects.position(variable) is not None]
        if known[:1] == ["LSTALVDT"] or (known and not dated):
            subjects.add_last_contact(known[0])
        elif survival and dated:
            subjects.add("last_contact", survival, "ADT", survival.records)
    found = relapses(parameters) if "relapse_date" not in mapped else None
    if found:
        subjects.add("relapse_date", found[0], "ADT", found[1])


def _toxicities(sheet: RawSheet, gone: set[str]) -> tuple[RawSheet, list[Issue]]:
    """ADAE without what did not emerge under treatment; study days become days since the start, whose day is 0."""
    names = {text.upper(): place for place, text in enumerate(sheet.header)}
    frame, header, issues = sheet.frame, list(sheet.header), []
    frame = frame[~frame[names["USUBJID"]].isin(gone)]
    if "TRTEMFL" in names:
        emerged = frame[names["TRTEMFL"]].map(lambda cell: cell is not None and word_key(cell) == "y")
        if not emerged.all():
            issues.append(Issue(NOTE, "NOT_TREATMENT_EMERGENT", sheet.name, None, None,
                                message("{n} events without TRTEMFL = Y are left out", n=int((~emerged).sum())),
                                message("Nothing to do")))  # fmt: skip
        frame = frame[emerged]
    for column, variable in STUDY_DAYS.items():
        if variable in names and TOXICITIES[column][0] not in names:
            place = names[variable]
            header[place] = f"{column.removesuffix('_date')}_days"
            frame = frame.copy()
            frame[place] = frame[place].map(_since_start).astype(object)
    frame, said = with_severity(sheet, frame, names, TOXICITIES["grade"])
    issues += said
    return replace(sheet, header=tuple(header), frame=frame, typed=False, table="toxicities"), issues


def _since_start(cell: object) -> object:
    """Study day 1 is the day of the start; there is no day 0."""
    day = cells.number(cell)[0] if cell is not None else None
    return cell if day is None else day - 1 if day > 0 else day


def _roles(
    table: str,
    header: Sequence[str],
    labels: tuple[str, ...],
    known: Mapping[str, tuple[str, ...]],
    mapped: Mapping,
) -> Iterator[tuple]:
    """The lines of the dictionary: what each variable is to us, where the settings say nothing of it."""
    names = {text.upper() for text in header}
    ours = {}
    for column, variables in known.items():
        best = next((variable for variable in variables if variable in names), "")
        if best and column not in mapped:
            ours[best] = column
    theirs = {name_key(text) for text in mapped.values()}
    for text, label in zip(header, (*labels, *[""] * len(header)), strict=False):
        name = text.upper()
        twin = name.endswith("N") and name[:-1] in names
        if name_key(text) in theirs or " " in text or text.islower():
            continue
        if name in ours:
            yield table, text, None, ours[name]
        elif table != "patients" or twin or NO_FEATURES.fullmatch(name):
            yield table, text, None, "ignore"
        elif label:
            yield table, text, label, None


def _dictionary(lines: list[tuple]) -> RawSheet:
    frame = pd.DataFrame(lines, dtype=object, columns=range(4))
    frame.index = range(2, 2 + len(frame))
    return RawSheet("dictionary", ("table", "column", "label", "role"), 1, frame, table="dictionary")
