"""A service and a timer of the user's own systemd. The service can read the system, and write to the output alone."""

from __future__ import annotations

import os
import re
from pathlib import Path

from reportgen.base.errors import MachineFailed, reason
from reportgen.base.message import message
from reportgen.publish.folder import beside, write_file
from reportgen.unattended.schedule.plan import Plan
from reportgen.unattended.schedule.programs import must, started

ON = re.compile(r"^OnCalendar=\*-\*-([0-9]{2}) ([0-9]{2}:[0-9]{2}):00$", re.MULTILINE)
PLAIN = re.compile(r"[A-Za-z0-9_@:,./+=-]+")


def units(plan: Plan) -> dict[str, str]:
    """The unit files, by name."""
    return {f"{plan.name}.service": _service(plan), f"{plan.name}.timer": _timer(plan)}


def _service(plan: Plan) -> str:
    writable = " ".join(quoted(str(folder)) for folder in plan.writable)
    if plan.network:
        network = (
            f"# The network is open, for {plan.network}.\nRestrictAddressFamilies=AF_UNIX AF_INET AF_INET6"
        )
    else:
        network = "PrivateNetwork=yes\nRestrictAddressFamilies=AF_UNIX"
    return f"""\
[Unit]
Description=Monthly report {plan.name}

[Service]
Type=oneshot
WorkingDirectory={_path(plan.folder)}
ExecStart={_line(plan.command)}
# Tells, too, when the run was killed and could not tell by itself.
ExecStopPost={_line(plan.closing)}
# Passwords, one NAME='value' a line; the file need not be there.
EnvironmentFile=-{_path(plan.secrets)}
UMask=0077
TimeoutStartSec=4h

# The whole system can only be read, but for the reports.
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={writable}
{_temporary(plan)}
PrivateUsers=yes
PrivateDevices=yes
NoNewPrivileges=yes
{network}
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
ProtectControlGroups=yes
ProtectKernelTunables=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
"""


def _temporary(plan: Plan) -> str:
    """A temporary folder of its own would hide a source or a report that lies in that of the system."""
    words = (*plan.command, *map(str, plan.writable))
    if any(word.startswith(("/tmp/", "/var/tmp/")) for word in words):
        return "# Its files lie in the temporary folder, so that it can have none of its own.\nReadWritePaths=/tmp"
    return "PrivateTmp=yes"


def _timer(plan: Plan) -> str:
    return f"""\
[Unit]
Description=Every month: {plan.name}

[Timer]
OnCalendar=*-*-{plan.day:02} {plan.time}:00
# Makes up for a time at which the machine was off.
Persistent=true
RandomizedDelaySec=15min

[Install]
WantedBy=timers.target
"""


def _line(command: tuple[str, ...]) -> str:
    program, *arguments = command
    return " ".join((quoted(program), *(quoted(word.replace("$", "$$")) for word in arguments)))


def quoted(word: str) -> str:
    r"""A word as systemd reads it again.

    >>> print(quoted('50% of "Ward 7" \\'))
    "50%% of \"Ward 7\" \\"
    """
    word = word.replace("%", "%%")
    if PLAIN.fullmatch(word.replace("%%", "")):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _path(path: Path) -> str:
    """A path where systemd takes the rest of the line as it is, but for a backslash at its end, which joins lines, and
    blanks there, which it takes away.
    """
    text = str(path).replace("%", "%%")
    return text + "/" if text.endswith(("\\", " ")) else text


def _folder() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "systemd" / "user"


def install(plan: Plan) -> list[str]:
    """Write, load and start the units; returns what was done, in lines. MachineFailed where that is refused."""
    said: list[str] = []
    try:
        for folder in (plan.writable[0], _folder()):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in units(plan).items():
            same = (_folder() / name).is_file() and (_folder() / name).read_text(encoding="utf-8") == text
            if not same:
                new = beside(_folder() / name, "new")
                new.unlink(missing_ok=True)
                write_file(new, text.encode())
                new.replace(_folder() / name)
            path = str(_folder() / name)
            said.append(
                message("unchanged: {path}", path=path) if same else message("written: {path}", path=path)
            )
    except OSError as failure:
        raise MachineFailed(f"the units could not be written to {_folder()}: {reason(failure)}.") from failure
    must(("systemctl", "--user", "daemon-reload"))
    must(("systemctl", "--user", "enable", "--now", f"{plan.name}.timer"))
    said.append(
        message(
            "enabled: {name}, every month on day {day} at {time}",
            name=f"{plan.name}.timer",
            day=plan.day,
            time=plan.time,
        )  # fmt: skip
    )
    if b"=yes" not in started(("loginctl", "show-user", str(os.getuid()), "--property=Linger")).stdout:
        said.append(
            message("to let it run while you are logged out: {command}", command="loginctl enable-linger")
        )
    said.append(message("to try it now: {command}", command=f"systemctl --user start {plan.name}.service"))
    return said


def installed(plan: Plan) -> tuple[int, str] | None:
    """The day and time of the timer as it is installed; None where it is not."""
    path = _folder() / f"{plan.name}.timer"
    found = path.is_file() and ON.search(path.read_text(encoding="utf-8"))
    return (int(found[1]), found[2]) if found else None


def remove(plan: Plan) -> list[str]:
    """Stop the timer and delete the units; returns what was done, in lines. MachineFailed where that is refused."""
    there = [_folder() / name for name in units(plan) if (_folder() / name).is_file()]
    if not there:
        return [message("there is no {name} in {folder}", name=plan.name, folder=str(_folder()))]
    must(("systemctl", "--user", "disable", "--now", f"{plan.name}.timer"))
    try:
        for path in there:
            path.unlink()
    except OSError as failure:
        raise MachineFailed(
            f"the units could not be removed from {_folder()}: {reason(failure)}."
        ) from failure
    must(("systemctl", "--user", "daemon-reload"))
    return [message("removed: {path}", path=str(path)) for path in there]
