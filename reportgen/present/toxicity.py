"""Toxicity as a reader meets it: the leading terms in a sentence, every term in a table, the frequent ones drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.language import N_, _
from reportgen.present import numbers, phrases, shares, stated
from reportgen.present.ctcae import clinical
from reportgen.present.narrative import counted, join, lower, paragraph, say, say_n
from reportgen.present.tables import row, table, text_column
from reportgen.report import Column, Figure, Row, Table, Text
from reportgen.stats.results import Estimate, Results

SECTION = "toxicity"
MOST_BARS = 20
MOST_NAMED = 3  # terms in one sentence
MOST_ROWS = 120
MOST_BY_GROUP = 40


def of(results: Results, variable: str, statistic: str, group: str = "all") -> Estimate:
    return results[f"{SECTION}.{variable}.{group}.{statistic}"]


def overall_sentence(results: Results, group: str = "all", name: str = "") -> Text:
    """ "Toxicity of any grade was recorded in seven of eight patients (88%; 95% CI 47–100), of grade ≥ 3 in …"

    name: of the group, where it is not all of them.
    """
    any_grade, high, fatal = (
        of(results, "any", statistic, group) for statistic in ("any_grade", "grade_3_plus", "grade_5")
    )
    if not any_grade.exists:
        if name:
            return say("In {group}, no patient was assessed for toxicity.", group=name)
        return say("No patient was assessed for toxicity.")
    said = {
        "any": shares.who(any_grade),
        "any_ci": shares.interval(any_grade),
        "high": shares.spelled(high),
        "high_ci": shares.interval(high),
        "fatal": shares.spelled(fatal),
        "fatal_ci": shares.interval(fatal),
    }
    if name:
        return say(
            "In {group}, toxicity of any grade was recorded in {any} assessed {any_ci}, of grade ≥ 3 in {high} "
            "{high_ci} and of grade 5 in {fatal} {fatal_ci}.",
            group=name,
            **said,
        )
    return say(
        "Toxicity of any grade was recorded in {any} assessed {any_ci}, of grade ≥ 3 in {high} {high_ci} and of "
        "grade 5 in {fatal} {fatal_ci}.",
        **said,
    )


def related_sentence(results: Results) -> Text:
    """The same for what was held to be related, or that the data do not say."""
    any_grade, high = (of(results, "any", f"related_{s}") for s in ("any_grade", "grade_3_plus"))
    if any_grade.note:
        return say("Whether an event was related to treatment is not recorded.")
    said = {
        "any": shares.spelled(any_grade),
        "any_ci": shares.interval(any_grade),
        "high": shares.spelled(high),
        "high_ci": shares.interval(high),
    }
    words = results.facts[SECTION]["related"]
    if words:
        return say(
            "Toxicity held to be related to treatment ({words}) was recorded in {any} {any_ci}, of grade ≥ 3 in "
            "{high} {high_ci}.",
            words=join([_(word) for word in words], last=N_(" or ")),
            **said,
        )
    return say(
        "Toxicity held to be related to treatment was recorded in {any} {any_ci}, of grade ≥ 3 in {high} {high_ci}.",
        **said,
    )


def major_sentence(results: Results) -> Text | None:
    """The term in most patients at grade ≥ 3 and, where it is another, the term in most at any grade.

    "The major toxicity was neutropenia (neutrophil count decreased): 5 of 8 patients …". None without terms.
    """
    terms = results.facts[SECTION]["terms"]
    if not terms:
        return None
    by_any = [t for t in terms if t["any"] == max(t["any"] for t in terms)]
    by_high = [t for t in terms if t["high"] == max(t["high"] for t in terms)] if terms[0]["high"] else []
    both = [t for t in by_high if t in by_any]
    if both:
        # Ties at grade ≥ 3 are settled by any grade: the major one leads both lists.
        return _none_led(both, results) or say_n(
            "The major toxicity was {terms}.",
            "The major toxicities were {terms}.",
            len(both),
            terms=_all(both, results),
        )
    if not by_high:
        return _most_frequent(by_any, results)
    return paragraph(
        _most_frequent(by_any, results),
        _none_led(by_high, results, severe=True)
        or say_n(
            "The most frequent toxicity of grade ≥ 3 was {terms}.",
            "The most frequent toxicities of grade ≥ 3 were {terms}.",
            len(by_high),
            terms=_all(by_high, results),
        ),
    )


def _most_frequent(terms: Sequence[Mapping], results: Results) -> Text:
    return _none_led(terms, results) or say_n(
        "The most frequent toxicity was {terms}.",
        "The most frequent toxicities were {terms}.",
        len(terms),
        terms=_all(terms, results),
    )


def _none_led(terms: Sequence[Mapping], results: Results, severe: bool = False) -> Text | None:
    """That many terms lead together; None where they are few enough to be named."""
    if len(terms) <= MOST_NAMED:
        return None
    any_grade = of(results, terms[0]["key"], "any_grade")
    said = {"n": counted(len(terms), "term"), "k": shares.spelled(any_grade)}
    if severe:
        return say_n(
            "No one toxicity of grade ≥ 3 led: {n} occurred in {k} patient each.",
            "No one toxicity of grade ≥ 3 led: {n} occurred in {k} patients each.",
            any_grade.events,
            **said,
        )
    return say_n(
        "No one toxicity led: {n} occurred in {k} patient each.",
        "No one toxicity led: {n} occurred in {k} patients each.",
        any_grade.events,
        **said,
    )


def _all(terms: Sequence[Mapping], results: Results) -> Text:
    return join([_one(term, results) for term in terms], "; ", N_("; and "))


def _one(term: Mapping, results: Results) -> Text:
    any_grade, high = (of(results, term["key"], s) for s in ("any_grade", "grade_3_plus"))
    return say(
        "{name}: {any} any grade, {high} grade ≥ 3",
        name=clinical(term["key"], lower(term["name"])),
        any=say(
            "{k} of {n} patients {ci}",
            k=shares.listed(any_grade),
            n=numbers.whole(any_grade.n),
            ci=shares.interval(any_grade),
        ),
        high=say("{k} of {n} {ci}", k=shares.listed(high), n=numbers.whole(high.n), ci=shares.interval(high)),
    )


def rate_sentence(results: Results) -> Text:
    rate = of(results, "any", "rate")
    if not rate.exists:
        return say("No rate is given: {why}.", why=stated.why(rate))
    later = of(results, "any", "began_after_treatment")
    said = {"k": phrases.value(numbers.whole(rate.events), rate), "rate": phrases.per_year(rate)}
    if not later.value:
        return say_n(
            "On treatment {k} event began, {rate}.",
            "On treatment {k} events began, {rate}.",
            rate.events,
            **said,
        )
    return say_n(
        "On treatment {k} event began, {rate}; {after} that began after its end are not in the rate.",
        "On treatment {k} events began, {rate}; {after} that began after its end are not in the rate.",
        rate.events,
        after=phrases.value(numbers.whole(later.value), later),
        **said,
    )


def terms_table(results: Results) -> Table:
    """Every category (patients with at least one event in it) and, under it, its terms."""
    facts = results.facts[SECTION]
    related, fatal = facts["has_attribution"], of(results, "any", "grade_5").events
    statistics = ["any_grade", "grade_3_plus", *(["grade_5"] if fatal else [])]
    statistics += ["related_any_grade", "related_grade_3_plus"] if related else []
    heads = {
        "any_grade": _("Any grade"),
        "grade_3_plus": _("Grade ≥ 3"),
        "grade_5": _("Grade 5"),
        "related_any_grade": _("Related, any"),
        "related_grade_3_plus": _("Related, ≥ 3"),
    }
    rated = of(results, "any", "rate").exists
    rows = [
        _row(results, variable, name, statistics, rated, indent) for variable, name, indent in _lines(facts)
    ]
    kept, more = shares.capped(rows, MOST_ROWS)
    columns = [text_column(_("Toxicity"), 0.3), *(Column(heads[s]) for s in statistics)]
    columns += [Column(_("Events"), _("per patient-year"))] if rated else []
    notes = [
        say("Patients by worst grade, not events; a category counts patients with at least one event in it.")
    ]
    notes += [] if fatal else [say("No event of grade 5 was recorded, so that column is left out.")]
    caption = say("Toxicity by category and term: patients / patients assessed (%).")
    return table("table-toxicity", caption, columns, kept, (*notes, *more))


def _lines(facts: Mapping) -> list[tuple[str, str, int]]:
    """(variable, printed name, indent): the total, then the categories by their most frequent term."""
    lines = [("any", _("Any toxicity"), 0)]
    if not facts["has_category"]:
        return [*lines, *((t["key"], t["name"], 0) for t in facts["terms"])]
    for category in dict.fromkeys(t["category"] for t in facts["terms"]):
        lines.append((f"category: {category}", facts["categories"][category], 0))
        lines += [(t["key"], t["name"], 1) for t in facts["terms"] if t["category"] == category]
    return lines


def _row(results: Results, variable: str, name: str, statistics: list[str], rated: bool, indent: int) -> Row:
    cells: list[Text] = [phrases.share(of(results, variable, s)) for s in statistics]
    if rated:
        rate = of(results, variable, "rate")
        cells.append(
            (phrases.value(numbers.significant(rate.value), rate),) if rate.exists else phrases.absent(rate)
        )
    return row(name, *cells, indent=indent, head=variable.startswith("category: "))


def groups_table(results: Results) -> Table:
    """The frequent terms per group: any grade and grade ≥ 3, without tests."""
    facts = results.facts[SECTION]
    statistics = ("any_grade", "grade_3_plus")
    lines = [("any", _("Any toxicity")), *((t["key"], t["name"]) for t in facts["terms"][:MOST_BY_GROUP])]
    rows = [
        row(name, *(phrases.share(of(results, variable, s, g)) for g in facts["groups"] for s in statistics))
        for variable, name in lines
    ]
    columns = [text_column(_("Toxicity"), 0.3)]
    columns += [
        Column(shares.group(facts, group), head)
        for group in facts["groups"]
        for head in (_("any grade"), _("grade ≥ 3"))
    ]
    notes = [say("No test is made: these differences were not specified beforehand.")]
    left = len(facts["terms"]) - MOST_BY_GROUP
    if left > 0:
        notes.append(
            say_n(
                "{n} rarer term are not shown.", "{n} rarer terms are not shown.", left, n=numbers.whole(left)
            )
        )
    caption = say("Toxicity by {group}: patients / patients assessed (%).", group=facts["group_label"])
    return table("table-toxicity-groups", caption, columns, rows, notes)


def bars_figure(results: Results) -> Figure | None:
    """The frequent terms as bars by worst grade, any cause beside related; None where nothing can be drawn."""
    facts = results.facts[SECTION]
    terms = facts["terms"][:MOST_BARS]
    if not terms or not facts["has_attribution"]:
        return None
    from reportgen.present.figures.toxicity import ToxicityBar, toxicity_figure

    n = of(results, "any", "any_grade").n
    grades = {
        prefix: {t["key"]: tuple(of(results, t["key"], f"{prefix}worst_grade_{g}").events for g in range(1, 6))
                 for t in terms}
        for prefix in ("", "related_")
    }  # fmt: skip
    drawn = [t for t in terms if sum(grades[""][t["key"]])]
    if not drawn:
        return None
    bars = [ToxicityBar(t["name"], grades[""][t["key"]], grades["related_"][t["key"]], n) for t in drawn]
    if len(facts["terms"]) > len(drawn):
        caption = say(
            "The {k} most frequent terms, by grade ≥ 3 and then any grade: patients by worst grade (n = {n}).",
            k=numbers.whole(len(drawn)),
            n=numbers.whole(n),
        )
    else:
        caption = say(
            "All terms, by grade ≥ 3 and then any grade: patients by worst grade (n = {n}).",
            n=numbers.whole(n),
        )
    alt = "; ".join(
        _(
            "{term}: {any} of {n} patients, {high} of grade 3 or more",
            term=t["name"],
            any=numbers.whole(t["any"]),
            n=numbers.whole(n),
            high=numbers.whole(t["high"]),
        )
        for t in drawn[:MOST_BARS]
    )
    ungraded = sum(of(results, t["key"], "worst_grade_missing").events for t in drawn)
    notes = (say("Patients whose event has no grade are not drawn."),) if ungraded else ()
    name = "figure-toxicity"
    return Figure(
        name,
        toxicity_figure(name, bars),
        caption,
        _("Bars of patients by worst grade. {terms}.", terms=alt),
        notes=notes,
    )
