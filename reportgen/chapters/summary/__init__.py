"""The summary: a structured abstract of what the other chapters found, and the numbers at a glance."""

from reportgen.chapters.summary.analysis import analyse
from reportgen.chapters.summary.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.summary.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
