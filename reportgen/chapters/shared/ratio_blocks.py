"""Hazard ratios of features as a reader meets them: sentences, forest plot, and the table with every p-value."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportgen.base.described import DescribedFeature
from reportgen.base.message import N_, Message
from reportgen.base.required import required
from reportgen.chapters.shared.comparison_blocks import (
    cause_specific,
    compared,
    model_name,
    ratios_of,
    why_no_model,
)
from reportgen.chapters.shared.dot_figures import dot_figures
from reportgen.report import Block, Column, Figure, Row, Table, Text, plain
from reportgen.stats.notes import split
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares, stated
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, counted, head, join, lower, paragraph, say
from reportgen.writing.tables import row, table, text_column

MOST_DOTS = 60
CLEAR = 0.05  # adjusted p: from there on no feature is called different


def heading(feature: DescribedFeature) -> str:
    """The feature as a row of its own: its label, and its unit."""
    unit = f" ({_(feature.unit)})" if feature.unit else ""
    return f"{head(feature.label)}{unit}"


def sentences(results: Results, section: str, key: str, features: Sequence[DescribedFeature]) -> Text | None:
    """Which model was fitted, of how many features, and what the events were too few for."""
    alone = _all(results, section, key, features)
    given = [e for e in alone if e.exists]
    if not given:
        return None
    names = sorted({model_name(e) for e in given})
    left = [say("{f} ({why})", f=f.label, why=why_no_model(found[0]))
            for f in features if (found := ratios_of(results, section, key, f.name))
            and not any(e.exists for e in found)]  # fmt: skip
    return paragraph(
        say("Hazard ratios are given by {models}, one feature at a time.", models=join(names)),
        say("The competing event censors: these are hazards of the event itself.")
        if cause_specific(given[0])
        else None,
        say("Not modelled: {left}.", left=join(left, between="; ", last=N_("; and "))) if left else None,
        _together(results, section, key, features),
    )


def _together(results: Results, section: str, key: str, features: Sequence[DescribedFeature]) -> Text | None:
    joint = _all(results, section, key, features, "hazard_ratio_adjusted")
    if not joint:
        return None
    if not joint[0].exists:
        return say(
            "The features are not put into one model: of the {k} with every value recorded, {why}.",
            k=phrases.value(counted(required(joint[0].n), "patient"), joint[0]),
            why=stated.why(joint[0]),
        )
    total = required(results[f"{section}.{key}.all.count"].n)
    k = phrases.value(counted(required(joint[0].n), "patient"), joint[0])
    if total == joint[0].n:
        return say(
            "All features stand together in one Cox model of the {k} with every value recorded; none was selected.",
            k=k,
        )
    return say(
        "All features stand together in one Cox model of the {k} with every value recorded ({left} of {total} left "
        "out); none was selected.",
        k=k,
        left=numbers.whole(total - required(joint[0].n)),
        total=numbers.whole(total),
    )


def tested(results: Results, section: str, key: str, features: Sequence[DescribedFeature]) -> list[Estimate]:
    """Every p-value of a ratio alone."""
    found = (
        results.get(f"{section}.{key}.{e.group}.p_value_model") for e in _all(results, section, key, features)
    )
    return [e for e in found if e is not None and e.exists]


def blocks(
    results: Results, section: str, features: Sequence[DescribedFeature], event: str, key: str
) -> list[Block]:
    """Forest plot and table; nothing where no model was allowed."""
    if not any(e.exists for e in _all(results, section, key, features)):
        return []
    return [*_forest(results, section, features, event, key), _table(results, section, features, key)]


def _all(
    results: Results,
    section: str,
    key: str,
    features: Sequence[DescribedFeature],
    statistic: str = "hazard_ratio",
) -> list[Estimate]:
    return [e for f in features for e in ratios_of(results, section, key, f.name, statistic)]


def _forest(
    results: Results, section: str, features: Sequence[DescribedFeature], event: str, key: str
) -> tuple[Figure, ...]:
    from reportgen.figures.dot_plot import DotRow, dot_plot

    rows = []
    for feature in features:
        found = ratios_of(results, section, key, feature.name)
        if not found:
            continue
        rows.append((DotRow(heading(feature), head=True), ""))
        shares = {level: results[f"{section}.{feature.name}.{level}.proportion"] for level in feature.levels}
        for e in (None, *found) if shares else found:
            share = shares.get(_named_level(e, found))
            share = plain(phrases.share(share)) if share is not None else ""
            right = _("reference") if e is None else plain(phrases.ratio_alone(e))
            said = ""
            if e is not None and e.exists:
                right += f" ({plain(phrases.ratio_interval(e))})"
                said = f"{feature.label}, {compared(e, feature.words)}: {right}"
            point = (e.value, e.low, e.high) if e is not None else (None, None, None)
            rows.append((DotRow(_level(e, found, feature), *point, share, right, indent=1), said))
    if len(rows) > MOST_DOTS:
        return ()
    plot = partial(
        dot_plot,
        xlabel=_("Hazard ratio"),
        columns=(f"{head(_(event))}, n/N (%)", _("Ratio ({n}% CI)", n=phrases.percent_of(results))),
        log=True,
        reference=1,
    )
    how = say(
        "Hazard ratio of each feature alone, with its {n}% interval, on a logarithmic scale.",
        n=phrases.percent_of(results),
    )
    caption = _apart(results, section, features, key)
    return dot_figures(f"figure-{section}-ratios", rows, caption, how, _("Forest plot"), plot)


def _apart(results: Results, section: str, features: Sequence[DescribedFeature], key: str) -> Text:
    """The feature of the smallest adjusted p, with the number of those examined and of tests (found by looking)."""
    tested = [
        (results[f"{section}.{key}.{e.group}.p_value_model_holm"], e, f)
        for f in features
        for e in ratios_of(results, section, key, f.name)
        if results.get(f"{section}.{key}.{e.group}.p_value_model_holm") is not None
    ]
    known = [(p, e, f) for p, e, f in tested if p.exists and e.exists]
    only = len({f.name for _p, _e, f in tested}) == 1
    examined = numbers.spelled(len({f.name for _p, _e, f in tested}))
    if not known:
        return say("Features and relapse: {n} examined.", n=examined)
    p, e, f = min(known, key=lambda one: required(one[0].value))
    said = {
        "n": examined,
        "f": lower(f.label),
        "p": phrases.value(numbers.p_value(required(p.value)), p),
        "how": stated.methods([p.method]),
    }
    if only and required(p.value) >= CLEAR:
        return say(
            "The one feature examined, {f}, does not differ clearly: {p} ({how}).", f=lower(f.label), **said
        )
    if required(p.value) >= CLEAR:
        return say("None of {n} features examined differs clearly: the smallest {p} ({how}).", **said)
    if only:
        said["words"], said["ratio"] = compared(e, f.words), phrases.ratio_alone(e)
        return say(
            "The one feature examined, {f}, differs ({words}: ratio {ratio}; {p}, {how}).",
            f=lower(f.label),
            **said,
        )
    return say(
        "Of {n} features examined {f} differs most ({words}: ratio {ratio}; {p}, {how}).",
        words=compared(e, f.words),
        ratio=phrases.ratio_alone(e),
        **said,
    )


def _level(estimate: Estimate | None, found: Sequence[Estimate], feature: DescribedFeature) -> str:
    """The level that a row speaks of: of "B against A" the B, of the reference the A."""
    level = _named_level(estimate, found)
    return shares.level(feature, level) if level else compared(required(estimate), feature.words)


def _named_level(estimate: Estimate | None, found: Sequence[Estimate]) -> str:
    """The level as the results name it; "" of an estimate that is of no level."""
    what = split((found[0] if estimate is None else estimate).method)[1]
    sides = what.parts if isinstance(what, Message) else {}
    return str(sides.get("b" if estimate is None else "a", ""))


def _table(results: Results, section: str, features: Sequence[DescribedFeature], key: str) -> Table:
    joint = any(e.exists for e in _all(results, section, key, features, "hazard_ratio_adjusted"))
    rows: list[Row] = []
    for feature in features:
        found = ratios_of(results, section, key, feature.name)
        if len(found) > 1:
            rows.append(row(heading(feature), *[""] * (5 if joint else 3), head=True))
        for e in found:
            alone = len(found) == 1
            words = (
                say("{f}, {words}", f=head(feature.label), words=compared(e, feature.words))
                if alone
                else capital((compared(e, feature.words),))
            )
            rows.append(
                _ratio_row(results, f"{section}.{key}.{e.group}", words, joint, indent=int(not alone))
            )
    columns = [
        text_column(_("Feature"), 0.34),
        Column(_("Ratio alone"), phrases.intervals(results)),
        Column(_("p")),
        Column(_("p"), _("Holm")),
    ]
    columns += [Column(_("Ratio together"), phrases.intervals(results)), Column(_("p"))] if joint else []
    shown = (e for e in results.select(section=section, endpoint=key) if e.exists)
    statistics = ("hazard_ratio", "p_value_model", "hazard_ratio_adjusted", "p_value_adjusted")
    methods = stated.methods(e.method for e in shown if e.statistic in statistics)
    notes = (
        say(
            "Exploratory. A ratio above 1: the event came sooner in those named first, or with the higher value."
        ),
        say("Methods: {methods}; p-values of the features alone adjusted by Holm.", methods=methods),
    )
    caption = (
        say("Hazard ratios of the features known at the start, each alone and all together.")
        if joint
        else say("Hazard ratios of the features known at the start, each alone.")
    )
    return table(f"table-{section}-ratios", caption, columns, rows, notes)


def _ratio_row(results: Results, stem: str, words: Text, joint: bool, indent: int) -> Row:
    alone = results[f"{stem}.hazard_ratio"]
    cells = [
        _cell(alone),
        phrases.p_cell(results[f"{stem}.p_value_model"]),
        phrases.p_cell(results.get(f"{stem}.p_value_model_holm")),
    ]
    if joint:
        cells += [
            _cell(results[f"{stem}.hazard_ratio_adjusted"]),
            phrases.p_cell(results[f"{stem}.p_value_adjusted"]),
        ]
    return row(words, *cells, indent=indent)


def _cell(estimate: Estimate) -> Text:
    """ "0.81 (0.52–1.24)"."""
    if not estimate.exists:
        return phrases.absent(estimate)
    return say("{x} ({i})", x=phrases.ratio_alone(estimate), i=phrases.ratio_interval(estimate))
