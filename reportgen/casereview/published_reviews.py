"""The files of a run of case reviews: what stays of earlier runs, the index, the manifest; and publishing them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen import __version__
from reportgen.casereview.one_review import SEALED
from reportgen.casereview.spool import Shelf
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.mapping.source_settings import settings_files
from reportgen.parallel.pool import Made
from reportgen.publish.folder import publish
from reportgen.publish.review_links import INDEX, MANIFEST, SCHEMA
from reportgen.publish.run_files import HowMade, manifest, sha256
from reportgen.run.pipeline import Request, root_of
from reportgen.run.pseudonym_key import key_mark
from reportgen.settings.model import recorded_overrides, reported

# What must be the same for the reviews of an earlier run to stay beside those of this one.
SAME = ("cutoff", "cutoff_given", "inputs", "settings", "versions", "program")


@dataclass(frozen=True)
class Run:
    """A run that is about to be published. asked: what was asked beyond the
    common request; seconds: how long each step took."""

    common: Request
    cohort: Cohort
    folder: Path
    names: Sequence[str]
    asked: Mapping[str, object]
    seconds: Mapping[str, float]


def publish_cases(shelf: Shelf, failures: Sequence[Made], run: Run) -> None:
    """Publish what is on the shelf as a folder of its own, which the report's files have no part in."""
    how = _how(run)
    _keep(shelf, run.folder, json.loads(manifest({}, run.cohort, how)))
    shelf.put(INDEX, _index(shelf, failures, run))
    shelf.put(MANIFEST, manifest(shelf, run.cohort, how))
    root = root_of(run.common)
    publish(shelf, root, run.folder.relative_to(root).as_posix())


def _how(run: Run) -> HowMade:
    common = run.common
    return HowMade(
        inputs=[
            run.cohort.source.to_row(),
            *settings_files(common.source, common.config, common.found).inputs,
        ],
        request={
            "on_invalid": common.on_invalid,
            "strict": common.strict,
            "period": common.period,
            "overrides": recorded_overrides(common.overrides),
            **run.asked,
        },
        settings=reported(run.cohort.settings),
        pseudonyms=key_mark(common.output),
        seconds=run.seconds,
    )


def _keep(shelf: Shelf, folder: Path, new: Mapping) -> None:
    """Let the reviews of an earlier run stay, if nothing but the choice of patients has changed since.

    A manifest that can't be read vouches for none of them; publishing leaves the files where they lie.
    """
    try:
        old = json.loads((folder / MANIFEST).read_bytes())
        hashes = {name: entry["sha256"] for name, entry in old["outputs"].items()}
        same = all(old.get(name) == new.get(name) for name in SAME)
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
        return
    for name, known in hashes.items() if same else ():
        path = folder / name
        if name in (INDEX, MANIFEST) or name in shelf or not path.is_file():
            continue
        content = path.read_bytes()
        if sha256(content) == known:
            shelf.put(name, content)


def _index(shelf: Shelf, failures: Sequence[Made], run: Run) -> bytes:
    """Which file is whose: by pseudonym, and by id only where ids may be seen."""
    internal = run.cohort.settings.privacy.profile == "internal"
    ids = run.cohort.patients.frame["patient_id"].tolist()
    rows = []
    for position, name in enumerate(run.names):
        file = next((file for file in (f"{name}.pdf", f"{name}.pptx") if file in shelf), "")
        if file:
            row = {"pseudonym": name, "file": file}
            row |= {"encrypted": f"{SEALED}/{name}.pdf"} if f"{SEALED}/{name}.pdf" in shelf else {}
            rows.append(row | ({"patient": str(ids[position])} if internal else {}))
    cutoff = run.cohort.cutoff
    content = {
        "schema": SCHEMA,
        "program": f"reportgen {__version__}",
        "profile": run.cohort.settings.privacy.profile,
        "cutoff": cutoff.isoformat() if cutoff else None,
        "patients": run.cohort.n,
        "cases": sorted(rows, key=lambda row: row["pseudonym"]),
        "failed": sorted(run.names[made.position] for made in failures),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
