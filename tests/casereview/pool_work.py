"""Work for a pool, apart from its tests: every process of the pool loads the file that its work stands in."""

from __future__ import annotations

import os
from time import sleep


class Square:
    """Position 3 kills its process."""

    def __call__(self, position: int) -> dict[str, bytes]:
        if position == 3:
            os._exit(1)
        return {f"{position}": b"%d" % position**2}


class Slow:
    """All but the first take a while."""

    def __call__(self, position: int) -> dict[str, bytes]:
        sleep(0 if position == 0 else 30)
        return {}
