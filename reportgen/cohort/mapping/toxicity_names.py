"""What toxicities are called, in the languages of names/, and the columns that hold them."""

import re

# What hardly anybody has before a treatment in grades: a column of that name with grades is one of toxicities.
TERMS = re.compile(
    r"nause|ubelkeit|uebelkeit|vomi|erbrechen|fatig|mudigkeit|muedigkeit|asth?eni|diarr|durchfall|mu[ck]osit|mucite|"
    r"stomatit|rash|exanth|exantem|hautausschlag|erup[ct]|neutropen|th?rombo(?:[cz]yto)?pen|leu[ck]open|hand foot|"
    r"hand fuss|main pied|mano pie|pruri|juckreiz|[ck]olitis|pneumonitis|alope[ck]|haarausfall|arth?ralg|m[yi]alg|"
    r"neuropat|obstipation|constipa|estrenim|stipsi|\bana?emi|\banamie|dysgeusi|transaminas|hypothyr|oedem|\bedem|odem|"
    r"hepatotox|nephrotox|cardiotox|\bfe(?:ver|brile)|fieber|pyrexi|paronych|epistaxis|infusion reaction|"
    r"cytokine release|hyper(?:gly[ck]|bilirub)|hypo(?:phosph|[ck]al|natr|magn)|"
    r"(?:increased|decreased|elevated|erhoht|erniedrigt)$"
)
SPEAKS = re.compile(
    r"(?:^|_)(?:aes?|adverse|tox\w*|side_effects?|nebenwirkung\w*|uaw|other_aes?|ctcae)(?:_|$)"
)
