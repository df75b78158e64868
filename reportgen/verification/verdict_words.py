"""A verdict in words, and as data for a machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from reportgen.verification.verdict import Verdict

NAMED = 20
WORDS = {
    "files": "files by their hash",
    "inputs": "source by its hash",
    "numbers": "estimates and curves, made again",
    "pages": "pages, byte for byte",
    "second implementation": "of them by a second implementation",
}


def as_text(verdict: Verdict) -> Iterator[str]:
    """What was found, the first 20 numbers by name; then what was checked, and what limits the proof."""
    numbers = [finding for finding in verdict.findings if finding.kind == "number"]
    unnamed = set(numbers[NAMED:])
    count = len(verdict.findings)
    told = f"{count} difference{'s' * (count > 1)}"
    if verdict.intact:
        told = "equal" if verdict.made_by else "intact"
    yield f"{verdict.run}: {told}" + (f"; made by {verdict.made_by}" if verdict.made_by else "")
    for finding in verdict.findings:
        if finding not in unnamed:
            yield f"  {finding.kind}: {finding}"
    if unnamed:
        yield f"  … and {len(unnamed)} more numbers"
    yield "checked: " + ", ".join(f"{count} {WORDS[what]}" for what, count in verdict.checked.items())
    for note in verdict.notes:
        yield f"note: {note}"


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
