"""Whether this machine can make reports, and how to mend it where it can't.

Nothing is imported here that could be missing. Each check looks for one thing and never raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from reportgen.doctor.environment import (
    check_clock,
    check_encoding,
    check_fonts,
    check_output,
    check_temporary,
)
from reportgen.doctor.finding import WRONG, Check
from reportgen.doctor.libraries import LIBRARIES, check_libraries, check_packages, check_python
from reportgen.doctor.silent_runs import check_runs
from reportgen.doctor.trial_report import PROOF, check_proof

__all__ = ["as_json", "as_text", "examine", "healthy"]
SIGNS = {"ok": "ok   ", "doubtful": "doubt", "wrong": "WRONG"}


def examine(output: Path) -> list[Check]:
    """Every check, in order. output: the folder in which reports are to land; it need not exist yet."""
    return [
        check_python(),
        *check_packages(),
        *check_libraries(),
        check_fonts(),
        *check_output(output),
        *check_temporary(),
        check_clock(),
        check_encoding(),
        check_runs(output),
        check_proof(),
    ]


def healthy(checks: Sequence[Check]) -> bool:
    """Whether nothing is wrong. What is doubtful does not keep a report from being made."""
    return not any(check.state == WRONG for check in checks)


def as_text(checks: Sequence[Check]) -> Iterator[str]:
    """One line per check, and below it the command that mends it."""
    for check in checks:
        yield f"{SIGNS[check.state]}  {check.name}: {check.found}"
        if check.remedy:
            yield f"       → {check.remedy}"
    yield "ok     Chromium: not needed; only the tests use it"
    yield from _at_once(
        {check.remedy for check in checks if check.state == WRONG and check.name in LIBRARIES}
    )
    yield _verdict({check.name for check in checks if check.state == WRONG})


def _at_once(remedies: set[str]) -> Iterator[str]:
    """Several libraries of one package manager are one command."""
    commands = {remedy.rpartition(" ")[0] for remedy in remedies}
    if len(remedies) > 1 and len(commands) == 1 and (command := commands.pop()).endswith(" install"):
        names = sorted(remedy.rpartition(" ")[2] for remedy in remedies)
        yield f"All libraries at once: {command} {' '.join(names)}"


def _verdict(wrong: set[str]) -> str:
    if not wrong:
        return "This machine can make reports."
    if wrong <= {*LIBRARIES, PROOF}:
        return "This machine can make no PDF yet. Page, Word file and results need none: build --format html,docx"
    return "This machine can't make reports yet."


def as_json(checks: Sequence[Check]) -> dict:
    """As `doctor --json` answers: whether all is well, and every check."""
    return {"healthy": healthy(checks), "checks": [asdict(check) for check in checks]}
