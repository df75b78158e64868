"""Features against an event, as a reader meets them: every one of them, in one table and one figure."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.described import DescribedEndpoint
from reportgen.base.message import N_, Message, pieces
from reportgen.base.required import required
from reportgen.chapters.relapse.facts import RelapseFeature
from reportgen.chapters.relapse.feature_figures import feature_figures
from reportgen.chapters.relapse.feature_tests import p_of, tested
from reportgen.chapters.shared import ratio_blocks as ratios
from reportgen.chapters.shared.ratio_blocks import heading
from reportgen.report import Block, Column, Note, Row, Table, Text
from reportgen.stats.notes import split
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, not_given, numbers, phrases, shares
from reportgen.writing.language import _, inflected
from reportgen.writing.narrative import head, join, lower, say
from reportgen.writing.tables import row, table, text_column

MINUTE = 0.001  # a test that can reach less is limited by no small number of patients
COMPARED = N_(
    "Fisher’s test compares the proportions and ignores the time under observation; the permutation log-rank test "
    "compares the times and assumes equal censoring. Where the levels were followed for unlike times, only the times "
    "are compared."
)


def feature_blocks(
    results: Results,
    section: str,
    features: Sequence[RelapseFeature],
    event: str,
    endpoint: DescribedEndpoint,
    unit: str,
) -> list[Block]:
    """Tables of all features, a dot plot where no model was; what became known later stands apart, without a test.

    unit: of the time under observation.
    """
    known = [f for f in features if f.known_at_start]
    later = [f for f in features if not f.known_at_start]
    blocks: list[Block] = []
    if known:
        blocks.append(Note(_("Exploratory"), f"{_beforehand(features)} {_(COMPARED)}"))
        blocks.append(_table(results, section, known, event, endpoint.key, unit))
        forest = ratios.blocks(results, section, known, _(event), endpoint)
        blocks += forest or feature_figures(results, section, known, event)
    if later:
        blocks.append(_later(results, section, later, event))
    return blocks


def _beforehand(features: Sequence[RelapseFeature]) -> str:
    named = [feature.label for feature in features if feature.of_interest]
    if not named:
        return _("No feature was named beforehand.")
    return _("Named beforehand: {features}.", features=", ".join(named))


def _table(
    results: Results, section: str, features: Sequence[RelapseFeature], event: str, endpoint: str, unit: str
) -> Table:
    rows: list[Row] = []
    reasons: list[str] = []
    for feature in features:
        name = feature.name
        overall = p_of(results, section, name, name)
        times = p_of(results, section, endpoint, name)
        if overall is not None and not overall.exists and (times is None or not times.exists):
            reasons.append(f"{feature.label}: {estimate_words.why(overall)}")
        of_all = _ps(results, section, name, name, endpoint, name)
        rows.append(row(heading(feature), "", "", "", *of_all, head=True))
        rows += _numbers(results, section, feature, event) if feature.kind == "number" else []
        for level in feature.levels:
            e = results[f"{section}.{name}.{level}.proportion"]
            rows.append(
                row(
                    shares.level(feature, level),
                    phrases.share(e),
                    phrases.share_interval(e),
                    phrases.duration(results[f"{section}.{name}.{level}.median_follow_up"], unit),
                    *_ps(results, section, name, level, endpoint, f"{name}={level}"),
                    indent=1,
                )
            )
        missing = results[f"{section}.{name}.missing.count"]
        if missing.value:
            rows.append(row(_("not recorded"), phrases.count(missing), *("",) * 6, indent=1))
    columns = (
        text_column(_("Feature"), 0.3),
        Column(head(_(event)), "n/N (%)"),
        Column(phrases.intervals(results), "%"),
        Column(_("Followed"), numbers.unit_name(unit)),
        Column(_("p"), _("exact")),
        Column(_("p"), _("Holm")),
        Column(_("p"), _("times")),
        Column(_("p"), _("Holm")),
    )
    caption = say(
        "Every feature known at the start, by its levels: patients who {event}.", event=inflected(event)
    )
    notes = [
        *_notes(tested(results, section, features, endpoint), reasons),
        *_reachable(results, section, features),
        *_missing(results, section, features),
        *not_given.no_interval(
            results[f"{section}.{f.name}.{level}.proportion"] for f in features for level in f.levels
        ),
    ]
    return table(f"table-{section}-features", caption, columns, rows, notes)


def _ps(results: Results, section: str, name: str, group: str, endpoint: str, sides: str) -> tuple[Text, ...]:
    """The p-value of the proportions and that of the times, each with what Holm makes of it."""
    return tuple(
        phrases.p_cell(p_of(results, section, *of, statistic))
        for of in ((name, group), (endpoint, sides))
        for statistic in ("p_value", "p_value_holm")
    )


def _notes(made: Sequence[Estimate], reasons: Sequence[str]) -> list[Text]:
    tests = sorted({estimate_words.method(split(e.method)[0]) for e in made})
    notes: list[Text] = [
        say(
            "A p-value beside a feature tests all its levels together; beside a level, that level "
            "against all others. Exact: of the proportions; times: of the times to the event, by log-rank or "
            "Gray’s test. Followed: median time to last contact or death; where one side was followed for more "
            "than 1.5 times as long as another, only the times are compared."
        ),
        say(
            "Tests used: {tests}. Intervals: Clopper–Pearson. Holm: adjusted over all {n} p-values of the table.",
            tests="; ".join(tests) or _("none"),
            n=numbers.whole(len(made)),
        ),
    ]
    if reasons:
        notes.append(say("Not tested: {reasons}.", reasons="; ".join(reasons)))
    return notes


def _reachable(results: Results, section: str, features: Sequence[RelapseFeature]) -> list[Text]:
    """The smallest p that the exact test of a feature can give with so few patients; nothing where it is minute."""
    said = []
    for feature in features:
        test = p_of(results, section, feature.name, feature.name)
        of = [] if test is None or not test.exists else pieces(test.note)
        for least in (
            float(str(p.parts["n"])) for p in of if isinstance(p, Message) and p.code == "smallest_p"
        ):
            if least >= MINUTE:
                said.append(f"{lower(feature.label)} {numbers.p_cell(least)}")
    return (
        [say("The smallest exact p that these numbers can give: {features}.", features=join(said))]
        if said
        else []
    )


def _missing(results: Results, section: str, features: Sequence[RelapseFeature]) -> list[Text]:
    """Between which bounds the shares lie where levels are not recorded; nothing where all are."""
    said = []
    for feature in features:
        parts = []
        for level in feature.levels:
            low = results.get(f"{section}.{feature.name}.{level}.missing_low")
            high = results.get(f"{section}.{feature.name}.{level}.missing_high")
            if low is not None and high is not None and low.exists and high.exists:
                parts.append(
                    say("{level} {bounds}", level=shares.level(feature, level), bounds=_bounds(low, high))
                )
        if parts:
            said.append(say("{feature} ({parts})", feature=lower(feature.label), parts=join(parts)))
    if not said:
        return []
    return [
        say(
            "The shares are of those whose level is recorded. Whatever the levels not recorded were, the shares lie "
            "between: {features}. These bounds are no confidence limits.",
            features=join(said, between="; ", last="; "),
        )
    ]


def _bounds(low: Estimate, high: Estimate) -> Text:
    """ "42–52%"; one number where both are printed alike."""
    least, most = (numbers.percent(required(e.value), required(e.n)) for e in (low, high))
    if least == most:
        return (phrases.value(most, high),)
    bare = numbers.percent(required(low.value), required(low.n), sign=False)
    return say("{low}–{high}", low=phrases.value(bare, low), high=phrases.value(most, high))


def _numbers(results: Results, section: str, feature: RelapseFeature, event: str) -> list[Row]:
    rows = []
    for group, words in (
        ("with event", _(event)),
        ("without event", _("not {event}", event=inflected(event))),
    ):
        median, low, high, count = (
            results[f"{section}.{feature.name}.{group}.{s}"]
            for s in ("median", "minimum", "maximum", "count")
        )
        if not median.exists:
            cells = (phrases.absent(median), *("",) * 6)
            rows.append(row(_("{group}: median (range)", group=words), *cells, indent=1))
            continue
        spread = required(high.value) - required(low.value)
        shown = [(phrases.value(numbers.measure(required(e.value), spread), e),) for e in (median, low, high)]
        cell = say("{median} ({low}–{high})", median=shown[0], low=shown[1], high=shown[2])
        head = _("{group}, n = {n}: median (range)", group=words, n=numbers.whole(required(count.value)))
        rows.append(row(head, cell, *("",) * 6, indent=1))
    return rows


def _later(results: Results, section: str, features: Sequence[RelapseFeature], event: str) -> Table:
    rows = []
    for feature in features:
        rows.append(row(heading(feature), "", "", head=True))
        for level in feature.levels:
            e = results[f"{section}.{feature.name}.{level}.proportion"]
            rows.append(
                row(shares.level(feature, level), phrases.share(e), phrases.share_interval(e), indent=1)
            )
    columns = (
        text_column(_("Became known after the start"), 0.5),
        Column(head(_(event)), "n/N (%)"),
        Column(phrases.intervals(results), "%"),
    )
    note = say(
        "Described, not compared: whoever stays in remission long enough to have such a feature would seem "
        "protected by it (immortal time)."
    )
    caption = say("Features that became known only after the start: described, never tested.")
    return table(f"table-{section}-later", caption, columns, rows, (note, *shares.asked(features)))
