"""Deaths of which another column than vital_status tells, against what the patients count as."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import Tables, days_of, each, values_of
from reportgen.cohort.coded import factorized
from reportgen.cohort.cohort import Table
from reportgen.cohort.distinct import chosen
from reportgen.cohort.mapping.dates_of_all import MOST_CODES, written
from reportgen.cohort.mapping.event_coding import read_codes
from reportgen.cohort.mapping.event_words import code_and_word, is_number, speaks_of_death, value_key
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.later_names import EARLIER
from reportgen.cohort.mapping.pair_names import GENERIC, role_of
from reportgen.cohort.mapping.schema import columns_of
from reportgen.settings.model import Settings

OF_DEATH = frozenset(("os", "death", "dss"))
VITAL, DEATH = "vital_status", "death_date"


def death_without_date(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """DEATH_WITHOUT_DATE: a column says that a patient died who counts as alive, mostly for want of a date of death."""
    patients = tables["patients"]
    standing = who_lives(patients)
    if standing is None:
        return
    died, lives, derived = standing
    known = {*columns_of("patients"), *map(name_key, settings.features.exclude)}
    known |= {name_key(rule.event) for rule in settings.endpoint if rule.time}
    for name in patients.frame.columns:
        column = patients.frame[name]
        if name in known or pd.api.types.is_datetime64_any_dtype(column):
            continue
        codes, distinct = factorized(column)
        if len(distinct) > MOST_CODES:
            continue
        said = [*map(written, distinct)]
        dead, sure = values_of_death(name, list(dict.fromkeys(said)))
        told = pd.Series(chosen(np.array([*(word in dead for word in said), False]), codes), column.index)
        if not dead or (not sure and not (told[died].all() and told[lives].sum() <= told[died].sum())):
            continue
        yield from each(
            patients, told & lives, name, ERROR if sure and derived else WARNING, "DEATH_WITHOUT_DATE",
            message("{a} says that the patient died, but there is no date of death", a=name) if derived
            else message("{a} says that the patient died, vital_status that the patient is alive", a=name),
            message('Enter the date of death; if {a} says who died, write vital_status = "{a}" under '
                    '[columns.patients] in report.toml, and if it speaks of something else, exclude = ["{a}"] under '
                    "[features]", a=name),
        )  # fmt: skip


def who_lives(patients: Table) -> tuple[pd.Series, pd.Series, bool] | None:
    """Who counts as dead and who as alive, and whether that follows from dates of death alone; None where nothing says.

    Where the source says who died, what says otherwise is a doubt, and no reason to refuse.
    """
    if VITAL in patients.frame:
        status = values_of(patients, VITAL)
        return status.eq("dead"), status.eq("alive"), False
    if DEATH not in patients.frame:
        return None
    died = values_of(patients, DEATH).notna() | days_of(patients, DEATH).notna()
    return died, ~died, True


def values_of_death(name: str, values: Collection[str]) -> tuple[tuple[str, ...], bool]:
    """The values that say that a patient died, and whether they can mean nothing else; of a bare code of an event,
    and of a column that is called after nothing of the kind, they may."""
    role = role_of(name)
    if EARLIER & {*name.split("_")}:
        return (), False
    words = {value: code_and_word(value)[1] or value_key(value) for value in values}
    deaths = tuple(value for value, word in words.items() if speaks_of_death(word))
    if deaths:
        return deaths, role is not None
    if role is None or role.key not in (*OF_DEATH, GENERIC):
        return (), False
    found = read_codes(name, list(values), "os")
    events = {value_key(value) for value in found.event}
    codes = all(map(is_number, map(value_key, values)))
    sure = role.key in OF_DEATH and (not found.open or not codes)
    return tuple(value for value in values if value_key(value) in events), sure
