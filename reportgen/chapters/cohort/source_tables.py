"""The data of a cohort as a reader meets them: what the checks found, and what each column was taken for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reportgen.base.message import N_, with_stop
from reportgen.base.required import required
from reportgen.chapters.cohort.facts import CohortFacts, ListedIssue, MatchedColumn
from reportgen.report import Block, Column, Paragraph, Row, Table
from reportgen.stats.results import Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.messages import said
from reportgen.writing.narrative import counted, join, say
from reportgen.writing.tables import row, table, text_column

SECTION = "cohort"
MOST_ROWS = 200
MOST_ALIKE = 10  # rows of one code
HOW = {
    "name": N_("same name"),
    "dictionary": N_("dictionary sheet"),
    "settings": N_("settings"),
    "synonym": N_("known synonym"),
    "feature": N_("own column"),
    "ignored": N_("not used"),
}


def issue_blocks(results: Results) -> list[Block]:
    """Every issue with its place; outside the house only how many of each kind."""
    facts: CohortFacts = results.facts[SECTION]
    counts = [results[f"{SECTION}.issues.{severity}.count"] for severity in ("error", "warning", "note")]
    if not sum(required(e.value) for e in counts):
        return [Paragraph(say("The checks of the data found nothing to question."))]
    parts = [phrases.value(_found(e.group, int(e.value)), e) for e in counts if e.value]
    said: list[Block] = [Paragraph(say("The checks of the data found {parts}.", parts=join(parts)))]
    return [*said, _issues_table(facts) if facts.inside else _codes_table(facts)]


def _found(severity: str, n: int) -> str:
    return {
        "error": counted(n, "error"),
        "warning": counted(n, "warning"),
        "note": counted(n, "note"),
    }[severity]


def _issues_table(facts: CohortFacts) -> Table:
    """What is alike in one row with its first cells, and the first rows of each code: a hundred of the same tell a
    reader no more than ten and their number.
    """
    alike: dict[tuple[str, str, str], list[ListedIssue]] = {}
    for issue in facts.issues:
        words = f"{with_stop(said(issue.problem))} {with_stop(said(issue.hint))}".strip()
        alike.setdefault((issue.severity, issue.code, words), []).append(issue)
    of_code: Counter[str] = Counter()
    rows = []
    for (severity, code, words), found in alike.items():
        of_code[code] += 1
        if of_code[code] <= MOST_ALIKE:
            rows.append(row(_(severity), code, words, _places(found)))
    kept, notes = shares.capped(rows, MOST_ROWS, "queries.xlsx")
    more = [f"{code} {numbers.whole(n - MOST_ALIKE)}" for code, n in of_code.items() if n > MOST_ALIKE]
    if more:
        told = say(
            "The first {k} of each code are shown. Further rows: {parts}. queries.xlsx has every error and "
            "warning; reportgen check says every note.",
            k=numbers.whole(MOST_ALIKE),
            parts=join(more),
        )
        notes = (told, *notes)
    columns = (
        text_column(_("Severity"), 0.08),
        text_column(_("Code"), 0.2),
        text_column(_("Problem, and what to do"), 0.46),
        text_column(_("Cell and patient"), 0.26),
    )
    return table("table-issues", (_("All that is wrong or doubtful in the data."),), columns, kept, notes)


def _places(found: Sequence[ListedIssue]) -> str:
    """ "toxicities!I210 (L033), toxicities!I336 (L054) and 3 more"."""
    shown = found[:MOST_ALIKE]
    told = ", ".join(f"{issue.place} ({issue.patient})" if issue.patient else issue.place for issue in shown)
    left = sum(max(issue.cells, 1) for issue in found) - len(shown)
    return told + (_(" and {n} more", n=numbers.whole(left)) if left else "")


def _codes_table(facts: CohortFacts) -> Table:
    rows = [row(_(kind.severity), kind.code, numbers.whole(kind.issues)) for kind in facts.codes]
    columns = (text_column(_("Severity"), 0.2), text_column(_("Code"), 0.5), Column(_("Issues")))
    return table("table-issues", (_("Issues found in the data, by kind."),), columns, rows)


def matches_table(facts: CohortFacts) -> Table:
    """What every column of the source was taken for and how: alike ones in one row, renamed ones each by name."""
    rows: list[Row] = []
    for sheet in dict.fromkeys(match.table for match in facts.matches):
        found = [match for match in facts.matches if match.table == sheet]
        rows.append(row(sheet, "", head=True))
        for how in dict.fromkeys(match.how for match in found):
            names = ", ".join(_match(match) for match in found if match.how == how)
            rows.append(row(_(required(HOW.get(how, how))), names, indent=1))
    columns = (text_column(_("Recognised by"), 0.26), text_column(_("Columns of the source"), 0.74))
    note = say("With its cell and the name it has here, where the source calls a column otherwise.")
    return table(
        "table-matches", (_("What each column of the source was taken for."),), columns, rows, (note,)
    )


def _match(match: MatchedColumn) -> str:
    if not match.column or match.header == match.column:
        return match.header
    return f"{match.header} ({match.cell}: {match.column})"
