"""Table 1 and its sentences: features of the patients, for all and per group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.base.described import DescribedFeature
from reportgen.base.required import required
from reportgen.chapters.baseline.facts import BaselineFacts
from reportgen.chapters.shared import who_sentences
from reportgen.report import Column, Row, Table, Text
from reportgen.stats.results import Estimate, Results, subgroup
from reportgen.writing import group_columns, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, counted, join, lower, paragraph, say, say_n
from reportgen.writing.tables import row, table, text_column

SECTION = "baseline"
MEAN_FROM = 10
FINE = 20
MOST_LEVELS = 3
ALIKE = 0.1  # of a smaller standardised difference groups are taken to be alike (Austin 2009)
MOST_SENTENCES = 8


def of(results: Results, feature: DescribedFeature, statistic: str, group: str = "all") -> Estimate:
    """The Estimate of a feature. KeyError where the chapter did not make it."""
    return results[f"{SECTION}.{feature.name}.{group}.{statistic}"]


def level(results: Results, feature: DescribedFeature, name: str, group: str = "all") -> Estimate:
    """The proportion of the patients who have a level of a feature."""
    return of(results, feature, "proportion", subgroup(group, name))


def sentences(results: Results, features: Sequence[DescribedFeature]) -> Text:
    """How many patients, and the first few features in words."""
    facts: BaselineFacts = results.facts[SECTION]
    count = results[f"{SECTION}.all.all.count"]
    told = who_sentences.who(results)
    spoken = [f for f in features if not (told and f.name in ("sex", "age_at_start"))]
    if required(count.n) >= MEAN_FROM:
        spoken = []  # the table says them all
    said = [sentence for f in spoken if (sentence := _sentence(results, f))]
    return paragraph(
        _treated(facts, count),
        say("{who}.", who=told) if told else None,
        _groups_sentence(results, facts) if facts.groups else None,
        *said[:MOST_SENTENCES],
        say("The data describe no feature of the patients.") if not facts.features else None,
    )


def _treated(facts: BaselineFacts, count: Estimate) -> Text:
    patients = phrases.value(counted(required(count.n), "patient"), count)
    if facts.treatment:
        return say_n(
            "{patients} was treated with {treatment}.",
            "{patients} were treated with {treatment}.",
            required(count.n),
            patients=patients,
            treatment=facts.treatment,
        )
    return say_n("{patients} was treated.", "{patients} were treated.", required(count.n), patients=patients)


def _groups_sentence(results: Results, facts: BaselineFacts) -> Text:
    sizes = [results[f"{SECTION}.all.{group}.count"] for group in facts.groups]
    parts = [say("{n} in {group}", n=phrases.count(e), group=shares.group(facts, e.group)) for e in sizes]
    said = {"label": facts.group_label, "parts": join(parts)}
    left = facts.ungrouped
    if left:
        return say("By {label}: {parts}; for {n} it is not recorded.", n=numbers.whole(left), **said)
    return say("By {label}: {parts}.", **said)


def _sentence(results: Results, feature: DescribedFeature) -> Text | None:
    """One feature in words; None for categories with many levels, which the table tells better."""
    if feature.kind == "number":
        median, low, high = (of(results, feature, s) for s in ("median", "minimum", "maximum"))
        if not median.exists:
            return None
        unit = f" {_(feature.unit)}" if feature.unit else ""
        return say(
            "The median {label} was {m}{unit} (range {low}–{high}).",
            label=lower(feature.label),
            m=amount(median, results, feature),
            unit=unit,
            low=amount(low, results, feature),
            high=amount(high, results, feature),
        )
    levels = [level(results, feature, name) for name in feature.levels]
    if not levels or not levels[0].n:
        return None
    if feature.kind == "yes/no":
        return say(
            "{label} was recorded in {k} of {n} {percent}.",
            label=feature.label,
            k=_none(levels[0]),
            n=numbers.whole(levels[0].n),
            percent=_percent(levels[0]),
        )
    if len(levels) > MOST_LEVELS:
        return None
    named = zip(feature.levels, levels, strict=True)
    parts = [say("{name} in {k}", name=shares.level(feature, name), k=shares.listed(e)) for name, e in named]
    return say(
        "{label} was {parts} of {n}.", label=feature.label, parts=join(parts), n=numbers.whole(levels[0].n)
    )


def _percent(estimate: Estimate) -> Text:
    """Without its interval: a description of these patients is no estimate of others."""
    return say(
        "({percent})",
        percent=phrases.value(numbers.percent(required(estimate.value), required(estimate.n)), estimate),
    )


def _none(estimate: Estimate) -> Text:
    return shares.listed(estimate) if estimate.events else shares.spelled(estimate)


def features_table(results: Results, features: Sequence[DescribedFeature], id: str, caption: Text) -> Table:
    """A row per level, or per pair of statistics; a column for all and one per group."""
    later = [feature for feature in features if not feature.known_at_start]
    facts: BaselineFacts = results.facts[SECTION]
    groups = ["all", *facts.groups]
    heads = group_columns.lettered(facts, facts.groups)
    rows = [one for feature in features for one in _rows(results, feature, groups)]
    apart = len(groups) == 3 and any(_known_apart(results, f) for f in features)
    columns = [text_column("", 0.34)]
    for group in groups:
        count = results[f"{SECTION}.all.{group}.count"]
        columns.append(Column(shares.group(heads, group), f"n = {numbers.whole(required(count.n))}"))
    notes = (*shares.asked(later), *group_columns.key(facts, facts.groups))
    if apart:
        columns.append(Column(_("Difference"), _("standardised")))
        notes = (
            say(
                "Standardised difference: of means in standard deviations, or of the shares of all levels; no test."
            ),
            *notes,
        )
    width = len(columns)
    rows = [replace(one, cells=(*one.cells, ())[:width]) for one in rows]
    return table(id, caption, columns, rows, notes)


def largest_difference(results: Results, features: Sequence[DescribedFeature]) -> Text:
    """In which feature two groups differ most, as a caption says it; empty without groups, or where two are alike."""
    known = [(e, f) for f in features if (e := _distance(results, f)) is not None and e.exists]
    if len(results.facts[SECTION].groups) != 2 or len(known) < 2:
        return ()
    (most, feature), (second, _other) = sorted(known, key=lambda pair: -required(pair[0].value))[:2]
    d = numbers.decimal(required(most.value), 2)
    if required(most.value) < ALIKE:
        return say(
            "The groups were alike at the start: no standardised difference above {d}.",
            d=phrases.value(d, most),
        )
    if d == numbers.decimal(required(second.value), 2):
        return ()
    return say(
        "The groups differ most at the start in {feature}: standardised difference {d}.",
        feature=lower(feature.label),
        d=phrases.value(d, most),
    )


def _distance(results: Results, feature: DescribedFeature) -> Estimate | None:
    return results.get(f"{SECTION}.{feature.name}.{results.facts[SECTION].group}.standardised_difference")


def _known_apart(results: Results, feature: DescribedFeature) -> bool:
    found = _distance(results, feature)
    return found is not None and found.exists


def _apart(results: Results, feature: DescribedFeature) -> Text:
    """ "0.21", beside the name of the feature."""
    found = _distance(results, feature)
    if found is None:
        return ()
    if not found.exists:
        return phrases.absent(found)
    return (phrases.value(numbers.decimal(required(found.value), 2), found),)


def _rows(results: Results, feature: DescribedFeature, groups: Sequence[str]) -> list[Row]:
    name = f"{feature.label} ({_(feature.unit)})" if feature.unit else feature.label
    label, apart = capital((name,)), _apart(results, feature)
    share = group_columns.share(groups[1:])
    if feature.kind == "number":
        rows = [
            row(label, *[""] * len(groups), apart, head=True),
            *_number_rows(results, feature, groups),
        ]
    elif feature.kind == "yes/no":
        rows = [row(label, *(share(level(results, feature, "yes", g)) for g in groups), apart)]
    else:
        rows = [row(label, *[""] * len(groups), apart, head=True)]
        rows += [
            row(
                shares.level(feature, name),
                *(share(level(results, feature, name, g)) for g in groups),
                indent=1,
            )
            for name in feature.levels
        ]
    missing = [of(results, feature, "missing", g) for g in groups]
    if missing[0].value:
        rows.append(row(_("not recorded"), *map(phrases.count, missing), indent=1))
    return rows


def _number_rows(results: Results, feature: DescribedFeature, groups: Sequence[str]) -> list[Row]:
    if group_columns.many(groups[1:]):  # narrow columns: the quartiles have a line of their own
        middle = [
            row(_("median"), *(amount(of(results, feature, "median", g), results, feature, _middles(results, feature))
                               for g in groups), indent=1),
            row(_("quartiles"), *(_limits(results, feature, g, "quartile_1", "quartile_3") for g in groups), indent=1),
        ]  # fmt: skip
    else:
        middle = [row(_("median (quartiles)"), *(_middle(results, feature, g) for g in groups), indent=1)]
    rows = [
        *middle,
        row(_("range"), *(_limits(results, feature, g, "minimum", "maximum") for g in groups), indent=1),
    ]
    if required(of(results, feature, "count").n) >= MEAN_FROM:
        rows.append(row(_("mean (SD)"), *(_mean(results, feature, g) for g in groups), indent=1))
    return rows


def _middle(results: Results, feature: DescribedFeature, group: str) -> Text:
    median = of(results, feature, "median", group)
    if not median.exists:
        return phrases.absent(median)
    quartiles = _limits(results, feature, group, "quartile_1", "quartile_3")
    m = amount(median, results, feature, _middles(results, feature))
    return say("{m} ({quartiles})", m=m, quartiles=quartiles)


def _middles(results: Results, feature: DescribedFeature) -> list[Estimate]:
    """The medians and quartiles of all groups."""
    groups = ("all", *results.facts[SECTION].groups)
    return [of(results, feature, s, g) for s in ("median", "quartile_1", "quartile_3") for g in groups]


def _limits(results: Results, feature: DescribedFeature, group: str, low: str, high: str) -> Text:
    ends = [of(results, feature, statistic, group) for statistic in (low, high)]
    if not ends[0].exists:
        return phrases.absent(ends[0])
    among = _middles(results, feature) if low == "quartile_1" else ()
    return say("{low}–{high}", **{
        name: amount(end, results, feature, among) for name, end in zip(("low", "high"), ends, strict=True)
    })  # fmt: skip


def _mean(results: Results, feature: DescribedFeature, group: str) -> Text:
    mean, sd = (of(results, feature, statistic, group) for statistic in ("mean", "sd"))
    if not mean.exists:
        return phrases.absent(mean)
    spread = of(results, feature, "sd").value or 0
    cells = [
        phrases.value(numbers.measure(required(e.value), spread), e) if e.exists else phrases.absent(e)
        for e in (mean, sd)
    ]
    return say("{mean} ({sd})", mean=cells[0], sd=cells[1])


def amount(
    estimate: Estimate, results: Results, feature: DescribedFeature, among: Sequence[Estimate] = ()
) -> Text:
    """Whole numbers as such (unless widely spread, a median of them may end in .5); others as their spread deserves.

    among: those of its row, which all have its decimals.
    """
    if not estimate.exists:
        return phrases.absent(estimate)
    if feature.whole:
        broken = any(e.exists and required(e.value) % 1 for e in (estimate, *among))
        halves = broken and (of(results, feature, "sd").value or 0) < FINE
        text = numbers.decimal(required(estimate.value), 1 if halves else 0)
    else:
        spread = of(results, feature, "sd")
        text = numbers.measure(required(estimate.value), spread.value or 0)
    return (phrases.value(text, estimate),)
