"""Response: the best response of every treated patient, its time and duration, and tumour size."""

from reportgen.chapters.response.analysis import analyse
from reportgen.chapters.response.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.response.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
