"""The abstract: it tells of no method by which nothing was estimated."""

from __future__ import annotations

from dataclasses import replace

from reportgen.base.message import joined, message
from reportgen.chapters.summary.abstract import methods
from reportgen.report import plain
from reportgen.stats.results import Results
from tests.chapters.test_headline import at, facts

HOW = joined([message("Kaplan–Meier"), message("log-log {n}% CI", n="95")])


def test_relapse_is_told_of_only_where_it_is_estimated():
    survival, relapse = (
        replace(at("survival", "os", "all", 0.7), method=HOW),
        at("relapse", "relapse", "all", 0.4),
    )
    alone, both = (plain(methods(Results(rows), facts(60))) for rows in ((survival,), (survival, relapse)))
    assert alone.endswith("Survival is estimated by Kaplan–Meier, with log-log 95% CI.")
    assert both.endswith("; relapse as cumulative incidence with death competing.")
