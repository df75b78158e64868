"""`reportgen map`: what is proposed of strange sources, what stays open, and that the settings make the report."""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from reportgen.cohort.load import load_cohort
from reportgen.run import mapping

CASES = Path(__file__).parents[1] / "cases"


def copied(tmp_path: Path, name: str) -> Path:
    return Path(shutil.copy(CASES / name, tmp_path))


def takes(found: dict, sheet: int = 0) -> dict[str, str]:
    return {column["header"]: column["takes"] for column in found["sheets"][sheet]["columns"]}


def test_a_workbook_of_a_ward_is_understood(tmp_path):
    found = mapping.as_json(mapping.map_source(copied(tmp_path, "messy/asps.xlsx")))
    assert {s["sheet"]: (s["table"], s["header_row"], s["rows"]) for s in found["sheets"]} == {
        "Data": ("patients", 4, 23), "AEs": ("toxicities", 2, 23), "Pivot": ("", 3, 3), "Sheet3": ("", 1, 0),
    }  # fmt: skip
    assert takes(found) == {
        "No.": "patients.patient_id", "Pt Initials": "patients.identifier", "MRN": "patients.identifier",
        "Sex": "patients.sex", "DOB": "patients.birth_date", "Primary site": "patients.feature",
        "Size (cm)": "patients.feature", "Mets at dx": "patients.feature", "Date of dx": "patients.diagnosis_date",
        "Start sunitinib": "patients.treatment_start", "Stop sunitinib": "patients.treatment_stop",
        "Reason off": "patients.stop_reason", "Dose red.": "patients.later",
        "Best resp (RECIST)": "patients.best_response", "PFS (months)": "patients.later", "PD?": "patients.later",
        "Date PD": "patients.relapse_date", "Site of PD": "patients.relapse_site", "Status": "patients.vital_status",
        "Date death / last FU": "patients.death_date+patients.last_contact", "Comments": "patients.text",
    }  # fmt: skip
    assert [question["cell"] for question in found["open"]] == ["S4"]
    assert "LTFU" in found["open"][0]["question"]
    masked = {c["header"]: c["values"] for c in found["sheets"][0]["columns"] if "•••" in c["values"]}
    assert set(masked) == {"No.", "Pt Initials", "MRN", "DOB", "Comments"}
    assert all(of == {"made": True, "lacks": []} for of in found["chapters"].values())
    assert not (tmp_path / "report.toml").exists()


def answer_alive(question):
    """The key that a person would press: LTFU is alive at the last contact, all else as proposed."""
    key = "a" if "LTFU" in question.text else question.proposal
    return next(choice for choice in question.choices if choice.key == key)


def test_few_answers_make_a_report_with_the_true_numbers(tmp_path):
    source = copied(tmp_path, "messy/asps.xlsx")
    mapped = mapping.map_source(source, ask=answer_alive)
    mapping.write(mapped)
    assert mapped.open == ()
    truth = json.loads((CASES / "messy/truth.json").read_text(encoding="utf-8"))
    patients = load_cohort(source).patients.frame
    assert patients["patient_id"].astype(int).tolist() == [row["no"] for row in truth]

    def days(column: str) -> list[str | None]:
        return [day.date().isoformat() if day == day else None for day in patients[column]]

    assert days("treatment_start") == [row["start"] for row in truth]
    assert days("treatment_stop") == [row["stop"] for row in truth]
    assert days("relapse_date") == [row["pd"] for row in truth]
    assert days("last_contact") == [row["end"] for row in truth]
    assert days("death_date") == [row["end"] if row["dead"] else None for row in truth]
    assert patients["best_response"].tolist() == [row["br"] for row in truth]
    assert (patients["vital_status"] == "dead").tolist() == [row["dead"] for row in truth]


def test_what_was_answered_is_not_asked_again(tmp_path):
    source = copied(tmp_path, "messy/asps.xlsx")
    first = mapping.map_source(source, ask=answer_alive)
    mapping.write(first)
    asked = []
    second = mapping.map_source(source, ask=lambda question: asked.append(question.text))
    assert asked == []
    assert second.settings == first.settings


def test_no_line_of_an_existing_file_is_lost(tmp_path):
    source = copied(tmp_path, "messy/asps.xlsx")
    own = '# ours\n[report]\ntitle = "ASPS"  # the title\n\n[columns.patients]\nsex = "Sex" # said\n'
    (tmp_path / "report.toml").write_text(own, encoding="utf-8")
    written = mapping.map_source(source).settings
    for line in own.splitlines():
        assert line in written
    assert tomllib.loads(written)["columns"]["patients"]["treatment_start"] == "Start sunitinib"


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_two_orders_of_dates_stay_open(tmp_path, order):
    rows = ["patient_id,treatment_start,last_contact,vital_status"]
    rows += [f"P{n},0{n}/02/2019,0{n}/03/2020,alive" for n in range(1, 6)]
    source = tmp_path / "c.csv"
    source.write_text("\n".join(rows), encoding="utf-8")
    unasked = mapping.map_source(source)
    assert [len(question.choices) for question in unasked.open] == [2]
    key = {"dmy": "d", "mdy": "m"}[order]
    mapping.write(mapping.map_source(source, ask=lambda q: next(c for c in q.choices if c.key == key)))
    start = load_cohort(source).patients.frame["treatment_start"].iloc[2].date()
    assert start == (date(2019, 2, 3) if order == "dmy" else date(2019, 3, 2))


def rows_of(tmp_path: Path, text: str) -> Path:
    source = tmp_path / "any name.csv"
    source.write_text(text, encoding="utf-8")
    return source


def test_patients_without_a_column_of_ids_are_numbered_by_their_rows(tmp_path):
    rows = "\n".join(f"{n * 31},{n % 2},{'MF'[n % 2]}" for n in range(3, 15))
    source = rows_of(tmp_path, f"os_days,os_status,sex\n{rows}")
    mapped = mapping.map_source(source)
    mapping.write(mapped)
    assert "row_ids = true" in mapped.settings
    cohort = load_cohort(source)
    assert len(cohort.patients) == 12
    assert cohort.patients.frame["patient_id"].iloc[0] == "2"
    assert int((cohort.endpoints["os"].status == 1).sum()) == 6


def test_a_coding_with_two_readings_is_never_taken_unasked(tmp_path):
    rows = "\n".join(f"P{n},{n * 31},{1 + n % 2}" for n in range(3, 15))
    source = rows_of(tmp_path, f"id,time_days,status\n{rows}")
    found = mapping.map_source(source)
    assert len(found.open) == 1
    assert "[[endpoint]]" not in found.settings


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("cbioportal/data_clinical_patient.txt",
         {"OS_MONTHS": "endpoint.os.time", "OS_STATUS": "endpoint.os.event", "SUBTYPE": "patients.feature"}),
        ("german_csv/register.csv",
         {"Pat-Nr": "patients.patient_id", "Therapiebeginn": "patients.treatment_start",
          "Rezidivdatum": "patients.relapse_date", "Datum letzter Kontakt": "patients.last_contact"}),
        ("german_xlsx/register.xlsx", {"Geschlecht": "patients.sex", "Todesdatum": "patients.death_date"}),
        ("us_dates/registry.csv", {"treatment_start": "patients.treatment_start", "stage": "patients.feature"}),
        ("outcome_as_feature/cohort.xlsx",
         {"OS (months)": "patients.later", "Recurred": "patients.later", "stage": "patients.feature",
          "Off study reason": "patients.stop_reason"}),
    ],
)  # fmt: skip
def test_usual_layouts_are_understood_and_make_a_cohort_at_once(tmp_path, name, wanted):
    source = copied(tmp_path, name)
    mapped = mapping.map_source(source)
    found = takes(mapping.as_json(mapped))
    assert {header: found[header] for header in wanted} == wanted
    assert mapped.open == ()
    mapping.write(mapped)
    assert len(load_cohort(source).patients) > 0


def test_what_only_its_keeper_knows_stays_open_though_all_else_is_taken(tmp_path):
    mapped = mapping.map_source(copied(tmp_path, "time_status/c.csv"))
    found = takes(mapping.as_json(mapped))
    assert (found["os_time"], found["os_status"]) == ("endpoint.os.time", "endpoint.os.event")
    assert [q.text for q in mapped.open] == ["os_time: in which unit is it? Its longest is 370."]
    assert "endpoint" not in mapped.settings and not mapped.proposals.chapters["survival"].made
    mapped = mapping.map_source(copied(tmp_path, "enrolled_final/c.csv"), tmp_path / "e.toml")
    found = takes(mapping.as_json(mapped))
    assert (found["Enrolled"], found["Final date"]) == ("patients.treatment_start", "patients.last_contact")
    assert [q.cell for q in mapped.open] == ["D1"]  # the only column that tells who died, with a word unknown
    assert mapped.proposals.chapters["survival"].lacks == ("patients.vital_status",)


@pytest.mark.parametrize(
    ("time", "codes", "days", "unit"),
    [("time", (0, 1), 424, None), ("time", (0, 1), 1800, "days"), ("time (weeks)", (0, 1), 60, "weeks"),
     ("time", (1, 2), 400, None), ("time", (1, 2), 1800, "days")],
)  # fmt: skip
def test_a_unit_that_nothing_tells_is_asked_and_each_answer_is_part_of_the_endpoint(
    tmp_path, time, codes, days, unit
):
    lines = "".join(f"P{k},{days - 7 * k},{codes[k % 2]}\n" for k in range(8))
    source = rows_of(tmp_path, f"id,{time},status\n{lines}")
    mapped = mapping.map_source(source)
    assert any("in which unit" in question.text for question in mapped.open) == (unit is None)
    assert len(mapped.open) == (unit is None) + (codes == (1, 2))

    def answer(question):
        wanted = "w" if question.open and "in which unit" in question.text else question.proposal or "2"
        return next(choice for choice in question.choices if choice.key == wanted)

    (said,) = tomllib.loads(mapping.map_source(source, ask=answer).settings)["endpoint"]
    assert (said["unit"], said["event_values"]) == (unit or "weeks", [codes[1]])
    half = mapping.map_source(
        source, ask=lambda question: None if "unit" in question.text else answer(question)
    )
    assert ("endpoint" in half.settings) == ("weeks" in time)


def test_a_unit_that_the_dictionary_names_is_no_question(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "patients"
    for row in [("id", "time", "status"), *((f"P{k}", 30 + k, k % 2) for k in range(8))]:
        book.active.append(row)
    dictionary = book.create_sheet("dictionary")
    dictionary.append(("column", "unit"))
    dictionary.append(("time", "months"))
    book.save(tmp_path / "c.xlsx")
    mapped = mapping.map_source(tmp_path / "c.xlsx")
    assert mapped.open == () and tomllib.loads(mapped.settings)["endpoint"][0]["unit"] == "months"


def test_a_table_of_dates_without_a_last_contact_is_not_said_to_be_understood(tmp_path):
    lines = "".join(f"{k},0{k}/Jan/2018,0{k}/Feb/2019,Dead\n" for k in range(1, 8))
    mapped = mapping.map_source(rows_of(tmp_path, f"Pt,Date enrolled,Off study date,Outcome\n{lines}"))
    assert takes(mapping.as_json(mapped))["Off study date"] == "patients.treatment_stop"
    assert [q.text.partition(".")[0] for q in mapped.open] == ["No column was recognised as the last contact"]


def test_columns_of_toxicities_that_the_settings_name_stay_what_they_are(tmp_path):
    rows = "".join(f"P{k},2020-01-0{k},2021-01-0{k},alive,{k % 3}\n" for k in range(1, 7))
    source = rows_of(tmp_path, f"patient_id,treatment_start,last_contact,vital_status,tox_rash\n{rows}")
    (tmp_path / "report.toml").write_text('[source]\ntoxicity_prefix = "tox_"\n')
    mapped = mapping.map_source(source)
    assert takes(mapping.as_json(mapped))["tox_rash"] == "toxicities.term+toxicities.grade"
    assert "at_start" not in mapped.settings and mapped.proposals.chapters["toxicity"].made


def test_a_column_of_another_name_is_told_by_its_words(tmp_path):
    def proposed(ends):
        rows = "".join(f'{k},1{k}-Jan-2017,0{k}-Oct-2019,"{ends[k % len(ends)]}"\n' for k in range(1, 8))
        found = mapping.map_source(rows_of(tmp_path, f"Subject,Enrolled,Final date,What happened\n{rows}"))
        return takes(mapping.as_json(found))["What happened"], found

    taken, found = proposed(["died of tumour", "alive, seen in clinic"])
    assert taken == "patients.vital_status" and 'dead = [\n  "died of tumour"' in found.settings
    taken, found = proposed(["died of tumour", "alive, seen in clinic", "left the region"])
    assert taken == "patients.later"
    (question,) = found.open  # nothing else tells who died
    answer = next(choice for choice in question.choices if choice.key == "y")
    assert "left the region" in [line.value for line in answer.lines if line.path[-1] == "missing"]


def test_beside_a_pair_that_tells_who_died_no_words_are_taken_for_the_vital_status(tmp_path):
    """Its own status may be of another moment; the longest time is read with its decimal comma."""
    rows = ["id;OS;OS_event;Status on drug"]
    rows += [f"P{n};{n},5;{n % 2};{('alive', 'dead')[n % 3 == 0]}" for n in range(1, 13)]
    (tmp_path / "c.csv").write_text("\n".join(rows) + "\n")
    found = mapping.as_json(mapping.map_source(tmp_path / "c.csv"))
    assert takes(found)["Status on drug"] != "patients.vital_status"
    assert takes(found)["OS"] == "endpoint.os.time"
    assert any("Its longest is 12.5" in question["question"] for question in found["open"])


@pytest.mark.parametrize("head", ["patient_id", "No"])
def test_a_running_number_of_events_is_not_taken_for_the_patient_unasked(tmp_path, head):
    book = openpyxl.Workbook()
    book.active.title = "patients"
    book.active.append([head, "treatment_start", "last_contact"])
    events = book.create_sheet("Adverse events")
    events.append(["No", "Pat", "Term", "Grade"])
    for k in range(1, 21):
        book.active.append([k, date(2016, 1, k), date(2019, 1, k)])
        events.append([k, (k + 1) // 2, "Fatigue", 2])
    book.save(tmp_path / "source.xlsx")
    found = mapping.as_json(mapping.map_source(tmp_path / "source.xlsx"))
    assert (takes(found, 1)["Pat"], takes(found, 1)["No"]) == ("toxicities.patient_id", "toxicities.ignored")
    assert [(question["cell"], question["choices"]) for question in found["open"]] == [("B1", ["Pat", "No"])]
