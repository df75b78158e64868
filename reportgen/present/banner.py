"""What a reader must know of the profile before anything else: one line on page one."""

from __future__ import annotations

PSEUDONYMS = (
    "Board profile: patients stand under pseudonyms, with times counted from the start of treatment; ids, dates of "
    "patients and free text are left out. A patient may still be recognised by the course of the disease: confidential."
)


def banner(profile: str) -> str:
    """The line over the title; "" inside the house."""
    return PSEUDONYMS if profile == "board" else ""
