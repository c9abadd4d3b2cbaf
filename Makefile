# The targets that people run are the ones that CI runs. `make` alone prints them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint check stubs bench docs notebooks clean

help: ## print this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# One environment for everything; made anew when the project's requirements change.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Gradmark needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY) ## grade the sample class in examples/ and write its report
	$(BIN)/gradmark demo

test: lint $(READY) ## lint, types and all test tiers
	$(BIN)/python -m pytest

lint: $(READY) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: $(READY) ## what a student runs: public checks on exercises/
	$(BIN)/gradmark check

stubs: $(READY) ## derive exercises/, the worked examples and the sample class from reference/ and the bank
	$(BIN)/gradmark stubs
	$(BIN)/python examples/make_class.py

notebooks: $(READY) ## rebuild the notebooks from their text sources
	$(BIN)/python notebooks/build.py

bench: $(READY) ## run every benchmark, one line of JSON each
	@for script in benchmarks/[a-z]*.py; do $(BIN)/python $$script || exit 1; done

docs: $(READY) ## check that the docs tell the truth (commands run, links resolve)
	$(BIN)/python -m pytest tests/docs

clean: ## remove the environment and all caches
	rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
