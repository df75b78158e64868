"""Comparisons within strata as a reader meets them: rows of the table of comparisons, or a sentence where none is."""

from __future__ import annotations

from reportgen.base.described import Context
from reportgen.base.message import N_, codes, pieces
from reportgen.base.required import required
from reportgen.report import Row, Text
from reportgen.stats.notes import split
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, counted, join, say
from reportgen.writing.tables import row

GRAY = "p_value_gray_stratified"
# Ratio, its p-value, and how a row names it.
RATIOS = (
    ("hazard_ratio_stratified", "p_value_model_stratified", N_("{strata}: hazard ratio, {words}")),
    (
        "subdistribution_hazard_ratio_stratified",
        "p_value_subdistribution_stratified",
        N_("{strata}: subdistribution hazard ratio, {words}"),
    ),
)


def rows(results: Results, section: str, key: str, facts: Context) -> list[tuple[Row, list[Estimate]]]:
    """The stratified test, then the stratified ratios; what was refused is among the reasons below the table."""
    found = []
    for test in results.select(section=section, endpoint=key, statistic="p_value_stratified"):
        words = capital((_strata(test), ": ", _test(test)))
        line = row(words, (phrases.part_of_all(test),), "", "", phrases.p_cell(test), indent=1)
        found.append((line, [test]))
    for test in results.select(section=section, endpoint=key, statistic=GRAY):
        words = capital((_strata(test), ": ", _test(test)))
        line = row(words, (phrases.part_of_all(test),), "", "", phrases.p_cell(test), indent=1)
        found.append((line, [test]))
    for statistic, p_value, what in RATIOS:
        found += _ratio_rows(results, (section, key), facts, statistic, p_value, what)
    return found


def _ratio_rows(
    results: Results, of: tuple[str, str], facts: Context, statistic: str, p_value: str, what: str
) -> list[tuple[Row, list[Estimate]]]:
    section, key = of
    found = []
    for e in results.select(section=section, endpoint=key, statistic=statistic):
        p = results[f"{section}.{key}.{e.group}.{p_value}"]
        words = _(
            what, strata=_strata(e), words=estimate_words.compared(split(e.method)[1], facts.group_words)
        )
        ratio, interval = phrases.ratio_alone(e), phrases.ratio_interval(e)
        line = row(capital((words,)), (phrases.part_of_all(e),), ratio, interval, phrases.p_cell(p), indent=1)
        found.append((line, [e, p]))
    return found


def sentence(results: Results, section: str, key: str, facts: Context) -> Text | None:
    """ "Strata: stage (83 patients): stratified log-rank test, p = 0.054; cause-specific hazard ratio …" """
    tests = results.select(section=section, endpoint=key, statistic="p_value_stratified")
    if not tests:
        return None
    (test,) = tests
    ratios = results.select(section=section, endpoint=key, statistic="hazard_ratio_stratified")
    head = capital((_strata(test),))
    if not test.exists and not any(e.exists for e in ratios):
        why = phrases.value(estimate_words.why(test), test)
        return say("{strata}: not compared ({why}).", strata=head, why=why)
    parts = []
    if test.exists:
        p = phrases.value(numbers.p_value(required(test.value)), test)
        parts.append(say("{test}, {p}", test=_test(test), p=p))
    for e in ratios:
        words = estimate_words.compared(split(e.method)[1], facts.group_words)
        if e.exists:
            parts.append(
                say("cause-specific hazard ratio, {words}: {ratio}", words=words, ratio=phrases.ratio(e))
            )
    parts += _of_incidence(results, section, key, facts)
    who = counted(required(test.n), "patient")
    return say("{strata} ({who}): {found}.", strata=head, who=who, found=join(parts, "; ", "; "))


def _of_incidence(results: Results, section: str, key: str, facts: Context) -> list[Text]:
    """ "stratified Gray’s test, p = 0.03", "subdistribution hazard ratio, B against A: 1.8 (1.1–2.9)"."""
    parts = []
    for test in results.select(section=section, endpoint=key, statistic=GRAY):
        if test.exists:
            p = phrases.value(numbers.p_value(required(test.value)), test)
            parts.append(say("{test}, {p}", test=_test(test), p=p))
    for e in results.select(
        section=section, endpoint=key, statistic="subdistribution_hazard_ratio_stratified"
    ):
        if e.exists:
            words = estimate_words.compared(split(e.method)[1], facts.group_words)
            ratio = phrases.ratio(e)
            parts.append(say("subdistribution hazard ratio, {words}: {ratio}", words=words, ratio=ratio))
    return parts


def _strata(e: Estimate) -> str:
    """ "strata: stage"."""
    return next(
        estimate_words.method(piece) for piece in pieces(split(e.method)[0]) if "strata" in codes(piece)
    )


def _test(e: Estimate) -> str:
    named = (piece for piece in pieces(split(e.method)[0]) if "log-rank" in piece or "Gray" in piece)
    return estimate_words.method(next(named))
