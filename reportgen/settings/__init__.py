"""report.toml, the sheet `report` and the command line → one frozen Settings."""
