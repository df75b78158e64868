"""What the chapters share of a cohort's words: an endpoint, a feature, a term, and what every sentence needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class Spoken:
    """Facts whose words are put into the language of the report before a page is composed (see writing.translation)."""


@dataclass(frozen=True)
class DescribedEndpoint(Spoken):
    """An endpoint in words. event, competing: what ends it, competing "" where nothing competes.

    n: patients to whom it applies, None where that is masked. left_out: number and reason of those to whom it does
    not. only_death_competes: whether competing is death and nothing else. by_assessment: whether patients without the
    event are counted to their last assessment only; never_assessed: how many have none; missed: events after two or
    more missed assessments.
    """

    key: str
    label: str
    definition: str = ""
    event: str = ""
    competing: str = ""
    n: int | None = None
    left_out: tuple[tuple[int, str], ...] = ()
    by_assessment: bool = False
    never_assessed: int = 0
    missed: int = 0
    only_death_competes: bool = False


@dataclass(frozen=True)
class DescribedStates(Spoken):
    """States that the settings name: the key of their endpoint, its label, and state → what it is called, in order.

    names: empty where the data allow no curve of them.
    """

    key: str
    label: str
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DescribedFeature(Spoken):
    """A feature in words. kind: "category", "yes/no" or "number". levels: those that are printed, in their order.

    known_at_start: False for what is known later, or may be; asked: whether that is supposed for its name alone.
    words: those of its levels that are words of ours. whole: whether all its numbers are whole ones.
    """

    name: str
    label: str
    kind: str = "category"
    unit: str = ""
    known_at_start: bool = True
    asked: bool = False
    levels: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True)
class DescribedTerm:
    """A term of toxicity. key: as ids have it; name: as it is written; category: the key of its most frequent one.

    named: False for the events without a term. any, high: patients with any grade, and with grade 3 or more.
    """

    key: str
    name: str
    category: str
    named: bool
    any: int
    high: int


@dataclass(frozen=True)
class DescribedLandmark(Spoken):
    """An endpoint by what was known at a landmark. key: of the endpoint whose clock starts there; whole: of the one it
    is made of. name, label: of what became known; yes, no: the groups of who had it by then and who had not.

    n: patients at risk at the landmark of whom it is known; untold: those of whom it is not.
    """

    key: str
    whole: str
    endpoint_label: str
    event: str
    name: str
    label: str
    yes: str
    no: str
    n: int
    untold: int


@dataclass(frozen=True, kw_only=True)
class Context(Spoken):
    """What every chapter's words need; the facts of a chapter are these and its own.

    origin: what times count from, "" where it is the start of treatment. unit: of printed times. group: the column
    that is compared, group_label: as it is called, group_words: those of its levels that are words of ours, or that
    have a short name; group_names: the latter alone; by_alphabet: nobody set their order, and so the reference. times:
    the landmarks in days, ascending. few_at_risk: below so many an estimate is marked. standard_errors: whether
    they are printed.
    """

    origin: str = ""
    unit: str = "months"
    group: str = ""
    group_label: str = ""
    group_words: Mapping[str, str] = field(default_factory=dict)
    group_names: Mapping[str, str] = field(default_factory=dict)
    by_alphabet: bool = False
    few_at_risk: int = 0
    standard_errors: bool = False
    times: tuple[float, ...] = ()


@dataclass(frozen=True)
class Groups:
    """The groups of patients that are set side by side: by which column, what it is called, and each in words."""

    column: str = ""
    label: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
