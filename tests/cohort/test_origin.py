"""[report] origin: another day than the start of treatment is the time zero of the whole cohort."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort
from reportgen.run.mapping import map_source, write
from reportgen.run.pipeline import Request, build
from tests.tables import write_csv

BORN, FOUND = date(1950, 1, 1), date(2015, 3, 1)
# Days from diagnosis to treatment, relapse, death and last contact.
COURSES = (
    (30, 200, 400, 400),
    (60, None, None, 900),
    (10, 300, None, 1000),
    (100, None, 150, 150),
    (45, 500, 700, 700),
)


def day(after):
    return None if after is None else FOUND + timedelta(days=after)


def rows(**changed):
    return [
        {
            "patient_id": f"P{k}", "birth_date": BORN, "diagnosis_date": FOUND, "treatment_start": day(treated),
            "operation_date": day(5), "relapse_date": day(relapsed), "death_date": day(died), "last_contact": day(seen),
            "vital_status": "dead" if died else "alive",
        } | {name: make(k) for name, make in changed.items()}
        for k, (treated, relapsed, died, seen) in enumerate(COURSES)
    ]  # fmt: skip


def without(name, lines=None):
    return [{key: cell for key, cell in row.items() if key != name} for row in lines or rows()]


def source(tmp_path, lines, toml='[report]\norigin = "diagnosis_date"\n'):
    path = tmp_path / "c.csv"
    write_csv(path, lines)
    (tmp_path / "report.toml").write_text(toml)
    return path


def test_times_and_ages_count_from_it_and_patients_enter_with_their_treatment(tmp_path):
    cohort = load_cohort(source(tmp_path, rows()))
    assert cohort.patients.days["last_contact"].tolist() == [400, 900, 1000, 150, 700]
    assert cohort.patients.frame["age_at_start"].iloc[0] == pytest.approx((FOUND - BORN).days / 365.25)
    os = cohort.endpoints["os"]
    assert os.duration.tolist() == [400, 900, 1000, 150, 700] and os.entry.tolist() == [30, 60, 10, 100, 45]
    assert (
        os.definition.startswith("Time from the date of diagnosis to death")
        and "(late entry)" in os.definition
    )
    assert cohort.endpoints["relapse"].status.tolist() == [1, 0, 1, 2, 1]


def test_it_is_what_an_endpoint_of_that_origin_is(tmp_path):
    with_origin = load_cohort(source(tmp_path, rows())).endpoints["os"]
    toml = '[[endpoint]]\nkey = "os"\norigin = "diagnosis_date"\n'
    alone = load_cohort(source(tmp_path, rows(), toml)).endpoints["os"]
    assert np.array_equal(with_origin.duration, alone.duration) and np.array_equal(
        with_origin.entry, alone.entry
    )


def test_a_given_time_from_the_diagnosis_has_the_late_entry_of_one_by_dates(tmp_path):
    by_dates = load_cohort(source(tmp_path, rows())).endpoints["os"]
    names = {"patient_id": "ID", "diagnosis_date": "Date of diagnosis", "treatment_start": "Start of treatment",
             "vital_status": "Status"}  # fmt: skip
    lines = [
        {theirs: row[ours] for ours, theirs in names.items()} | {"OS from diagnosis (days)": seen}
        for row, (*_days, seen) in zip(rows(), COURSES, strict=True)
    ]
    path = source(tmp_path, lines, "")
    mapped = map_source(path)
    assert mapped.open == () and 'origin = "diagnosis_date"' in mapped.settings
    write(mapped)
    given = load_cohort(path).endpoints["os"]
    assert (
        given.duration.tolist() == by_dates.duration.tolist()
        and given.entry.tolist() == by_dates.entry.tolist()
    )
    assert given.status.tolist() == by_dates.status.tolist() and "(late entry)" in given.definition
    (tmp_path / "report.toml").write_text(mapped.settings + "\n[report]\nlate_entry = false\n")
    denied = load_cohort(path).endpoints["os"]
    assert denied.entry is None and "assumption" in denied.definition
    (tmp_path / "report.toml").write_text(mapped.settings.replace('origin = "diagnosis_date"', ""))
    assert load_cohort(path).endpoints["os"].entry is None


def test_no_start_of_treatment_is_needed(tmp_path):
    cohort = load_cohort(source(tmp_path, without("treatment_start")))
    os = cohort.endpoints["os"]
    assert os.entry is None and "late entry" not in os.definition
    assert "time_on_treatment" in cohort.unavailable


def test_late_entry_can_be_denied_and_is_not_taken_where_patients_were_never_treated(tmp_path):
    denied = source(tmp_path, rows(), '[report]\norigin = "diagnosis_date"\nlate_entry = false\n')
    assert load_cohort(denied).endpoints["os"].entry is None
    cohort = load_cohort(source(tmp_path, rows(treatment_start=lambda k: day(COURSES[k][0]) if k else None)))
    assert cohort.endpoints["os"].entry is None and "assumption" in cohort.endpoints["os"].definition
    (issue,) = [issue for issue in cohort.issues if issue.code == "NO_LATE_ENTRY"]
    assert issue.cell == "D2"


def test_a_column_of_ones_own(tmp_path):
    cohort = load_cohort(
        source(tmp_path, without("treatment_start"), '[report]\norigin = "operation_date"\n')
    )
    assert cohort.endpoints["os"].duration.tolist() == [395, 895, 995, 145, 695]


def test_elapsed_times_count_from_it(tmp_path):
    lines = [{"patient_id": f"P{k}", "death_date_days": died, "last_contact_days": seen}
             for k, (_, _, died, seen) in enumerate(COURSES)]  # fmt: skip
    cohort = load_cohort(source(tmp_path, lines))
    assert cohort.endpoints["os"].status.tolist() == [1, 0, 0, 1, 1]
    assert cohort.endpoints["os"].definition.startswith("Time from the date of diagnosis")


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(DataRefused) as caught:
        load_cohort(source(tmp_path, without("diagnosis_date")))
    assert [str(i.problem) for i in caught.value.issues if i.severity == "error"] == [
        "The column diagnosis_date is missing"
    ]
    with pytest.raises(DataRefused) as caught:
        load_cohort(source(tmp_path, rows(), '[report]\norigin = "transplant_date"\n'))
    assert "[report] origin" in str(caught.value.issues[0].problem)


def test_toxicity_counts_from_the_treatment(tmp_path):
    from reportgen.analyses.toxicities import before_treatment, on_treatment, read

    folder = tmp_path / "study"
    folder.mkdir()
    write_csv(folder / "patients.csv", rows(treatment_stop=lambda k: day(COURSES[k][0] + 40)))
    events = [{"patient_id": "P0", "term": "Rash", "grade": 2, "onset_date": day(20)},
              {"patient_id": "P1", "term": "Rash", "grade": 1, "onset_date": day(70)}]  # fmt: skip
    write_csv(folder / "toxicities.csv", events)
    (tmp_path / "report.toml").write_text('[report]\norigin = "diagnosis_date"\n')
    found = read(load_cohort(folder))
    assert before_treatment(found).tolist() == [True, False] and on_treatment(found).tolist() == [False, True]
    assert found.onset.tolist() == [-10, 10]


@pytest.mark.parametrize("profile", ["internal", "board"])
def test_a_report_of_it_is_made(tmp_path, monkeypatch, profile):
    monkeypatch.chdir(tmp_path)
    path = source(tmp_path, rows())
    outcome = build(
        Request(path, formats=("html",), overrides={"privacy.profile": profile, "report.language": "de"})
    )
    page = (outcome.folder / "report.html").read_text(encoding="utf-8")
    assert "ab Datum der Diagnose" in page or "ab Diagnosedatum" in page
