"""`reportgen queries`: every question that was ever asked of a source, with its answers.

A question is closed by its answer, or when the data ask it no more. One that was answered may still stand in the data:
then they are checked as before, and what is wrong in them stays wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.base.errors import NOTE, UsageError
from reportgen.base.message import message
from reportgen.base.terminal import printable
from reportgen.history.answers import Story, keep_answers, stories, take_in
from reportgen.history.store import place_of
from reportgen.publish.query_ids import carried_over, query_ids
from reportgen.run.checking import Checked
from reportgen.run.questions import not_read


@dataclass(frozen=True)
class Told:
    """The questions, open ones first; how many answers are new; and what is said of files that were not read whole."""

    stories: tuple[Story, ...]
    new: int = 0
    unread: tuple[str, ...] = ()


def told(source: Path | str, config: Path | None, output: Path, answers: Path | None = None) -> Told:
    """Take in all answers and tell the questions of a source; its data are not read.

    UsageError where there is no such source.
    """
    from reportgen.cohort.mapping.source_settings import settings_before
    from reportgen.cohort.source import is_url, stem_of

    if not is_url(source) and not Path(source).exists():
        raise UsageError(message("There is no {name}; check the path.", name=repr(Path(source).name)))
    root = output / stem_of(source)
    place = settings_before(source, config, {}).history.url or place_of(root)
    taken = take_in(place, root, answers)
    if taken.new:
        keep_answers(place, root.name, taken)
    found = sorted(stories(place, root.name).values(), key=lambda story: (bool(story.settled), story.since))
    return Told(tuple(found), len(taken.new), tuple(not_read(taken)))


@dataclass(frozen=True)
class OfChecked:
    """The questions of a source that was just checked. answered: by the place of its issue in what `check` found, of
    those that still stand; gone: those that the data ask no more, the latest first; opened: how many are open."""

    answered: Mapping[int, Story]
    gone: tuple[Story, ...]
    opened: int


def told_of(checked: Checked) -> OfChecked:
    """The same questions beside the issues of which they were made; nothing more is read than the history."""
    root = checked.queries.parent
    known = stories(checked.history or place_of(root), root.name)
    asked = [(place, issue) for place, issue in enumerate(checked.issues) if issue.severity != NOTE]
    issues = [issue for _place, issue in asked]
    answers = carried_over({id: story for id, story in known.items() if story.answers}, issues)
    ids = query_ids(issues)
    named = {place: answers[id] for (place, _issue), id in zip(asked, ids, strict=True) if id in answers}
    still = {*ids, *(story.id for story in named.values())}
    gone = sorted(
        (story for id, story in known.items() if story.closed and id not in still),
        key=lambda story: (bool(story.answers), story.closed), reverse=True,
    )  # fmt: skip
    return OfChecked(named, tuple(gone), len(ids) - len(named))


def as_text(told: Told) -> Iterator[str]:
    """The lines of `reportgen queries`; characters of the data that a terminal would obey are spelled out."""
    opened = sum(not story.settled for story in told.stories)
    new = f"; {told.new} new answer{'s' * (told.new != 1)} taken in" if told.new else ""
    yield f"{opened} open, {len(told.stories) - opened} closed{new}."
    for story in told.stories:
        row = story.row
        where = "!".join(str(row[name]) for name in ("sheet", "cell") if row.get(name))
        about = " ".join(filter(None, (where, str(row.get("patient", "")))))
        by = "" if story.closed else " by its answer, still in the data"
        state = f"closed {story.settled}{by}" if story.settled else "open"
        yield ""
        yield printable(f"{story.id}  {state}, since {story.since}  {row.get('code', '')}  {about}".rstrip())
        yield printable(f"  {row.get('problem', '')}")
        for day, words in story.answers:
            yield printable(f"  {day}  → {words}")


def as_json(told: Told) -> dict:
    """As `queries --json` answers."""
    return {
        "open": sum(not story.settled for story in told.stories),
        "closed": sum(bool(story.settled) for story in told.stories),
        "new_answers": told.new,
        "queries": [
            {
                **{name: value for name, value in story.row.items() if name not in ("id", "open since")},
                "id": story.id,
                "since": story.since,
                "closed": story.settled or None,
                "in_the_data": not story.closed,
                "answers": [{"taken": day, "answer": words} for day, words in story.answers],
            }
            for story in told.stories
        ],
    }
