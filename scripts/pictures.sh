#!/usr/bin/env bash
# The pictures of README and docs/gallery.md, made from the synthetic sample reports.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python scripts/pictures.py
