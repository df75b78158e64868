"""What stands in the curves of page one: n, how far the groups lie apart and p, of those that may be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.base.described import DescribedEndpoint
from reportgen.chapters.summary import inside_curves
from reportgen.figures.survival_curves import survival_figure
from reportgen.stats.notes import refused
from reportgen.stats.results import Estimate, Results
from reportgen.writing.language import languages, speaking
from tests.chapters.test_headline import YEAR, A, B, facts, two
from tests.figures.gallery import curve
from tests.figures.test_figures import boxes, texts

OS = DescribedEndpoint("os", "overall survival")
RELAPSE = DescribedEndpoint("relapse", "relapse", competing="death")


def drawn(section: str, key: str, kind: str, *groups: str, n: int = 60):
    return [
        replace(curve(n, k + 1), section=section, endpoint=key, kind=kind, group=group)
        for k, group in enumerate(groups)
    ]


def made(p: float = 0.007, ratio: Estimate | None = None) -> Results:
    found = two((0.71, 0.48), p)
    apart = Estimate("landmark_difference", section="relapse", endpoint="relapse", group="arm", value=-0.23, low=-0.43,
                     high=-0.02, level=0.95, time=3 * YEAR)  # fmt: skip
    hazard = ratio or Estimate("hazard_ratio", section="survival", endpoint="os", group="arm", value=1.13,
                               low=0.7, high=1.84, level=0.95)  # fmt: skip
    kept = [e for e in found.estimates if e.statistic != "hazard_ratio"]
    curves = [
        *drawn("survival", "os", "kaplan_meier", A, B),
        *drawn("relapse", "relapse", "cumulative_incidence", A, B),
    ]
    return Results((*kept, apart, hazard), tuple(curves), found.facts)


def test_two_groups_have_n_the_difference_and_p():
    told = inside_curves.lines(made(), "survival", OS, facts(120, "arm"))
    assert told == ("n = 120", "HR 1.13 (0.70–1.84)", "log-rank p = 0.600")
    told = inside_curves.lines(made(), "relapse", RELAPSE, facts(120, "arm"))
    assert told == ("n = 120", "−23 points (−43 to −2)", "at 36 months", "Gray’s p = 0.007")


def test_what_may_not_be_told_is_not():
    hazard = Estimate("hazard_ratio", section="survival", endpoint="os", group="arm",
                      note=refused("too few"))  # fmt: skip
    assert len(inside_curves.lines(made(ratio=hazard), "survival", OS, facts(120, "arm"))) == 2
    found = made()
    without = [e for e in found.estimates if e.statistic != "p_value"]
    untested = Results(tuple(without), found.curves, found.facts)
    assert inside_curves.lines(untested, "survival", OS, facts(120, "arm")) == ("n = 120",)


def test_one_group_has_n_and_its_events():
    found = made()
    alone = Results(
        found.estimates, tuple(drawn("survival", "os", "kaplan_meier", "all", n=120)), found.facts
    )
    assert inside_curves.lines(alone, "survival", OS, facts(120)) == ("n = 120", "40 events")


def test_in_german():
    assert "de" in languages()
    with speaking("de"):
        told = inside_curves.lines(made(), "relapse", RELAPSE, facts(120, "arm"))
    assert told[1:3] == ("−23 Prozentpunkte (−43 bis −2)", "nach 36 Monaten")


def test_words_in_the_drawing_meet_no_curve_and_no_other_word():
    words = ("n = 120", "HR 1.13 (0.70–1.84)", "log-rank p = 0.60")
    for few, width in ((20, 82), (60, 64), (250, 132)):
        two_curves = [replace(curve(few, k + 1), group=g) for k, g in enumerate((A, B))]
        drawing = survival_figure(
            "k", two_curves, [A, B], unit="months", ylabel="S", width_mm=width, inside=words
        )
        assert set(words) <= set(texts(drawing))
        found = boxes(drawing)
        mine = [box for box in found if box[0] in words]
        for one in mine:
            for other in found:
                beside = one[3] <= other[1] or other[3] <= one[1]
                apart = beside or one[4] <= other[2] or other[4] <= one[2]
                assert one is other or apart, (one, other)


def test_words_stand_under_the_rows_where_no_corner_is_free():
    flat = curve(60, 1)
    low = replace(flat, steps=replace(flat.steps, estimate=np.linspace(0.999, 0.0, len(flat.steps.time))))
    words = tuple(f"a long line of words that no corner can hold, number {k}" for k in range(14))
    short = survival_figure("k", [low], ["all"], unit="months", ylabel="S", width_mm=82)
    drawing = survival_figure("k", [low], ["all"], unit="months", ylabel="S", width_mm=82, inside=words)
    assert max(box[4] for box in boxes(drawing)) > max(box[4] for box in boxes(short))
