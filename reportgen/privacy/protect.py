"""A Cohort → the same cohort as another reader may see it: the one place where ids, dates and free text go.

Everything that is printed, drawn or written comes from the Cohort that this gives, so that no chapter has
to think of privacy. Under "board" patients keep their own rows, under a pseudonym and with times since their
start, and so under "partner"; under "external" the counts that are made from them are protected in a second
step (see release).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base.errors import Issue
from reportgen.base.message import Message
from reportgen.cohort.cohort import Cohort, Feature, Input, Table
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import columns_of
from reportgen.privacy.pseudonyms import pseudonyms
from reportgen.privacy.rare_findings import without_rare
from reportgen.settings.model import Settings

INTERNAL, BOARD, PARTNER, EXTERNAL = "internal", "board", "partner", "external"
OLDEST = 90.0
AGE, AGE_BAND = "age_at_start", "age band"
BANDS = (
    ("0–17", 18.0),
    ("18–39", 40.0),
    ("40–59", 60.0),
    ("60–74", 75.0),
    ("75–89", OLDEST),
    ("over 89", np.inf),
)
# Free text of which only this much goes out: these words, and otherwise that something was recorded.
VOCABULARIES: Mapping[str, tuple[str, ...]] = {
    "cause_of_death": ("disease", "toxicity", "infection", "accident"),
    "action": (
        "none",
        "no",
        "no action",
        "no change",
        "not changed",
        "dose not changed",
        "not applicable",
        "unknown",
        "dose reduced",
        "dose increased",
        "dose delayed",
        "dose held",
        "dose interrupted",
        "reduced",
        "delayed",
        "held",
        "paused",
        "interrupted",
        "stopped",
        "withdrawn",
        "discontinued",
        "drug interrupted",
        "drug withdrawn",
        "treatment interrupted",
        "treatment stopped",
        "treatment discontinued",
    ),
    "relapse_site": (),
    "disease_status": (),
}
OTHERWISE = {"cause_of_death": "other cause", "action": "other action", "treatment": "other treatment"}
RECORDED = "recorded"
# Settings that no report of the profile shows.
NAMING = ("tables", "columns", "values", "extracted")
HIDDEN = {INTERNAL: (), BOARD: NAMING, PARTNER: (*NAMING, "cutoff"), EXTERNAL: (*NAMING, "cutoff")}
# Of [source] what names sheets, which may be patients, columns, or words of cells.
OF_SOURCE = (
    "missing", "ignore", "header_rows", "toxicity_prefix", "toxicity_columns", "toxicity_text", "toxicity_none",
    "toxicity_unknown", "stack", "transposed", "join",
)  # fmt: skip
BARE = Settings()


def protect(cohort: Cohort, key: bytes | None = None) -> Cohort:
    """The cohort as the profile of its settings has it; the cohort itself under "internal".

    key: of the pseudonyms; needed under "board" and "partner". Under "external" ids are running numbers, which nothing
    prints. Gone are: ids, every calendar date, dates of birth, the rows and cells of the source, its name,
    what is wrong in it beyond the kinds of issues, free text beyond closed vocabularies, and columns that
    are neither known nor examined; under "external" findings of lists that are rare, too. Ages are whole years, those
    over 89 one group; under "external" bands.
    A cut-off that somebody chose stays under "board": it is a date of the report, not of a patient. A "partner" gets
    no date at all, the name of a line of therapy only where `rare_below` patients share it, and is otherwise shown what
    the board is.
    """
    profile = cohort.settings.privacy.profile
    if profile == INTERNAL:
        return cohort
    if profile == EXTERNAL:
        cohort = without_rare(cohort, cohort.settings.privacy.min_cell)
    names = _names(cohort, key)
    kept = {feature.name for feature in cohort.features}
    patients = _table(cohort.patients, names, kept)
    features = cohort.features
    if profile == EXTERNAL:
        patients, features = _in_bands(patients, features)
    others = {
        name: None if table is None else _table(table, names, set())
        for name, table in (
            ("toxicities", cohort.toxicities),
            ("treatments", cohort.treatments),
            ("assessments", cohort.assessments),
            # Values of single patients, in words of the data: nothing of them is for readers outside.
            ("measurements", None if profile == EXTERNAL else cohort.measurements),
        )
    }
    if profile == PARTNER and others["treatments"] is not None:
        others["treatments"] = _shared_names(others["treatments"], cohort.settings)
    chosen = cohort.cutoff if profile == BOARD and cohort.cutoff_given else None
    return replace(
        cohort,
        patients=patients,
        settings=_settings(cohort.settings, profile),
        **others,
        features=features,
        cutoff=chosen,
        cutoff_given=chosen is not None,
        issues=tuple(discreet(issue) for issue in cohort.issues),
        matches=(),
        source=Input(sha256=cohort.source.sha256, rows={} if profile == EXTERNAL else cohort.source.rows),
        pseudonymous=True,
    )


def discreet(issue: Issue) -> Issue:
    """The kind of an issue alone: what it says, and where, may name a patient."""
    return Issue(issue.severity, issue.code, None, None, None, Message(""), Message(""), count=issue.count)


def _names(cohort: Cohort, key: bytes | None) -> dict[str, str]:
    ids = cohort.patients.frame["patient_id"].tolist()
    if cohort.settings.privacy.profile == EXTERNAL:
        return {patient: f"{place:06}" for place, patient in enumerate(ids, 1)}
    if key is None:
        raise ValueError("pseudonyms need a key")
    return pseudonyms(key, ids)


def _settings(settings: Settings, profile: str) -> Settings:
    """Without what the source calls its sheets, columns and words; under "external" without the cut-off."""
    return _with(settings, BARE, profile)


def with_hidden(shown: Settings, whole: Settings) -> Settings:
    """The settings that a report shows, with what it hides of the whole ones they were made from."""
    return _with(shown, whole, shown.privacy.profile)


def _with(settings: Settings, other: Settings, profile: str) -> Settings:
    """The settings with what a profile hides as other settings have it."""
    if profile == INTERNAL:
        return settings
    source = replace(settings.source, **{name: getattr(other.source, name) for name in OF_SOURCE})
    return replace(settings, source=source, **{name: getattr(other, name) for name in HIDDEN[profile]})


def _table(table: Table, names: Mapping[str, str], examined: set[str]) -> Table:
    known = columns_of(table.name)
    frame = table.frame[[c for c in table.frame if c in known or c in examined or c in table.days]]
    frame = frame.drop(columns="birth_date", errors="ignore")
    changed = {"patient_id": frame["patient_id"].map(names)}
    for column in frame:
        if pd.api.types.is_datetime64_any_dtype(frame[column]):
            changed[column] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")
        elif column in VOCABULARIES and column not in examined:
            changed[column] = _closed(frame[column], column)
    if AGE in frame:
        changed[AGE] = np.floor(frame[AGE].astype(float)).clip(upper=OLDEST)
    keep = frame["patient_id"].isin(names)
    days = table.days.drop(columns="birth_date", errors="ignore")
    return replace(table, sheet=table.name, frame=frame.assign(**changed)[keep], days=days[keep], letters={})


def _closed(cells: pd.Series, column: str) -> pd.Series:
    words, otherwise = VOCABULARIES[column], OTHERWISE.get(column, RECORDED)
    return cells.map(
        lambda cell: word_key(cell) if word_key(cell) in words else otherwise, na_action="ignore"
    )


def _shared_names(treatments: Table, settings: Settings) -> Table:
    """Lines of therapy whose name few patients share are another treatment: a cell may hold any text. Of one that the
    settings mark, the word that they look for in it."""
    frame = treatments.frame
    if "treatment" not in frame:
        return treatments
    patients = frame.groupby("treatment")["patient_id"].nunique()
    told = [mark.partition(":") for mark in settings.patients.marks]
    marks = [word.strip() for table, _colon, word in told if word and name_key(table) == "treatments"]
    names = {
        name: next((mark for mark in marks if word_key(mark) in word_key(name)), OTHERWISE["treatment"])
        for name in patients.index[patients < settings.privacy.rare_below]
    }
    return replace(treatments, frame=frame.assign(treatment=frame["treatment"].replace(names)))


def _in_bands(patients: Table, features: tuple[Feature, ...]) -> tuple[Table, tuple[Feature, ...]]:
    """Age as bands, and no other measured value: a range or a quantile is the value of single patients."""
    frame = patients.frame
    if AGE in frame:
        limits = [upper for _, upper in BANDS[:-1]]
        names = np.array([name for name, _ in BANDS], object)
        age = frame[AGE].to_numpy(float)
        band = np.where(np.isnan(age), np.array(None), names[np.searchsorted(limits, age, side="right")])
        frame = frame.drop(columns=AGE).assign(**{AGE_BAND: band})
    numbers = [f.name for f in features if f.kind == "number" and f.name != AGE]
    kept = tuple(
        Feature(AGE_BAND, f.label, "category", f.unit, tuple(name for name, _ in BANDS), f.known_at_start)
        if f.name == AGE
        else f
        for f in features
        if f.name not in numbers
    )
    return replace(patients, frame=frame.drop(columns=numbers)), kept
