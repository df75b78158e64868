"""`reportgen upgrade`: settings that an earlier version wrote or read, as this one would write them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.publish.folder import beside, write_file
from reportgen.settings.sources import settings_of_text
from reportgen.template import SCHEMA, names_schema, with_schema


@dataclass(frozen=True)
class Upgrade:
    """Settings before and after. files: path → text, of those that are to be written; none where all is up to date."""

    path: Path
    before: str
    after: str
    files: Mapping[Path, str]

    def difference(self) -> list[str]:
        """The lines that change, as `diff -u` shows them; none where the settings stay."""
        lines = self.before.splitlines(), self.after.splitlines()
        return list(difflib.unified_diff(*lines, f"{self.path.name} (now)", self.path.name, lineterm="", n=2))


def upgrade(path: Path, schema: str) -> Upgrade:
    """What brings the settings up to date; nothing is written yet. schema: of settings, for editors, as text.

    No key was renamed so far, so that what an earlier version read is read as it stands: every line, comment and
    order stays. What is added is the line by which an editor finds the schema, and that schema beside it.

    Raises UsageError where there is no such file or this version does not understand it: with key and remedy, for a
    setting that is not known is never dropped.
    """
    try:
        before = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(
            f"There are no settings {str(path)!r}; name the file: reportgen upgrade CONFIG."
        ) from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not text in UTF-8; save it as UTF-8.") from error
    except OSError as failure:
        raise UsageError(f"{path.name!r} can't be read: {reason(failure)}.") from failure
    settings_of_text(path.name, before)
    after = before if names_schema(before) else with_schema(before)
    wanted = {path: after, path.with_name(SCHEMA): schema} if f"#:schema {SCHEMA}" in after else {path: after}
    files = {
        place: text for place, text in wanted.items() if text != (before if place == path else _held(place))
    }
    return Upgrade(path, before, after, files)


def _held(path: Path) -> str:
    """The text of a schema that is there; empty where there is none that can be read, which is then made anew."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def write(found: Upgrade) -> None:
    """Each file whole or not at all, readable by the owner only. Raises MachineFailed where one can't be written."""
    for path, text in found.files.items():
        new = beside(path, "new")
        try:
            new.unlink(missing_ok=True)
            write_file(new, text.encode())
            new.replace(path)
        except OSError as failure:
            raise MachineFailed(f"{path.name!r} can't be written: {reason(failure)}.") from failure
        finally:
            new.unlink(missing_ok=True)
