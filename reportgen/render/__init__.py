"""A Report becomes a page (html) and that page becomes a PDF (pdf)."""

from __future__ import annotations

from pathlib import Path

from reportgen.base.errors import MachineFailed


def templates_folder() -> Path:
    """Where templates, CSS and fonts are: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "report.html").is_file():
            return folder
    raise MachineFailed("The page templates are missing from this installation. Install reportgen again.")
