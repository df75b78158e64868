"""Every subset of columns under every accepted setting: a report is made, or refused with its reason, never a crash.

REPORTGEN_COHORTS sets how many cohorts are drawn (`make fuzz` tries more), REPORTGEN_FIRST_COHORT the first seed.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from reportgen.base.errors import DataRefused, UsageError
from reportgen.casereview import one_review as making
from reportgen.casereview.case import Case, Shared
from reportgen.cohort.load import load_cohort
from reportgen.render.html.document import render_html
from reportgen.run.composing import analyse, compose
from reportgen.run.listings import patients_csv
from reportgen.run.pipeline import protected
from reportgen.writing.language import speaking
from tests.workbooks import write_workbook

FIRST, COHORTS = (
    int(os.environ.get(f"REPORTGEN_{name}", n)) for name, n in (("FIRST_COHORT", 0), ("COHORTS", 16))
)
# Found by longer runs: no second derivative in Firth's model of nine sites; no curve for a log-log figure.
CRASHED = (462, 626)
NEEDED = ("patient_id", "treatment_start", "last_contact")
RESPONSES = ("CR", "PR", "SD", "PD", "NE")
ONE_LIST = (("include",), ("exclude",), ("later",), ("at_start",), ("of_interest",), ("include", "at_start"),
            ("later", "of_interest"))  # fmt: skip
UNITS = {"days": [100, 365], "weeks": [26, 52], "months": [6, 12, 36], "years": [1, 3]}


class Draw:
    """One cohort and its settings, drawn with a seed."""

    def __init__(self, seed: int):
        self.random = np.random.default_rng(seed)
        self.n = int(self.random.choice([1, 2, 3, 8, 15, 40, 90]))
        self.missing = self.random.choice([0.0, 0.1, 0.6])

    def often(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def one_of(self, words):
        return words[int(self.random.integers(len(words)))]

    def known(self, value):
        return None if self.often(self.missing) else value

    def some(self, rows: list[dict], needed: tuple[str, ...]) -> list[dict]:
        """The rows with some of their columns."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        share = self.one_of([0.3, 0.7, 0.95])
        kept = [name for name in names if name in needed or self.often(share)]
        return [{name: row.get(name) for name in kept} for row in rows]

    def patients(self) -> list[dict]:
        dying, relapsing, stopping = (self.one_of([0.0, 0.1, 0.5, 1.0]) for _ in range(3))
        return [self.patient(k, dying, relapsing, stopping) for k in range(self.n)]

    def patient(self, k: int, dying: float, relapsing: float, stopping: float) -> dict:
        start = date(2015, 1, 1) + timedelta(days=int(self.random.integers(0, 900)))
        days = int(self.one_of([0, 1, 30, 365, 366, 1000, int(self.random.integers(1, 2000))]))
        last = start + timedelta(days=days)

        def within():
            return start + timedelta(days=int(self.random.integers(0, days + 1)))

        dead = self.often(dying)
        return {
            "patient_id": f"P{k:03}",
            "treatment_start": start,
            "last_contact": last,
            "sex": self.known(self.one_of(["female", "male"])),
            "birth_date": self.known(date(1960, 1, 1) + timedelta(days=int(self.random.integers(0, 9000)))),
            "age_at_start": self.known(float(self.random.integers(1, 90))),
            "diagnosis": self.known(self.one_of(["IMT", "sarcoma"])),
            "diagnosis_date": self.known(start - timedelta(days=int(self.random.integers(0, 900)))),
            "treatment": self.known(self.one_of(["crizotinib", "surgery"])),
            "treatment_stop": within() if self.often(stopping) else None,
            "stop_reason": self.known(
                self.one_of(["completed", "toxicity", "progression", "patient choice", "other"])
            ),
            "best_response": self.known(self.one_of(RESPONSES)),
            "response_date": within() if self.often(0.5) else None,
            "relapse_date": within() if self.often(relapsing) else None,
            "relapse_site": self.known(self.one_of(["lung", "local"])),
            "vital_status": self.known("dead" if dead else "alive"),
            "disease_status": self.known("no evidence of disease"),
            "death_date": last if dead else None,
            "cause_of_death": self.known("disease") if dead else None,
            "toxicity_assessed": self.known(self.one_of(["yes", "no"])),
            "arm": self.known(self.one_of(["A", "B"])),
            "site": self.known(self.one_of([f"site {i}" for i in range(9)])),
            "smoker": self.known(self.one_of(["yes", "no"])),
            "ldh": self.known(float(self.random.integers(100, 900))),
            "constant": "same",
            "empty": None,
        }

    def toxicities(self, patients: list[dict]) -> list[dict]:
        return [
            {
                "patient_id": self.one_of(patients)["patient_id"],
                "term": self.known(self.one_of(["Nausea", "Pain", "Neutropenia"])),
                "category": self.known(self.one_of(["Gut", "Blood"])),
                "grade": self.known(int(self.random.integers(1, 6))),
                "onset_date": self.known(
                    date(2016, 1, 1) + timedelta(days=int(self.random.integers(0, 900)))
                ),
                "resolved_date": None,
                "attribution": self.known(self.one_of(["unrelated", "possible", "yes"])),
                "serious": self.known(self.one_of(["yes", "no"])),
                "action": self.known(self.one_of(["dose reduced", "none"])),
            }
            for _ in range(int(self.random.integers(0, 3 * self.n)))
        ]

    def treatments(self, patients: list[dict]) -> list[dict]:
        rows = []
        for row in patients:
            for line in range(int(self.random.integers(0, 4))):
                start = row["treatment_start"] + timedelta(days=int(self.random.integers(-300, 900)))
                stop = start + timedelta(days=int(self.random.integers(0, 300)))
                rows.append({"patient_id": row["patient_id"], "line": self.known(line + 1),
                             "treatment": self.known("imatinib"), "start_date": self.known(start),
                             "stop_date": self.known(stop), "stop_reason": self.known("progression"),
                             "best_response": self.known(self.one_of(RESPONSES))})  # fmt: skip
        return rows

    def assessments(self, patients: list[dict]) -> list[dict]:
        return [
            {"patient_id": row["patient_id"], "date": self.known(row["treatment_start"] + timedelta(days=60 * k)),
             "response": self.known(self.one_of(RESPONSES)),
             "tumour_size": self.known(float(self.random.integers(0, 90)))}
            for row in patients for k in range(int(self.random.integers(0, 5)))
        ]  # fmt: skip

    def sheets(self) -> dict[str, list[dict]]:
        patients = self.patients()
        found = {"patients": self.some(patients, NEEDED)}
        for name, needed in (("toxicities", ("patient_id", "term")), ("treatments", ("patient_id", "start_date")),
                             ("assessments", ("patient_id", "date"))):  # fmt: skip
            rows = getattr(self, name)(patients) if self.often(0.6) else []
            if rows:
                found[name] = self.some(rows, needed)
        return found

    def settings(self, columns: list[str]) -> str:
        unit = self.one_of(list(UNITS))
        landmarks = self.one_of([UNITS[unit], UNITS[unit][:1], [UNITS[unit][0]] * 2, [1], [], [50, 1]])
        lines = [f'time_unit = "{unit}"', f"landmarks = {landmarks}",
                 f'language = "{self.one_of(["en", "de"])}"']  # fmt: skip
        groups = [name for name in ("arm", "site", "smoker", "sex", "best_response") if name in columns]
        if groups and self.often(0.6):
            lines.append(f'group = "{self.one_of(groups)}"')
        if self.often(0.2):
            lines.append("cutoff = 2017-06-30")
        lines.append(f'pfs_censor = "{self.one_of(["last_assessment", "last_contact"])}"')
        lines.append(f'response_until = "{self.one_of(["relapse", "next_line", "stop"])}"')
        lines.append(f"toxicity_window = {self.one_of([0, 30, 400])}")
        lines.append(f"overdue_days = {self.one_of([1, 183, 3000])}")
        lines.append("related = " + self.one_of(['["yes"]', '["possible", "probable"]']))
        lines.append(f'ctcae_version = "{self.one_of(["", "5.0"])}"')
        if self.often(0.2):
            lines.append(
                f'chapters = ["summary", "{self.one_of(["survival", "relapse", "patients", "toxicity"])}"]'
            )
        profile = self.one_of(["internal", "internal", "board", "external"])
        lines += ["[privacy]", f'profile = "{profile}"', f"release_agreed = {str(self.often(0.5)).lower()}"]
        lines += ["[gates]", f"model = {self.one_of([0, 2, 5])}", f"cox = {self.one_of([0, 4, 10])}",
                  f"asymptotic = {self.one_of([0, 20])}", f"beta_product_below = {self.one_of([0, 30])}",
                  f"small_group = {self.one_of([0, 10])}", f"few_at_risk = {self.one_of([0, 5])}"]  # fmt: skip
        lines += ["[features]", f"known_at_start = {str(self.often(0.8)).lower()}"]
        for name in ("ldh", "smoker"):
            if name in columns and self.often(0.7):
                lines += [f'{list_of} = ["{name}"]' for list_of in ONE_LIST[self.one_of(range(len(ONE_LIST)))]
                          if not any(line.startswith(f"{list_of} =") for line in lines)]  # fmt: skip
        for number in range(int(self.random.integers(0, 3))):
            lines += self.endpoint(number, columns)
        return "\n".join(["[report]", *lines])

    def endpoint(self, number: int, columns: list[str]) -> list[str]:
        key = self.one_of(["own", "os", "pfs", "relapse", "time_on_treatment", "duration_of_response"])
        origin = self.one_of(
            ["diagnosis_date", "treatment_start", "relapse_date", "treatment_stop", "response_date"]
        )
        event = self.one_of(["death_date", "relapse_date", "treatment_stop"])
        lines = ["[[endpoint]]", f'key = "{key}"', f'label = "Endpoint {number}"', f'origin = "{origin}"',
                 f'events = ["{event}"]', f"late_entry = {str(self.often(0.8)).lower()}"]  # fmt: skip
        if self.often(0.4):
            lines.append(f'competing = ["{self.one_of(["death_date", "relapse_date"])}"]')
        if "ldh" in columns and "smoker" in columns and self.often(0.3):
            lines = ["[[endpoint]]", f'key = "{key}"', 'time = "ldh"', 'event = "smoker"', 'event_values = ["yes"]',
                     'censor_values = ["no"]']  # fmt: skip
        return lines


def report(folder: Path, seed: int) -> str:
    """The page of a cohort drawn, or why there is none."""
    draw = Draw(seed)
    sheets = draw.sheets()
    (folder / "report.toml").write_text(draw.settings(list(sheets["patients"][0])), encoding="utf-8")
    book = write_workbook(folder / f"cohort{seed}.xlsx", **sheets)
    try:
        return _made(folder, book, draw)
    except (DataRefused, UsageError) as refused:
        return str(refused)


def _made(folder: Path, book: Path, draw: Draw) -> str:
    on_invalid = draw.one_of(["exclude", "exclude", "refuse"])
    cohort = protected(load_cohort(book, config=folder / "report.toml", on_invalid=on_invalid), folder)
    with speaking(cohort.settings.language):
        page = render_html(compose(cohort, *analyse(cohort)))
        if cohort.settings.privacy.profile != "external":
            assert patients_csv(cohort)
            assert render_html(making.compose(Case(Shared.of(cohort), 0, "P")))
    return page


@pytest.mark.parametrize("seed", sorted({*range(FIRST, FIRST + COHORTS), *CRASHED}))
def test_a_report_is_made_or_refused(tmp_path, seed):
    assert report(tmp_path, seed)
