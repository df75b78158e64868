"""Chapters of other packages: folders like ours, which a package names as entry points and the settings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.cohort.cohort import Cohort
from reportgen.report import Section
from reportgen.settings.model import Settings
from reportgen.stats.results import Results

GROUP = "reportgen.chapters"
NEEDED = ("KEY", "TITLE", "REQUIRES", "analyse", "present")
# Outside, every number is that of an attacked count: no package can promise that of its own.
OFFERED = ("internal", "board", "partner")
TEMPLATE = "templates/chapters/{name}.html"


@dataclass(frozen=True)
class Installed:
    """A chapter of a package, as ours are; what it gives is looked at before it gets any further.

    PROFILES: whose reports it may be in. It is `internal` alone, unless the package says more.
    """

    KEY: str
    TITLE: str
    REQUIRES: tuple[str, ...]
    PROFILES: tuple[str, ...]
    package: str
    version: str
    module: Any

    def analyse(self, cohort: Cohort) -> Results:
        """What the package counts. ValueError where a number, curve or fact of it is not under its key."""
        results = self.module.analyse(cohort)
        sections = {row.section for row in (*results.estimates, *results.curves)} | {*results.facts}
        if strange := sections - {self.KEY}:
            raise ValueError(
                f"{self.package} names {sorted(strange)} as sections; all of it must be {self.KEY!r}"
            )
        return results

    def present(self, results: Results) -> Section:
        """What the package says. ValueError where it is another chapter's."""
        section = self.module.present(results)
        if section.key != self.KEY:
            raise ValueError(f"{self.package} gives the chapter {section.key!r} in place of {self.KEY!r}")
        return section


def asked_for(settings: Settings, ours: tuple[str, ...]) -> tuple[Installed, ...]:
    """The chapters of other packages that `chapters` under [report] names, beside ours and those of the house.

    Raises UsageError where one must not be in a report of this profile, and MachineFailed where two packages have one
    of that name, or where it is not made as chapters are.
    """
    house = {name for name in settings.chapters if TEMPLATE.format(name=name) in settings.brand_files}
    wanted = [name for name in settings.chapters if name not in house and name not in ours]
    found = tuple(one for name in wanted if (one := _named(name)))
    for chapter in found:
        if settings.privacy.profile not in chapter.PROFILES:
            allowed = " and ".join(chapter.PROFILES)
            raise UsageError(
                f"The chapter {chapter.KEY!r} of {chapter.package} may be in reports of the profile {allowed} alone, "
                f"not of {settings.privacy.profile}: leave it out of chapters under [report]."
            )
    return found


def names() -> tuple[str, ...]:
    """The chapters that packages offer here."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def packages(settings: Settings) -> Mapping[str, str]:
    """The packages whose chapters the settings ask for, each with its version, for the manifest."""
    entries = (entry for name in settings.chapters for entry in entry_points(group=GROUP, name=name))
    return {_package(entry): entry.dist.version if entry.dist else "" for entry in entries}


def _named(name: str) -> Installed | None:
    offers = {(entry.value, _package(entry)): entry for entry in entry_points(group=GROUP, name=name)}
    if len(offers) > 1:
        both = " and ".join(sorted(package for _value, package in offers))
        raise MachineFailed(f"The chapter {name!r} is offered by {both}: remove one of them.")
    return _loaded(name, next(iter(offers.values()))) if offers else None


def _loaded(name: str, entry: EntryPoint) -> Installed:
    package = _package(entry)
    try:
        module = entry.load()
    except (ImportError, AttributeError) as error:
        raise MachineFailed(f"The chapter {name!r} of {package} can't be loaded: {error}.") from error
    if lacking := [part for part in NEEDED if not hasattr(module, part)]:
        raise MachineFailed(
            f"The chapter {name!r} of {package} is not complete: it lacks {', '.join(lacking)}."
        )
    profiles = tuple(getattr(module, "PROFILES", OFFERED[:1]))
    if name != module.KEY or not set(profiles) <= set(OFFERED):
        raise MachineFailed(
            f"The chapter {name!r} of {package} is not made as it must be: KEY is the name of its entry point, and "
            f"PROFILES holds no other than {', '.join(OFFERED)}."
        )
    version = entry.dist.version if entry.dist else ""
    return Installed(module.KEY, module.TITLE, tuple(module.REQUIRES), profiles, package, version, module)


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.value
