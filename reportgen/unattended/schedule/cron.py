"""Two lines of the user's own crontab: every month, and at each start, for the months that were missed."""

from __future__ import annotations

import re
import shlex

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.base.message import message
from reportgen.publish.folder import make_private
from reportgen.unattended.schedule.plan import Plan
from reportgen.unattended.schedule.programs import must, started

MOST = 990  # cron cuts off what is longer


def block(plan: Plan) -> str:
    """The lines between two marks, by which they are found again."""
    hour, minute = map(int, plan.time.split(":"))
    run = _line(plan)
    if len(run.encode()) > MOST:
        raise UsageError("The paths are too long for a line of a crontab; schedule it from a shorter folder.")
    return (
        f"{_begin(plan)}\n"
        f"{minute} {hour} {plan.day} * * {run}\n"
        "# At each start, too: does nothing where no month is missing.\n"
        f"@reboot {run}\n"
        f"{_end(plan)}\n"
    )


def _line(plan: Plan) -> str:
    """The command as a shell reads it. Cron ends a command at %, unless a backslash stands before it."""
    secrets = shlex.quote(str(plan.secrets))
    words = (
        f"cd {shlex.quote(str(plan.folder))} && umask 077 && set -a && "
        f"{{ [ ! -r {secrets} ] || . {secrets}; }} && exec {shlex.join(plan.command)}"
    )
    return words.replace("%", "\\%")


def _begin(plan: Plan) -> str:
    return f"# BEGIN {plan.name}, written by reportgen schedule"


def _end(plan: Plan) -> str:
    return f"# END {plan.name}"


def without(table: str, plan: Plan) -> str:
    """A crontab without the lines of a plan; everybody else's stay, byte for byte.

    Raises MachineFailed where the first of its marks is there and the last is not.
    """
    kept, inside = [], False
    for line in table.splitlines(keepends=True):
        text = line.rstrip("\r\n")
        if text == _begin(plan):
            inside = True
        elif inside:
            inside = text != _end(plan)
        else:
            kept.append(line)
    if inside:
        raise MachineFailed(
            f"the crontab has a line {_begin(plan)!r}, but none {_end(plan)!r}: mend it by crontab -e."
        )
    return "".join(kept)


def _table() -> str:
    """The user's crontab; never taken to be empty because it could not be read."""
    done = started(("crontab", "-l"))
    if done.returncode == 0:
        return done.stdout.decode(errors="surrogateescape")
    said = done.stderr.decode(errors="replace")
    if "no crontab" in said or "No such file" in said:
        return ""
    raise MachineFailed(f"crontab -l failed: {(said.strip().splitlines() or ['it did not say why'])[-1]}")


def _put(table: str) -> None:
    must(("crontab", "-"), table.encode(errors="surrogateescape"))


def install(plan: Plan) -> list[str]:
    """Write the plan's two lines, in place of earlier ones of its name; returns what was done, in lines."""
    make_private(plan.writable[0])
    before = _table()
    others = without(before, plan)
    after = others + ("" if others.endswith("\n") or not others else "\n") + block(plan)
    if after != before:
        _put(after)
    facts = {"name": plan.name, "day": plan.day, "time": plan.time}
    written = message(
        "written: the lines of {name} in your crontab, every month on day {day} at {time}", **facts
    )
    if after == before:
        written = message(
            "unchanged: the lines of {name} in your crontab, every month on day {day} at {time}", **facts
        )
    return [written, message("to see them: crontab -l")]


def installed(plan: Plan) -> tuple[int, str] | None:
    """The day and time of the plan's lines in the crontab; None where there are none."""
    found = re.search(
        rf"^{re.escape(_begin(plan))}\n([0-9]+) ([0-9]+) ([0-9]+) \* \* ", _table(), re.MULTILINE
    )
    return (int(found[3]), f"{int(found[2]):02}:{int(found[1]):02}") if found else None


def remove(plan: Plan) -> list[str]:
    """Take the plan's lines out of the crontab; returns what was done, in lines."""
    before = _table()
    after = without(before, plan)
    if after == before:
        return [message("there is no {name} in your crontab", name=plan.name)]
    _put(after)
    return [message("removed: the lines of {name} from your crontab", name=plan.name)]
