"""Whose report it is: its look, and the chapters that it prints, as the settings have them."""

from __future__ import annotations

import base64
import re

from reportgen.base.errors import UNSAID, UsageError
from reportgen.base.message import message, sentences
from reportgen.chapters import chapters
from reportgen.chapters.installed import names
from reportgen.report import Brand, Section
from reportgen.settings.sources.nearest_name import nearest

TEMPLATES, OWN = "templates/", "chapters/"


def brand_of(settings) -> Brand:
    """What [branding] says, with the files that it names."""
    branding, files = settings.branding, settings.brand_files
    return Brand(
        branding.institution,
        branding.footer,
        branding.accent.lower(),
        branding.second.lower(),
        base64.b64decode(files.get("logo", "")),
        {name.removeprefix(TEMPLATES): text for name, text in files.items() if name.startswith(TEMPLATES)},
    )


def printed(cohort) -> tuple:
    """The chapters to print, in order: all, or those that the settings name.

    A name that is none of ours, nor of a package that is installed, is a chapter of the house's own, if its templates
    hold chapters/<name>.html; its title stands there in a comment, {# so #}. UsageError for any other name.
    """
    ours = {section.KEY: section for section in chapters(cohort)}
    own = _own(brand_of(cohort.settings).templates)
    known = {"changes", *ours, *own}
    for name in cohort.settings.chapters:
        if name not in known:
            unknown = message("report.chapters names {name}, which is no chapter", name=repr(name))
            raise UsageError(sentences([nearest(unknown, name, (*ours, *own, *names()))]), UNSAID)
    if len(set(cohort.settings.chapters)) < len(cohort.settings.chapters):
        raise UsageError(message("report.chapters names a chapter twice."))
    chosen = cohort.settings.chapters or tuple(ours)
    found = {**own, **ours}
    return tuple(found[name] for name in chosen if name in found)


def _own(templates) -> dict[str, Section]:
    """The house's own chapters: text from a template, without numbers of ours."""
    found = {}
    for name, text in templates.items():
        key = name.removeprefix(OWN).removesuffix(".html")
        if name.startswith(OWN) and name.endswith(".html") and re.fullmatch("[a-z0-9_]+", key):
            title = re.match(r"\s*\{#\s*(.+?)\s*#\}", text)
            found[key] = Section(key, title[1] if title else key.replace("_", " ").capitalize(), ())
    return found
