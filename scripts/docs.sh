#!/usr/bin/env bash
# The site of docs/ in build/site, strict: a dead link, a page that nothing leads to or a bad reference ends it.
# Its tools stay out of .venv: the tests don't need them.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
case $(uname -s) in MINGW* | MSYS* | CYGWIN*) bin=.venv/Scripts ;; esac
tools=build/docs-tools
wanted=$("$bin/python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["docs"], sep="\n")')
if [ "$(cat "$tools/wanted" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$tools"
    mapfile -t names <<<"$wanted"
    "$bin/python" -m pip install --quiet --target "$tools" "${names[@]}"
    printf '%s\n' "$wanted" >"$tools/wanted"
fi
NO_MKDOCS_2_WARNING=1 PYTHONPATH=$tools "$bin/python" -m mkdocs build --strict --quiet "$@"
echo "build/site/index.html"
