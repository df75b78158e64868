"""All that the desk's own pages say, by the name under which its templates have it."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.base.message import N_
from reportgen.writing.language import _

WORDS = {
    "desk": N_("reportgen desk"),
    "skip": N_("To the content"),
    "sources": N_("Sources"),
    "quit": N_("Quit"),
    "closed": N_("The desk is closed. Dropped files are gone; settings and reports stay."),
    "local": N_("Everything stays on this machine."),
    "drop": N_("Drop your table here"),
    "drop_what": N_(
        "A workbook, a CSV file, a folder or a zip archive of tables. It is read here and sent nowhere."
    ),
    "drop_returned": N_("An answered queries.xlsx is taken in here, too."),
    "pick": N_("Pick a file"),
    "pick_folder": N_("Pick a folder"),
    "let_go": N_("Let go: it is taken in."),
    "lost": N_(
        "The desk does not answer: it was closed, or stopped. Start it again; what was saved is there."
    ),
    "sending": N_("Taking it in …"),
    "recent": N_("In this folder"),
    "nothing_here": N_("There is no table in this folder yet."),
    "dropped": N_("dropped; goes when the desk is closed"),
    "sample": N_("Try it with the sample"),
    "map": N_("Understand"),
    "check": N_("Check"),
    "build": N_("Report"),
    "cases": N_("Case reviews"),
    "history": N_("History"),
    "reading": N_("Reading the file …"),
    "checking": N_("Checking every cell …"),
    "again": N_("Try again"),
    "map_title": N_("What is what"),
    "map_what": N_(
        "This is how your file was understood. Over each column stands what it was taken for; where that is wrong, "
        "pick what it is. What is doubtful is marked."
    ),
    "save": N_("Save the settings"),
    "saved": N_("The settings are saved."),
    "look": N_("Show what comes of it"),
    "doubtful": N_("doubtful"),
    "no_table": N_("No table of ours; left out."),
    "row": N_("Row"),
    "questions": N_("Questions"),
    "no_questions": N_("There is no question."),
    "leave_open": N_("Decide later"),
    "must_answer": N_("must be answered by you"),
    "chapters": N_("Chapters of the report"),
    "lacks": N_("lacks"),
    "changes": N_("What would be written to the settings file"),
    "written": N_("What was written to the settings file"),
    "unsaved": N_("First say what is what: what the columns were taken for is not saved yet."),
    "to_map": N_("See what is what, and save it"),
    "to_build": N_("To the report"),
    "back_to": N_("Back to:"),
    "still_open": N_("Below is a question that only you can answer; until then its rows count as errors."),
    "next_check": N_("Next: check the data"),
    "mend": N_("Correct them in the file, save it, and check again."),
    "mend_dropped": N_("Correct them in your file, save it, and drop it again."),
    "or_without": N_("Or make the report without these patients."),
    "check_again": N_("Check again"),
    "drop_again": N_("Drop the corrected file"),
    "without_them": N_("Make the report without them"),
    "others_answer": N_("For somebody else to answer"),
    "no_changes": N_("Nothing new; the settings say it all."),
    "taken_for": N_("taken for"),
    "findings": N_("What is wrong or doubtful"),
    "findings_error": N_("Errors"),
    "findings_warning": N_("Warnings"),
    "findings_note": N_("Notes"),
    "no_findings": N_("Nothing is wrong or doubtful."),
    "refused": N_("There are errors: no report is made until they are mended."),
    "not_refused": N_("A report can be made."),
    "show_cell": N_("Show the cell"),
    "take_queries": N_("Take the questions away (queries.xlsx)"),
    "drop_answers": N_("Drop the answered queries.xlsx here"),
    "drop_answers_what": N_(
        "Each answer closes its question here, and stands beside it in queries.xlsx from now on. The data stay as they "
        "are: what is wrong in them is mended in the file."
    ),
    "closed_questions": N_("Closed questions"),
    "all_closed": N_("No question is open."),
    "taken_in": N_("taken in on"),
    "still_in_data": N_("Still in the data, and checked there as before."),
    "not_in_data": N_("Not in the data any more, since"),
    "see_closed": N_("See which questions are closed"),
    "more_closed": N_("More are kept in the history; queries.xlsx has those with an answer."),
    "returned": N_("The answers"),
    "too_large_answers": N_("The file is larger than any queries.xlsx; nothing was changed."),
    "more_findings": N_("More stand in queries.xlsx."),
    "cells": N_("cells"),
    "patient": N_("patient"),
    "back_to_check": N_("Back to the findings"),
    "earlier_rows": N_("Earlier rows"),
    "later_rows": N_("Later rows"),
    "meaning": N_("In this column the word means"),
    "missing": N_("missing"),
    "say_it": N_("Say so for the whole column"),
    "profile": N_("Who will read it"),
    "internal": N_("internal: the treating team, with ids and dates"),
    "board": N_("board: a case conference, pseudonyms and relative times"),
    "partner": N_("partner: collaborators under an agreement, pseudonyms and all counts"),
    "external": N_("external: others, small numbers masked"),
    "as_settings": N_("as the settings say"),
    "cutoff": N_("Cut-off (what was known on this day)"),
    "period": N_("Month (what was known at its end)"),
    "language": N_("Language"),
    "formats": N_("Formats"),
    "format_html": N_("page for the browser"),
    "format_pdf": N_("PDF, the report of record"),
    "format_docx": N_("Word, to be edited"),
    "format_pptx": N_("slides"),
    "format_xlsx": N_("all tables, as numbers"),
    "format_figures": N_("every figure as a file"),
    "format_text": N_("abstract and report as text"),
    "format_ard": N_("all estimates, for other programs"),
    "format_csv": N_("a row for each patient"),
    "format_data": N_("a data set to pass on (partner)"),
    "group": N_("Compare by this column"),
    "group_none": N_("No column has two to twelve levels, or the data are refused; see Check."),
    "exclude": N_("Leave out patients with errors, and say so"),
    "make_report": N_("Make the report"),
    "follow": N_("Make it again whenever the file or its settings are saved"),
    "follow_settings": N_("Make it again whenever its settings are saved"),
    "follow_copy": N_(
        "What was dropped is a copy; a report follows the file itself where that lies in the folder."
    ),
    "follows": N_("This report is made again whenever the file or its settings are saved."),
    "follows_settings": N_("This report is made again whenever the settings of this file are saved."),
    "unfollow": N_("Follow it no longer"),
    "again_now": N_("It is being made again …"),
    "made_again": N_("Made again at"),
    "not_again": N_("Something was saved, but no new report came of it; below is the last good one."),
    "starting": N_("Beginning …"),
    "stop": N_("Stop it"),
    "stopped": N_("It was stopped; the last good report is untouched."),
    "failed": N_("It did not work"),
    "refused_build": N_("The data were refused; nothing was published."),
    "see_findings": N_("See the findings"),
    "take_away": N_("To take away"),
    "changed": N_("What changed since the report that it replaces"),
    "the_report": N_("The report"),
    "question": N_("Question to the board"),
    "which": N_("Which patients"),
    "all_patients": N_("All patients"),
    "make_cases": N_("Make the case reviews"),
    "all_zip": N_("All as one zip archive"),
    "runs": N_("Reports made of this source"),
    "no_runs": N_("No report was made yet."),
    "open": N_("Open"),
    "verify": N_("Verify"),
    "verify_what": N_("To verify makes a report again from its source, and compares every number and file."),
    "made_at": N_("Made"),
    "month": N_("Month"),
    "for_whom": N_("Readers"),
    "earlier": N_("earlier"),
    "later": N_("later"),
    "compare": N_("What changed between the two"),
    "cut_at": N_("Cut-off"),
    "no_cutoff": N_("latest date in the data"),
    "schedule": N_("Every month by itself"),
    "schedule_is": N_("The monthly report is set: it is made by itself on this day, at this time."),
    "schedule_not": N_("No monthly report is set."),
    "schedule_what": N_(
        "The report of the month before is then made by itself; a day on which the machine was off is made up for. "
        "Before it is set, the report is made once for trial, and thrown away."
    ),
    "schedule_last": N_("The last run:"),
    "schedule_text": N_("What is given to the system for it"),
    "schedule_dropped": N_(
        "A dropped file goes when the desk is closed; put it into the folder to report it monthly."
    ),
    "day": N_("Day of the month"),
    "time": N_("Time of the day"),
    "install": N_("Set it"),
    "change": N_("Change it"),
    "remove": N_("Take it away again"),
    "result": N_("Result"),
    "wrong": N_("This did not work"),
    "home": N_("To all sources"),
    "gone": N_("This is not here any more."),
    "too_large": N_("The file is too large for the desk; use the command line."),
}


# Of the files to take away, those whose name does not tell what they are.
MADE_FILES = {
    "report.html": N_("page for the browser"),
    "report.pdf": N_("PDF, the report of record"),
    "report.docx": N_("Word, to be edited"),
    "report.pptx": N_("slides"),
    "report.md": N_("the report as text"),
    "abstract.txt": N_("the abstract, to paste"),
    "references.bib": N_("the methods used, for a list of references"),
    "tables.xlsx": N_("all tables, as numbers"),
    "queries.xlsx": N_("questions on the data, to be answered"),
    "results.json": N_("every number, for other programs"),
    "manifest.json": N_("what it was made of; verifying needs it"),
}
# In a table: without the word of explanation.
SHORT = {
    "internal": N_("internal"),
    "board": N_("board"),
    "partner": N_("partner"),
    "external": N_("external"),
}
STATES = {
    "running": N_("is under way"),
    "done": N_("a report was made"),
    "refused": N_("the data were refused"),
    "failed": N_("it did not work"),
    "died": N_("it ended without a word: killed, or the machine went down"),
}


def words() -> dict[str, str | Mapping[str, str]]:
    """All of them in the active language."""
    said = {name: _(text) for name, text in WORDS.items()}
    short = {name: _(text) for name, text in SHORT.items()}
    files = {name: _(text) for name, text in MADE_FILES.items()}
    return {
        **said,
        "short": short,
        "made_files": files,
        "states": {name: _(text) for name, text in STATES.items()},
    }
