"""Cohorts with every column there is, under every setting that is accepted: `Draw` of test_any_settings, widened.

What the settings ask of the source (a comment mark, sheets that are turned or joined) is written into it. Each draw takes
most settings rarely: what follows from one of them shows. `SETTINGS` is held against the settings by a test.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tests.settings.test_any_settings import Draw
from tests.workbooks import write_workbook

COLOURS = ("#0b5c6b", "#333333", "#7a1f1f")
FEATURES = ("arm", "site", "smoker", "ldh", "sex", "stage", "genes", "constant")
DATED = (
    "surgery_date",
    "transplant_date",
    "relapse_date",
    "treatment_stop",
    "response_date",
    "diagnosis_date",
)
SHOWN = (
    "age",
    "sex",
    "best_response",
    "on_treatment",
    "after_relapse",
    "status",
    "worst_grade",
    "ldh",
    "os",
    "pfs",
    "genes",
)
CHAPTERS = ("summary", "cohort", "baseline", "exposure", "response", "follow_up", "survival", "toxicity", "relapse",
            "after_relapse", "after_stopping", "patients", "methods")  # fmt: skip


def text(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def listed(words) -> str:
    return "[" + ", ".join(text(word) if isinstance(word, str) else str(word) for word in words) + "]"


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
             "value": self.known(self.one_of([1.5, 40, "<0.5"])), "unit": "U/L", "lower": self.known(1), "upper": self.known(30)}
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


def any_of(*words) -> Callable[[Wide], str]:
    return lambda d: d.one_of([text(w) if isinstance(w, str) else listed(w) if isinstance(w, list) else str(w).lower()
                               for w in words])  # fmt: skip


def column(names, most: int = 1) -> Callable[[Wide], str]:
    return lambda d: listed(d.of_cohort(names, most)) if most > 1 else text(d.of_cohort(names, 1)[0])


def group_names(d: Wide) -> str | None:
    named = {"arm": "A: arm A", "smoker": "yes: smokes", "stage": "I: early", "sex": "female: women"}
    return listed([named[d.group]]) if d.group in named else None


def reference(d: Wide) -> str:
    return listed(d.of_cohort(["arm: B", "stage: III", "site: site 2"]))


def group(d: Wide) -> str:
    d.group = d.of_cohort(("arm", "site", "smoker", "sex", "best_response", "stage"), 1)[0]
    return text(d.group)


def day_order(d: Wide) -> str | None:
    order = d.one_of(["dmy", "mdy", "ymd"])
    return d.form("dates", order, text(order))


def short_years(d: Wide) -> str | None:
    return d.form("dates", "short", "2030")


def serials(d: Wide) -> str | None:
    return d.form("dates", "1900", "1900")


SETTINGS: dict[str, Callable[[Wide], str | None]] = {
    "report.title": any_of("IMT – 8 patients", "<b>&"), "report.subtitle": any_of("Ward 3"),
    "report.notice": any_of("Synthetic data"), "report.diagnosis": any_of("IMT"),
    "report.treatment": any_of("crizotinib"), "report.cutoff": any_of(date(2017, 6, 30), date(2022, 1, 1)),
    "report.extracted": any_of(date(2022, 2, 1), date(2016, 1, 1)),
    "report.time_unit": any_of("days", "weeks", "months", "years"),
    "report.landmarks": lambda d: listed(d.few([1, 3, 0.5, 6, 12, 26.5])),
    "report.group": group,
    "report.group_names": group_names,
    "report.strata": column(("stage", "sex", "smoker", "site"), 2), "report.language": any_of("en", "de"),
    "report.ctcae_version": any_of("5.0", "4.03"),
    "report.related": lambda d: listed(d.few(["possible", "probable", "definite", "yes"])),
    "report.toxicity_window": any_of(0, 30, 400), "report.overdue_days": any_of(1, 183, 3000),
    "report.origin": column(("diagnosis_date", "surgery_date", "treatment_start")), "report.late_entry": any_of(True, False),
    "report.pfs_censor": any_of("last_assessment", "last_contact"),
    "report.response_until": any_of("stop", "next_line", "relapse"), "report.disease_control_weeks": any_of(0, 6, 520),
    "report.response_by_weeks": lambda d: listed(d.few([8, 12.5, 1, 200])),
    "report.size_thresholds": any_of([-30, 20], [-50, 10]), "report.confirmation_days": any_of(0, 28, 366),
    "report.confidence_level": any_of(0.9, 0.95, 0.99),
    "report.survival_interval": any_of("by size", "log-log", "log", "beta product"),
    "report.standard_errors": any_of(True, False), "report.chapters": lambda d: listed(d.few(CHAPTERS, 6)),
    "tables.patients": any_of("patients"), "columns.patients.sex": any_of("sex"),
    "columns.patients.diagnosis_date": any_of("surgery_date", "diagnosis_date"),
    "values.sex.female": any_of(["female"]), "values.sex.missing": any_of(["male"]),
    "adam.params": any_of(["OS"], []), "features.include": column(FEATURES, 3), "features.exclude": column(FEATURES, 2),
    "features.known_at_start": any_of(True, False), "features.at_start": column(FEATURES, 2),
    "features.later": column(FEATURES, 2), "features.of_interest": column(FEATURES, 2),
    "features.reference": reference,
    "features.lists": lambda d: '["genes"]', "features.impute": any_of(True, False),
    "gates.model": any_of(0, 2, 5), "gates.cox": any_of(0, 4, 10), "gates.asymptotic": any_of(0, 20),
    "gates.beta_product_below": any_of(0, 30, 1000), "gates.small_group": any_of(0, 10),
    "gates.few_at_risk": any_of(0, 5, 100), "privacy.profile": any_of("internal", "board", "partner", "external"),
    "privacy.min_cell": any_of(1, 3, 5, 20), "privacy.release_agreed": any_of(True, True, False),
    "privacy.quasi_identifiers": column(("sex", "arm", "age_at_start", "stage"), 2), "privacy.rare_below": any_of(0, 3, 1000),
    "source.encoding": any_of("utf-8", "cp1252"), "source.delimiter": any_of(";", ","), "source.date_order": day_order,
    "source.two_digit_years": short_years,
    "source.date_serials": serials, "source.decimal": any_of(",", "."),
    "source.missing": lambda d: listed(d.few(["SD", "lung", 0, "site 1"])),
    "source.comment": lambda d: d.form("comment", "#", '"#"'), "source.ignore": lambda d: d.form("ignore", "1", '["Pivot"]'),
    "source.header_rows": lambda d: d.form("title", "2", "{ patients = 3 }"), "source.toxicity_prefix": any_of("ae_"),
    "source.toxicity_columns": column(("rash", "ae_nausea"), 2), "source.toxicity_text": column(("side_effects", "diagnosis"), 2),
    "source.row_ids": any_of(True, False), "source.index_line": any_of(0, 1, 2),
    "source.alike_ids": lambda d: d.form("alike", "1", "true"), "source.stack": any_of(["patients"], []),
    "source.stack_ids": any_of(True, False), "source.transposed": lambda d: d.form("turned", "1", '["patients"]'),
    "source.join": lambda d: d.form("join", "1", '["more"]'), "source.join_rows": any_of(True, False),
    "source.toxicity_none": lambda d: listed(d.few(["no", "none", "absent", "-", ""])),
    "source.toxicity_unknown": lambda d: listed(d.few(["not done", "?", ""])),
    "branding.accent": any_of(*COLOURS), "branding.second": any_of(*COLOURS), "branding.institution": any_of("Ward 3 & co"),
    "branding.footer": any_of("Confidential"), "patients.columns": lambda d: listed(d.few(SHOWN, 6)),
    "patients.marks": lambda d: listed(d.few([*DATED[:2], "treatments: imatinib", "measurements: LDH", "toxicities: Pain"])),
}  # fmt: skip

ENDPOINT: dict[str, Callable[[Wide], str]] = {
    "label": any_of("Of our own", "Time to <event>"), "origin": column((*DATED, "treatment_start")),
    "events": column(("death_date", *DATED), 2), "competing": column(("death_date", *DATED), 2),
    "censor": column(("last_contact", "surgery_date")), "time": any_of("efs", "efs", "efs", "ldh"),
    "unit": any_of("days", "days", "weeks", "months"), "event": any_of("efs_status"),
    "late_entry": any_of(True, False), "event_values": any_of([1]), "competing_values": any_of([2], [2], [2], []),
    "censor_values": any_of([0], [0], [0], [0, 2]), "entry": column(("efs_entry",)), "strata": column(("stage", "sex"), 2),
    "states": column(DATED, 3),
}  # fmt: skip
