"""What a header says of the codes below it: "Status (0=alive, 1=dead)", "Sex [1: male; 2: female]"."""

from __future__ import annotations

import re
from collections.abc import Mapping

# A code, a sign, and words up to the next code; brackets and separators part them.
_PAIR = re.compile(
    r"(?:^|[(\[{,;/|]\s*|\s)(?P<code>\d{1,3}|[A-Za-z])\s*(?:=|:)\s*"
    r"(?P<word>[^\W\d_](?:(?!\s+(?:\d{1,3}|[A-Za-z])\s*[=:])[^()\[\]{},;/|=:])*)"
)
# The same the other way round: "Sex (M=1, F=2)"; and as REDCap has it: "Status (1, dead; 0, alive)".
_TURNED = re.compile(
    r"(?:[(\[{,;/|]\s*|^|\s)(?P<word>(?:(?<=[(\[{,;/|])|(?<=[(\[{,;/|]\s))[^\W\d_][^()\[\]{},;/|=:]*?|[^\W\d_][^\s()\[\]{},;/|=:]*)"
    r"\s*=\s*(?P<code>\d{1,3})(?=\s*(?:$|[)\]},;/|]|\s[^\W\d_]))"
)
_CHOICE = re.compile(
    r"[(\[{;|]\s*(?P<code>\d{1,3})\s*,\s*(?P<word>[^\W\d_][^()\[\]{},;|=:]*?)(?=\s*[)\]};|])"
)
_WAYS = (_PAIR, _TURNED, _CHOICE)
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
FEWEST = 2


def legend(header: str) -> Mapping[str, str]:
    """Code → word, as the header writes them; nothing where it explains fewer than two.

    >>> dict(legend("Status (0=alive, 1=dead)")), dict(legend("Sex [1: male; 2: female]"))
    ({'0': 'alive', '1': 'dead'}, {'1': 'male', '2': 'female'})
    >>> dict(legend("Response 1=CR 2=PR 3=SD")), dict(legend("ECOG (0-2)")), dict(legend("Date: a"))
    ({'1': 'CR', '2': 'PR', '3': 'SD'}, {}, {})
    >>> dict(legend("Sex (M=1, F=2)")), dict(legend("Dead=1"))
    ({'1': 'M', '2': 'F'}, {})
    >>> dict(legend("Survival status (1, dead; 0, alive)")), dict(legend("Size (10, 20)"))
    ({'1': 'dead', '0': 'alive'}, {})
    """
    for way in _WAYS:
        found = {
            str(int(pair["code"])) if pair["code"].isdigit() else pair["code"].casefold(): pair[
                "word"
            ].strip()
            for pair in way.finditer(header)
        }
        if len(found) >= FEWEST:
            return found
    return {}


def without_legend(header: str) -> str:
    """The header without what it says of its codes.

    >>> without_legend("Status (0=alive, 1=dead)"), without_legend("Sex 1=m 2=f"), without_legend("Age (years)")
    ('Status', 'Sex', 'Age (years)')
    """
    if not legend(header):
        return header
    way = next(way for way in _WAYS if len([*way.finditer(header)]) >= FEWEST)
    bare = _BRACKET.sub(lambda found: " " if way.search(found[0]) else found[0], header)
    return " ".join(way.sub(" ", bare).strip(" ,;/|").split()) or header


def legend_words(header: str, spelled: Mapping[str, str]) -> dict[str, str]:
    """Code → word of a closed vocabulary, for those codes of which the header says one. spelled: spelling → word.

    >>> legend_words("Status (0=alive with disease, 1=dead)", {"alive": "alive", "dead": "dead"})
    {'0': 'alive', '1': 'dead'}
    """
    found = {}
    for code, written in legend(header).items():
        key = " ".join(written.split()).casefold()
        said = {spelled[word] for word in ([key] if key in spelled else key.split()) if word in spelled}
        if len(said) == 1:
            found[code] = said.pop()
    return found


def described(header: str, codes: Mapping[str, str]) -> str:
    """The header with what a dictionary says of its codes, as if it stood there.

    >>> described("vs", {"0": "alive", "1": "dead"}), described("vs", {})
    ('vs (0=alive, 1=dead)', 'vs')
    """
    said = ", ".join(f"{code}={word}" for code, word in codes.items())
    return f"{header} ({said})" if said else header
