"""The pieces of work: each calls what the command of its name calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportgen.base.progress import Progress
from reportgen.desk.jobs import Made
from reportgen.run.pipeline import Request


@dataclass(frozen=True)
class Build:
    """`reportgen build`."""

    request: Request

    def __call__(self, progress: Progress) -> Made:
        """The folder of the report and its files; lines on answers that were not understood and on the source."""
        from reportgen.run.pipeline import build

        made = build(self.request, progress)
        lines = tuple(filter(None, (made.kept, *made.doubts)))
        return Made(str(made.folder), tuple(sorted(made.files)), lines)


@dataclass(frozen=True)
class Case:
    """`reportgen case`. patients: ids or pseudonyms; none: everyone."""

    request: Request
    patients: tuple[str, ...]
    question: str

    def __call__(self, progress: Progress) -> Made:
        """The folder of the case reviews and their PDFs."""
        from reportgen.casereview.cases import CaseRequest, cases

        everyone = not self.patients
        made = cases(CaseRequest(self.request, self.patients, everyone, self.question, jobs=1), progress)
        return Made(str(made.folder), tuple(sorted(name for name in made.files if name.endswith(".pdf"))))


@dataclass(frozen=True)
class Verify:
    """`reportgen verify`, with the source: the report is made again."""

    run: Path
    source: Path
    config: Path | None

    def __call__(self, progress: Progress) -> Made:
        """The verdict in lines."""
        from reportgen.verification import verify
        from reportgen.verification.verdict_words import as_text

        return Made(lines=tuple(as_text(verify(self.run, self.source, self.config))))


@dataclass(frozen=True)
class Compare:
    """`reportgen diff`."""

    old: Path
    new: Path
    config: Path | None

    def __call__(self, progress: Progress) -> Made:
        """The differences in lines."""
        from reportgen.history.diff import difference
        from reportgen.history.diff.as_text import as_text

        return Made(lines=tuple(as_text(difference(self.old, self.new, self.config))))
