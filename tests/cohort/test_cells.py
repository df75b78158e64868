"""One cell at a time."""

from datetime import date, datetime, time

import pytest

from reportgen.cohort.clean import cells, dates

DAY = date(2015, 4, 20)


@pytest.mark.parametrize(
    "cell, value, code",
    [
        (DAY, DAY, None),
        (datetime(2015, 4, 20), DAY, None),
        (datetime(2015, 4, 20, 13, 5), DAY, "DATE_HAS_TIME"),
        ("2015-04-20", DAY, None),
        (" 2015-04-20 ", DAY, None),
        ("2015-04-20T00:00:00", DAY, None),
        ("2015-04-20 13:05", DAY, "DATE_HAS_TIME"),
        ("01/02/2019", None, "AMBIGUOUS_DATE"),
        ("1.2.19", None, "SHORT_YEAR"),
        ("20.04.2015", None, "DATE_AS_TEXT"),
        ("04/20/2015", None, "DATE_AS_TEXT"),
        ("2015/04/20", DAY, "DATE_IN_WORDS"),
        ("20150420", DAY, "DATE_IN_WORDS"),
        (20150420.0, DAY, "DATE_IN_WORDS"),
        (20151345, None, "BAD_DATE"),
        ("20APR2015:00:00:00", DAY, "DATE_IN_WORDS"),
        ("2015/04/20 12:00:00 AM", DAY, "DATE_IN_WORDS"),
        ("20 April 2015", DAY, "DATE_IN_WORDS"),
        ("20-Apr-2015", DAY, "DATE_IN_WORDS"),
        ("20/Apr/2015", DAY, "DATE_IN_WORDS"),
        ("2015-Apr-20", DAY, "DATE_IN_WORDS"),
        ("Apr-20-2015", DAY, "DATE_IN_WORDS"),
        ("20 de abril de 2015", DAY, "DATE_IN_WORDS"),
        ("1er avril 2015", date(2015, 4, 1), "DATE_IN_WORDS"),
        ("20/Apr/15", None, "SHORT_YEAR"),
        ("April 20th, 2015", DAY, "DATE_IN_WORDS"),
        ("20. Mai 2015", date(2015, 5, 20), "DATE_IN_WORDS"),
        ("20 Brumaire 2015", None, "BAD_DATE"),
        ("05.05.2015", date(2015, 5, 5), "DATE_IN_WORDS"),
        (date(1900, 2, 28), None, "DATE_OF_1900"),
        ("1900-01-01", None, "DATE_OF_1900"),
        ("0.0427", None, "BAD_DATE"),  # a number of four decimals
        ("0.2013", None, "BAD_DATE"),
        ("2015-04", None, "PARTIAL_DATE"),
        ("2015", None, "PARTIAL_DATE"),
        ("04/2015", None, "PARTIAL_DATE"),
        ("2015-04-XX", None, "PARTIAL_DATE"),
        ("2015-04-00", None, "PARTIAL_DATE"),
        ("04.2015", None, "PARTIAL_DATE"),
        ("May 2015", None, "PARTIAL_DATE"),
        ("UNK-MAY-2015", None, "PARTIAL_DATE"),
        ("XX/04/2015", None, "PARTIAL_DATE"),
        ("2015-XX-XX", None, "PARTIAL_DATE"),
        (2015.0, None, "PARTIAL_DATE"),
        ("#N/A", None, "ERROR_CELL"),
        ("2015-02-30", None, "BAD_DATE"),
        ("31.31.2015", None, "BAD_DATE"),
        ("soon", None, "BAD_DATE"),
        (time(12, 0), None, "BAD_DATE"),
        (42114.0, None, "DATE_AS_NUMBER"),
        (date(1015, 4, 20), None, "DATE_RANGE"),
        (date(2999, 1, 1), None, "DATE_RANGE"),
        ("unknown", None, cells.MISSING_WORD),
        ("None", None, cells.MISSING_WORD),
        ("  ", None, None),
    ],
)
def test_a_date_is_read_or_named_but_never_guessed(cell, value, code):
    assert dates.day(cell) == (value, code)


@pytest.mark.parametrize(
    "cell, value, code",
    [
        (3, 3.0, None),
        (2.5, 2.5, None),
        ("12", 12.0, "NUMBER_AS_TEXT"),
        (" -1.5e3 ", -1500.0, "NUMBER_AS_TEXT"),
        ("1,5", None, "BAD_NUMBER"),
        ("<5", None, "BAD_NUMBER"),
        ("1_000", None, "BAD_NUMBER"),
        ("inf", None, "BAD_NUMBER"),
        ("nan", None, "BAD_NUMBER"),
        ("1E5", None, "BAD_NUMBER"),
        ("1e+05", 100000.0, "NUMBER_AS_TEXT"),
        ("1e999", None, "BAD_NUMBER"),
        ("yes", None, "BAD_NUMBER"),
        (True, None, "BAD_NUMBER"),
        (DAY, None, "BAD_NUMBER"),
        ("?", None, cells.MISSING_WORD),
    ],
)
def test_a_number_is_plain_or_none(cell, value, code):
    assert cells.number(cell) == (value, code)


def test_an_id_keeps_its_digits_and_distrusts_long_ones():
    assert cells.identifier(7.0) == ("7", None)
    assert cells.identifier("007") == ("007", None)
    assert cells.identifier("NA") == ("NA", None)
    assert cells.identifier(12345678901234567.0)[1] == "ID_PRECISION"


def test_none_is_a_word_in_categories_and_unknown_is_one_in_texts():
    assert cells.category("none") == ("none", None)
    assert cells.category("unknown") == (None, cells.MISSING_WORD)
    assert cells.free_text("unknown") == ("unknown", None)
    assert cells.free_text("n/a") == (None, cells.MISSING_WORD)


def test_text_is_composed_collapsed_and_free_of_controls():
    assert cells.text("Ame\u0301lie\u00a0 \n X") == ("Am\u00e9lie X", None)
    assert cells.text("a\u202eb\u200bc\x1bd") == ("abcd", None)
    assert cells.text("👩‍👧 ok") == ("👩‍👧 ok", None)


def test_a_megabyte_is_cut_and_said():
    value, code = cells.text("x" * 1_000_000)
    assert len(value) == cells.MAX_TEXT
    assert code == "CELL_TOO_LONG"


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "{{7*7}}", "=cmd|' /C calc'!A0", r"$\frac{1}", "_x"]
)
def test_hostile_text_is_text(hostile):
    assert cells.text(hostile) == (hostile, None)


def test_a_word_is_known_by_any_of_its_spellings():
    lookup = {"dead": "dead", "dod": "dead", "1": "dead", "alive": "alive"}
    assert cells.word(" DOD ", lookup) == ("dead", None)
    assert cells.word(1.0, lookup) == ("dead", None)
    assert cells.word("maybe", lookup) == (None, "UNKNOWN_VALUE")
    assert cells.word("not  recorded", lookup) == (None, cells.MISSING_WORD)
