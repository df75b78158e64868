"""When a workbook was last saved, by its own account."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from reportgen.chapters import cohort as cohort_chapter
from reportgen.cohort.load import load_cohort
from reportgen.cohort.readers.saved import saved_on
from tests.chapters.chapters import of
from tests.conftest import SAMPLE


def archive(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/") + ".xml", content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        ({"docProps__core": '<dcterms:modified xsi:type="dcterms:W3CDTF">2026-11-02T08:00:00Z</dcterms:modified>'},
         date(2026, 11, 2)),
        ({"meta": "<dc:date>2026-11-03T08:00:00</dc:date>"}, date(2026, 11, 3)),
        ({"docProps__core": "<dcterms:modified>2026-13-45T08:00:00Z</dcterms:modified>"}, None),
        ({"docProps__core": "<dcterms:modified>yesterday</dcterms:modified>"}, None),
        ({"other": "<dc:date>2026-11-03T08:00:00</dc:date>"}, None),
    ],
)  # fmt: skip
def test_the_day_is_that_of_the_properties(parts, day):
    assert saved_on(archive(**parts)) == day


def test_what_is_no_workbook_has_none():
    assert saved_on(b"a;b\n1;2\n") is None


def test_a_day_before_the_last_of_the_data_is_not_said():
    cohort = load_cohort(SAMPLE)
    saved = {
        day: replace(cohort, source=replace(cohort.source, saved=day)) for day in ("2000-01-01", "2026-11-02")
    }
    said = {day: "It was last saved on" in of(cohort_chapter, each).text for day, each in saved.items()}
    assert said == {"2000-01-01": False, "2026-11-02": True}


def test_the_cohort_keeps_it_for_its_ward_alone(tmp_path):
    from reportgen.privacy.protect import protect

    cohort = load_cohort(SAMPLE, overrides={"extracted": "2018-07-02", "privacy.profile": "board"})
    assert date.fromisoformat(cohort.source.saved) and cohort.settings.extracted == date(2018, 7, 2)
    shown = protect(cohort, b"k" * 32)
    assert shown.source.saved == shown.source.name == ""
