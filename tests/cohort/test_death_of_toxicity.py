"""Who died of toxicity has a toxicity of grade 5: where none is recorded, the cell of the cause is asked about."""

import pytest

from reportgen.cohort.load import load_cohort
from tests.chapters.chapters import day, patient
from tests.workbooks import write_workbook


def asked(tmp_path, *, cause="toxicity", grade=3, toxicities=True, **columns):
    rows = [
        patient("A", vital_status="dead", death_date=500, last_contact=500, cause_of_death=cause, **columns),
        patient("B", cause_of_death=None, **dict.fromkeys(columns, "yes")),
    ]
    events = [{"patient_id": "A", "term": "Pneumonitis", "grade": grade, "onset_date": day(490)}]
    sheets = {"patients": rows} | ({"toxicities": events} if toxicities else {})
    cohort = load_cohort(write_workbook(tmp_path / "c.xlsx", **sheets))
    return [
        (issue.severity, issue.patient, issue.cell)
        for issue in cohort.issues
        if issue.code == "GRADE_5_LACKS"
    ]


@pytest.mark.parametrize("cause", ("toxicity", "Drug toxicity", "toxic death", "Toxizität"))
def test_it_is_asked_at_the_cell_of_the_cause(tmp_path, cause):
    ((severity, who, cell),) = asked(tmp_path, cause=cause)
    assert (severity, who) == ("warning", "A") and str(cell).endswith("2")


@pytest.mark.parametrize(
    "told",
    (
        {"grade": 5},
        {"cause": "tumour"},
        {"cause": "intoxication"},
        {"toxicities": False},
        {"toxicity_assessed": "no"},
    ),
)
def test_it_is_not_asked_without_need(tmp_path, told):
    assert asked(tmp_path, **told) == []
