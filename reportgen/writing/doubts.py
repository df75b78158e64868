"""What the checks of the data ask, in the language of the report: at the point of showing, as results are (see stated).

An Issue is English whatever the report speaks: the terminal prints it, and the id of a query is made of its text.
What is not recognised here, such as what only ever stops a run, stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from reportgen.base.message import N_, Message
from reportgen.writing import messages
from reportgen.writing.doubts_of_cells import OF_CELLS
from reportgen.writing.doubts_of_events import OF_EVENTS
from reportgen.writing.language import SOURCE, _, active
from reportgen.writing.numbers import as_written
from reportgen.writing.refusals import REFUSALS

# Parts named in COUNTS stand for a number, the others for any words.
COUNTS = ("n", "k")
TEXTS = (
    N_("The cell holds an error ({a})"),
    N_("Mend or clear the cell"),
    N_("The cell holds a formula whose value was never stored"),
    N_("Open the workbook in a spreadsheet program, save it, and try again"),
    N_("The cell holds a number where a date is expected"),
    N_("Format the column as a date and check what it shows"),
    N_("The cell holds a date written as text"),
    N_("The date can be read in two ways (day first or month first)"),
    N_("The date lacks its day or month"),
    N_("Enter a full date, or leave it empty and note the rule by which it was completed"),
    N_("Enter a date, or leave the cell empty"),
    N_("The cell can't be read as a date"),
    N_("Correct the date"),
    N_("The date lies before 1900 or after 2100"),
    N_("Nothing to do"),
    N_("{a}: {n} cells hold a time of day, which was left out"),
    N_("{a}: 1 cell holds a time of day, which was left out"),
    N_("The cell can't be read as a number"),
    N_("{a}: {n} cells hold numbers written as text, which were read as numbers"),
    N_("{a}: 1 cell holds a number written as text, which was read as a number"),
    N_("Nothing to do, or convert them to numbers"),
    N_("{a}: {n} cells hold numbers with a decimal comma"),
    N_("{a}: 1 cell holds a number with a decimal comma"),
    N_("The value is not one of {a}"),
    N_("Use one of these, or map it under [values.{a}] in report.toml"),
    N_("The reason is not one of {a}, and counts as other"),
    N_("Map it under [values.{a}] in report.toml if it is one of these"),
    N_("The id is a number of more than 15 digits, which spreadsheets round"),
    N_("Enter the ids as text"),
    N_("The text is longer than {n} characters and was cut"),
    N_("Shorten it"),
    N_("{a}: {n} cells say in words that nothing is known and count as missing"),
    N_("{a}: 1 cell says in words that nothing is known and counts as missing"),
    N_("Nothing to do, or leave them empty"),
    N_("{a}: {n} cells differ only in upper and lower case from others and were made equal"),
    N_("{a}: 1 cell differs only in upper and lower case from others and was made equal"),
    N_("Nothing to do, or use one spelling"),
    N_("{a}; it counts as missing"),
    N_("{a}: {n} more rows"),
    N_("The patient is dead, but there is no date of death"),
    N_("Enter the date of death"),
    N_("There is a date of death, but the patient is not said to be dead"),
    N_("Correct vital_status or the date"),
    N_("The last contact is not the day of death"),
    N_("Enter the day of death as last contact"),
    N_("Grade 5 means death, but the patient is alive"),
    N_("Correct the grade or vital_status"),
    N_("The grade is not one of 1, 2, 3, 4, 5"),
    N_("Correct it; a toxicity that did not occur has no row"),
    N_("The treatment is said to be ongoing, but it has a date of stopping"),
    N_("Remove the date, or give the reason for stopping"),
    N_("There is a reason for stopping, but no date"),
    N_("Enter the date; without it the time on treatment is not known"),
    N_("The treatment was stopped for progression, but there is no date of relapse"),
    N_(
        "Enter the date of relapse or progression; until then the patient counts as free of it up to the stop"
    ),
    N_("The assessment says progression, but the patient has no date of relapse"),
    N_(
        "Enter the date of relapse or progression, or correct the response; until then the patient counts as free "
        "of it up to the assessment before"
    ),
    N_(
        "No adequate assessment after the start shows the patient free of progression; without an event "
        "progression-free survival ends on day 0"
    ),
    N_('Enter the assessments, or set pfs_censor = "last_contact" under [report] of report.toml'),
    N_("Two or more assessments were missed before the event (usual interval {n} days)"),
    N_("Enter the assessments that are lacking; the event may have come earlier than its date"),
    N_("The treatment ended by death, but the patient is alive"),
    N_("Correct stop_reason or vital_status"),
    N_("There is a date of response, but the best response is neither CR nor PR"),
    N_("Correct the response, or remove the date"),
    N_("The patient was not assessed for toxicity, but has toxicities"),
    N_("Correct one of the two"),
    N_("The row repeats an earlier one in every cell"),
    N_("Delete it, or correct what differs"),
    N_("The age differs from the date of birth by more than a year"),
    N_("The age is above 89 years, by which a patient may be known"),
    N_("Nothing to do; mind it before the report is given away"),
    N_("Correct the value"),
    N_("{a} is not between {low} and {high}"),
    N_("{a} lies in the future"),
    N_("Correct the date, or remove what is only planned"),
    N_("{a} is outside the range that the dictionary gives"),
    N_("Correct the value, or the range in the dictionary"),
    N_("Enter the id, or delete the row"),
    N_("The row has no patient_id"),
    N_("The id occurs more than once (upper and lower case and blanks do not count)"),
    N_("One row per patient: join the rows, or correct the id"),
    N_("The patient is not on the sheet of patients"),
    N_("Add the patient, correct the id, or delete the row"),
    N_("Enter it, or remove the patient"),
    N_("The start of treatment is missing"),
    N_("The last contact is missing"),
    N_("Enter the last date on which the patient was seen"),
    N_("The vital status is missing; the patient is left out of all analyses of time"),
    N_("Enter alive or dead"),
    N_("Correct one of the two dates"),
    N_("{a} is before {b}"),
    N_("Correct the elapsed time"),
    N_("{a} is after the last contact of the patient"),
    N_("Correct the date, or the last contact; until then the patient counts as seen on that day"),
    N_("{n} × last_contact was taken from a later date of the patient"),
    N_("Correct that date, or the last contact"),
    N_("Correct it"),
    N_("The duration is negative"),
    N_("The cut-off was not applied: the data have no dates, only elapsed times"),
    N_("Give the start of treatment as a date, or leave the cut-off away"),
    N_("{n} × {a} after the cut-off is not yet known"),
    N_("{n} × last_contact after the cut-off became the cut-off, on which the patient was alive"),
    N_("{n} × rows that begin after the cut-off were left out"),
    N_("{n} × patients who started after the cut-off left the cohort"),
    N_("There is no column death_date; the dead were taken to have died on their last contact"),
    N_("Add the column death_date"),
    N_("There is no column vital_status; patients with a date of death are dead, the others alive"),
    N_("Add the column vital_status"),
    N_("{a} looks like a direct identifier and was not read"),
    N_("Remove it, or give it the role `feature` in the dictionary"),
    N_("{a} holds free text and was not examined"),
    N_("{a} is empty and was not examined"),
    N_("Give it the role `feature` or `text` in the dictionary if it is needed"),
    N_("{a} was taken as known only after the start of treatment: {b}"),
    N_("its name speaks of what happened later"),
    N_("its date lies after the start"),
    N_("its values follow {a} in nearly all patients"),
    N_("relapse or progression"),
    N_("relapse, progression or death"),
    N_("the end of treatment"),
    N_("the time under observation"),
    N_("the time to relapse, progression or death"),
    N_("the time on treatment"),
    N_(
        "If it was known at the start, write at_start = [{a}] under [features] in report.toml, or give it the role "
        "`feature` in the dictionary"
    ),
    N_(
        "{a} may have become known only after the start of treatment, by its name; until that is said it is described, "
        "but not compared"
    ),
    N_("Write at_start = [{a}] or later = [{b}] under [features] in report.toml"),
    N_("{a} becomes known only after the start of treatment, whatever the settings say"),
    N_("Take it out of at_start under [features] in report.toml"),
    N_(
        "The groups by {a} became known only after the start of treatment; their outcomes are not compared from the "
        "start (immortal time)"
    ),
    N_("Name another group in report.toml, or compare from a landmark on"),
    N_("The same in all patients, and not examined: {a}"),
    N_("{a} holds codes or calendar years, which measure nothing, and was not examined"),
    N_("{a} has more than {n} different values and was not examined"),
    N_("Give it the role `feature` in the dictionary to examine every value, or make fewer groups of them"),
    N_("Make fewer groups of its values"),
    N_("There are more than {n} groups by {a}; they are described, but neither drawn nor compared"),
    N_("Name a group of fewer levels in report.toml"),
    N_("The settings say of {a} that it was known at the start, and that it became known later"),
    N_("Take it out of at_start or out of later under [features] in report.toml"),
    N_("{a} has values that the dictionary does not list"),
    N_("Correct the values, or add them to the levels in the dictionary"),
    N_("The response came after relapse, the next line or the end of treatment; it does not count"),
    N_("The response came after relapse or the next line; it does not count"),
    N_("The response came after relapse; it does not count"),
    N_(
        'Correct the date, or set response_until = "relapse" under [report] of report.toml to count until relapse'
    ),
    N_("No assessment is as good as the best response"),
    N_("Correct the response, or add the assessment"),
    N_("An assessment is better than the best response"),
    N_("Correct the response, or the assessment (NE where it was not confirmed)"),
    N_("The toxicity began before the treatment"),
    N_("Correct the date, or remove what was present before"),
    N_("The toxicity began more than {n} days after the end of treatment"),
    N_("Correct the date, or leave it if it may still be due to the treatment"),
    N_("{a} is after the death of the patient"),
    N_("{a}: the cell is merged with another and has no value of its own"),
    N_("Unmerge the cells and fill in every one of them"),
    N_("Remove it"),
    N_("{a} holds what looks like {b}"),
    N_("Remove the column, or put numbers of the study in their place"),
    N_("{a}: the cell holds what looks like {b}"),
    N_("The sheet was not used"),
    N_("Name it under [tables] in report.toml if it holds data"),
    N_("Give it a name"),
    N_("The column has no name and was not read"),
    N_("There are two columns with the name {a}, apart from spelling"),
    N_("Rename or delete one of the two"),
    N_("The header was read as {a}"),
    N_("The setting is an error or a formula without a value"),
    N_("Enter it as plain text"),
    N_("The sheet holds nothing but its example and was not used"),
    N_("Fill it in; where there was nothing to enter, delete the example"),
    N_("The example row of the template was left out"),
    N_("Delete it"),
    N_("{n} columns hold toxicities, one term each"),
    N_("1 column holds a toxicity"),
    N_("{n} cells count as no toxicity: {a}"),
    N_("1 cell counts as no toxicity: {a}"),
    N_("Nothing to do; words that mean not known stand under [source] toxicity_unknown in report.toml"),
    N_("{n} cells count as not known, and not among the patients of that toxicity: {a}"),
    N_("1 cell counts as not known, and not among the patients of that toxicity: {a}"),
    N_("Nothing to do; words that mean none stand under [source] toxicity_none in report.toml"),
    N_("No cell of the toxicities says that there was none, so only patients who had them are counted"),
    N_(
        'Enter 0 where there was none; where empty cells mean it, write toxicity_none = [""] under [source] in '
        "report.toml"
    ),
    N_("No toxicity has a grade, so patients are counted whatever the grade"),
    N_(
        'Enter the grades, or say in report.toml which column holds them and what its words mean: grade = "severity" '
        'under [columns.toxicities], and 1 = ["mild"], 2 = ["moderate"], 3 = ["severe"] under [values.grade]'
    ),
    N_("{n} of the toxicities have no grade and count for any grade only"),
    N_("1 of the toxicities has no grade and counts for any grade only"),
    N_("Enter the grade where it is known"),
    N_("{a}: {n} cells hold grades in words, which were read as numbers"),
    N_("{a}: 1 cell holds a grade in words, which was read as a number"),
    N_("The dictionary describes {a}, which no sheet has"),
    N_("Correct the name, or delete the line"),
    N_("The sheet is hidden"),
    N_("It was read like the others; show it, or delete it"),
    N_("{n} rows are hidden, by hand or by a filter"),
    N_("1 row is hidden, by hand or by a filter"),
    N_("They were read like the others; show them, or delete them"),
    N_("The sheet has merged cells; only the first of them holds the value"),
    N_("Nothing to do above the table; within it, unmerge them and fill in every cell"),
    N_("The workbook holds macros"),
    N_("The spreadsheet holds macros"),
    N_("They were not run; save it without macros"),
    N_("The workbook refers to other files"),
    N_("The spreadsheet refers to other files"),
    N_("The values last stored were read; replace the links by values"),
    N_("The file holds no table and was not read"),
    N_("The column holds lists or records and was not read"),
    N_("Write its parts as columns"),
    N_("{a} is marked as an identifier; it is read because times are counted from it"),
    N_("{a} is marked as an identifier and was not read"),
    N_("{n} subjects were neither treated nor followed and are left out"),
    N_("Nothing to do if these are failures of screening"),
    N_("{n} events without TRTEMFL = Y are left out"),
    N_("The id is a date, a time or a truth value, into which spreadsheets turn text such as 1-2"),
    N_("Format the column as text and enter the ids again"),
    N_("The id is a number with decimals, of which spreadsheets drop zeros at the end"),
    N_("The id was shortened by a spreadsheet to powers of ten"),
    N_("The id holds characters that can't be seen or turn the direction of writing; they were left out"),
    N_("Enter the id again"),
    N_("Correct the id"),
    N_("The id looks like the path of a file"),
    N_("The id looks like a formula"),
    N_("The id mixes letters of several scripts that look alike"),
    N_("{n} of the ids are numbers written as text, {k} are numbers"),
    N_("Nothing to do, or format the column as text"),
    N_("The id differs from another one only in leading zeros"),
    N_("The id differs from another one only in letters of another script that look the same"),
    N_("The id differs from another one only in what looks alike (0 and O, 1 and l)"),
    N_("If it is the same patient, use one spelling of the id"),
    *OF_CELLS,
    *OF_EVENTS,
    *REFUSALS,
    # why a cohort of a batch has no report
    N_("{n} errors in the data; nothing was published."),
    N_("1 error in the data; nothing was published."),
    N_("There is no file {a}; check the path."),
    N_("the process that made it died: too little memory?"),
)


def doubt(text: str) -> str:
    """The problem or the hint of an Issue.

    >>> doubt("Correct the date")
    'Correct the date'
    """
    if isinstance(text, Message):
        return messages.said(text)
    return text if active() == SOURCE else _said(text) or text


def _said(text: str) -> str | None:
    """The text, whole or with its parts, or behind the name of a column; None for one that is none of ours."""
    if text in TEXTS:
        return _(text)
    for template, pattern in _patterns():
        match = pattern.fullmatch(text)
        if match:
            parts = {
                name: as_written(part) if name in COUNTS else _said(part) or part
                for name, part in match.groupdict().items()
            }
            return _(template).format(**parts)
    for colon in re.finditer(": ", text):
        rest = text[colon.end() :]
        if rest and (said := _said(f"{rest[0].upper()}{rest[1:]}")):
            return text[: colon.end()] + said
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern], ...]:
    """Each text with parts and what it looks like filled; those with more words of their own first."""
    found = []
    for template in TEXTS:
        if "{" not in template:
            continue
        pattern = "".join(
            rf"(?P<{piece[1:-1]}>{'[0-9,]+' if piece[1:-1] in COUNTS else '.+'})"
            if piece.startswith("{")
            else re.escape(piece)
            for piece in re.split(r"(\{\w+\})", template)
        )
        found.append((template, re.compile(pattern, re.DOTALL)))
    return tuple(sorted(found, key=lambda pair: -len(re.sub(r"\{\w+\}", "", pair[0]))))
