"""A report in the hands of a program: looked at in a notebook, saved in the form that is wanted."""

from __future__ import annotations

import html
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.cohort.cohort import Cohort
from reportgen.report import Report
from reportgen.stats.results import Results

if TYPE_CHECKING:
    from reportgen.run.exports import Picture

# How a file is called → the format of `reportgen build --format`, and the file that it makes.
FORMS = {
    ".html": ("html", "report.html"),
    ".pdf": ("pdf", "report.pdf"),
    ".docx": ("docx", "report.docx"),
    ".pptx": ("pptx", "report.pptx"),
    ".xlsx": ("xlsx", "report.xlsx"),
    ".json": ("", "results.json"),
}


@dataclass(frozen=True, repr=False)
class Document:
    """A report that is composed and not yet rendered. content: the report as data; results: all of its numbers."""

    content: Report
    results: Results
    cohort: Cohort

    def __repr__(self) -> str:
        """Its title: what it holds is the whole cohort."""
        return f"Document({self.title!r})"

    @property
    def title(self) -> str:
        """The title in the language of the report."""
        return self.content.title

    @cached_property
    def html(self) -> str:
        """The page, self-contained: what report.html holds."""
        return self.to_bytes(".html").decode()

    @cached_property
    def figures(self) -> dict[str, Picture]:
        """Every printed figure by its name, such as summary-os: `.svg` (text), `.pdf` and `.png` (bytes, 300 dpi)."""
        from reportgen.run.exports import pictures

        return {picture.name: picture for picture in pictures(self.content)}

    def to_bytes(self, form: str) -> bytes:
        """The report in one of FORMS, as ".pdf"; the same bytes for the same data."""
        from reportgen.run.pipeline import Steps, render
        from reportgen.writing.language import speaking

        kind, name = FORMS[form]
        with speaking(self.cohort.settings.language):
            return render(self.content, self.results, self.cohort, (kind,), Steps())[name]

    def save(self, path: str | Path) -> Path:
        """Write the report, in the form that the name ends in, whole or not at all, readable by the owner only.

        A file that is there is replaced. Returns the path. UsageError for another ending; MachineFailed where it can't
        be written.
        """
        from reportgen.publish.folder import beside, write_file

        path = Path(path)
        if path.suffix.lower() not in FORMS:
            raise UsageError(f"{path.name!r} is no form of a report; it is saved as {', '.join(FORMS)}.")
        content = self.to_bytes(path.suffix.lower())
        new = beside(path, f"{os.getpid()}.new")
        try:
            new.unlink(missing_ok=True)
            write_file(new, content)
            new.replace(path)
        except OSError as failure:
            raise MachineFailed(f"{path.name!r} could not be written: {reason(failure)}.") from failure
        finally:
            new.unlink(missing_ok=True)
        return path

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that neither its style nor its script meets the notebook's."""
        return (
            f'<iframe title="{html.escape(self.title)}" srcdoc="{html.escape(self.html)}" sandbox="allow-scripts '
            'allow-downloads allow-popups" style="box-sizing: border-box; width: 100%; height: 45rem; '
            'border: 1px solid #ccc"></iframe>'
        )
