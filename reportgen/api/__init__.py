"""The program as a library: a source becomes a cohort, a cohort becomes numbers or a report.

The same steps as those of the command line, by the same code; nothing is printed, nothing is published.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from reportgen.api.made_report import Document
from reportgen.base.errors import NOTE, DataRefused, UsageError
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Results

__all__ = ["Document", "analyse", "load", "report"]

# A report for readers outside is attacked together with all that went out before, which `build` keeps account of.
PUBLISHED = ("partner", "external")
# A refusal that nobody catches names so many of its issues; `.issues` has all of them.
MOST_NOTES = 20


def load(
    source: str | Path,
    *,
    config: str | Path | None = None,
    output: str | Path = "output",
    on_invalid: str = "refuse",
    strict: bool = False,
    **settings: object,
) -> Cohort:
    """The checked cohort of a workbook, a file or folder of tables, or the address of a database.

    settings win over report.toml (config, or that beside the source): those of [report] by their names, the profile as
    `profile`, those of other sections as a mapping, `gates={"cox": 20}`. What is doubtful in the data is in
    `cohort.issues`, each with sheet and cell. on_invalid: "exclude" leaves out patients with errors. output: where
    `reportgen build` puts its reports, and so the key of pseudonyms, which the profile board needs.

    Raises DataRefused, with all issues, where the data hold errors (strict: or warnings); UsageError for a setting that
    is not understood, or a profile under which reports are published only; MachineFailed where a file can't be read.

    >>> cohort = load("sample_data/ap_imt_crizotinib.xlsx", cutoff="2018-06-30")
    >>> cohort.n, sorted(cohort.endpoints)[:3]
    (8, ['duration_of_response', 'os', 'pfs'])
    >>> cohort.issues[0].severity, bool(cohort.issues[0].hint)
    ('note', True)
    >>> load("sample_data/ap_imt_crizotinib.xlsx", titel="Of eight patients")
    Traceback (most recent call last):
    reportgen.base.errors.UsageError: In the command line: unknown key report.titel; did you mean 'title'?
    """
    from reportgen.cohort.load import load_cohort
    from reportgen.run.pipeline import Request, protected, root_of

    if on_invalid not in ("refuse", "exclude"):
        raise UsageError(f"on_invalid must be refuse or exclude, but was {on_invalid!r}.")
    place = source if isinstance(source, str) and "://" in source else Path(source)
    try:
        cohort = load_cohort(
            place,
            config=Path(config) if config else None,
            overrides=_overrides(settings),
            on_invalid=on_invalid,
            strict=strict,
        )
    except DataRefused as refused:
        for issue in [one for one in refused.issues if one.severity != NOTE][:MOST_NOTES]:
            refused.add_note(str(issue))  # a traceback ends with them
        raise
    profile = cohort.settings.privacy.profile
    if profile in PUBLISHED:
        raise UsageError(
            f"A report of the profile {profile} is only published whole: reportgen build --profile {profile}. "
            "It is attacked first, together with all that went out before."
        )
    return protected(cohort, Path(output), root_of(Request(place, output=Path(output))))


def _overrides(settings: Mapping[str, object]) -> dict[str, object]:
    """As the command line has them: sections by a point, gates={"cox": 20} as gates.cox."""
    found: dict[str, object] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            found[name] = value
    return found


def analyse(cohort: Cohort) -> Results:
    """Every number of the cohort's report, unrounded: what results.json holds.

    `results[id]` is an Estimate (value, low, high, level, n, events, method, note, …) or a Curve; times are in days.
    `results.to_frame()` has a row for each estimate, `results.curves` all curves, each with its own `to_frame()`.
    `results.select(section="survival", statistic="median_time")` gives those with these fields.

    >>> results = analyse(load("sample_data/ap_imt_crizotinib.xlsx"))
    >>> one_year = results["survival.os.all.survival@365.25"]
    >>> round(one_year.value, 3), round(one_year.low, 3), round(one_year.high, 3), one_year.n
    (1.0, 0.59, 1.0, 8)
    >>> results["survival.os.all.median_time"].status.value
    'not_reached'
    >>> results.to_frame().columns[:3].tolist()
    ['id', 'section', 'endpoint']
    >>> curve = results["survival.pfs.all.kaplan_meier"]
    >>> curve.to_frame().columns.tolist()
    ['time', 'at_risk', 'events', 'censored', 'estimate', 'low', 'high']
    """
    return _analysed(cohort)[0]


def _analysed(cohort: Cohort):
    from reportgen.run.composing import analyse as analysed

    return cohort.once("api.analysed", lambda: analysed(cohort))


def report(cohort: Cohort) -> Document:
    """The report of a cohort: shown by a notebook as the page that it is, saved as whatever its name says.

    Language, title, profile and all else are settings of the cohort: see `load`.

    >>> made = report(load("sample_data/ap_imt_crizotinib.xlsx", title="Of eight patients"))
    >>> made, made.html.startswith("<!DOCTYPE html>")
    (Document('Of eight patients'), True)
    >>> made.figures["summary-os"].png[:4], len(made.figures) > 5
    (b'\\x89PNG', True)
    """
    from reportgen.run.composing import compose
    from reportgen.writing.language import speaking

    results, notices = _analysed(cohort)
    with speaking(cohort.settings.language):
        return Document(compose(cohort, results, notices), results, cohort)


class _Callable(ModuleType):
    """`reportgen.report` is a module, too, which holds the report as data: asked for a report, it makes one."""

    def __call__(self, cohort: Cohort) -> Document:
        return report(cohort)


sys.modules["reportgen.report"].__class__ = _Callable
