"""Reports for readers outside and those that were made before: each is attacked together with all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.publish.report_folders import places
from reportgen.publish.run_files import sha256

if TYPE_CHECKING:
    from reportgen.cohort.cohort import Cohort
    from reportgen.history.releases import Kept

EXTERNAL = "external"
UNKNOWN = (
    "the ledger of earlier reports for readers outside is not in reach, though there are some: this one was not "
    "attacked together with them. Put the history back beside the reports, or name it under [history]."
)


def with_releases(shown: Cohort, whole: Cohort, root: Path) -> tuple[Cohort, tuple[str, ...]]:
    """The protected cohort with what was told of it before; and what is to be said where that is not known.

    whole: the cohort before it was protected. Only reports for readers outside have a ledger.
    """
    if shown.settings.privacy.profile != EXTERNAL:
        return shown, ()
    from reportgen.history.releases import releases

    known = releases(_place(whole, root), root.name)
    return _with(shown, whole, known), () if known or not _made(root) else (UNKNOWN,)


def _made(root: Path) -> bool:
    """Whether a report for readers outside lies among those of a source."""
    outside = (folder for folder in places(root) if EXTERNAL in folder.parts[-2:])
    return any((folder / "manifest.json").is_file() for folder in outside)


def foretold(shown: Cohort) -> str:
    """What a report for readers outside will mask; "" for others, and where nothing is."""
    if shown.settings.privacy.profile != EXTERNAL:
        return ""
    from reportgen.privacy.masking_forecast import masked_ahead

    return masked_ahead(shown)


def rebuilt_with(shown: Cohort, whole: Cohort, root: Path, asked: list[str]) -> tuple[Cohort, bool]:
    """The same for a report that is made again: with the releases that it was made with; whether all are known.

    asked: the SHA-256 of their results.json, as the manifest has them.
    """
    if shown.settings.privacy.profile != EXTERNAL:
        return shown, True
    from reportgen.history.releases import releases

    known = tuple(one for one in releases(_place(whole, root), root.name) if one.results in asked)
    return _with(shown, whole, known, forgotten=True), {one.results for one in known} == set(asked)


def _place(whole: Cohort, root: Path) -> Path | str:
    from reportgen.history.store import place_of

    return whole.settings.history.url or place_of(root)


def _with(shown: Cohort, whole: Cohort, known: tuple[Kept, ...], forgotten: bool = False) -> Cohort:
    from reportgen.privacy.joint_attack import told_from

    moment = hashlib.sha256(f"{whole.source.sha256}|{whole.cutoff}".encode()).hexdigest()[:16]
    counted = [one for one in known if forgotten or not one.reason]
    found = tuple((told_from(one.content), one.results) for one in counted)
    return replace(
        shown,
        moment=moment,
        releases=tuple(told for told, _results in found),
        told_in=tuple(results for _told, results in found),
    )


def told_before(cohort: Cohort) -> list[str]:
    """The reports that a report was attacked with, for the manifest."""
    return list(cohort.told_in)


def keep_told(cohort: Cohort, root: Path, period: str, results: bytes) -> None:
    """Write down what a report for readers outside tells, before it is published."""
    if cohort.settings.privacy.profile != EXTERNAL:
        return
    from reportgen.history.releases import keep_release
    from reportgen.privacy.release import told

    keep_release(_place(cohort, root), root.name, period, sha256(results), told(cohort))


def lines(known: tuple[Kept, ...], root: Path) -> Iterator[str]:
    """The releases of a source in words. root: the folder of its reports."""
    yield f"{len(known)} report{'s' * (len(known) != 1)} for readers outside."
    if not known and _made(root):
        yield (
            "But such reports lie there: their ledger is not in reach, or they were made by a version that kept none. "
            "A new one is not attacked together with them."
        )
    for one in known:
        period = f", period {one.period}" if one.period else ""
        gone = f"; forgotten: {one.reason}" if one.reason else ""
        printed = len(one.content["printed"])
        about = f"min_cell {one.content['min_cell']}, {printed} counts printed"
        yield f"{one.number}: made {one.made}{period}, {about}{gone}"


def as_data(one: Kept) -> dict[str, object]:
    """An earlier report for readers outside, as JSON. forgotten: why it no longer counts, None where it does."""
    return {
        "number": one.number,
        "made": one.made,
        "period": one.period or None,
        "min_cell": one.content["min_cell"],
        "printed": dict(one.content["printed"]),
        "forgotten": one.reason or None,
    }
