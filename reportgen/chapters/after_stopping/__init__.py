"""After stopping: those who stopped while in response, and how long they have stayed free of relapse."""

from reportgen.chapters.after_stopping.analysis import analyse
from reportgen.chapters.after_stopping.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.after_stopping.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
