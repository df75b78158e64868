"""What is asked about single cells, for `doubts`: dates, numbers, missing values and what can't be seen."""

from __future__ import annotations

from reportgen.base.message import N_

OF_CELLS = (
    N_("The point may part thousands or decimals"),
    N_('Write decimal = "." or "," under [source] in report.toml, or enter the number without a point'),
    N_("Enter it as a date, or as YYYY-MM-DD"),
    N_(
        'Enter it as a date or as YYYY-MM-DD, or write date_order = "dmy" (or "mdy") under [source] in report.toml '
        "if it holds for all"
    ),
    N_("The year of the date has two digits only"),
    N_(
        "Enter it as a date, or write two_digit_years = 2026 under [source] in report.toml if this is the last year "
        "that two digits stand for (26 is then 2026, and 27 is 1927)"
    ),
    N_("The date lies in 1900: spreadsheets show small numbers so, and databases what is missing"),
    N_("Enter the true date, or leave the cell empty"),
    N_("{a}: {n} cells hold dates written as text, which were read with the day first"),
    N_("{a}: 1 cell holds a date written as text, which was read with the day first"),
    N_("{a}: {n} cells hold dates written as text, which were read with the month first"),
    N_("{a}: 1 cell holds a date written as text, which was read with the month first"),
    N_("{a}: {n} cells hold dates written as text, which can be read in one way only"),
    N_("{a}: 1 cell holds a date written as text, which can be read in one way only"),
    N_("Nothing to do; if wrong, name date_order under [source] in report.toml"),
    N_(
        "Enter a plain number such as 1.5; words that mean missing are named under [source] missing, and decimal "
        "commas under [source] decimal, in report.toml"
    ),
    N_("{a} lies far outside the other values and may be a code for a missing one"),
    N_(
        "Write missing = [{a}] under [source] in report.toml if it is such a code, or {b} = [{c}] under [values.{d}] "
        "if it was measured"
    ),
    N_("The cell holds a control character, which can't be seen"),
    N_("Enter the text again without it"),
    N_("{a}: {n} cells hold characters without width, which were left out"),
    N_("{a}: 1 cell holds a character without width, which was left out"),
    N_("{a}: {n} cells hold what [source] missing names and count as missing"),
    N_("{a}: 1 cell holds what [source] missing names and counts as missing"),
    N_("{a}: {n} of {k} patients lose the group, for their cells say {b}"),
    N_('If {a} is a value of its own, write {b} = ["{c}"] under [values.{d}] in report.toml'),
    N_('Nothing to do; if {a} is a value of its own, write {b} = ["{c}"] under [values.{d}] in report.toml'),
    N_("{a}: {n} cells say that there is no end yet and count as empty"),
    N_("{a}: 1 cell says that there is no end yet and counts as empty"),
    N_("The row looks like a total and was left out"),
    N_("The row looks like a note beside the table and was left out"),
    N_("The row says of what type the columns are, and was left out"),
    N_("The row holds the names of the columns once more and was left out"),
    N_("Delete it; if it is a patient, name its id under [values.patient_id] in report.toml"),
    N_("Rows that begin with {a} were left out: {n}"),
    N_("{n} cells hold NA, as R writes what is missing, and count as missing"),
)
