"""Several findings in one cell ("TP53; CDKN2A"): a yes/no column for each of them, of those who were tested.

What follows a gene's symbol and says how it is altered is left out: "TP53 p.R175H" and "TP53 del" are both TP53.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import RawSheet, letter

MOST_ITEMS = 200  # of one column: what has more is no list of findings
MOST_EXAMINED, LEAST_PATIENTS = 12, 2
# Within a column that knows one of these, a slash or a plus sign parts only what look like symbols of genes.
_STRONG = re.compile(r"[;|\n,]")
_COMMA = re.compile(r"[;|,](?![^(\[]*[)\]])|\n")  # but not within "t(2;5)"
_WEAK = re.compile(r"\s*/\s*|\s*\+\s*(?=\S)")
_SYMBOL = r"[A-Z][A-Z0-9]+(?:orf\d+)?(?:[-:][A-Z][A-Z0-9]+(?:orf\d+)?)*"
_BETWEEN_SYMBOLS = re.compile(rf"\s*[/+]\s*(?![A-Z]\d{{2,}}[A-Z*])(?={_SYMBOL}(?![a-z]))")
# "TP53 p.R175H", "CDKN2A del", "ALK (EML4)", "KRAS G12D": what follows a symbol says how it is altered.
_ALTERED = re.compile(
    rf"(?P<gene>{_SYMBOL})[\s:]*(?:[(\[].*|\b(?:[pcg]\.\S.*|[A-Z*]\d+\S*.*|(?:mut|del|amp|loss|gain|dup|ins|fus|rearr|"
    r"trunc|splice|missense|nonsense|frame|fs|loh|hom|het|bial|exon|ex|overexpr|alter|trans|inv|pos)\w*\b.*))",
    re.DOTALL,
)
_GENE = re.compile(_SYMBOL)
_DENIED = re.compile(
    r"(?P<item>.+?)[\s:=]*\(?\b(?:wt|wild[\s-]?typ[e]?|neg(?:ativ[e]?)?|not\s+(?:found|detected|mutated|altered)|"
    r"no\s+mutation|nicht\s+(?:nachgewiesen|mutiert))\b\)?|(?P<of>[^:=]+?)\s*(?:[:=]\s*(?:no|none|nein|non|absent|0|-)|-)",
    re.IGNORECASE,
)
_WITHOUT = re.compile(rf"(?i:no|kein\w*|ohne|without|sans|sin|nessun\w*)\s+(?P<item>{_SYMBOL})(?:[ -]\w+)*")
_OPEN = re.compile(
    r"(?P<item>.+?)(?:\s-)?[\s:=]*(?:\?|\(?\b(?:vus|unknown|unklar|unbekannt|not\s+(?:tested|done|evaluable)|n\.?\s?[ad]\.?|"
    r"nicht\s+(?:untersucht|getestet))\)?)",
    re.IGNORECASE,
)
# A cell that says that it was looked for and nothing was found.
NOTHING = re.compile(
    r"none|0|no|nil|wt|wild[\s-]?typ[e]?|neg(?:ativ[e]?)?|normal|(?:no|none)\s+(?:mutation|alteration|aberration|finding|fusion)"
    r"s?(?:\s+(?:found|detected))?|not\s+detected|kein\w*(?:\s+(?:mutation|alteration|aberration|befund|fusion|nachweis)\w*)?|"
    r"nein|unauff(?:ä|ae)llig|aucune?(?:\s+mutation)?|nessuna?(?:\s+mutazione)?|ninguna?(?:\s+mutaci(?:ó|o)n)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Item:
    """One finding of a column of lists. name: of its column; label: as most patients have it; has: "yes", "no", None.

    None where a patient was not tested for it. examined: frequent enough to be a feature.
    """

    name: str
    label: str
    has: pd.Series
    examined: bool

    @property
    def patients(self) -> int:
        """How many have it."""
        return int((self.has == "yes").sum())


@dataclass(frozen=True)
class Said:
    """What a cell says: items found, denied, and left open, by their labels."""

    found: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def said_in(cell: str, alone: bool = False) -> Said | None:
    """What one cell says; None where it says that nothing was looked for.

    alone: no cell of the column parts its items by anything but a slash or a plus sign.

    >>> said_in("TP53 p.R175H; CDKN2A del, ALK wt")
    Said(found=('TP53', 'CDKN2A'), denied=('ALK',), open=())
    >>> said_in("TP53/CDKN2A + NF1", alone=True).found, said_in("HER2/neu; ER+").found
    (('TP53', 'CDKN2A', 'NF1'), ('HER2/neu', 'ER+'))
    >>> said_in("no ALK fusion; ROS1: no, ER-; TP53 VUS; t(2;5)")
    Said(found=('t(2;5)',), denied=('ALK', 'ROS1', 'ER'), open=('TP53',))
    >>> said_in("wild type"), said_in("not done")
    (Said(found=(), denied=(), open=()), None)
    """
    found: list[str] = []
    denied: list[str] = []
    unsure: list[str] = []
    text = cell.strip()
    if cells.missing(text) and text.casefold() != "none":
        return None
    for part in _parts(text, alone):
        item = " ".join(part.split()).strip(" .")
        if not item or NOTHING.fullmatch(item) or cells.missing(item):
            continue
        denies, without, leaves, alters = (
            pattern.fullmatch(item) for pattern in (_DENIED, _WITHOUT, _OPEN, _ALTERED)
        )
        if without:
            denied.append(without["item"])
        elif denies:
            denied.append(denies["item"] or denies["of"])
        elif leaves:
            unsure.append(leaves["item"])
        else:
            found.append(alters["gene"] if alters else item)
    return Said(*(tuple(dict.fromkeys(some)) for some in (found, denied, unsure)))


def items_of(name: str, column: pd.Series, taken: Sequence[str] = ()) -> tuple[Item, ...]:
    """The findings of a column of lists, the most frequent first. taken: names of columns that there are already.

    Whoever has a cell that says anything was tested for all of them, but for those that it leaves open; an empty cell,
    "unknown" and "not done" say that nothing was looked for. Of those that at least LEAST_PATIENTS have, the
    MOST_EXAMINED most frequent are examined as features, whatever came of these patients.
    """
    filled = column.dropna()
    alone = not any(_STRONG.search(str(cell)) for cell in filled)
    told = {cell: said_in(str(cell), alone) for cell in pd.unique(filled)}
    said = column.map(lambda cell: told.get(cell) if isinstance(cell, str) else None).astype(object)
    spelt: dict[str, Counter[str]] = {}
    for one in said.dropna():
        for item in (*one.found, *one.denied):
            spelt.setdefault(item.casefold(), Counter())[item] += item in one.found
    sets = [None if one is None or isinstance(one, float) else one for one in said]
    columns = {key: _having(key, sets, column.index) for key in spelt}
    order = sorted(spelt, key=lambda key: (-int((columns[key] == "yes").sum()), key))[:MOST_ITEMS]
    frequent = [key for key in order if (columns[key] == "yes").sum() >= LEAST_PATIENTS][:MOST_EXAMINED]
    found, names = [], set(taken)
    for key in order:
        own = name_key(f"{name}: {key}")
        while own in names:
            own += "_item"
        names.add(own)
        label = min(spelt[key].items(), key=lambda each: (-each[1], each[0]))[0]
        found.append(Item(own, label, columns[key], key in frequent))
    return tuple(found)


def holds_lists(content: Sequence[object]) -> bool:
    """Whether a column may be one of lists of genes: cells of symbols, several in two cells or more, one of them again.

    >>> holds_lists(["TP53; CDKN2A", "TP53", "ALK, TP53"]), holds_lists(["pain, fever", "fever"]), holds_lists(["TP53"])
    (True, False, False)
    """
    counted = Counter(content)  # a registry has millions of cells and few that differ
    texts = {text: n for text, n in counted.items() if isinstance(text, str)}
    if len(content) < 2 or sum(texts.values()) < len(content):
        return False
    alone = not any(_STRONG.search(text) for text in texts)
    said = [(one, n) for text, n in texts.items() if (one := said_in(text, alone))]
    if sum(n for one, n in said if len({*one.found, *one.denied}) > 1) < 2:
        return False
    found: Counter[str] = Counter()
    for one, n in said:
        for item in one.found:
            found[item] += n
    return all(map(_GENE.fullmatch, found)) and max(found.values()) > 1


def asked_of_lists(header: Header, sheet: RawSheet) -> Iterator[Issue]:
    """A question about a column that may be one of lists, where nothing says what it is."""
    if holds_lists(sheet.frame[header.position].dropna().tolist()):
        problem = message(
            "{a} holds several findings in one cell; each combination counts as a value of its own",
            a=header.text,
        )
        hint = message(
            "Write lists = [{a}] under [features] in report.toml, and each finding is counted by itself",
            a=f'"{header.name}"',
        )
        cell = f"{letter(header.position)}{sheet.header_row}"
        yield Issue(WARNING, "LIST_COLUMN", sheet.name, cell, None, problem, hint)


def _parts(text: str, alone: bool) -> Iterator[str]:
    for part in _COMMA.split(text):
        yield from (_WEAK if alone else _BETWEEN_SYMBOLS).split(part)


def _having(key: str, said: Sequence[Said | None], index: pd.Index) -> pd.Series:
    def of(one: Said | None) -> str | None:
        if one is None or key in map(str.casefold, one.open):
            return None
        return "yes" if key in map(str.casefold, one.found) else "no"

    return pd.Series([of(one) for one in said], index=index, dtype=object)
