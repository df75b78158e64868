"""What identifies a person by itself: by the name of a column, and by what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from reportgen.base.message import message
from reportgen.cohort.coded import factorized, is_coded, like
from reportgen.cohort.distinct import kept
from reportgen.cohort.mapping.keys import AT_ONCE
from reportgen.cohort.whole_columns import inferred

MANY = 3
LONGEST = 1_000  # characters of a cell that are looked at
# No number of a person has fewer than nine digits.
SMALLEST = 1e8

BY_NAME = re.compile(
    r"(.*_)?(id|no|nr|mrn|nhs|nhs_number|ssn|pesel|bsn|cpr|nir|aadhaar|medicare|passport|insurance|insurance_number|"
    r"versichertennummer|name|names|vorname|nachname|geburtsname|surname|forename|initials?|init|inits|initialen|iniciales|e?mail|phone|phone_number|"
    r"mobile|mobile_number|telephone|telefon|tel|fax|address|adresse|street|strasse|city|wohnort|zip|zip_code|plz|"
    r"postcode|postal_code|hospital_number|health_number|chart_number|case_number|fallnummer|ip_address|url)"
)

OF_A_THING = re.compile(r".+_(id|no|nr|name|names)")
# What has a name or number, but is nobody.
THINGS = re.compile(
    r"(.*_)?(gene|drug|site|cent(?:er|re)|study|trial|arm|cohort|protocol|treatment|therapy|regimen|variant|mutation|"
    r"fusion|partner|device|product|cell_line|antibody|panel|assay|test|term|event|line|cycle|visit|"
    r"batch|lot|complication|lesion|diagnosis|disease|status|stage|grade|class|category|group)_(id|no|nr|names?)"
)
OF_A_PERSON = re.compile(
    r"(^|_)(patient|pt|subject|person|first|last|full|middle|family|given|birth|maiden|mother|father|parent|next_of_kin|"
    r"contact|doctor|physician|surgeon|investigator|consultant|nurse|arzt|hausarzt|vor|nach|mutter|vater|user)s?_"
)
MOSTLY_DIFFERENT = 0.5

MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[A-Za-z]{2,}")
PHONE = re.compile(
    r"(?<![\w.])(?:\+|00)?\(?\d{1,5}\)?(?:[\s/()-]{1,2}\d{2,8}){1,4}(?![\w-])|(?<![\w.])\+\d{9,15}(?!\w)"
)
NAME = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ'’]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?,? [A-ZÀ-Þ][a-zß-ÿ'’]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?")
AMERICAN = re.compile(r"(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
# Among ids with digits: one to three words of letters, of which NO_NAME are something else.
ODD_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]{2,}(?:,? [^\W\d_][^\W\d_'’]*(?:[-'’.][^\W\d_]*)*){0,2}")
NO_NAME = re.compile(
    r"\b(?:test|patient|case|subject|site|donor|sample|control|unknown|total|sum|mean|median|example|none|missing|screen\w*|"
    r"withdrawn|excluded|duplicate|n/?a)s?\b",
    re.IGNORECASE,
)
DOUBTFUL = re.compile(r"@|(?:\d\D{0,3}){7}")
WITH_DIGIT = re.compile(r"^[^\n0-9]*[0-9]", re.MULTILINE)
DATE_LIKE = re.compile(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}")


def sounds_identifying(name: str) -> bool:
    """Whether a column of this (normalised) name looks like a direct identifier.

    >>> sounds_identifying("patient_name"), sounds_identifying("e_mail"), sounds_identifying("stage")
    (True, True, False)
    """
    return BY_NAME.fullmatch(name.replace("e_mail", "email")) is not None


def identifies(name: str, content: pd.Series) -> bool:
    """Whether a column looks like a direct identifier by its name, and by how many patients share a value.

    The id, number or name of a thing (site_id, gene_name) is none; nor is that of anything but a person where few
    values are each of several patients.
    """
    if not sounds_identifying(name) or (THINGS.fullmatch(name) and not OF_A_PERSON.search(name)):
        return False
    if not OF_A_THING.fullmatch(name) or OF_A_PERSON.search(name):
        return True
    filled = content.dropna()
    return filled.nunique() > MOSTLY_DIFFERENT * len(filled)


def found_in(cells: pd.Series, is_id: bool = False) -> pd.Series:
    """For each cell the kind of identifier that it holds ("e-mail addresses"), or None.

    A bare number counts only where all cells of a column of at least three are such numbers with right
    check digits: one in ten random numbers passes such a check, but not all of several. So does a shape of which
    most cells of the column fail the check: it is something else, such as telephone numbers. Among ids, a name or a
    number of a person is found where it is not what the ids look like.
    """
    if is_id and is_coded(cells) and kept(cells.array.distinct, "nobody", _names_nobody):
        return like(cells, np.full(len(cells), -1, np.int8), np.array([], object))
    numeric = inferred(cells) in ("floating", "integer")
    if cells.empty or (numeric and (cells.max() if is_id else cells.min()) < SMALLEST):
        return pd.Series(None, index=cells.index, dtype=object)
    codes, distinct = factorized(cells)
    texts = [_as_text(cell) for cell in distinct]
    kinds = np.empty(len(texts), dtype=object)
    kinds[:] = _of_ids(texts) if is_id else _of_texts(texts)
    for kind, pattern, check in NUMBERS:
        if len(texts) >= MANY and all(_is_number(text, pattern, check) for text in texts):
            kinds[:] = kind
            break
    return like(cells, codes, kinds)


def _names_nobody(ids: np.ndarray) -> bool:
    """Whether `_of_ids` finds nothing among these ids, and so nothing among any of them."""
    return all(_name_nobody(ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


def _name_nobody(ids: np.ndarray) -> bool:
    try:
        together = "\n".join(ids)
    except TypeError:
        return False
    if not together.isascii() or "@" in together or together.count("\n") >= len(ids) > 0:
        return False
    if max(map(len, ids), default=0) > LONGEST or len(WITH_DIGIT.findall(together)) < len(ids):
        return False
    return not any(
        _line_like(pattern).search(together) for pattern in (NAME, *(shape for _, shape, _ in NUMBERS))
    )


def _line_like(pattern: re.Pattern) -> re.Pattern:
    return re.compile(f"^(?:{pattern.pattern})$", re.MULTILINE)


def _of_texts(texts: list[str]) -> list[str | None]:
    doubtful = [text for text in texts if DOUBTFUL.search(text)]
    by_chance = {
        kind
        for kind, pattern, check in NUMBERS
        if len(shaped := [hit for text in doubtful for hit in _hits(text, pattern)]) >= MANY
        and 2 * sum(map(check, shaped)) < len(shaped)
    }
    american = "NHS numbers" in by_chance
    found = {text: _kind(text, by_chance, american) for text in doubtful}
    return [found.get(text) for text in texts]


def _of_ids(texts: list[str]) -> list[str | None]:
    """What is found among ids: addresses, and the names and numbers of persons that other ids don't look like."""
    together = "\n".join(texts)
    kinds: list[str | None] = [None] * len(texts)
    for place, text in enumerate(texts) if "@" in together else ():
        kinds[place] = message("e-mail addresses") if "@" in text and MAIL.search(text) else None
    for kind, pattern, check in NUMBERS:
        shaped = _shaped(texts, together, pattern)
        odd = 2 * len(shaped) <= len(texts) and all(_is_number(texts[p], pattern, check) for p in shaped)
        for place in shaped if odd else ():
            kinds[place] = kinds[place] or kind
    named = _shaped(texts, together, NAME)
    if len(named) < max(MANY, 0.5 * len(texts)):
        one_line_each = together.count("\n") < len(texts)
        if one_line_each and together.isascii() and len(WITH_DIGIT.findall(together)) == len(texts):
            return kinds  # no name has a digit
        numbered = sum(any(map(str.isdigit, text)) for text in texts)
        named = [p for p, text in enumerate(texts) if _is_odd_name(text)] if 2 * numbered > len(texts) else []
    for place in named:
        kinds[place] = kinds[place] or message("names")
    return kinds


def _shaped(texts: list[str], together: str, pattern: re.Pattern) -> list[int]:
    """The places of the texts that have a shape. together: all of them, one a line, of which a search in C says mostly
    that there is none."""
    if together.count("\n") < len(texts) and not _line_like(pattern).search(together):
        return []
    return [place for place, text in enumerate(texts) if pattern.fullmatch(text)]


def _is_odd_name(text: str) -> bool:
    return ODD_NAME.fullmatch(text.strip()) is not None and not NO_NAME.search(text)


def held_by(kinds: pd.Series) -> str | None:
    """The kind of identifier that a whole column holds, by what `found_in` says of its filled cells."""
    counts = kinds.value_counts()
    if counts.empty or counts.iloc[0] < max(MANY, 0.5 * len(kinds)):
        return None
    return counts.index[0]


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e16:
        return f"{cell:.0f}"
    return cell[:LONGEST] if isinstance(cell, str) else str(cell) if isinstance(cell, int) else ""


def _kind(text: str, by_chance: Collection[str], american: bool) -> str | None:
    """by_chance: kinds that the column only seems to hold; american: telephone numbers may be 555-123-4567."""
    if "@" in text and MAIL.search(text):
        return message("e-mail addresses")
    for kind, pattern, check in NUMBERS:
        if kind not in by_chance and any(map(check, _hits(text, pattern))):
            return kind
    for hit in PHONE.finditer(text):
        digits = sum(character.isdigit() for character in hit[0])
        if 9 <= digits <= 15 and hit[0][0] in "+0(" and not DATE_LIKE.fullmatch(hit[0]):
            return message("telephone numbers")
    return message("telephone numbers") if american and AMERICAN.fullmatch(text.strip()) else None


def _hits(text: str, pattern: re.Pattern) -> list[str]:
    """Numbers of a shape in a text, without what parts their digits; bare ones may be anything."""
    return [re.sub(r"[\s.-]", "", hit[0]) for hit in pattern.finditer(text)
            if not hit[0].isdigit()]  # fmt: skip


def _is_number(text: str, pattern: re.Pattern, check: Callable[[str], bool]) -> bool:
    return pattern.fullmatch(text) is not None and check(re.sub(r"[\s.-]", "", text))


def nhs(digits: str) -> bool:
    """England's NHS number: the tenth digit follows from the others, modulus 11.

    >>> nhs("9434765919"), nhs("9434765918")
    (True, False)
    """
    rest = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return rest % 11 == int(digits[9]) and rest != 10 and len(set(digits)) > 1


def insurance_de(code: str) -> bool:
    """The German insurance number: a letter, eight digits, a check digit by modulus 10.

    >>> insurance_de("A123456780"), insurance_de("A123456781")
    (True, False)
    """
    digits = f"{ord(code[0]) - 64:02}{code[1:9]}"
    products = [int(d) * (1 + place % 2) for place, d in enumerate(digits)]
    return sum(p // 10 + p % 10 for p in products) % 10 == int(code[9])


def birth_number_no(digits: str) -> bool:
    """Norway's birth number: eleven digits, the last two of them check digits by modulus 11.

    >>> birth_number_no("01010710029"), birth_number_no("01010710028")
    (True, False)
    """
    numbers = [int(d) for d in digits]
    weights = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
    return all(sum(n * w for n, w in zip(numbers, row, strict=False)) % 11 == 0 for row in weights)


def social_security_fr(code: str) -> bool:
    """France's NIR: thirteen digits and a key, 97 less the remainder of 97.

    >>> social_security_fr("255081416802538"), social_security_fr("255081416802539")
    (True, False)
    """
    return 97 - int(code[:13]) % 97 == int(code[13:])


def social_security_us(digits: str) -> bool:
    """A US social security number that can have been issued; it has no check digit.

    >>> social_security_us("078051120"), social_security_us("666051120")
    (True, False)
    """
    return (
        digits[:3] not in ("000", "666") and digits[0] != "9" and digits[3:5] != "00" and digits[5:] != "0000"
    )


def birth_number_nordic(digits: str) -> bool:
    """Sweden's and Denmark's numbers of persons begin with a date of birth.

    >>> birth_number_nordic("8112189876"), birth_number_nordic("9999999999")
    (True, False)
    """
    first, second, third = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    return 1 <= second <= 12 and (1 <= first <= 31 or 1 <= third <= 31)


# What it is, how it is written, and whether its digits are right.
NUMBERS = (
    (message("NHS numbers"), re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])"), nhs),
    (message("German insurance numbers"), re.compile(r"(?<![\w-])[A-Z]\d{9}(?![\w-])"), insurance_de),
    (message("Norwegian birth numbers"), re.compile(r"(?<![\w-])\d{6} ?\d{5}(?![\w-])"), birth_number_no),
    (
        message("French social security numbers"),
        re.compile(r"(?<![\w-])[12] ?\d\d ?[01]\d ?\d\d ?\d{3} ?\d{3} ?\d\d(?![\w-])"),
        social_security_fr,
    ),
    (
        message("US social security numbers"),
        re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"),
        social_security_us,
    ),
    (message("Nordic birth numbers"), re.compile(r"(?<![\w-])\d{6}[-+]\d{4}(?![\w-])"), birth_number_nordic),
)
