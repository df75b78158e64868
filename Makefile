# Every target does its own set-up: system libraries, a virtual environment in .venv, locked dependencies.
# PYTHON=/path/to/python3 chooses the interpreter; ARGS="…" is handed on to the program that a target runs.

BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
OUTPUT ?= output
JOBS ?= 2
FUZZ ?= 5000
PROGRAMS ?= $(wildcard bench/bench_*.py)

.PHONY: report test fuzz check coverage bench samples pictures docs man messages lock setup clean

report:  ## the report of the eight-patient sample, in output/
	@bash scripts/setup.sh report
	$(BIN)/reportgen build sample_data/ap_imt_crizotinib.xlsx --output $(OUTPUT) $(ARGS)

test: export PYTHONDONTWRITEBYTECODE :=  # the tests start many processes: each would compile the program anew
test: setup  ## all tests
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

fuzz: setup  ## bad files and odd cells by the thousand; FUZZ=20000 for longer
	REPORTGEN_FUZZ=$(FUZZ) REPORTGEN_COHORTS=$(FUZZ) $(BIN)/python -m pytest tests/cohort/test_fuzz.py tests/cohort/test_fuzz_sources.py tests/cohort/test_any_cell.py tests/settings/test_any_settings.py tests/settings/test_every_setting.py tests/settings/test_wild_settings.py tests/writing/test_sentences.py $(ARGS)

check: coverage  ## style, types, and how much of the program the quick tests reach
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pyright

# The rooms whose tests reach most in the least time, without the simulations and the longest sums of stats: what the others
# reach besides is not counted, for tests take twice as long where every branch is noted.
REACHING := $(addprefix tests/,stats analyses chapters api figures cli batch schemas template doctor test_contract.py)

coverage: setup  ## the branches that these tests reach, of reportgen and of reportgen/stats, against their floors in pyproject.toml and here
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -n $(JOBS) $(REACHING) -k "not covers and not two_hundred_groups and not 2000000"
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report --include="reportgen/stats/*" --fail-under=97
	$(BIN)/python -m coverage report --format=total

bench: setup  ## speed, measured against the goals; PROGRAMS=bench/bench_size.py ARGS="1000000 csv" for one of them
	@set -e; for program in $(PROGRAMS); do echo "$$program"; $(BIN)/python "$$program" $(ARGS); done

samples: setup  ## the synthetic workbooks, the same bytes every time
	$(BIN)/python sample_data/make_ap_imt_crizotinib.py
	$(BIN)/python sample_data/make_two_groups.py

pictures: setup  ## the pictures of the README, from the sample
	bash scripts/pictures.sh

docs: setup  ## the site of docs/, in build/site, with a search that needs no network
	bash scripts/docs.sh

man: setup  ## man pages of all commands, in build/man
	$(BIN)/python scripts/reference.py man build/man

messages: setup  ## every language's file brought up to date with the texts of the source
	$(BIN)/python scripts/messages.py

lock: setup  ## new lock files from pyproject.toml
	@bash scripts/lock.sh

setup:  ## what the tests need
	@bash scripts/setup.sh test

clean:  ## all but the reports
	rm -rf .coverage* .venv .pytest_cache .ruff_cache .hypothesis build dist
