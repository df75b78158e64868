"""Features against an event, as a reader meets them: every one of them, in one table and one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from reportgen.language import _, inflected
from reportgen.present import numbers, phrases, ratios, shares, stated
from reportgen.present.dot_figures import dot_figures
from reportgen.present.narrative import capital, say
from reportgen.present.ratios import heading
from reportgen.present.tables import row, table, text_column
from reportgen.report import Block, Column, Figure, Note, Row, Table, Text, plain
from reportgen.stats.results import Estimate, Results

MOST_DOTS = 60
FEWEST = 2  # patients: of no more, no dot plot is drawn


def feature_blocks(
    results: Results, section: str, features: Sequence[Mapping], event: str, endpoint: str
) -> list[Block]:
    """Table and dot plot of all features; what became known later stands apart, without a test."""
    known = [f for f in features if f["known_at_start"]]
    later = [f for f in features if not f["known_at_start"]]
    blocks: list[Block] = [
        Note(
            _("Exploratory"),
            _(
                "No feature was chosen beforehand. Fisher’s test compares the proportions and ignores the "
                "time under observation; the permutation log-rank test compares the times and assumes equal censoring."
            ),
        )
    ]
    if known:
        blocks.append(_table(results, section, known, event, endpoint))
        forest = ratios.blocks(results, section, known, event, endpoint)
        blocks += forest or (
            [] if _few(results, section, known) else _figures(results, section, known, event)
        )
    if later:
        blocks.append(_later(results, section, later, event))
    return blocks


def _few(results: Results, section: str, features: Sequence[Mapping]) -> bool:
    """Whether there are so few patients that a figure would say less than its table."""
    return all(
        sum(results[f"{section}.{f['name']}.{level}.proportion"].n for level in f["levels"]) <= FEWEST
        for f in features
    )


def _p(results: Results, section: str, name: str, group: str, statistic: str = "p_value") -> Estimate | None:
    return results.get(f"{section}.{name}.{group}.{statistic}")


def _table(results: Results, section: str, features: Sequence[Mapping], event: str, endpoint: str) -> Table:
    rows: list[Row] = []
    reasons: list[str] = []
    tests: set[str] = set()
    for feature in features:
        name = feature["name"]
        overall = _p(results, section, name, name)
        logrank = _p(results, section, endpoint, name)
        tests |= {e.method for e in (overall, logrank) if e is not None and e.exists}
        if overall is not None and not overall.exists:
            reasons.append(f"{feature['label']}: {stated.why(overall)}")
        ps = (
            phrases.p_cell(overall),
            phrases.p_cell(_p(results, section, name, name, "p_value_holm")),
            phrases.p_cell(logrank),
        )
        rows.append(row(heading(feature), "", "", *ps, head=True))
        rows += _numbers(results, section, feature, event) if feature["kind"] == "number" else []
        for level in feature["levels"]:
            e = results[f"{section}.{name}.{level}.proportion"]
            rows.append(
                row(
                    shares.level(feature, level),
                    phrases.share(e),
                    phrases.share_interval(e),
                    phrases.p_cell(_p(results, section, name, level)),
                    phrases.p_cell(_p(results, section, name, level, "p_value_holm")),
                    phrases.p_cell(_p(results, section, endpoint, f"{name}={level}")),
                    indent=1,
                )
            )
        missing = results[f"{section}.{name}.missing.count"]
        if missing.value:
            rows.append(row(_("not recorded"), phrases.count(missing), "", "", "", "", indent=1))
    columns = (
        text_column(_("Feature"), 0.34),
        Column(capital((_(event),))[0], "n/N (%)"),
        Column(_("95% CI"), "%"),
        Column(_("p"), _("exact")),
        Column(_("p"), _("Holm")),
        Column(_("p"), _("times")),
    )
    notes: list[Text] = [
        say(
            "A p-value beside a feature tests all its levels together; beside a level, that level "
            "against all others. Exact: of the proportions; times: of the times to the event, by log-rank or "
            "Gray’s test."
        ),
        say(
            "Tests used: {tests}. Intervals: Clopper–Pearson.",
            tests="; ".join(stated.method(test) for test in sorted(tests)) or _("none"),
        ),
    ]
    if reasons:
        notes.append(say("Not tested: {reasons}.", reasons="; ".join(reasons)))
    caption = say(
        "Every feature known at the start, by its levels: patients who {event}.", event=inflected(event)
    )
    return table(f"table-{section}-features", caption, columns, rows, notes)


def _numbers(results: Results, section: str, feature: Mapping, event: str) -> list[Row]:
    rows = []
    for group, words in (
        ("with event", _(event)),
        ("without event", _("not {event}", event=inflected(event))),
    ):
        median, low, high, count = (
            results[f"{section}.{feature['name']}.{group}.{s}"]
            for s in ("median", "minimum", "maximum", "count")
        )
        if not median.exists:
            cells = (phrases.absent(median), "", "", "", "")
            rows.append(row(_("{group}: median (range)", group=words), *cells, indent=1))
            continue
        spread = high.value - low.value
        shown = [(phrases.value(numbers.measure(e.value, spread), e),) for e in (median, low, high)]
        cell = say("{median} ({low}–{high})", median=shown[0], low=shown[1], high=shown[2])
        head = _("{group}, n = {n}: median (range)", group=words, n=numbers.whole(count.value))
        rows.append(row(head, cell, "", "", "", "", indent=1))
    return rows


def _figures(results: Results, section: str, features: Sequence[Mapping], event: str) -> tuple[Figure, ...]:
    from reportgen.present.figures.dots import DotRow, dot_plot

    rows = []
    for feature in features:
        if not feature["levels"]:
            continue
        rows.append((DotRow(heading(feature), None, None, None, "", "", head=True), ""))
        for level in feature["levels"]:
            e = results[f"{section}.{feature['name']}.{level}.proportion"]
            share, interval = plain(phrases.share(e)), plain(phrases.share_interval(e))
            said = _(
                "{feature} {level}: {share}, interval {interval}%",
                feature=feature["label"],
                level=shares.level(feature, level),
                share=share,
                interval=interval,
            )
            rows.append(
                (
                    DotRow(shares.level(feature, level), e.value, e.low, e.high, share, interval, indent=1),
                    said,
                )
            )
    if not rows or len(rows) > MOST_DOTS:
        return ()
    who = inflected(event)
    caption = _("Proportion who {event} at each level of each feature, with exact 95% intervals", event=who)
    plot = partial(dot_plot, xlabel=_("Patients who {event}", event=who), columns=("n/N (%)", _("95% CI, %")))
    return dot_figures(f"figure-{section}-features", rows, caption, _("Dot plot"), plot)


def _later(results: Results, section: str, features: Sequence[Mapping], event: str) -> Table:
    rows = []
    for feature in features:
        rows.append(row(heading(feature), "", "", head=True))
        for level in feature["levels"]:
            e = results[f"{section}.{feature['name']}.{level}.proportion"]
            rows.append(
                row(shares.level(feature, level), phrases.share(e), phrases.share_interval(e), indent=1)
            )
    columns = (
        text_column(_("Became known after the start"), 0.5),
        Column(capital((_(event),))[0], "n/N (%)"),
        Column(_("95% CI"), "%"),
    )
    note = say(
        "Described, not compared: whoever stays in remission long enough to have such a feature would seem "
        "protected by it (immortal time)."
    )
    caption = say("Features that became known only after the start: described, never tested.")
    return table(f"table-{section}-later", caption, columns, rows, (note,))
