"""Tables of wards in other languages and layouts: what `map --yes` makes of them is what their keepers meant."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.later_names import speaks_of_later
from reportgen.run import mapping
from tests.workbooks import write_workbook

N = 12
START = [date(2016, 3, 14) + timedelta(days=41 * k) for k in range(N)]
LAST = [day + timedelta(days=500 + 7 * k) for k, day in enumerate(START)]
DEAD = [k % 3 == 0 for k in range(N)]
IDS = [f"A{k:02}" for k in range(1, N + 1)]


def mapped(source: Path) -> dict[str, str]:
    """The proposals are written as settings; what each column of the patients was taken for."""
    found = mapping.map_source(source)
    mapping.write(found)
    assert found.open == ()
    return {c["header"]: c["takes"] for s in mapping.as_json(found)["sheets"] for c in s["columns"]}


def table(*names: str, dead: str = "dead", alive: str = "alive") -> list[list]:
    """A header and the rows of the patients: id, start, last contact and vital status."""
    return [list(names), *([who, start, last, dead if died else alive]
                           for who, start, last, died in zip(IDS, START, LAST, DEAD, strict=True))]  # fmt: skip


ABROAD = {
    "es": (("NHC", "Inicio tratamiento", "Fecha último contacto", "Estado vital"), ("fallecido", "vivo"),
           "Toxicidad", ("NHC", "Evento adverso", "Grado", "Fecha inicio"), "Media"),
    "it": (("Codice paziente", "Inizio terapia", "Ultimo follow-up", "Stato vitale"), ("deceduto", "vivo"),
           "Tossicità", ("Codice paziente", "Evento avverso", "Grado CTCAE", "Data insorgenza"), "Totale generale"),
    "fr": (("N° patient", "Début du traitement", "Dernières nouvelles", "Statut vital"), ("décédé", "vivant"),
           "Effets indésirables", ("N° patient", "Effet indésirable", "Grade", "Date de survenue"), "Sous-total"),
    "de": (("Pat.-Nr.", "Therapiebeginn", "Letzter Kontakt", "Vitalstatus"), ("verstorben", "lebt"),
           "Nebenwirkungen", ("Pat.-Nr.", "Nebenwirkung", "Schweregrad", "Aufgetreten am"), "Durchschnitt"),
}  # fmt: skip


@pytest.mark.parametrize("language", ABROAD)
def test_toxicities_on_a_sheet_of_another_language_are_not_lost(tmp_path, language):
    names, (dead, alive), sheet, columns, total = ABROAD[language]
    toxicities = [
        [who, "Nausea", 1 + k % 3, START[k] + timedelta(days=9)] for k, who in enumerate(IDS) if k % 2
    ]
    source = write_workbook(
        tmp_path / "c.xlsx",
        **{"Foglio1": [*table(*names, dead=dead, alive=alive), [total, None, None, 12.5]],
           sheet: [list(columns), *toxicities]},
    )  # fmt: skip
    assert mapped(source)[columns[3]] == "toxicities.onset_date"
    cohort = load_cohort(source)
    assert cohort.n == N and cohort.patients.frame["vital_status"].eq("dead").tolist() == DEAD
    assert cohort.toxicities is not None
    assert cohort.toxicities.frame["grade"].tolist() == [row[2] for row in toxicities]
    assert cohort.toxicities.days["onset_date"].tolist() == [9.0] * len(toxicities)


def test_names_written_together_are_read_as_their_words(tmp_path):
    """In Stata and SPSS names have no blanks: why treatment stopped is no characteristic at the start."""
    rows = table("studyid", "rxstart", "lastfu", "alivedead")
    why = ["PD", "toxicity", "completed", None] * 3
    more = [("reasonoff", "arm"), *((word, "AB"[k % 2]) for k, word in enumerate(why))]
    rows = [[*row, *rest] for row, rest in zip(rows, more, strict=True)]
    taken = mapped(write_workbook(tmp_path / "c.xlsx", data=rows))
    assert taken["reasonoff"] == "patients.stop_reason" and taken["alivedead"] == "patients.vital_status"
    assert [f.name for f in load_cohort(tmp_path / "c.xlsx").features] == ["arm"]
    assert speaks_of_later("reasonstop") == "later" and speaks_of_later("lastfustatus") == "later"
    assert [
        speaks_of_later(name) for name in ("onset", "endocrine", "responsible", "stadium", "hormone")
    ] == [""] * 5


def test_groups_that_stand_over_each_of_their_columns_are_no_names(tmp_path):
    names = table("Study ID", "Rx start", "Last FU", "Alive/Dead")
    source = write_workbook(
        tmp_path / "c.xlsx", Sheet1=[["Patient", "Outcome", "Outcome", "Outcome"], *names]
    )
    assert mapped(source)["Last FU"] == "patients.last_contact"
    assert load_cohort(source).patients.frame["last_contact"].dt.date.tolist() == LAST


def test_the_encoding_of_a_folder_is_proposed_and_holds_for_the_files_that_need_it(tmp_path):
    folder = tmp_path / "sent"
    folder.mkdir()
    rows = table(
        "N° patient",
        "Début du traitement",
        "Dernières nouvelles",
        "Statut vital",
        dead="décédé",
        alive="vivant",
    )
    (folder / "patients.csv").write_bytes("\n".join(";".join(map(str, row)) for row in rows).encode("cp1252"))
    (folder / "EI.csv").write_text("N° patient;Effet indésirable;Grade\nA02;Nausées;2\n", encoding="utf-8")
    assert mapped(folder)["Statut vital"] == "patients.vital_status"
    cohort = load_cohort(folder)
    assert cohort.patients.frame["vital_status"].eq("dead").tolist() == DEAD
    assert cohort.toxicities is not None and cohort.toxicities.frame["term"].tolist() == ["Nausées"]


def test_of_visits_a_death_counts_and_the_last_day(tmp_path):
    rows = [["Subject", "Visit date", "Status at visit", "Start of therapy"]]
    for who, start, last, died in zip(IDS, START, LAST, DEAD, strict=True):
        rows.append([who, start + timedelta(days=30), "alive", start])
        rows.append([who, last, "dead" if died else "alive", start])
    assert (
        mapped(write_workbook(tmp_path / "c.xlsx", Visits=rows))["Status at visit"] == "patients.vital_status"
    )
    os = load_cohort(tmp_path / "c.xlsx").endpoints["os"]
    assert os.status.tolist() == [int(died) for died in DEAD]
    assert os.duration.tolist() == [(last - start).days for start, last in zip(START, LAST, strict=True)]


def test_a_death_in_french_yes_and_no_needs_no_question(tmp_path):
    rows = [["N°", "Survie globale (mois)", "Décès (oui/non)"]]
    rows += [
        [who, 10 + k, "oui" if died else "non"] for k, (who, died) in enumerate(zip(IDS, DEAD, strict=True))
    ]
    mapped(write_workbook(tmp_path / "c.xlsx", Feuille=rows))
    assert load_cohort(tmp_path / "c.xlsx").endpoints["os"].status.tolist() == [int(died) for died in DEAD]


@pytest.mark.parametrize(
    "name",
    ["Expired?", "Passed away", "Mortality", "Sterblichkeit", "Mortalité", "Évolution", "Local failure",
     "Clinical benefit", "Complications", "Komplikationen", "Length of stay", "Verweildauer",
     "ypT", "Transformation", "New metastases",
     "Febrile neutropenia", "ICANS", "Neutrophil recovery", "Rehospitalisierung", "crossed over", "répondeur",
     "Evento", "Esito", "Status bei letztem Kontakt", "local control", "number of courses", "second primary",
     "3-month PET", "2L therapy", "hospitalised", "Transfusions needed", "MRD neg", "POD24", "en cours"],
)  # fmt: skip
def test_what_came_later_by_its_name_is_no_feature_known_at_the_start(name):
    assert speaks_of_later(name_key(name), name)


@pytest.mark.parametrize(
    "name",
    ["Heart failure", "Renal failure", "BCR-ABL", "Expiratory volume", "Second opinion", "CRP", "Stadium"],
)
def test_what_only_sounds_like_it_is_one(name):
    assert not speaks_of_later(name_key(name), name)


def test_decimal_commas_in_text_of_a_workbook_are_read_where_the_whole_column_tells(tmp_path):
    rows = [["Codice", "OS (mesi)", "Stato (1 = vivo, 2 = deceduto)", "Hb"]]
    rows += [[who, f"{10 + k},5", 2 if died else 1, "9,5" if k == 4 else 9 + k]
             for k, (who, died) in enumerate(zip(IDS, DEAD, strict=True))]  # fmt: skip
    mapped(write_workbook(tmp_path / "c.xlsx", Dati=rows))
    cohort = load_cohort(tmp_path / "c.xlsx")
    os = cohort.endpoints["os"]
    assert os.status.tolist() == [int(died) for died in DEAD]
    assert os.duration.tolist() == pytest.approx([30.4375 * (10.5 + k) for k in range(N)])
    (asked,) = [issue for issue in cohort.issues if issue.code == "BAD_NUMBER"]
    assert asked.cell == "D6"  # beside true numbers a comma is asked about


def test_a_sheet_of_toxicities_is_one_however_its_grade_and_its_date_are_called(tmp_path):
    toxicities = [[who, "Nausea", 1 + k % 3, START[k] + timedelta(days=9)] for k, who in enumerate(IDS)]
    source = write_workbook(
        tmp_path / "c.xlsx",
        Patients=table("Pat.", "Treatment start", "Last contact", "Vital status"),
        Tox=[["Pat.", "Toxicity", "CTC", "Date"], *toxicities],
    )
    mapped(source)
    cohort = load_cohort(source)
    assert cohort.toxicities is not None
    assert cohort.toxicities.frame["grade"].tolist() == [row[2] for row in toxicities]


def test_responses_of_myeloma_and_of_pet_are_read_and_those_of_leukaemia_asked(tmp_path):
    def source(words: list[str]) -> Path:
        head, *rows = table("Pat", "Treatment start", "Last contact", "Vital status")
        rows = [[*row, words[k % len(words)]] for k, row in enumerate(rows)]
        return write_workbook(tmp_path / "c.xlsx", P=[[*head, "Best response"], *rows])

    known = ["sCR", "VGPR", "CMR", "PMR", "NMR", "cPR", "PMD"]
    best = source(known)
    mapped(best)
    read = load_cohort(best).patients.frame["best_response"].tolist()
    assert read[: len(known)] == ["CR", "PR", "CR", "PR", "SD", "PR", "PD"]
    (tmp_path / "report.toml").unlink()
    asked = [str(question.text) for question in mapping.map_source(source(["CR", "CRi", "MLFS", "PR"])).open]
    assert [text[:29] for text in asked] == ['Best response: what is "CRi" ', 'Best response: what is "MLFS"']


def test_grades_of_toxicities_in_columns_are_found_by_terms_and_by_their_neighbours(tmp_path):
    terms = ["Anemia", "Mucositis oral", "Itching at night", "ALT increased", "Peripheral sensory neuropathy"]
    head, *rows = table("Pat", "Treatment start", "Last contact", "Vital status")
    graded = [[*row, 1, *([k % 4] * 5)] for k, row in enumerate(rows)]
    takes = mapped(write_workbook(tmp_path / "c.xlsx", P=[[*head, "ECOG", *terms], *graded]))
    assert {takes[term] for term in terms} == {"toxicities.term+toxicities.grade"}
    assert takes["ECOG"] == "patients.feature"


def test_a_bare_reason_is_that_of_the_stop_before_it_and_brackets_tell_two_names_apart(tmp_path):
    head, *rows = table(
        "N°", "Début traitement", "DDN (dernières nouvelles)", "Statut", dead="DCD", alive="vivant"
    )
    more = [
        [*row, date(1960, 1, 1) + timedelta(k), START[k] + timedelta(30), "PD"] for k, row in enumerate(rows)
    ]
    takes = mapped(write_workbook(tmp_path / "c.xlsx", P=[[*head, "DDN", "Fin traitement", "Motif"], *more]))
    assert takes["DDN (dernières nouvelles)"] == "patients.last_contact"
    assert (takes["DDN"], takes["Motif"]) == ("patients.birth_date", "patients.stop_reason")


def test_months_since_the_diagnosis_are_a_feature_and_no_date_after_the_start(tmp_path):
    head, *rows = table("Pat", "Treatment start", "Last contact", "Vital status")
    rows = [[*row, 1.5 + 5 * k % 7] for k, row in enumerate(rows)]
    source = write_workbook(tmp_path / "c.xlsx", P=[[*head, "Months since diagnosis"], *rows])
    assert mapped(source)["Months since diagnosis"] == "patients.feature"
    assert load_cohort(source).n == N
