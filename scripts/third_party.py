"""THIRD_PARTY.md: what the program stands on, with version and licence, from the lock files and the fonts themselves.

    python scripts/third_party.py          writes THIRD_PARTY.md
    python scripts/third_party.py --check  ends with 1 where it is not up to date

A licence is what the installed package says of itself. Of one that this system has no use for (colorama is for
Windows) the line that stands is kept.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[1]
FILE = ROOT / "THIRD_PARTY.md"
FONTS = ROOT / "templates" / "fonts"
# What packages call a licence → its SPDX name, as far as they say which one it is.
SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "BSD 3-Clause": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
}
# Those that say it in a file alone; and those that this system may have no use for.
KNOWN = {"resvg-py": "MIT", "brotlicffi": "MIT", "colorama": "BSD-3-Clause"}
# What a copyleft licence means for who passes the program on: one line each, or this program refuses.
REMARKS = {
    "pyphen": "used under the MPL 1.1",
    "pyreadr": "copyleft: a program that serves it to others must offer its source; only with the extra `statistics`, "
    "which nothing else needs",
    "psycopg": "used as a library, unchanged",
}
HEAD = """\
# Third-party software

Made by `scripts/third_party.py` from the lock files and the fonts; not to be edited by hand. The program itself is
under the MIT licence ([LICENSE](LICENSE)). None of the libraries is part of its packages: they are installed beside it.
"""
SYSTEM = """
## System libraries that the PDF needs

Loaded where they are installed, neither shipped nor changed: Pango and GLib (LGPL-2.1-or-later), HarfBuzz (MIT),
fontconfig (MIT), FreeType (FTL or GPL-2.0).
"""


def locked(file: str) -> dict[str, list[str]]:
    """Package → its versions in a lock file, one per Python that needs another."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([\w.-]+)==([^\s;\\]+)", (ROOT / file).read_text("utf-8"), re.MULTILINE
    ):
        found.setdefault(name, []).append(version)
    return found


def extras() -> dict[str, list[str]]:
    """Package → the extras that bring it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, list[str]] = {}
    for extra, lines in project["optional-dependencies"].items():
        for line in lines:
            found.setdefault(_name(line), []).append(extra)
    return found


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()


def licence(name: str, standing: dict[str, str]) -> str:
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        found = KNOWN.get(name) or standing.get(name)
        if not found:
            raise SystemExit(
                f"{name} is not installed, so that its licence is not known: make setup"
            ) from None
        return found
    short = str(said.get("License") or "").strip()
    classified = [c.split(" :: ")[-1] for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    if expression := said.get("License-Expression"):
        return str(expression)
    named = [short] if short and len(short) < 40 and "\n" not in short else classified
    found = " OR ".join(SPDX.get(one, one) for one in named) or KNOWN.get(name, "")
    if not found:
        raise SystemExit(f"{name} does not say its licence: look it up and add it to KNOWN")
    return found


def row(name: str, versions: list[str], standing: dict[str, str], *more: str) -> str:
    found = licence(name, standing)
    remark = REMARKS.get(name, "")
    if "GPL" in found and not remark:
        raise SystemExit(f"{name} is under {found}: say in REMARKS what that means")
    said = f"{found} ({remark})" if remark else found
    return f"| {' | '.join((name, ', '.join(versions), *more, said))} |"


def fonts() -> list[str]:
    """A line for each font file, with what the font says of itself."""
    lines = []
    for path in sorted(FONTS.glob("*.ttf")):
        names = TTFont(path)["name"]
        version = re.search(r"[\d.]+\w?", str(names.getDebugName(5)))
        (text,) = [text for text in FONTS.glob("LICENSE-*.txt") if _of(path, text)]
        assert version, f"{path.name} does not say its version"
        whole = text.read_text("utf-8")
        kinds = {
            "SIL Open Font License": "OFL-1.1",
            "Apache License": "Apache-2.0",
            "Bitstream": "Bitstream-Vera",
        }
        kind = next(name for words, name in kinds.items() if words in whole)
        lines.append(
            f"| {names.getDebugName(4)} | {version[0]} | {kind} ([text](templates/fonts/{text.name})) |"
        )
    return lines


def _of(font: Path, text: Path) -> bool:
    """Whether a licence, as LICENSE-SourceSans.txt, is that of a font, as SourceSansPro-It.ttf."""
    return font.stem.startswith(text.stem.removeprefix("LICENSE-"))


def written() -> str:
    standing = {}
    if FILE.is_file():
        lines = re.findall(
            r"^\| ([\w.-]+) \|.*\| ([^|(]+?)(?: \(.*\))? \|$", FILE.read_text("utf-8"), re.MULTILINE
        )
        standing = dict(lines)
    base, every = locked("requirements.lock"), locked("requirements-dev.lock")
    needed = [row(name, versions, standing) for name, versions in base.items()]
    further = [
        row(name, every[name], standing, ", ".join(brought)) for name, brought in sorted(extras().items())
    ]
    return "".join(
        (
            HEAD,
            "\n## Libraries\n\nWhat a report needs, and what builds the package (requirements.lock).\n\n",
            "| library | version | licence |\n|---|---|---|\n" + "\n".join(needed) + "\n",
            "\n## Libraries of the extras\n\nInstalled only by who asks for them, as `clinical-reportgen[sql]`.\n\n",
            "| library | version | extra | licence |\n|---|---|---|---|\n" + "\n".join(further) + "\n",
            "\n## Fonts\n\nShipped with the program, unchanged, and embedded in its reports as far as used.\n\n",
            "| font | version | licence |\n|---|---|---|\n" + "\n".join(fonts()) + "\n",
            SYSTEM,
        )
    )


def main(arguments: list[str]) -> int:
    text = written()
    if "--check" in arguments:
        return int(not FILE.is_file() or FILE.read_text("utf-8") != text)
    FILE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
