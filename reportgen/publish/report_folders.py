"""Where the reports of a source lie within OUTPUT/<source stem>/: by who may read them, and by month.

The internal report lies in that folder itself, those of other profiles in a folder of their own, so that none
replaces another and nothing with ids in it lies beside what goes outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

INTERNAL, APART = "internal", ("board", "partner", "external")
PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def within(profile: str, period: str = "") -> str:
    """The folder of a report within that of its source; "" is that folder itself.

    >>> within("internal"), within("internal", "2026-10"), within("external", "2026-10")
    ('', '2026-10', 'external/2026-10')
    """
    return "/".join(filter(None, (profile if profile in APART else "", period)))


def places(root: Path) -> Iterator[Path]:
    """Every folder in which a report of the source may lie."""
    for folder in (root, *(root / profile for profile in APART)):
        yield folder
        with suppress(OSError):
            yield from (path for path in folder.iterdir() if PERIOD.fullmatch(path.name))
