"""An export of REDCap without its dictionary: forms that repeat are sheets of their own."""

from __future__ import annotations

import tomllib

from reportgen.cohort.load import load_cohort, read_source
from reportgen.run import mapping

HEAD = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,tx_start_dt,status,last_fu_dt"
OWN = "{},baseline_arm_1,,,2016-03-2{},alive,2020-01-0{},,,\n"
EVENT = "{},baseline_arm_1,{},{},,,,{},{},2\n"


def export(tmp_path, form="Adverse Events"):
    rows = [OWN.format(k, k, k) for k in range(1, 6)]
    rows[1:1] = [EVENT.format(1, form, 1, "Nausea", 4), EVENT.format(1, form, 2, "Rash", 1)]
    rows.append(EVENT.format(5, form, 1, "Rash", 3))
    source = tmp_path / "export.csv"
    source.write_text(f"{HEAD},ae_term,ae_grade,ae_complete\n{''.join(rows)}")
    return source


def test_a_repeating_form_is_a_table_of_its_own(tmp_path):
    source = export(tmp_path)
    found = mapping.map_source(source)
    mapping.write(found)
    assert found.open == ()
    assert tomllib.loads(found.settings)["tables"]["toxicities"] == "Adverse Events"
    cohort = load_cohort(source)
    assert len(cohort.patients) == 5
    told = cohort.toxicities.frame[["patient_id", "term", "grade"]].astype(str).to_numpy().tolist()
    assert told == [["1", "Nausea", "4.0"], ["1", "Rash", "1.0"], ["5", "Rash", "3.0"]]
    assert "REDCAP_WITHOUT_DICTIONARY" in {issue.code for issue in cohort.issues}
    assert mapping.map_source(source).settings == found.settings


def test_cells_keep_their_places(tmp_path):
    _, form = read_source(export(tmp_path)).sheets
    assert form.header == ("record_id", "ae_term", "ae_grade")  # whether it is complete is no grade
    assert form.cell(int(form.frame.index[0]), 1) == ("export", "H3")
    assert form.cell(form.header_row, 2) == ("export", "I1")


def test_a_form_of_another_name_is_told_by_its_columns(tmp_path):
    found = mapping.map_source(export(tmp_path, "side_effect_log"))
    assert [sheet.table for sheet in found.proposals.sheets] == ["patients", "toxicities"]
