"""Hazard ratios of features in tables: each alone with its dot and p-values, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.base.described import DescribedEndpoint, DescribedFeature
from reportgen.base.message import N_, Message, codes
from reportgen.base.required import required
from reportgen.chapters.shared.comparison_blocks import NOT_NAMED, compared, ratios_of
from reportgen.report import Column, Dot, Dots, Row, Table, Text
from reportgen.stats.notes import split
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, not_given, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, head, say
from reportgen.writing.tables import row, table, text_column

ADJUSTED = "hazard_ratio_adjusted"
TOGETHER = (ADJUSTED, "p_value_adjusted", N_("Ratio together"))
# What may be given beside the ratio alone: statistics, and the head of their columns. The p-value of Fine and Gray's
# model is not adjusted for the number of features, and is not printed.
IMPUTED = "hazard_ratio_imputed"
FURTHER = (
    ("subdistribution_hazard_ratio", "", N_("Fine–Gray")),
    TOGETHER,
    (IMPUTED, "p_value_imputed", N_("Together, imputed")),
)
WIDE = 0.28  # of the table: its axis


def heading(feature: DescribedFeature) -> str:
    """The feature as a row of its own: its label, and its unit."""
    unit = f" ({_(feature.unit)})" if feature.unit else ""
    return f"{head(feature.label)}{unit}"


def name_of(section: str, key: str) -> str:
    """What figure and table are called: by their chapter, and by the endpoint where that has another name."""
    return section if section == key else f"{section}-{key}"


def every_ratio(
    results: Results,
    section: str,
    key: str,
    features: Sequence[DescribedFeature],
    statistic: str = "hazard_ratio",
) -> list[Estimate]:
    """The ratios of all features, of one kind."""
    return [e for f in features for e in ratios_of(results, section, key, f.name, statistic)]


def given(
    results: Results, section: str, key: str, features: Sequence[DescribedFeature]
) -> list[tuple[str, str, str]]:
    """Those of FURTHER of which any ratio exists."""
    return [(ratio, p, words) for ratio, p, words in FURTHER
            if any(e.exists for e in every_ratio(results, section, key, features, ratio))]  # fmt: skip


def share_of_level(results: Results, section: str, key: str, feature: str, level: str) -> Estimate | None:
    """How many with a level had the event; of relapse it stands among the features. None of a level without anybody
    of whom the endpoint is known.
    """
    of_endpoint = results.get(f"{section}.{key}.{feature}={level}.proportion")
    return of_endpoint or results.get(f"{section}.{feature}.{level}.proportion")


def ratio_table(
    results: Results,
    section: str,
    features: Sequence[DescribedFeature],
    event: str,
    endpoint: DescribedEndpoint,
    caption: Text,
) -> Table:
    """A row for each level: who had the event, and its ratio alone, as a dot, too; and together where no other model
    was made beside (see further_table). event: the head of the column of those who had it.
    """
    key = endpoint.key
    further = given(results, section, key, features)
    further = [] if len(further) > 1 or further != [TOGETHER] else further
    place, marks = _axis(every_ratio(results, section, key, features))
    one = place(1.0)
    blank = [""] * (2 + sum(1 + bool(p) for _ratio, p, _words in further))
    rows: list[Row] = []
    for feature in features:
        found = ratios_of(results, section, key, feature.name)
        if not found:
            continue
        rows.append(row(heading(feature), head=True))
        if feature.levels:
            share = _share_cell(results, section, key, feature, named_level(None, found))
            reference = (level_of(None, found, feature), share, (Dots((), one),), _("reference"), *blank)
            rows.append(row(*reference, indent=1))
        for e in found:
            level = named_level(e, found)
            # A ratio of no level, as per year of age, has the events of its model.
            share = _share_cell(results, section, key, feature, level) if level else _model_cell(e)
            cells = _ratio_cells(results, f"{section}.{key}.{e.group}", further)
            dots = (Dots((_dot(e, place),) if e.exists else (), one),)
            rows.append(row(level_of(e, found, feature), share, dots, *cells, indent=1))
    level = phrases.intervals(results)
    columns = [text_column(_("Feature"), 0.25), Column(head(event), "n/N (%)"),
               Column("", align="axis", width=WIDE, marks=marks), Column(_("Ratio alone"), level),
               Column(_("p")), Column(_("p"), _("Holm")), *_heads(further, level)]  # fmt: skip
    methods = _methods(results, section, key, ("hazard_ratio", "p_value_model"), further)
    notes = [
        say(
            "Exploratory. A ratio above 1: the event came sooner than in the reference, or with the higher value."
        ),
        say("Methods: {methods}; p-values of the features alone adjusted by Holm.", methods=methods),
    ]
    made = table(f"table-{name_of(section, key)}-ratios", caption, columns, rows, notes)
    return replace(
        made,
        dots=say(
            "Dots: the ratio of each feature alone with its {n}% interval, on a logarithmic scale; the dashed line is "
            "no difference.",
            n=phrases.percent_of(results),
        ),
    )


def further_table(
    results: Results, section: str, features: Sequence[DescribedFeature], endpoint: DescribedEndpoint
) -> Table | None:
    """What the other models gave, where the table of ratios alone has no room for them."""
    key = endpoint.key
    further = given(results, section, key, features)
    if not further or further == [TOGETHER]:
        return None
    rows: list[Row] = []
    for feature in features:
        every = ratios_of(results, section, key, feature.name)
        found = [e for e in every if _told(results, f"{section}.{key}.{e.group}", further)]
        alone = len(every) == 1
        rows += [] if alone or not found else [row(heading(feature), head=True)]
        for e in found:
            words = (
                say("{f}, {words}", f=head(feature.label), words=compared(e, feature.words))
                if alone
                else capital((compared(e, feature.words),))
            )
            cells = _further_cells(results, f"{section}.{key}.{e.group}", further)
            rows.append(row(words, (phrases.part_of_all(e),), *cells, indent=int(not alone)))
    level = phrases.intervals(results)
    columns = [text_column(_("Feature"), 0.4), Column(_("Events"), "n/N"), *_heads(further, level)]
    notes = [say("Methods: {methods}.", methods=_methods(results, section, key, (), further))]
    if FURTHER[0] in further:
        notes.append(
            say(
                "Fine–Gray: ratio of subdistribution hazards, alone; above 1 the cumulative incidence is higher, by "
                "way of the event or of its competitor."
            )
        )
    notes += not_given.not_estimable(_shown(results, section, key, features, further))
    caption = say(
        "{label}: hazard ratios of the features known at the start by other models.",
        label=head(endpoint.label),
    )
    return table(f"table-{name_of(section, key)}-models", caption, columns, rows, notes)


def level_of(estimate: Estimate | None, found: Sequence[Estimate], feature: DescribedFeature) -> str:
    """The level that a row speaks of: of "B against A" the B, of the reference the A."""
    level = named_level(estimate, found)
    return shares.level(feature, level) if level else compared(required(estimate), feature.words)


def named_level(estimate: Estimate | None, found: Sequence[Estimate]) -> str:
    """The level as the results name it; "" of an estimate that is of no level."""
    what = split((found[0] if estimate is None else estimate).method)[1]
    sides = what.parts if isinstance(what, Message) else {}
    return str(sides.get("b" if estimate is None else "a", ""))


def _share_cell(
    results: Results, section: str, key: str, feature: DescribedFeature, level: str
) -> Text | str:
    share = share_of_level(results, section, key, feature.name, level) if level else None
    return phrases.share(share) if share is not None else ""


def _model_cell(estimate: Estimate) -> Text:
    """The events of a model and its patients: "9/24 (38%)"."""
    counted = estimate.events is not None and estimate.n
    return phrases.events_of(estimate) if counted else ("",)


def _axis(ratios: Sequence[Estimate]):
    """Where on the axis a ratio lies, within 0–1, and the places and words of its ticks."""
    from reportgen.figures.axes import ratio_axis, ratio_words

    shown = [v for e in ratios for v in (e.value, e.low, e.high) if v is not None and v > 0]
    axis = ratio_axis(min(shown, default=0.5), max(shown, default=2.0), 0.0, 100.0)
    marks = tuple((axis.clip(t) / 100, words) for t, words in zip(axis.ticks, ratio_words(axis), strict=True))
    return lambda value: axis.clip(value) / 100, marks


def _dot(e: Estimate, place) -> Dot:
    low, high = (None if limit is None else place(limit) for limit in (e.low, e.high))
    return Dot(place(e.value), low, high)


def _heads(further: Sequence[tuple[str, str, str]], level: str) -> list[Column]:
    heads: list[Column] = []
    for _ratio, p, words in further:
        heads += [Column(_(words), level), *([Column(_("p"))] if p else [])]
    return heads


def _methods(
    results: Results, section: str, key: str, own: Sequence[str], further: Sequence[tuple[str, str, str]]
) -> str:
    statistics = {*own, *(name for ratio, p, _words in further for name in (ratio, p))}
    shown = (e for e in results.select(section=section, endpoint=key) if e.exists)
    return estimate_words.methods(e.method for e in shown if e.statistic in statistics)


def _ratio_cells(results: Results, stem: str, further: Sequence[tuple[str, str, str]]) -> list[Text]:
    return [
        _cell(results[f"{stem}.hazard_ratio"]),
        phrases.p_cell(results[f"{stem}.p_value_model"]),
        phrases.p_cell(results.get(f"{stem}.p_value_model_holm")),
        *_further_cells(results, stem, further),
    ]


def _told(results: Results, stem: str, further: Sequence[tuple[str, str, str]]) -> bool:
    """Whether any of the other models was made, or refused, with this ratio."""
    found = (results.get(f"{stem}.{ratio}") for ratio, _p, _words in further)
    return any(e is not None and NOT_NAMED not in codes(e.note) for e in found)


def _further_cells(results: Results, stem: str, further: Sequence[tuple[str, str, str]]) -> list[Text]:
    cells: list[Text] = []
    for ratio, p, _words in further:
        found = results.get(f"{stem}.{ratio}")
        there = found is not None and NOT_NAMED not in codes(found.note)
        cells.append(_cell(found) if found is not None and there else ("",))
        if p:
            cells.append(phrases.p_cell(results.get(f"{stem}.{p}")) if there else ("",))
    return cells


def _shown(
    results: Results,
    section: str,
    key: str,
    features: Sequence[DescribedFeature],
    further: Sequence[tuple[str, str, str]],
) -> list[Estimate]:
    """The ratios of the columns, as far as they stand in one."""
    every = (e for ratio, _p, _words in further for e in every_ratio(results, section, key, features, ratio))
    return [e for e in every if NOT_NAMED not in codes(e.note)]


def _cell(estimate: Estimate) -> Text:
    """ "0.81 (0.52–1.24)"."""
    if not estimate.exists:
        return phrases.absent(estimate)
    return say("{x} ({i})", x=phrases.ratio_alone(estimate), i=phrases.ratio_interval(estimate))
