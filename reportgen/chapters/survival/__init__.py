"""Survival: overall and progression-free, with curve, landmarks and median; and every endpoint that is added."""

from reportgen.chapters.survival.analysis import analyse
from reportgen.chapters.survival.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.survival.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
