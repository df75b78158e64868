"""A verdict in words, and as data for a machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from reportgen.base.message import N_
from reportgen.verification.verdict import Verdict
from reportgen.writing.language import _, _n

NAMED = 20
WORDS = {
    "files": N_("files by their hash"),
    "inputs": N_("source by its hash"),
    "numbers": N_("estimates and curves, made again"),
    "pages": N_("pages, byte for byte"),
    "second implementation": N_("of them by a second implementation"),
}


def as_text(verdict: Verdict) -> Iterator[str]:
    """What was found, the first 20 numbers by name; then what was checked, and what limits the proof."""
    numbers = [finding for finding in verdict.findings if finding.kind == "number"]
    unnamed = set(numbers[NAMED:])
    count = len(verdict.findings)
    told = _n("{n} difference", "{n} differences", count, n=count)
    if verdict.intact:
        told = _("equal") if verdict.made_by else _("intact")
    yield f"{verdict.run}: {told}" + (
        f"; {_('made by {version}', version=verdict.made_by)}" if verdict.made_by else ""
    )
    for finding in verdict.findings:
        if finding not in unnamed:
            yield f"  {finding.kind}: {finding}"
    if unnamed:
        yield f"  {_('… and {n} more numbers', n=len(unnamed))}"
    yield f"{_('checked')}: " + ", ".join(
        f"{count} {_(WORDS[what])}" for what, count in verdict.checked.items()
    )
    for note in verdict.notes:
        yield f"{_('note')}: {note}"


def as_json(verdict: Verdict) -> dict:
    """As `verify --json` answers."""
    return {
        "status": "intact" if verdict.intact else "different",
        "run": str(verdict.run),
        "made_by": verdict.made_by or None,
        "checked": dict(verdict.checked),
        "findings": [asdict(finding) for finding in verdict.findings],
        "notes": list(verdict.notes),
    }
