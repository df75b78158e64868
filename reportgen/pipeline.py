"""The whole program on one screen: read → check → derive → protect → analyse → compose → render → publish."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from reportgen import __version__
from reportgen.errors import Issue, MachineFailed, UsageError
from reportgen.language import _, languages, speaking
from reportgen.settings import reported

# Beside the folder OUTPUT/<name> lie files with longer names (.history.sqlite-journal); disks allow 255 bytes.
LONGEST_NAME = 220
SAID = {
    "read": "reading and checking the data",
    "analyse": "computing",
    "compose": "writing and drawing",
    "html": "setting the page",
    "pdf": "printing the PDF",
    "docx": "writing the Word file",
    "publish": "publishing",
}


@dataclass(frozen=True)
class Request:
    """What the user asked for. overrides: settings given on the command line, the strongest of all.

    source: a file or folder, or, as text, the address of a database.
    """

    source: Path | str
    config: Path | None = None
    output: Path = Path("output")
    period: str = ""
    formats: tuple[str, ...] = ("html", "pdf")
    overrides: Mapping[str, object] = field(default_factory=dict)
    on_invalid: str = "refuse"
    strict: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was made: the folder and its files, how many patients it says, what is doubtful, who may read it."""

    folder: Path
    files: tuple[str, ...]
    patients: int | None
    issues: tuple[Issue, ...]
    profile: str = ""


def build(request: Request, progress: Callable[[str], None] = lambda step: None) -> Outcome:
    """Make the report of one source and publish it.

    Raises DataRefused, UsageError or MachineFailed; whatever else is raised is a bug and says in which
    chapter it happened. Nothing is published then, and the last good report stays as it was.
    """
    from reportgen.cohort.load import load_cohort
    from reportgen.history.keep import announce, asked_before, compare, keep
    from reportgen.reviews import reviews_beside

    root = root_of(request)
    steps = Steps(progress)
    cohort = steps.run(
        "read",
        lambda: load_cohort(
            request.source,
            config=request.config,
            overrides=request.overrides,
            on_invalid=request.on_invalid,
            strict=request.strict,
        ),
    )
    cohort = protected(cohort, request.output)
    kept = compare(cohort, root, request.period)
    cohort = replace(kept.cohort, reviews=reviews_beside(cohort, root / request.period))
    files = produce(cohort, request.formats, steps, asked_before(kept, root))
    kept = announce(kept, files["results.json"])
    steps.run("publish", lambda: _publish(files, root, cohort, request, steps))
    try:
        keep(kept)
    except MachineFailed as failure:
        raise MachineFailed(
            f"the report is in {root / request.period}, but was not kept for later ones: {failure} "
            "The next report of this source tries again."
        ) from failure
    patients = json.loads(files["results.json"])["provenance"]["patients"]
    profile = cohort.settings.privacy.profile
    return Outcome(root / request.period, (*files, "manifest.json"), patients, cohort.issues, profile)


def protected(cohort, output: Path):
    """The cohort as its profile lets others see it. output: where the key of the pseudonyms lies, or is made."""
    if cohort.settings.privacy.profile == "internal":
        return cohort
    offered(cohort.settings)
    from reportgen.privacy.keys import read_key
    from reportgen.privacy.protect import protect

    return protect(cohort, read_key(output) if cohort.settings.privacy.profile == "board" else None)


def produce(cohort, formats: tuple[str, ...], steps: Steps | None = None, asked=None) -> dict[str, bytes]:
    """The files of a checked and protected cohort, by name: all that lies between reading and publishing.

    asked: what queries.read_asked knows of the questions of the run before, or of the run to be rebuilt.
    Questions name patients, so that there are none where the report leaves the house.
    `verify` rebuilds a report by the same way, so whatever changes the files belongs in here.
    """
    from reportgen.queries import NAME, queries_xlsx

    steps = steps or Steps()
    offered(cohort.settings)
    results, notices = steps.run("analyse", lambda: analyse(cohort))
    with speaking(cohort.settings.language):
        report = steps.run("compose", lambda: compose(cohort, results, notices))
        made = render(report, results, cohort, formats, steps)
        if cohort.pseudonymous:
            return made
        return {**made, NAME: queries_xlsx(cohort.issues, cohort.cutoff, asked, str(cohort.source["name"]))}


def offered(settings) -> None:
    """Refuse what this version cannot do, rather than print what a profile or language does not allow."""
    for name, wanted, offered in (
        ("profile", settings.privacy.profile, ("internal", "board", "external")),
        ("language", settings.language, languages()),
    ):
        if wanted not in offered:
            raise UsageError(f"{name} must be {' or '.join(offered)} in this version, but was {wanted!r}.")


def root_of(request: Request) -> Path:
    """OUTPUT/<source stem>: the folder of all reports of a source."""
    from reportgen.cohort.source import stem_of

    stem = stem_of(request.source)
    if stem in ("", ".", ".."):
        raise UsageError(f"A source named {stem!r} gives its report no folder; rename it.")
    if len(os.fsencode(stem)) > LONGEST_NAME:
        raise UsageError("The source's name is too long for the folder of its reports; rename it.")
    return request.output / stem


class Steps:
    """Runs the steps one after the other, tells which is running and keeps how long each took."""

    def __init__(self, progress: Callable[[str], None] = lambda step: None):
        self.progress, self.seconds = progress, {}

    def run(self, name: str, step: Callable):
        self.progress(SAID[name])
        began = perf_counter()
        try:
            return step()
        finally:
            self.seconds[name] = round(perf_counter() - began, 3)


def analyse(cohort):
    """The results of all chapters, and a Notice in place of each chapter whose columns are absent.

    Readers outside get results of their own: nothing is taken over from the chapters.
    """
    from reportgen.present.narrative import join, say
    from reportgen.report import Notice, Section
    from reportgen.sections import chapters
    from reportgen.stats.results import Results

    results, notices = Results(), {}
    outside = cohort.settings.privacy.profile == "external"
    if outside:
        from reportgen.privacy.release import released

        results = released(cohort)
    for section in chapters(cohort):
        lacking = cohort.lacks(section.REQUIRES)
        if lacking:
            with speaking(cohort.settings.language):
                text = say("This chapter cannot be made: the data lack {columns}.", columns=join(lacking))
                notices[section.KEY] = Section(section.KEY, _(section.TITLE), (Notice(text),))
        elif not outside:
            results += _naming(section, lambda chapter=section: chapter.analyse(cohort))
    return results, notices


def compose(cohort, results, notices):
    """The report as data: every chapter in order."""
    from reportgen.house import brand_of, printed
    from reportgen.present import external, numbers
    from reportgen.present.banner import banner
    from reportgen.present.worded import worded
    from reportgen.report import Report, Section

    results = worded(results)
    settings = cohort.settings
    profile = settings.privacy.profile
    if profile != "internal" and not cohort.pseudonymous:
        raise ValueError(f"this cohort is not protected, so no report of profile {profile} can be made of it")
    outside = profile == "external"

    def shown(chapter):
        return (
            external.chapter(chapter.KEY, _(chapter.TITLE), results) if outside else chapter.present(results)
        )

    sections = tuple(
        section
        if isinstance(section, Section)
        else notices.get(section.KEY) or _naming(section, lambda chapter=section: shown(chapter))
        for section in printed(cohort)
    )
    asked = origin_of(cohort, results)
    cutoff = cohort.cutoff.isoformat() if cohort.cutoff else None
    facts = [
        (_("Diagnosis"), settings.diagnosis),
        (_("Treatment"), settings.treatment),
        (_("Patients"), external.patients(results) if outside else numbers.whole(cohort.n)),
        (_("Data cut-off"), cutoff_words(cohort)),
    ]
    return Report(
        title=settings.title or ": ".join(filter(None, (_("Outcome report"), cohort.source["name"]))),
        subtitle=settings.subtitle,
        date=cutoff,
        facts=tuple((name, value) for name, value in facts if value),
        sections=sections,
        notice=" ".join(filter(None, (settings.notice, banner(profile, results.facts.get(external.FACTS))))),
        profile=profile,
        language=settings.language,
        version=__version__,
        provenance=provenance(cohort, external.count(results) if outside else cohort.n),
        brand=brand_of(settings),
        **asked,
    )


def origin_of(cohort, results) -> dict:
    """What the page answers when a number is asked; which patients it counts only where they may be seen."""
    from reportgen.analyses.trace import sources, trace
    from reportgen.present.origins import Glossary, origins
    from reportgen.present.worded import words_of

    internal = cohort.settings.privacy.profile == "internal"
    cells = trace(cohort, results) if internal else {}
    labels = {**cohort.labels, **{key: endpoint.label for key, endpoint in cohort.endpoints.items()}}
    labels = {key: words_of(label) for key, label in labels.items()}
    for fact in results.facts.get("survival", {}).get("later", ()):
        labels[fact["name"]] = fact["label"]
        labels[fact["key"]] = _(
            "{endpoint} from the landmark on, by {label}", endpoint=fact["endpoint"], label=fact["label"]
        )
    units = {feature.name: feature.unit for feature in cohort.features}
    glossary = Glossary(labels, units, cohort.settings.time_unit, cells)
    return {"origins": origins(results, glossary), "patients": sources(cohort) if cells else {}}


def cutoff_words(cohort) -> str:
    """The cut-off as the head of a document has it."""
    from reportgen.present import numbers

    if cohort.cutoff:
        return numbers.date(cohort.cutoff.isoformat())
    return _("dates are left out") if cohort.pseudonymous else _("none: elapsed times only")


def provenance(cohort, patients: int | None) -> dict:
    """Where the numbers come from: source, cut-off, settings and version; nothing that changes by itself."""
    settings = reported(replace(cohort.settings, tables={}, columns={}, values={}))
    del settings["brand_files"]
    if cohort.settings.privacy.profile == "internal":
        del settings["privacy"]["release_agreed"]
    return {
        "program": f"reportgen {__version__}",
        "source": dict(cohort.source),
        "cutoff": cohort.cutoff.isoformat() if cohort.cutoff else None,
        "cutoff_given": cohort.cutoff_given,
        "patients": patients,
        "settings": settings,
        **_compared_with(cohort.earlier),
    }


def _compared_with(earlier) -> dict:
    """The reports that the chapter `changes` speaks of, by their results: the last is the one it compares with."""
    if earlier is None:
        return {}
    return {"compared_with": [{"period": past.name, "results": past.results} for past in earlier.trend]}


def render(report, results, cohort, formats: tuple[str, ...], steps: Steps) -> dict[str, bytes]:
    """The files of the run, by name."""
    from reportgen.publish import attached, results_json

    data = results_json(results, report.provenance)
    files = {"results.json": data}
    if "html" in formats:
        from reportgen.render.html import render_html

        files["report.html"] = steps.run("html", lambda: render_html(report).encode())
    if "pdf" in formats:
        from reportgen.render.delimited import tables_csv
        from reportgen.render.pdf import render_pdf

        inside = {"results.json": attached(data)} | tables_csv(report)
        files["report.pdf"] = steps.run("pdf", lambda: render_pdf(report, inside))
    if "docx" in formats:
        from reportgen.render.docx import render_docx

        files["report.docx"] = steps.run("docx", lambda: render_docx(report))
    return files


def _publish(files: dict[str, bytes], root: Path, cohort, request: Request, steps: Steps) -> None:
    from reportgen.cohort.source_settings import config_of
    from reportgen.publish import manifest, publish
    from reportgen.run_files import input_file

    config = config_of(request.source, request.config)
    how = {
        "inputs": [cohort.source, *([input_file(config)] if config else [])],
        "request": {
            "on_invalid": request.on_invalid,
            "strict": request.strict,
            "formats": request.formats,
            "period": request.period,
            "overrides": dict(request.overrides),
            **({"reviews": dict(cohort.reviews)} if cohort.reviews else {}),
        },
        "settings": reported(cohort.settings),
        "seconds": steps.seconds,
    }
    publish({**files, "manifest.json": manifest(files, cohort, how)}, root, request.period)


def _naming(section, step: Callable):
    """Run a chapter's step; if it fails, the error says which chapter it was."""
    try:
        return step()
    except Exception as error:
        error.add_note(f"while building section {section.KEY}")
        raise
