"""Several sheets that may each be the table of patients: which one is, is asked and never taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportgen.base.message import message
from reportgen.cohort.mapping.proposal.samples import header_cell
from reportgen.cohort.mapping.proposal.sheets import Taken
from reportgen.cohort.mapping.proposal.stacks import groups_of, stack_choices
from reportgen.cohort.mapping.proposal.types import Choice, Line, Question, Sheet
from reportgen.cohort.readers.stacking import alike
from reportgen.settings.model import Settings

PATIENTS = ("tables", "patients")


def rival_sheets(
    found: Sequence[Taken], proposed: Mapping[str, Sheet], settings: Settings
) -> tuple[dict[str, Sheet], list[Question]]:
    """The proposals without a table of patients where several sheets may be it, and the question which one is."""
    main = next((one for one in found if one.table == "patients"), None)
    if main is None or main.sheet.table or "patients" in settings.tables:
        return dict(proposed), []
    rivals = [one for one in found if not one.table and alike(one.sheet, main.sheet)]
    if not rivals:
        return dict(proposed), []
    sheets = [main.sheet, *(one.sheet for one in rivals)]
    left, names = dict(proposed), {sheet.name for sheet in sheets}
    for sheet in (*sheets, *(sheet for group in groups_of(found, settings).values() for sheet in group)):
        drop = ("tables",) if sheet.name in names else ("tables", "ignore")
        lines = tuple(line for line in left[sheet.name].lines if line.path[: len(drop)] != drop)
        left[sheet.name] = replace(left[sheet.name], lines=lines)
    choices = []
    for number, sheet in enumerate(sheets, 1):
        others = tuple(Line(("tables", "ignore"), other.name, "as answered", adds=True)
                       for other in sheets if other is not sheet)  # fmt: skip
        label = message("{what} ({n} rows)", what=sheet.name, n=len(sheet.frame))
        choices.append(Choice(str(number), label, (Line(PATIENTS, sheet.name, "as answered"), *others)))
    choices.extend(stack_choices(found, settings))
    places = [position for position, text in enumerate(main.sheet.header) if text]
    text = message("{n} sheets have the columns of the patients. Which one is to be reported?", n=len(sheets))
    return left, [
        Question(main.sheet.name, header_cell(main.sheet, places[0]), text, tuple(choices), open=True)
    ]
