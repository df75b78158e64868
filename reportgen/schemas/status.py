"""Schema of status.json: how the last run of a source ended."""

from __future__ import annotations

from reportgen.schemas.kinds import MOMENT, SHA256, array, closed, of_fields, one_of, or_null
from reportgen.unattended.made_reports import LastGood
from reportgen.unattended.process import Process
from reportgen.unattended.status import SCHEMA, STATES, ReportEnd, Status, Told


def status_json() -> dict:
    """The schema of status.json, of the fields of its types; only a batch names cohorts."""
    state = one_of(*STATES)
    moments = {"started": MOMENT, "ended": or_null(MOMENT)}
    report = {**of_fields(ReportEnd), "state": state}
    good = {**of_fields(LastGood), "ended": MOMENT, "manifest_sha256": SHA256}
    inner = {
        "reports": array(closed(report, optional=("cohort",))),
        "process": closed(of_fields(Process)),
        "notices": array(closed(of_fields(Told), optional=("why",))),
        "last_good": or_null(closed(good)),
    }
    plain = of_fields(Status, without=("state", *moments, *inner))
    content = {"schema": {"const": SCHEMA}, "state": state, **plain, **moments, **inner}
    return {"$id": "urn:reportgen:status:1", "title": "status.json", **closed(content)}
