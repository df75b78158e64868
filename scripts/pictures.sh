#!/usr/bin/env bash
# The pictures of README, docs/gallery.md and docs/desk.md, made from synthetic samples and invented patients.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python scripts/pictures.py
.venv/bin/python scripts/pictures_desk.py
