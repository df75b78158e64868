"""The pieces of work: each calls what the command of its name calls."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import ReportError
from reportgen.base.progress import Progress
from reportgen.desk.job_process import Made
from reportgen.run.pipeline import Request

if TYPE_CHECKING:
    from reportgen.history.diff.folders import Folder
    from reportgen.unattended.schedule import Wanted


@dataclass(frozen=True)
class Build:
    """`reportgen build`. language: in which is said what changed since the report that it replaces; written: where the
    settings of a dropped file are written, there or not."""

    request: Request
    language: str
    written: Path | None = None

    def __call__(self, progress: Progress) -> Made:
        """The folder of the report and its files; lines on answers that were not understood and on the source."""
        from reportgen.run.pipeline import build

        request = self.request
        if self.written and self.written.is_file():
            request = replace(request, config=self.written)
        before = _replaced(request)
        made = build(request, progress)
        lines = tuple(filter(None, (made.kept, *made.doubts)))
        changed = _changed(before.get(made.folder), made.folder, request, self.language)
        return Made(str(made.folder), tuple(sorted(made.files)), lines, changed)


def _replaced(request: Request) -> dict[Path, Folder]:
    """The reports of which one will be replaced, by folder: which one, its profile says, that is known when it is
    read. Those that can't be read are left out, as they are nothing to compare with."""
    from reportgen.history.diff.folders import read_folder
    from reportgen.publish.report_folders import APART, INTERNAL, within
    from reportgen.run.pipeline import root_of

    root, found = root_of(request), {}
    for profile in (INTERNAL, *APART):
        folder = root / within(profile, request.period)
        with suppress(ReportError):
            found[folder] = read_folder(folder, request.config)
    return found


def _changed(before: Folder | None, folder: Path, request: Request, language: str) -> tuple[str, ...]:
    """What changed since the report that was replaced, in lines; none where there was none.

    The new one is published by then: where the two can't be compared, it is said why.
    """
    from reportgen.history.diff import between
    from reportgen.history.diff.as_text import told
    from reportgen.history.diff.folders import read_folder
    from reportgen.writing.language import speaking

    if before is None:
        return ()
    with speaking(language):
        try:
            return tuple(told(between(before, read_folder(folder, request.config))))
        except ReportError as failure:
            return (failure.summary,)


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
    language: str

    def __call__(self, progress: Progress) -> Made:
        """The verdict in lines."""
        from reportgen.verification import verify
        from reportgen.verification.verdict_words import as_text
        from reportgen.writing.language import speaking

        found = verify(self.run, self.source, self.config)
        with speaking(self.language):
            return Made(lines=tuple(as_text(found)))


@dataclass(frozen=True)
class Compare:
    """`reportgen diff`."""

    old: Path
    new: Path
    config: Path | None
    language: str

    def __call__(self, progress: Progress) -> Made:
        """The differences in lines."""
        from reportgen.history.diff import difference
        from reportgen.history.diff.as_text import as_text
        from reportgen.writing.language import speaking

        with speaking(self.language):
            return Made(lines=tuple(as_text(difference(self.old, self.new, self.config))))


@dataclass(frozen=True)
class Schedule:
    """`reportgen schedule --install`, or `--remove`."""

    wanted: Wanted
    remove: bool

    def __call__(self, progress: Progress) -> Made:
        """What was done, in lines. Before it is installed the report is made once, and thrown away."""
        from datetime import date

        from reportgen.unattended import trial
        from reportgen.unattended.schedule import install, kind_here, plan_of, remove

        plan = plan_of(self.wanted)
        if self.remove:
            return Made(lines=tuple(remove(plan, kind_here())))
        trial.tried(self.wanted.request, date.today())
        return Made(lines=tuple(install(plan, kind_here())))
