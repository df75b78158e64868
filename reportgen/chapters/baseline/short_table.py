"""Table 1 of a few patients: a row per feature, its levels one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.described import DescribedFeature
from reportgen.base.required import required
from reportgen.chapters.baseline import table_one as long
from reportgen.report import Row, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, join, say
from reportgen.writing.tables import row, table, text_column

MOST = 30  # patients: of no more, a row per level says less than their counts in one line


def short_table(results: Results, features: Sequence[DescribedFeature], id: str, caption: Text) -> Table:
    """Two columns, feature and patients. id: of the table on the page."""
    rows = [_row(results, feature) for feature in features]
    return table(id, caption, (text_column(_("Feature"), 0.34), text_column(_("Patients"), 0.66)), rows)


def _row(results: Results, feature: DescribedFeature) -> Row:
    name = f"{feature.label} ({_(feature.unit)})" if feature.unit else feature.label
    said = _amounts(results, feature) if feature.kind == "number" else _levels(results, feature)
    missing = long.of(results, feature, "missing")
    if missing.value:
        said = join([said, say("not recorded in {k}", k=phrases.count(missing))], "; ", "; ")
    return row(capital((name,)), said)


def _amounts(results: Results, feature: DescribedFeature) -> Text:
    median, low, high = (long.of(results, feature, s) for s in ("median", "minimum", "maximum"))
    if not median.exists:
        return phrases.absent(median)
    shown = {
        name: long.amount(e, results, feature) for name, e in (("m", median), ("low", low), ("high", high))
    }
    if median.n == 1:
        return shown["m"]
    return say("median {m} ({low}–{high})", **shown)


def _levels(results: Results, feature: DescribedFeature) -> Text:
    """ "lung 2, abdomen 2, pelvis 1", the most frequent first, those that are numbers by size: "0: 7, 1: 12"; of yes
    and no "2 of 8".
    """
    found = [(name, long.level(results, feature, name)) for name in feature.levels]
    if feature.kind == "yes/no" and found:
        _name, e = found[0]
        if not e.n:
            return (numbers.MISSING,)
        if e.n == 1:
            return (phrases.value(_("yes") if e.events else _("no"), e),)
        return say("{k} of {n}", k=shares.listed(e), n=numbers.whole(required(e.n)))
    if not all(name.isdecimal() for name in feature.levels):
        found.sort(key=lambda one: -required(one[1].events))
    if found and found[0][1].n == 1:
        return (phrases.value(shares.level(feature, found[0][0]), found[0][1]),)
    # "1 12, 0 7": after a name that ends in a figure, the count would be read as more of it.
    figures = any(name[-1:].isdigit() for name, _e in found)
    said = [_counted(shares.level(feature, name), shares.listed(e), figures) for name, e in found]
    return join(said, ", ", ", ") if said else (numbers.MISSING,)


def _counted(name: str, k: Text, figures: bool) -> Text:
    """ "lung 2"; where names end in figures "TPM3: 2"."""
    return say("{name}: {k}", name=name, k=k) if figures else say("{name} {k}", name=name, k=k)
