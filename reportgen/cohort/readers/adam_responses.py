"""ADRS: the best response of each subject, the day of the first one, and the assessments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.schema import RESPONSES, spellings
from reportgen.cohort.raw import RawSheet
from reportgen.cohort.readers.adam_subjects import Subjects
from reportgen.cohort.readers.joining import key_of

# The parameters of the best response, of a response as yes or no with its day, and of single assessments.
BEST = ("CBOR", "BOR", "BOVR", "BESTRESP")
FIRST = ("CRSP", "RSP", "RESP")
VISITS = ("OVR", "OVRLRESP", "OVRLRSP")
# Of patients without target lesions; it is no response and no progression.
NEITHER = "non-cr/non-pd"


def holds_responses(sheet: RawSheet) -> bool:
    """Whether a data set of parameters holds a best response or the responses of visits."""
    position = [text.upper() for text in sheet.header].index("PARAMCD")
    codes = {key_of(cell).upper() for cell in sheet.frame[position].unique()}
    return not codes.isdisjoint((*BEST, *VISITS))


def add_responses(
    subjects: Subjects, sheet: RawSheet, mapped: Mapping[str, str]
) -> tuple[list[RawSheet], list[Issue]]:
    """best_response and response_date for the subjects, and the table of assessments, where ADRS has them.

    A confirmed best response goes before one that is not. Of several records of a subject the first counts.
    """
    names = {text.upper(): place for place, text in enumerate(sheet.header)}
    codes = sheet.frame[names["PARAMCD"]].map(lambda cell: key_of(cell).upper())
    best = next((code for code in BEST if (codes == code).any()), "")
    issues: list[Issue] = []
    if best and "best_response" not in mapped:
        rows = sheet.frame[codes == best]
        rows = rows.assign(value=rows[names["AVALC"]].map(_response).astype(object))
        subjects.add_column("BEST_RESPONSE", sheet, names, rows, "AVALC")
        issues.append(_said(sheet, names, best))
    first = next((code for code in FIRST if (codes == code).any()), "")
    if best and first and "response_date" not in mapped and "ADT" in names:
        rows = sheet.frame[codes == first]
        rows = rows[rows[names["AVALC"]].map(key_of).isin(("y", "yes"))]
        subjects.add_column("RESPONSE_DATE", sheet, names, rows.assign(value=rows[names["ADT"]]), "ADT")
    visits = sheet.frame[codes.isin(VISITS)]
    if not len(visits) or "ADT" not in names:
        return [], issues
    places = [names["USUBJID"], names["ADT"], names["AVALC"]]
    frame = visits[places].set_axis(range(3), axis=1)
    frame = frame.assign(response=frame[2].map(_response)).drop(columns=2).set_axis(range(3), axis=1)

    def place(row: int, position: int) -> tuple[str, str]:
        return sheet.cell(row or sheet.header_row, places[position])

    header = ("patient_id", "date", "response")
    return [
        replace(sheet, name=f"{sheet.name} (visits)", header=header, frame=frame.astype(object), labels=(),
                typed=False, table="assessments", place=place, header_row=0)
    ], issues  # fmt: skip


def _response(cell: object) -> object:
    """A controlled term of CDISC as ours; what is none stays, and is asked about."""
    key = key_of(cell)
    if key in ("", "missing", "not done"):
        return None
    return "SD" if key == NEITHER else spellings(RESPONSES).get(key, cell)


def _said(sheet: RawSheet, names: Mapping[str, int], code: str) -> Issue:
    problem = message(
        "The best response is that of {a} in {b}; NON-CR/NON-PD counts as stable disease",
        a=code,
        b=sheet.name,
    )
    where = sheet.cell(sheet.header_row, names["PARAMCD"])
    return Issue(NOTE, "RESPONSES_READ", *where, None, problem, message("Nothing to do"))
