"""The vocabulary as data: tables, columns, their kinds and units, allowed values, and what others call them.

A kind is one of: id, text, terms (texts with | between them), number, date, word (one of the column's words), yes/no.
Names, synonyms and words are compared after normalising (see `keys`), so they stand here in that form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.synonyms import FURTHER
from reportgen.cohort.mapping.word_lists import lists

_FOREIGN = lists().values


def _with_foreign(column: str, words: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The words of a column with what the languages of names/ call them."""
    further = _FOREIGN.get(column, {})
    return {word: tuple(dict.fromkeys((*others, *further.get(word, ())))) for word, others in words.items()}


YES_NO = _with_foreign(
    "yes/no", {"yes": ("y", "true", "1", "ja", "oui", "si"), "no": ("n", "false", "0", "nein", "non")}
)
RESPONSES = _with_foreign("best_response", {
    "CR": ("complete response", "complete remission", "complete"),
    "PR": ("partial response", "partial remission", "partial"),
    "SD": ("stable disease", "stable"),
    "PD": ("progressive disease", "progression", "progressed"),
    "NE": ("not evaluable", "not assessed", "inevaluable", "unevaluable"),
})  # fmt: skip
STOP_REASONS = _with_foreign("stop_reason", {
    "completed": ("complete", "end of treatment", "end of therapy", "planned", "treatment completed"),
    "toxicity": ("adverse event", "adverse events", "ae", "side effects", "unacceptable toxicity", "tox"),
    "progression": ("relapse", "recurrence", "progressive disease", "pd", "disease progression",
                    "disease relapse"),
    "death": ("died", "dead"),
    "patient choice": ("patient decision", "patient wish", "withdrawal", "withdrawal by subject", "refusal",
                       "withdrew consent", "consent withdrawn", "withdrawal of consent", "subject withdrew",
                       "withdrawal by parent/guardian", "subject decision", "patient request"),
    "other": (
        "recovery",
        "symptomatic deterioration",
        "technical problems",
        "failure to meet continuation criteria",
        "screen failure",
        "trial screen failure",
        "i/e not met",
        "discontinued",
        "physician decision",
        "investigator decision",
        "lost to follow-up",
        "lack of efficacy",
        "protocol violation",
        "protocol deviation",
        "study terminated by sponsor",
        "sponsor decision",
        "site terminated by sponsor",
        "non-compliance with study drug",
        "pregnancy",
    ),
})  # fmt: skip
ONGOING = ("ongoing", "on treatment", "still on treatment", "continuing", "cont.", "on-going", "on going", "continues",
           "continued", "still on", "still on drug", "still ongoing", "still receiving",
           "on tx", "on rx", "on therapy", "on drug", "on study", "on trial", "still on tx", "still on rx",
           "not stopped", "still on therapy", "still on study", "to date", "present", "current", "cont",
           *_FOREIGN.get("ongoing", {}).get("ongoing", ()))  # fmt: skip
# What was not done is missing, too; among the numbers of a characteristic its cells are named.
NOT_DONE = lists().missing["not_done"]
MISSING_WORDS = frozenset(("", *lists().missing["anywhere"], *NOT_DONE))
# Among numbers and dates, where they can be no level, and among dates, where they say that there was none.
NOT_MEASURED, NO_DATE = lists().missing["measured"], lists().missing["no_date"]
MISSING_IN_TEXT = frozenset(("", "na", "n/a", "-", "--", "–", "—", "?", "??", "."))

DAYS_PER = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}


@dataclass(frozen=True)
class Column:
    """A canonical column.

    label: as it stands within a sentence. words: allowed value → other spellings; only for the kinds word and yes/no.
    stems: further names that stand for a date only when followed by _days or _months.
    """

    name: str
    kind: str
    label: str
    synonyms: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str = ""
    stems: tuple[str, ...] = ()


SHEETS: Mapping[str, tuple[str, ...]] = {
    "patients": ("patient", "subjects", "demographics", "cohort"),
    "toxicities": ("toxicity", "adverse_events", "adverse_event", "ae", "aes"),
    "treatments": ("treatment_lines", "therapy_lines", "therapies", "lines", "lines_of_therapy"),
    "assessments": ("assessment", "tumour_assessments", "tumor_assessments", "visits", "responses"),
    "measurements": ("measurement",),
    "dictionary": ("data_dictionary", "codebook"),
    "report": ("settings", "report_settings"),
}

PATIENT_ID = Column(
    "patient_id", "id", "patient",
    ("id", "patient", "patient_no", "patient_number", "pt_id", "pid", "subject", "subject_id", "usubjid",
     "subjid", "study_id", "record_id", "sequence_no"),
)  # fmt: skip

_TABLES: Mapping[str, tuple[Column, ...]] = {
    "patients": (
        PATIENT_ID,
        Column("sex", "word", "sex", ("gender",), _with_foreign(
            "sex", {"female": ("f", "w", "woman", "girl", "weiblich"),
                    "male": ("m", "man", "boy", "männlich"), "other": ("diverse", "intersex")})),
        Column("birth_date", "date", "date of birth", ("date_of_birth", "dob", "birthdate")),
        Column("age_at_start", "number", "age at the start",
               ("age", "age_years", "age_at_treatment", "age_at_treatment_start"), unit="years"),
        Column("diagnosis", "text", "diagnosis", ("histology", "primary_diagnosis")),
        Column("diagnosis_date", "date", "date of diagnosis", ("date_of_diagnosis", "dx_date")),
        Column("treatment", "text", "treatment", ("drug", "index_treatment", "therapy")),
        Column("treatment_start", "date", "start of treatment",
               ("start", "start_date", "treatment_start_date", "date_of_treatment_start", "on_treatment_date",
                "therapy_start", "first_dose_date")),
        Column("treatment_stop", "date", "end of treatment",
               ("stop", "stop_date", "end_date", "treatment_stop_date", "treatment_end", "treatment_end_date",
                "off_treatment_date", "therapy_stop", "last_dose_date")),
        Column("stop_reason", "word", "reason for stopping",
               ("reason_for_stopping", "off_treatment_reason", "reason_stopped", "discontinuation_reason"),
               STOP_REASONS),
        Column("best_response", "word", "best response", ("response", "bor", "best_overall_response"),
               RESPONSES),
        Column("response_date", "date", "date of first response",
               ("date_of_response", "first_response_date", "best_response_date"), stems=("time_to_response",)),
        Column("relapse_date", "date", "date of relapse or progression",
               ("date_of_relapse", "progression_date", "date_of_progression", "recurrence_date",
                "date_of_recurrence"),
               stems=("progression", "recurrence", "time_to_relapse", "time_to_progression")),
        Column("relapse_site", "text", "site of relapse", ("site_of_relapse", "progression_site")),
        Column("vital_status", "word", "vital status",
               ("survival_status", "life_status", "last_known_survival_status"),
               _with_foreign("vital_status", {
                   "alive": ("living", "alive with disease", "awd", "ned", "aned", "no evidence of disease",
                             "alive without disease", "lebend", "lebt"),
                   "dead": ("deceased", "died", "dod", "dead of disease", "doc", "dead of other cause",
                            "dead of other causes", "died of disease", "expired", "death", "verstorben",
                            "gestorben", "tot", "†", "✝")})),
        Column("disease_status", "text", "disease status at last contact", ("current_disease_status",)),
        Column("death_date", "date", "date of death",
               ("date_of_death", "deceased_date", "expired_date"),
               stems=("time_to_death",)),
        Column("cause_of_death", "text", "cause of death", ("death_cause",)),
        Column("last_contact", "date", "last contact",
               ("last_contact_date", "date_of_last_contact", "last_follow_up", "last_follow_up_date",
                "last_followup", "last_followup_date", "last_seen", "last_known_alive",
                "last_known_survival_date"),
               stems=("follow_up", "followup", "time_to_last_contact", "time_to_last_follow_up")),
        Column("toxicity_assessed", "yes/no", "assessed for toxicity", ("assessed_for_toxicity",), YES_NO),
        Column("toxicity_unknown", "terms", "toxicities not known"),
        Column("relapse_observed", "yes/no", "relapse or progression observed", (),
               _with_foreign("relapse_observed", YES_NO)),
        Column("treatment_ongoing", "yes/no", "treatment ongoing", (), _with_foreign("treatment_ongoing", {
            "yes": (*YES_NO["yes"], "on", *ONGOING),
            "no": (*YES_NO["no"], "off", "off treatment", "stopped", "discontinued", "completed", "ended")})),
    ),
    "toxicities": (
        PATIENT_ID,
        Column("term", "text", "toxicity", ("toxicity", "adverse_event", "ae", "ae_term", "preferred_term",
               "aedecod", "cdus_ctcae_toxicity_type_code")),
        Column("category", "text", "system organ class",
               ("soc", "system_organ_class", "aesoc", "aebodsys", "toxicity_category")),
        Column("grade", "number", "grade", ("ctcae_grade", "toxicity_grade", "ae_grade", "aetoxgr")),
        Column("onset_date", "date", "onset",
               ("onset", "start", "start_date", "ae_onset_date", "ae_start", "onset_date_of_ae")),
        Column("resolved_date", "date", "resolved",
               ("resolved", "resolution_date", "end_date", "stop_date", "ae_end", "ae_resolved_date")),
        Column("attribution", "word", "relation to treatment",
               ("related", "relationship", "causality", "aerel"),
               _with_foreign("attribution", {
                   "unrelated": ("not related", "none"), "unlikely": ("unlikely related", "remote"),
                   "possible": ("possibly", "possibly related"), "probable": ("probably", "probably related"),
                   "definite": ("definitely", "definitely related"),
                   "yes": ("related", *YES_NO["yes"]), "no": YES_NO["no"]})),
        Column("serious", "yes/no", "serious", ("sae", "aeser"), YES_NO),
        Column("action", "text", "action taken", ("action_taken", "aeacn", "dose_change")),
    ),
    "treatments": (
        PATIENT_ID,
        Column("line", "number", "line", ("line_number", "line_of_therapy", "therapy_line")),
        Column("treatment", "text", "treatment", ("drug", "therapy", "regimen")),
        Column("start_date", "date", "start", ("start", "treatment_start", "on_treatment_date")),
        Column("stop_date", "date", "stop",
               ("stop", "end", "end_date", "treatment_stop", "off_treatment_date")),
        Column("stop_reason", "word", "reason for stopping",
               ("reason_for_stopping", "off_treatment_reason"), STOP_REASONS),
        Column("best_response", "word", "best response", ("response", "bor"), RESPONSES),
        Column("dose", "text", "dose", ("dose_level", "daily_dose", "dosis", "dosierung")),
    ),
    "assessments": (
        PATIENT_ID,
        Column("date", "date", "date", ("assessment_date", "visit_date", "scan_date")),
        Column("response", "word", "response", ("overall_response",), RESPONSES),
        Column("tumour_size", "number", "sum of diameters",
               ("tumor_size", "sum_of_diameters", "sld", "target_sum"), unit="mm"),
    ),
    "measurements": (
        PATIENT_ID,
        Column("date", "date", "date", ("measurement_date", "sample_date", "visit_date", "collection_date")),
        Column("name", "text", "measurement", ("measurement", "parameter", "analyte", "lab_test", "test_name")),
        Column("value", "number", "value", ("result", "measured_value", "result_value")),
        Column("unit", "text", "unit", ("units", "result_unit")),
        Column("lower", "number", "lower limit of the reference range",
               ("lower_limit", "reference_low", "ref_low", "lln")),
        Column("upper", "number", "upper limit of the reference range",
               ("upper_limit", "reference_high", "ref_high", "uln")),
    ),
}  # fmt: skip

TABLES: Mapping[str, tuple[Column, ...]] = {
    table: tuple(
        replace(
            column,
            synonyms=tuple(dict.fromkeys((*column.synonyms, *FURTHER[table].get(column.name, ())))),
        )
        for column in columns
    )
    for table, columns in _TABLES.items()
}

DICTIONARY = {
    "column": ("variable", "field", "name", "column_name", "variable_name"),
    "table": ("sheet",),
    "label": ("description", "title"),
    "unit": ("units",),
    "type": ("kind", "format"),
    "levels": ("values", "choices", "codes", "categories"),
    "role": ("use",),
    "min": ("minimum", "lower_limit", "lowest"),
    "max": ("maximum", "upper_limit", "highest"),
}
TYPES = {
    "category": ("categorical", "factor", "word"),
    "yes/no": ("yes_no", "yesno", "boolean", "bool", "binary"),
    "number": ("numeric", "integer", "float", "decimal", "continuous"),
    "text": ("string", "free text", "free_text"),
    "date": ("datetime",),
}
ROLES = {
    "feature": ("baseline", "characteristic", "at start", "covariate"),
    "later": ("after start", "outcome", "post-baseline"),
    "identifier": ("id", "identifying"),
    "ignore": ("ignored", "skip"),
    "text": ("free text", "comment"),
    "toxicity": ("adverse event", "toxicity grade"),
}


@cache
def columns_of(table: str) -> Mapping[str, Column]:
    """The canonical columns of a table by name, in order."""
    return {column.name: column for column in TABLES[table]}


@cache
def synonyms_of(table: str) -> Mapping[str, tuple[str, ...]]:
    """Synonym → the canonical columns that it may stand for. Only dates may be meant by two of them."""
    found: dict[str, tuple[str, ...]] = {}
    for column in TABLES[table]:
        for synonym in column.synonyms:
            found[synonym] = (*found.get(synonym, ()), column.name)
    return found


@cache
def known_names() -> frozenset[str]:
    """All names that a header can have: of columns, their synonyms, and the columns of the dictionary."""
    columns = [column for columns in TABLES.values() for column in columns]
    names = {name for column in columns for name in (column.name, *column.synonyms)}
    return frozenset(names | set(DICTIONARY) | {other for others in DICTIONARY.values() for other in others})


def spellings(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Every spelling, normalised → the word."""
    return {word_key(s): word for word, others in words.items() for s in (word, *others)}


# Columns of the table of patients that are made of several of the source; an endpoint's key names its time.
LISTED = (
    "age", "sex", "best_response", "on_treatment", "stop_reason", "relapse", "after_relapse", "follow_up", "status",
    "worst_grade", "worst_related_grade",
)  # fmt: skip

# The tables whose rows may be marks on the courses of the patients: the column of their names, and of their days.
MARKED = {"treatments": ("treatment", "start_date"), "toxicities": ("term", "onset_date"),
          "measurements": ("name", "date"), "assessments": ("response", "date")}  # fmt: skip
