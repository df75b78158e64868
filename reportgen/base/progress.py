"""The steps of a run: which of them is at work, how far the run has come, and how long each took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

from reportgen.base import aside
from reportgen.base.message import N_, Message, message

SAID = {
    "read": N_("reading and checking the data"),
    "count": N_("counting on the cluster"),
    "analyse": N_("computing"),
    "compose": N_("writing and drawing"),
    "html": N_("setting the page"),
    "pdf": N_("printing the PDF"),
    "docx": N_("writing the Word file"),
    "pptx": N_("making the slides"),
    "xlsx": N_("writing the tables"),
    "figures": N_("saving the figures"),
    "text": N_("writing abstract and references"),
    "ard": N_("writing the results for other programs"),
    "csv": N_("listing the patients"),
    "data": N_("writing the data set"),
    "publish": N_("publishing"),
}
# How long each takes beside the others, roughly: in a small cohort printing is most, in a large one all else.
WORK = {
    "read": 8,
    "count": 2,
    "analyse": 8,
    "compose": 2,
    "html": 1,
    "pdf": 6,
    "docx": 2,
    "pptx": 3,
    "xlsx": 1,
    "figures": 4,
    "text": 1,
    "ard": 1,
    "csv": 1,
    "data": 1,
    "publish": 1,
}

Progress = Callable[[str, float], None]


class Steps:
    """Runs the steps one after the other."""

    def __init__(self, progress: Progress = lambda said, share: None, planned: Sequence[str] = ()):
        """progress: is told what is being done, and which share of the planned steps is behind it, 0 … 1."""
        self.progress, self.planned, self.seconds = progress, planned, {}
        self.running = ""

    def run(self, name: str, step: Callable):
        """What the step gives."""
        self.running = name
        self.within(0, 1)
        began = perf_counter()
        try:
            return step()
        finally:
            self.seconds[name] = round(perf_counter() - began, 3)

    def within(self, done: int, of: int, part: str = "") -> None:
        """So many equal parts of the running step are done. part: what the one that begins is called, English."""
        aside.rest()
        behind = sum(WORK[name] for name in self.planned if name in self.seconds)
        here = WORK[self.running] * done / of if self.running in self.planned else 0
        whole = sum(WORK[name] for name in self.planned)
        said = Message(SAID[self.running])
        if part:
            said = message("{step}: {part}", step=said, part=Message(part))
        self.progress(said, (behind + here) / whole if whole else 0.0)
