"""A value for each accepted setting, drawn with what the cohort has; held against the settings by a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.settings.every_setting import Wide

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
    "report.title": any_of("IMT – 8 patients", "<b>&"),
    "report.subtitle": any_of("Ward 3"),
    "report.notice": any_of("Synthetic data"),
    "report.diagnosis": any_of("IMT"),
    "report.treatment": any_of("crizotinib"),
    "report.cutoff": any_of(date(2017, 6, 30), date(2022, 1, 1)),
    "report.extracted": any_of(date(2022, 2, 1), date(2016, 1, 1)),
    "report.time_unit": any_of("days", "weeks", "months", "years"),
    "report.landmarks": lambda d: listed(d.few([1, 3, 0.5, 6, 12, 26.5])),
    "report.group": group,
    "report.group_names": group_names,
    "report.strata": column(("stage", "sex", "smoker", "site"), 2),
    "report.language": any_of("en", "de"),
    "report.ctcae_version": any_of("5.0", "4.03"),
    "report.related": lambda d: listed(d.few(["possible", "probable", "definite", "yes"])),
    "report.toxicity_window": any_of(0, 30, 400),
    "report.overdue_days": any_of(1, 183, 3000),
    "report.origin": column(("diagnosis_date", "surgery_date", "treatment_start")),
    "report.late_entry": any_of(True, False),
    "report.pfs_censor": any_of("last_assessment", "last_contact"),
    "report.response_until": any_of("stop", "next_line", "relapse"),
    "report.disease_control_weeks": any_of(0, 6, 520),
    "report.response_by_weeks": lambda d: listed(d.few([8, 12.5, 1, 200])),
    "report.size_thresholds": any_of([-30, 20], [-50, 10]),
    "report.confirmation_days": any_of(0, 28, 366),
    "report.confidence_level": any_of(0.9, 0.95, 0.99),
    "report.survival_interval": any_of("by size", "log-log", "log", "beta product"),
    "report.standard_errors": any_of(True, False),
    "report.chapters": lambda d: listed(d.few(CHAPTERS, 6)),
    "tables.patients": any_of("patients"),
    "columns.patients.sex": any_of("sex"),
    "columns.patients.diagnosis_date": any_of("surgery_date", "diagnosis_date"),
    "values.sex.female": any_of(["female"]),
    "values.sex.missing": any_of(["male"]),
    "adam.params": any_of(["OS"], []),
    "features.include": column(FEATURES, 3),
    "features.exclude": column(FEATURES, 2),
    "features.known_at_start": any_of(True, False),
    "features.at_start": column(FEATURES, 2),
    "features.later": column(FEATURES, 2),
    "features.of_interest": column(FEATURES, 2),
    "features.reference": reference,
    "features.lists": lambda d: '["genes"]',
    "features.impute": any_of(True, False),
    "gates.model": any_of(0, 2, 5),
    "gates.cox": any_of(0, 4, 10),
    "gates.asymptotic": any_of(0, 20),
    "gates.beta_product_below": any_of(0, 30, 1000),
    "gates.small_group": any_of(0, 10),
    "gates.few_at_risk": any_of(0, 5, 100),
    "privacy.profile": any_of("internal", "board", "partner", "external"),
    "privacy.min_cell": any_of(1, 3, 5, 20),
    "privacy.release_agreed": any_of(True, True, False),
    "privacy.quasi_identifiers": column(("sex", "arm", "age_at_start", "stage"), 2),
    "privacy.rare_below": any_of(0, 3, 1000),
    "source.encoding": any_of("utf-8", "cp1252"),
    "source.delimiter": any_of(";", ","),
    "source.date_order": day_order,
    "source.two_digit_years": short_years,
    "source.date_serials": serials,
    "source.decimal": any_of(",", "."),
    "source.missing": lambda d: listed(d.few(["SD", "lung", 0, "site 1"])),
    "source.comment": lambda d: d.form("comment", "#", '"#"'),
    "source.ignore": lambda d: d.form("ignore", "1", '["Pivot"]'),
    "source.header_rows": lambda d: d.form("title", "2", "{ patients = 3 }"),
    "source.toxicity_prefix": any_of("ae_"),
    "source.toxicity_columns": column(("rash", "ae_nausea"), 2),
    "source.toxicity_text": column(("side_effects", "diagnosis"), 2),
    "source.row_ids": any_of(True, False),
    "source.index_line": any_of(0, 1, 2),
    "source.from_assessments": any_of(
        ["best_response", "response_date", "relapse_date"], ["last_contact"], []
    ),
    "source.alike_ids": lambda d: d.form("alike", "1", "true"),
    "source.stack": any_of(["patients"], []),
    "source.stack_ids": any_of(True, False),
    "source.transposed": lambda d: d.form("turned", "1", '["patients"]'),
    "source.join": lambda d: d.form("join", "1", '["more"]'),
    "source.join_rows": any_of(True, False),
    "source.toxicity_none": lambda d: listed(d.few(["no", "none", "absent", "-", ""])),
    "source.toxicity_unknown": lambda d: listed(d.few(["not done", "?", ""])),
    "branding.accent": any_of(*COLOURS),
    "branding.second": any_of(*COLOURS),
    "branding.institution": any_of("Ward 3 & co"),
    "branding.footer": any_of("Confidential"),
    "patients.columns": lambda d: listed(d.few(SHOWN, 6)),
    "patients.marks": lambda d: listed(
        d.few([*DATED[:2], "treatments: imatinib", "measurements: LDH", "toxicities: Pain"])
    ),
}

ENDPOINT: dict[str, Callable[[Wide], str]] = {
    "label": any_of("Of our own", "Time to <event>"),
    "origin": column((*DATED, "treatment_start")),
    "events": column(("death_date", *DATED), 2),
    "competing": column(("death_date", *DATED), 2),
    "censor": column(("last_contact", "surgery_date")),
    "time": any_of("efs", "efs", "efs", "ldh"),
    "unit": any_of("days", "days", "weeks", "months"),
    "event": any_of("efs_status"),
    "late_entry": any_of(True, False),
    "event_values": any_of([1]),
    "competing_values": any_of([2], [2], [2], []),
    "censor_values": any_of([0], [0], [0], [0, 2]),
    "entry": column(("efs_entry",)),
    "strata": column(("stage", "sex"), 2),
    "states": column(DATED, 3),
}
