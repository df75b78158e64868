"""Python, its packages against the lock file, and the system libraries of the PDF."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import sys
from importlib import metadata
from pathlib import Path

from reportgen.doctor.finding import DOUBTFUL, OK, WRONG, Check, install

DISTRIBUTION = "clinical-reportgen"
OLDEST_PYTHON = (3, 11)
LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
WITH_LOCK = f'{Path(sys.executable).as_posix()} -m pip install --require-hashes --requirement "{LOCK}"'
AGAIN = f"{Path(sys.executable).as_posix()} -m pip install --force-reinstall {DISTRIBUTION}"

# What WeasyPrint loads, as it is named on Linux, macOS and Windows, and the packages that bring it.
PANGO = {"apt-get": "libpango-1.0-0", "dnf": "pango", "pacman": "pango", "apk": "pango", "zypper": "pango",
         "brew": "pango", "choco": "mingw-w64-ucrt-x86_64-pango"}  # fmt: skip
HARFBUZZ = PANGO | {"apt-get": "libharfbuzz0b", "dnf": "harfbuzz", "pacman": "harfbuzz", "apk": "harfbuzz",
                    "zypper": "libharfbuzz0", "brew": "harfbuzz"}  # fmt: skip
LIBRARIES = {
    "Pango": (("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"), PANGO),
    "PangoFT2": (
        ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
        PANGO | {"apt-get": "libpangoft2-1.0-0"},
    ),
    "GObject": (("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"), PANGO),
    "HarfBuzz": (("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"), HARFBUZZ),
    "HarfBuzz-Subset": (
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
        HARFBUZZ | {"apt-get": "libharfbuzz-subset0", "apk": "harfbuzz-subset", "zypper": "libharfbuzz-subset0"},
    ),
    "fontconfig": (
        ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
        {"apt-get": "fontconfig", "dnf": "fontconfig", "pacman": "fontconfig", "apk": "fontconfig",
         "zypper": "fontconfig", "brew": "fontconfig", "choco": "mingw-w64-ucrt-x86_64-fontconfig"},
    ),
}  # fmt: skip
WHERE = {
    "Darwin": " (if it is there: export DYLD_FALLBACK_LIBRARY_PATH=$(brew --prefix)/lib)",
    "Windows": " (if it is there: set WEASYPRINT_DLL_DIRECTORIES=C:\\tools\\msys64\\ucrt64\\bin)",
}


def check_python() -> Check:
    """Whether this Python is new enough; where not, how to install one."""
    version = platform.python_version()
    if sys.version_info >= OLDEST_PYTHON:
        return Check("Python", OK, version)
    packages = {"apt-get": "python3.11", "dnf": "python3.11", "brew": "python@3.12", "choco": "python312"}
    return Check("Python", WRONG, f"{version}; 3.11 or newer is needed", install(packages))


def check_packages() -> list[Check]:
    """The packages that the program needs: there, new enough, and as the lock file has them."""
    locked = _locked()
    missing, unlike = [], []
    for name, oldest in _required().items():
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if _numbers(version) < _numbers(oldest):
            missing.append(f"{name} ≥ {oldest} (found {version})")
        elif name in locked and version not in locked[name]:
            unlike.append(f"{name} {version} (locked: {' or '.join(sorted(locked[name]))})")
    remedy = WITH_LOCK if locked else AGAIN
    if missing:
        return [Check("Python packages", WRONG, f"missing: {', '.join(missing)}", remedy)]
    if unlike:
        said = f"not as in the lock file, so numbers and pages may differ in detail: {', '.join(unlike)}"
        return [Check("Python packages", DOUBTFUL, said, remedy)]
    found = "as in the lock file" if locked else "all there; no lock file to compare with"
    return [Check("Python packages", OK, found)]


def _required() -> dict[str, str]:
    """Package → the oldest version that will do, as this program's own description has them."""
    try:
        lines = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return dict.fromkeys(_locked(), "0")
    found = {}
    for line in lines:
        name = re.match(r"[\w.-]+", line)
        oldest = re.search(r">=\s*([\d.]+)", line)
        if name and "extra ==" not in line:
            found[name[0].lower()] = oldest[1] if oldest else "0"
    return found


def _locked() -> dict[str, set[str]]:
    """Package → its versions in the lock file, one per Python; empty where there is no lock file."""
    found: dict[str, set[str]] = {}
    if LOCK.is_file():
        for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCK.read_text("utf-8"), re.MULTILINE):
            found.setdefault(name, set()).add(version)
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def check_libraries() -> list[Check]:
    """The libraries that lay out text and embed fonts: each is loaded, however it was installed."""
    return [_library(name, names, packages) for name, (names, packages) in LIBRARIES.items()]


def _library(name: str, files: tuple[str, ...], packages: dict[str, str]) -> Check:
    if os.name == "nt":
        with_folders = os.environ.get("WEASYPRINT_DLL_DIRECTORIES", r"C:\msys64\ucrt64\bin").split(";")
        files = (*files, *(str(Path(folder, files[-1])) for folder in with_folders))
    for file in files:
        try:
            ctypes.CDLL(file)
        except OSError:
            continue
        return Check(name, OK, file)
    return Check(
        name, WRONG, "missing; the PDF needs it", install(packages) + WHERE.get(platform.system(), "")
    )
