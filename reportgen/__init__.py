"""reportgen: from a clinical workbook to an outcome report that can be read, defended and traced.

    import reportgen

    cohort = reportgen.load("cohort.xlsx", group="arm")  # checked; cohort.issues is what is doubtful
    results = reportgen.analyse(cohort)  # results["survival.os.all.median_time"], .to_frame(), .curves
    reportgen.report(cohort).save("report.pdf")  # shows itself in a notebook

See docs/api.md. Whatever is not named here may change from version to version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.api import Document as Document
    from reportgen.api import analyse as analyse
    from reportgen.api import load as load
    from reportgen.api import report as report
    from reportgen.base.errors import DataRefused as DataRefused
    from reportgen.base.errors import Issue as Issue
    from reportgen.base.errors import MachineFailed as MachineFailed
    from reportgen.base.errors import ReportError as ReportError
    from reportgen.base.errors import UsageError as UsageError

__version__ = "0.2.0"
__all__ = [
    "DataRefused",
    "Document",
    "Issue",
    "MachineFailed",
    "ReportError",
    "UsageError",
    "analyse",
    "load",
    "report",
]

_ERRORS = ("DataRefused", "Issue", "MachineFailed", "ReportError", "UsageError")


def __getattr__(name: str) -> object:
    """What is public, loaded when it is first asked for: to import the package costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'reportgen' has no attribute {name!r}; it has {', '.join(__all__)}")
    from importlib import import_module

    return getattr(import_module("reportgen.base.errors" if name in _ERRORS else "reportgen.api"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
