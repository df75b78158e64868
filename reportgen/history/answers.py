"""The questions that were ever asked of a source, and every answer: kept before any file with answers is replaced.

Answers are taken in wherever they lie: in queries.xlsx, in copies of it beside the reports under any name, in those
that earlier versions left in the folders of months, and in a file that is named. What was written once is never lost:
where two files answer one question in different words, both are kept, and the last word is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.message import message
from reportgen.history.returned_files import copies_of_questions, is_named, was_set_aside
from reportgen.history.session import Session
from reportgen.history.store import reading, writing
from reportgen.publish.queries import HEAD, Asked, read_asked, read_file
from reportgen.publish.workbook import Link

LAST = ""  # the id of the row that has the last day that anything was asked
SINCE, ANSWER = HEAD.index("open since"), HEAD.index("answer")


@dataclass(frozen=True)
class Story:
    """A question and what became of it. row: as in queries.xlsx, by the names of its columns.

    closed: the day on which it was asked no more; "" while the data ask it. answers: (day it was taken in, words),
    the first one first.
    """

    id: str
    since: str
    closed: str = ""
    row: Mapping[str, object] = field(default_factory=dict)
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def settled(self) -> str:
        """The day on which it was closed: asked no more, or else answered; "" while it is open."""
        return self.closed or (self.answers[-1][0] if self.answers else "")


@dataclass(frozen=True)
class Taken:
    """What is known of the questions of a source. asked: for the next queries.xlsx, with all answers.

    new: (id, answer, row) of every answer that the history does not hold. unread: what could not be taken in whole:
    (file, why); none of these is ever replaced. stories: as the history has them. last: the latest cut-off of which
    anything was asked.
    """

    asked: Asked
    new: tuple[tuple[str, str, Mapping[str, object]], ...] = ()
    unread: tuple[tuple[Path, str], ...] = ()
    stories: Mapping[str, Story] = field(default_factory=dict)
    last: str = ""

    def asked_on(self, cutoff: date | None) -> Asked:
        """What the next queries.xlsx needs. cutoff: of a run that sees no more of the data; None of one that sees all.

        Where a later day was asked about before, what is open since then is still asked.
        """
        if self.sees_all(cutoff):
            return self.asked
        answers = self.asked.answers
        still = {id: _cells(s.row, answers.get(id)) for id, s in self.stories.items() if not s.closed}
        return replace(self.asked, still=still)

    def sees_all(self, cutoff: date | None) -> bool:
        """Whether a run sees all that was ever asked about. cutoff: None of one that sees all of the data."""
        return cutoff is None or cutoff.isoformat() >= self.last


def stories(place: Path | str, cohort: str) -> dict[str, Story]:
    """Every question that was ever asked, by id, in the order of their first day; none without a history."""
    return _stories_and_last(place, cohort)[0]


def _stories_and_last(place: Path | str, cohort: str) -> tuple[dict[str, Story], str]:
    with reading(place) as session:
        if session is None:
            return {}, ""
        last = session.rows(
            "SELECT since FROM reportgen_story WHERE cohort = :cohort AND id = :id", cohort=cohort, id=LAST
        )
        return _read(session, cohort), last[0][0] if last else ""


def _read(session: Session, cohort: str) -> dict[str, Story]:
    answers: dict[str, list[tuple[str, str]]] = {}
    for id, taken, content in session.rows(
        "SELECT id, taken, content FROM reportgen_answer WHERE cohort = :cohort ORDER BY id, number",
        cohort=cohort,
    ):
        answers.setdefault(id, []).append((taken, content))
    rows = session.rows(
        "SELECT id, since, closed, content FROM reportgen_story WHERE cohort = :cohort ORDER BY since, id",
        cohort=cohort,
    )
    return {
        id: Story(id, since, closed, json.loads(content), tuple(answers.get(id, ())))
        for id, since, closed, content in rows
        if id != LAST
    }


def take_in(place: Path | str, root: Path, given: Path | None = None) -> Taken:
    """All answers to the questions of a source. place: of its history; root: OUTPUT/<source stem>.

    given: a file with answers that lies elsewhere; its words are the last ones. UsageError where it is not there.
    """
    known, last = _stories_and_last(place, root.name)
    living = read_asked(root)
    copies = [(path, read_file(path)) for path in copies_of_questions(root)]
    # Any other workbook may lie there; of what is called queries it is said that it could not be read.
    copies = [(path, asked) for path, asked in copies if asked.answers or asked.doubt and is_named(path)]
    named = [(given, _given(given))] if given else []
    latest = {id: story.answers[-1][1] for id, story in known.items() if story.answers}
    before = dict(latest)
    said = {id: {words for _day, words in story.answers} for id, story in known.items()}
    new, rows = [], {}
    for asked, is_copy in [*((asked, True) for _path, asked in copies), (living, False),
                           *((asked, False) for _path, asked in named)]:  # fmt: skip
        rows |= {id: _as_row(row) for id, row in asked.rows.items()}
        for id, answer in asked.answers.items():
            words = _words(answer)
            # A copy is older than what was written since: it only adds what nobody has seen yet.
            if words == latest.get(id) or (is_copy and words in said.get(id, ())):
                continue
            if asked is living and words == before.get(id):
                continue  # as the last run wrote it: a copy that came back since says something new
            said.setdefault(id, set()).add(words)
            latest[id] = words
            new.append((id, words, rows.get(id, {})))
    unread = [
        (path, asked.doubt) for path, asked in (*copies, *named) if asked.doubt and not was_set_aside(path)
    ]
    since = {id: date.fromisoformat(story.since) for id, story in known.items() if story.since}
    merged = Asked(
        since | living.since,
        dict(latest),
        _closed_rows(known, rows, latest),
        taken=living.taken,
        doubt=living.doubt,
    )
    return Taken(merged, tuple(new), tuple(unread), known, last)


def keep_answers(place: Path | str, cohort: str, taken: Taken) -> None:
    """Write down all answers that are new, and the questions that they answer."""
    day = date.today().isoformat()
    with writing(place) as session:
        known = _read(session, cohort)
        rows = {id: row for id, _words, row in taken.new if id not in known}
        _write(
            session,
            cohort,
            [Story(id, str(row.get("open since") or day), "", row) for id, row in rows.items()],
        )
        _write_answers(session, cohort, known, taken, day)


def keep_questions(
    place: Path | str, cohort: str, taken: Taken, rows: Iterable[tuple], day: date | None, cutoff: date | None
) -> None:
    """Write down the questions that are asked on a day, and all answers that are new.

    rows: as `question_rows` gives them; cutoff: as of `Taken.asked_on`. A question that is not asked again is closed,
    but not by a month that is made anew: it tells nothing of today.
    """
    today = (day or date.today()).isoformat()
    asked = {str(row[0]): _as_row(row) for row in rows}
    with writing(place) as session:
        known = _read(session, cohort)
        _write(session, cohort, _changed(known, asked, taken, today, taken.sees_all(cutoff)))
        _write_answers(session, cohort, known, taken, date.today().isoformat())
        if cutoff and cutoff.isoformat() > taken.last:
            _write(session, cohort, [Story(LAST, cutoff.isoformat())])


def _changed(
    known: Mapping[str, Story], asked: Mapping[str, Mapping], taken: Taken, today: str, current: bool
) -> Iterator[Story]:
    """The questions of which something is to be written down."""
    for id, row in asked.items():
        story = known.get(id)
        if story is None:
            yield Story(id, str(row.get("open since") or today), "", row)
        elif current and (story.closed or story.row != row):
            yield replace(story, row=row, closed="")
    for id, story in known.items():
        if current and id not in asked and not story.closed:
            yield replace(story, closed=today)
    for id, row in {id: row for id, _words, row in taken.new}.items():
        if id not in asked and id not in known:
            yield Story(id, str(row.get("open since") or today), today, row)


def _write(session: Session, cohort: str, found: Iterable[Story]) -> None:
    rows = [
        {"cohort": cohort, "id": s.id, "since": s.since, "closed": s.closed,
         "content": json.dumps(dict(s.row), ensure_ascii=False)}
        for s in found
    ]  # fmt: skip
    session.write("DELETE FROM reportgen_story WHERE cohort = :cohort AND id = :id",
                  [{"cohort": row["cohort"], "id": row["id"]} for row in rows])  # fmt: skip
    session.write(
        "INSERT INTO reportgen_story (cohort, id, since, closed, content) "
        "VALUES (:cohort, :id, :since, :closed, :content)",
        rows,
    )


def _write_answers(session: Session, cohort: str, known: Mapping[str, Story], taken: Taken, day: str) -> None:
    counts = {id: len(story.answers) for id, story in known.items()}
    rows = []
    for id, words, _row in taken.new:
        number = counts.get(id, 0)
        counts[id] = number + 1
        rows.append({"cohort": cohort, "id": id, "number": number, "taken": day, "content": words})
    session.write(
        "INSERT INTO reportgen_answer (cohort, id, number, taken, content) "
        "VALUES (:cohort, :id, :number, :taken, :content)",
        rows,
    )


def _given(path: Path) -> Asked:
    if not path.is_file():
        raise UsageError(
            message("There is no file {name} with answers; check --answers.", name=repr(path.name))
        )
    try:
        return read_file(path)
    except OSError as failure:
        raise MachineFailed(
            message("{name} can't be read: {why}.", name=path.name, why=reason(failure))
        ) from failure


def _closed_rows(
    known: Mapping[str, Story], rows: Mapping[str, Mapping], latest: Mapping[str, str]
) -> dict[str, tuple]:
    """The row of every question that was ever answered, with its last answer."""
    found = {}
    for id, words in latest.items():
        row = rows.get(id) or (known[id].row if id in known else {"id": id})
        found[id] = _cells(row, words)
    return found


def _cells(row: Mapping[str, object], answer: object) -> tuple:
    """A row of queries.xlsx."""
    cells = [row.get(name) for name in HEAD]
    cells[SINCE], cells[ANSWER] = _day(cells[SINCE]), answer
    return tuple(cells)


def _as_row(row: Iterable[object]) -> dict[str, object]:
    """A row of queries.xlsx by the names of its columns, as plain text."""
    return {
        name: cell.text if isinstance(cell, Link) else _words(cell)
        for name, cell in zip(HEAD, row, strict=True)
        if cell is not None and name != "answer"
    }


def _words(answer: object) -> str:
    """An answer as it was written: a workbook makes 7.0 of a 7."""
    if isinstance(answer, float) and answer.is_integer():
        return str(int(answer))
    return answer.isoformat() if isinstance(answer, date) else str(answer)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
