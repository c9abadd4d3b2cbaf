# The targets that people run are the ones that CI runs. `make` alone prints them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest
# Tests run side by side in so many processes: one a processor, four at most.
WORKERS ?= logical
SIDE_BY_SIDE := --numprocesses $(WORKERS) --maxprocesses 4 --dist worksteal
# `make test ARGS="tests/bank -k relu"` hands these to pytest and tests nothing else.
ARGS ?=

FUZZ ?= 5000
FROM ?= 0

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test unit validate lint fix check stubs bench fuzz docs notebooks clean

help: ## print this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# One environment for everything; made anew when the project's requirements change.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Gradmark needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 2; }
	@echo "Setting up $(VENV) with $$(grep -c == constraints.txt) packages. It takes a minute or two, once; again only when the requirements change."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --editable '.[dev]' \
		| sed -un -e 's/^Collecting \([A-Za-z0-9_.-]*\).*/  fetching \1/p' -e 's/^Installing collected.*/  installing them all/p'
	@touch $@

demo: $(READY) ## grade the sample course in examples/ into a gradebook; write its exports and class pages to out/demo
	$(BIN)/gradmark demo

ifeq ($(strip $(ARGS)),)
test: lint $(READY) ## lint, types and all tests; ARGS="tests/bank -k relu": these tests only, at once
	$(PYTEST) $(SIDE_BY_SIDE)
else
test: $(READY)
	$(PYTEST) $(ARGS)
endif

unit: $(READY) ## the tests that need no kernel and take seconds
	$(PYTEST) tests/unit -m "not slow" $(SIDE_BY_SIDE)

validate: $(READY) ## grade the grader: gradmark validate on the whole bank; some four minutes on two cores
	$(BIN)/gradmark validate

fuzz: $(READY) ## FUZZ (5000) random programs of the engine, and damaged submissions; FROM=12345: from another number
	GRADMARK_FUZZ=$(FUZZ) GRADMARK_FUZZ_FROM=$(FROM) $(PYTEST) tests/unit/test_fuzz.py tests/unit/test_reading_fuzz.py $(SIDE_BY_SIDE)

lint: $(READY) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(READY) ## let ruff mend and format what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: $(READY) ## what a student runs: public checks on exercises/
	$(BIN)/gradmark check

stubs: $(READY) ## derive exercises/, worked examples, pages on mistakes and the sample class from reference/ and the bank
	$(BIN)/gradmark stubs
	$(BIN)/python examples/make_class.py

notebooks: $(READY) ## rebuild the notebooks from their text sources
	$(BIN)/python notebooks/build.py

bench: $(READY) ## run every benchmark, one line of JSON each
	@for script in benchmarks/[a-z]*.py; do $(BIN)/python $$script || exit 1; done

docs: $(READY) ## check that the docs tell the truth (commands run, links resolve)
	$(PYTEST) tests/docs

clean: ## remove the environment and all caches
	rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
