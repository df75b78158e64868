"""The reports of a source that lie in its folder, as their manifests tell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from reportgen.publish.report_folders import places
from reportgen.publish.run_files import sha256


@dataclass(frozen=True)
class LastGood:
    """A report that was made, as status.json tells of it. ended: when; folder: within that of the source; cutoff: None
    where there is none.
    """

    ended: str
    cutoff: str | None
    period: str
    profile: str
    folder: str
    manifest_sha256: str

    @property
    def in_time(self) -> bool:
        """Whether it was made when its month was over; one without a month always is."""
        return f"{datetime.fromisoformat(self.ended).astimezone():%Y-%m}" > self.period


@dataclass(frozen=True)
class MadeReport(LastGood):
    """The same with the outputs of its manifest, which are the proof of the report."""

    outputs: Mapping[str, object]


def published(root: Path) -> Iterator[MadeReport]:
    """Every report of a source that lies in its folder, under whichever profile, the latest made first."""
    found = [(_written(folder), report) for folder in places(root) if (report := report_in(folder, root))]
    # Several may be made within a second, as when months are made up for.
    found.sort(key=lambda pair: (pair[1].ended, pair[0]), reverse=True)
    yield from (report for _written_at, report in found)


def last_good(root: Path) -> LastGood | None:
    """The last report of a source that lies in its folder; None where there is none."""
    report = next(published(root), None)
    return (
        LastGood(**{part.name: getattr(report, part.name) for part in fields(LastGood)}) if report else None
    )


def report_in(folder: Path, root: Path) -> MadeReport | None:
    """The report that a folder holds; None where it holds none."""
    try:
        content = (folder / "manifest.json").read_bytes()
        manifest = json.loads(content)
        made = datetime.fromisoformat(manifest["made"])
        return MadeReport(
            made.isoformat(timespec="seconds"),
            manifest["cutoff"],
            manifest["request"]["period"],
            manifest["settings"]["privacy"]["profile"],
            folder.relative_to(root).as_posix(),
            sha256(content),
            manifest["outputs"],
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _written(folder: Path) -> int:
    """When the manifest of a folder was written, in nanoseconds; 0 where it holds none."""
    with suppress(OSError):
        return (folder / "manifest.json").stat().st_mtime_ns
    return 0
