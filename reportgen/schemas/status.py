"""Schema of status.json: how the last run of a source ended."""

from __future__ import annotations

from reportgen.schemas.kinds import (
    MOMENT,
    SHA256,
    TEXT,
    TRUTH,
    WHOLE,
    array,
    closed,
    of_fields,
    one_of,
    or_null,
)
from reportgen.unattended.notices.event import Ended
from reportgen.unattended.status import SCHEMA, STATES


def status_json() -> dict:
    """The schema of status.json, made of the fields that it writes."""
    ended = of_fields(Ended, without=("folder",))
    state, exit_ = one_of(*STATES), ended["exit"]
    report = {name: ended[name] for name in ("period", "state", "exit", "what_failed")}
    good = {
        "ended": MOMENT,
        "cutoff": or_null(TEXT),
        "period": TEXT,
        "profile": TEXT,
        "folder": TEXT,
        "manifest_sha256": SHA256,
    }
    content = {
        "schema": {"const": SCHEMA},
        "state": state,
        "command": TEXT,
        "exit": exit_,
        "started": MOMENT,
        "ended": or_null(MOMENT),
        "period": TEXT,
        "what_failed": TEXT,
        "errors": ended["errors"],
        "warnings": ended["warnings"],
        "changed": or_null(TRUTH),
        "doubts": ended["doubts"],
        "reports": array(closed(report)),
        "missing": array(TEXT),
        "process": closed({"pid": WHOLE, "host": TEXT, "birth": TEXT}),
        "notices": array({"type": "object", "required": ["by", "sent"]}),
        "last_good": or_null(closed(good)),
    }
    return {"$id": "urn:reportgen:status:1", "title": "status.json", **closed(content)}
