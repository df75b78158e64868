"""Treatment: how long, how many are still on it, why the others stopped, doses changed, further lines."""

from reportgen.chapters.exposure.analysis import analyse
from reportgen.chapters.exposure.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.exposure.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
