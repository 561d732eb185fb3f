# make help lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help install develop demo test test-fast fix types goldens docs clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "mailintake needs Python 3.11 or newer: apt-get install python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "the venv module is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[demo,ocr]'
	@touch $@

$(VENV)/.developed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,ocr,postgres]'
	@touch $@ $(VENV)/.installed

install: $(VENV)/.installed ## create .venv with the program in it

develop: $(VENV)/.developed ## the same, with everything the tests need

demo: $(VENV)/.installed ## an invented day on this machine: no account, no root, no network
	@$(BIN)/mailintake demo demo-output

test: $(VENV)/.developed ## all tests; installs Debian packages when it may, else names what did not run
	@tests/prepare
	$(BIN)/python -m pytest -n 2 --dist loadgroup

test-fast: $(VENV)/.developed ## tests of the pure part only
	$(BIN)/python -m pytest tests/model tests/stages tests/checks tests/letters tests/config -n 2

fix: $(VENV)/.developed ## format and repair what tools can repair
	$(BIN)/ruff check --fix src tests
	$(BIN)/ruff format src tests

types: $(VENV)/.developed ## mypy and the import contracts
	$(BIN)/mypy
	$(BIN)/lint-imports

goldens: $(VENV)/.developed ## write the expected letters anew; read the diff before you commit it
	MAILINTAKE_GOLDENS=write $(BIN)/python -m pytest tests/letters -q

clean: ## remove what the targets made
	rm -rf $(VENV) demo-output .pytest_cache .mypy_cache .ruff_cache
