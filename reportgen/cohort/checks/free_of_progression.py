"""Progression-free survival never exceeds overall survival: not of a patient, nor by what the settings make of it.

The derived endpoints keep this by their rule. Settings, or given durations, may not: then it is an error, or the
endpoint is another one and needs a key of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import DAY, Tables, each
from reportgen.cohort.cohort import EndpointData, Table
from reportgen.cohort.endpoints.derive import derive_endpoints
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import DAYS_PER
from reportgen.settings.model import EndpointRule, Settings

BOTH = ("pfs", "os")
# So many may have been lost sight of before they died, where no death tells that deaths are events.
MOST_LOST = 2
ROUNDED = 0.05  # of its unit: a time in months has one decimal
OWN_KEY = message(
    'Give the endpoint of the settings a key of its own, such as key = "ttp"; or let death be an event of pfs'
)

OTHER_KEY = message(
    "Overall survival ends with death from any cause. Give the endpoint of the settings a key of its own, such as "
    'key = "css" or key = "efs"'
)


def pfs_within_os(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """One Issue per patient whose progression-free survival is longer than the survival, or lacks the death.

    Where deaths are no events of it at all, one Issue says that it is no progression-free survival.
    """
    rules = {rule.key: rule for rule in settings.endpoint if rule.key in BOTH}
    if not rules:
        return
    patients = tables["patients"]
    own = replace(settings, endpoint=tuple(rules.values()))
    endpoints, _ = derive_endpoints(patients, own, {}, tables.get("assessments"))
    if not all(key in endpoints for key in BOTH):
        return
    pfs, alive = (_by_row(endpoints[key]) for key in BOTH)
    both = pfs.join(alive, how="inner", lsuffix="_pfs", rsuffix="_os")
    near = DAY + sum(ROUNDED * DAYS_PER[rule.unit] for rule in rules.values() if rule.time)
    later = both["time_pfs"] - both["time_os"]
    died, event = both["status_os"].eq(1), both["status_pfs"].eq(1)
    column, events = _columns(patients, rules)
    yield from each(patients, _mask(patients, later > near), column, ERROR, "PFS_BEYOND_OS",
                     message("Progression-free survival is longer than overall survival"),
                     message("Correct one of the two times"))  # fmt: skip
    at_death = later.abs() <= near
    lost, counted = died & ~event, int((died & event & at_death).sum())
    if "pfs" in rules and _without_death(rules["pfs"], lost, at_death, counted):
        yield _no_pfs(patients, lost, events)
        return
    yield from each(patients, _mask(patients, lost & at_death), events, ERROR, "PFS_BEYOND_OS",
                     message("The patient died, but progression-free survival has no event at the death"),
                     message("Correct the event of one of the two endpoints"))  # fmt: skip


def os_is_death(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """OS_NOT_DEATH: the settings define os by dates so that the dead have no event of it, or others have one."""
    rules = tuple(rule for rule in settings.endpoint if rule.key == "os" and not rule.time)
    if not rules:
        return
    patients = tables["patients"]
    endpoints, _ = derive_endpoints(
        patients, replace(settings, endpoint=rules), {}, tables.get("assessments")
    )
    died = patients.frame.get("death_date")
    if "os" not in endpoints or died is None:
        return
    event = _by_row(endpoints["os"])["status"].eq(1)
    dead = died.notna().reindex(event.index)
    lost, others = dead & ~event, event & ~dead
    if not lost.any() and not others.any():
        return
    problem = (
        message("Death is no event of os as the settings define it: {n} of those who died have no event of it",
                n=int(lost.sum()))
        if lost.any()
        else message("The settings make others than deaths events of os: {n} with an event are not known to have died",
                     n=int(others.sum()))
    )  # fmt: skip
    wrong = lost if lost.any() else others
    cell = patients.address(wrong.index[wrong.to_numpy()][0], "death_date")
    yield Issue(WARNING, "OS_NOT_DEATH", patients.sheet, cell, None, problem, OTHER_KEY)


def _without_death(rule: EndpointRule, lost: pd.Series, at_death: pd.Series, counted: int) -> bool:
    """Whether deaths are no events by the rule: a date of death that it does not name, or none that a column tells."""
    if not lost.any():
        return False
    if not rule.time:
        return True
    return int((lost & at_death).sum()) > counted or (counted == 0 and int(lost.sum()) > MOST_LOST)


def _no_pfs(patients: Table, lost: pd.Series, column: str) -> Issue:
    row = lost.index[lost.to_numpy()][0]
    n = int(lost.sum())
    problem = message(
        "Death is no event of pfs as the settings define it, so that it would exceed overall survival: "
        "{n} of those who died have no event of it",
        n=n,
    )
    return Issue(
        ERROR, "PFS_WITHOUT_DEATH", patients.sheet, patients.address(row, column), None, problem, OWN_KEY
    )


def _columns(patients: Table, rules: dict[str, EndpointRule]) -> tuple[str, str]:
    """The column of the time, and that of the event, at which an Issue stands."""
    given = [rule for key in BOTH if (rule := rules.get(key)) is not None and rule.time]
    if given:
        return name_key(given[0].time), name_key(given[0].event)
    column = "death_date" if "death_date" in patients.frame else "last_contact"
    return column, column


def _by_row(endpoint: EndpointData) -> pd.DataFrame:
    return pd.DataFrame({"time": endpoint.duration, "status": endpoint.status}, index=endpoint.rows)


def _mask(patients: Table, wrong: pd.Series) -> pd.Series:
    return wrong.reindex(patients.frame.index, fill_value=False).astype(bool)
