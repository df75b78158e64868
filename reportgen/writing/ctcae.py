"""What clinicians call some CTCAE terms: words for sentences only, never for counting.

Laboratory terms of the Common Terminology Criteria for Adverse Events describe a measurement; the clinic has
a name for the condition. The sentence gives both, so that nothing depends on this table being complete.
"""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.writing.language import _

CLINICAL = {
    "neutrophil count decreased": N_("neutropenia"),
    "platelet count decreased": N_("thrombocytopenia"),
    "white blood cell decreased": N_("leukopenia"),
    "white blood cell count decreased": N_("leukopenia"),
    "lymphocyte count decreased": N_("lymphopenia"),
    "cd4 lymphocytes decreased": N_("CD4 lymphopenia"),
    "alanine aminotransferase increased": N_("raised alanine aminotransferase"),
    "aspartate aminotransferase increased": N_("raised aspartate aminotransferase"),
    "blood bilirubin increased": N_("hyperbilirubinaemia"),
    "alkaline phosphatase increased": N_("raised alkaline phosphatase"),
    "creatinine increased": N_("raised creatinine"),
    "lipase increased": N_("raised lipase"),
    "serum amylase increased": N_("raised amylase"),
    "electrocardiogram qt corrected interval prolonged": N_("QTc prolongation"),
    "ejection fraction decreased": N_("reduced ejection fraction"),
    "palmar-plantar erythrodysesthesia syndrome": N_("hand–foot syndrome"),
    "peripheral sensory neuropathy": N_("sensory neuropathy"),
    "mucositis oral": N_("oral mucositis"),
    "edema limbs": N_("oedema of the limbs"),
}


def clinical(term: str, name: str = "") -> str:
    """The clinical name with the term behind it, or the term alone where they are the same.

    >>> clinical("neutrophil count decreased")
    'neutropenia (neutrophil count decreased)'
    >>> clinical("nausea"), clinical("anemia")
    ('nausea', 'anemia')
    """
    known = CLINICAL.get(term)
    shown = name or term
    if known is None:
        return shown
    return f"{_(known)} ({shown})"


def graded_by(version: str) -> str:
    """Which version of CTCAE the grades are of, as a sentence; version: "" where nobody declared it."""
    if not version:
        return _("The version of CTCAE was not declared.")
    return _("Graded by CTCAE version {version}.", version=version)
