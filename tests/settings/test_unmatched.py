"""Settings that match nothing are errors that name the nearest; every number has its range."""

from __future__ import annotations

import pytest

from reportgen.analyses.groups import grouping
from reportgen.base.errors import DataRefused, UsageError
from reportgen.cohort.load import load_cohort
from reportgen.settings.sources import load_settings
from tests.workbooks import minimal_patients, write_workbook

ROWS = minimal_patients(12, stage=["I", "II"] * 6, graft_kind=["a", "a", "b"] * 4, graft_date=None) + []
for _row in ROWS:
    _row["graft_date"] = _row["last_contact"]


def load(folder, toml: str):
    (folder / "report.toml").write_text(toml)
    return load_cohort(write_workbook(folder / "c.xlsx", patients=ROWS))


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[[endpoint]]\nkey = "x"\nevents = ["grfat_date"]', "did you mean 'graft_date'?"),
        ('[[endpoint]]\nkey = "x"\nevents = ["relapse"]', "did you mean 'relapse_date'?"),
        (
            '[[endpoint]]\nkey = "x"\norigin = "treatment_begin"\nevents = ["relapse_date"]',
            "in [[endpoint]] x, origin a column",
        ),
        (
            '[[endpoint]]\nkey = "x"\nevents = ["death_date"]\ncompeting = ["transplant"]',
            "in [[endpoint]] x, competing a column",
        ),
        ('[[endpoint]]\nkey = "x"\nevents = ["death_date"]\ncensor = "last_contcat"', "mean 'last_contact'?"),
        ('[source]\ntoxicity_prefix = "tox_"', "begin with 'tox_', but none does"),
        ('[values.stagee]\nI = ["1"]', "did you mean 'stage'?"),
        ('[columns.toxicities]\nterm = "AE"', "columns of toxicities, but the source has no such table"),
        ('[columns.patients]\nsex = "Geschlecht"', "'Geschlecht', but there is no such column"),
        ('[tables]\npatients = "Patienten"', "does not exist"),
        ('[tables]\nignore = ["patient"]', "did you mean 'patients'?"),
        ("[source]\nheader_rows = {patiens = 1}", "did you mean 'patients'?"),
        ('[source]\ntransposed = ["Sheet9"]', "in [source] transposed, but it does not exist"),
        ('[source]\ntoxicity_columns = ["stagge"]', "in [source] toxicity_columns a column 'stagge'"),
        ('[source]\ntoxicity_text = ["stagge"]', "did you mean 'stage'?"),
        ('[columns.patients]\nrelapse_date = "grfat_date"', "did you mean 'graft_date'?"),
        ('[report]\ngroup = "stagge"', "did you mean 'stage'?"),
        ('[features]\ninclude = ["stagge"]', "did you mean 'stage'?"),
        ('[patients]\ncolumns = ["sex", "stagge"]', "did you mean 'stage'?"),
        ('[patients]\nmarks = ["grfat_date"]', "did you mean 'graft_date'?"),
        ('[patients]\nmarks = ["lines: radiotherapy"]', "known are treatments: …, toxicities: …"),
        (
            '[[endpoint]]\nkey = "x"\nevents = ["vital_status"]',
            "x, events the column 'vital_status', which holds",
        ),
        ('[[endpoint]]\nkey = "x"\nstates = ["vital_status"]', "x, states the column 'vital_status', which"),
        ('[report]\norigin = "vital_status"', "origin the column 'vital_status', which"),
        ('[patients]\nmarks = ["vital_status"]', "marks the column 'vital_status', which"),
        ('[features]\nexclude = ["stagge"]', "did you mean 'stage'?"),
    ],
)
def test_what_the_source_does_not_have_is_an_error(tmp_path, toml, said):
    with pytest.raises(DataRefused) as refused:
        load(tmp_path, toml)
    errors = [f"{issue.problem}. {issue.hint}" for issue in refused.value.issues if issue.severity == "error"]
    assert any(said in error for error in errors), errors


def test_a_column_of_ours_is_named_as_it_is_called_here(tmp_path):
    rows = [row | {"Geschlecht": "m"} for row in ROWS]
    (tmp_path / "report.toml").write_text('[report]\ngroup = "Geschlecht"')
    with pytest.raises(DataRefused) as refused:
        load_cohort(write_workbook(tmp_path / "c.xlsx", patients=rows))
    assert any("to its name here: sex" in str(issue.hint) for issue in refused.value.issues)


@pytest.mark.parametrize("name", ["stage", "Stage", " STAGE "])
def test_groups_are_compared_however_the_settings_spell_their_column(tmp_path, name):
    cohort = load(tmp_path, f'[report]\ngroup = "{name}"\nstrata = ["Graft Kind"]')
    assert list(grouping(cohort, cohort.patients.frame.index.to_numpy())) == ["I", "II"]
    assert cohort.settings.strata == ("graft_kind",)


@pytest.mark.parametrize(
    "toml",
    [
        '[[endpoint]]\nkey = "x"\nevents = ["graft_date"]',
        '[[endpoint]]\nkey = "x"\nevents = ["relapse_date", "death_date"]',  # shared by sources without relapses
        '[values.stage]\nI = ["nobody writes this"]',
        '[values.sex]\nfemale = ["w"]',
        '[tables]\nignore = ["Pivot"]',  # deleted since
    ],
)
def test_what_it_might_have_is_none(tmp_path, toml):
    assert load(tmp_path, toml).n == 12


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[report]\nlandmarks = [1, 1]", "each time once"),
        ("[report]\nlandmarks = [0]", "above 0"),
        ("[report]\nlandmarks = [400]", "150 years"),
        ("[privacy]\nmin_cell = 0", "at least 1"),
        ("[gates]\ncox = -1", "at least 0"),
        ("[gates]\ncox = 10000000", "at most 100,000"),
        ("[report]\noverdue_days = 0", "at least 1"),
        ('[report]\ntime_unit = "year"', "days, weeks, months, years"),
        ('[report]\nrelated = ["probable", "probable"]', "each of them once"),
    ],
)
def test_a_number_out_of_its_range_is_said_before_anything_is_read(tmp_path, toml, said):
    (tmp_path / "report.toml").write_text(toml)
    with pytest.raises(UsageError, match=said):
        load_settings(tmp_path / "report.toml")


def test_attributions_that_count_as_related_are_known_words(tmp_path):
    with pytest.raises(UsageError, match="did you mean 'probable'"):
        load(tmp_path, '[report]\nrelated = ["probabel"]')
