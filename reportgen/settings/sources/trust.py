"""Who may set what: data that were received must not run commands, move data or lift their own protection.

What came with the data (a workbook's `report` sheet, a report.toml inside a folder or archive of tables) may
say what its columns and words are, and ask for more protection. What this machine does, and what may be shown
to whom, is said by whoever makes the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from reportgen.base.errors import UsageError
from reportgen.base.message import message

SECTIONS = ("notify", "history", "branding")
PROTECTION = ("min_cell", "release_agreed", "quasi_identifiers", "rare_below")
PROFILES = ("internal", "board", "partner", "external")  # each protects more than the one before it


def check_received(given: Mapping, where: str, profile: str) -> None:
    """UsageError where settings that came with the data say what they must not, naming sections and keys.

    given: section → content; where: what they stand in; profile: the one that holds without them.
    """
    told: list[str] = [f"[{section}]" for section in SECTIONS if section in given]
    privacy = given.get("privacy", {})
    if isinstance(privacy, Mapping):
        told += [f"privacy.{key}" for key in PROTECTION if key in privacy]
        asked = privacy.get("profile")
        if asked in PROFILES and PROFILES.index(asked) < PROFILES.index(profile):
            told.append(message('privacy.profile = "{asked}", which protects less than "{profile}",',
                                asked=asked, profile=profile))  # fmt: skip
    if told:
        raise UsageError(
            message(
                "In {where}, which came with the data: {what} can only be set by whoever makes the report: in a "
                "report.toml beside the source, in the file of --config, or in the manifest of a batch. Delete it "
                "there, and set it here if it is wanted.",
                where=where,
                what=reduce(_and, told),
            )  # fmt: skip
        )


def _and(a: str, b: str) -> str:
    return message("{a} and {b}", a=a, b=b)
