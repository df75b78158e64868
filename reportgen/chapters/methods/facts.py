"""Methods: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from reportgen.base.message import N_

KEY = "methods"


TITLE = N_("Methods")


REQUIRES = ()
