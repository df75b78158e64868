"""Response: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from reportgen.base.message import N_

KEY = "response"


TITLE = N_("Response")


REQUIRES = ("patients.best_response",)


ENDPOINT = "duration_of_response"
