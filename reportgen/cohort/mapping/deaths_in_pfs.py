"""Whether what a source calls progression-free survival counts deaths: else it is the progression-free interval."""

from __future__ import annotations

import numpy as np

# A word left out here and there is a fault of the data; from so many on, and such a share, it is the definition.
FEWEST, SHARE = 5, 0.1


def counts_no_deaths(died: np.ndarray, event: np.ndarray, apart: np.ndarray, near: float) -> bool:
    """Whether deaths are no events of an endpoint, as in the studies of TCGA (their PFI; Liu, Cell 2018).

    By patient. died, event: of survival and of the endpoint. apart: between the two times, nan where one, or a status,
    is missing; within near they are the same. Asked of those who died when the endpoint ended: most of them have no
    event of it, or five and a tenth of them at least.
    """
    at_death = died & (np.abs(apart) <= near)
    without, counted = int((at_death & ~event).sum()), int((at_death & event).sum())
    return without > counted or without >= max(FEWEST, SHARE * (without + counted))
