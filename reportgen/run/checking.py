"""`reportgen check`: everything that is wrong or doubtful with a source, said at once and asked in queries.xlsx."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import ERROR, FIRST_CELLS, NOTE, WARNING, DataRefused, Issue, issue_row
from reportgen.base.message import joined, with_stop
from reportgen.base.terminal import printable
from reportgen.run.understanding import YES, Chapter
from reportgen.run.understood_lines import WIDTH, understood_lines, wrapped
from reportgen.writing.language import SOURCE, speaking

if TYPE_CHECKING:
    from reportgen.cohort.mapping.proposal.types import Question
    from reportgen.cohort.raw import RawWorkbook
    from reportgen.cohort.understood import Understood

SHOWN_CELLS = 12
TO_COPY = "      "  # before each line for report.toml, which is never broken
WORDS = {ERROR: ("error", "errors"), WARNING: ("warning", "warnings"), NOTE: ("note", "notes")}


@dataclass(frozen=True)
class Checked:
    """What `check` found. rows: table → how many; matched: table → column → header, how and cell.

    named: whether patients may be named where this is printed. queries: where the questions are. language: of
    the reports, and so of the questions; what is printed for the operator is English. kept: where answers lie that
    could not be taken in, and why. understood: every column; None where nothing could be read. chapters: which the
    report would have, and which not. open: what `map` has asked and nobody has answered.
    """

    source: str
    issues: tuple[Issue, ...]
    queries: Path
    rows: Mapping[str, int] = field(default_factory=dict)
    matched: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    named: bool = True
    language: str = SOURCE
    kept: str = ""
    history: str = ""
    understood: Understood | None = None
    chapters: tuple[Chapter, ...] = ()
    open: tuple[Question, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether `build` would refuse these data."""
        return any(issue.severity == ERROR for issue in self.issues)


def check(
    source: Path | str,
    config: Path | None = None,
    output: Path = Path("output"),
    overrides: Mapping | None = None,
    answers: Path | None = None,
    read: Callable[[], RawWorkbook] | None = None,
) -> Checked:
    """Read and check a source, and put queries.xlsx into OUTPUT/<source stem>, beside the last good report.

    They are asked in the language of the settings, with the answers that are known; answers: a file with more of them.
    read: gives the source, where it may have been read already.
    A source that can't even be opened is one more finding. Raises UsageError for wrong settings or a source that does
    not exist, and MachineFailed where the questions can't be written.
    """
    from reportgen.cohort.mapping.source_settings import settings_before
    from reportgen.cohort.source import is_url, stem_of
    from reportgen.history.answers import keep_questions, take_in
    from reportgen.history.store import place_of
    from reportgen.publish.queries import NAME, queries_xlsx, question_rows, said_of
    from reportgen.publish.single_file import amend
    from reportgen.run.open_questions import still_open
    from reportgen.run.questions import not_read

    folder = output / stem_of(source)
    name = stem_of(source) if is_url(source) else Path(source).name
    try:
        checked = _examine(source, config, folder / NAME, overrides, read)
    except DataRefused as refused:
        spoken = settings_before(source, config, overrides)
        checked = Checked(
            name, refused.issues, folder / NAME, language=spoken.language, history=spoken.history.url
        )
    place = checked.history or place_of(folder)
    taken, day = take_in(place, folder, answers), date.today()
    with speaking(checked.language):
        questions = queries_xlsx(checked.issues, day, taken.asked, name)
        rows = question_rows(checked.issues, day, taken.asked, name)
    keep_questions(place, folder.name, taken, rows, day, None)
    aside = amend({NAME: questions}, folder, {NAME: taken.asked.taken})
    kept = joined((said_of(aside, taken.asked, folder), *not_read(taken)))
    return replace(checked, kept=kept, open=() if read or not checked.rows else still_open(source, config))


def _examine(
    source: Path | str,
    config: Path | None,
    queries: Path,
    overrides: Mapping | None,
    read: Callable[[], RawWorkbook] | None,
) -> Checked:
    from reportgen.cohort.load import check_tables, cohort_of, overview, read_source
    from reportgen.cohort.mapping.source_settings import settings_for
    from reportgen.cohort.understood import understood
    from reportgen.run.understanding import chapters_of

    book = read() if read else read_source(source, config, overrides)
    settings = settings_for(book, source, config, overrides)
    rows, matches = overview(book, settings)
    draft, issues = check_tables(book, settings)
    if draft is not None:
        matches, rows = draft.matches, {name: len(table) for name, table in draft.tables.items()}
    cohort, issues = cohort_of(book, draft, issues, settings)
    matched: dict = {table: {} for table in rows}
    for match in matches:
        matched.setdefault(match.table, {})[match.column] = {
            "header": match.header,
            "how": match.how,
            "cell": match.cell,
        }
    named = settings.privacy.profile != "external"
    found = understood(book, settings, draft)
    chapters = chapters_of(cohort, draft, settings, found.offers)
    url = settings.history.url
    return Checked(
        book.name, issues, queries, rows, matched, named, settings.language, "", url, found, chapters
    )


def as_json(checked: Checked) -> dict[str, object]:
    """`{"issues": [...], "rows": {...}, "matched": {...}, "columns": [...], "chapters": [...], "offers": [...],
    "open": [...]}`."""
    issues = [issue_row(issue) for issue in checked.issues]
    if not checked.named:
        issues = [{**issue, "patient": None} for issue in issues]
    found = checked.understood
    return {
        "issues": issues,
        "rows": dict(checked.rows),
        "matched": dict(checked.matched),
        "columns": [asdict(column) for column in found.columns] if found else [],
        "chapters": [
            {**asdict(chapter), "offers": [offer.line for offer in chapter.offers]}
            for chapter in checked.chapters
        ],
        "offers": [{**asdict(offer), "line": offer.line} for offer in found.offers] if found else [],
        "open": [{"sheet": one.sheet, "cell": one.cell, "question": one.text} for one in checked.open],
    }


def as_text(checked: Checked, width: int = WIDTH, wrap: bool = False) -> Iterator[str]:
    """What was understood, then all findings: by severity, code and sheet; what is said of many cells is said once.

    width: of the terminal, in characters; wrap: whether findings are broken at it, too, or are left to be searched.
    """
    groups: dict[str, dict[tuple, list[Issue]]] = {severity: {} for severity in WORDS}
    for issue in checked.issues:
        key = (issue.code, issue.sheet or "", issue.problem, issue.hint)
        groups[issue.severity].setdefault(key, []).append(issue)
    counts = [_count(sum(map(len, found.values())), *WORDS[s]) for s, found in groups.items() if found]
    rows = ", ".join(f"{n} {'row' if n == 1 else 'rows'} of {table}" for table, n in checked.rows.items())
    yield printable(f"{checked.source}: {rows}" if rows else f"{checked.source}:")
    yield f"{', '.join(counts)}." if counts else _nothing(checked)
    if checked.understood:
        lines = understood_lines(checked.understood, checked.chapters, width, checked.refused)
        yield from map(printable, lines)
    yield from map(printable, _still_open(checked.open, width))
    for line in _findings(groups, checked.named):
        yield from _broken(printable(line), width) if wrap else (printable(line),)


def _still_open(questions: tuple[Question, ...], width: int) -> Iterator[str]:
    if questions:
        yield ""
        yield "STILL OPEN (reportgen map SOURCE asks)"
    for one in questions:
        yield from wrapped(f"{one.sheet} {one.cell}  {one.text}", width, "  ", "    ")


def _nothing(checked: Checked) -> str:
    if all(chapter.made == YES for chapter in checked.chapters):
        return "Nothing is wrong or doubtful."
    return "No cell is wrong or doubtful, but not every chapter can be made."


def _findings(groups: Mapping[str, Mapping[tuple, list[Issue]]], named: bool) -> Iterator[str]:
    for severity, found in groups.items():
        if found:
            yield ""
            yield WORDS[severity][1].upper()
        said = None
        for key in sorted(found, key=lambda key: key[:2]):
            code, sheet, problem, hint = key
            if (code, sheet) != said:
                yield f"{code}  {sheet}".rstrip()
                said = (code, sheet)
            yield f"  {with_stop(str(problem))}"
            yield from _where(found[key], named)
            yield from _hint(hint)


def _hint(hint: str) -> Iterator[str]:
    """What to do; the lines to write into report.toml, if there are any, each as it is, so that they can be copied."""
    first, *lines = hint.split("\n")
    yield f"    → {first if lines else with_stop(first)}"
    yield from (f"{TO_COPY}{line}" for line in lines)


def _broken(line: str, width: int) -> list[str]:
    if line.startswith(TO_COPY):
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    rest = indent + ("  " if line.lstrip().startswith("→") else "")
    return wrapped(line.strip(), width, indent, rest) or [line]


def _where(issues: list[Issue], named: bool) -> Iterator[str]:
    many = [issue for issue in issues if issue.cells]
    for issue in many:
        yield f"    {issue.places(FIRST_CELLS)} ({issue.count:,} cells)"
    places = [
        f"{issue.cell} ({issue.patient})" if named and issue.patient else issue.cell
        for issue in issues
        if issue.cell and issue not in many
    ]
    places = list(dict.fromkeys(places))  # a cell may hold several of a fault: "G4 PE, rash"
    if places:
        more = len(places) - SHOWN_CELLS
        rest = f" and {more} more (see queries.xlsx)" if more > 0 else ""
        yield f"    {', '.join(places[:SHOWN_CELLS])}{rest}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
