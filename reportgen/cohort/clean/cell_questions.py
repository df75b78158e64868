"""What is said of a cell: for each code how grave it is, what was found, and what to do."""

from __future__ import annotations

from reportgen.base.errors import ERROR, NOTE, WARNING
from reportgen.cohort.clean import cells
from reportgen.cohort.clean import grades as graded

_ORDER = ('Enter it as a date or as YYYY-MM-DD, or write date_order = "dmy" (or "mdy") under [source] in report.toml '
          "if it holds for all")  # fmt: skip
_CENTURY = ("Enter it as a date, or write two_digit_years = 2026 under [source] in report.toml if this is the last "
            "year that two digits stand for (26 is then 2026, and 27 is 1927)")  # fmt: skip
_IF_WRONG = "Nothing to do; if wrong, name date_order under [source] in report.toml"

# A note speaks of all cells of a column at once, the others of one.
SAID = {
    "ERROR_CELL": (ERROR, "The cell holds an error ({fault})", "Mend or clear the cell"),
    "FORMULA_NO_VALUE": (ERROR, "The cell holds a formula whose value was never stored",
                         "Open the workbook in a spreadsheet program, save it, and try again"),
    "DATE_AS_NUMBER": (ERROR, "The cell holds a number where a date is expected",
                       "Format the column as a date and check what it shows"),
    "DATE_AS_TEXT": (ERROR, "The cell holds a date written as text", _ORDER),
    "AMBIGUOUS_DATE": (ERROR, "The date can be read in two ways (day first or month first)", _ORDER),
    "SHORT_YEAR": (ERROR, "The year of the date has two digits only", _CENTURY),
    "PARTIAL_DATE": (ERROR, "The date lacks its day or month",
                     "Enter a full date, or leave it empty and note the rule by which it was completed"),
    "BAD_DATE": (ERROR, "The cell can't be read as a date", "Enter a date, or leave the cell empty"),
    "DATE_RANGE": (ERROR, "The date lies before 1900 or after 2100", "Correct the date"),
    "DATE_OF_1900": (ERROR, "The date lies in 1900: spreadsheets show small numbers so, and databases what is missing",
                     "Enter the true date, or leave the cell empty"),
    "DATE_HAS_TIME": (NOTE, "cells hold a time of day, which was left out", "Nothing to do"),
    "STILL_GOING_ON": (NOTE, "cells say that there is no end yet and count as empty", "Nothing to do"),
    "DATE_DAY_FIRST": (NOTE, "cells hold dates written as text, which were read with the day first", _IF_WRONG),
    "DATE_MONTH_FIRST": (NOTE, "cells hold dates written as text, which were read with the month first", _IF_WRONG),
    "DATE_IN_WORDS": (NOTE, "cells hold dates written as text, which can be read in one way only", "Nothing to do"),
    "BAD_NUMBER": (ERROR, "The cell can't be read as a number",
                   "Enter a plain number such as 1.5; words that mean missing are named under [source] missing, and "
                   "decimal commas under [source] decimal, in report.toml"),
    "NUMBER_AS_TEXT": (NOTE, "cells hold numbers written as text, which were read as numbers",
                       "Nothing to do, or convert them to numbers"),
    graded.GRADE_AS_TEXT: (NOTE, "cells hold grades in words, which were read as numbers", "Nothing to do"),
    "DECIMAL_POINT": (ERROR, "The point may part thousands or decimals",
                      'Write decimal = "." or "," under [source] in report.toml, or enter the number without a point'),
    "DECIMAL_COMMA": (NOTE, "cells hold numbers with a decimal comma", "Nothing to do"),
    "MISSING_CODE": (ERROR, "{value} lies far outside the other values and may be a code for a missing one",
                     "Write missing = [{value}] under [source] in report.toml if it is such a code, or "
                     "{value} = [{value}] under [values.{column}] if it was measured"),
    "UNKNOWN_VALUE": (ERROR, "The value is not one of {words}",
                      "Use one of these, or map it under [values.{column}] in report.toml"),
    "UNKNOWN_REASON": (WARNING, "The reason is not one of {words}, and counts as other",
                       "Map it under [values.{column}] in report.toml if it is one of these"),
    "ID_PRECISION": (ERROR, "The id is a number of more than 15 digits, which spreadsheets round",
                     "Enter the ids as text"),
    "CELL_TOO_LONG": (WARNING, f"The text is longer than {cells.MAX_TEXT} characters and was cut",
                      "Shorten it"),
    "CONTROL_CHARACTER": (WARNING, "The cell holds a control character, which can't be seen",
                          "Enter the text again without it"),
    "INVISIBLE_CHARACTER": (NOTE, "cells hold characters without width, which were left out", "Nothing to do"),
    cells.MISSING_WORD: (NOTE, "cells say in words that nothing is known and count as missing",
                         "Nothing to do, or leave them empty"),
    "TOLD_MISSING": (NOTE, "cells hold what [source] missing names and count as missing", "Nothing to do"),
    "VALUE_NORMALISED": (NOTE, "cells differ only in upper and lower case from others and were made equal",
                         "Nothing to do, or use one spelling"),
}  # fmt: skip
