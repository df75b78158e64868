"""German sentences around what the workbook says: its labels, levels, terms and actions stay as they are written."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reportgen.casereview.case import Case, Shared, seen_later
from reportgen.casereview.one_review import compose as composed_case
from reportgen.cohort.load import load_cohort
from reportgen.render.html.document import render_html
from reportgen.report import Table, plain
from reportgen.run.composing import analyse, compose
from reportgen.writing.language import speaking
from tests.reading import chapter
from tests.workbooks import minimal_patients, write_workbook
from tests.writing.test_every_word import Seen

N = 24


def rows() -> list[dict]:
    return [
        patient
        | {
            "sex": ("female", "male")[k % 2],
            "treatment_stop": patient["last_contact"] if k % 3 else None,
            "stop_reason": "toxicity" if k % 3 else None,
            "relapse_date": patient["last_contact"] if k % 4 == 0 else None,
            "relapse_site": "other",
            "disease_status": "no",
            "regimen": ("regimen A", "other")[k % 2],
            "histology": ("adenocarcinoma", "other", "none")[k % 3],
            "alk": ("yes", "no")[k % 5 > 1],
            "p53": ("p53 wild type", "mutated")[k % 2],
        }
        for k, patient in enumerate(minimal_patients(N))
    ]


DICTIONARY = [
    {"column": "regimen", "label": "Regimen", "role": "feature"},
    {"column": "histology", "label": "Histologie", "role": "feature"},
    {"column": "alk", "label": "ALK-Fusion", "type": "yes/no", "role": "feature"},
    {"column": "p53", "label": "p53-Status", "role": "feature"},
]
TOXICITIES = [
    {
        "patient_id": f"P{k + 1:02}",
        "term": "Übelkeit",
        "grade": 3,
        "attribution": "definite",
        "action": action,
    }
    for k, action in enumerate(("stopped", "Dosis reduziert", "stopped", "other"))
]


def made(folder, **settings):
    path = write_workbook(
        folder / "cohort.xlsx", patients=rows(), toxicities=TOXICITIES, dictionary=DICTIONARY
    )
    return load_cohort(path, overrides={"report.language": "de", **settings})


def composed(cohort):
    results, notices = analyse(cohort)
    with speaking("de"):
        return compose(cohort, results, notices)


@pytest.fixture(scope="module")
def by_regimen(tmp_path_factory):
    return composed(made(tmp_path_factory.mktemp("regimen"), **{"report.group": "regimen"}))


@pytest.fixture(scope="module")
def by_sex(tmp_path_factory):
    return composed(made(tmp_path_factory.mktemp("sex"), **{"report.group": "sex"}))


def cells(report, id: str) -> str:
    found = next(b for s in report.sections for b in s.every if isinstance(b, Table) and b.id == id)
    heads = [f"{column.head}" for column in found.columns]
    return "\n".join(
        [plain(found.caption), " | ".join(heads), *(" | ".join(map(plain, r.cells)) for r in found.rows)]
    )


def visible(report) -> str:
    """What a reader can read of the page, and what it answers when a number is asked; ids are no words."""
    seen = Seen()
    seen.feed(render_html(report))
    return "\n".join(seen.texts)


def test_labels_and_levels_stay_as_they_are_written(by_regimen):
    table = cells(by_regimen, "table-baseline")
    assert "\nHistologie |" in table and "\nadenocarcinoma | 8/24 (33\u00a0%)" in table
    assert "\nnone | 8/24" in table and "\nother | 8/24" in table
    assert "\nALK-Fusion | 10/24 (42\u00a0%)" in table
    assert "\np53-Status |" in table and "\nmutated | 12/24" in table and "\np53 wild type | 12/24" in table
    assert "| other | regimen A" in table and "\nnone |" in table and "andere" not in table


def test_levels_against_each_other_and_in_the_list_of_features(by_regimen):
    features = cells(by_regimen, "table-relapse-features")
    assert "\nnone |" in features and "\nother |" in features and "\nja |" in features
    assert "p53-Status |" in features and "P53" not in features
    assert "Vergleich nach „Regimen“" in chapter(by_regimen, "survival")
    assert not re.search(r"\bandere\b (gegen|\()|gegen andere|\(andere\)", visible(by_regimen))


def test_terms_and_actions_stay_as_they_are_written(by_regimen):
    assert "Übelkeit: alle Grade bei 4 von 24" in chapter(by_regimen, "toxicity")
    assert "Übelkeit: alle Grade bei 4 von 24" in chapter(by_regimen, "summary")
    table = cells(by_regimen, "table-exposure")
    for action in ("stopped", "Dosis reduziert", "other"):
        assert f"\n{action} |" in table
    assert "\nToxizität |" in table


def test_a_headline_of_groups_that_part_late_names_what_was_counted(by_regimen):
    assert chapter(by_regimen, "summary").startswith(
        "Rezidiv bei 0 von 12 in Regimen: other und 6 von 12 in regimen A (exakter Logrank: p = 0,014); die Gruppen "
        "sind klein. Explorativ."
    )


def test_groups_of_a_closed_vocabulary_are_words_of_ours(by_sex):
    assert "In der Gruppe Geschlecht: weiblich betrug" in chapter(by_sex, "exposure")
    assert " | weiblich | männlich" in cells(by_sex, "table-baseline")
    assert "\nmännlich | " in cells(by_sex, "table-relapse-ratios")
    assert not re.search(r"\b(fe)?male\b", visible(by_sex))


def test_free_text_of_a_case_review_stays_as_it_is_written(tmp_path):
    cohort = made(tmp_path)
    shared = Shared.of(cohort, seen_later(cohort))
    report = composed_case(Case(shared, 4, "P-0"))
    told = "\n".join(
        " | ".join(map(plain, r.cells)) for s in report.sections for b in s.every if isinstance(b, Table)
        for r in b.rows
    )  # fmt: skip
    assert "Krankheitsstatus | no" in told and "Lokalisation: other" in told
    assert "Histologie | other" in told and "Geschlecht | weiblich" in told and "ALK-Fusion | nein" in told
    assert "Grund: Toxizität" in told


def test_the_settings_name_their_days_as_the_language_writes_them(sample):
    cohort = replace(sample.cohort, settings=replace(sample.cohort.settings, language="de"))
    assert "30. Juni 2018 (vorgegeben)" in cells(composed(cohort), "table-settings")
