"""What this machine takes for today, where that cannot be true."""

from __future__ import annotations

import sys
from datetime import date

from reportgen.base.errors import MachineFailed

# This program was not there before.
FIRST_DAY = date(2026, 1, 1)
REMEDIES = {"win32": "w32tm /resync", "darwin": "sudo sntp -sS time.apple.com"}
REMEDY = REMEDIES.get(sys.platform, "sudo timedatectl set-ntp true")


def refuse_wrong_clock() -> None:
    """MachineFailed where today is before the program was: to it all data would lie in the future, and what was made
    before would be from then, too.
    """
    today = date.today()
    if today < FIRST_DAY:
        raise MachineFailed(f"This machine's clock says {today}, which can't be right: set it ({REMEDY}).")
