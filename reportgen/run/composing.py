"""From a cohort to the report as data: every chapter analysed, then written; and where its numbers come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportgen import __version__
from reportgen.base import aside
from reportgen.settings.model import reported
from reportgen.writing.language import _, speaking


def analyse(cohort, progress: Callable[[int, int, str], None] = lambda done, of, part: None):
    """The results of all chapters, and a Notice in place of each chapter whose columns are absent.

    progress: is told how many chapters are done, of how many, and the title of the one that begins.
    Readers outside get results of their own: nothing is taken over from the chapters.
    """
    from reportgen.chapters import chapters
    from reportgen.report import Notice, Section
    from reportgen.stats.results import Results
    from reportgen.writing.narrative import join, say

    results, notices = Results(), {}
    outside = cohort.settings.privacy.profile == "external"
    if outside:
        from reportgen.privacy.release import released

        results = released(cohort)
    wanted = chapters(cohort)
    for place, section in enumerate(wanted):
        progress(place, len(wanted), section.TITLE)
        lacking = cohort.lacks(section.REQUIRES)
        if lacking:
            with speaking(cohort.settings.language):
                text = say("This chapter cannot be made: the data lack {columns}.", columns=join(lacking))
                notices[section.KEY] = Section(section.KEY, _(section.TITLE), (Notice(text),))
        elif not outside:
            results += _naming(section, lambda chapter=section: chapter.analyse(cohort))
            aside.rest()  # what a chapter of a registry left between what is held would stay for all later ones
    return results, notices


def compose(cohort, results, notices):
    """The report as data: every chapter in order."""
    from reportgen.report import Report, Section
    from reportgen.run import external_report as external
    from reportgen.run.branding import brand_of, printed
    from reportgen.run.chapter_order import arranged
    from reportgen.writing import numbers
    from reportgen.writing.translation import worded

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
        title=settings.title or ": ".join(filter(None, (_("Outcome report"), cohort.source.name))),
        subtitle=settings.subtitle,
        date=cutoff,
        facts=tuple((name, value) for name, value in facts if value),
        sections=sections,
        notice=" ".join(filter(None, (settings.notice, _banner(profile, results)))),
        profile=profile,
        language=settings.language,
        version=__version__,
        provenance=provenance(cohort, external.count(results) if outside else cohort.n),
        brand=brand_of(settings),
        parts=arranged(sections, bool(settings.chapters)),
        **asked,
    )


def _banner(profile: str, results) -> str:
    from reportgen.privacy.facts import ExternalFacts
    from reportgen.run.external_report import FACTS
    from reportgen.writing.banner import banner

    outside: ExternalFacts | None = results.facts.get(FACTS)
    return banner(profile, outside.step, outside.small) if outside else banner(profile)


def origin_of(cohort, results) -> dict:
    """What the page answers when a number is asked; which patients it counts only where they may be seen."""
    from reportgen.analyses.counted_cells import sources, trace
    from reportgen.analyses.outcomes import context
    from reportgen.chapters.survival.facts import SurvivalFacts
    from reportgen.report import Groups
    from reportgen.writing.narrative import head
    from reportgen.writing.origins import Glossary, origins
    from reportgen.writing.translation import words_of

    internal = cohort.settings.privacy.profile == "internal"
    cells = trace(cohort, results) if internal else {}
    labels = {**cohort.labels, **{key: endpoint.label for key, endpoint in cohort.endpoints.items()}}
    labels = {key: words_of(label) for key, label in labels.items()}
    survival: SurvivalFacts | None = results.facts.get("survival")
    for fact in survival.later if survival else ():
        labels[fact.name] = fact.label
        labels[fact.key] = _(
            "{endpoint} from the landmark on, by {label}",
            endpoint=fact.endpoint_label,
            label=fact.label,
        )
    units = {feature.name: feature.unit for feature in cohort.features}
    levels = {feature.name: _said_levels(feature) for feature in cohort.features}
    groups = {**levels.get(cohort.settings.group, {}), **context(cohort).group_names}
    column = cohort.settings.group
    compared = {name: groups.get(name, name) for name in _groups_told(cohort, results)}
    glossary = Glossary(
        labels, units, cohort.settings.time_unit, levels, groups, cells,
        column=column, compared=compared, others={fact.key for fact in survival.later} if survival else (),
    )  # fmt: skip
    return {
        "origins": origins(results, glossary),
        "patients": sources(cohort) if cells else {},
        "groups": Groups(column, head(labels.get(column) or column), compared) if compared else Groups(),
    }


def _groups_told(cohort, results) -> list[str]:
    """The groups that the report sets side by side, in printed order; none where fewer than two are told of."""
    from reportgen.analyses.groups import grouping

    told = {estimate.group for estimate in results.estimates}
    found = [name for name in grouping(cohort, cohort.patients.frame.index) if name in told]
    return found if len(found) > 1 else []


def _said_levels(feature) -> dict[str, str]:
    from reportgen.analyses.groups import own_words

    return {level: level for level in feature.levels} | {level: _(level) for level in own_words(feature)}


def cutoff_words(cohort) -> str:
    """The cut-off as the head of a document has it."""
    from reportgen.writing import dates

    if cohort.cutoff:
        return dates.date(cohort.cutoff.isoformat())
    return _("dates are left out") if cohort.pseudonymous else _("none: elapsed times only")


def provenance(cohort, patients: int | None) -> dict:
    """Where the numbers come from: source, cut-off, settings and version; nothing that changes by itself."""
    settings = reported(replace(cohort.settings, tables={}, columns={}, values={}))
    del settings["brand_files"]
    if cohort.settings.privacy.profile == "internal":
        del settings["privacy"]["release_agreed"]
    return {
        "program": f"reportgen {__version__}",
        "source": _source(cohort),
        "cutoff": cohort.cutoff.isoformat() if cohort.cutoff else None,
        "cutoff_given": cohort.cutoff_given,
        "patients": patients,
        "settings": settings,
        **_compared_with(cohort.earlier),
    }


def _source(cohort) -> dict:
    """What the report says of its source: outside not even its hash, by which a guess at a cell could be checked."""
    return {"name": ""} if cohort.settings.privacy.profile == "external" else cohort.source.to_row()


def _compared_with(earlier) -> dict:
    """The reports that the chapter `changes` speaks of, by their results: the last is the one it compares with."""
    if earlier is None:
        return {}
    return {"compared_with": [{"period": past.name, "results": past.results} for past in earlier.trend]}


def _naming(section, step: Callable):
    """Run a chapter's step; if it fails, the error says which chapter it was."""
    try:
        return step()
    except Exception as error:
        error.add_note(f"while building section {section.KEY}")
        raise
