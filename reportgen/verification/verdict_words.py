"""A verdict in words, and as data for a machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from reportgen.base.message import N_
from reportgen.verification.verdict import Finding, Verdict
from reportgen.writing.language import _, _c, _n
from reportgen.writing.messages import said

NAMED = 20
WORDS = {
    "files": N_("files by their hash"),
    "inputs": N_("source by its hash"),
    "numbers": N_("estimates and curves, made again"),
    "pages": N_("pages, byte for byte"),
    "second implementation": N_("of them by a second implementation"),
}
KINDS = {
    "missing": N_("missing"), "extra": N_("extra"), "changed": N_("changed"), "attachment": N_("attachment"),
    "input": N_("input"), "page": N_("page"),
    "second implementation": N_("second implementation"),
}  # fmt: skip


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
            yield f"  {_kind(finding)}: {finding.name}: {_told(finding)}"
    if unnamed:
        yield f"  {_('… and {n} more numbers', n=len(unnamed))}"
    yield f"{_('checked')}: " + ", ".join(
        f"{count} {_(WORDS[what])}" for what, count in verdict.checked.items()
    )
    for note in verdict.notes:
        yield f"{_('note')}: {said(note)}"


def _kind(finding: Finding) -> str:
    if finding.kind == "number":
        return _c("an estimate or a curve", "number")
    return _(KINDS.get(finding.kind, finding.kind))


def _told(finding: Finding) -> str:
    if finding.published is None and finding.found is None:
        return said(finding.problem)
    nothing = _("nothing")
    published, found = (nothing if v is None else str(v) for v in (finding.published, finding.found))
    return f"{said(finding.problem)} ({_('published: {value}', value=published)}; {_('found: {value}', value=found)})"


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
