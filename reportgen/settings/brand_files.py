"""The files that [branding] names: read once, with the settings, so that a run can be rebuilt from them."""

from __future__ import annotations

import base64
from pathlib import Path

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.message import message
from reportgen.settings.model import Branding

LOGO, TEMPLATES = "logo", "templates/"
MOST_LOGO, MOST_TEMPLATES, MOST_FILES = 200_000, 200_000, 60  # bytes, bytes, files
KINDS = (".html", ".css")


def brand_files(branding: Branding, folder: Path) -> dict[str, str]:
    """ "logo" → its bytes in base64, "templates/<name>" → text; empty where [branding] names neither.

    folder: where report.toml lies; whatever is named must lie in it. UsageError where it does not, is not
    there, is too large or is no text.
    """
    found: dict[str, str] = {}
    if branding.logo:
        file = _within(folder, branding.logo, "branding.logo")
        if file.suffix.lower() not in (".png", ".svg"):
            raise UsageError(
                message("branding.logo is {name}, expected a PNG or SVG file.", name=repr(branding.logo))
            )
        found[LOGO] = base64.b64encode(_content(file, "branding.logo", MOST_LOGO)).decode()
    if branding.templates:
        found |= _templates(_within(folder, branding.templates, "branding.templates"))
    return found


def _templates(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise UsageError(message("branding.templates is no folder beside report.toml."))
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in KINDS)
    if len(files) > MOST_FILES:
        raise UsageError(
            message(
                "branding.templates holds {n} files, expected at most {most}.", n=len(files), most=MOST_FILES
            )
        )
    found, left = {}, MOST_TEMPLATES
    for file in files:
        name = file.relative_to(folder).as_posix()
        if not file.resolve().is_relative_to(folder):
            raise UsageError(message("branding.templates: {name} leads out of its folder.", name=name))
        content = _content(file, "branding.templates", left)
        left -= len(content)
        try:
            found[TEMPLATES + name] = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(
                message("branding.templates: {name} is not written in UTF-8.", name=name)
            ) from error
    return found


def _within(folder: Path, name: str, key: str) -> Path:
    """The path, if it lies beside report.toml or below: a settings file must not open others."""
    root = folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or path == root:
        raise UsageError(
            message(
                "{key} is {name}, expected a path within the folder of report.toml.", key=key, name=repr(name)
            )
        )
    return path


def _content(file: Path, key: str, most: int) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(most + 1)
    except FileNotFoundError as error:
        raise UsageError(
            message("{key}: there is no {name} beside report.toml.", key=key, name=repr(file.name))
        ) from error
    except IsADirectoryError as error:
        raise UsageError(message("{key} is a folder, expected a file.", key=key)) from error
    except OSError as error:
        raise MachineFailed(
            message("{key}: {name} can't be read: {why}.", key=key, name=repr(file.name), why=reason(error))
        ) from error
    if len(content) > most:
        raise UsageError(
            message(
                "{key}: {name} takes the files over {n} kB, which is the most.",
                key=key,
                name=repr(file.name),
                n=most // 1000,
            )  # fmt: skip
        )
    return content
