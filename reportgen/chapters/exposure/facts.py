"""Treatment: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from reportgen.base.message import N_

KEY = "exposure"


TITLE = N_("Treatment")


REQUIRES = ("patients.treatment_stop",)


ENDPOINT = "time_on_treatment"
