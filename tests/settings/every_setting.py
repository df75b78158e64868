"""Cohorts with every column there is, under every setting that is accepted: `Draw` of test_any_settings, widened.

What the settings ask of the source (a comment mark, sheets that are turned or joined) is written into it. Each draw
takes most settings rarely: what follows from one of them shows.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tests.settings.drawn_settings import ENDPOINT, SETTINGS
from tests.settings.test_any_settings import Draw
from tests.workbooks import write_workbook


class Wide(Draw):
    """One cohort with its settings, and the form in which it stands in its workbook."""

    def __init__(self, seed: int):
        super().__init__(seed)
        self.random = np.random.default_rng([seed, 1])
        self.columns: list[str] = []
        self.forms: dict[str, str] = {}
        self.group = ""

    def few(self, words, most: int = 3) -> list:
        words = list(words)
        return [
            words[int(k)]
            for k in self.random.permutation(len(words))[: int(self.random.integers(1, most + 1))]
        ]

    def of_cohort(self, words, most: int = 3) -> list:
        """Some of the words that are columns of the cohort, or none of which is."""
        there = [word for word in words if word.partition(":")[0] in self.columns]
        return self.few(there or words, most)

    def patient(self, k: int, dying: float, relapsing: float, stopping: float) -> dict:
        row = super().patient(k, dying, relapsing, stopping)
        start, last = row["treatment_start"], row["last_contact"]
        within = int(self.random.integers(0, (last - start).days + 1))
        row |= {
            "surgery_date": start + timedelta(days=within) if self.often(0.5) else None,
            "transplant_date": last if self.often(0.2) else None,
            "stage": self.known(self.one_of(["I", "II", "III"])),
            "genes": self.known(self.one_of(["TP53; CDKN2A", "TP53", "ALK;TP53", "wild type"])),
            "efs": self.known(within), "efs_status": self.known(self.one_of([0, 1, 2])),
            "efs_entry": int(self.random.integers(0, within + 1)),
            "relapse_observed": self.known("yes" if row["relapse_date"] else "no"),
            "treatment_ongoing": self.known("no" if row["treatment_stop"] else "yes"),
            "toxicity_unknown": self.one_of([None, None, "Nausea", "Nausea|Pain"]),
            "ae_nausea": self.one_of([None, 0, 1, 3, "G2", "none", "not done"]),
            "rash": self.one_of([None, 0, 2, "no"]),
            "side_effects": self.one_of([None, "G4 PE", "mucositis gr 2, epistaxis g1", "nil"]),
        }  # fmt: skip
        return row

    def treatments(self, patients: list[dict]) -> list[dict]:
        return [{**row, "dose": self.known(self.one_of(["250 mg", "200 mg twice daily", 400]))}
                for row in super().treatments(patients)]  # fmt: skip

    def measurements(self, patients: list[dict]) -> list[dict]:
        return [
            {"patient_id": row["patient_id"], "date": row["treatment_start"] + timedelta(days=30 * k), "name": name,
             "value": self.known(self.one_of([1.5, 40, "<0.5"])), "unit": "U/L", "lower": self.known(1),
             "upper": self.known(30)}
            for row in patients for k in range(int(self.random.integers(0, 4))) for name in ("LDH", "CRP")
        ]  # fmt: skip

    def elapsed(self, rows: list[dict]) -> list[dict]:
        """Some of the dates as days or months since the start of treatment."""
        as_time = {name: self.one_of(["days", "months"]) for name in ("last_contact", "relapse_date", "death_date",
                   "treatment_stop", "response_date") if self.often(0.3)}  # fmt: skip
        return [
            {self.time_name(name, as_time): self.time_of(row, name, as_time) for name in row} for row in rows
        ]

    def time_name(self, name: str, as_time: dict) -> str:
        return f"{name.removesuffix('_date')}_{as_time[name]}" if name in as_time else name

    def time_of(self, row: dict, name: str, as_time: dict):
        if name not in as_time or row[name] is None:
            return row[name]
        days = (row[name] - row["treatment_start"]).days
        return days if as_time[name] == "days" else round(days / 30.4375, 3)

    def sheets(self) -> dict[str, list[dict]]:
        found = super().sheets()
        patients = found["patients"]
        if self.often(0.3):
            rows = self.measurements(patients)
            found |= (
                {"measurements": self.some(rows, ("patient_id", "date", "name", "value"))} if rows else {}
            )
        if self.often(0.2):
            found["patients"] = self.elapsed(patients)
        self.columns = list(found["patients"][0])
        return found

    def text(self) -> str:
        """report.toml: some of all settings, each with a value that is accepted."""
        chance = self.one_of([0.05, 0.15, 0.4])
        sections: dict[str, list[str]] = {}
        for name, drawn in SETTINGS.items():
            if self.often(0.03 if name.startswith("source.") else chance):
                section, _, key = name.rpartition(".")
                if (value := drawn(self)) is not None:
                    sections.setdefault(section, []).append(f"{key} = {value}")
        endpoints = [
            line
            for number in range(int(self.random.integers(0, 3)))
            for line in self.endpoint(number, self.columns)
        ]
        return "\n".join(
            [line for name, lines in sections.items() for line in (f"[{name}]", *lines)] + endpoints
        )

    def endpoint(self, number: int, columns: list[str]) -> list[str]:
        given = ["given"] if {"efs", "efs_status"} <= {*columns} or self.often(0.1) else []
        kind = self.one_of(["dates", *given, "states"])
        needed = {"dates": ("events",), "given": ("time", "event", "event_values", "competing_values", "censor_values"),
                  "states": ("states",)}[kind]  # fmt: skip
        own = {"dates": ("events", "competing", "censor", "origin", "late_entry"), "given": ("time", "unit", "event",
               "event_values", "competing_values", "censor_values", "entry"), "states": ("states",)}[kind]  # fmt: skip
        key = self.one_of(
            [
                f"own{number}",
                f"own{number}",
                "os",
                "pfs",
                "relapse",
                "time_on_treatment",
                "duration_of_response",
            ]
        )
        key = f"own{number}" if kind == "states" else key
        lines = ["[[endpoint]]", f'key = "{key}"']
        for name, drawn in ENDPOINT.items():
            shared = name in ("label", "strata")[: 1 if kind == "states" else 2] and self.often(0.3)
            if shared or name in needed or (name in own and self.often(0.5)):
                lines.append(f"{name} = {drawn(self)}")
        return lines

    def written(self, folder: Path) -> Path:
        """The workbook, in the form that the settings drawn say, with its report.toml."""
        sheets = self.sheets()
        told = self.text()
        if self.forms.get("alike"):
            for name in set(sheets) - {"patients"}:
                sheets[name] = [{**row, "patient_id": str(row["patient_id"]).lower()} for row in sheets[name]]
        grids = {name: self.grid(name, rows) for name, rows in sheets.items()}
        if "join" in self.forms:
            grids["more"] = [
                ["patient_id", "extra"],
                *([row["patient_id"], k % 3] for k, row in enumerate(sheets["patients"])),
            ]
        if "ignore" in self.forms:
            grids["Pivot"] = [["sum", 3], [None, 4]]
        if "report" in self.forms:
            grids["report"] = [["key", "value"], ["title", "Of the sheet"], ["standard_errors", "true"]]
        (folder / "report.toml").write_text(told, encoding="utf-8")
        return write_workbook(folder / "cohort.xlsx", **grids)

    def grid(self, name: str, rows: list[dict]) -> list[list]:
        grid = [list(rows[0]), *(list(row.values()) for row in rows)]
        if name != "patients":
            return grid
        if self.forms.get("dates"):
            grid = [[written_day(cell, self.forms["dates"]) for cell in row] for row in grid]
        if self.forms.get("serials"):
            grid = [
                [(cell - date(1899, 12, 30)).days if isinstance(cell, date) else cell for cell in row]
                for row in grid
            ]
        if self.forms.get("comment"):
            grid.insert(int(self.random.integers(0, len(grid) + 1)), ["# a remark"])
        if self.forms.get("title"):
            grid = [["Our cohort"], [], *grid]
        if self.forms.get("turned"):
            width = max(map(len, grid))
            grid = [
                list(cells)
                for cells in zip(*([*row, *[None] * (width - len(row))] for row in grid), strict=True)
            ]
        return grid

    def form(self, name: str, how: str, value: str) -> str | None:
        """The value of a setting, which wants the source in this form; None where it has another one already."""
        if name in self.forms:
            return None
        self.forms[name] = how
        return value


def written_day(cell, order: str):
    if not isinstance(cell, date):
        return cell
    if order == "1900":
        return (cell - date(1899, 12, 30)).days
    return cell.strftime(
        {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y/%m/%d", "short": "%d.%m.%y"}[order]
    )
