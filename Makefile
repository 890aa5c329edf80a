# Everything a newcomer or CI runs. `make help` lists it.
SHELL := /bin/bash
# The newest of these that really starts (version managers leave names behind that do not).
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do $$name -c '' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
PYTEST_FLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo lint format test test-all bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# A stamp per requirement file: the second `make` finds it newer and installs nothing.
$(VENV)/.run-stamp: requirements.txt pyproject.toml
	@.ci/install requirements.txt $(VENV) "$(PYTHON)"
	@touch $@

$(VENV)/.dev-stamp: requirements-dev.txt pyproject.toml
	@.ci/install requirements-dev.txt $(VENV) "$(PYTHON)"
	@touch $@ $(VENV)/.run-stamp

setup: $(VENV)/.run-stamp ## make .venv with what Dealhouse runs on
setup-dev: $(VENV)/.dev-stamp ## make .venv with what it is tested with, too

demo: setup ## three simulated CRMs on loopback, from HTTP to printed reports
	@$(BIN)/dealhouse demo

lint: setup-dev ## everything that reads the code without running it
	@.ci/lint

format: setup-dev ## format Python and SQL
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format --quiet . && $(BIN)/sqlfmt --quiet models macros quality orchestration tests/dbt

test: setup-dev ## the test suite (about 25 minutes on two cores)
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not exhaustive" $(PYTEST_FLAGS)

test-all: setup-dev ## the suite with its long forms: every kill point twenty times, every mutation
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_FLAGS)

bench: setup-dev ## measure speed and memory; results beside a floor of the same run
	@$(BIN)/python -m benchmarks

lock: setup-dev ## pin requirements*.in again
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements-dev.in -o requirements-dev.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' -c requirements-dev.txt requirements.in -o requirements.txt

clean: ## remove what make made, data too
	@rm -rf $(VENV) target logs data .pytest_cache .ruff_cache .mypy_cache .import_linter_cache *.egg-info
