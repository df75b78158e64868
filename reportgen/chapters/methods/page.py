"""Methods as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.methods.endpoint_tables import definitions, estimands
from reportgen.chapters.methods.estimands import of_other_chapters
from reportgen.chapters.methods.facts import KEY, TITLE, MethodsFacts
from reportgen.chapters.shared import start_differences
from reportgen.report import Block, Bullets, Heading, Paragraph, Section, Table, Text
from reportgen.stats.results import Results
from reportgen.stats.survival import BY_SIZE
from reportgen.writing import checklists, dates, numbers, phrases, references
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, counted, join, say
from reportgen.writing.tables import row, table, text_column

INTERVALS = {"log-log": N_("log-log"), "log": N_("logarithmic"), "beta product": N_("beta product")}


def present(results: Results) -> Section:
    """Definitions, the methods that the other chapters used, gates, limits, settings, software and checklists."""
    facts: MethodsFacts = results.facts[KEY]
    methods = references.methods_of((*results.estimates, *results.curves))
    blocks: list[Block] = [Heading(_("Definitions")), definitions(facts)]
    if facts.estimands:
        blocks.append(estimands((*facts.estimands, *of_other_chapters(results))))
    used = references.used(methods)
    if used:
        blocks += [
            Heading(_("Statistical methods")),
            Bullets(tuple(say("{a} {b}", a=a, b=b) for a, b in used)),
        ]
    blocks += [
        Heading(_("What may be shown")),
        Bullets(tuple(_gates(facts.gates, facts.settings.survival_interval))),
        Heading(_("Limits")),
        Bullets(tuple(_limits(results, facts))),
        Heading(_("Settings and software")),
        _settings_table(facts),
        Paragraph(_software(facts)),
        Heading(_("Reporting guidelines")),
        *_checklists(results),
    ]
    return Section(KEY, _(TITLE), tuple(blocks))


def _gates(gates: GateLimits, interval: str) -> list[Text]:
    return [
        say("Without an event: counts and exact limits only; of one or two patients, counts alone."),
        say(
            "Fewer than {model} events: exact tests, always called exploratory, and no model; from {model} to "
            "{below} events, or with a group without events: Firth’s penalised models, one feature at a time; "
            "from {cox} events for each coefficient: Cox’s model, also of several features together.",
            model=str(gates.model),
            below=str(gates.cox - 1),
            cox=str(gates.cox),
        ),
        say(
            "Fewer than {asymptotic} events, or a group of fewer than {small}: the permutation log-rank test in "
            "place of the asymptotic one.",
            asymptotic=str(gates.asymptotic),
            small=str(gates.small_group),
        ),
        say(
            "From {cox} events of the cause in every group: Gray’s test, and the difference of restricted means; from "
            "{cox} events: a normal interval of a restricted mean. From {asymptotic} events: the check of proportional "
            "hazards, whose silence is no proof.",
            cox=str(gates.cox),
            asymptotic=str(gates.asymptotic),
        ),
        say(
            "What became known only after the start is never compared from the start: from a landmark of six "
            "months, or the first landmark where that is earlier, or not at all."
        ),
        _intervals(gates, interval),
        say("These limits are conventions of this program, settable, and not taken from a standard."),
    ]


def _intervals(gates: GateLimits, interval: str) -> Text:
    if interval == BY_SIZE:
        return say(
            "Intervals for survival: beta product below {n} patients or 10 events, or at 0 and 1; log-log "
            "otherwise. No estimate beyond the last follow-up.",
            n=str(gates.beta_product_below),
        )
    return say(
        "Intervals for survival: {kind}, by the settings, in cohorts of any size; beta product at 0 and 1. No estimate "
        "beyond the last follow-up.",
        kind=_(INTERVALS[interval]),
    )


def _limits(results: Results, facts: MethodsFacts) -> list[Text]:
    limits: list[Text] = []
    counts = [
        (results.get("relapse.relapse.all.count"), _relapses),
        (results.get("survival.os.all.count"), _deaths),
    ]
    for count, words in counts:
        if count is not None and required(count.value) < facts.gates.cox:
            events = phrases.value(words(count.count), count)
            limits.append(
                capital(
                    say(
                        "{events}: estimates are imprecise, and groups can hardly be compared.", events=events
                    )
                )
            )
    thin = [
        e
        for e in results.select(section="survival", statistic="survival", group="all")
        if e.exists and (e.at_risk or 0) < facts.gates.few_at_risk
    ]
    if thin:
        limits.append(
            say(
                "{k} of the survival estimates rest on fewer than {few} patients at risk.",
                k=numbers.whole(len(thin)),
                few=str(facts.gates.few_at_risk),
            )
        )
    if not facts.settings.group:
        limits.append(say("No group was compared: what was observed cannot be ascribed to the treatment."))
    limits += _of_groups(results, facts)
    if any(e.exists for e in results.estimates if e.statistic.startswith("p_value")):
        limits.append(
            say("Features were compared without a plan made beforehand; their p-values are exploratory.")
        )
    return [
        *limits,
        say("How patients came to be in the cohort is not in the data; the author must say it."),
    ]


def _of_groups(results: Results, facts: MethodsFacts) -> list[Text]:
    """What a comparison of the groups does not take into account: who they were, and of what else they died."""
    groups = results.facts["relapse"].groups if "relapse" in results.facts else ()
    found: list[Text] = []
    apart = start_differences.sentence(results)
    if apart:
        found.append(apart)
    died = [results.get(f"relapse.relapse.{group}.competing_count") for group in groups]
    if any(e is not None and e.value for e in died):
        deaths = results.facts["relapse"].endpoint.only_death_competes
        found.append(
            say(
                "Who died without relapse could no longer relapse: where a group has more such deaths, fewer relapses "
                "in it do not speak for its treatment alone."
            )
            if deaths
            else say(
                "Who had the competing event could no longer relapse: where a group has more such events, fewer "
                "relapses in it do not speak for its treatment alone."
            )
        )
    if facts.settings.group and groups:
        found.append(say("Whether patients were assigned to the groups by chance is not in the data."))
    return found


def _relapses(n: int) -> str:
    return counted(n, "relapse")


def _deaths(n: int) -> str:
    return counted(n, "death")


def _settings_table(facts: MethodsFacts) -> Table:
    found = facts.settings
    if not found.cutoff:
        cutoff = _("none (latest date in the data)")
    elif found.cutoff_given:
        cutoff = _("{day} (given)", day=dates.date(found.cutoff))
    else:
        cutoff = _("{day} (latest date in the data)", day=dates.date(found.cutoff))
    landmarks = ", ".join(numbers.as_written(f"{t:g}") for t in found.landmarks)
    rows = [
        row(_("cut-off"), cutoff),
        row(_("landmarks"), f"{landmarks} {numbers.unit_name(found.unit)}"),
        row(_("compared by"), found.group or _("nothing")),
        *([row(_("within strata of"), ", ".join(found.strata))] if found.strata else []),
        *([row(_("named beforehand"), ", ".join(found.of_interest))] if found.of_interest else []),
        *([row(_("reference levels"), "; ".join(found.reference))] if found.reference else []),
        row(_("confidence level of intervals"), numbers.percent(found.confidence_level)),
        row(_("related toxicity"), ", ".join(_(word) for word in found.related)),
        row(_("CTCAE version"), found.ctcae_version or _("not declared")),
        row(_("overdue after"), _("{n} days without contact", n=found.overdue_days)),
        row(_("profile"), _(found.profile)),
    ]
    columns = (text_column(_("Setting"), 0.3), text_column(_("Value"), 0.7))
    return table("table-settings", (_("The settings of this report."),), columns, rows)


def _software(facts: MethodsFacts) -> Text:
    named = [f"{name} {number}" for name, number in facts.versions.items()]
    return say("Made with {versions}.", versions=join(named))


def _checklists(results: Results) -> list[Table]:
    """STROBE and ESMO-GROW; REMARK where features stand against an event."""
    there = _there(results)
    found = [
        _checklist(
            "strobe",
            checklists.STROBE,
            there,
            say("The items of the STROBE statement for cohort studies, and where each stands."),
            "von Elm E, et al. Lancet 2007;370:1453–1457.",
        ),
        _checklist(
            "grow",
            checklists.GROW,
            there,
            say(
                "The sections of ESMO-GROW for real-world evidence in oncology, and where what they ask for stands."
            ),
            "Castelo-Branco L, et al. ESMO Real World Data Digit Oncol 2023;1:100003.",
        ),
    ]
    examined = results.facts["relapse"].features if "relapse" in results.facts else ()
    if any(feature.known_at_start for feature in examined):
        found.append(
            _checklist(
                "remark",
                checklists.REMARK,
                there,
                say("The items of REMARK for studies of prognostic markers, and where each stands."),
                "Altman DG, et al. PLoS Med 2012;9:e1001216.",
            )
        )
    return found


def _there(results: Results) -> set[str]:
    """The chapters of this report and what else a guideline may ask for, in the words of checklists."""

    def made(section: str, statistic: str) -> bool:
        return any(e.exists for e in results.select(section=section, statistic=statistic))

    settings = results.facts[KEY].settings
    held = {
        checklists.GROUPS: bool(settings.group),
        checklists.NAMED: bool(settings.of_interest),
        checklists.SURVIVAL_MODELS: made("survival", "hazard_ratio"),
        checklists.HAZARDS: made("survival", "p_value_proportional_hazards"),
        checklists.RELAPSE_TOGETHER: made("relapse", "hazard_ratio_adjusted"),
        checklists.SURVIVAL_TOGETHER: made("survival", "hazard_ratio_adjusted"),
    }
    return {*results.facts, *(word for word, holds in held.items() if holds)}


def _checklist(name: str, items: checklists.Checklist, there: set[str], caption: Text, source: str) -> Table:
    rows = [
        row(item, _(what), "; ".join(_(place) for place in checklists.standing(places, there)))
        for item, what, places in items
    ]
    columns = (text_column(_("Item"), 0.1), text_column(_("What"), 0.45), text_column(_("Where"), 0.45))
    note = say("{source} “The author”: cannot be made from the data.", source=source)
    return table(f"table-{name}", caption, columns, rows, (note,))
