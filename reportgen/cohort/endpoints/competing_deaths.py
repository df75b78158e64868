"""Whether what competes with an endpoint is death alone, or also what a patient lives on with, such as a transplant."""

from __future__ import annotations

import pandas as pd

from reportgen.cohort.cohort import Table
from reportgen.cohort.mapping.event_words import code_and_word, speaks_of_death
from reportgen.cohort.mapping.keys import name_key
from reportgen.settings.model import EndpointRule

DEATH = "death_date"


def only_death_competes(patients: Table, rule: EndpointRule, competed: pd.Series) -> bool:
    """Whether the competing event of a rule is death and nothing else; of a code without a word it is, unless somebody
    who had it (competed) is alive.
    """
    if not rule.time:
        return {name_key(name) for name in rule.competing} == {DEATH}
    words = [word or code for code, word in map(code_and_word, rule.competing_values)]
    if any(not word.isdigit() and not speaks_of_death(word) for word in words):
        return False
    status = patients.frame.get("vital_status")
    return status is None or not (competed & status.eq("alive")).any()


def in_words_of_the_source(rule: EndpointRule) -> str:
    """The competing event of a given duration, as its column has it: "status = 2"."""
    return f"{rule.event} = {', '.join(map(str, rule.competing_values))}"
