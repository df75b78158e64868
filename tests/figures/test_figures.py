"""Figures: what is drawn is where it should be, text is text, and nothing runs into anything else."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path as FilePath
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.base.drawing import BEFORE, Circle, Drawing, Path, Words
from reportgen.figures import style
from reportgen.figures.at_risk import counts
from reportgen.figures.axes import ratio_axis
from reportgen.figures.dot_plot import DotRow, dot_plot
from reportgen.figures.line_ends import is_free
from reportgen.figures.log_log import log_log_figure
from reportgen.figures.oncoprint import Finding, Person, oncoprint
from reportgen.figures.patient_against_cohort import against_figure
from reportgen.figures.patient_flow import FlowBox, FlowOut, flow
from reportgen.figures.patient_matrix import Part, Patient, patient_matrix
from reportgen.figures.relapse_bands import Path as Way
from reportgen.figures.relapse_bands import paths
from reportgen.figures.survival_curves import survival_figure
from reportgen.figures.swimmer import Mark, Phase, Swim, swimmer
from reportgen.figures.toxicity_bars import ToxicityBar, toxicity_figure
from reportgen.figures.waterfall import Bar, waterfall
from reportgen.render.svg import print_svg
from reportgen.stats.results import Curve, Steps
from reportgen.writing.language import languages, speaking
from reportgen.writing.numbers import DAYS_PER
from tests.figures import gallery

YEAR = 365.25
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = ("<script>alert(1)</script>", "{{7*7}}", "=cmd|'/c calc'!A1", r"$\frac{1}$", '_x & "y"', "x" * 5000)
NAMES = [
    "km-8",
    "km-flat",
    "km-8-half",
    "km-200-reverse",
    "km-groups-2",
    "km-groups-2-half",
    "km-groups-3",
    "km-groups-3-half",
    "km-groups-4",
    "km-groups-4-half",
    "km-groups-5",
    "km-groups-5-half",
    "km-groups-8",
    "km-groups-8-half",
    "km-2-long",
    "ci-2",
    "ci-1",
    "km-one-patient",
    "km-huge",
    "log-log-2",
    "log-log-4",
    "log-log-long",
    "log-log-huge",
    "matrix-8",
    "matrix-1",
    "matrix-30",
    "swimmer-31",
    "swimmer-60",
    "swimmer-500",
    "waterfall-8",
    "waterfall-200",
    "waterfall-40-half",
    "waterfall-1",
    "spider-8",
    "spider-200",
    "toxicity-8",
    "toxicity-1",
    "toxicity-200",
    "dots-8",
    "forest",
    "forest-narrow",
    "dots-half",
    "flow",
    "flow-plain",
    "flow-long",
    "paths-2",
    "paths-60",
]


@cache
def drawn() -> dict[str, str]:
    """The figures of the gallery; not while tests are collected, for that takes seconds."""
    return dict(gallery.figures())


def test_the_whole_gallery_is_looked_at():
    assert list(drawn()) == NAMES


def texts(drawing: Drawing) -> list[str]:
    return list(drawing.texts)


def boxes(drawing: Drawing) -> list[tuple[str, float, float, float, float]]:
    """Each text with the frame of its capitals: left, top, right, bottom."""
    found = []
    for words in drawing.marks:
        if isinstance(words, Words):
            width = style.width_of(words.text, words.size, words.weight)
            left = words.x - BEFORE[words.anchor] * width
            found.append((words.text, left, words.y - 0.66 * words.size, left + width, words.y))
    return found


def shapes(drawing: Drawing, **wanted: object) -> list[Path | Circle]:
    """The marks, but words, that have these fields."""
    every = [mark for mark in drawing.marks if not isinstance(mark, Words)]
    return [mark for mark in every if all(getattr(mark, name) == value for name, value in wanted.items())]


def corners(path: Path) -> list[tuple[float, float]]:
    """The points of a path."""
    return [point for line in path.lines for point in line]


def plain_curve(time, at_risk, events, censored, estimate, kind="kaplan_meier", n=0) -> Curve:
    columns = [np.asarray(c, float) for c in (time, at_risk, events, censored, estimate)]
    nowhere = np.full(len(time), np.nan)
    return Curve(kind, Steps(*columns, nowhere, nowhere), n=n)


SIX = plain_curve(
    [0, 100, 200, 300, 400],
    [6, 6, 5, 3, 1],
    [0, 1, 1, 0, 1],
    [0, 0, 1, 2, 0],
    [1, 5 / 6, 2 / 3, 2 / 3, 0],
    n=6,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_one_plain_svg_element(name):
    svg = print_svg(drawn()[name])
    root = ElementTree.fromstring(svg)
    assert svg.startswith("<svg ") and root.tag == f"{SVG}svg"
    assert {element.tag for element in root} <= {f"{SVG}path", f"{SVG}text"}
    for absent in ("opacity", "style=", "url(", "matplotlib", "<!", "<?", "nan", 'inf"'):
        assert absent not in svg
    assert [element.get("id") for element in root.iter() if element.get("id")] == [root.get("id")]
    width, height = (float(root.get(side).removesuffix("pt")) for side in ("width", "height"))
    assert root.get("viewBox") == f"0 0 {root.get('width')[:-2]} {root.get('height')[:-2]}"
    assert width in {round(wide * style.MM, 2) for wide in style.WIDTHS.values()} and 20 < height < 700
    assert all(float(text.get("font-size")) >= 7 for text in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("name", NAMES)
def test_no_text_leaves_the_sheet_or_touches_another(name):
    width, height = drawn()[name].width, drawn()[name].height
    found = boxes(drawn()[name])
    for words, left, top, right, bottom in found:
        assert left > -1 and right < width + 1 and top > -0.5 and bottom + 1 < height, words
    for i, (words, left, top, right, bottom) in enumerate(found):
        for other, *box in found[i + 1 :]:
            apart = box[0] > right - 0.1 or box[2] < left + 0.1 or box[1] > bottom or box[3] < top
            assert apart, f"{words!r} touches {other!r}"


def test_ids_of_different_figures_differ():
    ids = [drawing.id for drawing in drawn().values()]
    assert len(set(ids)) == len(ids)


def test_the_steps_stand_where_the_curve_says():
    drawing = survival_figure("k", [SIX], ["all"], unit="months", ylabel="Survival", few_at_risk=0)
    (line,) = (corners(d) for d in shapes(drawing, edge=style.ALL[0].lower(), width=1.2))
    ((left, bottom), (_, top)) = corners(shapes(drawing, fill="", width=0.6)[0])
    days = [(x - left) / (line[-1][0] - left) * 400 for x, _ in line]
    steps = [(day, (bottom - y) / (bottom - top)) for day, (_, y) in zip(days, line, strict=True)]
    held = [(0, 1), (100, 1), (100, 5 / 6), (200, 5 / 6), (200, 2 / 3), (300, 2 / 3), (400, 2 / 3), (400, 0)]
    assert len(steps) == len(held)
    for (day, share), (expected_day, expected_share) in zip(steps, held, strict=True):
        assert day == pytest.approx(expected_day, abs=0.5)
        assert share == pytest.approx(expected_share, abs=0.001)
    (tick,) = ((a + b) / 2 for words, a, _, b, _ in boxes(drawing) if words == "12")
    assert (tick - left) / (line[-1][0] - left) == pytest.approx(12 * DAYS_PER["months"] / 400, abs=0.001)


def test_the_line_is_lighter_where_few_are_at_risk():
    drawing = survival_figure("k", [SIX], ["all"], unit="months", ylabel="Survival", few_at_risk=5)
    (dark,) = shapes(drawing, edge=style.ALL[0].lower(), width=1.2)
    (light,) = shapes(drawing, edge=style.tint(style.ALL[0], 0.5).lower(), width=1.2)
    assert corners(dark)[-1] == corners(light)[0]  # from the second event on three are at risk
    assert len(corners(dark)) == 5


def test_the_rows_add_up_to_n_and_count_strictly_before_the_tick():
    rows = counts(SIX, [0, 100, 101, 300, 400, 500])
    assert rows == {
        "At risk": [6, 6, 5, 3, 1, 0],
        "Censored": [0, 0, 0, 1, 3, 3],
        "Events": [0, 0, 1, 2, 2, 3],
    }
    assert {sum(column) for column in zip(*rows.values(), strict=True)} == {6}


def test_the_rows_of_an_incidence_name_those_with_a_competing_event():
    curve = plain_curve(
        [0, 10, 20], [5, 5, 3], [0, 1, 0], [0, 0, 1], [0, 0.2, 0.2], "cumulative_incidence", n=5
    )
    rows = counts(curve, [0, 10, 20, 30])
    assert rows["Competing"] == [0, 0, 1, 3]
    assert {sum(column) for column in zip(*rows.values(), strict=True)} == {5}


def test_the_rows_of_the_reverse_curve_keep_their_meaning():
    flipped = plain_curve(
        [0, 10, 20], [3, 3, 1], [0, 2, 0], [0, 0, 1], [1, 1 / 3, 1 / 3], "reverse_kaplan_meier", 3
    )
    assert counts(flipped, [30]) == {"At risk": [0], "Censored": [2], "Events": [1]}


def test_rows_stand_under_their_ticks():
    rows = {}
    for words, left, _, right, baseline in boxes(drawn()["km-8"]):
        rows.setdefault(round(baseline, 1), []).append((words, (left + right) / 2))
    places = {words: [x for w, x in row if w != words] for row in rows.values() for words, _ in row}
    for name in ("At risk", "Censored", "Events"):
        assert places[name] == pytest.approx(places["Years"], abs=0.02) and len(places[name]) == 6


def test_a_landmark_beyond_the_last_time_has_no_value():
    def words(days):
        return texts(survival_figure("k", [SIX], ["all"], unit="months", ylabel="S", landmarks=(days,)))

    assert words(250).count("67%") == 1 and "67%" not in words(401)


def test_a_million_patients_make_a_small_figure_that_is_still_right():
    drawing = drawn()["km-huge"]
    assert len(print_svg(drawing)) < 110_000
    huge = gallery.curve(1_000_000, 5, hazard=0.3, follow=20)
    line, key = (corners(d) for d in shapes(drawing, edge=style.GROUPS[0].lower(), width=1.2))
    assert len(key) == 2
    (left, bottom), (_, top) = corners(shapes(drawing, fill="", width=0.6, edge="#1b1f24")[0])
    scale = (line[-1][0] - left) / huge.steps.time[-1]
    for x, y in line[2::60]:
        at = np.searchsorted(huge.steps.time, [(x - 0.6 - left) / scale, (x + 0.6 - left) / scale])
        low, high = huge.steps.estimate[np.minimum(at, len(huge.steps.time) - 1)][::-1]
        assert low - 0.002 <= (bottom - y) / (bottom - top) <= high + 0.002


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_as_text(text):
    for drawing in (
        survival_figure("k", [SIX, SIX], [text, "other"], unit="years", ylabel=text),
        swimmer("s", [Swim(300, (Phase(0, 300, "treatment"),), group=text)], unit="months", cutoff_note=text),
        waterfall("w", [Bar(text, -0.5, text)]),
        toxicity_figure("t", [ToxicityBar(text, (1, 0, 0, 0, 0), (0, 0, 0, 0, 0), 8)]),
        dot_plot("d", [DotRow(text, 0.5, 0.2, 0.8, text, text)], xlabel=text, columns=(text, text)),
        flow("f", [FlowBox(text, 9), FlowBox(text, 8)], [[FlowOut(text, 1)]]),
        patient_matrix("m", [Patient(text, 100, (), text, status=text)], (text,), unit="months"),
        paths("p", [Way((text,) * 4, 2)]),
        oncoprint("o", [Person(text, text), Person("B")], [Finding(text, (True, None), text)]),
    ):
        shown = texts(drawing)
        assert text in shown or any(t.endswith("…") and text.startswith(t[:-1]) for t in shown if len(t) > 1)
        assert {e.tag for e in ElementTree.fromstring(print_svg(drawing))} <= {f"{SVG}path", f"{SVG}text"}


def test_what_the_font_lacks_becomes_a_box_and_the_invisible_goes():
    assert style.clean("S\u200b01\n 😀\u0301 中文 ไท\u2009x\x1b") == "S01 ☐ 中文 ☐☐ x"
    assert style.clean("e\u0301é Ж β ≥") == "éé Ж β ≥"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.floats(12, 200))
def test_fitted_text_fits(text, room):
    fitted = style.fit(text, room)
    assert style.width_of(fitted) <= room
    assert fitted == style.clean(text) or fitted.endswith("…")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=10))
def test_spread_labels_keep_their_gap_and_order(wanted):
    places = style.spread(wanted, 9, 0, 100)
    order = np.argsort(wanted, kind="stable")
    assert all(b - a > 9 - 1e-6 for a, b in pairwise(np.array(places)[order]))
    assert min(places) > -1e-6 and max(places) < 100 + 1e-6


def test_colours_can_be_read_and_told_apart_in_grey():
    white = style.luminance("#FFFFFF") + 0.05
    assert all(
        white / (style.luminance(c) + 0.05) >= 4.5 for c in (*style.GROUP_INKS, style.INK, style.SECOND)
    )
    assert all(white / (style.luminance(c) + 0.05) >= 3 for c in style.GROUPS)
    steps = [style.luminance(c) for c in style.GRADES]
    assert all(a - b > 0.03 for a, b in pairwise(steps))
    assert len({style.group_style(i)[2:] for i in range(8)}) == 8
    for colour in style.GRADES:
        ink = style.luminance(style.ink_on(colour)) + 0.05
        ground = style.luminance(colour) + 0.05
        assert max(ink, ground) / min(ink, ground) >= 4.5


def test_a_colour_has_one_meaning():
    meanings = (style.GROUPS, style.GRADES, filter(None, style.RESPONSES.values()), style.ALL[:1])
    meanings = [set(meaning) for meaning in (*meanings, (style.TREATMENT, style.NEXT_LINE, style.OFF))]
    assert len(set.union(*meanings)) == sum(map(len, meanings))
    channels = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for meaning in meanings for c in sorted(meaning)]
    owner = [i for i, meaning in enumerate(meanings) for _colour in meaning]
    for (i, one), (k, other) in combinations(zip(owner, channels, strict=True), 2):
        assert i == k or sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 40, (one, other)


def test_the_curve_of_all_patients_has_no_colour_of_a_group():
    drawing = survival_figure("k", [SIX], ["all"], unit="months", ylabel="S")
    assert not drawing.colours & {colour.lower() for colour in style.GROUPS}


def test_the_key_of_the_swimmer_names_what_occurs_and_no_more():
    swim = Swim(400, (Phase(0, 200, "treatment"),), (Mark(400, "death"),))
    assert texts(swimmer("s", [swim], unit="months"))[:2] == ["On treatment", "Death"]
    assert "Still followed" in texts(swimmer("s", [Swim(400, ongoing=True)], unit="months"))


def test_events_of_ones_own_are_drawn_on_the_bars_of_many_and_named_where_they_occur():
    marked = [Swim(400, (Phase(0, 400, "treatment"),), (Mark(90, "own 1"),))] * 40
    bare = [replace(one, events=()) for one in marked]
    own = {"own 0": "Graft", "own 1": "Radiotherapy"}
    assert "Radiotherapy" in texts(swimmer("s", marked, unit="months", own=own))
    assert "Graft" not in texts(swimmer("s", marked, unit="months", own=own))
    drawn, without = (len(shapes(swimmer("s", some, unit="months", own=own))) for some in (marked, bare))
    assert drawn - without >= 40


def test_bars_of_the_swimmer_are_as_long_as_their_time():
    swims = [
        Swim(365.25, (Phase(0, 365.25, "treatment"),)),
        Swim(730.5, (Phase(0, 730.5, "treatment"),)),
    ]
    drawn = [corners(d) for d in shapes(swimmer("s", swims, unit="years"), fill=style.TREATMENT.lower())]
    one, two = (box[1][0] - box[0][0] for box in drawn[-2:])
    assert two == pytest.approx(2 * one, abs=0.02)


def test_the_matrix_is_thick_on_treatment_and_coloured_by_the_last_response():
    parts = (
        Part(0, 100, "", True),
        Part(100, 200, "CR", True),
        Part(200, 400, "CR", False),
        Part(400, 500, "PD", True, 2),
    )
    one = Patient(
        "S01", 500, parts, cells=(True, False, None), signs=((400, "relapse"), (500, "death")), status="dead"
    )
    drawing = patient_matrix("m", [one], ("Fusion: RANBP2", "Sex: female", "Site: lung"), unit="months")
    on, off = (corners(d) for d in shapes(drawing, fill=style.RESPONSES["CR"].lower())[:2])
    height = [abs(box[2][1] - box[0][1]) for box in (on, off)]
    width = [box[1][0] - box[0][0] for box in (on, off)]
    assert height[0] > 2 * height[1] and width[1] == pytest.approx(2 * width[0], abs=0.02)
    assert {"S01", "Fusion: RANBP2", "dead", "2", "Relapse", "Death", "Complete response"} <= set(
        texts(drawing)
    )
    assert "Partial response" not in texts(drawing) and "Stopped" not in texts(drawing)


def test_a_swimmer_of_any_number_is_lower_than_a_page():
    swims = [Swim(100.0 + i, (Phase(0, 50, "treatment"),), group=f"G{i // 100}") for i in range(600)]
    height = swimmer("s", swims, unit="months").height
    assert height < 225 * style.MM
    few = swimmer("s", swims[:40], unit="months").height
    assert few == pytest.approx(40 * style.MM + 32, abs=4)


def test_names_are_cut_between_words():
    assert style.fit("site of the primary tumour", 60) == "site of the…"
    assert style.fit("Adenocarcinoma", 30).endswith("…")


def test_waterfall_falls_and_cuts_growth_beyond_double():
    drawing = waterfall("w", [Bar("a", -0.4, "PR"), Bar("b", 1.8, "PD"), Bar("c", 0.1, "SD")])
    assert [t for t in texts(drawing) if t in ("a", "b", "c")] == ["b", "c", "a"]
    assert {"+180%", "+10%", "−40%"} <= set(texts(drawing))
    (grown,) = (corners(d) for d in shapes(drawing, fill=style.RESPONSES["PD"].lower())[1:])
    (shrunk,) = (corners(d) for d in shapes(drawing, fill=style.RESPONSES["PR"].lower())[1:])
    tall, low = (abs(box[2][1] - box[0][1]) for box in (grown, shrunk))
    assert tall == pytest.approx(low / 0.4, abs=0.05)  # cut at +100%


def test_toxicity_counts_and_lengths():
    drawing = toxicity_figure("t", [ToxicityBar("Nausea", (2, 1, 1, 0, 0), (1, 0, 0, 0, 0), 8)])
    assert texts(drawing).count("4") == 1 and texts(drawing).count("Grade 4") == 0
    widths = [abs(p[1][0] - p[0][0]) for p in map(corners, shapes(drawing, fill=style.GRADES[0].lower())[1:])]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.02)
    many = texts(toxicity_figure("t", [ToxicityBar("Nausea", (50, 0, 0, 0, 0), (1, 0, 0, 0, 0), 200)]))
    assert "25%" in many and "0.5%" not in many and "1%" in many


def test_an_interval_that_leaves_the_axis_ends_in_an_arrow():
    def triangles(high):
        drawing = dot_plot("d", [DotRow("x", 2.0, 0.5, high)], xlabel="Hazard ratio", log=True)
        assert "Hazard ratio (log scale)" in texts(drawing)
        return sum(
            isinstance(d, Path) and d.closed and len(corners(d)) == 3
            for d in shapes(drawing, fill=style.INK.lower())
        )

    assert triangles(4.0) == 0 and triangles(5000.0) == 1


def test_a_row_without_a_value_has_no_point():
    drawing = dot_plot("d", [DotRow("none of them", None, None, None, "0/0", "NE")], xlabel="Relapsed")
    assert "NE" in texts(drawing) and not shapes(drawing, fill=style.RESPONSES["CR"].lower())


def test_ratio_axes_hold_one_and_at_least_two_ticks():
    for low, high in ((0.9, 1.1), (0.0001, 3000), (0.3, 2), (2, 40)):
        axis = ratio_axis(low, high, 0, 150)
        assert axis.low < 1 < axis.high and len(axis.ticks) >= 2 and 1 in axis.ticks


def test_patients_are_neither_lost_nor_made_on_their_ways():
    ways = [Way((f"drug {i % 11}", "x"), i + 1) for i in range(15)]
    shown = texts(paths("p", ways, heads=("Drug", "End")))
    numbers = [int(t) for t in shown if t.isdigit()]
    assert sum(numbers) == 2 * 120 and "Other" in shown and len(numbers) == 8


def test_eight_patients_make_a_small_file():
    assert len(print_svg(drawn()["km-8"])) < 10_000


def test_fonts_are_found_in_a_checkout_and_in_an_installed_package(tmp_path, monkeypatch):
    assert all((style.fonts_folder() / face).is_file() for face in style.FACES.values())
    inside = tmp_path / "reportgen" / "templates" / "fonts"
    inside.mkdir(parents=True)
    monkeypatch.setattr(style, "__file__", str(tmp_path / "reportgen/figures/style.py"))
    assert style.fonts_folder() == inside


def test_the_same_bytes_under_another_hash_seed_and_a_strangers_matplotlibrc(tmp_path):
    rc = "svg.fonttype: path\nfont.size: 30\ntext.parse_math: True\nlines.dashed_pattern: 9, 9\npath.sketch: 1, 2, 3\n"
    (tmp_path / "matplotlibrc").write_text(rc + "lines.scale_dashes: False\naxes.unicode_minus: False\n")
    code = (
        "from tests.figures import gallery\n"
        "import sys; sys.stdout.reconfigure(encoding='utf-8')\n"
        "print([drawing for part in (gallery.matrices, gallery.sizes) for _, drawing in part()], end='')"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=FilePath(__file__).parents[2],
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "MATPLOTLIBRC": str(tmp_path / "matplotlibrc")},
    )  # fmt: skip
    here = str([drawing for part in (gallery.matrices, gallery.sizes) for _, drawing in part()])
    assert run.stdout.decode() == here


def test_a_pdf_sets_the_text_in_the_embedded_fonts_alone(caplog):
    import pikepdf
    import weasyprint

    faces = "".join(
        f"@font-face{{font-family:'Source Sans Pro';font-weight:{weight};src:url({path.as_uri()})}}"
        for weight, path in ((w, style.fonts_folder() / face) for w, face in style.FACES.items())
    )
    page = f"<html lang=en><style>{faces}@page{{size:150mm 200mm}}</style>{print_svg(drawn()['km-groups-2'])}"
    with pikepdf.open(io.BytesIO(weasyprint.HTML(string=page).write_pdf())) as pdf:
        fonts = [str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()]
    assert len(fonts) == 2 and all("Source-Sans-Pro" in font or "SourceSansPro" in font for font in fonts)
    assert not caplog.records


@pytest.mark.parametrize("name", ["km-8", "km-groups-2", "km-groups-2-half", "km-huge", "ci-2", "km-flat"])
def test_no_landmark_value_lies_on_a_line(name):
    drawing = drawn()[name]
    lines = [np.array(corners(d)) for d in shapes(drawing, width=1.2)]
    values = {mark.text for mark in drawing.marks if isinstance(mark, Words) and mark.weight == 600}
    values = {words for words in values if re.fullmatch(r"\d+%", words)}
    frames = [box for words, *box in boxes(drawing) if words in values and box[0] > lines[0][0][0]]
    assert values and frames
    assert all(is_free(tuple(box), lines, []) for box in frames)


def test_proportional_hazards_keep_their_distance_on_the_log_log_scale():
    """S² against S: log(−log S²) = log 2 + log(−log S) at every time."""
    times = np.array([1.0, 3, 10, 30]) * 30.4375
    ones = np.ones(4)
    pair = [
        Curve("kaplan_meier", Steps(times, 9 * ones, ones, 0 * ones, s, s, s))
        for s in (np.array([0.9, 0.7, 0.5, 0.2]), np.array([0.9, 0.7, 0.5, 0.2]) ** 2)
    ]
    drawing = log_log_figure("ph", pair, ["A", "B"], unit="months", ylabel="Survival")
    lines = [shapes(drawing, edge=style.GROUPS[i].lower()) for i in (0, 1)]
    curves = [corners(max(found, key=lambda path: len(corners(path)))) for found in lines]
    levels = [[b for (_x, a), (_y, b) in pairwise(line) if a != b] for line in curves]
    gaps = [b - a for a, b in zip(*levels, strict=True)]
    assert len(gaps) == 3 and min(gaps) > 5 and max(gaps) - min(gaps) < 0.05
    assert {"1", "10", "90%", "60%"} <= set(texts(drawing))


def test_a_million_patients_make_a_small_log_log_figure():
    assert len(print_svg(drawn()["log-log-huge"])) < 60_000


@pytest.mark.parametrize("code", languages())
def test_the_names_of_the_counts_leave_room_for_them_in_every_language(code):
    """In German "Unter Risiko" is longer than "Zensiert"."""
    others = gallery.from_times(np.arange(1, 120) * 20.0, np.arange(119) % 2)
    with speaking(code):
        drawing = against_figure("f", others, None, unit="months", ylabel="Overall survival", width_mm=42)
    found = boxes(drawing)
    for place, (text, left, top, right, bottom) in enumerate(found):
        for other, x, y, x2, y2 in found[place + 1 :]:
            assert min(right, x2) - max(left, x) < 0.5 or min(bottom, y2) - max(top, y) < 0.5, (text, other)
