"""After stopping treatment: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from reportgen.base.message import N_

KEY = "after_stopping"


TITLE = N_("After stopping treatment")


REQUIRES = ("patients.treatment_stop", "patients.last_contact")


ENDPOINT = "relapse_free_after_stopping"


SPREAD = ("count", "median", "minimum", "maximum")
