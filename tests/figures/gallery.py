"""Writes every kind of figure, in many sizes, to a folder, to be looked at:

python -m tests.figures.gallery FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from reportgen.figures.dot_plot import DotRow, dot_plot
from reportgen.figures.log_log import log_log_figure
from reportgen.figures.patient_flow import FlowBox, FlowOut, flow
from reportgen.figures.patient_matrix import STATES as STATE_WORDS
from reportgen.figures.patient_matrix import Part, Patient, patient_matrix
from reportgen.figures.relapse_bands import Path as Way
from reportgen.figures.relapse_bands import paths
from reportgen.figures.spider import Track, spider
from reportgen.figures.style import FULL, HALF
from reportgen.figures.survival_curves import survival_figure
from reportgen.figures.swimmer import Mark, Phase, Swim, swimmer
from reportgen.figures.toxicity_bars import ToxicityBar, toxicity_figure
from reportgen.figures.waterfall import Bar, waterfall
from reportgen.render.svg import print_svg
from reportgen.stats.results import Curve, Steps

YEAR = 365.25
STATES = tuple(STATE_WORDS)
LONG = (
    "Inflammatory myofibroblastic tumour with RANBP2–ALK fusion, epithelioid, intra-abdominal, critically ill"
)
NAMES = (
    "Crizotinib",
    "Ceritinib",
    "Alectinib",
    "Surgery alone",
    "Żółć 10 mg β",
    "Лечение",
    "$\\frac{1}$ _x 😀",
    "NSAID",
)


def curve(
    n: int, seed: int, kind: str = "kaplan_meier", hazard: float = 0.12, follow: float = 5.5, group="all"
) -> Curve:
    """A curve of simulated patients, with a plain interval."""
    rng = np.random.default_rng(seed)
    died, ended = rng.exponential(1 / hazard, n) * YEAR, rng.uniform(0.15, 1, n) * follow * YEAR
    time = np.ceil(np.minimum(died, ended))
    return from_times(time, died <= ended, kind, group)


def from_times(time, event, kind="kaplan_meier", group="all") -> Curve:
    distinct = np.unique(time)
    events = np.array([np.sum(event[time == t]) for t in distinct]) if len(time) < 5000 else None
    if events is None:
        at = np.searchsorted(distinct, time)
        events = np.bincount(at, event, len(distinct)).astype(int)
        total = np.bincount(at, minlength=len(distinct))
    else:
        total = np.array([np.sum(time == t) for t in distinct])
    at_risk = len(time) - np.r_[0, np.cumsum(total)[:-1]]
    censored = total - events
    if kind == "reverse_kaplan_meier":
        events, censored = censored, events
    survival = np.cumprod(1 - events / at_risk)
    error = 1.96 * np.sqrt(survival * (1 - survival) / at_risk + 0.003)
    low, high = np.clip(survival - error, 0, 1), np.clip(survival + error, 0, 1)
    if kind == "cumulative_incidence":
        survival, low, high = 1 - survival, 1 - high, 1 - low
    return Curve(
        kind, Steps(distinct, at_risk, events, censored, survival, low, high), n=len(time), group=group
    )


def curves():
    eight = from_times(
        np.array([0.9, 1.2, 2.1, 3.0, 3.2, 3.4, 4.4, 5.5]) * YEAR,
        np.array([1, 1, 0, 0, 0, 0, 0, 0], bool),
    )
    full = {"unit": "years", "ylabel": "Progression-free survival", "landmarks": (YEAR, 3 * YEAR)}
    yield "km-8", survival_figure("km-8", [eight], ["all"], **full)
    flat = from_times(np.array([1.5, 2.0, 3.5]) * YEAR, np.zeros(3, bool))
    long = {"unit": "years", "ylabel": "Survival free of relapse and of death after the stop of treatment"}
    yield "km-flat", survival_figure("km-flat", [flat], [""], **long, landmarks=(0.5 * YEAR, YEAR, 3 * YEAR))
    yield "km-8-half", survival_figure("km-8-half", [eight], ["all"], **full, width_mm=HALF)
    yield (
        "km-200-reverse",
        survival_figure(
            "rkm",
            [curve(200, 3, "reverse_kaplan_meier", 0.05)],
            ["all"],
            unit="months",
            ylabel="Still followed",
        ),
    )
    for k in (2, 3, 4, 5, 8):
        many = [curve(60 - 4 * i, i, hazard=0.05 + 0.08 * i) for i in range(k)]
        yield f"km-groups-{k}", survival_figure(f"km-groups-{k}", many, NAMES[:k], **full)
        yield (
            f"km-groups-{k}-half",
            survival_figure(f"km-groups-{k}-half", many, NAMES[:k], **full, width_mm=HALF),
        )
    two = [curve(60, 1, hazard=0.1), curve(4, 2, hazard=0.4)]
    yield "km-2-long", survival_figure("km-2-long", two, [LONG, LONG[::-1] * 3], **full)
    incidence = [curve(60, 1, "cumulative_incidence", 0.1), curve(50, 2, "cumulative_incidence", 0.02)]
    yield (
        "ci-2",
        survival_figure(
            "ci-2", incidence, NAMES[:2], unit="months", ylabel="Relapse", landmarks=(YEAR,), ymax=0.6
        ),
    )
    yield (
        "ci-1",
        survival_figure(
            "ci-1", incidence[:1], [""], unit="years", ylabel="Relapse", landmarks=(YEAR,), width_mm=HALF
        ),
    )
    one = from_times(np.array([400.0]), np.array([False]))
    yield "km-one-patient", survival_figure("km-one", [one], ["all"], **full)
    huge = curve(1_000_000, 5, hazard=0.3, follow=20)
    yield (
        "km-huge",
        survival_figure("km-huge", [huge, curve(200_000, 6, hazard=0.1, follow=20)], NAMES[:2], **full),
    )


def log_logs():
    """Curves on the log-log scale."""
    words = {"unit": "months", "ylabel": "Progression-free survival, log-log scale"}
    for k in (2, 4):
        many = [curve(90 - 4 * i, i, hazard=0.2 + 0.1 * i) for i in range(k)]
        yield f"log-log-{k}", log_log_figure(f"log-log-{k}", many, NAMES[:k], **words)
    long = {"unit": "years", "ylabel": LONG}
    two = [curve(30, 1, hazard=0.1), curve(12, 2, hazard=0.9)]
    yield "log-log-long", log_log_figure("log-log-long", two, [LONG, "B"], **long, width_mm=FULL)
    huge = [curve(1_000_000, 5, hazard=0.3, follow=20), curve(200_000, 6, hazard=0.1, follow=20)]
    yield "log-log-huge", log_log_figure("log-log-huge", huge, NAMES[:2], **words)


def swim(i: int, rng, group: str = "") -> Swim:
    end = rng.uniform(0.4, 5.5) * YEAR
    stop = min(end, rng.uniform(0.2, 4) * YEAR)
    phases, events = [Phase(0, stop, "treatment"), Phase(stop, end, "off")], []
    if i % 4 == 1:
        relapse = stop + 0.3 * (end - stop)
        phases[1:] = [Phase(stop, relapse, "off"), Phase(relapse, end, "next_line")]
        events += [Mark(relapse, "relapse"), Mark(end, "death")]
    return Swim(end, tuple(phases), tuple(events), i % 4 != 1, group)


def row(i: int, rng, group: str = "", label: str = "", features: int = 5) -> Patient:
    end = rng.uniform(0.4, 5.5) * YEAR
    first, stop, lost = 0.1 * end, 0.4 * end, 0.6 * end
    parts = [
        Part(0, first, "", True),
        Part(first, stop, STATES[1 + i % 5], True),
        Part(stop, lost, "SD", False),
    ]
    signs = [(stop, "stop")]
    if i % 4 == 1:
        parts += [Part(lost, 0.8 * end, "PD", True, 2), Part(0.8 * end, 0.81 * end, "PD", True, 3)]
        parts.append(Part(0.81 * end, end, "NE", False))
        signs += [(lost, "relapse"), (end, "death")]
    else:
        parts.append(Part(lost, end, "SD", False))
    return Patient(
        label or f"S{i + 1:02d}",
        end,
        tuple(parts),
        group,
        tuple((True, False, None)[(i + k) % 3] for k in range(features)),
        tuple(signs),
        ((first, 3), (1.1 * first, 4), (stop, 5)) if i % 3 == 0 else (),
        ((0.0, 1.0), (first, 0.6), (stop, 0.0 if i % 2 else 1.8)),
        i % 4 != 1,
        LONG if i == 2 else "alive with disease",
    )


def matrices():
    rng = np.random.default_rng(7)
    traits = ("Critically ill", "Site: abdomen", "Fusion partner: RANBP2", "Sex: female", LONG)
    eight = [row(i, rng, "Relapsed (3)" if i < 3 else "Stopped, no relapse (5)") for i in range(8)]
    yield "matrix-8", patient_matrix("mx8", eight, traits, unit="years")
    yield "matrix-1", patient_matrix("mx1", [row(0, rng, features=0)], (), unit="months")
    thirty = [row(i, rng, NAMES[i // 4], LONG if i == 4 else "") for i in range(30)]
    yield "matrix-30", patient_matrix("mx30", thirty, traits, unit="months")


def swimmers():
    rng = np.random.default_rng(1)
    yield "swimmer-31", swimmer("sw31", [swim(i, rng) for i in range(31)], unit="months")
    sixty = [swim(i, rng, ("Relapsed (20)", "No relapse (40)")[i >= 20]) for i in range(60)]
    yield "swimmer-60", swimmer("sw60", sixty, unit="months", cutoff_note="Data cut-off 30 June 2018")
    many = [swim(i, rng, (*NAMES[:7], LONG)[i // 63]) for i in range(500)]
    yield "swimmer-500", swimmer("swg", many, unit="years")


def sizes():
    rng = np.random.default_rng(2)
    kinds = ("CR", "PR", "PR", "SD", "PD", "NE", "PR", "PR")
    changes = (-1, -0.62, -0.45, -0.1, 0.34, -0.2, -0.38, -0.31)
    yield (
        "waterfall-8",
        waterfall(
            "wf8", [Bar(f"S{i + 1:02d}", c, k) for i, (c, k) in enumerate(zip(changes, kinds, strict=True))]
        ),
    )
    many = np.clip(rng.normal(-0.3, 0.45, 200), -1, 1.8)
    word = [("PD" if c > 0.2 else "SD" if c > -0.3 else "PR" if c > -1 else "CR") for c in many]
    word[:12] = ["NE"] * 12
    yield "waterfall-200", waterfall("wf200", [Bar(LONG, c, k) for c, k in zip(many, word, strict=True)])
    yield (
        "waterfall-40-half",
        waterfall("wf40", [Bar("S", c, k) for c, k in zip(many[:40], word, strict=False)], width_mm=HALF),
    )
    yield "waterfall-1", waterfall("wf1", [Bar("S01", -0.4, "PR")])

    def track(i: int, change: float, kind: str) -> Track:
        times = np.arange(1, 3 + i % 5) * 90.0
        return Track(f"S{i + 1:02d}", tuple(times), tuple(change * (1 - np.exp(-times / 120))), kind)

    yield (
        "spider-8",
        spider(
            "sp8",
            [track(i, c, k) for i, (c, k) in enumerate(zip(changes, kinds, strict=True))],
            unit="months",
        ),
    )
    yield (
        "spider-200",
        spider(
            "sp200", [track(i, c, k) for i, (c, k) in enumerate(zip(many, word, strict=True))], unit="years"
        ),
    )


TERMS = (
    "Neutrophil count decreased",
    "Alanine aminotransferase increased",
    "Vision disorder (photopsia, blurred vision, floaters)",
    "Nausea",
    "Diarrhoea",
    "Oedema peripheral",
    "Fatigue",
    "QT prolonged",
)


def toxicities():
    counts = (
        (1, 1, 2, 1, 0),
        (2, 1, 1, 0, 0),
        (4, 1, 0, 0, 0),
        (3, 0, 0, 0, 0),
        (2, 0, 0, 0, 0),
        (1, 0, 0, 0, 0),
        (0, 0, 1, 0, 0),
        (0, 0, 0, 0, 1),
    )
    related = (
        (1, 1, 2, 1, 0),
        (1, 1, 0, 0, 0),
        (4, 1, 0, 0, 0),
        (2, 0, 0, 0, 0),
        (0, 0, 0, 0, 0),
        (1, 0, 0, 0, 0),
        (0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0),
    )
    bars = [ToxicityBar(t, c, r, 8) for t, c, r in zip(TERMS, counts, related, strict=True)]
    yield "toxicity-8", toxicity_figure("tox8", bars)
    yield "toxicity-1", toxicity_figure("tox1", [ToxicityBar("Nausea", (1, 0, 0, 0, 0), (0, 0, 0, 0, 0), 1)])
    rng = np.random.default_rng(3)
    many = []
    for i in range(32):
        any_counts = rng.multinomial(rng.integers(2, 110 - 3 * i), (0.45, 0.3, 0.18, 0.06, 0.01))
        many.append(
            ToxicityBar(
                LONG if i == 5 else f"{TERMS[i % 8]} {i}",
                tuple(any_counts),
                tuple(rng.binomial(any_counts, 0.6)),
                200,
            )
        )
    yield "toxicity-200", toxicity_figure("tox200", many)


def points():
    rows = [
        DotRow("ALK partner", head=True),
        DotRow("RANBP2", 2 / 3, 0.094, 0.992, "2/3", "67% (9–99)", indent=1),
        DotRow("Other", 0, 0, 0.522, "0/5", "0% (0–52)", indent=1),
        DotRow("Critically ill at the start", head=True),
        DotRow("Yes", 1, 0.158, 1, "2/2", "100% (16–100)", indent=1),
        DotRow("No", 0, 0, 0.459, "0/6", "0% (0–46)", indent=1),
        DotRow(LONG, None, None, None, "0/0", "NE", indent=1),
    ]
    yield (
        "dots-8",
        dot_plot(
            "dots8",
            rows,
            xlabel="Patients who relapsed",
            columns=("Relapsed/n", "Proportion (95% CI)"),
            reference=0.25,
        ),
    )
    ratios = [
        DotRow("Arm: crizotinib", 0.62, 0.31, 1.22, "120", "0.62 (0.31–1.22)"),
        DotRow("Age, per 10 years", 1.12, 0.94, 1.35, "118", "1.12 (0.94–1.35)"),
        DotRow("RANBP2 fusion", 10.4, 0.9, 1448, "120", "10.4 (0.90–1,448)"),
        DotRow("Rare feature", 0.004, 0.0001, 0.3, "120", "0.004 (0.0001–0.30)"),
    ]
    yield "forest", dot_plot("forest", ratios, xlabel="Hazard ratio", columns=("n", "HR (95% CI)"), log=True)
    yield (
        "forest-narrow",
        dot_plot("forest2", ratios[:2], xlabel="Hazard ratio", columns=("n", "HR (95% CI)"), log=True),
    )
    yield (
        "dots-half",
        dot_plot("dotsh", rows[:3], xlabel="Patients who relapsed", columns=("", "95% CI"), width_mm=HALF),
    )


def ways():
    boxes = [
        FlowBox("In the workbook", 10),
        FlowBox("Treated with crizotinib", 9),
        FlowBox("In this report", 8),
    ]
    outs = [
        [FlowOut("never treated", 1)],
        [FlowOut("excluded: a date before the first treatment, and a second reason", 1), FlowOut(LONG, 0)],
    ]
    yield "flow", flow("flow", boxes, outs)
    yield "flow-plain", flow("flowp", boxes[:2])
    yield (
        "flow-long",
        flow(
            "flowl",
            [FlowBox(LONG, 123456), FlowBox("Analysed", 120000)],
            [[FlowOut(LONG * 2, 3000), FlowOut("died before", 456)]],
        ),
    )
    rng = np.random.default_rng(4)
    two = [
        Way(("On treatment, local", "Alectinib", "PR", "Alive on treatment"), 1),
        Way(("On treatment, local", "Ceritinib", "CR", "Dead of disease"), 1),
    ]
    yield "paths-2", paths("paths2", two)
    drugs = (
        "Alectinib",
        "Ceritinib",
        "Lorlatinib",
        "Brigatinib",
        "Surgery",
        "None",
        "Chemotherapy (doxorubicin–ifosfamide)",
        LONG,
        "Steroids",
    )
    many = [
        Way(
            (
                ("On treatment", "After stopping")[rng.integers(2)],
                drugs[rng.integers(9)],
                ("CR", "PR", "SD", "PD", "NE")[rng.integers(5)],
                ("Alive, on treatment", "Alive, off treatment", "Dead of disease", "Dead of other cause")[
                    rng.integers(4)
                ],
            ),
            1,
        )
        for _ in range(60)
    ]
    yield "paths-60", paths("paths60", many)


MAKERS = (curves, log_logs, matrices, swimmers, sizes, toxicities, points, ways)


def figures():
    for maker in MAKERS:
        yield from maker()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawing in figures():
        (folder / f"{name}.svg").write_text(print_svg(drawing), encoding="utf-8")
