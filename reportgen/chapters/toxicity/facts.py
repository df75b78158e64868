"""Toxicity: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from reportgen.base.message import N_

KEY = "toxicity"


TITLE = N_("Toxicity")


REQUIRES = ("toxicities.term",)


MOST_BY_GROUP = 40  # terms
