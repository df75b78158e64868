"""CDISC SDTM: DM becomes the patients, AE the toxicities, RS and TR the assessments; DS and all dates say the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells, dates
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.adam_words import with_severity
from reportgen.cohort.readers.from_r import with_blanks_for_na
from reportgen.cohort.readers.joining import Joined, Origin, one_row_each
from reportgen.settings.model import Settings

# Variables of DM → our columns; a later one counts where the former is missing.
PATIENTS = {
    "USUBJID": "patient_id", "SEX": "sex", "AGE": "age_at_start", "BRTHDTC": "birth_date",
    "RFXSTDTC": "treatment_start", "RFXENDTC": "treatment_stop", "DTHDTC": "death_date", "ACTARM": "treatment",
}  # fmt: skip
CHARACTERISTICS = ("RACE", "ETHNIC", "COUNTRY", "ARM")
TOXICITIES = {
    "patient_id": ("USUBJID",), "term": ("AEDECOD", "AETERM"), "category": ("AESOC", "AEBODSYS"),
    "grade": ("AETOXGR", "AESEV"), "attribution": ("AEREL",), "serious": ("AESER",), "action": ("AEACN",),
    "onset_date": ("AESTDTC",), "resolved_date": ("AEENDTC",),
}  # fmt: skip
# Of these the dates tell nothing of how long a subject was seen: history, and the design of the trial.
UNSEEN = ("MH", "FH", "TA", "TE", "TI", "TS", "TV", "SE")


@dataclass(frozen=True)
class _Found:
    """A value of a subject, and the row of its domain."""

    value: object
    row: int


def recognises(sheets: tuple[RawSheet, ...]) -> bool:
    """Whether DM is among the sheets: demographics with the days of reference of each subject."""
    return any(domain_of(sheet) == "DM" for sheet in sheets)


def domain_of(sheet: RawSheet) -> str:
    """The domain that a sheet says that it is ("DM"); "" where it is none."""
    at = _places(sheet)
    if not {"USUBJID", "DOMAIN"} <= at.keys():
        return ""
    said = {cells.text(cell)[0].upper() for cell in sheet.frame[at["DOMAIN"]].dropna().unique()}
    return said.pop() if len(said) == 1 else ""


def translate(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The subjects who were treated, in our tables. settings: unused, for all readers are called alike.

    A subject is dead with DTHFL or DTHDTC. The last contact is the last full date of any domain of observations. The
    first PD of the overall response in RS is the relapse, of the investigator where several evaluated; the disposition
    of the treatment in DS the reason for its stop. Subjects without a start of treatment (RFXSTDTC, or else the first
    EXSTDTC) are left out and counted.
    """
    domains = {domain: sheet for sheet in book.sheets if (domain := domain_of(sheet))}
    book = with_blanks_for_na(book, [*domains.values()])
    domains = {domain: sheet for sheet in book.sheets if (domain := domain_of(sheet))}
    dm, issues = domains["DM"], list(book.issues)
    table = one_row_each(_demographics(dm), _places(dm)["USUBJID"], lambda header: header)
    ids = {row: who for row, who in table.ids.items() if who}
    for name, domain, variable, found in (
        ("treatment_start", "EX", "EXSTDTC", _extreme(domains.get("EX"), "EXSTDTC", first=True)),
        ("treatment_stop", "EX", "EXENDTC", _extreme(domains.get("EX"), "EXENDTC", first=False)),
        ("stop_reason", "DS", "DSDECOD", _disposition(domains.get("DS"))),
        ("relapse_date", "RS", "RSDTC", _progressed(domains.get("RS"))),
        ("best_response", "RS", "RSSTRESC", _best(domains.get("RS"))),
    ):
        if found:
            _add(table, ids, name, domains[domain], variable, found)
    _add_life(table, ids, dm, domains)
    gone = _untreated(table, dm, issues)
    table.frame = table.frame.drop(index=gone)
    tables = [replace(table.sheet(dm), table="patients", typed=False)]
    left_out = {ids[row] for row in gone if row in ids}
    tables += [sheet for sheet in (_toxicities(domains.get("AE"), left_out, issues),
                                   _assessments(domains.get("RS"), domains.get("TR"), left_out)) if sheet]  # fmt: skip
    used = {"DM", "EX", "DS", "RS", "TR", "AE"}
    others = sorted(domains.keys() - used)
    if others:
        problem = message(
            "Of the domains {a} only the dates are used, for the last contact", a=", ".join(others)
        )
        issues.append(Issue(NOTE, "FILE_NOT_USED", dm.name, None, None, problem, message("Nothing to do")))
    rest = [sheet for sheet in book.sheets if not domain_of(sheet)]
    return replace(book, sheets=(*tables, *rest), issues=tuple(issues))


def _places(sheet: RawSheet) -> dict[str, int]:
    return {text.upper(): place for place, text in reversed([*enumerate(sheet.header)]) if text}


def _demographics(dm: RawSheet) -> RawSheet:
    """DM with our names and its characteristics; every other variable is left out, and so is one that is empty."""
    at = _places(dm)
    unit = dm.frame[at["AGEU"]].dropna() if "AGEU" in at else pd.Series(dtype=object)
    years = all(cells.text(cell)[0].upper() == "YEARS" for cell in unit)
    names = {at[v]: ours for v, ours in PATIENTS.items() if v in at and (v != "AGE" or years)}
    if "ACTARM" not in at and "ARM" in at:
        names[at["ARM"]] = "treatment"
    header = tuple(
        names.get(place, text if text.upper() in CHARACTERISTICS else "")
        if dm.frame[place].notna().any()
        else ""
        for place, text in enumerate(dm.header)
    )
    return replace(dm, header=header)


def _rows(sheet: RawSheet | None, *variables: str) -> Iterator[tuple[int, str, list]]:
    """Row, subject and the cells of variables, None where the domain lacks one."""
    if sheet is None:
        return
    at = _places(sheet)
    for row, who in sheet.frame[at["USUBJID"]].items():
        values = [sheet.frame.at[row, at[v]] if v in at else None for v in variables]
        if who is not None:
            yield int(str(row)), cells.text(who)[0], values


def _day(cell: object) -> str | None:
    found = dates.day(cell)[0] if cell is not None else None
    return found.isoformat() if found else None


def _extreme(sheet: RawSheet | None, variable: str, first: bool) -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    for row, who, (cell,) in _rows(sheet, variable):
        day = _day(cell)
        if day and (who not in found or (day < str(found[who].value)) == first):
            found[who] = _Found(day, row)
    return found


def _disposition(sheet: RawSheet | None) -> dict[str, _Found]:
    """The last disposition of each subject; that of the treatment where the domain tells it from that of the study."""
    said = [(row, who, values) for row, who, values in _rows(sheet, "DSDECOD", "DSCAT", "DSSCAT", "EPOCH")
            if values[0] is not None and _says(values[1], "DISPOSITION", True)]  # fmt: skip
    treated = [one for one in said if any(_says(value, "TREATMENT") for value in one[2][2:])]
    return {who: _Found(values[0], row) for row, who, values in treated or said}


def _says(value: object, word: str, blank: bool = False) -> bool:
    return word in cells.text(value)[0].upper() if isinstance(value, str) else blank


def _responses(sheet: RawSheet | None) -> list[tuple[int, str, list]]:
    """The rows of the overall response at a visit: response, day; of the investigator where several evaluated."""
    names = ("RSSTRESC", "RSDTC", "RSTESTCD", "RSEVAL", "RSORRES")
    rows = [(row, who, [values[0] or values[4], values[1], values[3]]) for row, who, values in _rows(sheet, *names)
            if _says(values[2], "OVRLRESP") and values[1] is not None]  # fmt: skip
    own = [one for one in rows if _says(one[2][2], "INVESTIGATOR", True)]
    return own or rows


def _progressed(sheet: RawSheet | None) -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    for row, who, (response, cell, _) in _responses(sheet):
        day = _day(cell)
        if day and response == "PD" and (who not in found or day < str(found[who].value)):
            found[who] = _Found(day, row)
    return found


def _best(sheet: RawSheet | None) -> dict[str, _Found]:
    """The best overall response, where RS holds it as a test of its own (BESTRESP, BOR)."""
    return {who: _Found(values[0], row) for row, who, values in _rows(sheet, "RSSTRESC", "RSTESTCD")
            if values[0] is not None and (_says(values[1], "BEST") or _says(values[1], "BOR"))}  # fmt: skip


def _add(
    table: Joined, ids: Mapping[int, str], name: str, sheet: RawSheet, variable: str, found: Mapping[str, _Found]
) -> None:  # fmt: skip
    """A column of what another domain says; where DM has it too, it fills its blanks."""
    held = table.frame[table.header.index(name)].dropna().index if name in table.header else ()
    known = {row: found[who] for row, who in ids.items() if who in found and row not in held}
    origin = Origin(sheet, _places(sheet)[variable], {row: one.row for row, one in known.items()})
    values = pd.Series({row: one.value for row, one in known.items()}, dtype=object)
    if name not in table.header:
        table.add(name, "", values, origin)
    else:
        position = table.header.index(name)
        table.frame[position] = table.frame[position].mask(table.frame.index.isin(list(known)), values)
        table.origins[position].insert(0, origin)


def _add_life(table: Joined, ids: Mapping[int, str], dm: RawSheet, domains: Mapping[str, RawSheet]) -> None:
    """Who is dead, and the last day on which a subject is known of; its place is in that domain."""
    at = _places(dm)
    dead = {
        who
        for _, who, cells_ in _rows(dm, "DTHFL", "DTHDTC")
        if _says(cells_[0], "Y") or cells_[1] is not None
    }
    flag = at.get("DTHFL", at.get("DTHDTC", at["USUBJID"]))
    own = {row: row for row in ids}
    life = pd.Series({row: "dead" if who in dead else "alive" for row, who in ids.items()}, dtype=object)
    table.add("vital_status", "", life, Origin(dm, flag, own))
    last: dict[str, tuple[str, RawSheet, int, int]] = {}
    for domain, sheet in domains.items():
        for name, place in _places(sheet).items():
            if domain in UNSEEN or not name.endswith("DTC") or name in ("BRTHDTC", "DMDTC", "RFICDTC"):
                continue
            for who, one in _extreme(sheet, name, first=False).items():
                if who not in last or str(one.value) > last[who][0]:
                    last[who] = (str(one.value), sheet, place, one.row)
    seen = {row: last[who] for row, who in ids.items() if who in last}
    values = pd.Series({row: one[0] for row, one in seen.items()}, dtype=object)
    table.add("last_contact", "", values, Origin(dm, at["USUBJID"], {}))
    table.origins[-1][:0] = [
        Origin(sheet, place, {row: there}) for row, (_, sheet, place, there) in seen.items()
    ]


def _untreated(table: Joined, dm: RawSheet, issues: list[Issue]) -> list[int]:
    """The rows of subjects without a start of treatment, where others have one; named by their number."""
    if "treatment_start" not in table.header:
        return []
    begun = table.frame[table.header.index("treatment_start")]
    gone = begun.index[begun.isna()].tolist()
    if gone and len(gone) < len(begun):
        one = message("1 subject without a start of treatment is left out")
        more = message("{n} subjects without a start of treatment are left out", n=len(gone))
        hint = message("Nothing to do if these are failures of screening")
        issues.append(
            Issue(WARNING, "NOT_TREATED", dm.name, None, None, one if len(gone) == 1 else more, hint)
        )
    return gone if len(gone) < len(begun) else []


def _toxicities(ae: RawSheet | None, left_out: set[str], issues: list[Issue]) -> RawSheet | None:
    if ae is None:
        return None
    at = _places(ae)
    named = {ours: at[found] for ours, theirs in TOXICITIES.items()
             if (found := next((v for v in theirs if v in at and ae.frame[at[v]].notna().any()), ""))}  # fmt: skip
    who = ae.frame[at["USUBJID"]].map(lambda cell: cells.text(cell)[0] if cell is not None else "")
    rows, said = with_severity(
        ae, ae.frame[~who.isin(left_out)], at, [v for v in TOXICITIES["grade"] if v in at]
    )
    issues.extend(said)
    frame = rows[[*named.values()]].set_axis(range(len(named)), axis=1)
    return _sheet(ae, "toxicities", tuple(named), frame, [*named.values()])


def _assessments(rs: RawSheet | None, tr: RawSheet | None, left_out: set[str]) -> RawSheet | None:
    """A row for each overall response, with the sum of diameters of its day where TR has it."""
    if rs is None:
        return None
    sums = {(who, _day(values[0])): values[1] if values[1] is not None else values[2]
            for _, who, values in _rows(tr, "TRDTC", "TRSTRESN", "TRORRES", "TRTESTCD")
            if _says(values[3], "SUMDIAM")}  # fmt: skip
    rows = {row: (who, cell, response, sums.get((who, _day(cell))))
            for row, who, (response, cell, _) in _responses(rs) if who not in left_out}  # fmt: skip
    if not rows:
        return None
    frame = pd.DataFrame([*rows.values()], index=[*rows], columns=range(4), dtype=object)
    at = _places(rs)
    result = at.get("RSSTRESC", at.get("RSORRES", 0))
    positions = [at["USUBJID"], at["RSDTC"], result, result]
    return _sheet(rs, "assessments", ("patient_id", "date", "response", "tumour_size"), frame, positions)


def _sheet(
    sheet: RawSheet, table: str, header: tuple[str, ...], frame: pd.DataFrame, positions: Sequence[int]
) -> RawSheet:  # fmt: skip
    def place(row: int, position: int) -> tuple[str, str]:
        return sheet.cell(row, positions[position])

    frame = frame.where(frame.notna(), None)
    name = f"{sheet.name} ({table})"
    return replace(sheet, name=name, header=header, labels=(), frame=frame, table=table, place=place, faults={},
                   merged=(), typed=False)  # fmt: skip
