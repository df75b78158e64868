"""Two runs side by side: what the present one needs to know of the one before it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from reportgen.base.errors import NOTE
from reportgen.cohort.changes.previous_report import Change, Earlier, Past, Question, Questions
from reportgen.cohort.cohort import Cohort
from reportgen.history.runs import Run
from reportgen.publish.query_ids import carried_over, query_ids
from reportgen.settings.model import reported

PROGRAM = "program"
# What every period changes, and says elsewhere.
OF_THE_PERIOD = ("cutoff", "extracted")


def earlier(last: Run, present: Run, trend: Iterable[Past] = ()) -> Earlier:
    """What a report says of the last one. trend: the reports up to the last, the oldest first."""
    return Earlier(
        present.period,
        past(last),
        tuple(trend) or (past(last),),
        last.tables,
        compared(last.questions, present.questions),
        (*_settings(last.about, present.about), *_versions(last.about, present.about)),
    )


def known_as_now(last: Run, cohort: Cohort) -> Run:
    """The run before, its questions under the ids that the same questions of the cohort have now."""
    asked = [issue for issue in cohort.issues if issue.severity != NOTE]
    questions = carried_over({q.id: q for q in last.questions}, asked)
    return replace(last, questions=tuple(replace(q, id=name) for name, q in questions.items()))


def past(run: Run) -> Past:
    """A run as a later report compares itself with it; results: the hash of its results.json, "" where unknown."""
    results = run.about.get("results", "")
    return Past(run.period, run.cutoff, {row["id"]: row for row in run.estimates}, results)


def present_run(
    cohort: Cohort, name: str, period: str, made_with: Mapping[str, Any], last: Run | None
) -> Run:
    """The run of a cohort, before anything is estimated. last: from which the questions were open since.

    made_with: "versions" of the program and its libraries, and the "program" itself as a hash.
    """
    about = {
        "settings": _plain(reported(cohort.settings)),
        "labels": dict(cohort.labels),
        "features": _plain([asdict(feature) for feature in cohort.features]),
        "source": _plain(cohort.source.to_row()),
        "cutoff_given": cohort.cutoff_given,
        **made_with,
    }
    known = {q.id: q.since for q in last.questions} if last else {}
    asked = questions(cohort)
    return Run(
        name,
        period,
        cohort.cutoff,
        about,
        questions=tuple(replace(q, since=known.get(q.id, q.since)) for q in asked),
    )


def questions(cohort: Cohort) -> tuple[Question, ...]:
    """The questions that the data raise now, as if first asked at this cut-off."""
    asked = [issue for issue in cohort.issues if issue.severity != NOTE]
    since = cohort.cutoff.isoformat() if cohort.cutoff else ""
    return tuple(
        Question(name, i.severity, i.sheet or "", i.cell or "", i.patient or "", i.problem, since)
        for name, i in zip(query_ids(asked), asked, strict=True)
    )


def compared(then: Iterable[Question], now: Iterable[Question]) -> Questions:
    """Which queries are new, gone and still open, told by their ids."""
    before, after = ({q.id: q for q in side} for side in (then, now))
    return Questions(
        tuple(q for name, q in after.items() if name not in before),
        tuple(q for name, q in before.items() if name not in after),
        tuple(q for name, q in after.items() if name in before),
    )


def _settings(then: Mapping, now: Mapping) -> Iterable[Change]:
    before, after = _flat(then["settings"]), _flat(now["settings"])
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name) and name not in OF_THE_PERIOD:
            yield Change("setting", name, _said(before.get(name)), _said(after.get(name)))


def _versions(then: Mapping, now: Mapping) -> Iterable[Change]:
    before, after = then["versions"], now["versions"]
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Change("version", name, _said(before.get(name)), _said(after.get(name)))
    if then[PROGRAM] != now[PROGRAM] and before.get("reportgen") == after.get("reportgen"):
        yield Change("version", "reportgen, its code", then[PROGRAM][:10], now[PROGRAM][:10])


def _flat(value: object, name: str = "") -> dict[str, object]:
    """Nested settings as "gates.model" → value; lists stay whole."""
    if isinstance(value, Mapping) and value:
        found: dict[str, object] = {}
        for key, inner in value.items():
            found |= _flat(inner, f"{name}.{key}" if name else str(key))
        return found
    return {name: value} if name and value not in (None, "", [], {}) else {}


def _said(value: object) -> str:
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return ", ".join(map(str, value))
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(value: object) -> Any:
    """As JSON has it, so that what was kept and what is compared with it are of one kind."""
    return json.loads(json.dumps(value, default=str))
