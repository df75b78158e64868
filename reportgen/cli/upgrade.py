"""`reportgen upgrade`: the settings of an earlier version brought up to date, and what changed in them shown."""

from pathlib import Path
from typing import Annotated

import typer

from reportgen import __version__
from reportgen.cli import options


def upgrade(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The settings.", show_default=True)] = Path(
        "report.toml"
    ),
    quiet: options.Quiet = False,
) -> None:
    """Bring settings of an earlier version up to date, and show the difference; no line and no comment is lost."""
    from reportgen.base.terminal import printable
    from reportgen.schemas import as_text
    from reportgen.template import upgrading

    found = upgrading.upgrade(config, as_text("report.toml"))
    upgrading.write(found)
    if quiet:
        return
    for line in found.difference():
        typer.echo(printable(line))
    others = [path.name for path in found.files if path != config]
    for name in others:
        typer.echo(f"{printable(name)} is that of reportgen {__version__} now.")
    if not found.files:
        typer.echo(f"{printable(config.name)} is up to date with reportgen {__version__}.")
