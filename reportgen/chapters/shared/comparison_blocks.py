"""Groups compared by models, as a reader meets them: ratios, differences of means, and their check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import N_, codes
from reportgen.base.required import required
from reportgen.chapters.shared import stratified_rows, survival_differences, table_findings
from reportgen.chapters.shared.endpoint_blocks import groups
from reportgen.report import Block, Column, Figure, Heading, Paragraph, Row, Table, Text
from reportgen.stats.firth import FIRTH
from reportgen.stats.notes import CAUSE_SPECIFIC, split
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, group_columns, not_given, numbers, phrases, shares
from reportgen.writing.language import _, inflected
from reportgen.writing.narrative import capital, head, join, lower, paragraph, say, the_table
from reportgen.writing.tables import row, table, text_column

NOT_NAMED = "not_named"  # the code of what is not in a model for that reason
# Their reason is that of the ratio.
MODEL_TESTS = ("p_value_model", "p_value_model_stratified")
MODELS = {"Cox": N_("Cox’s model"), "Firth": N_("Firth’s penalised Cox model")}


def compared(estimate: Estimate, own: Mapping[str, str]) -> str:
    """What the method sets against what: "B against A". own: levels that are words of ours."""
    return estimate_words.compared(split(estimate.method)[1], own)


def model_name(estimate: Estimate) -> str:
    """ "Firth’s penalised Cox model"."""
    return inflected(MODELS["Firth" if FIRTH in codes(estimate.method) else "Cox"])


def why_no_model(estimate: Estimate) -> Text:
    """The reason of a refusal: "2 events are fewer than 5, too few for a model"."""
    reason = phrases.value(estimate_words.why(estimate), estimate)
    if estimate.code == "too_few_events":
        return say("{reason}, too few for a model", reason=reason)
    return (reason,)


def ratios_of(
    results: Results, section: str, key: str, name: str, statistic: str = "hazard_ratio"
) -> list[Estimate]:
    """The ratios of a feature: one for two levels, else one for each level but the reference; none of those of a model
    that it was not named for.
    """
    every = results.select(section=section, endpoint=key, statistic=statistic)
    own = [e for e in every if e.group == name or e.group.startswith(f"{name}=")]
    return [e for e in own if NOT_NAMED not in codes(e.note)]


def ratio_sentence(results: Results, section: str, key: str, facts: Context) -> Text | None:
    """The hazard ratio of two groups; where more stand in a table, or none can be given, that."""
    ratios = ratios_of(results, section, key, facts.group)
    given = [e for e in ratios if e.exists]
    if not ratios:
        return None
    if not given:
        return say("No hazard ratio is given: {why}.", why=why_no_model(ratios[0]))
    if len(ratios) > 1:
        return say(
            "The hazard ratios of the groups stand in {table}.",
            table=the_table(f"table-{section}-groups"),
        )
    if cause_specific(given[0]):
        return say(
            "By {model}, the cause-specific hazard ratio of {words} was {ratio}; the competing event censors.",
            model=model_name(given[0]),
            words=compared(given[0], facts.group_words),
            ratio=phrases.ratio(given[0]),
        )
    return say(
        "By {model}, the hazard ratio of {words} was {ratio}.",
        model=model_name(given[0]),
        words=compared(given[0], facts.group_words),
        ratio=phrases.ratio(given[0]),
    )


def cause_specific(estimate: Estimate) -> bool:
    """Whether a ratio is of an endpoint with a competing event, which censors in its model."""
    return CAUSE_SPECIFIC.code in codes(estimate.method)


def comparison_blocks(
    results: Results, section: str, endpoints: Sequence[DescribedEndpoint], facts: Context
) -> list[Block]:
    """Heading, check of proportional hazards, table and log-log curves; nothing where nothing was compared."""
    rows, methods, refused = [], set(), []
    names = (
        [name for name in groups(results, section, endpoints[0].key) if name != "all"] if endpoints else []
    )
    own = group_columns.lettered(facts, names)
    for fact in endpoints:
        found = _rows(results, section, fact, own)
        if found:
            rows += [
                row(capital((fact.label,)), "", "", "", "", head=True),
                *(line for line, _estimates in found),
            ]
            estimates = [e for _line, several in found for e in several]
            methods |= {e.method for e in estimates if e.exists}
            refused += [
                estimate_words.why(e) for e in estimates if not e.exists and e.statistic not in MODEL_TESTS
            ]
    if not rows:
        return []
    blocks: list[Block] = [Heading(_("Comparison of groups"))]
    check = _check(results, section, endpoints, facts)
    blocks += [Paragraph(check)] if check else []
    blocks += _figures(results, section, endpoints, facts)
    competing = any(fact.competing for fact in endpoints)
    level = phrases.intervals(results)
    finding = table_findings.tests(results, section, {e.key: e.label for e in endpoints}, facts.group)
    made = _table(section, rows, methods, facts, refused, competing, level, finding)
    return [*blocks, replace(made, notes=(*made.notes, *group_columns.key(facts, names)))]


def _rows(
    results: Results, section: str, fact: DescribedEndpoint, facts: Context
) -> list[tuple[Row, list[Estimate]]]:
    """One row per comparison of an endpoint with the estimates in it; none without a ratio or a difference."""
    key, unit, group = fact.key, facts.unit, facts.group
    ratios = ratios_of(results, section, key, group)
    differences = results.select(section=section, endpoint=key, statistic="difference")
    if not any(e.exists for e in (*ratios, *differences)):
        return []
    found = []
    test = results[f"{section}.{key}.{group}.p_value"]
    if test.exists:
        found.append(
            (
                row(
                    capital((estimate_words.method(test.method),)),
                    _events(test),
                    "",
                    "",
                    phrases.p_cell(test),
                    indent=1,
                ),
                [test],
            )
        )
    for e in ratios:
        p = results[f"{section}.{key}.{e.group}.p_value_model"]
        ratio, interval = phrases.ratio_alone(e), phrases.ratio_interval(e)
        own = compared(e, facts.group_words)
        words = (
            _("Cause-specific hazard ratio, {words}", words=own)
            if cause_specific(e)
            else _("Hazard ratio, {words}", words=own)
        )
        found.append((row(words, _events(e), ratio, interval, phrases.p_cell(p), indent=1), [e, p]))
    found += stratified_rows.rows(results, section, key, facts)
    found += [(line, [e]) for line, e in survival_differences.rows(results, section, key, facts)]
    for e in differences:
        words = _(
            "Mean within {time}, {words} ({unit})",
            time=numbers.time_point(required(e.time), unit),
            words=compared(e, facts.group_words),
            unit=numbers.unit_name(numbers.finer(unit)),
        )
        cells = phrases.difference_of_times(e, numbers.finer(unit))
        found.append((row(words, _events(e), *cells, "", indent=1), [e]))
    check = results[f"{section}.{key}.{group}.p_value_proportional_hazards"]
    if check.exists:
        found.append((row(_("Proportional hazards"), "", "", "", phrases.p_cell(check), indent=1), [check]))
    return found


def _events(estimate: Estimate) -> Text:
    return (phrases.part_of_all(estimate),)


def _table(
    section: str,
    rows: Sequence[Row],
    methods: set[str],
    facts: Context,
    refused: Sequence[str],
    competing: bool,
    level: str,
    finding: Text | None,
) -> Table:
    columns = (
        text_column(_("Comparison"), 0.46),
        Column(_("Events"), "n/N"),
        Column(_("Estimate")),
        Column(level),
        Column(_("p")),
    )
    notes = [
        say("Exploratory. A ratio above 1: the event came sooner in the group named first."),
        say("Methods: {methods}.", methods=estimate_words.methods(methods)),
    ]
    if competing:
        notes.append(
            say("Where an event competes, hazard ratios and log-rank tests are of the cause-specific hazard.")
        )
    notes += not_given.not_given(refused)
    caption = say("Comparison by {label}, every test and model by its name.", label=facts.group_label)
    return table(f"table-{section}-groups", caption, columns, rows, notes, finding)


def _check(
    results: Results, section: str, endpoints: Sequence[DescribedEndpoint], facts: Context
) -> Text | None:
    """What the test of proportional hazards gave, or why it was not made, for each endpoint with a ratio."""
    done, refused, drawn = [], [], False
    for fact in endpoints:
        ratios = ratios_of(results, section, fact.key, facts.group)
        check = results.get(f"{section}.{fact.key}.{facts.group}.p_value_proportional_hazards")
        if check is None or not any(e.exists for e in ratios):
            continue
        label = lower(fact.label)
        if fact.competing:
            label = _("the cause-specific hazard of {label}", label=label)
        if check.exists:
            p = phrases.value(numbers.p_value(required(check.value)), check)
            done.append(say("{p} for {label}", p=p, label=label))
            drawn = drawn or not fact.competing
        else:
            reason = phrases.value(estimate_words.why(check), check)
            refused.append(say("{label} ({reason})", label=label, reason=reason))
    if not (done or refused):
        return None
    return paragraph(
        say("A hazard ratio sums up the groups only if it is constant over time."),
        say("The score test of proportional hazards gave {found}; a large p is no proof that they are.",
            found=join(done)) if done else None,
        say("This was not tested for {refused}.", refused=join(refused)) if refused else None,
        say("In the figures, curves of proportional hazards keep a constant distance.") if drawn else None,
    )  # fmt: skip


def _figures(
    results: Results, section: str, endpoints: Sequence[DescribedEndpoint], facts: Context
) -> list[Figure]:
    """Two beside each other: the curves of each endpoint whose hazards were checked, on the log-log scale.

    None of an endpoint with a competing event, of which there is no such curve, nor of groups whose curves were not
    computed (late entry) or only ever stand at 0 or 1.
    """
    found = []
    for fact in endpoints:
        check = results.get(f"{section}.{fact.key}.{facts.group}.p_value_proportional_hazards")
        if check is None or not check.exists or fact.competing:
            continue
        from reportgen.figures.log_log import log_log_figure

        curves = results.select_curves(section=section, endpoint=fact.key, kind="kaplan_meier")
        drawn = [c for c in curves if c.group != "all"]
        if not any(((c.steps.estimate > 0) & (c.steps.estimate < 1)).any() for c in drawn):
            continue
        names = [shares.group(facts, c.group) for c in drawn]
        id, label = f"figure-{section}-{fact.key}-log-log", head(fact.label)
        drawing = log_log_figure(
            id, drawn, names, unit=facts.unit, ylabel=_("{label}, log-log scale", label=label)
        )
        caption = say(
            "Whether hazards are proportional, {label}: score test, {p}.",
            label=lower(label),
            p=phrases.value(numbers.p_value(required(check.value)), check),
        )
        how = say("Curves by {group} on the log-log scale, against log time.", group=facts.group_label)
        alt = _(
            "{label} on the log-log scale for {groups}: the curves keep a constant distance where hazards are "
            "proportional; score test {p}.",
            label=label,
            groups=", ".join(names),
            p=numbers.p_value(required(check.value)),
        )
        found.append(Figure(id, drawing, caption, alt, "half", (how,), by=facts.group))
    return found
