"""The questions of a source between two runs: their answers are kept before queries.xlsx is written anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.message import joined, message
from reportgen.publish.queries import NAME, Asked, question_rows, read_asked, said_of
from reportgen.publish.single_file import amend, lead_to
from reportgen.writing.language import speaking

if TYPE_CHECKING:
    from reportgen.cohort.cohort import Cohort
    from reportgen.history.answers import Taken


@dataclass(frozen=True)
class Questions:
    """What a run asks. root: OUTPUT/<source stem>, where queries.xlsx lies; taken: None where nothing is asked."""

    root: Path
    cohort: Cohort
    asked: Asked
    taken: Taken | None

    def keep(self, place: Path | str) -> None:
        """Write the questions and all new answers into the history. place: of it."""
        from reportgen.history.answers import keep_questions
        from reportgen.history.recording import seen_until

        if self.taken is None:
            return
        cohort = self.cohort
        with speaking(cohort.settings.language):
            rows = question_rows(cohort.issues, cohort.cutoff, self.asked, cohort.source.name)
        keep_questions(place, self.root.name, self.taken, rows, cohort.cutoff, seen_until(cohort))

    def replaced(self, files: Mapping[str, bytes], place: str) -> dict[str, str]:
        """Of a queries.xlsx in the folder of the run, the SHA-256 of what was taken in of it, as `publish` asks.

        Earlier versions wrote one into the folder of each month; now a link to the only one lies there.
        """
        if NAME not in files or (self.root / place / NAME).is_symlink():
            return {}
        return {NAME: read_asked(self.root / place).taken if place else self.asked.taken}

    def publish(self, files: Mapping[str, bytes], aside: tuple[str, ...], folder: Path, apart: bool) -> str:
        """Put queries.xlsx into its place where the run lies apart, and a link to it into the folder of the run; what
        is said of what was set aside or not read.
        """
        said = [said_of(aside, self.asked, folder)]
        if apart and NAME in files:
            said.append(
                said_of(
                    amend({NAME: files[NAME]}, self.root, {NAME: self.asked.taken}), self.asked, self.root
                )
            )
            lead_to(self.root / NAME, folder)
        return joined((*said, *not_read(self.taken)))


def not_read(taken: Taken | None) -> list[str]:
    """A sentence on every other file with answers of which not all could be taken in; it stays where it is."""
    return [
        message("not all of {path} could be taken in ({why}); it stays as it is", path=str(path), why=why)
        for path, why in (taken.unread if taken else ())
    ]
