"""Counts from a thousand on are printed alike wherever they stand: in sentences, tables, figures and key numbers."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from bench.make_registry import write
from reportgen.cohort.load import load_cohort
from reportgen.render.html.document import render_html
from reportgen.run.composing import analyse, compose
from reportgen.writing.language import speaking

UNGROUPED = re.compile(r"(?<![\w.,/\-])\d{4,}(?![\w\-])|(?<=/)\d{4,}(?![\w\-])")
YEARS = range(1900, 2031)
CITED = re.compile(r"\b\d{4};\s*[\d:]+(?:\s*–\s*\d+)?")  # year;volume:pages, or the number of an article
ADDRESS = re.compile(r"\brow \d+")  # as the spreadsheet numbers it


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry") / "registry"
    write(folder, 1200)
    cohort = load_cohort(folder)
    return cohort, analyse(cohort)


@pytest.mark.parametrize(("language", "expected"), [("en", "1,200"), ("de", "1.200")])
def test_every_count_has_its_separators(registry, language, expected):
    cohort, (results, notices) = registry
    cohort = replace(cohort, settings=replace(cohort.settings, language=language))
    with speaking(language):
        page = render_html(compose(cohort, results, notices))
    said = texts(page)
    assert f"/{expected}" in said and f" {expected} " in said
    bare = [found for found in UNGROUPED.finditer(said) if int(found[0]) not in YEARS]
    assert not [said[max(0, found.start() - 40) : found.end() + 20] for found in bare]


def texts(page: str) -> str:
    """What a reader sees and what is read to those who can't, but for works cited and rows of sheets."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    told = re.findall(r'(?:alt|aria-label|title)="([^"]*)"', page)
    seen = re.sub(r"<[^>]+>", " ", page)
    said = re.sub(r"\s+", " ", html.unescape(" § ".join([seen, *told])))
    return ADDRESS.sub(" ", CITED.sub(" ", said))
