from reportgen.stats.testing import Test
from tests.golden_data import load


def test_the_p_value_becomes_an_estimate_with_the_name_of_its_test():
    row = Test("log-rank test", 4.0, 1, 0.0455).estimate(section="survival", endpoint="pfs", group="arm", n=8)
    assert row.id == "survival.pfs.arm.p_value"
    assert (row.value, row.method, row.n) == (0.0455, "log-rank test", 8)


def test_a_test_that_cannot_be_computed_is_a_reason():
    row = Test("log-rank test", None, None, None, "NE: no events").estimate()
    assert not row.exists
    assert row.note == "NE: no events"


def test_golden_columns_and_answers_are_read():
    columns, answers = load("tiny8")
    assert columns["pfs_time"].tolist() == [5, 9, 12, 15, 24, 36, 41, 55]
    assert columns["arm"][0] == "A"
    assert answers["pfs"]["km_overall"]["n_risk"] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert load("grid_binomial")[0] == {}
