"""What is taken away from a report in other forms, each saying what the page says: slides, tables, figures."""

from __future__ import annotations

from reportgen.report import Report
from reportgen.stats.results import Results

# In the order of `--format`; each loads what it needs only when it is asked for.
FORMATS = ("pptx", "xlsx", "figures")


def taken_away(kind: str, report: Report, results: Results) -> dict[str, bytes]:
    """The files of one of FORMATS, by name. The same bytes for the same report."""
    if kind == "pptx":
        from reportgen.render.pptx import render_pptx

        return {"report.pptx": render_pptx(report)}
    if kind == "xlsx":
        from reportgen.publish import report_tables

        return {report_tables.NAME: report_tables.tables_xlsx(report, results)}
    from reportgen.render.figure_files import figure_files

    return figure_files(report)
