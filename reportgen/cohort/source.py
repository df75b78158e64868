"""What a SOURCE on the command line is: a file, a folder, or the address of a database or REDCap project."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

SETTINGS = "report.toml"
REDCAP = "redcap://"
# A token of REDCap, written where the name of the project belongs, is kept out of paths and messages.
TOKEN_LIKE = re.compile(r"[0-9A-Fa-f]{32,}")
PROJECT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
URL = re.compile(r"[A-Za-z][A-Za-z0-9_]+(\+[A-Za-z0-9_]+)?://")


def is_url(source: str | Path) -> bool:
    """Whether a source is the address of a database, or of a REDCap project.

    >>> is_url("sqlite:///cohort.db"), is_url("cohort.xlsx"), is_url("C:/data/cohort.xlsx")
    (True, False, False)
    """
    return isinstance(source, str) and URL.match(source) is not None


def stem_of(source: str | Path) -> str:
    """The name under which the report of a source lands: of the file without its ending, folder or database.

    Nothing of an address but the name of its database is kept, so that no password gets into a path.

    >>> stem_of("data/cohort.xlsx"), stem_of("postgresql+psycopg://reader:secret@host/registry")
    ('cohort', 'registry')
    >>> stem_of("redcap://trial@redcap.example.org/api/")
    'trial'
    >>> stem_of("sqlite:////srv/cohort.db")
    'cohort'
    """
    if not is_url(source):
        path = Path(source)
        return path.resolve().name if path.is_dir() else path.stem
    if is_redcap(source):
        return project_of(str(source)) or "redcap"
    name = Path(database_of(str(source))).stem
    return re.sub(r"[^\w.-]+", "_", name).strip(".") or "database"


def is_redcap(source: str | Path) -> bool:
    """Whether a source is a REDCap project, to be read by its API."""
    return isinstance(source, str) and source.casefold().startswith(REDCAP)


def project_of(url: str) -> str:
    """The project in the address of one, as its reader calls it; "" where none is named, or a token stands there.

    >>> project_of("redcap://trial@redcap.example.org/api/"), project_of("redcap://redcap.example.org/api/")
    ('trial', '')
    """
    named = unquote(url.split("://", 1)[1].partition("/")[0].rpartition("@")[0].partition(":")[0])
    return named if PROJECT.fullmatch(named) and not TOKEN_LIKE.fullmatch(named) else ""


def database_of(url: str) -> str:
    """The database in an address: a name, or the path of an SQLite file.

    The part before the last @ is left out first, since a password may hold any character.
    """
    rest = url.split("://", 1)[1]
    if not url.casefold().startswith("sqlite"):
        rest = rest.rpartition("@")[2]
    try:
        return unquote(urlsplit(f"any://{rest}").path).removeprefix("/")
    except ValueError:  # such as half an IPv6 address: who opens it says that it is not understood
        return ""


def own_settings(source: str | Path) -> Path:
    """Where settings of one source alone stand, beside others in its folder: "cohort.xlsx.report.toml"."""
    path = Path(source)
    path = path.resolve() if path.name in ("", "..") else path
    return path.with_name(f"{path.name}.{SETTINGS}")


def beside(source: str | Path) -> Path | None:
    """The settings of the source alone, or the report.toml beside it, never the one inside it; None without either."""
    if is_url(source):
        database = database_of(str(source))
        if not str(source).startswith("sqlite") or not database:
            return None
        path = Path(database)
    else:
        path = Path(source)
    # The folder ".", or one that ends in "..", has no name of its own to lie beside.
    path = path.resolve() if path.name in ("", "..") else path
    own = own_settings(path)
    candidate = own if own.is_file() else path.parent / SETTINGS
    return candidate if candidate.is_file() else None
