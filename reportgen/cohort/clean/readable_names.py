"""A readable label from the name of a column that nobody gave one: "ldh_baseline" is "LDH baseline" in print."""

from __future__ import annotations

import re
from collections.abc import Iterable

# As the field writes them; none that is a word of its own in English or German ("all", "alt", "met", "ret").
ABBREVIATIONS = """
    AFP AJCC ALK AML ANC AST ASXL1 BCL2 BCR BMI BRAF BRCA BRCA1 BRCA2 CAR CD19 CD20 CD30 CDKN2A CEA CK CLL
    CML CNS CRP CT CTCAE DLBCL DNA ECOG EBV ECG EGFR EORTC FISH FLT3 GGT GIST Hb HbA1c HCC HER2 HIV HLA HPV
    IDH1 IDH2 IGHV IHC IPI ISS JAK2 KIT KRAS LDH MGMT MGUS MRD MRI MSI MYC MYCN NF1 NGS NLR NRAS NSCLC NTRK
    NYHA PCR PET PIK3CA PSA PTEN RANBP2 RB1 RECIST RNA ROS1 SCLC TMB TNM TP53 ULN WBC WHO
"""
SPELLED = {word.casefold(): word for word in ABBREVIATIONS.split()}
SPELLED |= {"ki67": "Ki-67", "pdl1": "PD-L1", "ca125": "CA 125", "gcsf": "G-CSF"}
PAIRS = {("ki", "67"): "Ki-67", ("pd", "l1"): "PD-L1", ("ca", "125"): "CA 125", ("ca", "15"): "CA 15",
         ("bcr", "abl1"): "BCR-ABL1", ("bcr", "abl"): "BCR-ABL"}  # fmt: skip
SMALL = {
    "and",
    "at",
    "bei",
    "by",
    "der",
    "des",
    "for",
    "im",
    "in",
    "of",
    "to",
    "und",
    "von",
    "vor",
    "with",
    "zum",
}
HUMP = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")
WORD = 5  # letters: a shorter word in capitals may be an abbreviation


def readable(name: str) -> str:
    """The name with spaces for underscores and humps, abbreviations as they are spelled, and no shouting.

    >>> readable("fusion_partner"), readable("ALK status"), readable("ldh"), readable("ecog_ps"), readable("pd_l1")
    ('fusion partner', 'ALK status', 'LDH', 'ECOG ps', 'PD-L1')
    >>> readable("STAGE_AT_DIAGNOSIS"), readable("tumourSite"), readable("NOTCH1 mutation"), readable("Tumorgröße")
    ('stage at diagnosis', 'tumour site', 'NOTCH1 mutation', 'Tumorgröße')
    """
    words = name.replace("_", " ").split()
    if len(words) == 1:
        first, *rest = HUMP.split(words[0])
        words = [first, *(word if first[:1].isupper() else word.lower() for word in rest)]
    shouted = len(words) > 1 and name.upper() == name
    return " ".join(_spelled(_quiet(word) if shouted else word for word in words))


def _spelled(words: Iterable[str]) -> list[str]:
    found, waiting = [], list(words)
    while waiting:
        word = waiting.pop(0)
        pair = PAIRS.get((word.casefold(), waiting[0].casefold())) if waiting else None
        if pair:
            waiting.pop(0)
        plain = word == word.lower()
        found.append(pair or (SPELLED.get(word, word) if plain else word))
    return found


def _quiet(word: str) -> str:
    """A word of a name that is all in capitals: small, unless it may be an abbreviation or the name of a gene."""
    small = word.lower()
    vowels = sum(letter in "aeiouyäöü" for letter in small)
    return small if small in SMALL or (word.isalpha() and len(word) >= WORD and vowels > 1) else word
