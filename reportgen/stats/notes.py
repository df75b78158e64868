"""Why a number does not exist, as data: a status, a code and the reason; and numbers as a Message states them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Self

from reportgen.base.message import N_, Message, message


class Status(StrEnum):
    """Whether an estimate exists, and if not, which kind of reason there is.

    not_reached: the curve stays above the height that is asked for. not_estimable: these data have no such
    number. refused: it could be computed, but too few patients or events stand behind it, or they are not comparable.
    suppressed: it would tell too much of single patients.
    """

    OK = "ok"
    NOT_REACHED = "not_reached"
    NOT_ESTIMABLE = "not_estimable"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"


NOT_REACHED, NOT_ESTIMABLE, MASKED = "NR", "NE: ", N_("suppressed")
COMPARED = "compared"  # the code of a method that says what it compares
CAUSE_SPECIFIC = message("cause-specific hazard", "cause_specific")


class Note(Message):
    """The note of a number that does not exist; itself "NR", "NE: …" or "suppressed", as results.json has it."""

    __slots__ = ("status",)
    status: Status

    def __new__(
        cls, template: str, parts: Mapping[str, object], code: str, status: Status = Status.NOT_ESTIMABLE
    ) -> Self:
        """The note in English. template, parts: as of a Message; code: the reason in one fixed word."""
        self = super().__new__(cls, template, parts, code)
        self.status = status
        return self

    def __getnewargs__(self) -> tuple[str, Mapping[str, object], str, Status]:
        return self.template, self.parts, self.code, self.status

    @property
    def reason(self) -> str:
        """Why the number does not exist, without the sign; a Message, or the words of a file that was read."""
        reason = self.parts.get("reason")
        return reason if isinstance(reason, str) else self


def beyond_follow_up(last: float) -> Message:
    """Nothing is said of a time after the last follow-up. last: days."""
    return message("beyond the last follow-up ({n} days)", "beyond_follow_up", n=number(last))


def not_reached() -> Note:
    """
    >>> str(not_reached()), not_reached().status.value
    ('NR', 'not_reached')
    """
    return Note(NOT_REACHED, {}, "not_reached", Status.NOT_REACHED)


def not_estimable(reason: str, status: Status = Status.NOT_ESTIMABLE) -> Note:
    """These data have no such number; the reason's code becomes that of the note.

    >>> note = not_estimable(Message("no events", code="no_events"))
    >>> str(note), note.status.value, note.code, str(note.reason)
    ('NE: no events', 'not_estimable', 'no_events', 'no events')
    """
    code = reason.code if isinstance(reason, Message) and reason.code else status.value
    return Note(f"{NOT_ESTIMABLE}{{reason}}", {"reason": reason}, code, status)


def refused(reason: str) -> Note:
    """It is not computed, or not shown, for the reason: most often what the gates say."""
    return not_estimable(reason, Status.REFUSED)


def suppressed() -> Note:
    """
    >>> str(suppressed()), suppressed().code
    ('suppressed', 'suppressed')
    """
    return Note(MASKED, {}, "suppressed", Status.SUPPRESSED)


def read_note(words: str, status: str = "", code: str = "") -> str:
    """A note as a file has it, with its status again; of files without one, that which its words stand for.

    >>> read_note("NE: no events", "refused", "no_events").status, read_note("NR").status.value
    (<Status.REFUSED: 'refused'>, 'not_reached')
    >>> read_note("no interval: the variance is 0")
    'no interval: the variance is 0'
    """
    if words == NOT_REACHED:
        return not_reached()
    if words == MASKED:
        return suppressed()
    if not words.startswith(NOT_ESTIMABLE):
        return words
    reason = Message("{text}", {"text": words.removeprefix(NOT_ESTIMABLE)}, code)
    return not_estimable(reason, Status(status or Status.NOT_ESTIMABLE))


def against(sides: Sequence[object]) -> Message:
    """Several sides, in words from the data or as numbers: "3 against 5", "A against B against C"."""
    first, *others = sides
    for other in others:
        first = message("{a} against {b}", a=first, b=other)
    return first if isinstance(first, Message) else message("{a}", a=first)


def compared(how: str, what: str) -> Message:
    """A method, and what it sets against what: "Cox (Efron ties); Wald 95% CI: B against A"."""
    return message("{how}: {what}", COMPARED, how=how, what=what)


def split(method: str) -> tuple[str, str]:
    """A method without what it compares, and that; "" where it compares nothing of its own.

    >>> split(compared(message("Fisher’s exact test"), message("{a} against {b}", a="B", b="A")))
    ('Fisher’s exact test', 'B against A')
    """
    if isinstance(method, Message) and method.code == COMPARED:
        how, what = method.parts["how"], method.parts["what"]
        assert isinstance(how, str) and isinstance(what, str)  # as `compared` made them
        return how, what
    return method, ""


def number(x: float, digits: int = 10) -> float:
    """A number of so many digits as a Message states it: whole numbers without a point.

    >>> number(365.0), number(95.00000000000001), number(0.00001234, 2)
    (365, 95, 1.2e-05)
    """
    short = float(f"{x:.{digits}g}")
    return int(short) if short.is_integer() else short


def grouped(n: int) -> int:
    """A count that a Message states with its thousands set apart.

    >>> f"{grouped(100_000)}", grouped(100_000) + 1
    ('100,000', 100001)
    """
    return _Grouped(n)


class _Grouped(int):
    def __str__(self) -> str:
        return f"{int(self):,}"

    def __format__(self, form: str) -> str:
        return format(int(self), form or ",")


def percent(level: float) -> float:
    """A level of confidence in percent: 95.

    >>> percent(0.95)
    95
    """
    return number(100 * level, 4)
