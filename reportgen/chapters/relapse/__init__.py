"""Relapse: its cumulative incidence with death competing, and what those who relapsed had in common."""

from reportgen.chapters.relapse.analysis import analyse
from reportgen.chapters.relapse.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.relapse.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
