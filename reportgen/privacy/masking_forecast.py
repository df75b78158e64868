"""What a report for readers outside will mask, in a sentence before it is made."""

from __future__ import annotations

from collections import Counter

from reportgen.cohort.cohort import Cohort
from reportgen.privacy.ledger import ALL
from reportgen.privacy.release import refuse_small, release_of

LEFT = "consider the profile board or partner, or wait for more patients"


def masked_ahead(cohort: Cohort) -> str:
    """How many of the numbers of a protected cohort will be masked, and in which tables; "" where none will.

    It tells no more than the report itself, which shows each masked number as one. Raises what `refuse_small` does.
    """
    refuse_small(cohort)
    release = release_of(cohort)
    shares = [share for share in release.ledger.shares if share.statistic]
    masked = Counter(share.section for share in shares if not release.shows(share))
    if not masked:
        return ""
    of = Counter(share.section for share in shares)
    if not release.printed.keys() - {ALL} or masked == of:
        return f"for readers outside, all {len(shares)} numbers will be masked: {LEFT}."
    tables = ", ".join(f"{section} {masked[section]} of {of[section]}" for section in of if masked[section])
    return f"for readers outside, {masked.total()} of {len(shares)} numbers will be masked ({tables})."
