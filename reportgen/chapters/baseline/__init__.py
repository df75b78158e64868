"""Patients at the start: who they were, for all and per group, with what is missing. No p-values."""

from reportgen.chapters.baseline.analysis import analyse
from reportgen.chapters.baseline.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.baseline.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
