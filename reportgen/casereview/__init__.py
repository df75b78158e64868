"""The case review: what a tumour board must know of one patient, on one or two pages.

A part has KEY, TITLE, analyse(case) -> Results and present(results) -> Section, as a chapter of the report has;
it speaks of one Case and is printed in the order of PARTS. A missing item says "not recorded".
"""

from __future__ import annotations

from reportgen.casereview.case import Case
from reportgen.casereview.parts import (
    assessments,
    board,
    context,
    course,
    measured_values,
    one_line,
    pathology,
    present_status,
    question,
    start,
    therapy,
    toxicity,
)
from reportgen.report import Section
from reportgen.writing.translation import worded

PARTS = (one_line, question, present_status, start, pathology, assessments, course, therapy, toxicity, measured_values,
         context, board)  # fmt: skip


def review(case: Case) -> tuple[Section, ...]:
    """The parts of a case review, in printed order, in the active language."""
    found = (part.present(worded(part.analyse(case))) for part in PARTS)
    return tuple(section for section in found if section.blocks or section.key != measured_values.KEY)
