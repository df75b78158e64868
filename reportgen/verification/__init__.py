"""Whether a published run is what it claims to be; with its source, whether it can be made again.

A hash proves that nothing was changed by accident. Who changes a file and its hash together is found only
by the rebuild from the source.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reportgen.base.errors import UsageError
from reportgen.base.message import message
from reportgen.verification.integrity import check_attachment, check_files, inner_runs, manifest_of
from reportgen.verification.verdict import Finding, Verdict

__all__ = ["Finding", "Verdict", "verify"]


def verify(run: Path, source: Path | str | None = None, config: Path | None = None) -> Verdict:
    """The verdict on a published run, given by its folder or its manifest.json.

    Without the source: every file against its hash in manifest.json, the manifest against its seal, and the
    results.json inside the PDF against the one beside it; and so every run within its folder (case reviews,
    periods). With the source also: its hash, every estimate
    and curve against a rebuild with the recorded settings, the pages byte for byte where program, libraries
    and machine are the same, and our curves and tests against a second implementation. Of a
    run that another version made only the numbers are compared. config: its settings file, where that is not
    beside the source. UsageError where there is no run.
    """
    run = Path(run)
    folder = run.parent if run.name == "manifest.json" and run.is_file() else run
    manifest, findings = manifest_of(folder)
    if manifest is None:
        return Verdict(folder, {"files": 1}, tuple(findings), ("nothing else can be checked without it",))
    files, found = check_files(folder, manifest["outputs"])
    findings += [*found, *check_attachment(files)]
    inner, count = _check_inner(folder)
    findings += inner
    checked, notes, made_by = {"files": len(manifest["outputs"]) + 1 + count}, (), ""
    if source is not None:
        from reportgen.verification.rebuild import check_source

        rebuilt = check_source(source, folder, manifest, files, config)
        checked, notes, made_by = {**checked, **rebuilt.checked}, rebuilt.notes, rebuilt.made_by
        findings += rebuilt.findings
    return Verdict(folder, checked, tuple(findings), notes, made_by)


def _check_inner(folder: Path) -> tuple[list[Finding], int]:
    """What is wrong with the runs that lie within a run, each by its own manifest; how many files they have."""
    findings, count = [], 0
    for inner in inner_runs(folder):
        name = inner.relative_to(folder).as_posix()
        try:
            verdict = verify(inner)
        except UsageError:
            findings.append(Finding("extra", name, message("it is not of this run, and none of its own")))
            continue
        findings += [replace(finding, name=f"{name}/{finding.name}") for finding in verdict.findings]
        count += verdict.checked["files"]
    return findings, count
