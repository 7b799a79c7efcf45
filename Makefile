# `make run` builds the shipped evidence base and serves it; `make test` tests everything. `make` lists the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
PORT ?= 8000
BASE ?= bases/cheshire-warrington
TESTS ?= tests
WORKERS ?= auto
# Arguments of your own for pytest (`make test PYTEST="-k chart"`), a benchmark or the lock (`make lock ARGS=--upgrade`).
PYTEST ?=
ARGS ?=

.PHONY: help install install-dev run test check check-format check-lint check-types check-imports check-lock \
	check-docs fix bench lock clean

help:  ## lists what `make` can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

python-found:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or later is needed, and none was found on the path." >&2; exit 1; fi

install: python-found  ## makes .venv with the locked packages and the `wellfounded` command
	@$(PYTHON) scripts/install.py

install-dev: python-found
	@$(PYTHON) scripts/install.py --dev

run: install  ## builds the shipped evidence base and serves it at http://127.0.0.1:8000 (PORT=… for another)
	@$(BIN)/wellfounded serve $(BASE) --port $(PORT)

test: install-dev  ## runs the tests (TESTS=tests/cli for some of them)
	@$(BIN)/pytest -n $(WORKERS) $(PYTEST) $(TESTS)

check: check-format check-lint check-lock check-imports check-types check-docs  ## lint, types, import contracts, docs; changes nothing

check-format: install-dev
	@echo "Formatting" && $(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff .; exit 1; }

check-lint: install-dev
	@echo "Lint" && $(BIN)/ruff check --quiet .

check-types: install-dev
	@echo "Types" && $(BIN)/mypy

check-imports: install-dev
	@echo "Import contracts" && $(BIN)/lint-imports --no-cache

check-lock: install-dev
	@echo "Lock files" && $(BIN)/python scripts/check_lock.py

check-docs: install-dev
	@echo "Docs" && $(BIN)/pytest -q -p no:cacheprovider tests/test_docs.py

fix: install-dev  ## formats, mends what the linter can mend, writes the data dictionary anew
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .
	@$(BIN)/wellfounded catalogue dictionary --to docs/data-dictionary.md

bench: install-dev  ## runs the benchmarks and prints their ratios
	@$(BIN)/python -m benchmarks $(ARGS)

LOCK := .venv/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

lock: install-dev  ## writes the lock files anew from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(LOCK) $(ARGS) requirements-bootstrap.in -o requirements-bootstrap.txt
	@$(LOCK) $(ARGS) pyproject.toml --extra build --extra dev -o requirements-dev.txt
	@$(LOCK) pyproject.toml --extra build --constraint requirements-dev.txt -o requirements.txt

clean:  ## removes what `make` has made, .venv included
	rm -rf .venv node_modules dist var src/wellfounded/web/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis
