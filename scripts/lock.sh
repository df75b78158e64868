#!/usr/bin/env bash
# New lock files from pyproject.toml: the newest versions that fit, for every system, with their hashes.
# requirements.lock: what a report needs, and what builds the project. requirements-dev.lock: the tests too, and
# what Parquet files, databases, clusters and the desk need. requirements-uv.lock: what scripts/setup.sh installs them with.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
.venv/bin/python -m pip install --quiet --target "$tools" uv

compile() {
    PYTHONPATH=$tools .venv/bin/python -m uv pip compile pyproject.toml --quiet --universal \
        --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade "$@"
}
compile --group build --output-file requirements.lock
compile --group build --group dev --extra parquet --extra sql --extra statistics --extra cluster --extra desk --extra impute --output-file requirements-dev.lock
echo uv | PYTHONPATH=$tools .venv/bin/python -m uv pip compile - --quiet --universal --python-version 3.11 \
    --generate-hashes --no-header --no-annotate --upgrade --output-file requirements-uv.lock
.venv/bin/python scripts/third_party.py
