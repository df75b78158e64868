"""Patients: the course of each, drawn and listed."""

from reportgen.chapters.patients.analysis import analyse
from reportgen.chapters.patients.facts import KEY, REQUIRES, TITLE
from reportgen.chapters.patients.page import present

__all__ = ["KEY", "REQUIRES", "TITLE", "analyse", "present"]
