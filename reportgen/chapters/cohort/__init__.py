"""The cohort: where the patients come from, how complete the data are, and what is doubtful in them."""

from reportgen.chapters.cohort.analysis import analyse
from reportgen.chapters.cohort.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.cohort.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
