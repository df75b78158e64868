"""`reportgen init`: a workbook to fill in and the settings beside it, explained."""

from __future__ import annotations

from pathlib import Path

from reportgen.base.errors import MachineFailed, UsageError, reason

WORKBOOK, SETTINGS = "cohort.xlsx", "report.toml"
# Beside the settings, for editors that know TOML. Hidden, so that no folder of tables takes it for one.
SCHEMA = ".report.schema.json"


def with_schema(settings: str) -> str:
    """The text of a new report.toml, its first line naming its schema as editors look for it."""
    return f"#:schema {SCHEMA}\n{settings}"


def names_schema(settings: str) -> bool:
    """Whether the text names a schema already, this one or one of the house's own."""
    return any(line.startswith("#:schema ") for line in settings.splitlines())


def init(folder: Path, schema: str = "") -> tuple[Path, ...]:
    """Write the template workbook and a report.toml into a folder, which is made where it does not exist.

    Nothing is ever overwritten: UsageError where one of the two files is there, and neither is written.
    MachineFailed where the folder can't be written to. schema: of the settings, for editors, which find it by the
    first line of report.toml.
    """
    from reportgen.template.fill import template_bytes

    settings = Path(__file__).with_name(SETTINGS).read_text("utf-8")
    files = {folder / WORKBOOK: template_bytes()}
    files[folder / SETTINGS] = (with_schema(settings) if schema else settings).encode()
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
        if schema:
            (folder / SCHEMA).write_text(schema, "utf-8")
    except OSError as failure:
        for path in begun:
            path.unlink(missing_ok=True)
        raise MachineFailed(f"the template could not be written to {folder}: {reason(failure)}.") from failure
    return tuple(files)


def explained() -> dict[str, str]:
    """Setting ("report.cutoff") → what the commented report.toml says of it, in one line.

    >>> explained()["report.group"]
    'the column whose groups are compared, such as "arm"'
    """
    import re

    found: dict[str, str] = {}
    section = last = ""
    for line in Path(__file__).with_name(SETTINGS).read_text("utf-8").splitlines():
        if head := re.match(r"(?:# )?\[\[?(\w+)\]\]?", line):
            section, last = head[1], ""
        elif key := re.match(r"# (\w+) = .*?\s#\s+(\S.*)", line):
            last = f"{section}.{key[1]}"
            found[last] = key[2]
        elif last and (more := re.match(r"#\s{8,}#\s*(\S.*)", line)):
            found[last] += f" {more[1]}"
        else:
            last = ""
    return found
