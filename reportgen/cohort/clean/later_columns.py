"""Which further columns hold what happened after the start: by role, settings, name, dates and values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean.further import Further
from reportgen.cohort.clean.later_by_data import follows
from reportgen.cohort.cohort import Table
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.later_names import DOUBTFUL, speaks_of_later
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.mapping.timed_names import timed
from reportgen.settings.model import Features, Settings

SPOKEN = ("sex", "diagnosis", "treatment", "age_at_start")


@dataclass(frozen=True)
class Later:
    """The columns that are taken as known only after the start; asked: those that only may be, by their name."""

    names: frozenset[str]
    asked: frozenset[str] = frozenset()


def set_aside(
    further: Further, patients: Table, labels: Mapping[str, str], settings: Settings
) -> tuple[Later, list[Issue]]:
    """The further columns that are taken as known only after the start, and why each of them is.

    The dictionary's role decides, then [features] at_start and later, then known_at_start = false; where none
    of these speaks: the name, a date of the same name, and at last the values. What is set aside for its name
    or its values alone is said as a WARNING that names the line which overrules it.
    """
    asked = settings.features
    at_start, later = (_with_items(names, further) for names in (asked.at_start, asked.later))
    found, issues = set(later), list(_contradictions(asked, later & at_start, patients))
    doubtful = set()
    for name, entry in further.examined.items():
        if entry.role or name in later | at_start:
            found |= {name} if entry.role == "later" else set()
            continue
        if not asked.known_at_start:
            found.add(name)
            continue
        reason = _reason(name, further, patients, labels[name], settings)
        if reason:
            found.add(name)
            doubtful |= {name} if reason == DOUBTFUL else set()
            cell = patients.address(further.header_row, name)
            issues.append(_question(labels[name], name, reason, patients.sheet, cell))
    return Later(frozenset(found), frozenset(doubtful)), issues + list(
        _group(further, labels, found, settings)
    )


def _with_items(names: Iterable[str], further: Further) -> set[str]:
    """Columns as they are compared; what is said of a column of lists is said of each of its findings."""
    told = set(map(name_key, names))
    return told | {item for item, name in further.of.items() if name in told}


def _reason(name: str, further: Further, patients: Table, label: str, settings: Settings) -> str:
    kind = further.kinds[name]
    spoken = speaks_of_later(name, label, number=kind == "number")
    dated = _dated(name, patients) if spoken in ("", DOUBTFUL) else None
    if dated is False:
        return ""
    if dated:
        return message("its date lies after the start")
    if spoken:
        return DOUBTFUL if spoken == DOUBTFUL else message("its name speaks of what happened later")
    if name in timed(tuple(further.examined)):
        return message("its name and another one are those of a time and its status")
    followed = follows(patients.frame[name], kind, patients, settings)
    return message("its values follow {a} in nearly all patients", a=followed) if followed else ""


def _dated(name: str, patients: Table) -> bool | None:
    """Whether a date of the same name lies after the start of somebody; None where there is no such date."""
    names = (f"{name}_date", f"date_of_{name}", f"date_{name}", f"{name}_dt", f"{name}_datum", f"datum_{name}",
             f"{name}date")  # fmt: skip
    found = [patients.frame[other] for other in names if other in patients.frame]
    start = patients.frame.get(patients.origin)
    dates = [dates for dates in found if pd.api.types.is_datetime64_any_dtype(dates) and dates.notna().any()]
    if start is None or not dates or start.isna().all():
        return None
    return bool(np.any([(date > start).any() for date in dates]))


def _question(label: str, name: str, reason: str, sheet: str, cell: str) -> Issue:
    if reason == DOUBTFUL:
        problem = message(
            "{a} may have become known only after the start of treatment, by its name; until that is said it is "
            "described, but not compared",
            a=label,
        )
        hint = message(
            "Write at_start = [{a}] or later = [{b}] under [features] in report.toml",
            a=f'"{name}"',
            b=f'"{name}"',
        )
        return Issue(WARNING, "ASK_LATER", sheet, cell, None, problem, hint)
    problem = message("{a} was taken as known only after the start of treatment: {b}", a=label, b=reason)
    hint = message(
        "If it was known at the start, write at_start = [{a}] under [features] in report.toml, or give it the role "
        "`feature` in the dictionary",
        a=f'"{name}"',
    )
    return Issue(WARNING, "ASSUMED_LATER", sheet, cell, None, problem, hint)


def _contradictions(asked: Features, both: set[str], patients: Table) -> Iterator[Issue]:
    for name in sorted(both):
        yield Issue(
            ERROR,
            "FEATURE_TWICE",
            None,
            None,
            None,
            message(
                "The settings say of {a} that it was known at the start, and that it became known later",
                a=name,
            ),
            message("Take it out of at_start or out of later under [features] in report.toml"),
        )
    for name in map(name_key, asked.at_start):
        if name in columns_of("patients") and name not in SPOKEN and name in patients.frame:
            yield Issue(
                WARNING,
                "ASSUMED_LATER",
                patients.sheet,
                None,
                None,
                message(
                    "{a} becomes known only after the start of treatment, whatever the settings say", a=name
                ),
                message("Take it out of at_start under [features] in report.toml"),
            )


def _group(
    further: Further, labels: Mapping[str, str], later: set[str], settings: Settings
) -> Iterator[Issue]:
    group = name_key(settings.group) if settings.group else ""
    canonical = group in columns_of("patients") and group not in SPOKEN
    if group and (group in later or canonical):
        yield Issue(WARNING, "GROUP_LATER", None, None, None,
                    message("The groups by {a} became known only after the start of treatment; their "
                    "outcomes are not compared from the start (immortal time)", a=labels.get(group, group)),
                    message("Name another group in report.toml, or compare from a landmark on"))  # fmt: skip
