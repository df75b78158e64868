"""Hazard ratios of features in a table: each alone, with every p-value, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.described import DescribedEndpoint, DescribedFeature
from reportgen.base.message import N_, codes
from reportgen.chapters.shared.comparison_blocks import NOT_NAMED, compared, ratios_of
from reportgen.report import Column, Row, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, head, say
from reportgen.writing.tables import row, table, text_column

ADJUSTED = "hazard_ratio_adjusted"
# What stands beside the ratio alone, where it was given: statistics, and the head of their columns. The p-value of Fine
# and Gray's model is not adjusted for the number of features, and is not printed.
FURTHER = (
    ("subdistribution_hazard_ratio", "", N_("Fine–Gray")),
    (ADJUSTED, "p_value_adjusted", N_("Ratio together")),
)


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


def ratio_table(
    results: Results, section: str, features: Sequence[DescribedFeature], endpoint: DescribedEndpoint
) -> Table:
    """A row for each ratio: the events of its model, alone, and by the models that were allowed beside it."""
    key = endpoint.key
    further = [(ratio, p, words) for ratio, p, words in FURTHER
               if any(e.exists for e in every_ratio(results, section, key, features, ratio))]  # fmt: skip
    rows: list[Row] = []
    for feature in features:
        found = ratios_of(results, section, key, feature.name)
        if len(found) > 1:
            rows.append(
                row(
                    heading(feature),
                    *[""] * (4 + sum(1 + bool(p) for _ratio, p, _words in further)),
                    head=True,
                )
            )
        for e in found:
            alone = len(found) == 1
            words = (
                say("{f}, {words}", f=head(feature.label), words=compared(e, feature.words))
                if alone
                else capital((compared(e, feature.words),))
            )
            cells = _ratio_cells(results, f"{section}.{key}.{e.group}", further)
            rows.append(row(words, *cells, indent=int(not alone)))
    level = phrases.intervals(results)
    columns = [text_column(_("Feature"), 0.3), Column(_("Events"), "n/N"), Column(_("Ratio alone"), level),
               Column(_("p")), Column(_("p"), _("Holm"))]  # fmt: skip
    for _ratio, p, words in further:
        columns += [Column(_(words), level), *([Column(_("p"))] if p else [])]
    shown = (e for e in results.select(section=section, endpoint=key) if e.exists)
    statistics = {
        "hazard_ratio",
        "p_value_model",
        *(name for ratio, p, _words in further for name in (ratio, p)),
    }
    methods = estimate_words.methods(e.method for e in shown if e.statistic in statistics)
    together = any(ratio == ADJUSTED for ratio, _p, _words in further)
    return table(
        f"table-{name_of(section, key)}-ratios", _caption(head(endpoint.label), together), columns, rows,
        _notes(methods, len(further) > int(together)),
    )  # fmt: skip


def _caption(label: str, together: bool) -> Text:
    if together:
        return say(
            "{label}: hazard ratios of the features known at the start, each alone, and of those named beforehand "
            "together.",
            label=label,
        )
    return say("{label}: hazard ratios of the features known at the start, each alone.", label=label)


def _notes(methods: str, subdistribution: bool) -> list[Text]:
    notes = [
        say(
            "Exploratory. A ratio above 1: the event came sooner in those named first, or with the higher value."
        ),
        say("Methods: {methods}; p-values of the features alone adjusted by Holm.", methods=methods),
    ]
    if subdistribution:
        notes.append(
            say(
                "Fine–Gray: ratio of subdistribution hazards, alone; above 1 the cumulative incidence is higher, by "
                "way of the event or of its competitor."
            )
        )
    return notes


def _ratio_cells(results: Results, stem: str, further: Sequence[tuple[str, str, str]]) -> list[Text]:
    alone = results[f"{stem}.hazard_ratio"]
    cells: list[Text] = [
        (phrases.part_of_all(alone),),
        _cell(alone),
        phrases.p_cell(results[f"{stem}.p_value_model"]),
        phrases.p_cell(results.get(f"{stem}.p_value_model_holm")),
    ]
    for ratio, p, _words in further:
        found = results.get(f"{stem}.{ratio}")
        there = found is not None and NOT_NAMED not in codes(found.note)
        cells.append(_cell(found) if found is not None and there else ("",))
        if p:
            cells.append(phrases.p_cell(results.get(f"{stem}.{p}")) if there else ("",))
    return cells


def _cell(estimate: Estimate) -> Text:
    """ "0.81 (0.52–1.24)"."""
    if not estimate.exists:
        return phrases.absent(estimate)
    return say("{x} ({i})", x=phrases.ratio_alone(estimate), i=phrases.ratio_interval(estimate))
