#!/usr/bin/env bash
# Set up what a report (or: the tests) need. Done steps are skipped, so it may be run before every use.
#
#   scripts/setup.sh report|test
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-report}
case $purpose in
    report) lock=requirements.lock ;;
    test) lock=requirements-dev.lock ;;
    *) echo "usage: scripts/setup.sh report|test" >&2; exit 2 ;;
esac

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$@"; exit 4; }

have() { command -v "$1" >/dev/null 2>&1; }

can_apt() { have apt-get && { [ "$(id -u)" = 0 ] || have sudo; }; }

apt_install() {
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    say "installing with apt: $*"
    local log
    log=$(mktemp)
    if "${as_root[@]+"${as_root[@]}"}" apt-get update >"$log" 2>&1 &&
        "${as_root[@]+"${as_root[@]}"}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --no-install-recommends "$@" >>"$log" 2>&1; then
        rm -f "$log"
    else
        tail -n 5 "$log" >&2
        rm -f "$log"
        return 1
    fi
}

# ---- Python ------------------------------------------------------------------------------------------

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if have "$candidate" && new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

python=$(find_python) || die "needs Python 3.11 or newer${PYTHON:+ (PYTHON=$PYTHON is not)}." \
    "Install it (Debian 12+, Ubuntu 24.04+: apt install python3 python3-venv; macOS: brew install python;" \
    "Windows: winget install Python.Python.3.12), or name one: make PYTHON=/path/to/python3 report."

# ---- System libraries --------------------------------------------------------------------------------

# Loaded rather than looked up, so that it does not matter how they were installed.
libraries_load() {
    "$python" - <<'END'
import ctypes, sys
for name in ("pango-1.0.so.0", "pangoft2-1.0.so.0", "harfbuzz.so.0", "harfbuzz-subset.so.0", "fontconfig.so.1"):
    try:
        ctypes.CDLL("lib" + name)
    except OSError:
        sys.exit(1)
END
}

linux_packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 fontconfig"

check_linux() {
    libraries_load && return
    # shellcheck disable=SC2086
    can_apt && apt_install $linux_packages && libraries_load && return
    die "the PDF needs Pango, HarfBuzz with its subsetter, and fontconfig, and they could not be installed here." \
        "Debian, Ubuntu: apt install $linux_packages" \
        "· Fedora: dnf install pango harfbuzz fontconfig · Arch: pacman -S pango harfbuzz fontconfig" \
        "· Alpine: apk add pango harfbuzz-subset fontconfig"
}

check_for_tests() {
    local missing=()
    have chromium || have chromium-browser || have google-chrome || missing+=(chromium)
    have pdftotext && have pdftoppm || missing+=(poppler-utils)
    have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    have soffice || missing+=(libreoffice-writer-nogui)
    [ ${#missing[@]} = 0 ] && return
    can_apt && apt_install "${missing[@]}" && return
    say "without ${missing[*]} some tests are skipped; install them to run all."
}

case $(uname -s) in
    Linux) check_linux ;;
    *) ;; # Seen below, once WeasyPrint is there to ask.
esac
[ "$purpose" = test ] && check_for_tests

# ---- Virtual environment -----------------------------------------------------------------------------

bin=.venv/bin
case $(uname -s) in MINGW* | MSYS* | CYGWIN*) bin=.venv/Scripts ;; esac

if ! new_enough "$bin/python"; then
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        can_apt && { apt_install "python$version-venv" || apt_install python3-venv; } ||
            die "this Python can't make virtual environments. Debian, Ubuntu: apt install python$version-venv"
    fi
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

# uv, where it is there or can be had, installs in a tenth of pip's CPU time; pip does where it can't (another registry in
# pip's own configuration, a system without a wheel of uv). Both check every hash.
find_uv() {
    have uv && { command -v uv; return; }
    "$bin/python" -m pip install --quiet --require-hashes --only-binary :all: --requirement requirements-uv.lock \
        >/dev/null 2>&1 && echo "$bin/uv"
}

install() {
    local uv
    uv=$(find_uv) && "$uv" pip install --quiet --python "$bin/python" "$@" || "$bin/python" -m pip install --quiet "$@"
}

# A copy of the lock that was installed is the proof that it was; for the project, of its own description.
if ! { cmp -s "$lock" ".venv/installed-$lock" && cmp -s pyproject.toml .venv/installed-pyproject.toml; }; then
    say "installing what $lock names"
    export PIP_DISABLE_PIP_VERSION_CHECK=1
    install --require-hashes --requirement "$lock" || die \
        "the dependencies could not be installed; is a package registry in reach?"
    "$bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
    # As pip does for all that it installs but what stays editable: no run has to translate it again.
    "$bin/python" -m compileall -q reportgen
    cp "$lock" ".venv/installed-$lock"
    cp pyproject.toml .venv/installed-pyproject.toml
fi

case $(uname -s) in
    Darwin)
        "$bin/python" -c 'import weasyprint' >/dev/null 2>&1 || die "the PDF needs Pango: brew install pango fontconfig." \
            "If it is installed: export DYLD_FALLBACK_LIBRARY_PATH=\$(brew --prefix)/lib"
        ;;
    MINGW* | MSYS* | CYGWIN*)
        "$bin/python" -c 'import weasyprint' >/dev/null 2>&1 || die "the PDF needs Pango: install MSYS2, in it" \
            "pacman -S mingw-w64-ucrt-x86_64-pango, then set WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\ucrt64\\bin"
        ;;
esac
