"""What is examined, with which levels, and what was known at the start."""

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort
from tests.workbooks import minimal_patients, write_workbook


def load(tmp_path, rows, dictionary=None, **overrides):
    sheets = {"patients": rows} | ({"dictionary": dictionary} if dictionary else {})
    return load_cohort(write_workbook(tmp_path / "a.xlsx", **sheets), overrides=overrides)


def by_name(cohort):
    return {feature.name: feature for feature in cohort.features}


def codes(cohort):
    return {issue.code for issue in cohort.issues}


def test_kinds_are_inferred(tmp_path):
    rows = minimal_patients(
        8,
        partner=["RANBP2", "RANBP2 ", "TPM3", "ranbp2", None, "none", "unknown", "TPM3"],
        score=[1, 2, 3, "4", None, 5, 6, 7],
        coded=[0, 1, 0, 1, 0, 1, 0, 1],
        ill=["yes", "no", "Y", None, "n", "no", "no", "no"],
        remark=[f"seen by {k} colleagues" for k in range(8)],
        day=["2020-01-01"] * 8,
        nothing=[None] * 8,
    )
    cohort = load(tmp_path, rows)
    found = by_name(cohort)
    assert list(found) == ["partner", "score", "coded", "ill"]
    assert (found["partner"].kind, found["partner"].levels) == ("category", ("none", "RANBP2", "TPM3"))
    assert cohort.patients.frame["partner"].tolist() == [
        "RANBP2", "RANBP2", "TPM3", "RANBP2", None, "none", None, "TPM3",
    ]  # fmt: skip
    assert (found["score"].kind, found["score"].label) == ("number", "score")
    assert (found["coded"].kind, found["coded"].levels) == ("category", ("0", "1"))
    assert (found["ill"].kind, found["ill"].levels) == ("yes/no", ("yes", "no"))
    assert {"COLUMN_NOT_USED", "VALUE_NORMALISED", "MISSING_WORD", "NUMBER_AS_TEXT"} <= codes(cohort)


def test_sex_age_and_a_varying_diagnosis_are_features(tmp_path):
    same = load(tmp_path, minimal_patients(2, sex=["f", "Male"], age=[3, 4], diagnosis="IMT"))
    assert list(by_name(same)) == ["sex", "age_at_start"]
    assert by_name(same)["sex"].levels == ("female", "male")
    assert by_name(same)["age_at_start"].unit == "years"
    other = load(tmp_path, minimal_patients(2, diagnosis=["IMT", "ALCL"]))
    assert by_name(other)["diagnosis"].levels == ("ALCL", "IMT")


def test_the_dictionary_describes(tmp_path):
    rows = minimal_patients(4, stage=["II", "i", "IV", None], surg=["1", "0", "0", "1"], lab=[1, 2, 3, 4],
                            history=["a", "b", "c", "d"], note_text=["w", "x", "y", "z"])  # fmt: skip
    cohort = load(tmp_path, rows, [
        {"column": "stage", "label": "Stage", "levels": "I | II | III", "type": "category", "role": "feature"},
        {"column": "surg", "label": "Surgery", "levels": "0 = no; 1 = yes", "type": "category", "role": "later"},
        {"column": "lab", "label": "LDH", "unit": "U/l", "type": "number", "role": "feature"},
        {"column": "history", "role": "ignore"},
        {"column": "note_text", "role": "text"},
    ])  # fmt: skip
    found = by_name(cohort)
    assert found["stage"].levels == ("I", "II", "III", "IV")
    assert cohort.patients.frame["stage"].tolist() == ["II", "I", "IV", None]
    assert "UNKNOWN_VALUE" in codes(cohort)
    assert (found["surg"].levels, found["surg"].known_at_start) == (("no", "yes"), False)
    assert cohort.patients.frame["surg"].tolist() == ["yes", "no", "no", "yes"]
    assert (found["lab"].unit, found["lab"].known_at_start) == ("U/l", True)
    assert set(found) == {"stage", "surg", "lab"}
    assert "history" not in cohort.patients.frame and "note_text" in cohort.patients.frame


def test_what_sounds_later_is_not_taken_as_known(tmp_path):
    cohort = load(tmp_path, minimal_patients(4, surgery=["yes", "no"] * 2, prior_surgery=["yes", "no"] * 2))
    assert by_name(cohort)["surgery"].known_at_start is False
    assert by_name(cohort)["prior_surgery"].known_at_start is True
    assert "ASK_LATER" in codes(cohort)


def test_identifiers_are_never_read(tmp_path):
    cohort = load(tmp_path, minimal_patients(2, hospital_no=[4711, 4712], email=["a@b.org", "c@d.org"]))
    assert not {"hospital_no", "email"} & set(cohort.patients.frame)
    assert {match.how for match in cohort.matches if match.column in ("hospital_no", "email")} == {"ignored"}


def test_the_settings_choose(tmp_path):
    rows = minimal_patients(4, sex="F", a=["x", "y"] * 2, b=["x", "y"] * 2, arm=["A", "B"] * 2)
    assert list(by_name(load(tmp_path, rows, **{"features.include": "a"}))) == ["sex", "a"]
    assert list(by_name(load(tmp_path, rows, **{"features.exclude": "sex, a"}))) == ["b", "arm"]
    grouped = load(tmp_path, rows, group="arm", **{"features.include": "a"})
    assert list(by_name(grouped)) == ["sex", "a", "arm"]
    dosed = load(tmp_path, minimal_patients(4, dose=[1, 2, 3, 1]), group="dose")
    assert (by_name(dosed)["dose"].kind, by_name(dosed)["dose"].levels) == ("category", ("1", "2", "3"))
    late = load(tmp_path, rows, **{"features.known_at_start": "no"})
    assert by_name(late)["a"].known_at_start is False and by_name(late)["sex"].known_at_start is True


@pytest.mark.parametrize("key", ["group", "features.include", "features.exclude"])
def test_a_column_that_the_settings_invent_is_an_error(tmp_path, key):
    with pytest.raises(DataRefused) as caught:
        load(tmp_path, minimal_patients(2, arm=["A", "B"]), **{key: "arms"})
    assert "did you mean 'arm'?" in caught.value.issues[0].hint


def test_hostile_cells_come_out_as_text(tmp_path):
    hostile = [
        "<script>alert(1)</script>",
        "{{7*7}}",
        "=cmd|' /C calc'!A0",
        r"$\frac{1}",
        "_under",
        "👩‍👧 😀",
    ]
    rows = minimal_patients(12, site=hostile * 2, **{"<b>{{x}}</b>": ["_a", "$b"] * 6})
    rows[0]["patient_id"] = "<script>"
    cohort = load(tmp_path, rows)
    assert cohort.patients.frame["site"].tolist() == hostile * 2
    assert cohort.patients.frame["patient_id"].iloc[0] == "<script>"
    assert sorted(by_name(cohort)["site"].levels) == sorted(hostile)
    assert len(cohort.features) == 2


def test_na_beside_one_level_alone_is_a_warning_with_the_line_that_keeps_it(tmp_path):
    cohort = load(tmp_path, minimal_patients(8, arm=["A", "NA"] * 4, site=["a", "b"] * 3 + ["NA", "b"]))
    said = {issue.cell[0]: issue for issue in cohort.issues if issue.code == "MISSING_WORD"}
    assert [said[letter].severity for letter in "EF"] == ["warning", "note"]
    assert 'NA = ["NA"] under [values.arm]' in str(said["E"].hint)
