"""What tables of other words and other shapes taught: each was read wrongly without a word."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.run import mapping
from tests.workbooks import write_workbook

N = 16
START = [date(2016, 1, 10) + timedelta(days=37 * k) for k in range(N)]
LAST = [day + timedelta(days=120 + 61 * k) for k, day in enumerate(START)]
DEAD = [k % 3 == 0 for k in range(N)]


def table(tmp_path, **columns):
    columns = {
        "patient_id": [f"P{k:02}" for k in range(N)],
        "treatment_start": START,
        "last_contact": LAST,
    } | columns
    rows = zip(*columns.values(), strict=True)
    return write_workbook(tmp_path / "cohort.xlsx", patients=[list(columns), *map(list, rows)])


def takes(source) -> dict[str, str]:
    found = mapping.map_source(source)
    return {column.header: column.takes for sheet in found.proposals.sheets for column in sheet.columns}


@pytest.mark.parametrize("header, dead, alive", [
    ("In vita", "no", "sì"), ("En vie", "non", "oui"), ("Toujours en vie", "non", "oui"), ("En vida", "no", "sí"),
    ("Noch am Leben", "nein", "ja"), ("Still alive", "no", "yes"),
])  # fmt: skip
def test_who_lives_in_other_words_is_the_vital_status_and_asked(tmp_path, header, dead, alive):
    source = table(tmp_path, **{header: [dead if one else alive for one in DEAD]})
    found = mapping.map_source(source, ask=lambda question: question.choices[0])
    mapping.write(found)
    assert takes(source)[header] == "patients.vital_status"
    assert load_cohort(source).patients.frame["vital_status"].eq("dead").tolist() == DEAD


@pytest.mark.parametrize("header", [
    "Vivente", "Óbito", "Progrès", "Failure", "Wiederkehr", "Censuré", "Censurado", "Effets indésirables",
    "Efectos adversos", "Perdu de vue", "Perdido", "Verlust", "Lives",
])  # fmt: skip
def test_outcomes_in_other_words_are_not_known_at_the_start(tmp_path, header):
    source = table(
        tmp_path, vital_status=["dead" if d else "alive" for d in DEAD], **{header: ["ja", "nein"] * 8}
    )
    assert takes(source)[header] == "patients.later"


@pytest.mark.parametrize(
    "header", ["Heart failure", "Family history of loss", "Weight loss", "Living alone at diagnosis"]
)
def test_facts_at_the_start_stay_such(tmp_path, header):
    source = table(
        tmp_path, vital_status=["dead" if d else "alive" for d in DEAD], **{header: ["yes", "no"] * 8}
    )
    assert takes(source)[header] == "patients.feature"


def test_a_status_in_letters_that_nothing_tells_is_asked_about(tmp_path):
    """† and l: without a question there was no survival, and `map` said that nothing is open."""
    (left,) = mapping.map_source(table(tmp_path, Status=["†" if one else "l" for one in DEAD])).open
    assert left.text == "No column was recognised as the vital status. Which is it?" and left.proposal == "1"


def test_rows_of_visits_are_no_patients_whatever_their_id_is_called(tmp_path):
    """Nº paciente stands in three rows each: its values were a characteristic, and each visit a patient."""
    rows = [
        [f"P{k:02}", START[k], LAST[k] - timedelta(days=30 * (2 - v)), "muerto" if DEAD[k] and v == 2 else "vivo"]
        for k in range(N) for v in range(3)
    ]  # fmt: skip
    head = ["Nº paciente", "Inicio tratamiento", "Fecha visita", "Estado vital"]
    source = write_workbook(tmp_path / "ward.xlsx", Visitas=[head, *rows])
    mapping.write(mapping.map_source(source))
    cohort = load_cohort(source)
    assert cohort.n == N
    assert cohort.endpoints["os"].duration.tolist() == [(LAST[k] - START[k]).days for k in range(N)]
    assert cohort.endpoints["os"].status.tolist() == [int(one) for one in DEAD]


def test_rows_of_visits_that_contradict_each_other_are_not_numbered(tmp_path):
    rows = [[f"P{k:02}", START[(k + 5 * v) % N], LAST[k]] for k in range(N) for v in range(3)]
    source = write_workbook(
        tmp_path / "ward.xlsx", V=[["Nº paciente", "Inicio tratamiento", "Última visita"], *rows]
    )
    assert "row_ids" not in mapping.map_source(source).settings


@pytest.mark.parametrize("parted", ["{},{:03}", "{} {:03}", "{}'{:03}", "{}.{:03}"])
def test_thousands_that_are_parted_stay_numbers_and_are_asked_about(tmp_path, parted):
    """1,050,000 among 98,000 made the column one of words, or 98.000 ninety-eight."""
    texts = [parted.format(90 + k, k) for k in range(N)]
    texts[3] = parted.format(parted.format(1, 50), 0)
    cohort = load_cohort(table(tmp_path, vital_status=["alive"] * N, platelets=texts))
    (feature,) = (one for one in cohort.features if one.name == "platelets")
    assert feature.kind == "number"
    asked = {issue.cell for issue in cohort.issues if issue.code in ("BAD_NUMBER", "DECIMAL_POINT")}
    assert len(asked) == N and cohort.patients.frame["platelets"].isna().all()


def test_a_death_with_its_date_or_no_is_a_date_of_death(tmp_path):
    source = table(tmp_path, Tod=[last if one else "nein" for last, one in zip(LAST, DEAD, strict=True)])
    mapping.write(mapping.map_source(source))
    assert takes(source)["Tod"] == "patients.death_date"
    assert load_cohort(source).endpoints["os"].status.tolist() == [int(one) for one in DEAD]
