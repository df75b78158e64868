"""Features and relapse: what is said of them, and among how many it was looked for."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from reportgen.chapters import relapse
from reportgen.chapters.relapse import feature_table as shown
from reportgen.cohort.load import load_cohort
from reportgen.report import Table, plain
from tests.reading import sentences
from tests.workbooks import write_workbook

BEGAN = date(2019, 1, 7)


def made(tmp_path, relapses: dict[int, int], days: list[int], columns: dict, **overrides):
    """(results, chapter) of len(days) patients; relapses: number of the patient → the day."""
    rows = []
    for k, last in enumerate(days):
        start = BEGAN + timedelta(days=(11 * k) % 60)
        day = relapses.get(k)
        rows.append(
            {
                "patient_id": f"P{k:02}",
                "treatment_start": start,
                "vital_status": "alive",
                "relapse_date": start + timedelta(days=day) if day else None,
                "last_contact": start + timedelta(days=last),
                **{name: values[k] for name, values in columns.items()},
            }
        )
    cohort = load_cohort(write_workbook(tmp_path / "a.xlsx", patients=rows), overrides=overrides)
    results = relapse.analyse(cohort)
    return results, relapse.present(results)


def features_table(section) -> list[list[str]]:
    table = next(b for b in section.every if isinstance(b, Table) and b.id == "table-relapse-features")
    return [[plain(cell) if not isinstance(cell, str) else cell for cell in row.cells] for row in table.rows]


def features_notes(section):
    return next(b for b in section.every if isinstance(b, Table) and b.id == "table-relapse-features").notes


def said(section) -> str:
    return sentences(section)


def test_what_was_found_by_looking_is_said_with_its_number_and_its_adjusted_p(tmp_path):
    partner = ["R", "R", "R", *["T"] * 9]
    columns = {"partner": partner, "stage": ["I", "II"] * 6, "side": ["left", "left", "right"] * 4}
    results, section = made(tmp_path, {0: 100, 1: 150}, [700 + k for k in range(12)], columns)
    # fisher.test(matrix(c(2, 1, 0, 9), 2)): 3 of 66 pairs
    assert results["relapse.partner.partner.p_value"].value == pytest.approx(3 / 66)
    made_of = shown.tested(results, "relapse", results.facts["relapse"].features, "relapse")
    assert len(made_of) == 6
    assert "Of three features examined, two were common to both who relapsed: " in said(section)
    assert "R as partner (also one of the 10 others; p = 0.273)" in said(section)
    assert "Found by looking: Fisher’s exact test, Holm over 6 tests." in said(section)
    assert "In common to" not in said(section)
    # Both of the 3 of one partner: 3 of 66 pairs; both of one stage: 2 x 15 of 66; both of the 4 right: 6 of 66.
    notes = [plain(note) for note in features_notes(section)]
    assert (
        "The smallest exact p that these numbers can give: partner 0.045, stage 0.455 and side 0.091."
        in notes
    )


def test_what_was_named_beforehand_is_said_without(tmp_path):
    columns = {"partner": ["R", "R", "R", *["T"] * 9], "stage": ["I", "II"] * 6}
    days = [700 + k for k in range(12)]
    _, section = made(tmp_path, {0: 100, 1: 150}, days, columns, **{"features.of_interest": "partner"})
    assert (
        "Both who relapsed had R as partner (named beforehand); the third such patient did not relapse."
        in said(section)
    )
    assert "Stage was not common to both who relapsed." in said(section)
    _, section = made(tmp_path, {0: 100, 3: 150}, days, columns, **{"features.of_interest": "partner"})
    assert "Both who relapsed had none of the features named beforehand in common." in said(section)


def test_nothing_is_said_where_the_others_were_not_followed_for_long_enough(tmp_path):
    """Of ten patients followed for four months none can have relapsed at nine."""
    columns = {"site": ["old"] * 10 + ["new"] * 10}
    relapses = {k: 270 + k for k in range(3)}
    results, section = made(tmp_path, relapses, [900] * 10 + [120 + k for k in range(10)], columns)
    assert "site old" not in said(section)
    fisher = results["relapse.site.site.p_value"]
    assert not fisher.exists and fisher.note.startswith("NE: follow-up differs")
    # nobody of the new is at risk when anybody relapses: the times tell nothing
    times = results["relapse.relapse.site.p_value"]
    assert not times.exists or times.value > 0.9
    assert [row[3] for row in features_table(section)[1:]] == ["0.3", "2.5"]


def test_follow_up_of_each_level_stands_in_the_table(tmp_path):
    columns = {"stage": ["I"] * 6 + ["II"] * 6}
    results, section = made(
        tmp_path, {0: 100, 1: 150, 6: 50}, [400] * 6 + [500] * 6, columns, time_unit="months"
    )
    assert results["relapse.stage.I.median_follow_up"].value == 400
    assert [row[3] for row in features_table(section)[1:]] == ["13.1", "16.4"]


def test_every_p_value_of_the_table_is_counted_and_adjusted(two_groups):
    results = two_groups.results
    features = results.facts["relapse"].features
    ps = shown.tested(results, "relapse", features, "relapse")
    adjusted = [results[e.id.removesuffix("p_value") + "p_value_holm"] for e in ps]
    assert {e.method.partition("Holm over ")[2].partition(" ")[0] for e in adjusted} == {str(len(ps))}
    # p.adjust(p, "holm")
    order = np.argsort([e.value for e in ps])
    steps = np.maximum.accumulate([(len(ps) - k) * ps[i].value for k, i in enumerate(order)])
    assert [adjusted[i].value for i in order] == pytest.approx(np.minimum(steps, 1).tolist())
    section = next(s for s in two_groups.report.sections if s.key == "relapse")
    cells = [cell for row in features_table(section) for cell in row[4::2] if cell and cell != "NE"]
    assert len(cells) == len(ps)
    assert f"{len(ps)} comparisons were made" in said(section)


def test_of_random_cohorts_nothing_is_said_as_if_it_had_been_expected(tmp_path):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        columns = {f"f{k}": rng.choice(["a", "b", "c"], 10).tolist() for k in range(6)}
        folder = tmp_path / str(seed)
        folder.mkdir()
        _, section = made(folder, {0: 90, 1: 120}, [600 + k for k in range(10)], columns)
        text = said(section)
        assert "named beforehand" not in text
        if "common to both who relapsed: " in text:
            assert "features examined" in text and "Holm over" in text


def test_what_is_not_recorded_in_some_who_relapsed_is_neither_common_nor_uncommon(tmp_path):
    days = [700 + k for k in range(12)]
    for partner in (["R", None, "R", *["T"] * 9], [None, None, "R", *["T"] * 9]):
        _, section = made(tmp_path, {0: 100, 1: 150}, days, {"partner": partner})
        assert "common" not in said(section)


def test_what_may_be_known_at_the_start_is_asked_about_and_not_asserted(tmp_path):
    columns = {"maintenance": ["yes", "no"] * 6, "cycles_received": list(range(12))}
    _, section = made(tmp_path, {0: 100, 1: 150}, [700 + k for k in range(12)], columns)
    assert "None of these features is taken as known at the start, so none is compared." in said(section)
    assert "the numbers allow none" not in said(section)
    later = next(b for b in section.further if isinstance(b, Table) and b.id == "table-relapse-later")
    asked = "By name alone, and asked about (until it is said, it is not compared): maintenance."
    assert asked in [plain(note) for note in later.notes]


def test_where_levels_are_missing_the_shares_stand_beside_their_bounds(tmp_path):
    partner = ["R", "R", None, *["T"] * 7, None, None]
    results, section = made(tmp_path, {0: 100, 2: 150}, [700 + k for k in range(12)], {"partner": partner})
    low, high = (results[f"relapse.partner.R.missing_{side}"] for side in ("low", "high"))
    assert (low.events, low.n, high.events, high.n) == (1, 4, 2, 3)
    notes = next(plain(note) for note in table_of(section).notes if "not recorded were" in plain(note))
    assert "partner (R 25–67% and T 0–13%)" in notes


def test_where_none_is_missing_nothing_is_said_of_it(tmp_path):
    results, section = made(tmp_path, {0: 100}, [700 + k for k in range(12)], {"partner": ["R", "T"] * 6})
    assert results.select(statistic="missing_low") == ()
    assert not any("not recorded were" in plain(note) for note in table_of(section).notes)


def table_of(section) -> Table:
    return next(b for b in section.every if isinstance(b, Table) and b.id == "table-relapse-features")
