"""Methods: every definition, the methods that this report used and no others, settings, and limits."""

from reportgen.chapters.methods.analysis import analyse
from reportgen.chapters.methods.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.methods.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
