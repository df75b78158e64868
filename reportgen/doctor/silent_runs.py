"""Runs that ended without a word, as where memory runs out: nobody was told by them."""

from __future__ import annotations

from pathlib import Path

from reportgen.doctor.finding import DOUBTFUL, OK, Check
from reportgen.doctor.libraries import AGAIN


def check_runs(output: Path) -> Check:
    """Whether the last run of every source in the output folder has ended by itself, or is under way."""
    try:
        from reportgen.unattended.status import NAME, read_status
    except ImportError as error:
        return Check("last runs", DOUBTFUL, f"can't be read without the package {error.name}", AGAIN)
    last = {path.parent.name: read_status(path.parent) for path in sorted(output.glob(f"*/{NAME}"))}
    died = [f"{name} (started {run.started})" for name, run in last.items() if run and run.died]
    if not died:
        return Check("last runs", OK, f"{len(last)}, none of which was killed")
    return Check("last runs", DOUBTFUL, f"killed, or the machine went down: {', '.join(died)}",
                 "run it again; if it is killed again, give it more memory")  # fmt: skip
