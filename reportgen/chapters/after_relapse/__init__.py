"""After relapse: the clock starts at relapse; who was treated again, who responded, how they are now."""

from reportgen.chapters.after_relapse.analysis import analyse
from reportgen.chapters.after_relapse.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.after_relapse.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
