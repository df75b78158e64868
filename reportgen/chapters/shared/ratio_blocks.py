"""Hazard ratios of features as a reader meets them: sentences, and one table with dots, p-values and intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from reportgen.base.described import DescribedEndpoint, DescribedFeature
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.shared.comparison_blocks import (
    cause_specific,
    compared,
    model_name,
    ratios_of,
    why_no_model,
)
from reportgen.chapters.shared.dot_figures import dot_figures
from reportgen.chapters.shared.ratio_table import (
    ADJUSTED,
    IMPUTED,
    TOGETHER,
    every_ratio,
    further_table,
    given,
    heading,
    level_of,
    name_of,
    named_level,
    ratio_table,
    share_of_level,
)
from reportgen.report import Block, Figure, Text, plain
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, head, join, lower, paragraph, say, the_table

MOST_DOTS = 60
CLEAR = 0.05  # adjusted p: from there on no feature is called different


def sentences(results: Results, section: str, key: str, features: Sequence[DescribedFeature]) -> Text | None:
    """Which model was fitted, of how many features, and what the events were too few for."""
    alone = every_ratio(results, section, key, features)
    given = [e for e in alone if e.exists]
    if not given:
        return None
    names = sorted({model_name(e) for e in given})
    left = [say("{f} ({why})", f=f.label, why=why_no_model(found[0]))
            for f in features if (found := ratios_of(results, section, key, f.name))
            and not any(e.exists for e in found)]  # fmt: skip
    return paragraph(
        say("Hazard ratios come from {models}, one feature at a time.", models=join(names)),
        say("The competing event censors, so that these ratios are cause-specific.")
        if cause_specific(given[0])
        else None,
        say("Not modelled: {left}.", left=join(left, between="; ", last=N_("; and "))) if left else None,
        _together(results, section, key, features),
    )


def _together(results: Results, section: str, key: str, features: Sequence[DescribedFeature]) -> Text | None:
    """Which features stand in one model, and how many events each of its coefficients has; or why there is none."""
    joint = every_ratio(results, section, key, features, "hazard_ratio_adjusted")
    if not joint:
        return say(
            "There is no model of several features: it takes those named beforehand, and fewer than two were named."
        )
    first = joint[0]
    k = phrases.value(counted(required(first.n), "patient"), first)
    if not any(e.exists for e in joint):
        return say(
            "The features named beforehand are not put into one model: of the {k} with every value recorded, {why}.",
            k=k,
            why=estimate_words.why(first),
        )
    left = required(results[f"{section}.{key}.all.count"].n) - required(first.n)
    return paragraph(
        say(
            "The features named beforehand ({names}) stand together in one Cox model of the {k} with every value "
            "recorded; none was selected.",
            names=join([lower(f.label) for f in features if ratios_of(results, section, key, f.name, ADJUSTED)]),
            k=k,
        ),
        say(
            "It has {events} for {c} coefficients, {each} for each.",
            events=phrases.value(counted(required(first.events), "event"), first),
            c=numbers.spelled(len(joint)),
            each=numbers.decimal(required(first.events) / len(joint), 1),
        ),
        say("{left} of {total} patients were left out.", left=numbers.whole(left),
            total=numbers.whole(left + required(first.n))) if left else None,
        say("{table} has its ratios.", table=the_table(f"table-{name_of(section, key)}-models"))
        if given(results, section, key, features) != [TOGETHER]
        else None,
        _imputed(results, section, key, features),
    )  # fmt: skip


def _imputed(results: Results, section: str, key: str, features: Sequence[DescribedFeature]) -> Text | None:
    """That the same model was made of all patients, with how many sets of values, or why not; None unless asked for."""
    found = every_ratio(results, section, key, features, IMPUTED)
    if not found:
        return None
    first = found[0]
    if not any(e.exists for e in found):
        why = phrases.value(estimate_words.why(first), first)
        return say("What is missing was not imputed: {why}.", why=why)
    return say(
        "Beside it stands the model of all {k}, what is missing imputed many times; it assumes that whether a value is "
        "missing depends on nothing but what the model knows.",
        k=phrases.value(counted(required(first.n), "patient"), first),
    )


def tested(results: Results, section: str, key: str, features: Sequence[DescribedFeature]) -> list[Estimate]:
    """Every p-value of a ratio alone."""
    found = (
        results.get(f"{section}.{key}.{e.group}.p_value_model")
        for e in every_ratio(results, section, key, features)
    )
    return [e for e in found if e is not None and e.exists]


def blocks(
    results: Results,
    section: str,
    features: Sequence[DescribedFeature],
    event: str,
    endpoint: DescribedEndpoint,
) -> list[Block]:
    """The table of ratios, which is a forest plot, too, and one of what other models gave; nothing where no model was
    allowed. event: the head of the column of those who had it.
    """
    if not any(e.exists for e in every_ratio(results, section, endpoint.key, features)):
        return []
    caption = _apart(results, section, features, endpoint.key)
    if section != endpoint.key:
        caption = say("{label}. {found}", label=head(endpoint.label), found=caption)
    made = ratio_table(results, section, features, event, endpoint, caption)
    others = further_table(results, section, features, endpoint)
    forest = _forest(results, section, features, event, endpoint, caption)
    return [replace(made, figures=forest), *([others] if others else [])]


def _forest(
    results: Results,
    section: str,
    features: Sequence[DescribedFeature],
    event: str,
    endpoint: DescribedEndpoint,
    caption: Text,
) -> tuple[Figure, ...]:
    """The table as a picture, for slides and as a file; () where it is too long for one."""
    from reportgen.figures.dot_plot import DotRow, dot_plot

    rows, key = [], endpoint.key
    for feature in features:
        found = ratios_of(results, section, key, feature.name)
        if not found:
            continue
        rows.append((DotRow(heading(feature), head=True), ""))
        shares = {
            level: share_of_level(results, section, key, feature.name, level) for level in feature.levels
        }
        for e in (None, *found) if shares else found:
            share = shares.get(named_level(e, found))
            share = plain(phrases.share(share)) if share is not None else ""
            right = _("reference") if e is None else plain(phrases.ratio_alone(e))
            said = ""
            if e is not None and e.exists:
                right += f" ({plain(phrases.ratio_interval(e))})"
                said = f"{feature.label}, {compared(e, feature.words)}: {right}"
            point = (e.value, e.low, e.high) if e is not None else (None, None, None)
            rows.append((DotRow(level_of(e, found, feature), *point, share, right, indent=1), said))
    if len(rows) > MOST_DOTS:
        return ()
    plot = partial(
        dot_plot,
        xlabel=_("Hazard ratio"),
        columns=(f"{head(event)}, n/N (%)", _("Ratio ({n}% CI)", n=phrases.percent_of(results))),
        log=True,
        reference=1,
    )
    how = say(
        "Hazard ratio of each feature alone, with its {n}% interval, on a logarithmic scale.",
        n=phrases.percent_of(results),
    )
    return dot_figures(f"figure-{name_of(section, key)}-ratios", rows, caption, how, _("Forest plot"), plot)


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
        return say("Features examined: {n}.", n=examined)
    p, e, f = min(known, key=lambda one: required(one[0].value))
    said = {
        "n": examined,
        "f": lower(f.label),
        "p": phrases.value(numbers.p_value(required(p.value)), p),
        "how": estimate_words.methods([p.method]),
    }
    clear = required(p.value) < CLEAR
    if only and not clear:
        return say("The one feature examined, {f}, does not differ clearly: {p} ({how}).", **said)
    if not clear:
        return say("Of {n} features examined none differs clearly: the smallest {p} ({how}).", **said)
    said |= {"words": compared(e, f.words), "ratio": phrases.ratio_alone(e)}
    if only:
        return say("The one feature examined, {f}, differs ({words}: ratio {ratio}; {p}, {how}).", **said)
    return say("Of {n} features examined {f} differs most ({words}: ratio {ratio}; {p}, {how}).", **said)
