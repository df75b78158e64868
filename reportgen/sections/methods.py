"""Methods: every definition, the methods that this report used and no others, settings, and limits."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib.metadata import version

from reportgen import __version__
from reportgen.cohort.cohort import Cohort
from reportgen.language import N_, _
from reportgen.present import phrases, references
from reportgen.present.narrative import counted, join, say
from reportgen.present.tables import row, table, text_column
from reportgen.report import Block, Bullets, Heading, Paragraph, Section, Table, Text
from reportgen.stats.results import Results

KEY = "methods"
TITLE = N_("Methods")
REQUIRES = ()

LIBRARIES = ("numpy", "scipy", "pandas", "matplotlib", "jinja2", "weasyprint")


def analyse(cohort: Cohort) -> Results:
    """The definitions and settings; what was used is read from the estimates of the other chapters."""
    settings = cohort.settings
    facts = {
        "definitions": [(e.label, e.definition, e.left_out) for e in cohort.endpoints.values()],
        "unavailable": sorted(cohort.unavailable.items()),
        "gates": asdict(settings.gates),
        "settings": _settings(cohort),
        "versions": {"reportgen": __version__, "Python": platform.python_version()}
        | {name: version(name) for name in LIBRARIES},
        "lifelines": version("lifelines"),
        "few_at_risk": settings.gates.few_at_risk,
        "group": settings.group,
    }
    return Results(facts={KEY: facts})


def _settings(cohort: Cohort) -> list[tuple[str, str]]:
    settings = cohort.settings
    landmarks = ", ".join(f"{t:g}" for t in settings.landmarks)
    return [
        (
            "cut-off",
            f"{cohort.cutoff or 'none'} ({'given' if cohort.cutoff_given else 'latest date in the data'})",
        ),
        ("landmarks", f"{landmarks} {settings.time_unit}"),
        ("compared by", settings.group or "nothing"),
        ("related toxicity", ", ".join(settings.related)),
        ("CTCAE version", settings.ctcae_version or "not declared"),
        ("overdue after", f"{settings.overdue_days} days without contact"),
        ("profile", settings.privacy.profile),
    ]


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    methods = references.methods_of((*results.estimates, *results.curves))
    blocks: list[Block] = [Heading(_("Definitions")), _definitions(facts)]
    used = references.used(methods)
    if used:
        blocks += [
            Heading(_("Statistical methods")),
            Bullets(tuple(say("{a} {b}", a=a, b=b) for a, b in used)),
        ]
    blocks += [
        Heading(_("What may be shown")),
        Bullets(tuple(_gates(facts["gates"]))),
        Heading(_("Limits")),
        Bullets(tuple(_limits(results, facts))),
        Heading(_("Settings and software")),
        _settings_table(facts),
        Paragraph(_software(facts, methods)),
        Heading(_("STROBE")),
        _strobe(),
    ]
    return Section(KEY, _(TITLE), tuple(blocks))


def _definitions(facts: dict) -> Table:
    rows = [
        row(
            label,
            definition,
            "; ".join(f"{why} ({n})" for n, why in left_out) or "none",
        )
        for label, definition, left_out in facts["definitions"]
    ]
    rows += [row(key, f"not derived: the data lack {why}", _("all")) for key, why in facts["unavailable"]]
    columns = (
        text_column(_("Endpoint"), 0.22),
        text_column(_("Definition"), 0.5),
        text_column(_("Left out"), 0.28),
    )
    note = say("A year is 365.25 days, a month 30.4375 days. All times are counted in days.")
    return table("table-definitions", (_("How each endpoint was derived."),), columns, rows, (note,))


def _gates(gates: dict) -> list[Text]:
    return [
        say("Without an event, or with one or two patients: counts and exact limits only."),
        say(
            "Fewer than {model} events: exact tests, always called exploratory, and no model; from {model} to "
            "{below} events, or with a group without events: Firth’s penalised models, one feature at a time; "
            "from {cox} events for each coefficient: Cox’s model, also of several features together.",
            model=str(gates["model"]),
            below=str(gates["cox"] - 1),
            cox=str(gates["cox"]),
        ),
        say(
            "Fewer than {asymptotic} events, or a group of fewer than {small}: the permutation log-rank test in "
            "place of the asymptotic one.",
            asymptotic=str(gates["asymptotic"]),
            small=str(gates["small_group"]),
        ),
        say(
            "From {cox} events of the cause in every group: Gray’s test, and the difference of restricted means; from "
            "{cox} events: a normal interval of a restricted mean. From {asymptotic} events: the check of proportional "
            "hazards, whose silence is no proof.",
            cox=str(gates["cox"]),
            asymptotic=str(gates["asymptotic"]),
        ),
        say(
            "What became known only after the start is never compared from the start: from a landmark of six "
            "months, or the first landmark where that is earlier, or not at all."
        ),
        say(
            "Intervals for survival: beta product below {n} patients or 10 events, or at 0 and 1; log-log "
            "otherwise. No estimate beyond the last follow-up.",
            n=str(gates["beta_product_below"]),
        ),
        say("These limits are conventions of this program, settable, and not taken from a standard."),
    ]


def _limits(results: Results, facts: dict) -> list[Text]:
    limits: list[Text] = []
    for key, noun in (("relapse.relapse.all.count", "relapse"), ("survival.os.all.count", "death")):
        count = results.get(key)
        if count is not None and count.value < facts["gates"]["cox"]:
            limits.append(
                say(
                    "{events}: estimates are imprecise, and groups can hardly be compared.",
                    events=phrases.value(counted(int(count.value), noun).capitalize(), count),
                )
            )
    thin = [
        e
        for e in results.select(section="survival", statistic="survival", group="all")
        if e.exists and (e.at_risk or 0) < facts["few_at_risk"]
    ]
    if thin:
        limits.append(
            say(
                "{k} of the survival estimates rest on fewer than {few} patients at risk.",
                k=str(len(thin)),
                few=str(facts["few_at_risk"]),
            )
        )
    if not facts["group"]:
        limits.append(say("No group was compared: what was observed cannot be ascribed to the treatment."))
    return [
        *limits,
        say("Features were compared without a plan made beforehand; their p-values are exploratory."),
        say("How patients came to be in the cohort is not in the data; the author must say it."),
    ]


def _settings_table(facts: dict) -> Table:
    rows = [row(name, value) for name, value in facts["settings"]]
    columns = (text_column(_("Setting"), 0.3), text_column(_("Value"), 0.7))
    return table("table-settings", (_("The settings of this report."),), columns, rows)


def _software(facts: dict, methods: tuple[str, ...]) -> Text:
    named = [f"{name} {number}" for name, number in facts["versions"].items()]
    if any("Wald test (Cox" in method for method in methods):
        named.append(f"lifelines {facts['lifelines']}")
    return say("Made with {versions}.", versions=join(named))


def _strobe() -> Table:
    rows = [row(item, what, where) for item, what, where in references.STROBE]
    columns = (text_column(_("Item"), 0.1), text_column(_("What"), 0.45), text_column(_("Where"), 0.45))
    caption = say("The items of the STROBE statement for cohort studies, and where each stands.")
    note = say("von Elm E, et al. Lancet 2007;370:1453–1457. “The author”: cannot be made from the data.")
    return table("table-strobe", caption, columns, rows, (note,))
