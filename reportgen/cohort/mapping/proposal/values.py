"""Which word of a column is which of ours: what its own vocabulary does not know is proposed by the words in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reportgen.base.message import Message, joined, message
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.column_reading import UNCLEAR, without_unclear
from reportgen.cohort.clean.written_grades import ROMAN
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.legends import legend, legend_words
from reportgen.cohort.mapping.names.words import speaks_of_other
from reportgen.cohort.mapping.proposal.headers import named
from reportgen.cohort.mapping.proposal.types import Choice, Line, Question
from reportgen.cohort.mapping.schema import ONGOING, YES_NO, Column, columns_of, spellings
from reportgen.cohort.mapping.word_lists import lists, plain_words
from reportgen.cohort.raw import RawSheet

MOST_WORDS, CROSSES = 8, "†✝"
NEGATED = re.compile(r"\b(?:not|no|non|un|kein\w*|nicht|without|ohne)\b")
# What is only suspected is asked about: "V.a. PD", "PD?".
DOUBTED = re.compile(
    r"\?|\bv\.? ?a\.|\b(?:verdacht|fraglich|unsicher|unklar|susp|suspi|susp[eè]c|soup[cç]on|sospe|uncertain)"
)
# A part of a word or phrase → our word. All of them are asked; two that contradict each other settle nothing. Of the
# responses of myeloma (IMWG) and of PET (Lugano) those that are one of ours by their definition; a minimal response is
# asked.
PARTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "vital_status": (
        (r"\b(?:dead|died|deceased|death|expired|dod|doc|verstorben|gestorben|tot|exitus|d[eé]c[eé]d\w*|d[eé]c[eè]s|mort[aeo]?|"
         r"muert[aoe]|fallec\w+|éxitus|decedut[aeo]|decesso|dcd)\b|^[d†]$", "dead"),
        (r"\b(?:alive|living|lebt|lebend|awd|ned|aned|vivant\w*|viv[aeo]|en vie|in vita)\b|^a$", "alive"),
    ),
    "best_response": (
        (r"\b(?:[csu]?cr|cru|cmr|rc|rcs|complet\w*|complète|komplett\w*|vollremission)\b", "CR"),
        (r"\b(?:[cu]?pr|vgpr|pmr|rp|t?mbrp|tbrp|partial\w*|partiel\w*|parcial\w*|parzial\w*|teilremission)\b", "PR"),
        (r"\b(?:sd|nmr|stable|stabil\w*|estable)\b", "SD"),
        (r"\b(?:pd|pmd|progr\w*|progredien\w*)\b", "PD"),
        (r"\b(?:ne|[eé]?valuable|assessed|beurteilbar|auswertbar|valutabile)\b", "NE"),
    ),
    "stop_reason": (
        (r"\b(?:tox\w*|adverse|ae|sae|side effect\w*|nebenwirkung\w*|uaw|intol\w*|unverträg\w*|tossic\w*|"
         r"effets? ind\w*|efectos? adv\w*|effett[io] coll\w*)\b", "toxicity"),
        (r"\b(?:pd|progr\w*|relaps\w*|recurr\w*|rezidiv\w*|r[eé]cidiv\w*|rechute|reca[ií]da|ricaduta)\b",
         "progression"),
        (r"\b(?:complet\w*|planned|planmäßig|finished|regulär\w*|abgeschlossen|termin[eéa]\w*|finalizad\w*)\b",
         "completed"),
        (r"\b(?:death|died|tod|d[eé]c[eè]s|muerte|[eé]xitus|decesso|morte)\b", "death"),
        (r"\b(?:wish|patient|pt|pts|choice|refus\w*|withdr\w*|wunsch|patientenwunsch|choix|paciente|paziente|rechazo|rifiut\w*|"
         r"souhait)\b", "patient choice"),
    ),
    "sex": ((r"\b(?:f|fem\w*|fém\w*|w|weib\w*|woman|girl|frau|mujer|donna|femm\w*)\b", "female"),
            (r"\b(?:m|mal\w*|män\w*|man|boy|mann|hom[bm]\w*|uomo|masc\w*|maschi\w*|var[oó]n)\b", "male")),
    "attribution": (
        (r"\bunlikely\b", "unlikely"), (r"\bunrelated\b|\bnot related\b", "unrelated"),
        (r"\bposs\w*|\bposib\w*", "possible"),
        (r"\bprob\w*", "probable"), (r"\bdefin\w*|\bcertain\b", "definite"),
    ),
}  # fmt: skip
PARTS = {**PARTS, "response": PARTS["best_response"]}
# Who is lost to follow-up was alive when last seen; but that is for somebody to say.
YES_IN_SHORT = ("o", "s", "x")
LOST = re.compile(r"\b(?:ltfu|lost|lfu|ltf|unknown|moved|pdv|perdue?|perdid[oa]|pers[oa]|verzogen|lost fu)\b")
# Two codes of a status whose header explains neither: likely so, and to be asked.
STATUS_CODES: Mapping[frozenset[str], dict[str, str]] = {
    frozenset("01"): {"1": "dead", "0": "alive"},
    frozenset("12"): {"2": "dead", "1": "alive"},
}
KEYS = "abcdefghijklmnopqrstuvwxyz"


def known_share(column: Column, content: Sequence[object], header: str) -> float:
    """The share of the cells whose words are known, or can be told by a part, or by the header ("Died": yes)."""
    if not content:
        return 0.0
    lookup = _lookup(column) | answers(column, header, content) | _legend(column, header)
    return sum(bool(_told(column.name, key, lookup)) for key in map(_key, content)) / len(content)


def told(column: Column, value: object) -> str:
    """The word of ours that a value is, or that a part of it says; "" where none is sure."""
    return _told(column.name, _key(value), _lookup(column))


def says_deaths(header: str, content: Sequence[object]) -> bool:
    """Whether a column of few words, of the patient and no relative, has one that says that somebody died.

    >>> says_deaths("Zustand", ["†", "ok", "ok"]), says_deaths("Father", ["dead", "alive"]), says_deaths("ECOG", ["0"])
    (True, False, False)
    """
    words = {cells.text(cell)[0] for cell in content if isinstance(cell, str)}
    if not 1 < len(words) <= MOST_WORDS or speaks_of_other(plain_words(header), True):
        return False
    status = columns_of("patients")["vital_status"]
    return any(told(status, word) == "dead" for word in words if len(word) > 1 or word in CROSSES)


def answers(column: Column, header: str, content: Sequence[object] = ()) -> dict[str, str]:
    """What yes and no mean in a column of the vital status whose header asks for death or for life, and what two codes
    likely mean where it asks for neither; else nothing.

    >>> from reportgen.cohort.mapping.schema import columns_of
    >>> status = columns_of("patients")["vital_status"]
    >>> answers(status, "Verstorben (j/n)")["j"], answers(status, "Alive?")["n"], answers(status, "Status")
    ('dead', 'dead', {})
    """
    if column.name != "vital_status" or not header:
        return {}
    words = plain_words(header)
    phrases = ("_".join(words[at : at + n]) for n in (1, 2, 3) for at in range(len(words) - n + 1))
    said = frozenset().union(*(lists().words.get(phrase, frozenset()) for phrase in phrases))
    dead, living = bool(said & {"dead", "death"}), "living" in said
    if dead == living:
        return STATUS_CODES.get(frozenset(map(_key, content)), {})
    yes, no = ("dead", "alive") if dead else ("alive", "dead")
    said_yes, said_no = (*YES_NO["yes"], "yes", *YES_IN_SHORT), (*YES_NO["no"], "no")
    return dict.fromkeys(said_yes, yes) | dict.fromkeys(said_no, no)


def needless(sheet: RawSheet, content: list[object], header: str) -> bool:
    """Whether a status is but two unexplained codes, and a date of death says already who died."""
    codes = frozenset(map(word_key, content)) in STATUS_CODES and not legend(header)
    return codes and any(
        text and c.column == "death_date" and c.how != "similar"
        for text in sheet.header
        for c in named("patients", text)
    )


def value_lines(
    column: Column, content: Sequence[object], said: Mapping[str, tuple], sheet: str, cell: str, header: str,
    explained: str = "",
) -> tuple[list[Line], list[Question]]:  # fmt: skip
    """The lines and questions about the words that the vocabulary of a column does not know.

    said: what [values] of the settings already holds of this column. explained: the header with what the dictionary
    says of its codes.
    """
    told_codes = _legend(column, explained or header)
    own = {word_key(w): ours for ours, others in said.items() for w in (ours, *others)}
    unclear = UNCLEAR.get(column.name, ("", frozenset()))
    lookup = without_unclear(_lookup(column) | told_codes | own, own, unclear, [*map(_key, content)])
    lines: list[Line] = []
    questions: list[Question] = []
    counted: dict[str, int] = {}
    shown: dict[str, object] = {}
    for value in content:
        counted[_key(value)] = counted.get(_key(value), 0) + 1
        shown.setdefault(_key(value), _written(value))
    two_codes = tuple(sorted(counted)) in (("1", "2"), ("0", "1"))
    if column.name == "sex" and two_codes and not own and not told_codes:
        first, second = sorted(counted)
        return [], [_sexes(first, second, shown, sheet, cell, header)]
    asked = {
        key: ours
        for key, ours in answers(column, header, content).items()
        if key in counted and key not in own and key not in told_codes
    }
    if asked:
        questions.append(_answers_asked(asked, shown, sheet, cell, header))
    for key, many in counted.items():
        if key in lookup or key in asked:
            continue
        doubted = column.name != "attribution" and DOUBTED.search(key)
        told = _by_part(column.name, key) if key != unclear[0] and not doubted else ""
        if told:
            comment = f'"{shown[key]}" reads as {told}'
            lines.append(Line(("values", column.name, told), shown[key], comment, adds=True))
            continue
        questions.append(_asked(column, key, shown[key], many, sheet, cell, header))
    return lines, questions


def grade_lines(content: Sequence[object], said: Mapping[str, tuple]) -> list[Line]:
    """The lines about grades that stand as Roman numerals alone: in a column of grades they can mean nothing else."""
    told = {word_key(value) for others in said.values() for value in others}
    shown = {
        _key(value): _written(value) for value in content if _key(value) in ROMAN and _key(value) not in told
    }
    return [Line(("values", "grade", str(ROMAN[key])), value, f'"{value}" is a Roman numeral', adds=True)
            for key, value in shown.items()]  # fmt: skip


def _answers_asked(
    asked: Mapping[str, str], shown: Mapping[str, object], sheet: str, cell: str, header: str
) -> Question:
    """Which answer is death: never taken unasked, for the wrong one turns the dead into the living."""
    other = {"dead": "alive", "alive": "dead"}

    def lines(meant: Mapping[str, str]) -> tuple[Line, ...]:
        return tuple(
            Line(("values", "vital_status", ours), shown[key], "as answered", adds=True)
            for key, ours in meant.items()
        )

    said = _meant({str(shown[key]): ours for key, ours in asked.items()})
    turned = {key: other[ours] for key, ours in asked.items()}
    back = _meant({str(shown[key]): ours for key, ours in turned.items()})
    choices = (Choice("y", said, lines(asked)), Choice("n", back, lines(turned)))
    return Question(
        sheet, cell, message("{header}: what do its values say?", header=header), choices, "y", open=True
    )


def _meant(words: Mapping[str, str]) -> Message:
    """What each of some words means."""
    return joined(
        [message('"{word}" is {ours}', word=word, ours=Message(ours)) for word, ours in words.items()], ", "
    )


def _sexes(
    first: str, second: str, shown: Mapping[str, object], sheet: str, cell: str, header: str
) -> Question:
    """Which of two codes is which sex: both codings are in use."""

    def lines(one: str, two: str) -> tuple[Line, ...]:
        return tuple(
            Line(("values", "sex", ours), shown[key], "as answered", adds=True)
            for key, ours in ((first, one), (second, two))
        )

    choices = (
        Choice("m", _meant({first: "male", second: "female"}), lines("male", "female")),
        Choice("f", _meant({first: "female", second: "male"}), lines("female", "male")),
        Choice("-", message("neither is known"), lines("missing", "missing")),
    )
    return Question(
        sheet,
        cell,
        message("{header}: which sex are {first} and {second}?", header=header, first=first, second=second),
        choices,
        open=True,
    )


def _asked(
    column: Column, key: str, value: object, many: int, sheet: str, cell: str, header: str
) -> Question:
    words = tuple(column.words or YES_NO)
    choices = [
        Choice(
            KEYS[place],
            Message(word),
            (Line(("values", column.name, word), value, "as answered", adds=True),),
        )
        for place, word in enumerate(words)
    ]
    choices.append(
        Choice(
            "-",
            message("missing"),
            (Line(("values", column.name, "missing"), value, "as answered", adds=True),),
        )
    )
    proposal = ""
    if column.name == "vital_status" and LOST.search(key):
        proposal = KEYS[words.index("alive")]
    elif column.name == "sex" and key == UNCLEAR["sex"][0]:
        proposal = KEYS[words.index("female")]
    elif column.name == "stop_reason":
        proposal = KEYS[words.index("other")]
    rows = message("1 row") if many == 1 else message("{n} rows", n=many)
    text = message('{header}: what is "{word}" ({rows})?', header=header, word=str(value), rows=rows)
    return Question(sheet, cell, text, tuple(choices), proposal, open=column.name != "stop_reason")


def _lookup(column: Column) -> dict[str, str]:
    lookup = spellings(column.words or YES_NO)
    return lookup | dict.fromkeys(ONGOING, ONGOING[0]) if column.name == "stop_reason" else lookup


def _legend(column: Column, header: str) -> dict[str, str]:
    return legend_words(header, spellings(column.words or YES_NO))


def _told(name: str, key: str, lookup: Mapping[str, str]) -> str:
    return lookup.get(key, "") or _by_part(name, key)


def _by_part(name: str, key: str) -> str:
    """The one word of ours that the parts of a text say, if it denies nothing."""
    found = {ours for pattern, ours in PARTS.get(name, ()) if re.search(pattern, key)}
    if name == "stop_reason" and len(found) == 2:
        found -= {"patient choice"}
    if len(found) != 1 or (NEGATED.search(key) and found != {"NE"}):
        return ""
    return found.pop()


def _key(value: object) -> str:
    return word_key(cells.text(value)[0] if isinstance(value, str) else value)


def _written(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return cells.text(value)[0] if isinstance(value, str) else value
