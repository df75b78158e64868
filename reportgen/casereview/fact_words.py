"""What is recorded of one patient, as a case review prints it: a missing item says "not recorded"."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.message import N_
from reportgen.casereview.case import Moment, PatientFeature
from reportgen.report import Block, Paragraph, Row, Table, Text, Value, plain
from reportgen.writing import dates, numbers
from reportgen.writing.language import _, _c, words
from reportgen.writing.narrative import capital, say
from reportgen.writing.shares import CAUSES
from reportgen.writing.tables import row, text_column

NOT_RECORDED = N_("not recorded")
NOT_KNOWN = N_("not known at the cut-off")
DAYS_PER_UNIT = numbers.DAYS_PER
HIDDEN = "recorded"  # all that a profile leaves of free text
OURS = (*CAUSES, "other action")
SHORT, SHORTER = 365.25, 60.875
MOST_FACTS, DENSE_FACTS, NAMED = 11, 7, 12


def missing() -> Text:
    """What stands where nothing is recorded."""
    return (Value(_(NOT_RECORDED), quiet=True),)


def undated() -> Text:
    """What stands for a fact without a date, of a patient who was seen after the cut-off too."""
    return (Value(_(NOT_KNOWN), quiet=True),)


def recorded(value: Text | str | None) -> Text:
    """The value as it is written, or the words that say there is none."""
    if not value:
        return missing()
    return (value,) if isinstance(value, str) else value


def worded(word: str | None) -> Text:
    """The same of a word of a closed vocabulary, in the language of the report."""
    return recorded(word and _(word))


def half_open(word: str | None) -> Text:
    """The same where some words are ours, as those that a profile leaves of free text, and others the workbook's."""
    if word == HIDDEN:
        return (Value(_("not shown (free text)"), quiet=True),)
    return worded(word) if word in OURS else recorded(word)


def span(days: float, unit: str) -> str:
    """A length of time in words, in a smaller unit where it is short.

    >>> span(1095.75, "years"), span(200, "years"), span(7, "years"), span(1, "months")
    ('3.0 years', '6.6 months', '7 days', '1 day')
    """
    if abs(days) < SHORTER:
        unit = "days"
    elif abs(days) < SHORT and unit == "years":
        unit = "months"
    amount = numbers.time(days, unit)
    name = numbers.unit_name(unit, one=amount == "1")
    return words(lambda form: f"{amount} {name:{form}}")


def since_start(days: float, unit: str) -> str:
    """A time from the start of treatment.

    >>> since_start(200, "years"), since_start(-5, "years"), since_start(0, "years")
    ('after 6.6 months', '5 days before', 'at the start')
    """
    if days == 0:
        return _("at the start")
    return (
        _("after {time}", time=span(days, unit)) if days > 0 else _("{time} before", time=span(-days, unit))
    )


def when(moment: Moment, unit: str) -> Text:
    """A date in figures, or the time from the start where the data have no dates."""
    if moment.date:
        return (dates.short_date(moment.date),)
    return missing() if moment.day is None else (since_start(moment.day, unit),)


def dated(moment: Moment, unit: str) -> Text:
    """A date with the time from the start behind it: "2015-10-20 (after 6.0 months)"."""
    if moment.date and moment.day is not None:
        return say("{date} ({time})", date=dates.short_date(moment.date), time=since_start(moment.day, unit))
    return when(moment, unit)


def amount(value: float | None, unit: str = "") -> Text:
    """A number as it was entered, with its unit."""
    if value is None:
        return missing()
    text = numbers.decimal(value, 0) if value == round(value) else numbers.as_written(f"{value:.4g}")
    return (f"{text}\u202f{unit}" if unit else text,)


def sizes_in_words(found: Sequence[tuple[float, float]]) -> str:
    """The first, smallest and last of some sizes, each (day, mm), by day."""
    values = [size for _day, size in found]
    first, least, last = (
        f"{numbers.as_written(f'{value:g}')}\u202fmm" for value in (values[0], min(values), values[-1])
    )
    return _("sum of diameters {first} at first, {least} at its smallest, {last} at last",
             first=first, least=least, last=last)  # fmt: skip


def feature_value(feature: PatientFeature) -> Text:
    """A feature as a table has it."""
    value = feature.value
    if value is None or isinstance(value, str):
        return worded(value) if feature.ours else recorded(value)
    return (
        age(value)
        if feature.name == "age_at_start"
        else amount(value, _(feature.unit) if feature.unit else "")
    )


def age(years: float | None) -> Text:
    """An age in years completed; in months below two years.

    >>> age(41.7), age(0.8)
    (('41\u202fyears',), ('9\u202fmonths',))
    """
    if years is not None and years < 2:
        return amount(float(int(12 * years + 1e-9)), numbers.unit_name("months"))
    return amount(years if years is None else float(int(years)), numbers.unit_name("years"))


def fact_blocks(id: str, caption: str, facts: Sequence[tuple[str, Text]], dense: bool = False) -> list[Block]:
    """Names and values below one another; what is beyond a dozen follows in one paragraph.

    dense: half as many, and of the others only a dozen, with how many more there are.
    """
    most = DENSE_FACTS if dense else MOST_FACTS
    shown, others = facts[:most], facts[most:]
    unnamed = len(others) - NAMED if dense else 0
    others = others[:NAMED] if unnamed > 0 else others
    if len(others) == 1:
        shown, others = facts, ()
    rows = [_fact_row(name, value) for name, value in shown]
    blocks: list[Block] = [
        Table(
            id,
            (caption,),
            (text_column(_c("of a patient", "Item"), 0.4), text_column(_("Recorded"), 0.6)),
            tuple(rows),
        )
    ]
    if others:
        said: list[str | Value] = []
        for name, value in others:
            said += ["; " if said else "", name, ": ", *value]
        if unnamed > 0:
            said.append("; " + _("and {n} further, which the source holds", n=numbers.whole(unnamed)))
        blocks.append(Paragraph(capital(tuple(said)), _("Also")))
    return blocks


def _fact_row(name: str, value: Text) -> Row:
    return row(plain(capital((name,))), value)
