"""A ward's workbook as asps.xlsx is one, in Spanish, Italian and French: half of its patients still treated."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.run import mapping
from tests.workbooks import write_workbook

N = 16
START = [date(2016, 1, 10) + timedelta(days=37 * k) for k in range(N)]
LAST = [day + timedelta(days=120 + 61 * k) for k, day in enumerate(START)]
PROGRESS = [day + timedelta(days=60 + 10 * k) if k % 4 == 1 else None for k, day in enumerate(START)]
STOP = [(PROGRESS[k] or START[k] + timedelta(days=50)) if k % 2 else None for k in range(N)]
DEAD = [k % 3 == 0 for k in range(N)]
# The groups, the names, (men, women), still on treatment, no progression, progression as a reason, (died, lives).
WARDS = {
    "es": (["Paciente", None, None, "Tratamiento", None, None, "Evolución"],
           ["Nº", "Iniciales", "Sexo (H/M)", "Inicio pazopanib", "Fin pazopanib", "Motivo fin", "Fecha progresión",
            "Exitus (sí/no)", "Fecha última visita", "Tamaño (cm)"],
           ("H", "M"), "en curso", "no", "progresión", ("sí", "no"), "Total", "Toxicidad", "desc."),
    "it": (["Paziente", None, None, "Terapia", None, None, "Decorso"],
           ["N.", "Iniziali", "Sesso (M/F)", "Inizio pazopanib", "Fine pazopanib", "Motivo fine", "Data progressione",
            "Deceduto (sì/no)", "Ultimo contatto", "Dimensioni (cm)"],
           ("M", "F"), "in corso", "no", "progressione", ("sì", "no"), "Totale", "Tossicità", "n.d."),
    "fr": (["Patient", None, None, "Traitement", None, None, "Évolution"],
           ["N°", "Initiales", "Sexe (H/F)", "Début pazopanib", "Fin pazopanib", "Motif d'arrêt", "Date de progression",
            "Décédé (oui/non)", "Dernières nouvelles", "Taille (cm)"],
           ("H", "F"), "en cours", "non", "progression", ("oui", "non"), "Total", "Toxicités", "inconnu"),
}  # fmt: skip


def ward(folder: Path, language: str) -> Path:
    groups, names, sexes, still, none, why, died, total, tox, unknown = WARDS[language]

    def mixed(day: date | None, k: int) -> date | str | None:
        return day.strftime("%d/%m/%Y") if day and k % 3 == 0 else day

    rows = [
        [k + 1, "AB", sexes[k % 2], mixed(START[k], k), mixed(STOP[k], k + 1) or still, why if STOP[k] else "",
         mixed(PROGRESS[k], k + 2) or none, died[not DEAD[k]], mixed(LAST[k], k + 1),
         unknown if k == 3 else "~7" if k == 5 else 5.2 + k]
        for k in range(N)
    ]  # fmt: skip
    grades = [[k + 1, (0, 1, "G2", "-")[k % 4], ("", 3, "", "")[k % 4]] for k in range(N)]
    sheets = {
        "Datos": [["Sarcomas"], ["12/10/2025"], groups, names, *rows, [total, None, None, N], [], ["H = M; x = y"]],
        tox: [[names[0], "Diarrea", "Edema"], *grades],
        "Pivot": [["x", 3], ["y", 4]],
    }  # fmt: skip
    return write_workbook(folder / "ward.xlsx", **sheets)


@pytest.mark.parametrize("language", WARDS)
def test_a_ward_of_another_language_gives_the_same_patients(tmp_path, language):
    source, asked = ward(tmp_path, language), []

    def ask(question):
        asked.append(str(question.text))
        return next(choice for choice in question.choices if choice.key == question.proposal)

    mapping.write(mapping.map_source(source, ask=ask))
    assert len(asked) <= 6
    cohort = load_cohort(source)
    frame = cohort.patients.frame

    def days(column: str) -> list[date | None]:
        return [day.date() if day == day else None for day in frame[column]]

    assert (days("treatment_start"), days("last_contact")) == (START, LAST)
    assert (days("treatment_stop"), days("relapse_date")) == (STOP, PROGRESS)
    assert frame["sex"].tolist() == ["male", "female"] * 8
    assert frame["vital_status"].eq("dead").tolist() == DEAD
    assert cohort.toxicities is not None
    rows = cohort.toxicities.frame
    assert rows.loc[rows["term"] == "Diarrea", "grade"].tolist() == [1, 2] * 4
