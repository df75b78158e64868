"""Case reviews: read → check → protect → review each patient → render → publish, as `build` does for the cohort."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.base.errors import Issue, MachineFailed, ReportError, UsageError
from reportgen.base.message import message
from reportgen.base.progress import Progress, Steps
from reportgen.casereview.case import Shared, seen_later
from reportgen.casereview.one_review import Maker
from reportgen.casereview.published_reviews import Run, publish_cases
from reportgen.casereview.spool import Shelf
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.load import load_cohort
from reportgen.parallel.pool import Made, make_all, processors
from reportgen.privacy.pseudonyms import normalised, pseudonyms
from reportgen.publish.report_folders import within
from reportgen.publish.review_links import FOLDER
from reportgen.render.pdf.encryption import LEAST
from reportgen.run.pipeline import Request, offered, protected, root_of
from reportgen.run.pseudonym_key import key_of
from reportgen.settings.model import Settings


@dataclass(frozen=True)
class CaseRequest:
    """What the user asked for, beyond the Request that is common to all commands.

    patients: ids as in the source, or pseudonyms; everyone: all of them. question: to the board. password: of
    a second, encrypted copy. jobs: processes at once, 0 for as many as there are processors; scheduler: of a Dask
    cluster that makes the reviews instead.
    """

    common: Request
    patients: tuple[str, ...] = ()
    everyone: bool = False
    question: str = ""
    password: str = field(default="", repr=False)
    jobs: int = 0
    scheduler: str = ""


@dataclass(frozen=True)
class CaseOutcome:
    """What was made: the folder, its files, the patients reviewed now, and who could not be, with the reason."""

    folder: Path
    files: tuple[str, ...]
    patients: int
    issues: tuple[Issue, ...]
    failures: Mapping[str, str] = field(default_factory=dict)
    profile: str = ""


class CasesFailed(ReportError):
    """Some patients have no review; those of the others were published."""

    answered = True

    def __init__(self, outcome: CaseOutcome, status: int):
        self.outcome, self.status = outcome, status
        count = len(outcome.failures)
        said = f"{count} case review{'s were' if count > 1 else ' was'} not made."
        alike: dict[str, list[str]] = {}
        for name, why in outcome.failures.items():
            alike.setdefault(why, []).append(name)
        lines = (f"{', '.join(names)}: {why}" for why, names in alike.items())
        super().__init__("\n  ".join((said, *lines)), said)


def cases(
    request: CaseRequest,
    progress: Progress = lambda said, share: None,
    count: Callable[[int, int, int], None] = lambda done, total, failed: None,
) -> CaseOutcome:
    """Make the case reviews of one source and publish them in the folder `cases` within that of the report.

    count: called with how many are done, of how many, and how many of them failed. Reviews that an earlier run
    made of the same source, settings and program stay; all others are gone. Raises what pipeline.build raises,
    and CasesFailed, after publishing, when some patients have no review.
    """
    common = request.common
    root, steps = root_of(common), Steps(progress, ("read", "compose", "publish"))
    _asked_well(request)
    whole = steps.run(
        "read",
        lambda: load_cohort(
            common.source,
            config=common.config,
            overrides=common.overrides,
            on_invalid=common.on_invalid,
            strict=common.strict,
        ),
    )
    _profile_allows(whole.settings)
    offered(whole.settings)
    names = _names(whole, common)
    positions = _positions(request, whole, names)
    cohort = protected(whole, common.output, root, common.new_pseudonyms)
    shared = Shared.of(cohort, seen_later(whole))
    make = Maker(shared, names, request.question, request.password, _formats(common))
    with Shelf() as shelf:
        failures = steps.run("compose", lambda: _make(make, positions, request, shelf, count))
        folder = root / within(cohort.settings.privacy.profile, common.period) / FOLDER
        if len(shelf):
            run = Run(common, cohort, folder, names, _asked(request), steps.seconds)
            steps.run("publish", lambda: publish_cases(shelf, failures, run))
        said = {_spoken(cohort, names, made.position): made.failure for made in failures}
        outcome = CaseOutcome(
            folder, tuple(shelf), len(positions) - len(failures), cohort.issues, said,
            cohort.settings.privacy.profile,
        )  # fmt: skip
    if failures:
        raise CasesFailed(outcome, _worst(failures))
    return outcome


def _asked(request: CaseRequest) -> dict[str, object]:
    """What the manifest says of the request; the question may name the patient, so only whether there was one."""
    return {
        "cases": "all" if request.everyone else "some",
        "question": bool(request.question),
        "encrypted": bool(request.password),
    }


def _formats(common: Request) -> frozenset[str]:
    """Of what a report can be made as, what a case review can be made as: a PDF where nothing of it is asked for."""
    return frozenset({"pdf", "pptx"} & set(common.formats)) or frozenset({"pdf"})


def _asked_well(request: CaseRequest) -> None:
    if bool(request.patients) == request.everyone:
        raise UsageError(
            message("Name the patients whose cases are to be reviewed, or all of them with --all.")
        )
    if request.password and "pdf" not in _formats(request.common):
        raise UsageError(message("The password is that of the PDF, which --format leaves out."))
    if request.password and len(request.password) < LEAST:
        raise UsageError(message("The password must have at least {least} characters.", least=LEAST))


def _profile_allows(settings: Settings) -> None:
    if settings.privacy.profile not in ("internal", "board"):
        raise UsageError(
            message(
                "A case review shows one patient, which the profile {profile} never does; use board or "
                "internal.",
                profile=settings.privacy.profile,
            )
        )


def _names(cohort: Cohort, common: Request) -> tuple[str, ...]:
    """The pseudonym of every patient, in order: under any profile, for files are named by it."""
    ids = [str(patient) for patient in cohort.patients.frame["patient_id"]]
    named = pseudonyms(key_of(root_of(common), common.output, common.new_pseudonyms), ids)
    return tuple(named[patient] for patient in ids)


def _positions(request: CaseRequest, cohort: Cohort, names: Sequence[str]) -> list[int]:
    """Where the wanted patients stand. Raises UsageError for one that is not there."""
    if request.everyone:
        return list(range(cohort.n))
    ids = [str(patient) for patient in cohort.patients.frame["patient_id"]]
    known = {normalised(name): place for place, name in enumerate(names)}
    known |= {normalised(patient): place for place, patient in enumerate(ids)}
    lost = [patient for patient in request.patients if normalised(patient) not in known]
    if lost:
        raise UsageError(
            message(
                "No patient {a} is left to review in the source: the id is not there, or the patient "
                "started after the cut-off or was excluded. `reportgen check` says which.",
                a=", ".join(map(repr, lost)),
            ),
            "A patient whose case was asked for is not left to review in the source.",
        )
    return sorted({known[normalised(patient)] for patient in request.patients})


def _make(
    make: Maker, positions: list[int], request: CaseRequest, shelf: Shelf, count: Callable
) -> list[Made]:
    """Put every review on the shelf; what could not be made is returned, in the order of the cohort."""
    failures: list[Made] = []
    finished = 0

    def done(made: Made) -> None:
        nonlocal finished
        finished += 1
        if made.status:
            failures.append(made)
        for name, content in made.files.items():
            shelf.put(name, content)
        count(finished, len(positions), len(failures))

    count(0, len(positions), 0)
    if request.scheduler:
        from reportgen.parallel.cluster import make_all_on

        make_all_on(request.scheduler, make, positions, done)
    else:
        make_all(make, positions, request.jobs or processors(), done)
    return sorted(failures, key=lambda made: made.position)


def _spoken(cohort: Cohort, names: Sequence[str], position: int) -> str:
    """What a patient is called in a message."""
    if cohort.settings.privacy.profile == "internal":
        return str(cohort.patients.frame["patient_id"].iloc[position])
    return names[position]


def _worst(failures: Sequence[Made]) -> int:
    """A machine that failed comes before data that were refused, and these before a bug."""
    found, bug = {made.status for made in failures}, ReportError.status
    return MachineFailed.status if MachineFailed.status in found else max(found - {bug}, default=bug)
