"""The adverse events that the CDISC pilot prints (tables 14-5.01 and 14-5.02 of its study report).

Its ADaM data are not ours to pass on: adsl.xpt, adae.xpt and adtte.xpt of github.com/cdisc-org/sdtm-adam-pilot-project
are read from the folder cdisc_pilot in the one that REPORTGEN_CASES names, where there is one.
"""

import os
from pathlib import Path

import pytest

from reportgen.chapters import toxicity
from reportgen.cohort.load import load_cohort

FOLDER = (
    Path(os.environ.get("REPORTGEN_CASES", "") or Path(__file__).parents[3] / "shared" / "cases")
    / "cdisc_pilot"
)
ARMS = {"Placebo": 86, "Xanomeline Low Dose": 84, "Xanomeline High Dose": 84}
PRINTED = {
    "any": (65, 77, 76),
    "category: cardiac disorders": (12, 13, 15),
    "sinus bradycardia": (2, 7, 8),
    "diarrhoea": (9, 4, 4),
    "category: general disorders and administration site conditions": (21, 47, 40),
    "application site pruritus": (6, 22, 22),
    "category: skin and subcutaneous tissue disorders": (20, 39, 40),
    "dizziness": (2, 8, 11),
}


def test_patients_per_term_and_class_equal_those_printed():
    if not (FOLDER / "adae.xpt").exists():
        pytest.skip("the data of the CDISC pilot are not on this machine")
    results = toxicity.analyse(load_cohort(FOLDER, overrides={"report.group": "treatment"}))
    for variable, counts in PRINTED.items():
        rows = [results[f"toxicity.{variable}.{arm}.any_grade"] for arm in ARMS]
        assert [(row.events, row.n) for row in rows] == list(zip(counts, ARMS.values(), strict=True))
    serious = [results[f"toxicity.any.{arm}.serious"].events for arm in ARMS]
    assert serious == [0, 1, 2]
