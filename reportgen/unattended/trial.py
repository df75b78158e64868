"""A run of what is about to be scheduled, which publishes nothing: what can't work now will not work at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reportgen.cohort.load import load_cohort, read_source
from reportgen.privacy.protect import protect
from reportgen.run.pipeline import Request, offered, produce
from reportgen.run.pseudonym_key import PSEUDONYMOUS
from reportgen.settings.choices import last_month, month_end

# Of a report that nobody sees: the pseudonyms of no patient.
NO_KEY = bytes(32)


def read(request: Request) -> None:
    """Read the source. Raises DataRefused, UsageError or MachineFailed where it can't be read."""
    read_source(request.source, request.config, request.overrides, request.found)


def tried(request: Request, today: date) -> None:
    """Make the report of the last complete month, and throw it away. Raises what the run itself would raise."""
    month = last_month(today)
    overrides = {**request.overrides, "cutoff": month_end(month)}
    cohort = load_cohort(
        request.source, config=request.config, overrides=overrides, on_invalid=request.on_invalid,
        strict=request.strict, found=request.found,
    )  # fmt: skip
    profile = cohort.settings.privacy.profile
    if profile != "internal":
        offered(cohort.settings)
        cohort = protect(cohort, NO_KEY if profile in PSEUDONYMOUS else None)
    produce(replace(cohort, earlier=None), request.formats or ("html", "pdf"))
