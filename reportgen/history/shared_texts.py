"""What runs hold in packed text, each text once: months in which nothing changed share what they are made of.

The estimates of a run are one text, each long column of its tables another. A text is known by its hash, so that the
same one is kept once however many runs hold it, and goes with the last of them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reportgen.history.session import Session
from reportgen.history.table_codec import Stored

REFERENCE = "part:"  # in place of the cells of a column: no JSON begins so
LEAST = 400  # bytes; what is shorter gains nothing
ESTIMATES, CELLS = "estimates", "cells"
Key = Mapping[str, str]


def packed(text: str) -> str:
    """The text compressed, in ASCII. Lone surrogates, which a file name may hold, come through."""
    return base64.b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 9)).decode("ascii")


def unpacked(content: str) -> str:
    """The text that `packed` took. zlib.error, or another of `store.ROTTEN`, where the content is damaged."""
    return zlib.decompress(base64.b64decode(content)).decode("utf-8", "surrogatepass")


def put(session: Session, key: Key, kind: str, texts: Iterable[str]) -> None:
    """Let a run hold the texts. key: its cohort and period."""
    wanted = {hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(): text for text in texts}
    known = {
        sha
        for (sha,) in session.rows(
            "SELECT sha FROM reportgen_part WHERE cohort = :cohort", cohort=key["cohort"]
        )
    }
    session.write(
        "INSERT INTO reportgen_part (cohort, sha, content) VALUES (:cohort, :sha, :content)",
        [
            {"cohort": key["cohort"], "sha": sha, "content": packed(text)}
            for sha, text in wanted.items()
            if sha not in known
        ],
    )
    session.write(
        "INSERT INTO reportgen_held (cohort, period, kind, sha) VALUES (:cohort, :period, :kind, :sha)",
        [{**key, "kind": kind, "sha": sha} for sha in wanted],
    )


def put_estimates(session: Session, key: Key, rows: Sequence[str]) -> None:
    """Keep the estimates of a run, each a JSON object; those that exist also as numbers, to be asked for by SQL."""
    if rows:
        put(session, key, ESTIMATES, ["[" + ",".join(rows) + "]"])
    numbers = [
        {"id": row["id"], "value": row["value"], "low": row["low"], "high": row["high"]}
        for row in map(json.loads, rows)
        if row["value"] is not None
    ]
    session.write(
        "INSERT INTO reportgen_estimate (cohort, period, place, id, value, low, high, content) "
        "VALUES (:cohort, :period, :place, :id, :value, :low, :high, '')",
        [{**key, **row, "place": place} for place, row in enumerate(numbers)],
    )


def estimates_of(session: Session, key: Key) -> tuple[dict, ...]:
    """The estimates of a run as rows, in their order."""
    held = session.rows(
        "SELECT sha FROM reportgen_held WHERE cohort = :cohort AND period = :period AND kind = :kind",
        kind=ESTIMATES, **key,
    )  # fmt: skip
    return tuple(row for (sha,) in held for row in json.loads(unpacked(_part(session, key["cohort"], sha))))


def put_cells(session: Session, key: Key, columns: Sequence[dict]) -> list[dict]:
    """The columns with their long cells kept apart."""
    long = [column["content"] for column in columns if len(column["content"]) >= LEAST]
    if long:
        put(session, key, CELLS, long)
    return [
        {
            **column,
            "content": REFERENCE
            + hashlib.sha256(column["content"].encode("utf-8", "surrogatepass")).hexdigest(),
        }
        if len(column["content"]) >= LEAST
        else column
        for column in columns
    ]


def whole_cells(session: Session, cohort: str, columns: Sequence[Stored]) -> list[Stored]:
    """The columns with all their cells again."""
    wanted = {
        column.content.removeprefix(REFERENCE) for column in columns if column.content.startswith(REFERENCE)
    }
    found = {sha: _part(session, cohort, sha) for sha in wanted}
    return [
        replace(column, content=unpacked(found[column.content.removeprefix(REFERENCE)]))
        if column.content.startswith(REFERENCE)
        else column
        for column in columns
    ]


def _part(session: Session, cohort: str, sha: str) -> str:
    rows = session.rows(
        "SELECT content FROM reportgen_part WHERE cohort = :cohort AND sha = :sha", cohort=cohort, sha=sha
    )
    if not rows:
        raise zlib.error("a part is missing")
    return rows[0][0]


def drop_unused(session: Session, cohort: str) -> None:
    """Let go of what no run holds any more."""
    session.write(
        "DELETE FROM reportgen_part WHERE cohort = :cohort AND sha NOT IN "
        "(SELECT sha FROM reportgen_held WHERE cohort = :cohort)",
        [{"cohort": cohort}],
    )


def pack_all(session: Session) -> None:
    """Pack what an earlier version kept at length."""
    for cohort, period in session.rows("SELECT cohort, period FROM reportgen_run"):
        key = {"cohort": cohort, "period": period}
        where = "WHERE cohort = :cohort AND period = :period"
        rows = session.rows(f"SELECT content FROM reportgen_estimate {where} ORDER BY place", **key)
        session.write(f"DELETE FROM reportgen_estimate {where}", [key])
        put_estimates(session, key, [content for (content,) in rows])
        cells = session.rows(f"SELECT place, content FROM reportgen_cells {where}", **key)
        columns = put_cells(session, key, [{"place": place, "content": content} for place, content in cells])
        session.write(
            f"UPDATE reportgen_cells SET content = :content {where} AND place = :place",
            [{**key, **column} for column in columns if column["content"].startswith(REFERENCE)],
        )
