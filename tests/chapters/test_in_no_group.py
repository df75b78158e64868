"""Who has no group where groups are compared: said once in each chapter, with their events, and in the captions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reportgen.chapters import chapters
from reportgen.cohort.load import load_cohort
from reportgen.report import Figure, Paragraph, plain
from reportgen.run.composing import analyse
from reportgen.writing.language import speaking
from tests.workbooks import write_workbook

START = date(2020, 1, 1)


def made(folder, arms, language="en"):
    """Everybody without a group relapsed and responded, nobody of the groups; all have a toxicity but the first."""
    rows = [
        {
            "patient_id": f"P{k:02}",
            "treatment_start": START,
            "last_contact": START + timedelta(days=700),
            "relapse_date": None if arm else START + timedelta(days=100),
            "best_response": "SD" if arm else "CR",
            "vital_status": "alive",
            "arm": arm,
            "sex": "female" if k % 2 else "male",
        }
        for k, arm in enumerate(arms)
    ]
    toxic = [{"patient_id": row["patient_id"], "term": "Nausea", "grade": 2} for row in rows[1:]]
    book = write_workbook(folder / "c.xlsx", patients=rows, toxicities=toxic)
    (folder / "report.toml").write_text(
        f'[report]\ngroup = "arm"\nlanguage = "{language}"\nlandmarks = [1]\ntime_unit = "years"\n'
    )
    cohort = load_cohort(book, config=folder / "report.toml")
    results, notices = analyse(cohort)
    with speaking(language):
        sections = {c.KEY: notices.get(c.KEY) or c.present(results) for c in chapters(cohort)}
    return results, sections


def words(section) -> str:
    return " ".join(plain(block.text) for block in section.every if isinstance(block, Paragraph))


def captions(section) -> list[str]:
    return [plain(block.caption) for block in section.every if isinstance(block, Figure)]


@pytest.mark.parametrize(
    "chapter, said",
    [
        ("survival", "relapse, progression or death was observed in two of them"),
        ("survival", "death was observed in none of them"),
        ("relapse", "relapse or progression was observed in two of them"),
        ("response", "a response was observed in two of them"),
        ("toxicity", "a toxicity was observed in two of them"),
    ],
)
def test_each_chapter_that_compares_groups_says_it_once(tmp_path, chapter, said):
    _, sections = made(tmp_path, [*"AAAAABBBBB", None, None])
    sentence = f"Arm is not recorded in 2 of 12 patients, who are in no group; {said}."
    assert words(sections[chapter]).count(sentence) == 1
    assert "for 2 it is not recorded" in words(sections["baseline"])


def test_the_caption_says_who_is_not_drawn_and_the_curves_hold_the_others(tmp_path):
    results, sections = made(tmp_path, [*"AAAAABBBBB", None, None])
    for chapter in ("survival", "summary", "relapse"):
        drawn = [text for text in captions(sections[chapter]) if "(n = 10)" in text]
        assert drawn, chapter
        assert all("Not drawn, as their arm is not recorded: 2 of 12." in text for text in drawn)
    curves = [c for c in results.select_curves(section="survival", endpoint="os") if c.group != "all"]
    left = results["survival.os.arm.no_group"]
    assert sum(c.n for c in curves) + left.value == left.n == 12


def test_one_patient_is_said_in_the_singular(tmp_path):
    _, sections = made(tmp_path, [*"AAAAABBBBBB", None])
    assert "1 of 12 patients, who is in no group and in whom a response was observed." in words(
        sections["response"]
    )
    assert "who is in no group and in whom death was not observed." in words(sections["survival"])


def test_nothing_is_said_where_all_have_a_group(tmp_path):
    results, sections = made(tmp_path, [*"AAAAAABBBBBB"])
    assert not results.select(statistic="no_group")
    assert all("no group" not in words(section) for section in sections.values())


def test_in_german(tmp_path):
    _, sections = made(tmp_path, [*"AAAAABBBBB", None, None], "de")
    assert "2 von 12 Patienten nicht erfasst, die damit keiner Gruppe angehören" in words(
        sections["survival"]
    )


def test_every_landmark_of_few_at_risk_is_marked_and_the_mark_is_explained(tmp_path):
    _, sections = made(tmp_path, [*"AAAABBBBBBBB"])
    (table,) = [block for block in sections["survival"].every if getattr(block, "id", "") == "table-survival"]
    rows = [[plain(cell) for cell in row.cells] for row in table.rows]
    years = [row for row in rows if row[0] == "1 year"]
    assert [(row[1], row[5]) for row in years] == [("12", "12"), ("4 †", "4 †"), ("8", "8")]
    assert "†, fewer than 5 at risk." in [plain(note) for note in table.notes]
