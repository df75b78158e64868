"""What a run leaves for machines: results.json and manifest.json, as bytes.

results.json depends on data and settings alone. Whatever differs from run to run (times, durations, the
machine) stands in manifest.json and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import __version__
from reportgen.render import templates_folder
from reportgen.stats.results import Results

if TYPE_CHECKING:
    from reportgen.cohort.cohort import Cohort

RESULTS_SCHEMA = "reportgen/results/1"
MANIFEST_SCHEMA = "reportgen/manifest/1"
LIBRARIES = ("numpy", "scipy", "pandas", "lifelines", "matplotlib", "weasyprint", "jinja2", "python-docx", "lxml",
             "resvg-py")  # fmt: skip

MOST_ATTACHED, KEPT_STEPS = 2_000_000, 150
THINNED = (
    f"Each curve of more than {KEPT_STEPS} steps is thinned to these; events and censored are counted up to the next "
    "step. The whole curves are in the results.json beside the report."
)


def sha256(content: bytes) -> str:
    """The hash of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@cache
def versions() -> Mapping[str, str]:
    """This program, Python and the libraries whose version can change a number or a page, if they are there."""
    found = {"reportgen": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def results_json(results: Results, provenance: Mapping[str, object]) -> bytes:
    """`{"schema", "provenance", "estimates", "curves"}`, in order of computation, one statistic a line.

    null stands for what does not exist; a NaN or an infinity that got this far is a bug and raises
    ValueError. Times are in days, proportions within 0–1, nothing is rounded.
    """
    return (
        "{\n"
        f'"schema": {_json(RESULTS_SCHEMA)},\n'
        f'"provenance": {_json(provenance)},\n'
        f'"estimates": {_lines(estimate.to_row() for estimate in results.estimates)},\n'
        f'"curves": {_lines(curve.to_row() for curve in results.curves)}\n'
        "}\n"
    ).encode()


def attached(results: bytes) -> bytes:
    """results.json as it goes into the PDF: the same bytes, or those of a registry with its curves thinned.

    Of more than MOST_ATTACHED bytes each curve keeps KEPT_STEPS of its steps, evenly spaced. Kept steps are
    exact; the events and censorings after a step are counted with it, up to the next one that was kept, so
    that those at risk less these are those at risk at the next. The file says so itself, under "thinned".
    """
    if len(results) <= MOST_ATTACHED:
        return results
    content = json.loads(results)
    curves = [_thinned(curve) for curve in content["curves"]]
    return (
        "{\n"
        f'"schema": {_json(content["schema"])},\n'
        f'"provenance": {_json(content["provenance"])},\n'
        f'"thinned": {_json(THINNED)},\n'
        f'"estimates": {_lines(content["estimates"])},\n'
        f'"curves": {_lines(curves)}\n'
        "}\n"
    ).encode()


def _thinned(curve: dict) -> dict:
    steps, last = curve["steps"], len(curve["steps"]["time"]) - 1
    if last < KEPT_STEPS:
        return curve
    kept = [round(place * last / (KEPT_STEPS - 1)) for place in range(KEPT_STEPS)]
    ends = [*kept[1:], last + 1]
    found = {
        name: [sum(values[a:b]) for a, b in zip(kept, ends, strict=True)]
        if name in ("events", "censored")
        else [values[place] for place in kept]
        for name, values in steps.items()
    }
    return {**curve, "steps": found}


@dataclass(frozen=True)
class HowMade:
    """How a run came about, as its manifest says it.

    inputs: name and sha256 of each file read. request: what was asked for. settings: as they were after all their
    sources were merged. seconds: step → duration, in the order done. pseudonyms: what tells whether they were made with
    the same key, where there are any. releases: of those with which a report for readers outside was attacked, the
    SHA-256 of results.json. packages: whose chapters are in it, with their versions.
    """

    inputs: Sequence[Mapping[str, object]]
    request: Mapping[str, object]
    settings: Mapping[str, object]
    seconds: Mapping[str, float]
    pseudonyms: str = ""
    releases: Sequence[str] = ()
    packages: Mapping[str, str] = field(default_factory=dict)


def manifest(files: Mapping[str, bytes], cohort: Cohort, how: HowMade) -> bytes:
    """The proof of a run: SHA-256 and size of every file it made, what it read, how, and how long it took.

    files: relative path → content, without the manifest itself. A published folder is intact when every file has the
    SHA-256 that "outputs" gives; with inputs, request, settings and program it can be rebuilt. "seal" is the
    hash of the manifest itself.
    """
    content = {
        "schema": MANIFEST_SCHEMA,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "cutoff": cohort.cutoff,
        "cutoff_given": cohort.cutoff_given,
        "inputs": how.inputs,
        "outputs": {
            name: {"sha256": sha256(data), "bytes": len(data)} for name, data in sorted(files.items())
        },
        "request": how.request,
        "settings": how.settings,
        **({"pseudonyms": how.pseudonyms} if how.pseudonyms else {}),
        **({"releases": how.releases} if how.releases else {}),
        "versions": {**versions(), **how.packages},
        "program": program_sha256(),
        "machine": machine(),
        "seconds": how.seconds,
    }
    return sealed((_json(content, indent=1) + "\n").encode())


def sealed(content: bytes) -> bytes:
    """The manifest with the hash of itself as its last entry: it is the only file that it can't list."""
    return content[:-3] + f',\n "seal": "{sha256(content)}"\n}}\n'.encode()


def seal_holds(written: bytes) -> bool:
    """Whether a manifest is, byte for byte, what was written. It proves no more: anyone can seal anew."""
    match = re.search(rb',\n "seal": "([0-9a-f]{64})"\n\}\n\Z', written)
    return bool(match) and sha256(written[: match.start()] + b"\n}\n") == match[1].decode()


def machine() -> dict[str, str]:
    """Operating system and processor; nothing that names the computer or who uses it."""
    return {"system": platform.system(), "architecture": platform.machine()}


@cache
def program_sha256() -> str:
    """One hash of this program's code and templates: two programs of one version number can differ."""
    digest = hashlib.sha256()
    for root, pattern in ((Path(__file__).parents[1], "*.py"), (templates_folder(), "*")):
        for path in sorted(root.rglob(pattern)):
            if path.is_file() and "fonts" not in path.parts:
                digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, default=_plain)


def _lines(rows: Iterable[dict]) -> str:
    return "[" + ",".join("\n" + _json(row) for row in rows) + "\n]"


def _plain(value: object) -> object:
    """Dates as ISO text, mappings as objects; numpy's own numbers as Python's."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    item = getattr(value, "item", None)
    if item is not None:
        return item()
    raise TypeError(f"results and manifest hold plain data, but got {type(value).__name__}")
