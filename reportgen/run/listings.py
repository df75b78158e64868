"""patients.csv: all patients of a report, one a line, for whoever asks for the whole listing.

The names of its columns are those of the workbook, its times are in days, whatever the language and the unit
of the report: it is made for computing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reportgen.analyses import courses
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.patient_columns import SHOWN_TO_BOARD
from reportgen.analyses.patient_grades import worst_grades
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.mapping.schema import columns_of
from reportgen.render.pdf.csv_attachments import guarded

NAME = "patients.csv"
AT_ONCE = 50_000
# As they are for who was read; the day of birth is said by the age.
NEVER = ("patient_id", "birth_date", "relapse_observed", "toxicity_assessed", "toxicity_unknown",
         "treatment_ongoing")  # fmt: skip


def patients_csv(cohort: Cohort) -> bytes:
    """The patients as analysed, in the order in which the report lists them: UTF-8 with its mark.

    patient_id; the compared group; features, with their unit where they have one; the columns of the
    workbook, dates as YYYY-MM-DD, or as days since the start of treatment (`…_days`) where the source or the
    profile has no dates; of every endpoint `…_days` from its origin and `…_status` (0 censored, 1 the event,
    2 a competing event), both empty where it does not apply; the worst grade of toxicity, of any and of
    related ones (0 none, "not graded", empty where not known). Texts that a spreadsheet would take for
    formulas have an apostrophe before them. ValueError under the profile external, which lists nobody.
    """
    profile = cohort.settings.privacy.profile
    if profile == "external" or (profile != "internal" and not cohort.pseudonymous):
        raise ValueError(f"the patients of this cohort may not be listed under the profile {profile}")
    listed: dict[str, np.ndarray] = {}
    for name, cells in _columns(cohort):
        listed[f"{name} (2)" if name in listed else name] = cells
    pieces = [b"\xef\xbb\xbf", _lines([[_text(name)] for name in listed])]
    order = courses.printed_order(cohort)
    for start in range(0, len(order), AT_ONCE):
        rows = order[start : start + AT_ONCE]
        pieces.append(_lines([_texts(cells[rows]) for cells in listed.values()]))
    return b"".join(pieces)


def _columns(cohort: Cohort) -> Iterator[tuple[str, np.ndarray]]:
    """(name, one cell per patient) in printed order."""
    table, internal = cohort.patients, cohort.settings.privacy.profile == "internal"
    yield "patient_id", table.frame["patient_id"].to_numpy(object)
    grouped = cohort.settings.group
    features = sorted(cohort.features, key=lambda feature: feature.name != grouped)
    for feature in features:
        if internal or feature.name in (grouped, *SHOWN_TO_BOARD):
            unit = f" ({feature.unit})" if feature.unit else ""
            yield f"{feature.name}{unit}", table.frame[feature.name].to_numpy(object)
    given = {feature.name for feature in features}
    for name, column in columns_of("patients").items():
        if name in given or name in NEVER or name not in table.frame:
            continue
        if column.kind == "date":
            yield from _dates(cohort, name)
        elif internal or name in SHOWN_TO_BOARD:
            yield name, table.frame[name].to_numpy(object)
    yield from _endpoints(cohort)
    yield from worst_grades(cohort).items()


def _dates(cohort: Cohort, name: str) -> Iterator[tuple[str, np.ndarray]]:
    dates = cohort.patients.frame[name].to_numpy("datetime64[D]")
    if not np.isnat(dates).all():
        yield name, dates
    elif name != cohort.patients.origin:
        yield f"{name}_days", columns.days(cohort.patients, name)


def _endpoints(cohort: Cohort) -> Iterator[tuple[str, np.ndarray]]:
    for key, endpoint in cohort.endpoints.items():
        place = cohort.patients.frame.index.get_indexer(endpoint.rows)
        late = () if endpoint.entry is None else (("entry_days", endpoint.entry),)
        for name, values in (("days", endpoint.duration), ("status", endpoint.status), *late):
            cells = np.full(cohort.n, np.nan)
            cells[place] = values
            yield f"{key}_{name}", cells


def _lines(cells: list[list[str]]) -> bytes:
    """Lines from columns of texts."""
    return "".join(f"{line}\r\n" for line in map(",".join, zip(*cells, strict=True))).encode()


def _texts(cells: np.ndarray) -> list[str]:
    """Every distinct cell is written once."""
    found = cells.tolist()
    texts = {cell: _text(cell) for cell in set(found)}
    return list(map(texts.__getitem__, found))


def _text(cell: object) -> str:
    """
    >>> _text(12.0), _text(0.5), _text(float("nan")), _text("=1+1"), _text("a, b")
    ('12', '0.5', '', "'=1+1", '"a, b"')
    """
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    said = guarded(str(cell))
    return f'"{said.replace(chr(34), 2 * chr(34))}"' if any(sign in said for sign in ',"\r\n') else said
