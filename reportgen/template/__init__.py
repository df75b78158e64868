"""`reportgen init`: a workbook to fill in and the settings beside it, explained."""

from __future__ import annotations

from pathlib import Path

from reportgen.base.errors import MachineFailed, UsageError, reason

WORKBOOK, SETTINGS = "cohort.xlsx", "report.toml"


def init(folder: Path) -> tuple[Path, ...]:
    """Write the template workbook and a report.toml into a folder, which is made where it does not exist.

    Nothing is ever overwritten: UsageError where one of the two files is there, and neither is written.
    MachineFailed where the folder can't be written to.
    """
    from reportgen.template.fill import template_bytes

    settings = Path(__file__).with_name(SETTINGS).read_bytes()
    files = {folder / WORKBOOK: template_bytes(), folder / SETTINGS: settings}
    there = [path.name for path in files if path.exists() or path.is_symlink()]
    if there:
        verb = "is" if len(there) == 1 else "are"
        raise UsageError(
            f"{' and '.join(there)} {verb} already there, and nothing is overwritten; choose another folder."
        )
    begun: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            with path.open("xb") as stream:
                begun.append(path)
                stream.write(content)
    except OSError as failure:
        for path in begun:
            path.unlink(missing_ok=True)
        raise MachineFailed(f"the template could not be written to {folder}: {reason(failure)}.") from failure
    return tuple(files)
