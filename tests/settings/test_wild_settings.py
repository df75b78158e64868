"""Whatever stands behind a key of report.toml, or of the report sheet: it is taken, or refused with its name.

REPORTGEN_FUZZ sets how many settings are drawn (`make fuzz` tries more), REPORTGEN_FIRST_COHORT the first seed.
"""

from __future__ import annotations

import os
import random
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.base.errors import ReportError
from reportgen.cohort.load import load_cohort
from reportgen.render.html.document import render_html
from reportgen.run.composing import analyse, compose
from reportgen.run.pipeline import protected
from reportgen.settings.model import EndpointRule
from reportgen.settings.sources import REPORT_KEYS, SECTIONS
from reportgen.writing.language import speaking
from tests.workbooks import minimal_patients, write_workbook

FIRST, MANY = (
    int(os.environ.get(name, n)) for name, n in (("REPORTGEN_FIRST_COHORT", 0), ("REPORTGEN_FUZZ", 40))
)
NUMBERS = ("0", "-1", "1", "7", "1000000000", "9223372036854775807", "9223372036854775808", "1e9", "1e308", "5e-324",
           "inf", "-inf", "nan", "0.5", "-0.0", "1" + "0" * 400)  # fmt: skip
TEXTS = ("", " ", "yes", "days", "years", "patients", "arm", "dose", "death_date", "last_contact", "relapse_date",
         "sex", "patient_id", "relapse_free", "os", "internal", "last_assessment", "dmy", ",", ";", "utf-8", "rot13",
         "../../etc/passwd", "\\u202e", "a\\nb", "\\u0000", "ß" * 300, "{x}", "%s", "#fff", "#0b5c6b", "survival",
         "[", "(", "\\\\", "'", "$HOME", "1", "2.5", "2018-06-30")  # fmt: skip
DATES = (
    "2018-06-30",
    "0001-01-01",
    "9999-12-31",
    "1900-01-01",
    "2018-06-30T10:00:00",
    "10:00:00",
    "2200-12-31",
)
WORDS = ("patients", "toxicities", "vital_status", "dead", "alive", "patient_id", "arm", "x", "ignore")


class Wild:
    """One report.toml, drawn with a seed: a few keys with any value."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def value(self, depth: int = 0) -> str:
        kind = self.random.choice(("number", "text", "text", "date", "bool", "list", "list", "table"))
        if kind == "number":
            return self.random.choice(NUMBERS)
        if kind == "date":
            return self.random.choice(DATES)
        if kind == "bool":
            return self.random.choice(("true", "false"))
        if kind == "text" or depth > 1:
            return f'"{self.random.choice(TEXTS)}"'
        inner = [self.value(depth + 1) for _ in range(self.random.choice((0, 1, 1, 2, 3)))]
        if kind == "list":
            return "[" + ", ".join(inner + inner[: self.random.choice((0, 0, 1))]) + "]"
        names = self.random.sample(WORDS, len(inner))
        return "{" + ", ".join(f"{name} = {value}" for name, value in zip(names, inner, strict=True)) + "}"

    def section(self, head: str, names: list[str]) -> list[str]:
        chosen = self.random.sample(names, min(len(names), self.random.choice((1, 1, 2))))
        return [head, *(f"{name} = {self.value()}" for name in chosen)]

    def settings(self) -> str:
        lines: list[str] = []
        for kind in self.random.sample(("report", "section", "endpoint", "values", "columns", "tables"), 2):
            if kind == "report":
                lines += self.section("[report]", list(REPORT_KEYS))
            elif kind == "section":
                name = self.random.choice([name for name in SECTIONS if name not in ("history", "notify")])
                lines += self.section(f"[{name}]", [part.name for part in fields(SECTIONS[name])])
            elif kind == "endpoint":
                rule = [part.name for part in fields(EndpointRule) if part.name != "key"]
                lines += [
                    *self.section("[[endpoint]]", rule),
                    f'key = "{self.random.choice(("own", "os", "pfs"))}"',
                ]
            elif kind == "tables":
                lines += self.section("[tables]", ["patients", "toxicities", "ignore"])
            else:
                lines += self.section(f"[{kind}.{self.random.choice(WORDS)}]", list(WORDS))
        return "\n".join(lines) + "\n"


def cohort() -> list[dict]:
    rows = minimal_patients(14, arm=["A", "B"] * 7, dose=[0.1 * k for k in range(14)])
    for k, row in enumerate(rows):
        row["sex"] = "female" if k % 3 else "male"
        row["relapse_date"] = row["treatment_start"] + timedelta(days=100 + k) if k % 4 == 0 else None
        row["death_date"] = row["last_contact"] if k % 5 == 0 else None
        row["vital_status"] = "dead" if k % 5 == 0 else "alive"
        row["best_response"] = ("CR", "PR", "SD", "PD")[k % 4]
    return rows


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    return write_workbook(tmp_path_factory.mktemp("wild") / "cohort.xlsx", patients=cohort())


def made(book: Path, text: str) -> str:
    """The page under the settings, or why there is none. Whatever else is raised is a bug."""
    config = book.with_name("report.toml")
    config.write_text(text, encoding="utf-8")
    try:
        whole = protected(load_cohort(book, config=config, on_invalid="exclude"), book.parent)
        with speaking(whole.settings.language):
            return render_html(compose(whole, *analyse(whole)))
    except ReportError as refused:
        assert refused.status in (2, 3, 4)
        return str(refused)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + MANY))
def test_any_setting_is_taken_or_refused(book, seed):
    text = Wild(seed).settings()
    assert made(book, text), text


@pytest.mark.parametrize(
    "text",
    [
        "[report]\nlandmarks = [1, 1]",
        "[report]\nlandmarks = [1, 1.0]",
        "[report]\nlandmarks = [1e9]",
        "[report]\nconfidence_level = 1" + "0" * 400,
        "[report]\nlandmarks = [1" + "0" * 400 + "]",
        "[gates]\nmodel = 1" + "0" * 400,
        '[report]\ntime_unit = "days"\nlandmarks = [1]\n[gates]\nmodel = 0',
        '[[endpoint]]\nkey = "own"\ntime = "arm"\nevent = "sex"\nevent_values = ["female"]\ncensor_values = ["male"]',
        '[[endpoint]]\nkey = "own"\ntime = "last_contact"\nevent = "vital_status"\nevent_values = ["dead"]\n'
        'censor_values = ["alive"]',
        '[[endpoint]]\nkey = "own"\nevents = ["arm"]',
        '[[endpoint]]\nkey = "own"\nevents = ["death_date"]\norigin = "dose"',
        '[[endpoint]]\nkey = "own"\nevents = ["death_date"]\ncensor = "sex"',
        '[[endpoint]]\nkey = "own"\nevents = ["death_date"]\ncompeting = ["best_response"]',
        '[[endpoint]]\nkey = "own"\ntime = "dose"\nevent = "vital_status"\nevent_values = ["dead", true, 1979-05-27]\n'
        'censor_values = ["alive"]',
    ],
)
def test_what_once_was_a_bug_is_taken_or_refused(book, text):
    assert made(book, text)


@pytest.mark.parametrize("number", ["1e300", "-1e300", "1e-300", "123456789012345678901234567890", "1e17"])
def test_values_that_a_model_cannot_hold_are_no_bug(tmp_path, number):
    rows = cohort()
    for k, row in enumerate(rows):
        row["dose"] = float(number) * (1 + k % 3) if k % 2 else float(k)
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows)
    assert made(source, '[features]\ninclude = ["dose"]\n[gates]\nmodel = 0\ncox = 0\nasymptotic = 0\n')


def test_a_day_of_the_report_sheet_is_checked_as_well(tmp_path):
    for key, cell in (("landmarks", "1, 1"), ("cutoff", "9999-12-31"), ("privacy.min_cell", "nan"),
                      ("gates.cox", "inf"), ("time_unit", date(2018, 1, 1)), ("landmarks", "nan")):  # fmt: skip
        sheet = [{"key": key, "value": cell}]
        source = write_workbook(tmp_path / "cohort.xlsx", patients=cohort(), report=sheet)
        assert made(source, "")
