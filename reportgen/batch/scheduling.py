"""The monthly run of a network: a plan for a manifest of cohorts, and a trial of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportgen.base.errors import DataRefused, UsageError
from reportgen.batch.manifest import Asked, absolute, read_manifest, read_notify
from reportgen.batch.unattended import rounds
from reportgen.cohort.source import is_redcap, is_url
from reportgen.unattended import trial
from reportgen.unattended.schedule.plan import Plan, checked_day, named, odd, program, secrets


def batch_plan(manifest: Path, asked: Asked, options: Sequence[str], day: int, time: str) -> Plan:
    """One timer for all cohorts of a manifest; as `plan_of` of a source.

    UsageError for what can't be scheduled, a manifest that is not understood among it.
    """
    checked_day(day, time)
    entries, output = read_manifest(manifest, asked)
    where, output = manifest.absolute(), output.absolute()
    given = ("--config", str(asked.config.absolute())) if asked.config else ()
    command = (
        *program(),
        "batch",
        str(where),
        "--output",
        str(output),
        *given,
        "--catch-up",
        "--quiet",
        *options,
    )
    closing = (*program(), "schedule", str(where), "--output", str(output), "--settle")
    writable = dict.fromkeys([output, *(entry.request.output.absolute() for entry in map(absolute, entries))])
    notify = read_notify(manifest)
    sources = [entry.request.source for entry in entries]
    needs = [
        ("a source is a REDCap project", any(map(is_redcap, sources))),
        ("a source is a database", any(is_url(source) and not is_redcap(source) for source in sources)),
        ("notices go by mail", notify.smtp),
        ("the command of [notify] may need it", notify.command),
    ]
    network = ", ".join(why for why, needed in needs if needed)
    plan = Plan(
        named(manifest.stem, str(where), output), command, closing, Path.cwd(), tuple(writable), network, secrets(),
        day, time,
    )  # fmt: skip
    odd(plan)
    return plan


def try_batch(manifest: Path, asked: Asked) -> None:
    """Read every source of a manifest. UsageError that names the cohorts whose source can't be read.

    Data with errors are no hindrance: they are that cohort's own, and are told every month.
    """
    from datetime import date

    entries, _output = read_manifest(manifest, asked)
    rounds(tuple(map(absolute, entries)), date.today())
    lost = []
    for entry in map(absolute, entries):
        try:
            trial.read(entry.request)
        except (DataRefused, UsageError):
            lost.append(entry.name)
    if lost:
        raise UsageError(
            f"The source of {', '.join(lost)} can't be read, so the batch is not scheduled: reportgen check says why. "
            "Mend it, or leave it out of the manifest."
        )
