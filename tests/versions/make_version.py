"""Keeps the files that a version leaves, for the tests of all later ones: run it once, before a version is left.

    python -m tests.versions.make_version

They are two months of a small cohort, and its reports for others with their key: <version>.zip beside this file.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from reportgen import __version__
from reportgen.run.pipeline import Request, build
from tests.history.reports import month_end
from tests.history.series import workbook

PERIODS = ("2025-03", "2025-04")
HERE = Path(__file__).parent


def make(folder: Path) -> None:
    """The source and OUTPUT of a version in a folder."""
    common = {"cutoff": month_end(PERIODS[-1]), "group": "subtype"}
    for period in PERIODS:
        source = workbook(folder, period, 24)
        wanted = common | {"cutoff": month_end(period)}
        build(Request(source, None, folder / "output", period, ("csv",), wanted))
    for profile, formats in (("board", ("csv",)), ("external", ("html",))):
        wanted = common | {"privacy.profile": profile, "privacy.release_agreed": "true"}
        build(Request(source, None, folder / "output", "", formats, wanted))


def main() -> None:
    with TemporaryDirectory() as folder, ZipFile(HERE / f"{__version__}.zip", "x", ZIP_DEFLATED) as kept:
        make(Path(folder))
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and path.suffix != ".lock":
                kept.write(path, path.relative_to(folder).as_posix())


if __name__ == "__main__":
    main()
