"""Methods: every definition, the methods that this report used and no others, settings, and limits."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version

from reportgen import __version__
from reportgen.chapters.methods.estimands import estimands
from reportgen.chapters.methods.facts import KEY, Declared, Defined, MethodsFacts
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Results

LIBRARIES = ("numpy", "scipy", "pandas", "matplotlib", "jinja2", "weasyprint")


def analyse(cohort: Cohort) -> Results:
    """The definitions and settings; what was used is read from the estimates of the other chapters."""
    facts = MethodsFacts(
        definitions=tuple(Defined(e.label, e.definition, e.left_out) for e in cohort.endpoints.values()),
        estimands=estimands(cohort),
        unavailable=tuple(sorted(cohort.unavailable.items())),
        gates=cohort.settings.gates,
        settings=_settings(cohort),
        versions={"reportgen": __version__, "Python": platform.python_version()}
        | {name: _version(name) for name in LIBRARIES},
    )
    return Results(facts={KEY: facts})


@cache
def _version(library: str) -> str:
    """It is read from disk, and stays the same while the program runs."""
    return version(library)


def _settings(cohort: Cohort) -> Declared:
    settings = cohort.settings
    return Declared(
        cutoff=cohort.cutoff.isoformat() if cohort.cutoff else "",
        cutoff_given=cohort.cutoff_given,
        landmarks=tuple(sorted(set(settings.landmarks))),
        unit=settings.time_unit,
        group=settings.group,
        related=settings.related,
        ctcae_version=settings.ctcae_version,
        overdue_days=settings.overdue_days,
        profile=settings.privacy.profile,
        survival_interval=settings.survival_interval,
        confidence_level=settings.confidence_level,
        strata=settings.stratifying,
        reference=settings.features.reference,
        of_interest=tuple(feature.label for feature in cohort.features if feature.of_interest),
    )
