"""After relapse: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from reportgen.base.message import N_

KEY = "after_relapse"


TITLE = N_("After relapse")


REQUIRES = ("patients.relapse_date", "patients.last_contact")


ENDPOINT = "survival_after_relapse"


MOST_LINES, MOST_WAYS = 60, 12

# Of who had no further treatment: there is none that could have had a response.
NOTHING_TO_ANSWER = N_("not treated")
