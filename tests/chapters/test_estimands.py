"""The estimand of each endpoint stands in the methods, by the rule that its numbers come from."""

from __future__ import annotations

from reportgen.chapters import methods
from reportgen.cohort.load import load_cohort
from reportgen.report import plain
from tests.chapters.chapters import chapter, day, of, patient
from tests.workbooks import write_workbook

PATIENTS = [
    patient(f"P{k}", best_response="PR" if k < 4 else "SD", response_date=60 if k < 4 else None,
            treatment_stop=300 if k < 2 else None, relapse_date=400 if k > 4 else None)
    for k in range(6)
]  # fmt: skip


def table(tmp_path, **more) -> dict[str, list[str]]:
    told = chapter(methods, tmp_path, patients=PATIENTS, **more)
    return {row[0]: row[1:] for row in told.table("table-estimands")}


def test_every_endpoint_has_its_estimand(tmp_path):
    told = chapter(methods, tmp_path, patients=PATIENTS)
    labels = [row[0] for row in told.table("table-estimands")]
    assert labels == [one.label for one in told.cohort.endpoints.values()]


def test_death_is_the_event_a_part_of_it_a_rival_or_censored(tmp_path):
    found = table(tmp_path)
    assert found["Overall survival"] == [
        "all patients (n = 6)", "death", "relapse or progression and end of treatment: treatment policy",
    ]  # fmt: skip
    assert found["Progression-free survival"][2] == "death: composite; end of treatment: treatment policy"
    assert found["Relapse"][2] == "death: while alive; end of treatment: treatment policy"
    assert found["Time to progression"][2].startswith("death: hypothetical")


def test_strategies_and_measures_are_said_once(tmp_path):
    told = chapter(methods, tmp_path, patients=PATIENTS)
    (found,) = [b for b in told.section.every if getattr(b, "id", "") == "table-estimands"]
    assert [plain(note) for note in found.notes][1:] == [
        "Summary measure: Kaplan–Meier estimate at the landmarks, and median; of relapse: cumulative incidence "
        "(Aalen–Johansen) at the landmarks.",
        "Strategies: composite, it counts as an event; while alive, it is a competing event, after which the event "
        "cannot come; hypothetical, patients are censored there, as if it had not happened; treatment policy, "
        "observation goes on.",
    ]


def test_whom_it_is_about_and_of_how_many_it_is_estimated(tmp_path):
    found = table(tmp_path)
    assert found["Duration of response"][0] == "patients with a complete or partial response (n = 4)"
    assert (
        found["Relapse-free survival after stopping"][0]
        == "patients who stopped treatment in response (n = 2)"
    )
    assert found["Survival after relapse"][0] == "patients with relapse or progression (n = 1)"


def test_the_next_line_is_named_where_lines_are_recorded(tmp_path):
    assert "next line" not in str(table(tmp_path))
    lines = [{"patient_id": "P5", "line": 1, "treatment": "A", "start_date": day(0)},
             {"patient_id": "P5", "line": 2, "treatment": "B", "start_date": day(420)}]  # fmt: skip
    found = table(tmp_path, treatments=lines)
    assert (
        "end of treatment and next line of treatment: treatment policy"
        in found["Progression-free survival"][2]
    )
    assert "next line" not in found["Time to next treatment"][2]
    assert "relapse" not in found["Progression-free survival 2 (PFS2)"][2]


def test_of_a_given_duration_only_what_its_settings_say(tmp_path):
    rows = [row | {"months": 10 + k, "state": k % 3} for k, row in enumerate(PATIENTS)]
    config = tmp_path / "report.toml"
    config.write_text(
        '[[endpoint]]\nkey = "given"\nlabel = "Given"\ntime = "months"\nunit = "months"\nevent = "state"\n'
        "event_values = [1]\ncompeting_values = [2]\ncensor_values = [0]\n"
    )
    told = of(methods, load_cohort(write_workbook(tmp_path / "c.xlsx", patients=rows), config=config))
    given = next(row for row in told.table("table-estimands") if row[0] == "Given")
    assert given[3] == (
        "state = 2: competing event; others: as in the column of the source, which the data do not tell"
    )


def test_what_other_chapters_estimate_has_its_estimand_too(two_groups):
    section = next(s for s in two_groups.report.sections if s.key == "methods")
    (found,) = [b for b in section.every if getattr(b, "id", "") == "table-estimands"]
    rows = {plain(line.cells[0]): [plain(cell) for cell in line.cells[1:]] for line in found.rows}
    assert (
        rows["First toxicity of grade ≥ 3"][2] == "death: while alive; end of treatment: while on treatment"
    )
    n = two_groups.results["survival.treatment_free_survival.all.rmst@1095.75"].n
    assert rows["Treatment-free survival"][0] == f"all patients (n = {n})"
    assert "First reduction of the dose" not in rows  # no doses are recorded
    said = next(plain(note) for note in found.notes if plain(note).startswith("Summary measure: "))
    assert "of treatment-free survival: restricted mean time to the landmarks" in said
