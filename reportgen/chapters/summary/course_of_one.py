"""The headline of a report of one patient: what happened to him, in one sentence."""

from __future__ import annotations

from reportgen.report import Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import phrases
from reportgen.writing.language import _c
from reportgen.writing.narrative import join, say


def one_patient(results: Results) -> Text | None:
    """ "The patient responded, relapsed on treatment and died."; None where none of it was recorded."""
    ids = ("response.response.all.proportion", "after_stopping.stopped.event.proportion",
           "relapse.relapse.all.count", "survival.os.all.count")  # fmt: skip
    response, stopped, relapsed, died = (
        e if (e := results.get(id)) is not None and e.exists and e.n == 1 else None for id in ids
    )
    on = results.get("relapse.relapsed.on treatment.proportion")
    without = stopped is not None and not stopped.events
    said: list[tuple[str, Estimate]] = []
    if response is not None:
        said.append(
            (
                _c("of the one patient", "responded")
                if response.events
                else _c("of the one patient", "did not respond"),
                response,
            )
        )
    if stopped is not None and without:
        said.append((_c("of the one patient", "stopped treatment without recurrence"), stopped))
    if relapsed is not None and relapsed.value:
        said.append(
            (
                _c("of the one patient", "relapsed on treatment")
                if on is not None and on.events
                else _c("of the one patient", "relapsed"),
                relapsed,
            )
        )
    elif relapsed is not None and not without:
        said.append((_c("of the one patient", "did not relapse"), relapsed))
    if died is not None:
        said.append(
            (
                _c("of the one patient", "died")
                if died.value
                else _c("of the one patient", "was alive at the last contact"),
                died,
            )
        )
    if not said:
        return None
    return say("The patient {did}.", did=join([(phrases.value(words, e),) for words, e in said]))
