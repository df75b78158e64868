"""The only rounding: numbers as a reader sees them, in plain strings.

Shares of patients, survival and incidence are percentages, with no decimals (one from 1,000 patients on); beside a
standard error survival is a proportion with two decimals, as papers have it, and the two are never mixed in one
phrase. A number strictly within its bounds is never printed as its bound. Signs and number words are those of the
active language.
"""

from __future__ import annotations

from decimal import Decimal
from math import copysign, floor, isfinite, log10

from reportgen.base.message import N_, NC_
from reportgen.writing.language import _c, inflected, rules, words

DAYS_PER = {"years": 365.25, "months": 30.4375, "weeks": 7.0, "days": 1.0}
MISSING, MINUS, EN_DASH = "–", "−", "–"
MASKED = "*"
SMALL_WORDS = (NC_("number", "no"), NC_("number", "one"), NC_("number", "two"), NC_("number", "three"),
               NC_("number", "four"), NC_("number", "five"), NC_("number", "six"), NC_("number", "seven"),
               NC_("number", "eight"), NC_("number", "nine"))  # fmt: skip


def as_written(text: str) -> str:
    """A number as Python writes it, with the signs of the language.

    >>> as_written("-1,234.5")
    '−1,234.5'
    """
    return text.translate(rules().signs)


def whole(x: float) -> str:
    """A count.

    >>> whole(8), whole(12345)
    ('8', '12,345')
    """
    return as_written(f"{x:,.0f}")


def spelled(x: int) -> str:
    """A count within a sentence: words up to nine, "no" for none.

    >>> spelled(8), spelled(0), spelled(12)
    ('eight', 'no', '12')
    """
    return inflected(SMALL_WORDS[x], "number") if 0 <= x < len(SMALL_WORDS) else whole(x)


def decimal(x: float, places: int) -> str:
    """A number with fixed decimals and a true minus; no negative zero.

    >>> decimal(-0.04, 1), decimal(-1.25, 1), decimal(1234.5, 0)
    ('0.0', '−1.3', '1,235')
    """
    text = f"{half_up(x, places):,.{places}f}"
    return as_written(text.lstrip("-") if float(text.replace(",", "")) == 0 else text)


def half_up(x: float, places: int) -> float:
    """Rounded to so many places, a half away from zero: the one rule of the report, for shares and proportions alike.

    >>> half_up(0.125, 2), half_up(-1.25, 1), half_up(2.5, 0)
    (0.13, -1.3, 3.0)
    """
    scaled = abs(x) * 10.0**places
    if not isfinite(scaled) or scaled >= 1e15:
        return x
    return copysign(floor(scaled + 0.5 + 1e-9) / 10.0**places, x)


def percent(x: float, n: int = 0, sign: bool = True) -> str:
    """A share of n patients as a percentage.

    >>> percent(5 / 8), percent(0.0004, 2500), percent(1 / 1200, 1200), percent(0.996), percent(1)
    ('63%', '<0.1%', '0.1%', '>99%', '100%')
    """
    places = 1 if n >= 1000 else 0
    step = 10.0**-places
    if 0 < x < 1 and 100 * x < step / 2:
        text = f"<{step:.{places}f}"
    elif 0 < x < 1 and 100 * x >= 100 - step / 2:
        text = f">{100 - step:.{places}f}"
    else:
        text = f"{half_up(100 * x, places):.{places}f}"
    return rules().percent.format(n=as_written(text)) if sign else as_written(text)


def percent_sign() -> str:
    """What stands behind a percentage, with its distance: "%", in German " %"."""
    return rules().percent.partition("{n}")[2]


def percent_interval(low: float, high: float, n: int = 0, sign: bool = False) -> str:
    """The limits of a share. sign: with its sign, where a column holds other numbers, too.

    >>> percent_interval(0.315, 0.971), percent_interval(0.47, 0.997, sign=True)
    ('32–97', '47 to >99%')
    """
    return between(percent(low, n, sign=False), percent(high, n, sign))


def between(low: str, high: str) -> str:
    """Two limits; a dash before a sign would be read as an arrow."""
    return (
        _c("limits", "{low} to {high}", low=low, high=high) if high[:1] in "<>" else f"{low}{EN_DASH}{high}"
    )


def probability(x: float) -> str:
    """A survival estimate beside its standard error, or a limit of it.

    >>> probability(0.75), probability(0.9979), probability(0.0004), probability(1)
    ('0.75', '0.998', '<0.001', '1.00')
    """
    if 0 < x < 1 and (x < 0.005 or x >= 0.995):
        if x < 0.0005:
            return as_written("<0.001")
        return as_written(">0.999" if x >= 0.9995 else f"{half_up(x, 3):.3f}")
    return as_written(f"{half_up(x, 2):.2f}")


def probability_interval(low: float, high: float) -> str:
    """The limits of a survival estimate beside its standard error.

    >>> probability_interval(0.3197, 0.9683)
    '0.32–0.97'
    """
    return between(probability(low), probability(high))


def p_value(p: float) -> str:
    """With its relation, for a sentence: three decimals, never 0.000.

    >>> p_value(0.10714), p_value(0.00002), p_value(1.0)
    ('p = 0.107', 'p < 0.001', 'p = 1.000')
    """
    return f"p < {p_cell(p)[1:]}" if p < 0.001 else f"p = {p_cell(p)}"


def p_cell(p: float) -> str:
    """Without its relation, for a table.

    >>> p_cell(0.10714), p_cell(0.00002), p_cell(0.9996)
    ('0.107', '<0.001', '1.000')
    """
    return as_written("<0.001" if p < 0.001 else f"{p:.3f}")


def time(days: float, unit: str) -> str:
    """A length of time in its unit, without the unit's name: one decimal.

    >>> time(1095.75, "years"), time(200, "months"), time(12, "days")
    ('3.0', '6.6', '12')
    """
    return decimal(days / DAYS_PER[unit], 0 if unit == "days" else 1)


def time_interval(low: float | None, high: float | None, unit: str) -> str:
    """The limits of a time; a limit that does not exist is NR.

    >>> time_interval(1022.7, None, "years")
    '2.8–NR'
    """
    limits = (_c("sign", "NR") if x is None else time(x, unit) for x in (low, high))
    return EN_DASH.join(limits)


def finer(unit: str) -> str:
    """The unit of short times and of differences: a tenth of a year is too coarse for them."""
    return "months" if unit == "years" else unit


def unit_name(unit: str, one: bool = False) -> str:
    """A unit of time as a reader sees it behind a number.

    >>> unit_name("years"), unit_name("years", one=True)
    ('years', 'year')
    """
    names = {
        "years": (N_("year"), N_("years")),
        "months": (N_("month"), N_("months")),
        "weeks": (N_("week"), N_("weeks")),
        "days": (N_("day"), N_("days")),
    }
    return inflected(names[unit][0 if one else 1])


def time_point(days: float, unit: str) -> str:
    """A landmark in words: no decimals where it is whole.

    >>> time_point(365.25, "years"), time_point(1095.75, "years"), time_point(547.875, "years")
    ('1 year', '3 years', '1.5 years')
    """
    amount = days / DAYS_PER[unit]
    text = f"{amount:.0f}" if abs(amount - round(amount)) < 1e-9 else f"{amount:.1f}"
    name = unit_name(unit, one=text == "1")
    return words(lambda form: f"{as_written(text)} {name:{form}}")


def significant(x: float, digits: int = 2) -> str:
    """A number whose size is not known beforehand (a ratio, a rate, a laboratory value).

    >>> significant(10.4321, 3), significant(0.3153), significant(1448.2), significant(0)
    ('10.4', '0.32', '1,448', '0')
    """
    if x == 0:
        return "0"
    return decimal(x, max(0, digits - 1 - floor(log10(abs(x)))))


def points(x: float, n: int = 0, sign: bool = False) -> str:
    """A difference of shares of n patients in percentage points, with the decimals that the shares have.

    >>> points(0.176), points(0.176, sign=True), points(-0.0042, 2500)
    ('18', '+18', '−0.4')
    """
    places = 1 if n >= 1000 else 0
    return signed(100 * x, places) if sign else decimal(100 * x, places)


def shortened(text: str) -> str:
    """A number of many digits, or with an exponent, as it is read: two digits, point as decimal mark.

    >>> shortened("1e-05"), shortened("0.0001554001554"), shortened("0.1")
    ('0.00001', '0.00016', '0.1')
    """
    return f"{Decimal(f'{float(text):.2g}'):f}"


def ratio(x: float) -> str:
    """A hazard or odds ratio, or its limit: two decimals throughout, so that those of a column can be compared.

    From 100 on they would mean nothing; nor does the size itself beyond 10,000, or below 0.01.

    >>> ratio(10.43), ratio(0.834), ratio(1448.2), ratio(0.0012)
    ('10.43', '0.83', '1,448', '<0.01')
    >>> ratio(4e9), ratio(99.999)
    ('>10,000', '100.00')
    """
    if x > 1e4:
        return as_written(">10,000")
    if 0 < x < 0.005:
        return as_written("<0.01")
    return decimal(x, 2 if x < 100 else 0)


def measure(x: float, spread: float) -> str:
    """A measured value, with as many decimals as its spread deserves (at most two).

    >>> measure(12.345, 4.2), measure(0.123, 0.02), measure(251.2, 130)
    ('12.3', '0.12', '251')
    """
    if spread <= 0:
        return significant(x, 3) if x != round(x) else decimal(x, 0)
    return decimal(x, min(2, max(0, 1 - floor(log10(spread)))))


def signed(x: float, places: int) -> str:
    """A change, with its sign; no sign for none.

    >>> signed(0.064, 2), signed(-1.25, 1), signed(-0.001, 2)
    ('+0.06', '−1.3', '0.00')
    """
    return ("+" if half_up(x, places) > 0 else "") + decimal(x, places)


def printed_change(then: float, now: float, places: int) -> float:
    """What a reader who subtracts two printed numbers gets.

    >>> printed_change(0.714, 0.746, 2)
    0.04
    """
    before, after = (half_up(x, places) for x in (then, now))
    return round(after - before, places)


def adding_up(parts: list[float], total: float, places: int) -> list[float]:
    """The parts, rounded so that as printed they add up to the total as printed.

    The last digit of those nearest to the next one gives way; a part that needs no rounding is never touched first.

    >>> adding_up([0.004, 0.004, 0.004], 0.012, 2)
    [0.01, 0.0, 0.0]
    """
    scale = 10**places
    units = [x * scale for x in parts]
    rounded = [floor(x + 0.5) for x in units]
    missing = floor(total * scale + 0.5) - sum(rounded)
    step = 1 if missing > 0 else -1
    order = sorted(range(len(parts)), key=lambda i: step * (rounded[i] - units[i]))
    for i in order[: abs(missing)]:
        rounded[i] += step
    return [round(x / scale, places) for x in rounded]
