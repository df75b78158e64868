"""Patients: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from reportgen.base.message import N_, NC_

KEY = "patients"


TITLE = N_("Patients")


REQUIRES = ("endpoints.os|endpoints.relapse|endpoints.pfs|patients.last_contact",)


MOST_SWIMS = 240


HEADS = {
    "age": N_("Age"),
    "sex": N_("Sex"),
    "best_response": N_("Best response"),
    "on_treatment": N_("On treatment"),
    "stop_reason": NC_("narrow column", "Reason for stopping"),
    "relapse": N_("Relapse at"),
    "follow_up": NC_("narrow column", "Follow-up"),
    "status": N_("Status"),
}
