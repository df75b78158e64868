"""Tables as somebody else keeps them: what `map` makes of codes, words and encodings, and what it leaves open."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.later_names import speaks_of_later
from reportgen.run import mapping
from tests.workbooks import mapped, write_workbook

N = 12
START = [date(2015, 1, 14) + timedelta(days=61 * k) for k in range(N)]
LAST = [day + timedelta(days=700 + k) for k, day in enumerate(START)]
DEAD = [k % 4 == 1 for k in range(N)]


def as_proposed(question):
    return next((c for c in question.choices if c.key == question.proposal), question.choices[0])


def takes(found: mapping.Mapped) -> dict[str, str]:
    return {c["header"]: c["takes"] for s in mapping.as_json(found)["sheets"] for c in s["columns"]}


def workbook(tmp_path: Path, **columns) -> Path:
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    return write_workbook(tmp_path / "ward.xlsx", Tabelle1=rows)


def csv_of(path: Path, header: str, rows: list[tuple], encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join([header, *(",".join(map(str, row)) for row in rows)]).encode(encoding))
    return path


EXPLAINED = ("Status (0=alive,1=dead)", "Status [0: alive; 1: dead of disease]", "Status 0=alive 1=dead")


@pytest.mark.parametrize("header", EXPLAINED)
def test_codes_that_a_header_explains_need_no_question(tmp_path, header):
    source = workbook(
        tmp_path,
        **{"Pat ID": range(1, N + 1), "Sex (1=M, 2=F)": [1, 2] * 6, "Therapy start": START, "Last contact": LAST,
           header: list(map(int, DEAD))},
    )  # fmt: skip
    assert mapped(source).open == ()
    patients = load_cohort(source).patients.frame
    assert patients["vital_status"].tolist() == [["alive", "dead"][dead] for dead in DEAD]
    assert patients["sex"].tolist() == ["male", "female"] * 6


def test_codes_of_a_status_that_nothing_explains_are_asked_and_never_taken(tmp_path):
    source = workbook(
        tmp_path,
        **{"Pat ID": range(1, N + 1), "Sex": [1, 2] * 6, "Therapy start": START, "Last contact": LAST,
           "Status": list(map(int, DEAD))},
    )  # fmt: skip
    left = mapped(source).open
    assert [(q.cell, q.choices[0].label) for q in left] == [
        ("B1", '"1" is male, "2" is female'),
        ("E1", '"1" is dead, "0" is alive'),
    ]
    mapping.write(mapping.map_source(source, ask=as_proposed))
    patients = load_cohort(source).patients.frame
    assert patients["death_date"].notna().tolist() == DEAD
    assert patients["sex"].tolist() == ["male", "female"] * 6


def test_two_codes_beside_a_date_of_death_are_no_question(tmp_path):
    died = [day if dead else None for day, dead in zip(LAST, DEAD, strict=True)]
    source = workbook(
        tmp_path,
        **{"Pat ID": range(1, N + 1), "Therapy start": START, "Last contact": LAST, "Death date": died,
           "Status": list(map(int, DEAD))},
    )  # fmt: skip
    assert mapped(source).open == ()
    assert load_cohort(source).patients.frame["death_date"].notna().tolist() == DEAD


def test_times_with_their_origin_and_events_with_two_words_are_pairs(tmp_path):
    rows = [(k, 12.5 + k, int(DEAD[k]), 6.5 + k, int(DEAD[k] or k % 3 == 0)) for k in range(N)]
    header = "Study ID,OS from start of treatment (mo),Death (0/1),PFS (mo),Progression or death (0/1)"
    source = csv_of(tmp_path / "c.csv", header, rows)
    found = mapped(source)
    assert found.open == () and takes(found)["Death (0/1)"] == "endpoint.os.event"
    endpoints = load_cohort(source).endpoints
    assert set(endpoints) == {"os", "pfs"} and endpoints["os"].status.sum() == sum(DEAD)


def test_abbreviations_of_a_clinic_say_who_died(tmp_path):
    words = ["NED", "DOD", "AWD", "DOC"] * 3
    source = csv_of(tmp_path / "c.csv", "ID,Time_months,Status", [(k, 10.5 + k, words[k]) for k in range(N)])
    found = mapped(source)
    assert found.open == () and takes(found)["Status"] == "endpoint.os.event"
    assert load_cohort(source).endpoints["os"].status.tolist() == [
        int(word in ("DOD", "DOC")) for word in words
    ]


def test_a_total_is_no_patient_where_row_numbers_are_the_ids(tmp_path):
    rows = [["Sesso", "Inizio terapia", "Ultimo contatto", "Data decesso"]]
    rows += [["M", START[k], LAST[k], LAST[k] if DEAD[k] else None] for k in range(N)]
    source = write_workbook(tmp_path / "ward.xlsx", Dati=[*rows, ["Totale", N], ["Total", 12.5, 3]])
    mapped(source)
    assert len(load_cohort(source).patients) == N


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "utf-16"])
def test_italian_words_are_read_in_each_encoding(tmp_path, encoding):
    rows = [
        (f"P{k}", START[k], LAST[k], ["vivo", "deceduto"][DEAD[k]], ["MS", "MP"][k % 2], "sì")
        for k in range(N)
    ]
    source = csv_of(
        tmp_path / "c.csv", "Codice paziente,Inizio terapia,Ultimo contatto,Stato vitale,Miglior risposta,Tossicità",
        rows, encoding)  # fmt: skip
    found = mapped(source)
    assert found.open == () and takes(found)["Tossicità"] == "patients.later"
    patients = load_cohort(source).patients.frame
    assert patients["best_response"].tolist() == ["SD", "PD"] * 6


def test_a_last_contact_that_no_name_tells_is_asked_and_its_answer_holds(tmp_path):
    source = workbook(
        tmp_path,
        **{
            "Pat ID": range(1, N + 1),
            "Therapy start": START,
            "Vital Date": LAST,
            "Vital status": ["alive"] * N,
        },
    )
    (left,) = mapped(source).open
    assert left.cell == "C1" and left.choices[0].label == "Vital Date (C1)"
    mapping.write(mapping.map_source(source, ask=as_proposed))
    assert "vital_date" not in (tmp_path / "report.toml").read_text()
    assert load_cohort(source).patients.frame["last_contact"].dt.date.tolist() == LAST


def test_without_a_start_of_treatment_the_clock_may_begin_at_diagnosis(tmp_path):
    source = workbook(
        tmp_path, **{"Pat ID": range(1, N + 1), "Date of diagnosis": START, "Last contact": LAST}
    )
    assert mapped(source).open == ()
    assert load_cohort(source).settings.origin == "diagnosis_date"


def test_a_codebook_says_what_columns_and_codes_are(tmp_path):
    rows = [["pid", "sx", "trt_dt", "vs", "lc_dt"]]
    rows += [[k, 1 + k % 2, START[k], int(DEAD[k]), LAST[k]] for k in range(N)]
    book = [["Variable", "Description", "Codes"], ["pid", "patient id", None], ["sx", "sex", "1=male, 2=female"],
            ["trt_dt", "start of treatment", None], ["vs", "vital status", "0=alive, 1=dead"],
            ["lc_dt", "last contact", None]]  # fmt: skip
    source = write_workbook(tmp_path / "c.xlsx", Data=rows, Codebook=book)
    assert mapped(source).open == ()
    patients = load_cohort(source).patients.frame
    assert patients["sex"].tolist() == ["male", "female"] * 6
    assert patients["death_date"].notna().tolist() == DEAD


IN_WORDS = [
    "G4 PE",
    "mucositis gr 2, epistaxis g1",
    "none",
    None,
    "Rash (grade III); felt dizzy",
    "fatigue G2 and rash G1",
]


def with_toxicities(tmp_path: Path, **sheets) -> Path:
    rows = [["No.", "Therapy start", "Last contact"], *([k + 1, START[k], LAST[k]] for k in range(N))]
    return write_workbook(tmp_path / "c.xlsx", Main=rows, **sheets)


@pytest.mark.parametrize("wide", [True, False])
def test_toxicities_in_words_are_read_where_they_name_grades_and_asked_where_not(tmp_path, wide):
    head = ["No.", "Fatigue", "HTN", "other"] if wide else ["No.", "Adverse events"]
    rows = [[k + 1, *([k % 3, 0] if wide else []), IN_WORDS[k % 6]] for k in range(N)]
    source = with_toxicities(tmp_path, AEs=[head, *rows])
    column = "D" if wide else "B"
    assert takes(mapped(source))[head[-1]] == "toxicities.term+toxicities.grade"
    cohort = load_cohort(source)
    found = cohort.toxicities.frame
    assert (found["term"].str.casefold() == "pe").sum() == 2 and found.loc[found["term"] == "PE", "grade"].eq(
        4
    ).all()
    assert found.loc[found["term"].str.casefold() == "rash", "grade"].tolist() == [3, 1, 3, 1]
    asked = [i for i in cohort.issues if i.code == "TOXICITY_IN_WORDS" and i.severity == "warning"]
    assert [(i.sheet, i.cell) for i in asked] == [("AEs", f"{column}6"), ("AEs", f"{column}12")]


def test_toxicities_in_words_that_nobody_named_are_asked_with_the_line_to_write(tmp_path):
    rows = [[k + 1, k % 3, 0, IN_WORDS[k % 2]] for k in range(N)]
    source = with_toxicities(tmp_path, AEs=[["No.", "Fatigue", "HTN", "other"], *rows])
    mapped(source)
    toml = tmp_path / "report.toml"
    text = toml.read_text()
    place = text.index("toxicity_text")
    toml.write_text(text[:place] + text[text.index("]", place) + 1 :])
    asked = [i for i in load_cohort(source).issues if i.code == "TOXICITY_IN_WORDS"]
    assert asked[0].cell == "D2" and 'toxicity_text = ["other"]' in str(asked[0].hint)


def test_grades_among_the_patients_are_toxicities_and_no_features(tmp_path):
    source = workbook(
        tmp_path,
        **{"Pat ID": range(1, N + 1), "Therapy start": START, "Last contact": LAST, "Tumour grade": [1, 2, 3] * 4,
           "Fatigue (grade)": [0, 1, 3, 2] * 3, "Rash (grade)": [0, 0, None, 4] * 3, "aGVHD grade": [0, 2, 1] * 4},
    )  # fmt: skip
    found = takes(mapped(source))
    assert found["Fatigue (grade)"] == found["Rash (grade)"] == "toxicities.term+toxicities.grade"
    assert found["Tumour grade"] == "patients.feature" and found["aGVHD grade"] == "patients.later"
    toxicities = load_cohort(source).toxicities.frame
    assert set(toxicities["term"]) == {"Fatigue", "Rash"} and len(toxicities) == 12


def test_intervals_of_time_are_named_and_never_taken_for_patients(tmp_path):
    rows = [("id", "start", "stop", "event", "transplant")]
    for k in range(1, N + 1):
        rows += [(k, 0, 30 + k, 0, 0), (k, 30 + k, 400 + 9 * k, k % 2, 1)]
    source = csv_of(tmp_path / "heart.csv", ",".join(rows[0]), rows[1:])
    asked = [question for question in mapped(source).open if "counting-process" in question.text]
    assert [question.cell for question in asked] == ["B1"]
    with pytest.raises(DataRefused) as refused:
        load_cohort(source)
    assert [(i.cell, i.sheet) for i in refused.value.issues if i.code == "COUNTING_PROCESS"] == [
        ("B1", "heart")
    ]
    assert {i.code for i in refused.value.issues if i.severity == "error"} == {"COUNTING_PROCESS"}


def test_times_and_states_of_a_letter_each_are_no_features_and_no_vital_status(tmp_path):
    rows = [
        (k, 300 + 9 * k, k % 2, 200 + 7 * k, (k + 1) % 2, 90 + 5 * k, k % 2, 30 + k) for k in range(1, N + 1)
    ]
    source = csv_of(tmp_path / "bmt.csv", "id,t1,d1,t2,d2,tc,dc,age", rows)
    found = takes(mapped(source))
    assert {found[name] for name in ("t1", "d1", "t2", "d2", "tc", "dc")} == {"patients.later"}
    assert found["age"] == "patients.age_at_start"


def test_a_second_table_in_a_folder_gets_settings_of_its_own(tmp_path):
    names = (
        ["Pt ID", "Therapy start", "Last FU", "Status"],
        ["Fallnummer", "Beginn am", "Letzte Nachsorge", "Vitalstatus"],
    )
    for file, head in zip(("a.xlsx", "b.xlsx"), names, strict=True):
        rows = [[k + 1, START[k], LAST[k], ["alive", "dead"][DEAD[k]]] for k in range(N)]
        mapped(write_workbook(tmp_path / file, patients=[head, *rows]))
    assert {f.name for f in tmp_path.glob("*.toml")} == {"report.toml", "b.xlsx.report.toml"}
    for file in ("a.xlsx", "b.xlsx"):
        assert load_cohort(tmp_path / file).patients.frame["death_date"].notna().tolist() == DEAD
    assert mapped(tmp_path / "b.xlsx").path.name == "b.xlsx.report.toml"


def test_three_codes_of_a_status_may_be_an_event_and_one_that_competes(tmp_path):
    rows = [(k + 1, [0, 1][k % 2], 700 + 9 * k, k % 3) for k in range(N)]
    source = csv_of(tmp_path / "c.csv", "rownames,sex,time,status", rows)
    found = mapped(source)
    status, sex = found.open
    assert takes(found)["rownames"] == "patients.ignored"
    assert sex.choices[0].label == '"0" is male, "1" is female'
    labels = [choice.label for choice in status.choices]
    assert "1 is the event, 2 competes with it, 0 is none" in labels and len(labels) == 9
    for label, counts in (
        ("1 is the event, 2 competes with it, 0 is none", [4, 4, 4]),
        (labels[0], [8, 4, 0]),
    ):
        (tmp_path / "report.toml").unlink()
        answer = lambda q, said=label: next((c for c in q.choices if c.label == said), q.choices[0])  # noqa: E731
        mapping.write(mapping.map_source(source, ask=answer))
        (endpoint,) = load_cohort(source).endpoints.values()
        assert [int((endpoint.status == code).sum()) for code in range(3)] == counts


def test_an_answer_that_all_had_the_event_is_no_question_again(tmp_path):
    source = csv_of(tmp_path / "c.csv", "ID,os,status", [(f"P{k}", 400 + k, 1) for k in range(N)])
    mapping.write(mapping.map_source(source, ask=as_proposed))
    assert load_cohort(source).endpoints["os"].status.tolist() == [1] * N


def test_a_table_without_dates_and_times_stays_open(tmp_path):
    source = csv_of(tmp_path / "c.csv", "ID,stage,weight", [(f"P{k}", "I", 60.5 + k) for k in range(N)])
    (left,) = mapped(source).open
    assert left.cell == "A1" and "no survival" in left.text


@pytest.mark.parametrize("name", ["rtime", "crtime", "txtime", "pstat", "OSmonth", "rltime"])
def test_times_of_what_came_later_are_no_features_known_at_the_start(name):
    assert speaks_of_later(name.casefold(), name) == "later"


@pytest.mark.parametrize(
    "name", ["PR status", "R status", "Rstatus", "diagtime", "PD-L1", "time from diagnosis"]
)
def test_states_of_receptors_and_times_before_the_start_are_features(name):
    assert speaks_of_later(name_key(name), name) == ""


def test_a_status_in_one_word_belongs_to_its_time(tmp_path):
    words = ["alive", "death by primary disease", "alive w metastases", "death"] * 3
    rows = [(f"P{k}", 10.5 + k, 8.5 + k, words[k]) for k in range(N)]
    source = csv_of(tmp_path / "c.csv", "PID,OSmonth,DFSmonth,Patientstatus", rows)
    found = mapped(source)
    assert found.open == () and takes(found)["DFSmonth"] == "patients.later"
    assert load_cohort(source).endpoints["os"].status.tolist() == [0, 1, 0, 1] * 3


def test_which_of_two_years_is_the_table_is_asked_and_the_other_left_out(tmp_path):
    head = ["ID", "Sex", "Start", "Status", "Last contact"]
    old = [[k + 1, "m", START[k], "alive", START[k]] for k in range(N - 2)]
    new = [[k + 1, "m", START[k], ["alive", "dead"][DEAD[k]], LAST[k]] for k in range(N)]
    source = write_workbook(tmp_path / "c.xlsx", Cohort2023=[head, *old], Cohort2024=[head, *new])
    (left,) = mapped(source).open
    assert {choice.label for choice in left.choices} == {"Cohort2023 (10 rows)", "Cohort2024 (12 rows)"}
    answer = lambda q: next((c for c in q.choices if "2024" in c.label), None) or as_proposed(q)  # noqa: E731
    mapping.write(mapping.map_source(source, ask=answer))
    assert load_cohort(source).patients.frame["death_date"].notna().tolist() == DEAD


def test_rows_of_visits_alone_are_the_patients(tmp_path):
    rows = [["Subject", "Sex", "Treatment start", "Last contact", "Status"]]
    for k in range(N):
        rows += [[k + 1, "m", START[k], START[k] + timedelta(days=9), "alive"],
                 [k + 1, "m", START[k], LAST[k], ["alive", "dead"][DEAD[k]]]]  # fmt: skip
    source = write_workbook(tmp_path / "c.xlsx", Visits=rows)
    assert mapped(source).open == ()
    patients = load_cohort(source).patients.frame
    assert (
        patients["last_contact"].dt.date.tolist() == LAST and patients["death_date"].notna().tolist() == DEAD
    )


def dated(tmp_path: Path, shown) -> Path:
    """A text file of the dates as `shown` writes them; who never relapsed or died has what it writes of None."""
    rows = [
        (f"K{k}", shown(START[k]), shown(None), "dead" if DEAD[k] else "alive", shown(LAST[k] if DEAD[k] else None),
         shown(LAST[k]), shown(START[k]))
        for k in range(N)
    ]  # fmt: skip
    header = "Pat ID,Therapy start,Date of relapse,Vital status,Date of death,Last contact,Biopsy taken"
    return csv_of(tmp_path / "dated.csv", header, rows)


SHOWN = {
    "nothing between": lambda day: f"{day:%Y%m%d}" if day else "",
    "midnight of twelve hours": lambda day: f"{day:%m/%d/%Y} 12:00:00 AM" if day else "",
    "SAS": lambda day: f"{day:%d%b%Y}:00:00:00".upper() if day else "",
    "1900 for none": lambda day: f"{day or date(1900, 1, 1)}",
    "9999 for none": lambda day: f"{day or date(9999, 12, 31):%d.%m.%Y}",
    "zeros for none": lambda day: f"{day or '0000-00-00'}",
}


@pytest.mark.parametrize("shown", SHOWN)
def test_dates_as_registries_write_them_and_days_that_stand_for_none(tmp_path, shown):
    source = dated(tmp_path, SHOWN[shown])
    assert mapped(source).open == ()
    cohort = load_cohort(source)
    days = cohort.patients.days
    assert (days["last_contact"] - days["treatment_start"]).tolist() == [
        (last - start).days for last, start in zip(LAST, START, strict=True)
    ]
    assert days["death_date"].notna().tolist() == DEAD
    assert not days["relapse_date"].notna().any()
    assert "biopsy_taken" not in [feature.name for feature in cohort.features]


def test_of_visits_the_last_is_the_last_contact(tmp_path):
    seen = [
        (f"K{k}", START[k] + timedelta(days=350 * visit), START[k], "dead" if DEAD[k] and visit == 2 else "alive",
         LAST[k] if DEAD[k] and visit == 2 else "")
        for k in range(N) for visit in range(3)
    ]  # fmt: skip
    source = csv_of(
        tmp_path / "visits.csv", "Pat ID,Date of visit,Therapy start,Vital status,Date of death", seen
    )
    assert mapped(source).open == ()
    days = load_cohort(source, on_invalid="refuse").patients.days
    assert len(days) == N
    assert (days["last_contact"] - days["treatment_start"]).tolist() == [700] * N


def test_the_header_once_more_and_a_mean_are_nobody_and_ask_nothing(tmp_path):
    rows = [(f"K{k}", START[k], LAST[k], "lebt", 5) for k in range(N)]
    rows.insert(6, ("Pat ID", "Therapy start", "Last contact", "Status", "LDH"))
    rows.append(("MW ± SD", "", "", "", "500 ± 20"))
    source = csv_of(tmp_path / "again.csv", "Pat ID,Therapy start,Last contact,Status,LDH", rows)
    assert mapped(source).open == ()
    assert len(load_cohort(source).patients.frame) == N


def test_a_small_table_below_is_nobody_and_asks_nothing(tmp_path):
    columns = {"Pat ID": [f"K{k}" for k in range(N)], "Therapy start": START, "Last contact": LAST,
               "Vital status": ["dead" if dead else "alive" for dead in DEAD], "Sex": ["m", "f"] * 6,
               **{f"Marker {m}": [m + k for k in range(N)] for m in "abc" for m in [ord(m)]}}  # fmt: skip
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    below = [[None] * 8, ["Stage", "n"], ["I", 7], ["II", 5]]
    source = write_workbook(tmp_path / "ward.xlsx", Tabelle1=[*rows, *below])
    assert mapped(source).open == ()
    cohort = load_cohort(source)
    assert len(cohort.patients.frame) == N
    assert {issue.cell for issue in cohort.issues if issue.code == "NOT_A_PATIENT"} == {"A15", "A16", "A17"}


def test_toxicities_by_their_names_in_french_and_what_is_not_recorded_is_none_of_them(tmp_path):
    source = workbook(
        tmp_path,
        **{"Patient": [f"K{k}" for k in range(N)], "Début traitement": START, "Dernières nouvelles": LAST,
           "Statut vital": ["décédé" if dead else "vivant" for dead in DEAD],
           "Nausées": ["G2", 1, 0, "NR", "non", 3] * 2, "Asthénie": [1, 0, 2, "NR", None, 0] * 2,
           "LDH": ["1.050,5", "950", "840,5", "1.200", "700", "805,5"] * 2},
    )  # fmt: skip
    found = mapped(source)
    assert found.open == ()
    assert [takes(found)[name] for name in ("Nausées", "Asthénie", "LDH")] == [
        "toxicities.term+toxicities.grade", "toxicities.term+toxicities.grade", "patients.feature"]  # fmt: skip
    cohort = load_cohort(source)
    assert cohort.toxicities.frame["grade"].tolist() == [2, 1, 1, 2, 3] * 2


def test_the_numbers_of_a_spreadsheet_in_place_of_dates_are_asked_about_and_read_when_told(tmp_path):
    days = [[(day - date(1899, 12, 30)).days for day in column] for column in (START, LAST)]
    rows = [
        (f"P{k}", days[0][k], days[1][k], ["alive", "dead"][DEAD[k]], 20_000 + 5_003 * k % 7_919)
        for k in range(N)
    ]
    source = csv_of(tmp_path / "text.csv", "Pat ID,Therapy start,Last FU,Vital status,Platelets", rows)
    with pytest.raises(DataRefused) as refused:
        load_cohort(source)
    asked = [i for i in refused.value.issues if i.code == "DATE_AS_NUMBER"]
    assert len(asked) == 2 * N and "date_serials = 1900" in str(asked[0].hint)
    found = mapped(source)
    assert found.open == () and takes(found)["Platelets"] == "patients.feature"
    assert "date_serials = 1900 # numbers in place of dates: " in found.settings
    read = load_cohort(source).patients.frame["treatment_start"]
    assert [day.date() for day in read] == START


def test_sheets_are_joined_by_an_id_that_only_its_values_and_its_name_on_both_prove(tmp_path):
    ids = [f"Q{k:02}" for k in range(N)]
    base = [["Study No", "Gender", "ECOG"], *([who, "M", k % 3] for k, who in enumerate(ids))]
    course = [["Study No", "C1D1", "Vital status", "Last FU date"]]
    course += [[who, START[k], ["alive", "dead"][DEAD[k]], LAST[k]] for k, who in enumerate(ids)]
    source = write_workbook(
        tmp_path / "ward.xlsx", Baseline=base, **{"Follow-up": course[:1] + course[:0:-1]}
    )
    assert mapped(source).open == ()
    cohort = load_cohort(source)
    assert cohort.patients.frame.set_index("patient_id").loc[ids, "sex"].eq("male").all()
    assert "ecog" in {feature.name for feature in cohort.features}


def test_a_table_turned_over_is_found_whatever_words_stand_in_its_rows(tmp_path):
    columns = {
        "Study No": [f"Q{k:02}" for k in range(N)], "Gender": ["M", "F"] * 6, "Start of treatment": START,
        "Reason off treatment": ["toxicity", "progression", "completed"] * 4, "Last contact": LAST,
        "Vital status": [["alive", "dead"][dead] for dead in DEAD],
    }  # fmt: skip
    source = write_workbook(
        tmp_path / "ward.xlsx", Sheet1=[[name, *cells] for name, cells in columns.items()]
    )
    assert mapped(source).open == ()
    frame = load_cohort(source).patients.frame
    assert frame["vital_status"].tolist() == columns["Vital status"] and len(frame) == N


def test_two_columns_of_relapses_that_differ_are_asked_about_and_a_relapse_without_a_date_is_said(tmp_path):
    relapsed = [day + timedelta(days=200) if k % 2 else None for k, day in enumerate(START)]
    other = [None if k % 3 else day + timedelta(days=300) for k, day in enumerate(START)]
    columns = {
        "Pat ID": range(1, N + 1), "Therapy start": START, "Last contact": LAST,
        "Vital status": [["alive", "dead"][dead] for dead in DEAD], "Date of local recurrence": relapsed,
    }  # fmt: skip
    told = mapped(workbook(tmp_path, **columns, **{"Date of distant recurrence": other})).open
    assert [question.text for question in told] == ["Which column is relapse_date?"]
    (tmp_path / "report.toml").unlink()
    said = ["yes" if k < 2 or day else "no" for k, day in enumerate(relapsed)]
    source = workbook(tmp_path, **columns, **{"Relapse (Y/N)": said})
    assert mapped(source).open == ()
    lacking = [issue for issue in load_cohort(source).issues if issue.code == "RELAPSE_WITHOUT_DATE"]
    assert [(issue.cell, issue.patient) for issue in lacking] == [("F2", "1")]


def test_a_time_to_relapse_of_who_had_none_is_an_error_and_with_its_status_a_pair(tmp_path):
    rows = [(k + 1, 10.5 + k, k % 2, 30.5 + k, int(DEAD[k])) for k in range(N)]
    told = [(*row[:4], ["alive", "dead"][row[4]]) for row in rows]
    head = "patient_id,relapse_months,Relapsed,last_contact_months,vital_status"
    source = csv_of(tmp_path / "t.csv", head, told)
    with pytest.raises(DataRefused) as refused:
        load_cohort(source)
    assert [i.cell for i in refused.value.issues if i.code == "RELAPSE_DENIED"] == ["B2"]
    head = "Pt,Months to progression,Progressed,Months to last FU,Died"
    found = takes(mapped(csv_of(tmp_path / "u.csv", head, rows)))
    assert [found[name] for name in head.split(",")[1:3]] == ["endpoint.ttp.time", "endpoint.ttp.event"]


def test_a_time_of_text_with_decimal_points_is_asked_about_by_its_longest(tmp_path):
    rows = [("FM"[k % 2], "AML", f"{10.5 + k}", k % 3) for k in range(N)]
    (asked, unit) = mapped(csv_of(tmp_path / "bmt.csv", "Sex,D,ftime,Status", rows)).open
    assert asked.cell == "D1" and unit.text.endswith("Its longest is 21.5.")
