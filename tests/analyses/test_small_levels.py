"""A level of one patient or two has counts, and no ratio: in a table of models as in a comparison of groups."""

from reportgen.chapters import survival
from tests.chapters.chapters import chapter, patient


def rows(small: int):
    """Sixty patients of stages I and II, all dead in turn, and so many of stage III."""
    stages = ["I", "II"] * 30 + ["III"] * small
    return [
        patient(
            f"P{k:02}", stage=stage, vital_status="dead", death_date=100 + 7 * k, last_contact=100 + 7 * k
        )
        for k, stage in enumerate(stages)
    ]


def ratios(tmp_path, small):
    found = chapter(survival, tmp_path, patients=rows(small)).results
    return {level: found[f"survival.os.stage={level}.hazard_ratio"] for level in ("II", "III")}


def test_a_level_of_two_has_no_ratio_and_says_why(tmp_path):
    found = ratios(tmp_path, 2)
    assert found["II"].exists and found["II"].low is not None
    assert not found["III"].exists and found["III"].status == "refused" and found["III"].low is None


def test_a_level_of_three_has_one(tmp_path):
    assert ratios(tmp_path, 3)["III"].exists
