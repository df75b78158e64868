"""A run against its source: the same input, the same numbers, the same pages, and a second implementation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from reportgen.base.errors import ERROR, DataRefused, MachineFailed, UsageError
from reportgen.base.message import message
from reportgen.chapters import changes
from reportgen.chapters.installed import packages
from reportgen.cohort import readers
from reportgen.cohort.load import check_cohort, read_source
from reportgen.cohort.mapping.source_settings import settings_before, settings_files, settings_for
from reportgen.history.recording import compare
from reportgen.privacy.key_file import key_file
from reportgen.privacy.protect import with_hidden
from reportgen.publish.report_folders import INTERNAL
from reportgen.publish.review_links import recorded_reviews
from reportgen.publish.run_files import machine, program_sha256, sha256, versions
from reportgen.run.composing import analyse, provenance
from reportgen.run.earlier_releases import rebuilt_with
from reportgen.run.pipeline import produce, protected
from reportgen.run.pseudonym_key import PSEUDONYMOUS
from reportgen.settings.from_manifest import recorded_settings
from reportgen.settings.model import Settings
from reportgen.verification.disagreements import disagreements
from reportgen.verification.number_comparison import RESULTS, ROUNDING, check_numbers
from reportgen.verification.verdict import Finding, Rebuilt

COMPARED = "compared_with"
PAGES = ("report.html", "report.pdf", "report.docx", "report.pptx", "report.xlsx", "patients.csv")
NO_HISTORY = message(
    "the reports before this one are not known here, or were made anew since: what changed since then, and the "
    "pages, were not compared"
)
NO_LEDGER = message(
    "the earlier reports for readers outside are not known here: more may be masked in this one than in what is made "
    "again"
)


@dataclass(frozen=True)
class _Recorded:
    """What a manifest says of how its run was made. versions: of the libraries; place: within the source's folder."""

    settings: Settings
    program: str
    versions: Mapping[str, str]
    formats: tuple[str, ...]
    period: str
    place: PurePosixPath
    on_invalid: str
    strict: bool
    overrides: Mapping[str, Any]
    reviews: Mapping[str, str]

    @classmethod
    def of(cls, manifest: Mapping) -> _Recorded:
        """UsageError where it is not said, or its settings are not known to this version."""
        try:
            asked = manifest["request"]
            return cls(
                settings=recorded_settings(manifest["settings"]),
                program=manifest["program"],
                versions=manifest["versions"],
                formats=tuple(asked["formats"]),
                period=asked["period"],
                place=PurePosixPath(
                    asked.get("place", asked["period"])
                ),  # earlier versions knew the period alone
                on_invalid=asked["on_invalid"],
                strict=bool(asked["strict"]),
                overrides=asked.get("overrides", {}),
                reviews=recorded_reviews(asked),
            )
        except (LookupError, TypeError, AttributeError) as error:
            raise UsageError(
                message("The manifest does not say how the run was made, so it can't be rebuilt.")
            ) from error


def check_source(
    source: Path | str,
    folder: Path,
    manifest: Mapping,
    files: Mapping[str, bytes],
    config: Path | None = None,
) -> Rebuilt:
    """What differs between a run and what its source gives now. files: the files of the run that are there.

    config: the settings file of the run, where it is not the one beside the source. UsageError where the recorded
    settings are not known to this version, or were not recorded and are not found, or there is no such source;
    MachineFailed where the key of its pseudonyms is gone.
    """
    if "cases" in (manifest.get("request") or ()):
        raise UsageError(message("Case reviews are proved by their hashes alone: leave SOURCE out."))
    run = _Recorded.of(manifest)
    made_by = (
        "" if run.program == program_sha256() else str(run.versions.get("reportgen", "an earlier version"))
    )
    settings = run.settings
    if settings.privacy.profile != INTERNAL:
        settings = _with_hidden(settings, run.overrides, source, config, manifest["inputs"])
    try:
        book = readers.read(source, settings)
        cohort, issues = check_cohort(book, settings, on_invalid=run.on_invalid, strict=run.strict)
    except DataRefused as refused:
        book, cohort, issues = None, None, refused.issues
    found = [
        *_check_input(book.sha256 if book else None, manifest["inputs"]),
        *_check_config(source, config, manifest["inputs"]),
    ]
    if cohort is None:
        errors = sum(issue.severity == ERROR for issue in issues)
        found.append(Finding("input", "source", message("its data are refused now ({n} errors)", n=errors)))
        return Rebuilt({"inputs": 1}, tuple(found), (message("the numbers can't be compared"),), made_by)
    cohort, renamed = _under_its_name(cohort, manifest["inputs"])
    here = {**versions(), **packages(settings)}
    alike = (run.program, run.versions, manifest["machine"]) == (program_sha256(), here, machine())
    root = (folder.absolute(), *folder.absolute().parents)[len(run.place.parts)]
    safe, known = rebuilt_with(
        _as_shown(cohort, root.parent), cohort, root, list(manifest.get("releases", ()))
    )
    shown = replace(compare(safe, root, run.period).cohort, reviews=run.reviews)
    published, unknown, shown = _of_one_history(files.get(RESULTS), shown)
    made = produce(shown, run.formats)
    numbers = check_numbers(published, made[RESULTS], exact=alike, words=run.program == program_sha256())
    found += numbers.findings
    notes = (*renamed, *(() if alike else (_unlike(run.versions, here),)), *numbers.notes)
    if unknown:
        notes = (*notes, NO_HISTORY)
    if not known:
        notes = (*notes, NO_LEDGER)
    if alike and not unknown:
        found += _check_pages(files, made)
    second, opinions = disagreements(cohort, analyse(_as_internal(cohort))[0])
    checked = {"inputs": 1, "numbers": numbers.count, "second implementation": opinions}
    if alike and not unknown:
        checked["pages"] = sum(name in made for name in PAGES)
    return Rebuilt(checked, (*found, *second), notes, made_by)


def _check_pages(files: Mapping[str, bytes], made: Mapping[str, bytes]) -> list[Finding]:
    return [
        Finding("page", name, message("it is not the page that this source gives"))
        for name in PAGES
        if name in files and name in made and sha256(files[name]) != sha256(made[name])
    ]


def _with_hidden(
    settings: Settings, overrides: Mapping, source: Path | str, config: Path | None, inputs: list[Mapping]
) -> Settings:
    """The recorded settings with those that a report for others does not tell, as the source has them now.

    They are what the source calls its sheets, columns and words, and days.
    """
    near = {entry["sha256"] for entry in settings_files(source, config).inputs}
    far = [entry["name"] for entry in inputs[1:] if entry["sha256"] not in near]
    if far and config is None and not near:
        raise UsageError(
            message(
                "The run was made with {a}, which is not beside the source, and a report of the profile "
                "{profile} does not tell what it said: name it with --config.",
                a=far[0],
                profile=settings.privacy.profile,
            )
        )
    try:
        asked = (source, config, overrides)
        now = settings_for(read_source(*asked), *asked)
    except DataRefused:
        now = settings_before(source, config, overrides)
    return with_hidden(settings, now)


def _under_its_name(cohort: Any, inputs: list[Mapping]) -> tuple[Any, tuple[str, ...]]:
    """The cohort with the name that its source had: who renames a file has not changed it. And a note of it."""
    recorded, now = inputs[0] if inputs else {}, cohort.source
    name = recorded.get("name")
    if not name or recorded.get("sha256") != now.sha256 or name == now.name:
        return cohort, ()
    said = f"the source was called {name} when the run was made"
    return replace(cohort, source=replace(now, name=name)), (said,)


def _as_shown(cohort, output: Path):
    """The cohort under its profile. The key of the pseudonyms is read and never made: a new one proves nothing."""
    key = key_file(output)
    if cohort.settings.privacy.profile in PSEUDONYMOUS and not key.exists():
        raise MachineFailed(
            message(
                "the key of the pseudonyms, {key}, is not there, so the report can't be rebuilt. Put it "
                "there, or say where it is with REPORTGEN_KEY_FILE.",
                key=key,
            )
        )
    return protected(cohort, output)


def _as_internal(cohort):
    """The cohort as its own ward sees it: with every number exact, for the second implementation to check."""
    privacy = replace(cohort.settings.privacy, profile="internal")
    return replace(cohort, settings=replace(cohort.settings, privacy=privacy))


def _of_one_history(written: bytes | None, cohort: Any) -> tuple[dict | None, bool, Any]:
    """The published results and the cohort, both without the reports before it, unless these are known to be the same.

    None where the results can't be read. The second answer says whether anything was left out of them.
    """
    try:
        results = json.loads(written or b"")
        was = results["provenance"].get(COMPARED, [])
        rows = [row for row in results["estimates"] if row["section"] != changes.KEY]
    except (ValueError, LookupError, TypeError, AttributeError):
        return None, False, cohort
    if was == provenance(cohort, None).get(COMPARED, []):
        return results, False, cohort
    origin = {name: value for name, value in results["provenance"].items() if name != COMPARED}
    return results | {"estimates": rows, "provenance": origin}, bool(was), replace(cohort, earlier=None)


def _unlike(recorded: Mapping[str, str], here: Mapping[str, str]) -> str:
    changed = [name for name, version in here.items() if recorded.get(name) != version]
    how = message("by other code of the program, or on another machine")
    if changed:
        how = message("with another {libraries}", libraries=", ".join(changed))
    return message(
        "the run was made {how}: numbers were compared up to rounding ({rounding}), pages not at all",
        how=how, rounding=f"{ROUNDING:g}",
    )  # fmt: skip


def _check_input(sha: str | None, inputs: list[Mapping]) -> list[Finding]:
    recorded = inputs[0] if inputs else {}
    if sha == recorded.get("sha256"):
        return []
    problem = message("the source is not the one that the run was made from")
    return [Finding("input", str(recorded.get("name", "source")), problem, recorded.get("sha256"), sha)]


def _check_config(source: Path | str, config: Path | None, inputs: list[Mapping]) -> list[Finding]:
    """The settings beside and inside the source now. For the rebuild the recorded ones are used.

    Where the run was given a file of another name, these did not count.
    """
    recorded = inputs[1:]
    names = {PurePath(entry["name"]).name for entry in recorded}
    hashes = {entry["sha256"] for entry in recorded}
    problem = message("the settings beside the source are not those that the run was made with")
    found = []
    for now in settings_files(source, config).inputs:
        if now["sha256"] not in hashes and (not recorded or PurePath(now["name"]).name in names):
            was = next((entry["sha256"] for entry in recorded if entry["name"] == now["name"]), None)
            found.append(Finding("input", now["name"], problem, was, now["sha256"]))
    return found
