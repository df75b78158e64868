"""A task of the Windows task scheduler, as the XML that `schtasks /create /xml` takes."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from reportgen.base.message import message
from reportgen.unattended.schedule.plan import Plan
from reportgen.unattended.schedule.programs import must, started

SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
# The order of elements is the schema's. A tuple is an element with others inside.
SETTINGS = (
    ("MultipleInstancesPolicy", "IgnoreNew"),
    ("DisallowStartIfOnBatteries", "false"),
    ("StopIfGoingOnBatteries", "false"),
    ("AllowHardTerminate", "true"),
    ("StartWhenAvailable", "true"),  # makes up for a time at which the machine was off
    ("Enabled", "true"),
    ("ExecutionTimeLimit", "PT4H"),
)


def task(plan: Plan) -> str:
    """The task as text; its file is written in UTF-16, as its first line says."""
    root = ElementTree.Element("Task", version="1.2", xmlns=SPACE)
    _add(root, ("RegistrationInfo", (("Description", f"Monthly report {plan.name}"),)))
    days = (("Day", str(plan.day)),)
    months = tuple((month, "") for month in MONTHS)
    trigger = (
        ("StartBoundary", f"2026-01-{plan.day:02}T{plan.time}:00"),
        ("Enabled", "true"),
        ("RandomDelay", "PT15M"),
        ("ScheduleByMonth", (("DaysOfMonth", days), ("Months", months))),
    )
    _add(root, ("Triggers", (("CalendarTrigger", trigger),)))
    _add(root, ("Settings", SETTINGS))
    program, *arguments = plan.command
    words = (
        ("Command", program),
        ("Arguments", subprocess.list2cmdline(arguments)),
        ("WorkingDirectory", str(plan.folder)),
    )
    _add(root, ("Actions", (("Exec", words),)))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add(parent: ElementTree.Element, part: tuple) -> None:
    name, content = part
    element = ElementTree.SubElement(parent, name)
    if isinstance(content, str):
        element.text = content or None
        return
    for inner in content:
        _add(element, inner)


def install(plan: Plan) -> list[str]:
    """Create the task, or replace the one of its name; returns what was done, in lines. MachineFailed where refused."""
    plan.writable[0].mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "task.xml"
        path.write_text(task(plan), encoding="utf-16")
        must(("schtasks", "/create", "/tn", plan.name, "/xml", str(path), "/f"))
    created = message(
        "created: the task {name}, every month on day {day} at {time}, while you are logged in",
        name=plan.name, day=plan.day, time=plan.time,
    )  # fmt: skip
    return [created, message("to try it now: {command}", command=f"schtasks /run /tn {plan.name}")]


def installed(plan: Plan) -> tuple[int, str] | None:
    """The day and time of the task as it is; None where there is none."""
    said = (
        started(("schtasks", "/query", "/tn", plan.name, "/xml"))
        .stdout.replace(b"\0", b"")
        .decode(errors="replace")
    )
    found = re.search(r"<StartBoundary>[0-9]{4}-[0-9]{2}-([0-9]{2})T([0-9]{2}:[0-9]{2})", said)
    return (int(found[1]), found[2]) if found else None


def remove(plan: Plan) -> list[str]:
    """Delete the task; returns what was done, in lines. MachineFailed where refused."""
    if started(("schtasks", "/query", "/tn", plan.name)).returncode:
        return [message("there is no task {name}", name=plan.name)]
    must(("schtasks", "/delete", "/tn", plan.name, "/f"))
    return [message("removed: the task {name}", name=plan.name)]
