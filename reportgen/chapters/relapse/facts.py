"""Relapse: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from reportgen.base.message import N_

KEY = "relapse"


TITLE = N_("Relapse")


REQUIRES = (
    "endpoints.relapse|patients.relapse_date",
    "endpoints.relapse|patients.last_contact",
    "endpoints.relapse",
)
