"""The review of one patient: from the cohort to the finished files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from reportgen import __version__
from reportgen.base.required import required
from reportgen.casereview import review
from reportgen.casereview.case import Case, Shared
from reportgen.casereview.parts import board
from reportgen.render.pdf.encryption import encrypted
from reportgen.report import Report
from reportgen.run.composing import cutoff_words
from reportgen.writing import numbers
from reportgen.writing.banner import banner
from reportgen.writing.language import _, speaking
from reportgen.writing.narrative import counted, plural

SEALED = "encrypted"
MOST_PAGES = 2
# For the decision of the board: half a page, a quarter, or what is left. The style knows each by its name.
ROOMS = ("decision", "short-decision", board.KEY)


@dataclass(frozen=True)
class Maker:
    """Makes the files of the patient at a position; it is sent to every process of the pool."""

    shared: Shared
    names: Sequence[str]
    question: str
    password: str = field(repr=False)
    formats: Collection[str] = ("pdf",)

    def __call__(self, position: int) -> dict[str, bytes]:
        """The review as what is wanted of pdf and pptx, and the PDF's encrypted copy if there is a password."""
        name = self.names[position]
        whole = Case(self.shared, position, name, self.question)
        files: dict[str, bytes] = {}
        if "pdf" in self.formats:
            files[f"{name}.pdf"] = pdf = _pdf(whole)
            if self.password:
                files[f"{SEALED}/{name}.pdf"] = encrypted(pdf, self.password)
        if "pptx" in self.formats:
            from reportgen.render.pptx import render_pptx

            files[f"{name}.pptx"] = render_pptx(compose(whole))
        return files


def _pdf(whole: Case) -> bytes:
    """Half a page is left for the decision. Where two pages would not hold it all, lists are cut shorter first (what
    is cut away is counted or named), then the decision gives way, to a quarter.
    """
    from reportgen.render.pdf.document import render_pdf

    dense = replace(whole, dense=True)
    reports = (compose(case, room=room) for room in ROOMS for case in (whole, dense))
    pdf = next(filter(None, (render_pdf(report, most_pages=MOST_PAGES) for report in reports)), None)
    return required(render_pdf(compose(dense)) if pdf is None else pdf)


def compose(case: Case, room: str = board.KEY) -> Report:
    """The review of one patient as data, in the language of the settings, whichever process makes it.

    room: for the decision of the board, one of ROOMS.
    """
    with speaking(case.cohort.settings.language):
        return _composed(case, room)


def _composed(case: Case, room: str) -> Report:
    cohort, settings = case.cohort, case.cohort.settings
    profile = settings.privacy.profile
    if profile != "internal" and not cohort.pseudonymous:
        raise ValueError(f"this cohort is not protected, so no review of profile {profile} can be made of it")
    facts = [
        (_("Data cut-off"), cutoff_words(cohort)),
        (
            _("Cohort"),
            f"{numbers.whole(cohort.n)} {plural(cohort.n, 'patient')}"
            if cohort.n > 1
            else counted(cohort.n, "patient"),
        ),
    ]
    return Report(
        title=_("Case review {name}", name=case.name),
        subtitle=settings.title
        or ": ".join(str(part) for part in (_("Outcome report"), cohort.source.name) if part),
        date=cohort.cutoff.isoformat() if cohort.cutoff else None,
        facts=tuple(facts),
        sections=tuple(replace(part, key=room) if part.key == board.KEY else part for part in review(case)),
        notice=" ".join(filter(None, (settings.notice, banner(profile)))),
        profile=profile,
        language=settings.language,
        version=__version__,
        kind="case",
    )
