"""Toxicity as a reader meets it: the leading terms in a sentence, every term in a table, the frequent ones drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.present import numbers, phrases, shares
from reportgen.present.ctcae import clinical
from reportgen.present.narrative import counted, join, paragraph, plural, say
from reportgen.present.tables import row, table, text_column
from reportgen.report import Column, Figure, Row, Table, Text
from reportgen.stats.results import Estimate, Results

SECTION = "toxicity"
MOST_BARS = 20
MOST_ROWS = 120
MOST_BY_GROUP = 40


def of(results: Results, variable: str, statistic: str, group: str = "all") -> Estimate:
    return results[f"{SECTION}.{variable}.{group}.{statistic}"]


def overall_sentence(results: Results, group: str = "all", prefix: str = "") -> Text:
    """ "Toxicity of any grade was recorded in seven of eight patients (88%; 95% CI 47–100), of grade ≥ 3 in …" """
    any_grade, high, fatal = (
        of(results, "any", statistic, group) for statistic in ("any_grade", "grade_3_plus", "grade_5")
    )
    if not any_grade.exists:
        return say("{prefix}no patient was assessed for toxicity.", prefix=prefix)
    return say(
        "{prefix}toxicity of any grade was recorded in {any} assessed {any_ci}, of grade ≥ 3 in {high} {high_ci} "
        "and of grade 5 in {fatal} {fatal_ci}.",
        prefix=prefix,
        any=shares.who(any_grade),
        any_ci=shares.interval(any_grade),
        high=shares.spelled(high),
        high_ci=shares.interval(high),
        fatal=shares.spelled(fatal),
        fatal_ci=shares.interval(fatal),
    )


def related_sentence(results: Results) -> Text:
    """The same for what was held to be related, or that the data do not say."""
    any_grade, high = (of(results, "any", f"related_{s}") for s in ("any_grade", "grade_3_plus"))
    if any_grade.note:
        return say("Whether an event was related to treatment is not recorded.")
    words = results.facts[SECTION]["related"]
    return say(
        "Toxicity held to be related to treatment{words} was recorded in {any} {any_ci}, of grade ≥ 3 in {high} "
        "{high_ci}.",
        words=say(" ({words})", words=join(words, last=" or ")) if words else "",
        any=shares.spelled(any_grade),
        any_ci=shares.interval(any_grade),
        high=shares.spelled(high),
        high_ci=shares.interval(high),
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
        return _named("major", both, results)
    if not by_high:
        return _named("most frequent", by_any, results)
    return paragraph(
        _named("most frequent", by_any, results), _named("most frequent", by_high, results, " of grade ≥ 3")
    )


def _named(word: str, terms: Sequence[Mapping], results: Results, which: str = "") -> Text:
    if len(terms) > 3:
        any_grade = of(results, terms[0]["key"], "any_grade")
        return say(
            "No one toxicity{which} led: {n} occurred in {k} {patients} each.",
            which=which,
            n=counted(len(terms), "term"),
            k=shares.spelled(any_grade),
            patients=plural(any_grade.events, "patient"),
        )
    return say(
        "The {word} {noun}{which} {was} {terms}.",
        word=word,
        noun=plural(len(terms), "toxicity", "toxicities"),
        which=which,
        was=plural(len(terms), "was", "were"),
        terms=join([_one(term, results) for term in terms], "; ", "; and "),
    )


def _one(term: Mapping, results: Results) -> Text:
    any_grade, high = (of(results, term["key"], s) for s in ("any_grade", "grade_3_plus"))
    name = term["name"].lower() if term["name"][1:].islower() else term["name"]
    return say(
        "{name}: {any} any grade, {high} grade ≥ 3",
        name=clinical(term["key"], name),
        any=say(
            "{k} of {n} patients {ci}",
            k=shares.listed(any_grade),
            n=str(any_grade.n),
            ci=shares.interval(any_grade),
        ),
        high=say("{k} of {n} {ci}", k=shares.listed(high), n=str(high.n), ci=shares.interval(high)),
    )


def rate_sentence(results: Results) -> Text:
    rate = of(results, "any", "rate")
    if not rate.exists:
        return say("No rate is given: {why}.", why=rate.note.removeprefix("NE: "))
    later = of(results, "any", "began_after_treatment")
    after = phrases.value(numbers.whole(later.value), later)
    return say(
        "On treatment {k} {events} began, {rate}{later}.",
        later=say("; {after} that began after its end are not in the rate", after=after)
        if later.value
        else "",
        k=(phrases.value(numbers.whole(rate.events), rate),),
        events=plural(rate.events, "event"),
        rate=phrases.per_year(rate),
    )


def terms_table(results: Results) -> Table:
    """Every category (patients with at least one event in it) and, under it, its terms."""
    facts = results.facts[SECTION]
    related, fatal = facts["has_attribution"], of(results, "any", "grade_5").events
    statistics = ["any_grade", "grade_3_plus", *(["grade_5"] if fatal else [])]
    statistics += ["related_any_grade", "related_grade_3_plus"] if related else []
    heads = {
        "any_grade": "Any grade",
        "grade_3_plus": "Grade ≥ 3",
        "grade_5": "Grade 5",
        "related_any_grade": "Related, any",
        "related_grade_3_plus": "Related, ≥ 3",
    }
    rated = of(results, "any", "rate").exists
    rows = [
        _row(results, variable, name, statistics, rated, indent) for variable, name, indent in _lines(facts)
    ]
    kept, more = shares.capped(rows, MOST_ROWS)
    columns = [text_column("Toxicity", 0.3), *(Column(heads[s]) for s in statistics)]
    columns += [Column("Events", "per patient-year")] if rated else []
    notes = [
        say("Patients by worst grade, not events; a category counts patients with at least one event in it.")
    ]
    notes += [] if fatal else [say("No event of grade 5 was recorded, so that column is left out.")]
    caption = say("Toxicity by category and term: patients / patients assessed (%).")
    return table("table-toxicity", caption, columns, kept, (*notes, *more))


def _lines(facts: Mapping) -> list[tuple[str, str, int]]:
    """(variable, printed name, indent): the total, then the categories by their most frequent term."""
    lines = [("any", "Any toxicity", 0)]
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
    lines = [("any", "Any toxicity"), *((t["key"], t["name"]) for t in facts["terms"][:MOST_BY_GROUP])]
    rows = [
        row(name, *(phrases.share(of(results, variable, s, g)) for g in facts["groups"] for s in statistics))
        for variable, name in lines
    ]
    columns = [text_column("Toxicity", 0.3)]
    columns += [Column(group, head) for group in facts["groups"] for head in ("any grade", "grade ≥ 3")]
    notes = [say("No test is made: these differences were not specified beforehand.")]
    left = len(facts["terms"]) - MOST_BY_GROUP
    if left > 0:
        notes.append(
            say("{n} rarer {terms} are not shown.", n=numbers.whole(left), terms=plural(left, "term"))
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
    few = (
        f"The {numbers.whole(len(drawn))} most frequent terms"
        if len(facts["terms"]) > len(drawn)
        else "All terms"
    )
    caption = say(
        "{few}, by grade ≥ 3 and then any grade: patients by worst grade (n = {n}).",
        few=few,
        n=numbers.whole(n),
    )
    alt = "; ".join(
        f"{t['name']}: {t['any']} of {n} patients, {t['high']} of grade 3 or more" for t in drawn[:MOST_BARS]
    )
    ungraded = sum(of(results, t["key"], "worst_grade_missing").events for t in drawn)
    notes = (say("Patients whose event has no grade are not drawn."),) if ungraded else ()
    name = "figure-toxicity"
    return Figure(
        name, toxicity_figure(name, bars), caption, f"Bars of patients by worst grade. {alt}.", notes=notes
    )
