"""What clinicians call some CTCAE terms: words for sentences only, never for counting.

Laboratory terms of the Common Terminology Criteria for Adverse Events describe a measurement; the clinic has
a name for the condition. The sentence gives both, so that nothing depends on this table being complete.
"""

from __future__ import annotations

CLINICAL = {
    "neutrophil count decreased": "neutropenia",
    "platelet count decreased": "thrombocytopenia",
    "white blood cell decreased": "leukopenia",
    "white blood cell count decreased": "leukopenia",
    "lymphocyte count decreased": "lymphopenia",
    "cd4 lymphocytes decreased": "CD4 lymphopenia",
    "alanine aminotransferase increased": "raised alanine aminotransferase",
    "aspartate aminotransferase increased": "raised aspartate aminotransferase",
    "blood bilirubin increased": "hyperbilirubinaemia",
    "alkaline phosphatase increased": "raised alkaline phosphatase",
    "creatinine increased": "raised creatinine",
    "lipase increased": "raised lipase",
    "serum amylase increased": "raised amylase",
    "electrocardiogram qt corrected interval prolonged": "QTc prolongation",
    "ejection fraction decreased": "reduced ejection fraction",
    "palmar-plantar erythrodysesthesia syndrome": "hand–foot syndrome",
    "peripheral sensory neuropathy": "sensory neuropathy",
    "mucositis oral": "oral mucositis",
    "edema limbs": "oedema of the limbs",
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
    return f"{known} ({shown})"
