"""What is examined as a characteristic of the patients, and whether it was known at the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.further import Further
from reportgen.cohort.clean.kind_of_column import MAX_LEVELS
from reportgen.cohort.clean.later_columns import Later
from reportgen.cohort.clean.reference_levels import in_chosen_order
from reportgen.cohort.clean.signs import rank_of_sign
from reportgen.cohort.cohort import MOST_GROUPS, Feature, Table
from reportgen.cohort.mapping.dictionary import Entry
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import columns_of
from reportgen.settings.model import Settings
from reportgen.settings.sources.nearest_name import correction

ALWAYS = ("sex", "age_at_start", "diagnosis")


def choose(
    further: Further, patients: Table, labels: Mapping[str, str], later: Later, settings: Settings
) -> tuple[tuple[Feature, ...], list[Issue]]:
    """The features of the report: sex, age and diagnosis, and the further columns that the settings leave.

    [features] include, where given, names the further columns that are examined, and no others are. A
    group is a feature in any case. A further column that holds one value only is no feature unless somebody
    asked for it; at_start and later say when a column was known, and ask for nothing. later: the columns that
    became known only after the start (see known_later).
    """
    frame = patients.frame
    group = name_key(settings.group) if settings.group else ""
    strata = tuple(map(name_key, settings.stratifying))
    include = {name_key(name) for name in settings.features.include}
    exclude = {name_key(name) for name in settings.features.exclude} - {group, *strata}
    asked, of = settings.features, further.of
    known = (*frame.columns, *further.ignored)
    issues = list(_unknown(settings, known, further.theirs))
    of_interest = {name_key(name) for name in asked.of_interest}
    chosen, constant = [], []
    if frame.get("diagnosis", pd.Series()).nunique() > MAX_LEVELS and "diagnosis" not in (*include, group):
        exclude |= {"diagnosis"}
        issues.append(Issue(WARNING, "MANY_LEVELS", patients.sheet, patients.address(further.header_row, "diagnosis"),
                            None, message("{a} has more than {n} different values and was not examined",
                                          "MANY_LEVELS", a="diagnosis", n=MAX_LEVELS),
                            message("Make fewer groups of its values")))  # fmt: skip
    if group in frame and frame[group].nunique() > MOST_GROUPS:
        issues.append(Issue(WARNING, "MANY_GROUPS", patients.sheet, patients.address(further.header_row, group), None,
                            message("There are more than {n} groups by {a}; they are "
                            "described, but neither drawn nor compared", n=MOST_GROUPS, a=labels.get(group, group)),
                            message("Name a group of fewer levels in report.toml")))  # fmt: skip
    for name in dict.fromkeys((*ALWAYS, *sorted(include), group, *strata)):
        varies = name != "diagnosis" or name in include or frame.get(name, pd.Series()).nunique() > 1
        if name in frame and name in columns_of("patients") and name not in exclude and varies:
            chosen.append(_canonical(name, frame[name], labels[name], name not in later.names))
    for name, entry in further.examined.items():
        names = {name, of.get(name, name)}
        if not names & exclude and (not include or names & include or name in (group, *strata)):
            wanted = entry.role or name in include | of_interest | {group, *strata}
            if not wanted and frame[name].count() > 1 and frame[name].nunique() == 1:
                constant.append(labels[name])
                continue
            known = name not in later.names
            feature, said = _feature(name, further.kinds[name], frame[name], entry, labels[name], known)
            chosen.append(feature)
            cell = patients.address(further.header_row, name)
            issues.extend(Issue(*parts[:2], patients.sheet, cell, None, *parts[2:]) for parts in said)
    if constant:
        issues.append(Issue(NOTE, "CONSTANT_COLUMN", patients.sheet, None, None,
                            message("The same in all patients, and not examined: {a}", a=', '.join(constant)),
                            message("Nothing to do")))  # fmt: skip
    chosen, said = in_chosen_order(chosen, settings)
    issues += said
    features = (replace(f, of_interest=f.name in of_interest, asked=f.name in later.asked) for f in chosen)
    return tuple(features), issues


def _unknown(settings: Settings, known: tuple[str, ...], theirs: Mapping[str, str]) -> Iterator[Issue]:
    """MISSING_COLUMN: names that no column has. theirs: what the source calls its columns → their names here.

    What [columns.patients] makes a column of ours is ours, whatever a list of [features] says of it.
    """
    ours = {name_key(header) for header in settings.columns.get("patients", {}).values()}
    lists = ("include", "exclude", "at_start", "later", "of_interest", "lists")
    named = {f"[features] {key}": getattr(settings.features, key) for key in lists}
    named |= {"[report] group": (settings.group or "",), "[report] strata": settings.stratifying}
    said = {}
    for where, names in named.items():
        for name in map(name_key, filter(None, names)):
            if name not in known and not (name in ours and where.startswith("[features]")):
                said.setdefault(name, where)
    for name, where in said.items():
        here = theirs.get(name)
        hint = correction(name, known)
        if here:
            hint = message("Correct it in report.toml to its name here: {a}", a=here)
        problem = message("The settings name in {a} a column {b} that does not exist", a=where, b=repr(name))
        yield Issue(ERROR, "MISSING_COLUMN", None, None, None, problem, hint)


def _feature(
    name: str, kind: str, values: pd.Series, entry: Entry, label: str, known: bool
) -> tuple[Feature, list[tuple[str, str, Message, Message]]]:
    said = []
    levels: tuple[str, ...] = ()
    if kind == "yes/no":
        levels = ("yes", "no")
    elif kind == "category":
        present = in_order(values)
        strange = [level for level in present if level not in entry.levels]
        if entry.levels and strange:
            said.append((WARNING, "UNKNOWN_VALUE", message("{a} has values that the dictionary does not list", a=label),
                         message("Correct the values, or add them to the levels in the dictionary")))  # fmt: skip
        levels = (*entry.levels, *strange)
    by_alphabet = kind == "category" and not entry.levels
    return Feature(name, label, kind, entry.unit, levels, known, by_alphabet=by_alphabet), said


def in_order(values: pd.Series) -> tuple[str, ...]:
    """The levels of a category in printed order: by number where they are numbers, or signs (++), else by alphabet."""
    levels = [level for level in pd.unique(values) if isinstance(level, str)]

    def rank(level: str):
        value = cells.number(level)[0]
        value = rank_of_sign(level) if value is None else value
        return (value is None, value or 0.0, level.casefold(), level)

    return tuple(sorted(levels, key=rank))


def _canonical(name: str, values: pd.Series, label: str, known: bool) -> Feature:
    column = columns_of("patients")[name]
    if column.kind == "number":
        return Feature(name, label, "number", column.unit, (), known)
    if column.kind == "yes/no":
        return Feature(name, label, "yes/no", "", ("yes", "no"), known)
    present = in_order(values)
    ordered = tuple(word for word in column.words if word in present) if column.words else present
    known = known and name in ("sex", "diagnosis", "treatment")
    return Feature(name, label, "category", "", ordered, known, by_alphabet=not column.words)
