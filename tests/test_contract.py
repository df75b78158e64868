"""The names that others rely on come out in the results, and what the guidelines' tables point to is in the report."""

import pytest
import typer

from reportgen.chapters import survival
from reportgen.cli.app import app
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.schema import columns_of
from reportgen.report import Heading
from reportgen.writing import checklists
from tests.chapters.chapters import chapter, patient
from tests.conftest import SAMPLE

ENDPOINTS = [
    "os", "pfs", "relapse", "duration_of_response", "time_on_treatment", "survival_after_relapse",
    "relapse_free_after_stopping", "ttnt", "pfs2", "ttp", "treatment_free_survival", "toxicity_grade_3_plus",
]  # fmt: skip
KINDS = [
    "kaplan_meier", "cumulative_incidence", "reverse_kaplan_meier", "state_occupancy",
    "mean_cumulative_count",
]  # fmt: skip
STATISTICS = [
    "count", "proportion", "mean", "sd", "median", "quartile_1", "quartile_3", "minimum", "maximum",
    "survival", "cumulative_incidence", "median_time", "rmst", "rate", "hazard_ratio", "odds_ratio",
    "difference", "p_value", "disease_control", "response_by", "prevalence", "mean_count", "risk_difference",
    "survival_difference", "rmst_difference", "extreme_low", "extreme_high",
]  # fmt: skip
COMMANDS = {
    "map": "yes json", "init": "", "check": "", "build": "", "case": "all", "batch": "", "diff": "exit-code",
    "verify": "", "schedule": "", "desk": "", "schema": "", "upgrade": "", "doctor": "",
}  # fmt: skip
COMMON = "config output cutoff period format profile language on-invalid strict quiet json"
IDS = [
    "survival.pfs.all.survival@365.25", "survival.os.all.median_time", "follow_up.all.all.median",
    "relapse.fusion_partner.RANBP2.proportion", "toxicity.neutrophil count decreased.all.any_grade",
    "toxicity.neutrophil count decreased.all.grade_3_plus",
]  # fmt: skip
TABLES = {
    "patients": "patient_id sex birth_date age_at_start diagnosis diagnosis_date treatment treatment_start "
    "treatment_stop stop_reason best_response response_date relapse_date relapse_site vital_status "
    "disease_status death_date cause_of_death last_contact toxicity_assessed",
    "toxicities": "patient_id term category grade onset_date resolved_date attribution serious action",
    "treatments": "patient_id line treatment start_date stop_date stop_reason best_response",
    "assessments": "patient_id date response tumour_size",
}
SETTINGS = """
[report]
title = "T"\ntreatment = "crizotinib"\ncutoff = 2018-06-30\ntime_unit = "years"\nlandmarks = [1, 3]\ngroup = "sex"
language = "en"
[tables]
patients = "patients"\nignore = ["Pivot"]
[columns.patients]
patient_id = "patient_id"
[values.vital_status]
dead = ["DOD", 1]
[[endpoint]]
key = "os"\nlabel = "Overall survival"\norigin = "treatment_start"\nevents = ["death_date"]\ncensor = "last_contact"
[features]
include = ["site"]\nexclude = []\nknown_at_start = true\nof_interest = []
[gates]
model = 5\ncox = 10\nasymptotic = 20\nbeta_product_below = 30
[source]
date_order = "dmy"\nmissing = ["n.a."]\ncomment = "#"\nheader_rows = {patients = 1}\ndecimal = ","
[privacy]
profile = "internal"\nmin_cell = 5
"""
ELSEWHERE = ("beside each number", "all chapters", "Title")


def test_every_name_of_the_contract_comes_out(two_groups):
    rows, curves = two_groups.results.estimates, two_groups.results.curves
    assert set(ENDPOINTS) <= {row.endpoint for row in (*rows, *curves)}
    assert set(KINDS) <= {curve.kind for curve in curves}
    assert set(STATISTICS) <= {row.statistic for row in rows}
    assert all(curve.state for curve in curves if curve.kind == "state_occupancy")


def test_every_command_takes_the_options_of_the_contract():
    program = typer.main.get_command(app)
    taken = {
        name: {option for one in command.params for option in one.opts}
        for name, command in program.commands.items()
    }
    for command, own in COMMANDS.items():
        common = COMMON if command in ("build", "case", "batch") else ""
        assert {f"--{name}" for name in f"{own} {common}".split()} <= taken[command], command


def test_ids_and_columns_of_the_contract_are_called_so(sample):
    assert set(IDS) <= {row.id for row in sample.results.estimates}
    for name, columns in TABLES.items():
        assert set(columns.split()) <= {column.name for column in columns_of(name).values()}, name


def test_the_settings_of_the_contract_are_read(tmp_path):
    (tmp_path / "report.toml").write_text(SETTINGS, encoding="utf-8")
    cohort = load_cohort(SAMPLE, config=tmp_path / "report.toml")
    assert cohort.settings.endpoint[0].label == "Overall survival" and cohort.settings.gates.asymptotic == 20


def test_the_growth_modulation_index_comes_out_where_lines_before_are_recorded(tmp_path):
    rows = [
        patient(f"P{k}", relapse_date=100 * k if k < 4 else None, treatment_stop=None) for k in range(1, 6)
    ]
    start = rows[0]["treatment_start"]
    before = {"line": 1, "treatment": "x", "start_date": start.replace(year=2019), "stop_date": start,
              "stop_reason": "progression"}  # fmt: skip
    now = {"line": 2, "treatment": "y", "start_date": start}
    lines = [{"patient_id": row["patient_id"], **line} for row in rows for line in (before, now)]
    told = chapter(survival, tmp_path, patients=rows, treatments=lines)
    # 100, 200 and 300 of 365 days, two still without progression: the third is the median.
    assert told.results["survival.pfs.all.growth_modulation_index"].value == pytest.approx(300 / 365)


@pytest.mark.parametrize("items", [checklists.STROBE, checklists.GROW, checklists.REMARK])
def test_every_place_of_a_guideline_is_a_heading_of_the_report(two_groups, items):
    there = set(ELSEWHERE)
    for part in two_groups.report.parts:
        for section in part.sections:
            there |= {section.title.partition(" ")[2] if section.title[:1] == "S" and section.title[1:2].isdigit()
                      else section.title}  # fmt: skip
            there |= {block.text for block in section.blocks if isinstance(block, Heading)}
    pieces = [place.text for _item, _what, places in items for place in places]
    named = [piece for piece in pieces if not piece.endswith("the author")]
    places = {piece.split(":")[0].split(" (")[0].split(" in ")[-1] for piece in named}
    assert len(places) > 5 and places <= there, places - there
