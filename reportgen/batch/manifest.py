"""A manifest of many cohorts: which sources, each with its own settings, period and place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatch
from glob import has_magic
from pathlib import Path

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.base.message import message
from reportgen.cohort.source import is_url, stem_of
from reportgen.run.pipeline import Request
from reportgen.settings.choices import formats, month, month_end
from reportgen.settings.model import Notify
from reportgen.settings.sources import load_notify
from reportgen.settings.sources.nearest_name import nearest

OWN = ("source", "exclude", "name")
COMMON = (
    "config",
    "output",
    "period",
    "cutoff",
    "format",
    "profile",
    "language",
    "on_invalid",
    "strict",
    "settings",
)
KINDS = {"strict": (bool, "true or false"), "cutoff": (date, "a date such as 2026-06-30"),
         "settings": (Mapping, "a section with settings as in report.toml"),
         "exclude": (list, 'a list such as ["old*.xlsx"]')}  # fmt: skip
INVALID = ("refuse", "exclude")
SECTIONS = ("defaults", "cohort", "notify")


@dataclass(frozen=True)
class Entry:
    """One cohort of a batch. name: what the index calls it."""

    name: str
    request: Request


@dataclass(frozen=True)
class Asked:
    """What the command line said: it wins over the manifest. Empty or None: not said."""

    output: Path | None = None
    config: Path | None = None
    period: str = ""
    cutoff: date | None = None
    formats: tuple[str, ...] = ()
    profile: str = ""
    language: str = ""
    on_invalid: str = ""
    strict: bool = False


def read_manifest(path: Path, asked: Asked) -> tuple[tuple[Entry, ...], Path]:
    """The cohorts of a manifest.toml, in its order, those of a pattern in that of their names; and the index's folder.

    Paths are relative to the manifest, but for the output, which is relative to where the command is given, as
    with `build`. Raises UsageError with all that is wrong in the manifest at once.
    """
    content, problems = _toml(path), []
    unknown = [key for key in content if key not in SECTIONS]
    problems += [nearest(message("unknown section {name}", name=repr(key)), key, SECTIONS) for key in unknown]
    cohorts = content.get("cohort", [])
    if not isinstance(cohorts, list) or not cohorts:
        problems.append("it lists no cohort; begin each with [[cohort]] and give it a source")
        cohorts = []
    if not isinstance(content.get("notify", {}), Mapping):
        problems.append("notify is no section, expected [notify] as in report.toml")
    else:
        try:
            read_notify(path)
        except UsageError as error:
            problems.append(str(error).removeprefix("In the command line: "))
    defaults = _checked("defaults", content.get("defaults", {}), COMMON, problems)
    entries: list[Entry] = []
    for place, given in enumerate(cohorts, 1):
        where = f"[[cohort]] {place}"
        own = _checked(where, given, (*OWN, *COMMON), problems)
        if not own.get("source"):
            problems.append(f'{where} has no source, expected a text such as source = "centres/*.xlsx"')
            continue
        sources = list(_sources(str(own["source"]), own.get("exclude", []), path.parent))
        named = _named_folder(str(own["source"]), path.parent)
        if not sources:
            problems.append(f"{where}: no file fits {own['source']!r}")
        both = {**defaults, **own, "settings": {**defaults.get("settings", {}), **own.get("settings", {})}}
        for source in sources:
            try:
                request = _request(source, both, asked, path.parent)
                request = replace(request, found=not is_url(source) and Path(source).parent != named)
            except UsageError as error:
                problems.append(f"{where}: {error}")
                break
            name = own.get("name") if len(sources) == 1 else ""
            entries.append(Entry(name or stem_of(source), request))
    problems += _clashes(entries)
    if problems:
        raise UsageError(f"In {path.name}: " + "\n  ".join(p if p[-1] in ".?" else f"{p}." for p in problems))
    return tuple(entries), asked.output or Path(defaults.get("output", "output"))


def read_notify(path: Path) -> Notify:
    """Who hears how the batch as a whole ended: [notify] of the manifest, as in report.toml."""
    given = _toml(path).get("notify", {})
    return load_notify(None, {f"notify.{key}": value for key, value in given.items()}) if given else Notify()


def is_manifest(source: Path | str) -> bool:
    """Whether a source is a manifest of many cohorts."""
    if is_url(source) or Path(source).suffix != ".toml" or not Path(source).is_file():
        return False
    return "cohort" in _toml(Path(source))


def _toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError(f"There is no manifest {path.name!r}; check the path.") from error
    except IsADirectoryError as error:
        raise UsageError(f"{path.name!r} is a folder; name the manifest in it.") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path.name} is no text in UTF-8; a manifest is a TOML file with a [[cohort]] for each."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name} is not valid TOML: {error}.") from error
    except OSError as error:
        raise MachineFailed(f"{path.name!r} can't be read: {error.strerror}.") from error


def _checked(where: str, given, known: tuple[str, ...], problems: list[str]) -> dict:
    if not isinstance(given, Mapping):
        problems.append(f"{where} is no section")
        return {}
    found = {}
    for key, value in given.items():
        kind, expected = KINDS.get(key, (str, "text"))
        if key not in known:
            problems.append(f"{where}: {nearest(message('unknown key {name}', name=repr(key)), key, known)}")
        elif not isinstance(value, kind):
            problems.append(f"{where}: {key} is {value!r}, expected {expected}")
        else:
            found[key] = value
    return found


def _sources(source: str, exclude: list, folder: Path) -> Iterator[Path | str]:
    """The address of a database, one path, or all that fits a pattern, but hidden and temporary files."""
    if is_url(source):
        yield source
    elif not has_magic(source):
        yield folder / source
    else:
        pattern = Path(source)
        root = Path(pattern.anchor) if pattern.is_absolute() else folder
        for path in sorted(root.glob(str(pattern.relative_to(pattern.anchor)))):
            left_out = any(fnmatch(path.name, str(other)) for other in exclude)
            if not path.name.startswith((".", "~$")) and path.name != "report.toml" and not left_out:
                yield path


def _named_folder(source: str, folder: Path) -> Path:
    """The folder that the manifest itself names: what lies further down was found by a pattern, or sent."""
    pattern = Path(source)
    if is_url(source) or not has_magic(source):
        return (folder / pattern).parent
    magic = next(place for place, part in enumerate(pattern.parts) if has_magic(part))
    return folder.joinpath(*pattern.parts[:magic])


def _request(source: Path | str, given: Mapping, asked: Asked, folder: Path) -> Request:
    period = month(asked.period or ("" if asked.cutoff else given.get("period", "")))
    cutoff = asked.cutoff or (None if asked.period else given.get("cutoff"))
    if period and cutoff and cutoff != month_end(period):
        raise UsageError(
            f"the period {period} is what was known on {month_end(period)}, but the cutoff says {cutoff}; "
            "give one of them"
        )
    overrides = dict(_flat(given.get("settings", {})))
    said = {
        "cutoff": month_end(period) if period else cutoff,
        "profile": asked.profile or given.get("profile"),
        "language": asked.language or given.get("language"),
    }
    on_invalid = asked.on_invalid or given.get("on_invalid", "refuse")
    if on_invalid not in INVALID:
        raise UsageError(f"on_invalid must be refuse or exclude, but was {on_invalid!r}")
    config = asked.config or (folder / given["config"] if given.get("config") else None)
    return Request(
        source,
        config,
        asked.output or Path(given.get("output", "output")),
        period,
        asked.formats or formats(given.get("format", "html,pdf")),
        overrides | {key: value for key, value in said.items() if value},
        on_invalid,
        asked.strict or given.get("strict", False),
    )


def _flat(settings: Mapping, above: str = "") -> Iterator[tuple[str, object]]:
    """{"report": {"title": …}, "gates": {"cox": …}} → "title", "gates.cox", as overrides have them."""
    for key, value in settings.items():
        name = f"{above}{key}" if above != "report." else key
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def _clashes(entries: list[Entry]) -> Iterator[str]:
    """Cohorts that would land in one folder: the second would take the place of the first."""
    seen: dict[tuple, str] = {}
    for entry in entries:
        place = (str(entry.request.output), stem_of(entry.request.source).casefold(), entry.request.period)
        if place in seen:
            yield (
                f"{entry.name!r} and {seen[place]!r} would both land in {place[0]}/{place[1]}; rename one of the "
                "files, leave it out of the pattern with exclude, or give it an output of its own"
            )
        seen.setdefault(place, entry.name)


def absolute(entry: Entry) -> Entry:
    """The same cohort with paths that hold wherever it is made."""
    request = entry.request
    source = request.source if is_url(request.source) else Path(request.source).absolute()
    config = request.config.absolute() if request.config else None
    return replace(
        entry, request=replace(request, source=source, config=config, output=request.output.absolute())
    )
