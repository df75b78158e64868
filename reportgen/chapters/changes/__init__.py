"""Changes: what is new since the last report, what was corrected, and how far that moved the main estimates."""

from reportgen.chapters.changes.analysis import analyse
from reportgen.chapters.changes.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.changes.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
