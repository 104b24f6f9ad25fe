# `make` prints the targets.
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench requirements references catalogues

BIN := .venv/bin
PURE := foundation accounts survey cati analysis demo
CODE := $(PURE) tests benchmarks migrations wsgi.py commands.py

help: ## print the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: ## make .venv with the command `soundings`
	@scripts/environment.sh requirements.txt

run: setup ## start everything in the foreground, with the demo; Ctrl-C stops it
	@$(BIN)/soundings run

.PHONY: tools
tools:
	@scripts/environment.sh requirements-dev.txt

.PHONY: services
services:
	@scripts/packages.sh postgresql chromium fonts-noto-cjk libatomic1

test: tools services check ## everything: checks, then all tests on SQLite and PostgreSQL, with Chromium
	$(BIN)/pytest -m "postgres or redis or browser"

check: tools ## the fast loop: format, lint, types, contracts, catalogues, tests without servers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/pytest -m "not postgres and not redis and not browser"

bench: tools ## speed: an answer, routing, comparing, sampling errors (3 minutes)
	$(BIN)/python -m benchmarks.answer
	$(BIN)/python -m benchmarks.routing
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.comparison_speed
	$(BIN)/python -m benchmarks.model_speed --plot docs/reference/model-growth.svg
	$(BIN)/python -m benchmarks.sampling_speed
	@$(MAKE) --no-print-directory bench-svy || echo "The package svy could not be installed: no figures beside ours."

.PHONY: bench-svy bench-million bench-coverage bench-levels
bench-svy: tools ## the same estimation by the package svy, in an environment of its own
	@test -x .venv-svy/bin/python || $(BIN)/python -m venv .venv-svy
	@.venv-svy/bin/pip install --quiet --disable-pip-version-check numpy svy==0.35.0
	.venv-svy/bin/python -m benchmarks.sampling_speed_svy

bench-million: tools ## a million rows of 40 items from a file, 500 resamples (some minutes)
	$(BIN)/python -m benchmarks.model_million

bench-coverage: tools ## how often 95 % intervals hold the truth, 2,000 draws (some 15 minutes)
	$(BIN)/python -m benchmarks.sampling_coverage
	$(BIN)/python -m benchmarks.panel_change 2000

bench-levels: tools ## how well tests and bootstrap intervals of models keep their level (some 20 minutes)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.comparison_errors
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.model_intervals

requirements: ## pin the dependencies of pyproject.toml anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --no-emit-index-url --no-annotate --custom-compile-command "make requirements" -q -o requirements.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --no-emit-index-url --no-annotate --custom-compile-command "make requirements" -q -o requirements-dev.txt

references: tools ## write the references of error codes and outcomes from the code
	$(BIN)/python scripts/error_reference.py
	$(BIN)/python scripts/outcome_reference.py

catalogues: tools ## collect the texts for translation and compile the catalogues
	$(BIN)/pybabel extract -F babel.cfg -k _l -k N_ --no-location --sort-output --project Soundings --copyright-holder "The Soundings authors" -o translations/messages.pot .
	$(BIN)/pybabel update -i translations/messages.pot -d translations --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel compile -d translations
