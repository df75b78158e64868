"""Toxicity: patients by their worst grade, per term and category, whatever the cause and related."""

from reportgen.chapters.toxicity.analysis import analyse
from reportgen.chapters.toxicity.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.toxicity.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
