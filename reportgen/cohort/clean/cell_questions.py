"""What is said of a cell: for each code how grave it is, what was found, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.errors import ERROR, NOTE, WARNING
from reportgen.base.message import N_
from reportgen.cohort.clean import cells
from reportgen.cohort.clean import written_grades as graded
from reportgen.cohort.clean.written_lines import LINE_AS_TEXT


@dataclass(frozen=True)
class CellQuestion:
    """The templates of what is said of a cell; of a NOTE, which speaks of all cells of a column at once, `one` of one.

    Parts: {header} of the column, {column} its canonical name, {value} and {fault} of the cell, {words} of the
    vocabulary, {n} cells, or characters.
    """

    severity: str
    problem: str
    hint: str
    one: str = ""


_NOTHING = N_("Nothing to do")
_ORDER = N_(
    'Enter it as a date or as YYYY-MM-DD, or write date_order = "dmy" (or "mdy") under [source] in report.toml '
    "if it holds for all"
)
_CENTURY = N_(
    "Enter it as a date, or write two_digit_years = 2026 under [source] in report.toml if this is the last year "
    "that two digits stand for (26 is then 2026, and 27 is 1927)"
)
_IF_WRONG = N_("Nothing to do; if wrong, name date_order under [source] in report.toml")

_NO_DAY = N_(
    "Enter the true date, or leave the cell empty; if the date stands for none, name it so in report.toml: "
    '[values.{column}] missing = ["1900-01-01"]'
)
_OF_DATES = {
    "DATE_AS_NUMBER": CellQuestion(
        ERROR,
        N_("{header}: the cell holds a number where a date is expected"),
        N_(
            "Format the column as a date and check what it shows; or, if numbers are the days of a spreadsheet, write "
            "date_serials = 1900 under [source] in report.toml (42114 is then 2015-04-20)"
        ),
    ),
    "DATE_FROM_SERIAL": CellQuestion(
        NOTE,
        N_(
            "{header}: {n} cells hold the numbers by which a spreadsheet counts days, which were read as dates"
        ),
        N_("Nothing to do; if wrong, change date_serials under [source] in report.toml"),
        N_("{header}: 1 cell holds the number by which a spreadsheet counts days, which was read as a date"),
    ),
    "DATE_AS_TEXT": CellQuestion(ERROR, N_("{header}: the cell holds a date written as text"), _ORDER),
    "AMBIGUOUS_DATE": CellQuestion(
        ERROR, N_("{header}: the date can be read in two ways (day first or month first)"), _ORDER
    ),
    "SHORT_YEAR": CellQuestion(ERROR, N_("{header}: the year of the date has two digits only"), _CENTURY),
    "PARTIAL_DATE": CellQuestion(
        ERROR,
        N_("{header}: the date lacks its day or month"),
        N_("Enter a full date, or leave it empty and note the rule by which it was completed"),
    ),
    "BAD_DATE": CellQuestion(
        ERROR,
        N_("{header}: the cell can't be read as a date"),
        N_("Enter a date, or leave the cell empty"),
    ),
    "DATE_RANGE": CellQuestion(ERROR, N_("{header}: the date lies before 1900 or after 2100"), _NO_DAY),
    "DATE_OF_1900": CellQuestion(
        ERROR,
        N_(
            "{header}: the date lies in 1900: spreadsheets show small numbers so, and databases what is missing"
        ),
        _NO_DAY,
    ),
    "DATE_HAS_TIME": CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold a time of day, which was left out"),
        _NOTHING,
        N_("{header}: 1 cell holds a time of day, which was left out"),
    ),
    "STILL_GOING_ON": CellQuestion(
        NOTE,
        N_("{header}: {n} cells say that there is no end yet and count as empty"),
        _NOTHING,
        N_("{header}: 1 cell says that there is no end yet and counts as empty"),
    ),
    "DATE_DAY_FIRST": CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold dates written as text, which were read with the day first"),
        _IF_WRONG,
        N_("{header}: 1 cell holds a date written as text, which was read with the day first"),
    ),
    "DATE_MONTH_FIRST": CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold dates written as text, which were read with the month first"),
        _IF_WRONG,
        N_("{header}: 1 cell holds a date written as text, which was read with the month first"),
    ),
    "DATE_IN_WORDS": CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold dates written as text, which can be read in one way only"),
        _NOTHING,
        N_("{header}: 1 cell holds a date written as text, which can be read in one way only"),
    ),
}
OF_GRADES = N_(
    'Enter 1, 2, 3, 4 or 5; or say what the word means under [values.grade] in report.toml, such as 1 = ["mild"]; '
    "words for none stand under [source] toxicity_none"
)
_OF_NUMBERS = {
    "BAD_NUMBER": CellQuestion(
        ERROR,
        N_("{header}: the cell can't be read as a number"),
        N_(
            "Enter a plain number such as 1.5; words that mean missing are named under [source] missing, and decimal "
            "commas under [source] decimal, in report.toml"
        ),
    ),
    "NUMBER_AS_TEXT": CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold numbers written as text, which were read as numbers"),
        N_("Nothing to do, or convert them to numbers"),
        N_("{header}: 1 cell holds a number written as text, which was read as a number"),
    ),
    graded.GRADE_AS_TEXT: CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold grades in words, which were read as numbers"),
        _NOTHING,
        N_("{header}: 1 cell holds a grade in words, which was read as a number"),
    ),
    LINE_AS_TEXT: CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold lines in words, which were read as numbers"),
        _NOTHING,
        N_("{header}: 1 cell holds a line in words, which was read as a number"),
    ),
    "DECIMAL_POINT": CellQuestion(
        ERROR,
        N_("{header}: the point may part thousands or decimals"),
        N_('Write decimal = "." or "," under [source] in report.toml, or enter the number without a point'),
    ),
    "DECIMAL_COMMA": CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold numbers with a decimal comma"),
        _NOTHING,
        N_("{header}: 1 cell holds a number with a decimal comma"),
    ),
    "MISSING_CODE": CellQuestion(
        ERROR,
        N_("{header}: {value} lies far outside the other values and may be a code for a missing one"),
        N_(
            "Write missing = [{value}] under [values.{column}] in report.toml if it is such a code (under [source] if "
            "it is one in every column), or {value} = [{value}] there if it was measured"
        ),
    ),
}
_OF_WORDS = {
    "UNKNOWN_VALUE": CellQuestion(
        ERROR,
        N_("{header}: the value is not one of {words}"),
        N_(
            'Use one of these, or say in report.toml which of them it is, such as {ours} = ["the word of the cell"] '
            "under [values.{column}]"
        ),
    ),
    "UNKNOWN_REASON": CellQuestion(
        WARNING,
        N_("{header}: the reason is not one of {words}, and counts as other"),
        N_("Map it under [values.{column}] in report.toml if it is one of these"),
    ),
    "ID_PRECISION": CellQuestion(
        ERROR,
        N_("{header}: the id is a number of more than 15 digits, which spreadsheets round"),
        N_("Enter the ids as text"),
    ),
    "CELL_TOO_LONG": CellQuestion(
        WARNING,
        N_("{header}: the text is longer than {most} characters and was cut"),
        N_("Shorten it"),
    ),
    "CONTROL_CHARACTER": CellQuestion(
        WARNING,
        N_("{header}: the cell holds a control character, which can't be seen"),
        N_("Enter the text again without it"),
    ),
    "INVISIBLE_CHARACTER": CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold characters without width, which were left out"),
        _NOTHING,
        N_("{header}: 1 cell holds a character without width, which was left out"),
    ),
    cells.MISSING_WORD: CellQuestion(
        NOTE,
        N_("{header}: {n} cells say in words that nothing is known and count as missing"),
        N_("Nothing to do, or leave them empty"),
        N_("{header}: 1 cell says in words that nothing is known and counts as missing"),
    ),
    "TOLD_MISSING": CellQuestion(
        NOTE,
        N_("{header}: {n} cells hold what [source] missing names and count as missing"),
        _NOTHING,
        N_("{header}: 1 cell holds what [source] missing names and counts as missing"),
    ),
    "VALUE_NORMALISED": CellQuestion(
        NOTE,
        N_("{header}: {n} cells differ only in upper and lower case from others and were made equal"),
        N_("Nothing to do, or use one spelling"),
        N_("{header}: 1 cell differs only in upper and lower case from others and was made equal"),
    ),
}
QUESTIONS = {
    "ERROR_CELL": CellQuestion(
        ERROR, N_("{header}: the cell holds an error ({fault})"), N_("Mend or clear the cell")
    ),
    "FORMULA_NO_VALUE": CellQuestion(
        ERROR,
        N_("{header}: the cell holds a formula whose value was never stored"),
        N_("Open the workbook in a spreadsheet program, save it, and try again"),
    ),
    **_OF_DATES,
    **_OF_NUMBERS,
    **_OF_WORDS,
}
