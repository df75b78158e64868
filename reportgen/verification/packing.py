"""`reportgen pack`: what of a run may be given away, in one zip whose names tell nothing."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.publish.folder import beside, flush_folder, write_file
from reportgen.publish.report_folders import INTERNAL
from reportgen.verification.integrity import MANIFEST, check_files, manifest_of

# The report itself and the numbers behind it. Not the manifest, by whose hashes a guess at the source could be checked,
# nor the questions, the status, or whatever else lies there.
GIVEN = (
    "report.html",
    "report.pdf",
    "report.docx",
    "report.pptx",
    "report.xlsx",
    "report.md",
    "abstract.txt",
    "references.bib",
    "ard.json",
    "ard.parquet",
    "results.json",
    "patients.csv",
)
CASES, FOLDERS = "cases", ("data/", "figures/")
# The oldest day that a zip can name: when it was packed is nobody's business.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def pack(run: Path, target: Path, internal: bool = False) -> tuple[str, ...]:
    """Put what may be given away of a published run into one zip, readable by the owner only; the names inside.

    internal: whether an internal report, with its ids and dates, was asked for by its name. The same run gives the
    same bytes. UsageError where it is no run, is internal and was not asked for, was changed since it was published,
    or where the target is there already; MachineFailed where it can't be written.
    """
    run = run.parent if run.name == MANIFEST and run.is_file() else run
    manifest, findings = manifest_of(run)
    if manifest is None or findings:
        raise UsageError(
            f"{run} was changed after it was published: reportgen verify says where. Make it again first."
        )
    profile = _profile_of(run, manifest)
    if profile == INTERNAL and not internal:
        raise UsageError(
            f"{run} is an internal report: it names patients and dates. Make one with --profile board or external, "
            "or say --internal if it stays inside."
        )
    if os.path.lexists(target):
        raise UsageError(f"{target} is there already; name another file with --to.")
    outputs = {name: entry for name, entry in manifest["outputs"].items() if _given(name, manifest)}
    files, changed = check_files(run, outputs)
    wrong = [finding for finding in changed if finding.kind != "extra"]
    if wrong:
        raise UsageError(f"{wrong[0].name} of {run} is not as it was published. Make the report again first.")
    names = _names(sorted(files))
    _put(target, {names[name]: files[name] for name in sorted(files)})
    return tuple(names[name] for name in sorted(files))


def _profile_of(run: Path, manifest: Mapping) -> str:
    """Who was to read a run; what says nothing counts as internal."""
    try:
        asked, settings = manifest["request"], manifest.get("settings") or {}
        if CASES in asked:
            index = json.loads((run / "index.json").read_bytes())
            return str(index["profile"])
        return str(settings["privacy"]["profile"])
    except (OSError, ValueError, LookupError, TypeError):
        return INTERNAL


def _given(name: str, manifest: Mapping) -> bool:
    return (
        name in GIVEN
        or name.startswith(FOLDERS)
        or (CASES in (manifest.get("request") or ()) and name.endswith(".pdf"))
    )


def _names(files: list[str]) -> dict[str, str]:
    """File → its name in the zip: its own, and of case reviews, which are named after pseudonyms, a number."""
    reviews = [name for name in files if name not in GIVEN and not name.startswith(FOLDERS)]
    return {name: name for name in files if name not in reviews} | {
        name: f"review-{place}.pdf" for place, name in enumerate(reviews, 1)
    }


def _put(target: Path, files: Mapping[str, bytes]) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            packed.writestr(entry, data)
    try:
        draft = beside(target.absolute(), f"{os.getpid()}.new")
        try:
            write_file(draft, content.getvalue())
            os.link(draft, target)  # unlike a rename, never replaces what somebody has put there meanwhile
            flush_folder(target.absolute().parent)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as failure:
        raise MachineFailed(
            f"{target} could not be written: {reason(failure)}. Name another place with --to."
        ) from failure
