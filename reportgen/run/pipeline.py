"""The whole program on one screen: read → check → derive → protect → analyse → compose → render → publish."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportgen.base import aside
from reportgen.base.errors import UNSAID, Issue, MachineFailed, UsageError
from reportgen.base.message import N_, Message, message
from reportgen.base.progress import Progress, Steps
from reportgen.publish.queries import NAME
from reportgen.publish.report_folders import within
from reportgen.run import exports
from reportgen.run.composing import analyse, compose
from reportgen.run.earlier_releases import foretold, keep_told, told_before, with_releases
from reportgen.run.open_questions import naming_open_questions, still_doubtful
from reportgen.run.pseudonym_key import PSEUDONYMOUS, key_mark, key_of
from reportgen.run.questions import Questions
from reportgen.settings.model import recorded_overrides, reported
from reportgen.writing.language import languages, speaking

# Beside the folder OUTPUT/<name> lie files with longer names (.history.sqlite-journal); disks allow 255 bytes.
LONGEST_NAME = 220


@dataclass(frozen=True)
class Request:
    """What the user asked for. overrides: settings given on the command line, the strongest of all.

    source: a file or folder, or, as text, the address of a database. scheduler: of a Dask cluster that counts
    the cohort in parts; what is counted is the same. found: by a pattern, in a folder that nobody named: a report.toml
    beside it was received with it. memory: bytes that columns may take, see `aside.at_most`.
    """

    source: Path | str
    config: Path | None = None
    output: Path = Path("output")
    period: str = ""
    formats: tuple[str, ...] = ("html", "pdf")
    overrides: Mapping[str, object] = field(default_factory=dict)
    on_invalid: str = "refuse"
    strict: bool = False
    scheduler: str = ""
    found: bool = False
    answers: Path | None = None
    new_pseudonyms: bool = False
    memory: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What was made: the folder and its files, how many patients it says, what is doubtful, who may read it.

    kept: where answers lie that could not be taken in, and why. queries: where the questions are; None where nothing
    is asked. doubts: about the source as a whole, in sentences without a value. anonymity: of a data
    set for partners.
    """

    folder: Path
    files: tuple[str, ...]
    patients: int | None
    issues: tuple[Issue, ...]
    profile: str = ""
    kept: str = ""
    queries: Path | None = None
    doubts: tuple[str, ...] = ()
    anonymity: str = ""


def build(
    request: Request,
    progress: Progress = lambda said, share: None,
    before: Callable[[str], None] = lambda said: None,
) -> Outcome:
    """Make the report of one source and publish it. before: is told what will be masked, before anything is made.

    Raises DataRefused, UsageError or MachineFailed; whatever else is raised is a bug and says in which
    chapter it happened. Nothing is published then, and the last good report stays as it was.
    """
    with aside.at_most(request.memory):
        return _built(request, progress, before)


def _built(request: Request, progress: Progress, before: Callable[[str], None]) -> Outcome:
    from reportgen.cohort.changes import stale
    from reportgen.cohort.load import load_cohort
    from reportgen.history.answers import take_in
    from reportgen.history.recording import announce, asked_before, begun_anew, compare, keep
    from reportgen.publish.review_links import reviews_beside

    exports.check_installed(request.formats)
    root = root_of(request)
    steps = Steps(progress, _planned(request))
    with naming_open_questions(request.source, request.config):
        how = {"on_invalid": request.on_invalid, "strict": request.strict, "found": request.found}
        cohort = steps.run("read", lambda: load_cohort(
            request.source, config=request.config, overrides=request.overrides, progress=steps.within, **how,
        ))  # fmt: skip
    shown = protected(cohort, request.output, root, request.new_pseudonyms)
    cohort, unknown = with_releases(shown, cohort, root)
    if masked := foretold(cohort):
        before(masked)
    place = within(cohort.settings.privacy.profile, request.period)
    folder = root / place
    kept = compare(cohort, root, request.period)
    unknown = (*unknown, *begun_anew(kept))
    cohort = replace(kept.cohort, reviews=reviews_beside(cohort, folder))
    if request.scheduler:
        steps.run("count", lambda: count_on(request.scheduler, cohort))
    taken = take_in(kept.place, root, request.answers) if kept.run else None
    asked = asked_before(kept, taken)
    files = produce(cohort, request.formats, steps, asked)
    kept = announce(kept, files["results.json"])
    keep_told(cohort, root, request.period, files["results.json"])
    questions = Questions(root, cohort, asked, taken)
    questions.keep(kept.place)
    said = steps.run("publish", lambda: _publish(files, place, request, steps, questions))
    with _remembered(folder):
        keep(kept)
    patients = json.loads(files["results.json"])["provenance"]["patients"]
    profile = cohort.settings.privacy.profile
    anonymity = (
        files.get("data/README.txt", b"").decode().partition("\n")[0]
    )  # a data set's, as it says itself
    said_of_open = () if request.found else still_doubtful(cohort, request.source, request.config)
    made = tuple(name for name in files if name != NAME or not request.period)
    where = root / NAME if NAME in files else None
    return Outcome(folder, (*made, "manifest.json"), patients, cohort.issues, profile, said, where,
                   (*stale.doubts(cohort), *unknown, *said_of_open), anonymity)  # fmt: skip


@contextmanager
def _remembered(folder: Path) -> Iterator[None]:
    """Where the report can't be kept for later ones, it is published all the same; what is raised says so."""
    try:
        yield
    except MachineFailed as failure:
        said = message("the report is in {folder}, but was not kept for later ones: {failure} The next report of this "
                       "source tries again.", folder=folder, failure=failure.message)  # fmt: skip
        raise MachineFailed(said) from failure


def _planned(request: Request) -> tuple[str, ...]:
    counted = ("count",) if request.scheduler else ()
    return ("read", *counted, "analyse", "compose", *request.formats, "publish")


def count_on(scheduler: str, cohort) -> None:
    """Let a cluster count the cohort, for all chapters. Raises MachineFailed where it cannot."""
    from reportgen.analyses import counting
    from reportgen.parallel.cluster import sum_on

    counting.use(cohort, sum_on(scheduler, counting.counted, counting.pieces(cohort)))


def protected(cohort, output: Path, root: Path | None = None, new_pseudonyms: bool = False):
    """The cohort as its profile lets others see it. output: where the key of the pseudonyms lies, or is made.

    root: of the source's reports, whose pseudonyms are to be those of before unless new ones are wanted.
    """
    if cohort.settings.privacy.profile == "internal":
        return cohort
    offered(cohort.settings)
    from reportgen.privacy.protect import protect

    if cohort.settings.privacy.profile not in PSEUDONYMOUS:
        return protect(cohort)
    return protect(cohort, key_of(root, output, new_pseudonyms))


def produce(cohort, formats: tuple[str, ...], steps: Steps | None = None, asked=None) -> dict[str, bytes]:
    """The files of a checked and protected cohort, by name: all that lies between reading and publishing.

    asked: what queries.read_asked knows of the questions of the run before, or of the run to be rebuilt.
    Questions name patients, so that there are none where the report leaves the house.
    `verify` rebuilds a report by the same way, so whatever changes the files belongs in here.
    """
    from reportgen.publish.queries import queries_xlsx

    steps = steps or Steps()
    offered(cohort.settings, formats)
    results, notices = steps.run("analyse", lambda: analyse(cohort, steps.within))
    with speaking(cohort.settings.language):
        report = steps.run("compose", lambda: compose(cohort, results, notices))
        made = render(report, results, cohort, formats, steps)
        if cohort.pseudonymous:
            return made
        return {**made, NAME: queries_xlsx(cohort.issues, cohort.cutoff, asked, cohort.source.name)}


def offered(settings, formats: tuple[str, ...] = ()) -> None:
    """Refuse what this version cannot do, rather than print what a profile or language does not allow."""
    if "csv" in formats and settings.privacy.profile == "external":
        listed = N_("--format csv lists the patients one by one, which the profile external does not allow.")
        raise UsageError(Message(listed))
    if "data" in formats and settings.privacy.profile != "partner":
        raise UsageError(message("--format data is for partners: it needs --profile partner."))
    for name, wanted, offered in (
        ("profile", settings.privacy.profile, ("internal", "board", "partner", "external")),
        ("language", settings.language, languages()),
    ):
        if wanted not in offered:
            said = message("{name} must be {allowed} in this version, but was {wanted}.", name=name,
                           allowed=" or ".join(offered), wanted=repr(wanted))  # fmt: skip
            raise UsageError(said, UNSAID)


def root_of(request: Request) -> Path:
    """OUTPUT/<source stem>: the folder of all reports of a source, and of the internal one itself."""
    from reportgen.cohort.source import stem_of

    stem = stem_of(request.source)
    if stem in ("", ".", ".."):
        unnamed = message("A source named {stem} gives its report no folder; rename it.", stem=repr(stem))
        raise UsageError(unnamed)
    if len(os.fsencode(stem)) > LONGEST_NAME:
        raise UsageError(message("The source's name is too long for the folder of its reports; rename it."))
    return request.output / stem


def render(report, results, cohort, formats: tuple[str, ...], steps: Steps) -> dict[str, bytes]:
    """The files of the run, by name."""
    from reportgen.publish.run_files import attached, results_json

    data = results_json(results, report.provenance)
    files = {"results.json": data}
    if "html" in formats:
        from reportgen.render.html.document import render_html

        files["report.html"] = steps.run("html", lambda: render_html(report).encode())
    if "pdf" in formats:
        from reportgen.render.pdf.csv_attachments import tables_csv
        from reportgen.render.pdf.document import render_pdf

        inside = {"results.json": attached(data)} | tables_csv(report)
        files["report.pdf"] = steps.run("pdf", lambda: render_pdf(report, inside))
    if "docx" in formats:
        from reportgen.render.docx import render_docx

        files["report.docx"] = steps.run("docx", lambda: render_docx(report))
    for kind in exports.FORMATS:
        if kind in formats:
            files |= steps.run(kind, lambda kind=kind: exports.taken_away(kind, report, results, cohort))
    if "csv" in formats:
        from reportgen.run import listings

        files[listings.NAME] = steps.run("csv", lambda: listings.patients_csv(cohort))
    if "data" in formats:
        from reportgen.privacy.deidentified import data_set

        files |= steps.run("data", lambda: data_set(cohort))[0]
    return files


def _publish(
    files: Mapping[str, bytes], place: str, request: Request, steps: Steps, questions: Questions
) -> str:
    """Publish the files; what is to be said of answers that could not be taken in.

    The questions of a source are in one file, in the folder of all its reports.
    """
    from reportgen.chapters.installed import packages
    from reportgen.cohort.mapping.source_settings import settings_files
    from reportgen.publish.folder import publish
    from reportgen.publish.run_files import HowMade, manifest

    cohort, root = questions.cohort, questions.root
    files_read = settings_files(request.source, request.config, request.found)
    how = HowMade(
        inputs=[cohort.source.to_row(), *files_read.inputs],
        request={
            "on_invalid": request.on_invalid,
            "strict": request.strict,
            "formats": request.formats,
            "period": request.period,
            "place": place,
            "overrides": recorded_overrides(request.overrides),
            **({"reviews": dict(cohort.reviews)} if cohort.reviews else {}),
        },
        settings=reported(cohort.settings),
        pseudonyms=key_mark(request.output) if cohort.settings.privacy.profile in PSEUDONYMOUS else "",
        releases=told_before(cohort),
        packages=packages(cohort.settings),
        seconds=steps.seconds,
    )
    here = {name: content for name, content in files.items() if name != NAME or not request.period}
    aside = publish(
        {**here, "manifest.json": manifest(here, cohort, how)}, root, place, questions.replaced(files, place)
    )
    return questions.publish(files, aside, root / place, bool(request.period))
