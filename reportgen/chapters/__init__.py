"""The chapters of the report, one folder each, in printed order.

A chapter has KEY, TITLE, REQUIRES, analyse(cohort) -> Results and present(results) -> Section. present
is given the results of the whole report, so that the summary and the methods can speak of any chapter;
every other chapter reads only its own. A new chapter is a new folder here and its name in SECTIONS; one of another
package is an entry point of it (see installed.py).
"""

from __future__ import annotations

from reportgen.chapters import (
    after_relapse,
    after_stopping,
    baseline,
    changes,
    cohort,
    exposure,
    follow_up,
    methods,
    patients,
    relapse,
    response,
    summary,
    survival,
    toxicity,
)
from reportgen.chapters.installed import asked_for

SECTIONS = (
    summary,
    changes,
    cohort,
    baseline,
    exposure,
    response,
    follow_up,
    survival,
    toxicity,
    relapse,
    after_relapse,
    after_stopping,
    patients,
    methods,
)


def chapters(of) -> tuple:
    """The chapters of a cohort's report: all of ours, but what changed only where a report went before it, and those
    of other packages that the settings name.
    """
    ours = tuple(section for section in SECTIONS if section is not changes or of.earlier is not None)
    return (*ours, *asked_for(of.settings, tuple(section.KEY for section in SECTIONS)))
