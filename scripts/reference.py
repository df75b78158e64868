"""What the program says of itself, as pages: the options of every command, the settings, man pages.

    python scripts/reference.py man FOLDER     writes FOLDER/reportgen.1, reportgen-build.1, …

`make docs` takes the Markdown from here, so that no page of options can go stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
import typer.main
from typer.core import TyperArgument, TyperGroup

from reportgen import __version__
from reportgen.cli.app import app

NO_ROFF = re.compile(r"^([.'])", re.MULTILINE)


def commands() -> list[tuple[str, Any]]:
    """The program itself first, then its commands in the order of its help."""
    program = typer.main.get_command(app)
    assert isinstance(program, TyperGroup)
    return [("reportgen", program), *((f"reportgen {name}", one) for name, one in program.commands.items())]


def options_md() -> str:
    """Every command with its arguments and options, as its --help has them."""
    lines = [
        "# Every option",
        "",
        "As `reportgen COMMAND --help` says them, in words that the program itself holds.",
    ]
    for name, command in commands():
        lines += ["", f"## {name}", "", f"```\n{_usage(name, command)}\n```", "", _help(command)]
        rows = [(f"`{said}`", told) for said, told in _parameters(name, command)]
        lines += (
            ["", "| | |", "|---|---|", *(f"| {_cell(a)} | {_cell(b)} |" for a, b in rows)] if rows else []
        )
    return "\n".join(lines) + "\n"


def settings_md() -> str:
    """The settings of report.toml, section by section, as its schema has them."""
    lines = ["# Settings", "", "What report.toml may hold, from its JSON Schema (`reportgen schema report.toml`). How "
             "they are used is told in [the workbook](../workbook.md)."]  # fmt: skip
    from reportgen.schemas import schema  # man pages are made where typer alone is there

    told = schema("report.toml")
    for section, of in told["properties"].items():
        of = _resolved(of.get("items", of), told)
        lines += ["", f"## [{section}]", "", *filter(None, [of.get("description", "")])]
        rows = [(name, _kind(_resolved(one, told)), one.get("description", "")) for name, one in
                of.get("properties", {}).items()]  # fmt: skip
        if rows:
            lines += ["", "| setting | is | |", "|---|---|---|"]
            lines += [f"| `{name}` | {_cell(kind)} | {_cell(said)} |" for name, kind, said in rows]
    return "\n".join(lines) + "\n"


def man(name: str, command: Any) -> str:
    """The man page of a command, in roff."""
    title = name.replace(" ", "-")
    lines = [f'.TH "{title.upper()}" "1" "" "reportgen {__version__}"',
             ".SH NAME", f"{_roff(title)} \\- {_roff(command.get_short_help_str(200))}",
             ".SH SYNOPSIS", _roff(_usage(name, command)), ".SH DESCRIPTION", _roff(_help(command))]  # fmt: skip
    rows = list(_parameters(name, command))
    lines += (
        [".SH OPTIONS", *(f".TP\n\\fB{_roff(said)}\\fR\n{_roff(told)}" for said, told in rows)]
        if rows
        else []
    )
    lines += [
        ".SH EXIT STATUS",
        "0 done, 1 a bug, 2 usage, 3 data refused, 4 the machine failed, 5 a difference found.",
    ]
    others = [f"{other.replace(' ', '-')}(1)" for other, _one in commands() if other != name]
    return "\n".join([*lines, ".SH SEE ALSO", _roff(", ".join(others))]) + "\n"


def _usage(name: str, command: Any) -> str:
    with typer.Context(command, info_name=name) as context:
        return " ".join(command.get_usage(context).removeprefix("Usage: ").split())


def _help(command: Any) -> str:
    paragraphs = (command.help or "").replace("\b", "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())


def _parameters(name: str, command: Any) -> Iterator[tuple[str, str]]:
    with typer.Context(command, info_name=name) as context:
        for parameter in command.get_params(context):
            if isinstance(parameter, TyperArgument):
                told = getattr(parameter, "help", "") or ""
                yield parameter.metavar or (parameter.name or "").upper(), " ".join(told.split())
            elif record := parameter.get_help_record(context):
                yield " ".join(record[0].split()), " ".join(record[1].split())
        if isinstance(command, TyperGroup):
            for inner, one in command.commands.items():
                yield inner, one.get_short_help_str(200)


def _resolved(one: dict, whole: dict) -> dict:
    found = one.get("$ref", "").rpartition("/")[2]
    return whole.get("$defs", {}).get(found, one)


def _kind(one: dict) -> str:
    if "enum" in one:
        return " or ".join(map(str, one["enum"]))
    if "anyOf" in one:
        return " or ".join(dict.fromkeys(map(_kind, one["anyOf"])))
    kind = one.get("type", "")
    return f"list of {_kind(one['items'])}" if kind == "array" and "items" in one else str(kind)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _roff(text: str) -> str:
    return NO_ROFF.sub(r"\\&\1", text.replace("\\", "\\e").replace("-", "\\-"))


def main() -> int:
    if sys.argv[1:2] != ["man"] or len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, command in commands():
        (folder / f"{name.replace(' ', '-')}.1").write_text(man(name, command), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
