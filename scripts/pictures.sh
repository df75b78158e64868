#!/usr/bin/env bash
# The pictures of the README, made from the synthetic sample reports.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p docs/images
.venv/bin/python -m reportgen build sample_data/ap_imt_crizotinib.xlsx --format pdf --output "$folder" --quiet
pdftoppm -r 100 -f 1 -l 1 -png -singlefile "$folder/ap_imt_crizotinib/report.pdf" docs/images/page-one
