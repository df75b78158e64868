"""Whether an extract may be last month's: nobody was seen since the earlier report, or less is known than then."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from reportgen.cohort.changes.stepwise import tables_of
from reportgen.cohort.cohort import Cohort, Table

OLD = "the file may be last month's: have it exported anew, then make this report again"


def doubts(cohort: Cohort) -> tuple[str, ...]:
    """What is to be said of the file that a report of a period was made from; nothing of a value or a patient."""
    earlier = cohort.earlier
    if earlier is None or earlier.tables is None:
        return ()
    then, now = _last_day(earlier.tables), _last_day(tables_of(cohort))
    if then is None or now is None or now > then:
        return ()
    name = f"the report for {earlier.last.name}" if earlier.last.name else "the earlier report"
    what = "the data end before those of" if now < then else "nobody was seen since"
    return (f"{what} {name}: {OLD}.",)


def _last_day(tables: Mapping[str, Table]) -> pd.Timestamp | None:
    """The last day of which the data say anything; None where they have no dates."""
    days = [
        table.frame[column].max()
        for table in tables.values()
        for column in table.frame
        if pd.api.types.is_datetime64_any_dtype(table.frame[column]) and table.frame[column].notna().any()
    ]
    return max(days, default=None)
