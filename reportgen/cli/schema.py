"""`reportgen schema`: what files and answers of the program look like, for machines and editors."""

from typing import Annotated

import typer


def schema(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Of which file or answer; without it: the names.")
    ] = "",
) -> None:
    """Print the JSON Schema of report.toml, batch.toml, results.json, manifest.json, status.json, check or map."""
    from reportgen.schemas import SCHEMAS, as_text

    typer.echo(as_text(name) if name else "\n".join(SCHEMAS), nl=not name)
