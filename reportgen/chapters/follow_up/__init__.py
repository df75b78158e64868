"""Follow-up: how long, by which measure, and how completely the patients were observed."""

from reportgen.chapters.follow_up.analysis import analyse
from reportgen.chapters.follow_up.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.follow_up.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
