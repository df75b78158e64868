"""A run by itself: its files against its manifest, and the results inside the PDF against those beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.message import message
from reportgen.publish.folder import UNREAD
from reportgen.publish.run_files import MANIFEST_SCHEMA, attached, seal_holds, sha256
from reportgen.unattended.status import NAME as STATUS
from reportgen.verification.attachments import attachments
from reportgen.verification.verdict import Finding

MANIFEST, RESULTS, PDF = "manifest.json", "results.json", "report.pdf"
QUESTIONS = "queries.xlsx"
SET_ASIDE = re.compile(rf"queries\.{UNREAD}-[0-9]+\.xlsx")
BROKEN_SEAL = message("its content was changed after it was published: the seal does not fit")


def manifest_of(folder: Path) -> tuple[dict | None, list[Finding]]:
    """The manifest, or None where it is too damaged to be read, and what is wrong with it.

    UsageError where the folder is no run, or one of a version that this program does not know.
    """
    written = _bytes_of(folder)
    findings = [] if seal_holds(written) else [Finding("changed", MANIFEST, BROKEN_SEAL)]
    try:
        manifest = json.loads(written)
        schema = manifest["schema"]
        readable = all(len(entry["sha256"]) == 64 for entry in manifest["outputs"].values())
        readable = readable and isinstance(manifest["inputs"], list)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None, findings or [Finding("changed", MANIFEST, message("it can't be read"))]
    if schema != MANIFEST_SCHEMA and not findings:
        raise UsageError(
            message(
                "The run has the schema {schema}, but this version knows {manifest_schema}.",
                schema=repr(schema),
                manifest_schema=repr(MANIFEST_SCHEMA),
            )
        )
    return (manifest if readable else None), findings


def _bytes_of(folder: Path) -> bytes:
    try:
        return (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(
            message(
                "{folder} is no published run: it holds no {manifest}. Give the folder of one report, "
                "such as output/cohort or output/cohort/2026-10.",
                folder=folder,
                manifest=MANIFEST,
            )
        ) from error
    except OSError as error:
        raise MachineFailed(
            message("{a} can't be read: {why}.", a=folder / MANIFEST, why=reason(error))
        ) from error


def check_files(folder: Path, outputs: Mapping[str, Mapping]) -> tuple[dict[str, bytes], list[Finding]]:
    """The files of the run that are there, and every file that is missing, changed or not of the run."""
    files, findings = {}, []
    for name, entry in outputs.items():
        path, parts = folder / name, PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or path.is_symlink():
            findings.append(Finding("changed", name, message("it leads out of the run")))
        elif not path.is_file():
            findings.append(Finding("missing", name, message("it is missing")))
        else:
            files[name] = path.read_bytes()
            if sha256(files[name]) != entry["sha256"]:
                findings.append(
                    Finding("changed", name, message("its content was changed after it was published"))
                )
    extra = sorted(set(_names(folder, folder)) - {*outputs, MANIFEST})
    return files, findings + [Finding("extra", name, message("it is not of this run")) for name in extra]


def _names(folder: Path, top: Path) -> Iterator[str]:
    """Every file of the run below the folder: not of other runs (periods), not how the last one ended, nor
    questions that were set aside, nor what publishing keeps hidden.
    """
    for path in folder.iterdir():
        hidden = _hidden(path)
        if path.is_dir() and not path.is_symlink():
            if not hidden and not (path / MANIFEST).is_file():
                yield from _names(path, top)
        elif (
            not hidden
            and path != top / STATUS
            and not SET_ASIDE.fullmatch(path.relative_to(top).as_posix())
            and not _leads_to_questions(path, top)
        ):
            yield path.relative_to(top).as_posix()


def _leads_to_questions(path: Path, top: Path) -> bool:
    """Whether it is the link of a month to the one file of the source's questions."""
    return path == top / QUESTIONS and path.is_symlink() and path.readlink() == Path("..", QUESTIONS)


def inner_runs(folder: Path) -> Iterator[Path]:
    """The nearest folders below that have a manifest of their own."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and not _hidden(path):
            if (path / MANIFEST).is_file():
                yield path
            else:
                yield from inner_runs(path)


def _hidden(path: Path) -> bool:
    """What publishing keeps beside its folders."""
    return path.name.startswith(".") and path.suffix in (".lock", ".new", ".old")


def _as_attached(results: bytes) -> bytes | None:
    """As the PDF carries it; None where it is damaged, which the manifest tells."""
    try:
        return attached(results)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def check_attachment(files: Mapping[str, bytes]) -> list[Finding]:
    """Whether the PDF holds the very results that lie beside it."""
    if PDF not in files or RESULTS not in files:
        return []
    inside = attachments(files[PDF]).get(RESULTS)
    if inside is None:
        return [Finding("attachment", PDF, message("it holds no {file} that can be read", file=RESULTS))]
    if inside != _as_attached(files[RESULTS]):
        return [
            Finding("attachment", PDF, message("the {file} inside it is not the one beside it", file=RESULTS))
        ]
    return []
