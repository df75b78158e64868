"""The cohort: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from reportgen.base.message import N_

KEY = "cohort"


TITLE = N_("The cohort")


REQUIRES = ()
