"""The index over all cohorts of a batch: a page for people, batch.json for machines."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reportgen import __version__
from reportgen.base.message import N_
from reportgen.batch import centres_page as centres
from reportgen.batch.cohort_results import SECTION, centre_results
from reportgen.batch.cohort_rows import SCHEMA, SHOWN, CohortRow, Reported
from reportgen.render.html.document import render_html
from reportgen.report import Report
from reportgen.stats.results import Results
from reportgen.writing import dates
from reportgen.writing.language import SOURCE, _, _n, active, speaking
from reportgen.writing.origins import Glossary, origins

PAGE, DATA = "index.html", "batch.json"
LABELS = {"response": N_("Response"), "toxicity": N_("Toxicity"), "follow_up": N_("Follow-up"),
          "patients": N_("Patients"), "pfs": N_("Progression-free survival"), "os": N_("Overall survival"),
          "cohorts": N_("Cohorts"), "not_reported": N_("Not reported")}  # fmt: skip


def index_files(rows: Sequence[CohortRow], folder: Path) -> dict[str, bytes]:
    """index.html and batch.json. rows: of every cohort, in the order of the manifest; folder: where they will lie.

    The page speaks the language of the reports, or English where these speak several.
    """
    rows = [replace(row, link=_link(row.reported, folder)) for row in rows]
    results = centre_results(rows)
    spoken = {row.reported.language for row in rows if row.reported}
    with speaking(spoken.pop() if len(spoken) == 1 else SOURCE):
        page = render_html(_report(results, rows))
    return {PAGE: page.encode(), DATA: _data(rows, results)}


def _link(report: Reported | None, folder: Path) -> str:
    """The way from the index to a report, where it lies below the index's folder; "" elsewhere."""
    page = next((name for name in ("report.html", "report.pdf") if report and name in report.files), "")
    if report is None or not page:
        return ""
    path = Path(os.path.relpath(Path(report.folder) / page, folder))
    return "" if ".." in path.parts or path.is_absolute() else centres.link(*path.parts)


def _report(results: Results, rows: Sequence[CohortRow]) -> Report:
    reports = [row.reported for row in rows if row.reported]
    profiles = sorted({report.profile for report in reports}) or ["internal"]
    periods = sorted({row.period for row in rows if row.period})
    cutoffs = sorted({report.cutoff for report in reports if report.cutoff})
    facts = [
        (_("Period"), _span([dates.period(period) for period in periods])),
        (_("Data cut-off"), _span([dates.date(day) for day in cutoffs])),
    ]
    glossary = Glossary(
        {name: _(words) for name, words in LABELS.items()}, {}, results.facts[SECTION].unit, {}
    )
    return Report(
        title=_n("Outcome report of {n} cohort", "Outcome reports of {n} cohorts", len(rows), n=len(rows)),
        subtitle="",
        date=cutoffs[-1] if cutoffs else None,
        facts=tuple((name, words) for name, words in facts if words),
        sections=(centres.section(results),),
        profile=", ".join(profiles),
        language=active(),
        version=__version__,
        origins=origins(results, glossary),
    )


def _span(words: Sequence[str]) -> str:
    return _("{low} to {high}", low=words[0], high=words[-1]) if len(words) > 1 else "".join(words)


def _data(rows: Sequence[CohortRow], results: Results) -> bytes:
    content = {
        "schema": SCHEMA,
        "program": f"reportgen {__version__}",
        "cohorts": [row.said(*SHOWN) for row in rows],
        "estimates": [estimate.to_row() for estimate in results.estimates],
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
