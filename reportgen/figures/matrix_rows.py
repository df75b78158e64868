"""The rows of the patient matrix as data: stretches of treatment and response, signs, and how high a bar is."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.message import N_

THICK, THIN, MIDDLE = 4.8, 1.8, 7.3  # of the bar; its middle below the top of its row
MOST_DOSE = 1.25
STATES = {
    "": N_("Not yet assessed"),
    "CR": N_("Complete response"),
    "PR": N_("Partial response"),
    "SD": N_("Stable disease"),
    "PD": N_("Progressive disease"),
    "NE": N_("Not evaluable"),
}
SIGNS = {"stop": N_("Stopped"), "relapse": N_("Relapse"), "death": N_("Death")}
OWN_SHAPES, OWN_SIZE, MOST_OWN = ("box", "ring", "lozenge"), 2.2, 90.0


@dataclass(frozen=True)
class Part:
    """A stretch in days: state a key of STATES; treated: thick; line: the number of the line that begins here.

    dose: as a share of the first one, by which a thick bar is lower, or higher; 0: interrupted, as thin as none.
    """

    start: float
    stop: float
    state: str
    treated: bool
    line: int = 0
    dose: float = 1.0

    @property
    def height(self) -> float:
        """Of the bar; a dose of a half is halfway between none and all."""
        return THIN + (THICK - THIN) * min(self.dose, MOST_DOSE) if self.treated else THIN


@dataclass(frozen=True)
class Patient:
    """A row; all times in days. group: the head that it stands under. of: the group of patients, "" of none.

    cells: per feature True, False or None. signs: (day, key of SIGNS or of own). severe: (day, grade). sizes: (day,
    share of the baseline). ongoing: under observation at the end. status: in words.
    """

    label: str
    end: float
    parts: tuple[Part, ...]
    group: str = ""
    cells: tuple[bool | None, ...] = ()
    signs: tuple[tuple[float, str], ...] = ()
    severe: tuple[tuple[float, int], ...] = ()
    sizes: tuple[tuple[float, float], ...] = ()
    ongoing: bool = False
    status: str = ""
    of: str = ""
