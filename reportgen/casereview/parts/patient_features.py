"""The features of one patient: which belong to pathology, and what is recorded of them."""

from __future__ import annotations

import re

from reportgen.analyses.groups import own_words
from reportgen.casereview.case import Case, PatientFeature, amount, shown_features, word
from reportgen.cohort.cohort import Feature

MOLECULAR = re.compile(
    r"\b(gene|genes|genetic\w*|genotype|fusion\w*|mutat\w*|variant\w*|amplif\w*|rearrange\w*|transloc\w*|"
    r"delet\w*|express\w*|molecular|cytogenet\w*|karyotyp\w*|histolog\w*|patholog\w*|subtype|morpholog\w*|"
    r"differentiat\w*|grading|tumou?r grade|biops\w*|immunohisto\w*|ihc|fish|ngs|methylat\w*|receptor\w*|"
    r"wild ?type|msi|tmb|ploidy|blasts?|ki ?67|pd ?l1|her ?2|alk|ros1|ntrk\d?|ret|egfr|braf|kras|nras|tp53|"
    r"brca\d?|mycn|ewsr1|flt3|npm1|idh\d?|bcr|philadelphia|er|pr|psa|margin\w*)\b"
)
GENERAL = ("sex", "age_at_start", "diagnosis", "treatment")


def features_at_start(case: Case, molecular: bool) -> tuple[PatientFeature, ...]:
    """The features known at the start that are, or are not, of pathology, beyond sex, age and diagnosis."""
    found = [f for f in shown_features(case.cohort) if f.name not in GENERAL and is_molecular(f) == molecular]
    return tuple(of_patient(case, feature) for feature in found)


def is_molecular(feature: Feature) -> bool:
    """Whether a feature belongs to pathology, by the words of its name and label.

    >>> is_molecular(Feature("fusion_partner", "fusion partner", "category"))
    True
    """
    words = f"{feature.name.replace('_', ' ')} {feature.label}".casefold().replace("-", " ")
    return bool(MOLECULAR.search(words))


def of_patient(case: Case, feature: Feature) -> PatientFeature:
    """A feature of the patient, with the word or number that is recorded."""
    patients, position = case.cohort.patients, case.position
    number = feature.kind == "number"
    value = amount(patients, position, feature.name) if number else word(patients, position, feature.name)
    ours = value in own_words(feature)
    return PatientFeature(feature.label, value, feature.unit, feature.name, feature.kind, ours)
