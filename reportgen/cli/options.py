"""Options that several commands have in common, and what they mean."""

from pathlib import Path
from typing import Annotated

import typer

from reportgen.base.errors import UsageError
from reportgen.settings.choices import cutoff_of


def _named(source: str) -> str:
    """An empty word would be taken for the folder in which the command is given."""
    if not source.strip():
        raise UsageError("SOURCE is empty; give the path of a workbook, or another source that build takes.")
    return source


Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        callback=_named,
        help="A workbook (xlsx, ods); a file, folder or zip of tables; or the address of a database.",
        show_default=False,
    ),
]
SameSource = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        callback=_named,
        help="The workbook, or another source that build takes.",
        show_default=False,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Settings; default: report.toml beside the source, if there."),
]
Output = Annotated[Path, typer.Option(metavar="DIR", help="Where reports land.")]
Cutoff = Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="What was known on this day.")]
Period = Annotated[
    str,
    typer.Option(
        metavar="YYYY-MM", help="What was known at the end of this month, or of the last one: last."
    ),
]
Formats = Annotated[
    str,
    typer.Option(
        help="Formats, separated by commas: html, pdf, docx, pptx, xlsx, figures, text, ard, csv, data."
    ),
]
Profile = Annotated[str, typer.Option(help="Who will read it: internal, board, partner, external.")]
Language = Annotated[str, typer.Option(help="The language of the report: en, de.")]
OnInvalid = Annotated[
    str, typer.Option(help="Patients with errors: refuse the data, or exclude them and say so.")
]
Scheduler = Annotated[str, typer.Option(help="Of a Dask cluster to work on: tls://host:8786.")]
InsecureCluster = Annotated[
    bool, typer.Option("--insecure-cluster", help="Send patient data to a cluster that has no TLS.")
]
Answers = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A returned queries.xlsx that does not lie beside the reports."),
]
NewPseudonyms = Annotated[
    bool,
    typer.Option("--new-pseudonyms", help="Let the key be another one than in earlier reports."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse data with warnings, too.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Say what was made as JSON.")]
JsonFindings = Annotated[bool, typer.Option("--json", help="Say all findings as JSON.")]


def overrides(period: str, cutoff: str, profile: str, language: str) -> dict[str, object]:
    """The settings that were given on the command line. The cut-off of a period is its end."""
    given = {
        "cutoff": cutoff_of(cutoff, period),
        "privacy.profile": profile,
        "language": language,
    }
    return {name: value for name, value in given.items() if value}


def cluster(address: str, insecure: bool) -> str:
    """The address of a cluster to which patient data may be sent. UsageError where it has no TLS, unless allowed."""
    if "://" in address and not address.startswith("tls://") and not insecure:
        raise UsageError(
            f"--scheduler {address} has no TLS: patient data would go to it in the clear, and whoever answers there "
            "could give this program orders. Start the cluster with Dask's TLS (docs/cluster.md) and name it as "
            "tls://host:port, or add --insecure-cluster where nobody else can reach it."
        )
    return address


def known_answer(on_invalid: str) -> None:
    """UsageError where --on-invalid is neither refuse nor exclude."""
    if on_invalid not in ("refuse", "exclude"):
        raise UsageError(f"--on-invalid must be refuse or exclude, but was {on_invalid!r}.")
