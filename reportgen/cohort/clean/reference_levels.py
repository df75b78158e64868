"""What the settings say of the levels of a feature: which one the others are set against, and which make strata."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportgen.base.errors import ERROR, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.cohort import Feature
from reportgen.cohort.mapping.keys import name_key
from reportgen.settings.model import Settings
from reportgen.settings.sources.nearest_name import correction

HOW = message('Write it as reference = ["column: level"] under [features] in report.toml')
NAMED = message('Write it as group_names = ["level: short name"] under [report] in report.toml')
OF_GROUPS = message("Name a column of groups, or give this one the type category in the dictionary")


def in_chosen_order(features: Sequence[Feature], settings: Settings) -> tuple[list[Feature], list[Issue]]:
    """The features, each with its reference as the first level, and what of these settings cannot be followed."""
    wanted, issues = {}, [*_not_groups(features, settings), *_misnamed(features, settings)]
    by_name = {f.name: f for f in features}
    for line in settings.features.reference:
        name, colon, level = (part.strip() for part in line.partition(":"))
        chosen = by_name.get(name_key(name))
        problem, hint = _fault(line, colon, level, chosen, list(by_name))
        if problem:
            issues.append(Issue(ERROR, "REFERENCE_LEVEL", None, None, None, problem, hint))
        elif chosen is not None:
            wanted[chosen.name] = level
    return [_first(f, wanted.get(f.name)) for f in features], issues


def _fault(
    line: str, colon: str, level: str, chosen: Feature | None, names: Sequence[str]
) -> tuple[Message | None, Message]:
    if not colon or not level:
        return message("The reference {a} names no level", a=repr(line)), HOW
    if chosen is None:
        problem = message("The reference {a} is of a column that is no feature of the report", a=repr(line))
        return problem, correction(name_key(line.partition(":")[0]), names)
    if chosen.kind == "yes/no":
        problem = message(
            "The reference {a} is of a column of yes and no, whose reference is no", a=repr(line)
        )
        return (problem, message("Delete it from report.toml")) if level != "no" else (None, HOW)
    if level not in chosen.levels:
        problem = message("The reference {a} names a level that the column does not have", a=repr(line))
        return problem, correction(level, chosen.levels)
    return None, HOW


def _misnamed(features: Sequence[Feature], settings: Settings) -> Iterator[Issue]:
    """Short names of groups that no group has."""
    chosen = next((f for f in features if f.name == name_key(settings.group)), None)
    levels = chosen.levels if chosen else ()
    for line in settings.group_names:
        level, colon, name = (part.strip() for part in line.rpartition(":"))
        if not colon or not name or level not in levels:
            yield Issue(ERROR, "GROUP_NAME", None, None, None,
                        message("The name {a} is of no group that is compared", a=repr(line)),
                        correction(level, levels) if colon and name and levels else NAMED)  # fmt: skip


def _not_groups(features: Sequence[Feature], settings: Settings) -> Iterator[Issue]:
    """Columns that the settings name for groups or strata and that make none: lists of findings, and numbers."""
    strata = tuple(map(name_key, settings.stratifying))
    for column in map(name_key, settings.features.lists):
        if column in (name_key(settings.group), *strata):
            finding = next((f.label for f in features if f.name.startswith(f"{column}_")), "…")
            yield Issue(ERROR, "LIST_AS_GROUP", None, None, None,
                        message("The settings make groups by {a}, whose cells list several findings, so that a "
                                "patient may be in more than one of them", a=repr(column)),
                        message("Name one finding, which its patients have or have not: {line}",
                                line=repr(f"{column}: {finding}")))  # fmt: skip
    for feature in features:
        if feature.name in strata and feature.kind == "number":
            yield Issue(ERROR, "STRATA_OF_NUMBERS", None, None, None,
                        message("The settings name {a} among the strata, which holds numbers and no groups",
                                a=feature.label), OF_GROUPS)  # fmt: skip


def _first(feature: Feature, level: str | None) -> Feature:
    if level is None or feature.kind == "yes/no":
        return feature
    levels = (level, *(other for other in feature.levels if other != level))
    return replace(feature, levels=levels, by_alphabet=False)
