"""Lines for report.toml, each with the reason why it stands there; merged into what is there without losing a line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from reportgen.base.errors import UsageError

KNOWN_BY = "key"


@dataclass(frozen=True)
class Line:
    """A line of report.toml. path: ("columns", "patients", "sex"), or ("endpoint", "os") for a section of its own.

    comment: why. adds: its value joins a list. What the file already says of this path wins over it.
    """

    path: tuple[str, ...]
    value: object
    comment: str = ""
    adds: bool = False


def merged(text: str, lines: Iterable[Line], title: str = "", unlisted: Collection[str] = ()) -> str:
    """The text of a report.toml with the lines. title: the first comment of a new file. unlisted: names that no list
    of [features] holds any more, for these columns became ours.

    Raises UsageError where the text is no TOML.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise UsageError(f"report.toml is not valid TOML: {error}.") from error
    if not text.strip() and title:
        for line in title.splitlines():
            document.add(tomlkit.comment(line))
    for line in lines:
        if line.path[0] == "endpoint":
            _add_endpoint(document, line)
        else:
            _add(_section(document, line.path[:-1]), line)
    features = document.get("features", {})
    for name in ("at_start", "later", "lists", "exclude", "include"):
        held = features.get(name, [])
        for place in reversed([place for place, value in enumerate(held) if value in unlisted]):
            held.pop(place)
    return tomlkit.dumps(document)


def released(text: str, table: str, header: str, key: str) -> str:
    """The text of a report.toml that says nothing of one column any more; all else stands as it stood.

    header: as the source has it, which [columns] and endpoints name; key: as the lists of [features] name it. An
    endpoint that was timed or counted by the column goes with it.
    """
    import tomlkit

    document = tomlkit.parse(text)
    columns = document.get("columns", {}).get(table, {})
    for name in [name for name, theirs in columns.items() if theirs == header]:
        columns.remove(name)
    lists = [
        (document.get("features", {}), name, key)
        for name in ("at_start", "later", "lists", "exclude", "include")
    ]
    lists.append((document.get("source", {}), "toxicity_columns", header))
    for section, name, word in lists:
        held = section.get(name, [])
        for place in reversed([place for place, value in enumerate(held) if value == word]):
            held.pop(place)
    rules = document.get("endpoint", [])
    for place in reversed(range(len(rules))):
        if header in (rules[place].get("time"), rules[place].get("event")):
            del rules[place]
    return tomlkit.dumps(document)


def _section(document, path: tuple[str, ...]):
    import tomlkit

    place = document
    for depth, name in enumerate(path):
        if name not in place:
            inner = depth < len(path) - 1
            if place is document:
                document.add(tomlkit.nl())
            place.add(name, tomlkit.table(is_super_table=inner))
        place = place[name]
    return place


def _add(section, line: Line) -> None:
    import tomlkit

    key = line.path[-1]
    if not line.adds:
        if key not in section:
            value = tomlkit.item(line.value)
            if line.comment:
                value.comment(_one_line(line.comment))
            section.add(key, value)
        return
    if key not in section:
        section.add(key, tomlkit.array())
    elif not isinstance(section[key], list):
        section[key] = tomlkit.array() if section[key] == "" else tomlkit.item([section[key]])
    held = section[key]
    if line.value not in list(held):
        held.add_line(line.value, comment=_one_line(line.comment) or None, indent="  ")
        _closed(held)


def _closed(array) -> None:
    """The bracket on a line of its own, so that it does not stand in the comment of the last value."""
    array.add_line(indent="", newline=True) if not array.as_string().rstrip("]").endswith("\n") else None


def _add_endpoint(document, line: Line) -> None:
    import tomlkit

    held = document.get("endpoint")
    if held is not None and any(rule.get(KNOWN_BY) == line.path[1] for rule in held):
        return
    if held is None:
        held = tomlkit.aot()
        document.append("endpoint", held)
    table = tomlkit.table()
    content: Mapping = line.value  # type: ignore[assignment]
    for name, value in {KNOWN_BY: line.path[1], **content}.items():
        item = tomlkit.item(value)
        if name == KNOWN_BY and line.comment:
            item.comment(_one_line(line.comment))
        table.add(name, item)
    held.append(table)


def _one_line(comment: str) -> str:
    """A comment without what would end its line, whatever a header holds."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in comment)
