"""`reportgen completion`: what a shell needs to complete commands and options."""

from enum import StrEnum
from typing import Annotated

import typer


class Shell(StrEnum):
    """The shells that are known."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")],
) -> None:
    """Print the completion of commands and options for SHELL; --install-completion puts it into its place."""
    from typer.completion import get_completion_script  # pyright: ignore[reportPrivateImportUsage]

    typer.echo(
        get_completion_script(prog_name="reportgen", complete_var="_REPORTGEN_COMPLETE", shell=shell.value)
    )
