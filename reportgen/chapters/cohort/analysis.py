"""The cohort: where the patients come from, how complete the data are, and what is doubtful in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from reportgen.analyses import outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import share
from reportgen.base.errors import Issue
from reportgen.base.message import message
from reportgen.chapters.cohort.facts import (
    KEY,
    CohortFacts,
    Days,
    Field,
    FlowLabel,
    IssueCount,
    ListedIssue,
    MatchedColumn,
)
from reportgen.cohort.clean.cutoff import latest_date
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.derive import STATUS_UNKNOWN
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import columns_of
from reportgen.stats.notes import not_estimable, refused
from reportgen.stats.results import Estimate, Results

TABLES = ("patients", "toxicities", "treatments", "assessments", "measurements")


EVENTS = ("relapse_date", "treatment_stop")


SEVERITIES = ("error", "warning", "note")


def analyse(cohort: Cohort) -> Results:
    """Flow, completeness per field, overdue follow-up and issues, as counts; the rest as plain words."""
    inside = cohort.settings.privacy.profile == "internal"
    fields, completeness = _completeness(cohort)
    overdue, late = _overdue(cohort)
    steps = _steps(cohort)
    issues = [
        Estimate("count", variable="issues", group=severity, method=message("issues found in the data"),
                 value=sum(issue.count for issue in cohort.issues if issue.severity == severity))
        for severity in SEVERITIES
    ]  # fmt: skip
    estimates = (*_flow(cohort, steps), *_sizes(cohort), *completeness, *overdue, *issues)
    facts = CohortFacts(
        steps=tuple(FlowLabel(label, step.reason) for label, step in zip(steps, cohort.flow, strict=True)),
        fields=fields,
        overdue=late if inside else (),
        overdue_days=cohort.settings.overdue_days,
        status_known=_status_known(cohort),
        in_no_time=_in_no_analysis_of_time(cohort),
        origin=outcomes.time_zero(cohort),
        issues=tuple(_issue(issue) for issue in cohort.issues) if inside else (),
        codes=_codes(cohort),
        matches=tuple(MatchedColumn(m.table, m.column, m.header, m.how, m.cell) for m in cohort.matches),
        tables=tuple(name for name in TABLES if getattr(cohort, name) is not None),
        source=cohort.source.name,
        sha256=cohort.source.sha256[:12],
        inside=inside,
        days=_dates(cohort),
    )
    return Results(tuple(replace(e, section=KEY) for e in estimates), facts={KEY: facts})


def _steps(cohort: Cohort) -> list[str]:
    """The labels of the flow, each once."""
    labels: list[str] = []
    for step in cohort.flow:
        label, k = step.label, 1
        while label in labels:
            k += 1
            label = f"{step.label} ({k})"
        labels.append(label)
    return labels


def _flow(cohort: Cohort, labels: list[str]) -> list[Estimate]:
    rows = []
    for label, step in zip(labels, cohort.flow, strict=True):
        rows.append(
            Estimate(
                "count", variable="flow", group=label, value=step.n, method=message("left after this step")
            )
        )
        rows.append(Estimate("left_out", variable="flow", group=label, value=step.out, method=step.reason))
    return rows


def _sizes(cohort: Cohort) -> list[Estimate]:
    tables = {name: getattr(cohort, name) for name in TABLES}
    return [
        Estimate(
            "rows",
            variable=name,
            value=cohort.source.rows.get(name, len(table)),
            method=message("rows read from the source"),
        )
        for name, table in tables.items()
        if table is not None
    ]


def _dates(cohort: Cohort) -> Days:
    """Nothing of it leaves the house under "external"."""
    if cohort.settings.privacy.profile == "external":
        return Days(cutoff_given=cohort.cutoff_given)
    starts = cohort.patients.start.dropna()
    return Days(
        first=starts.min().date().isoformat() if len(starts) else "",
        last=starts.max().date().isoformat() if len(starts) else "",
        cutoff=cohort.cutoff.isoformat() if cohort.cutoff else "",
        extracted=cohort.settings.extracted.isoformat() if cohort.settings.extracted else "",
        saved=_saved(cohort),
        cutoff_given=cohort.cutoff_given,
        counted=len(cohort.patients.days.columns) > 0,
    )


def _saved(cohort: Cohort) -> str:
    """When the source was last saved; "" where its data are later, for then what it says of itself is not true."""
    saved, latest = cohort.source.saved, latest_date(cohort.patients)
    return "" if latest and saved < latest.isoformat() else saved


def _completeness(cohort: Cohort) -> tuple[tuple[Field, ...], list[Estimate]]:
    """Per column how many patients have a value, of those of whom one is expected."""
    table = cohort.patients
    expected, events = _expected(cohort), {*EVENTS, *_own_events(cohort)}
    fields, rows = [], []
    for column in _fields(cohort):
        given = table.frame[column].notna().to_numpy()
        if column in table.days:
            given = given | table.days[column].notna().to_numpy()
        among, whom = expected.get(column, (np.ones(cohort.n, bool), "all patients"))
        rows.append(
            replace(
                share(int((given & among).sum()), int(among.sum()), cohort.settings.confidence_level),
                variable=column,
            )
        )
        fields.append(Field(column, cohort.labels.get(column, column), whom, column in events))
    return tuple(fields), rows


def _own_events(cohort: Cohort) -> set[str]:
    """Columns of dates that the settings call an event, a state or a mark: empty means that it did not happen."""
    settings = cohort.settings
    named = {name for rule in settings.endpoint for name in (*rule.events, *rule.competing, *rule.states)}
    return {name_key(name) for name in (*named, *settings.patients.marks)} & {*cohort.patients.days}


def _fields(cohort: Cohort) -> list[str]:
    """The columns that ought to be filled: what is known or examined, but no remarks in free text."""
    frame = cohort.patients.frame
    examined = {feature.name for feature in cohort.features} | set(columns_of("patients"))
    return [
        column
        for column in frame.columns
        if column != "patient_id" and (column in examined or frame[column].dtype.kind != "O")
    ]


def _expected(cohort: Cohort) -> dict[str, tuple[np.ndarray, str]]:
    """The columns that only some patients can have, with those patients."""
    died = columns.says(cohort.patients, "vital_status", "dead")
    stopped = ~np.isnan(columns.days(cohort.patients, "treatment_stop"))
    relapsed = ~np.isnan(columns.days(cohort.patients, "relapse_date"))
    responded = np.isin(columns.words(cohort.patients, "best_response").astype(str), ("CR", "PR"))
    conditions = {"cause_of_death": (died, "who died")}
    if not cohort.lacks(("patients.vital_status",)):
        conditions["death_date"] = (died, "who died")
    if not cohort.lacks(("patients.treatment_stop",)):
        conditions["stop_reason"] = (stopped, "who stopped treatment")
    if not cohort.lacks(("patients.best_response",)):
        conditions["response_date"] = (responded, "who responded")
    if not cohort.lacks(("patients.relapse_date",)):
        conditions["relapse_site"] = (relapsed, "who relapsed")
    return conditions


def _status_known(cohort: Cohort) -> bool:
    """Whether everybody who is not dead is recorded as alive."""
    alive = columns.says(cohort.patients, "vital_status", "alive")
    return bool((alive | columns.dead(cohort)).all())


def _in_no_analysis_of_time(cohort: Cohort) -> int:
    """Patients whose vital status is not recorded, where overall survival is derived from it."""
    survival = cohort.endpoints.get("os")
    return sum(n for n, why in survival.left_out if why == STATUS_UNKNOWN) if survival else 0


def _overdue(cohort: Cohort) -> tuple[list[Estimate], tuple]:
    """Living patients last seen more than overdue_days before the cut-off; who and how long ago."""
    method = message(
        "alive, last contact more than {n} days before the cut-off", n=cohort.settings.overdue_days
    )
    named: dict[str, Any] = {"variable": "overdue", "method": method}
    if cohort.pseudonymous:
        return [
            Estimate(
                "count",
                note=refused(message("calendar dates are left out of this report", "dates_left_out")),
                **named,
            )
        ], ()
    if cohort.cutoff is None or "last_contact" not in cohort.patients.frame:
        return [
            Estimate("count", note=not_estimable(message("the data hold no dates", "not_recorded")), **named)
        ], ()
    seen = cohort.patients.frame["last_contact"].to_numpy("datetime64[D]")
    gap = (np.datetime64(cohort.cutoff) - seen).astype("timedelta64[D]").astype(float)
    gap[np.isnat(seen)] = np.nan
    alive = ~columns.dead(cohort)
    if np.isnan(gap[alive]).all():
        note = (
            not_estimable(message("the data hold no dates of last contact", "not_recorded"))
            if alive.any()
            else not_estimable(message("nobody is alive", "nobody_alive"))
        )
        return [Estimate("count", note=note, **named)], ()
    late = alive & (gap > cohort.settings.overdue_days)
    ids = cohort.patients.frame["patient_id"].take(np.flatnonzero(late)).astype(str)
    who = sorted(zip(ids.tolist(), gap[late].tolist(), strict=True), key=lambda row: -row[1])
    return [Estimate("count", value=int(late.sum()), n=int(alive.sum()), **named)], tuple(who)


def _issue(issue: Issue) -> ListedIssue:
    place = "!".join(part for part in (issue.sheet, issue.cell) if part)
    return ListedIssue(
        issue.severity, issue.code, place, issue.count, issue.patient or "", issue.problem, issue.hint
    )


def _codes(cohort: Cohort) -> tuple[IssueCount, ...]:
    """How many issues of each kind, the gravest first."""
    found: dict[tuple[str, str], int] = {}
    for issue in cohort.issues:
        found[issue.severity, issue.code] = found.get((issue.severity, issue.code), 0) + 1
    order = sorted(found, key=lambda kind: (SEVERITIES.index(kind[0]), -found[kind], kind[1]))
    return tuple(IssueCount(*kind, found[kind]) for kind in order)
