"""What a reader must know of the profile before anything else: one line on page one."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.writing.language import _
from reportgen.writing.narrative import lower

BOARD = N_(
    "Board profile: patients stand under pseudonyms, with times counted from the start of treatment; ids, dates of "
    "patients and free text are left out. A patient may still be recognised by the course of the disease: confidential."
)
PARTNER = N_(
    "For partners under an agreement: patients stand under pseudonyms, with ages in years and days from the start of "
    "treatment; ids, dates and free text are left out. A patient may still be recognised by the course of the disease."
)
EXTERNAL = N_("For readers outside: {rule}")
AGREED = N_(
    "The cohort is small, so that masking does not make its patients anonymous: its release was agreed."
)


def rule(step: int) -> str:
    """How numbers are protected, in a sentence for a clinician. step: of rounded counts."""
    return _(
        "Counts are rounded to the middle of steps of {step} ({step} to {last} are printed as {middle}); smaller ones, "
        "and those from which a smaller one could be computed, are masked (*); whatever is about single patients is "
        "left out.",
        step=step,
        last=2 * step - 1,
        middle=step + (step - 1) // 2,
    )


def banner(profile: str, step: int = 0, small: bool = False) -> str:
    """The line over the title; "" inside the house. step, small: of a report for readers outside (see rule, AGREED)."""
    if profile == "external" and step:
        said = _(EXTERNAL, rule=lower(rule(step)))
        return f"{said} {_(AGREED)}" if small else said
    return _({"board": BOARD, "partner": PARTNER}[profile]) if profile in ("board", "partner") else ""
