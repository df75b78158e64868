"""Comparisons within strata as a reader meets them: rows of the table of comparisons, below those without strata."""

from __future__ import annotations

from reportgen.base.described import Context
from reportgen.base.message import codes, pieces
from reportgen.report import Row
from reportgen.stats.notes import split
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import capital
from reportgen.writing.tables import row


def rows(results: Results, section: str, key: str, facts: Context) -> list[tuple[Row, list[Estimate]]]:
    """The stratified test, then the stratified ratios; what was refused is among the reasons below the table."""
    found = []
    for test in results.select(section=section, endpoint=key, statistic="p_value_stratified"):
        words = capital((_strata(test), ": ", _test(test)))
        line = row(words, (phrases.part_of_all(test),), "", "", phrases.p_cell(test), indent=1)
        found.append((line, [test]))
    for e in results.select(section=section, endpoint=key, statistic="hazard_ratio_stratified"):
        p = results[f"{section}.{key}.{e.group}.p_value_model_stratified"]
        words = _(
            "{strata}: hazard ratio, {words}",
            strata=_strata(e),
            words=estimate_words.compared(split(e.method)[1], facts.group_words),
        )
        ratio, interval = phrases.ratio_alone(e), phrases.ratio_interval(e)
        line = row(capital((words,)), (phrases.part_of_all(e),), ratio, interval, phrases.p_cell(p), indent=1)
        found.append((line, [e, p]))
    return found


def _strata(e: Estimate) -> str:
    """ "strata: stage"."""
    return next(
        estimate_words.method(piece) for piece in pieces(split(e.method)[0]) if "strata" in codes(piece)
    )


def _test(e: Estimate) -> str:
    return estimate_words.method(next(piece for piece in pieces(split(e.method)[0]) if "log-rank" in piece))
