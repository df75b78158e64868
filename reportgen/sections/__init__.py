"""The chapters of the report, one file each, in printed order.

A chapter has KEY, TITLE, REQUIRES, analyse(cohort) -> Results and present(results) -> Section. present
is given the results of the whole report, so that the summary can quote any chapter; every other chapter
reads only its own.
"""
