"""What is taken away from a report in other forms, each saying what the page says: slides, tables, figures."""

from __future__ import annotations

from collections.abc import Collection
from importlib.util import find_spec
from typing import TYPE_CHECKING

from reportgen.base.errors import MachineFailed
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort
from reportgen.report import Report
from reportgen.stats.results import Results

if TYPE_CHECKING:
    from reportgen.render.figure_files import Picture as Picture

# In the order of `--format`; each loads what it needs only when it is asked for.
FORMATS = ("pptx", "xlsx", "figures", "text", "ard")


def check_installed(formats: Collection[str]) -> None:
    """MachineFailed, before anything is made, where a format needs a library that is not installed."""
    if "ard" in formats and find_spec("pyarrow") is None:
        raise MachineFailed(message("--format ard needs pyarrow: pip install 'clinical-reportgen[parquet]'."))


def taken_away(kind: str, report: Report, results: Results, cohort: Cohort) -> dict[str, bytes]:
    """The files of one of FORMATS, by name. The same bytes for the same report."""
    if kind == "pptx":
        from reportgen.render.pptx import render_pptx

        return {"report.pptx": render_pptx(report)}
    if kind == "xlsx":
        from reportgen.publish import report_tables

        return {report_tables.NAME: report_tables.tables_xlsx(report, results)}
    if kind == "text":
        return _texts(report, results)
    if kind == "ard":
        from reportgen.publish.ard import Grouping, ard_files

        name = cohort.settings.group
        levels = next((feature.levels for feature in cohort.features if feature.name == name), ())
        return ard_files(results, Grouping(name, levels))
    from reportgen.render.figure_files import figure_files

    return figure_files(report)


def pictures(report: Report) -> tuple[Picture, ...]:
    """Every printed figure, as `--format figures` has it, drawn when it is asked for."""
    from reportgen.render import figure_files

    return figure_files.pictures(report)


def _texts(report: Report, results: Results) -> dict[str, bytes]:
    from reportgen.render.texts import abstract_txt, report_md
    from reportgen.writing.bibliography import references_bib
    from reportgen.writing.references import methods_of

    methods = methods_of((*results.estimates, *results.curves))
    return {
        "abstract.txt": abstract_txt(report).encode(),
        "report.md": report_md(report).encode(),
        "references.bib": references_bib(methods).encode(),
    }
