"""Clinical tables of the GDC: a row per diagnosis and treatment of a case, days from diagnosis, dashes for nothing."""

from __future__ import annotations

from reportgen.base.errors import ERROR
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.run.mapping import map_source, write

HEAD = (
    "case_id", "case_submitter_id", "project_id", "age_at_index", "gender", "vital_status", "days_to_death",
    "days_to_last_follow_up", "ajcc_pathologic_stage", "figo_stage", "treatment_type", "treatment_or_therapy",
    "days_to_treatment_start",
)  # fmt: skip
ROWS = (
    ("u1", "TCGA-1", "TCGA-X", "60", "male", "Dead", "400", "'--", "Stage I", "'--", "Radiation", "no", "'--"),
    ("u1", "TCGA-1", "TCGA-X", "60", "male", "Dead", "400", "'--", "Stage I", "'--", "Chemotherapy", "yes", "30"),
    ("u2", "TCGA-2", "TCGA-X", "55", "female", "Alive", "'--", "700", "Stage II", "'--", "Chemotherapy", "yes", "40"),
    ("u2", "TCGA-2", "TCGA-X", "55", "female", "Alive", "'--", "731", "Stage III", "'--", "Radiation", "no", "'--"),
    ("u3", "TCGA-3", "TCGA-X", "'--", "female", "Not Reported", "'--", "100", "Stage I", "'--", "'--", "'--", "'--"),
)  # fmt: skip
EXPOSURE = "case_id\tcase_submitter_id\tcigarettes_per_day\nu1\tTCGA-1\t2\nu2\tTCGA-2\t'--\nu3\tTCGA-3\t0.5\n"


def table(rows=ROWS, head=HEAD):
    return "".join("\t".join(row) + "\n" for row in (head, *rows))


def folder(tmp_path, text):
    place = tmp_path / "gdc"
    place.mkdir()
    (place / "clinical.tsv").write_text(text, encoding="utf-8")
    (place / "exposure.tsv").write_text(EXPOSURE, encoding="utf-8")
    return place


def check(cohort):
    frame = cohort.patients.frame
    assert frame["patient_id"].tolist() == ["TCGA-1", "TCGA-2", "TCGA-3"]
    assert frame["age_at_start"].tolist()[:2] == [60, 55] and frame["sex"].tolist()[0] == "male"
    os = cohort.endpoints["os"]
    assert os.duration.tolist() == [400, 731] and os.status.tolist() == [1, 0]
    assert os.left_out == ((1, "vital status not recorded"),)
    assert os.definition.startswith("Time from the date of diagnosis to death")
    assert frame["cigarettes_per_day"].tolist()[0::2] == [2, 0.5]
    assert cohort.treatments.frame["treatment"].tolist() == ["Chemotherapy", "Chemotherapy"]
    assert {"case_id", "figo_stage"}.isdisjoint(feature.name for feature in cohort.features)


def test_the_tables_as_they_are_downloaded(tmp_path):
    source = folder(tmp_path, table())
    check(load_cohort(source))
    write(map_source(source))
    check(load_cohort(source))


def test_names_with_their_entity(tmp_path):
    entity = {"case_id": "cases.case_id", "case_submitter_id": "cases.submitter_id", "project_id": "project.project_id",
              "vital_status": "demographic.vital_status", "gender": "demographic.gender",
              "age_at_index": "demographic.age_at_index", "days_to_death": "demographic.days_to_death"}  # fmt: skip
    of = {"treatment_type": "treatments.", "treatment_or_therapy": "treatments.",
          "days_to_treatment_start": "treatments."}  # fmt: skip
    head = tuple(entity.get(name, of.get(name, "diagnoses.") + name) for name in HEAD)
    check(load_cohort(folder(tmp_path, table(head=head))))


def test_rows_that_differ_are_named_by_a_cell_of_the_file(tmp_path):
    source = folder(tmp_path, table())
    book = read_source(source)
    issues = check_cohort(book, settings_for(book, source))[1]
    assert not [issue for issue in issues if issue.severity == ERROR]
    (differs,) = [issue for issue in issues if issue.code == "ROWS_DIFFER"]
    assert (differs.sheet, differs.cell, differs.patient) == ("clinical", "I5", "TCGA-2")
    (visits,) = [i for i in issues if i.code == "COLUMN_NOT_USED" and "left out" in str(i.problem)]
    assert visits.sheet == "clinical"


def _with_relapses(tmp_path, said):
    """u1 relapsed on day 200 and died; u2 had none, or is not said to; nothing is known of u3."""
    head = (*HEAD, "days_to_recurrence", *(["progression_or_recurrence"] if said else []))
    more = {"u1": ("200", "yes"), "u2": ("'--", "no"), "u3": ("'--", "Not Reported")}
    rows = tuple((*row, *more[row[0]][: 2 if said else 1]) for row in ROWS)
    return folder(tmp_path, table(rows, head))


def test_days_to_recurrence_are_the_relapse_where_it_is_told_who_had_one(tmp_path):
    source = _with_relapses(tmp_path, said=True)
    cohort = load_cohort(source)
    relapse = cohort.endpoints["relapse"]
    assert relapse.duration.tolist() == [200, 731] and relapse.status.tolist() == [1, 0]
    assert [(i.severity, i.patient) for i in cohort.issues if i.code == "RELAPSE_UNSAID"] == [
        ("warning", "TCGA-3")
    ]


def test_days_to_recurrence_alone_are_asked_about_and_the_answer_makes_the_chapter(tmp_path):
    source = _with_relapses(tmp_path, said=False)
    cohort = load_cohort(source)
    assert "relapse" not in cohort.endpoints
    (asked,) = [issue for issue in cohort.issues if issue.code == "RELAPSE_UNSAID"]
    assert asked.severity == "warning" and asked.cell == "N1"
    line = asked.hint.partition("write ")[2].partition(" under")[0]
    (source / "report.toml").write_text(f"[columns.patients]\n{line}\n", encoding="utf-8")
    answered = load_cohort(source, config=source / "report.toml")
    assert answered.endpoints["relapse"].status.tolist() == [1, 0]
    assert not [issue for issue in answered.issues if issue.code == "RELAPSE_UNSAID"]
