"""The embedded fonts: what they hold, how wide it is, what is spelled out, and equal bytes for equal input."""

import io
import subprocess
import sys

import pytest
from fontTools.ttLib import TTFont

from reportgen.render.html import fonts
from reportgen.render.html.document import render_page
from reportgen.render.html.page import PRINT, SCREEN
from reportgen.report import Paragraph, Report, Section


@pytest.mark.parametrize("face", fonts.FACES, ids=lambda face: face.file)
def test_a_subset_is_a_readable_woff_with_the_wanted_code_points(face):
    font = TTFont(io.BytesIO(fonts.subset(face, frozenset(map(ord, "A5/8–é")))))
    assert font.flavor == "woff"
    assert set(map(ord, "A5/8–é")) <= set(font.getBestCmap())
    assert ord("B") not in font.getBestCmap()
    assert font["head"].unitsPerEm == 1000


def test_widths_are_those_of_the_font():
    font = TTFont(io.BytesIO(fonts.font_bytes(fonts.FACES[2])))
    metrics, cmap = font["hmtx"].metrics, font.getBestCmap()
    assert fonts.width("5/8 (63%)") == pytest.approx(
        sum(metrics[cmap[ord(c)]][0] for c in "5/8 (63%)") / 1000
    )
    assert len({fonts.width(digit) for digit in "0123456789"}) == 1
    assert fonts.width("\U0001f600") == 0.5


def test_what_is_written_is_in_the_fonts():
    nasty = "".join(map(chr, range(1, 0x3000))) + "\U0001f600\ue000\ufdd0\ud800\u202e\ufeff"
    shown = fonts.writable(nasty, printed=True)
    assert all(c == fonts.LEFT_TO_RIGHT or ord(c) in fonts.charset() or fonts.further(c) for c in shown)


@pytest.mark.parametrize(
    ("text", "printed", "shown"),
    [
        ("75% (95% CI 32–97)", True, "75% (95% CI 32–97)"),
        ("山田 한국", True, "山田 한국"),
        ("山田", False, "山田"),
        ("ไทย \U0001f600", True, "[U+0E44 U+0E17 U+0E22] [U+1F600]"),
        ("ไทย", False, "ไทย"),
        ("a\u202eb", False, "a[U+202E]b"),
        ("\ud800", False, "[U+D800]"),
        ("woman \U0001f469\u200d\u2695\ufe0f", False, "woman \U0001f469\u200d\u2695\ufe0f"),
        ("e\u0301", True, "é"),
        ("12\u2009mm", True, "12\u202fmm"),
        ("line\nbreak", True, "line break"),
        ("[U+0041]", True, "[U+0041]"),
    ],
)
def test_what_cannot_be_shown_is_spelled_out(text, printed, shown):
    assert fonts.writable(text, printed) == shown


def test_equal_code_points_give_equal_bytes_in_another_process():
    command = (
        "import hashlib; from reportgen.render.html import fonts;"
        "print(hashlib.sha256(fonts.embedded_css(map(ord, 'Abc 5/8 é')).encode()).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", command], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


def test_that_characters_could_not_be_shown_is_said():
    def page_of(words: str, medium: str) -> str:
        section = Section("a", "A", (Paragraph((words,)),))
        return render_page(Report("T", "", "2018-06-30", (), (section,), version="0.1.0"), medium)[0]

    said = "Characters that the fonts of this document lack"
    assert "[U+0E44 U+0E17]" in page_of("ไท", PRINT) and said in page_of("ไท", PRINT)
    assert said not in page_of("Żółć Ωμέγα Жанна 李明", PRINT) and said not in page_of("ไท", SCREEN)
    assert said in page_of("☐☐", SCREEN)


@pytest.mark.parametrize("printed", [True, False])
def test_numbers_stand_where_they_are_read_beside_words_from_right_to_left(printed):
    """Without a mark after the word, "in X, 4 of 5" would be drawn as "4 ,X in of 5"."""
    assert fonts.writable("in كريزوتينيب, 4 of 5", printed) == "in كريزوتينيب\u200e, 4 of 5"


def test_further_faces_hold_what_is_wanted_and_no_letter_of_ours():
    rules, files = fonts.further_faces(("Żółć 山", "كر a"))
    held = [set(TTFont(io.BytesIO(content)).getBestCmap()) for content in files.values()]
    assert held == [{0x20, *map(ord, "كر")}, {0x20, ord("山")}] and rules.count("@font-face") == 2
    assert sum(map(len, files.values())) < 20_000
    assert fonts.further_faces(("Żółć Жанна",)) == ("", {})


def test_a_page_carries_the_further_faces_that_it_needs_and_no_others():
    assert fonts.embedded_css(map(ord, "Żółć")).count("@font-face") == len(fonts.FACES)
    css = fonts.embedded_css(map(ord, "山"))
    assert css.count("@font-face") == len(fonts.FACES) + 1 and '"Further Han"' in css
