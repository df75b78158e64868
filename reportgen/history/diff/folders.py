"""A published run, from its folder and, where it is still there, from the history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.base.errors import NOTE, DataRefused, MachineFailed, UsageError, reason
from reportgen.base.message import message
from reportgen.cohort.changes.previous_report import Question
from reportgen.cohort.readers import excel
from reportgen.history.runs import Run, load
from reportgen.history.store import place_of, reading
from reportgen.publish.queries import NAME, PAST
from reportgen.publish.run_files import sha256
from reportgen.settings.model import Settings
from reportgen.settings.sources import load_settings

ASKED = ("id", "severity", "sheet", "cell", "patient", "problem", "open since")


@dataclass(frozen=True)
class Folder:
    """A run. kept: whether the history holds it as it was published, with or without its values.

    source: the name of what it was made from; profile: who was to read it; curves: those of results.json, by id.
    """

    path: Path
    run: Run
    kept: bool
    source: str
    profile: str
    curves: Mapping[str, Mapping[str, Any]]


def read_folder(path: Path, config: Path | None = None) -> Folder:
    """The run in a folder. Raises UsageError where there is none, MachineFailed where it can't be read."""
    manifest, results = _json(path, "manifest.json"), _json(path, "results.json")
    try:
        period, cutoff = manifest["request"]["period"], manifest["cutoff"]
        depth = len(PurePosixPath(manifest["request"].get("place", period)).parts)
        about = {key: manifest[key] for key in ("settings", "versions", "program", "cutoff_given")}
        about |= {"labels": {}, "source": manifest["inputs"][0]}
        estimates = tuple(results["estimates"])
        curves = {curve["id"]: curve for curve in results["curves"]}
        profile = about["settings"]["privacy"]["profile"]
    except (LookupError, TypeError) as error:
        raise UsageError(
            message("{path} holds a manifest.json that is not of this version.", path=path)
        ) from error
    root = (path.resolve(), *path.resolve().parents)[depth]
    run = _kept(root, period, sha256((path / "results.json").read_bytes()), config)
    kept = run is not None
    if run is None:
        day = date.fromisoformat(cutoff) if cutoff else None
        run = Run(root.name, period, day, about, estimates, None, tuple(_asked(path / NAME)))
    return Folder(path, run, kept, str(about["source"].get("name", "")), profile, curves)


def _kept(root: Path, period: str, results: str, config: Path | None) -> Run | None:
    """The run in the history; None where it is not there, or was made anew since this folder was."""
    place = (load_settings(config).history.url if config else "") or place_of(root)
    with reading(place) as session:
        run = load(session, root.name, period) if session else None
    return run if run is not None and run.about.get("results") == results else None


def _json(path: Path, name: str) -> Mapping:
    try:
        return json.loads((path / name).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(
            message(
                "{path} is no published run: it holds no {name}. Give the folder of one report, such as "
                "output/cohort or output/cohort/2026-10.",
                path=path,
                name=name,
            )
        ) from error
    except ValueError as error:
        raise UsageError(message("{a} can't be read: it is no JSON.", a=path / name)) from error
    except OSError as error:
        raise MachineFailed(message("{a} can't be read: {why}.", a=path / name, why=reason(error))) from error


def _asked(path: Path) -> Iterator[Question]:
    """The questions of a queries.xlsx; none where a run has none, or only a link to those of today."""
    if not path.is_file() or path.is_symlink():
        return
    try:
        sheets, _ = excel.read(NAME, path.read_bytes(), Settings())
    except DataRefused as error:
        raise UsageError(message("{path} can't be read as a workbook.", path=path)) from error
    for sheet in sheets:
        if sheet.name not in PAST and set(ASKED) <= set(sheet.header):
            places = [sheet.header.index(name) for name in ASKED]
            for id, severity, *rest in sheet.frame[places].itertuples(index=False, name=None):
                words = [
                    "" if cell is None else cell.isoformat()[:10] if isinstance(cell, date) else str(cell)
                    for cell in rest
                ]
                if severity != NOTE:
                    yield Question(str(id), str(severity), *words)
