"""Whatever a cell holds: it is read, or named, and nothing is raised."""

import os
import unicodedata
from datetime import date, datetime, time, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen.cohort.clean import cells, dates
from reportgen.cohort.clean.cell_questions import QUESTIONS
from reportgen.cohort.mapping.keys import name_key, word_key

ANY = st.one_of(
    st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
    st.from_regex(r"\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}", fullmatch=True),
)  # fmt: skip


@settings(max_examples=max(300, int(os.environ.get("REPORTGEN_FUZZ", "0"))))
@given(ANY)
@example("٣٠-٠٤-٢٠١٥")
@example("²")
@example("9" * 400)
@example("2015-04-20T99:99")
def test_every_reader_copes_with_every_cell(cell):
    for read in (cells.text, cells.free_text, cells.category, cells.identifier, cells.number, dates.day):
        value, code = read(cell)
        assert code is None or code in QUESTIONS
        if read is dates.day:
            assert value is None or type(value) is date
        elif read is cells.number:
            assert value is None or isinstance(value, float)
        elif value is not None:
            assert len(value) <= cells.MAX_TEXT
            assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in value)
    assert cells.word(cell, {"alive": "alive"})[0] in ("alive", None)
    assert isinstance(word_key(cell), str) and isinstance(name_key(cell), str)


@given(
    st.one_of(
        st.dates(date(1901, 1, 1), dates.LAST), st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1))
    )
)
def test_true_dates_and_iso_text_are_read_as_they_are(moment):
    day = moment.date() if isinstance(moment, datetime) else moment
    assert dates.day(moment)[0] == dates.day(day.isoformat())[0] == day


@given(st.floats(-cells.TOO_LARGE, cells.TOO_LARGE, exclude_min=True, exclude_max=True))
def test_a_number_and_its_text_are_the_same(number):
    assert cells.number(number) == (number, None)
    assert cells.number(repr(number)) == (number, "NUMBER_AS_TEXT")


@given(st.floats(cells.TOO_LARGE, allow_nan=False, allow_infinity=False))
def test_what_nobody_measures_is_no_number(number):
    for cell in (number, -number, repr(number), repr(-number)):
        assert cells.number(cell) == (None, "BAD_NUMBER")


def test_times_alone_are_text_and_no_dates():
    assert cells.text(time(12, 30)) == ("12:30:00", None)
    assert cells.text(timedelta(seconds=90)) == ("90 s", None)
    assert dates.day(timedelta(days=1)) == (None, "BAD_DATE")
