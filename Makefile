# `make demo` and `make test` each do all their set-up, in .venv. PYTHON names another Python (3.11 or newer).
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test check lint bench screenshots requirements clean

help:  ## what there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: .venv/dev  ## register sample projects in a scratch index, publish it, and install from it
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m scripts.demo

test: .venv/dev lint  ## everything: linters, types, all tests
	$(BIN)/python -m pytest -n 2 -rs

check: .venv/dev lint  ## what is quick: linters, types, tests that install nothing
	HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -n 2 -m "not slow"

lint: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: .venv/dev  ## how long things take, side by side
	$(BIN)/python -m tests.bench

screenshots: .venv/dev  ## pictures of the pages, into docs/
	$(BIN)/python -m tests.browser.screenshots

requirements: .venv/dev  ## pin the newest versions of what pyproject.toml names
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --group run -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --group dev -c requirements.txt -o requirements-dev.txt

clean:  ## take away what make made
	rm -rf .venv _site .mypy_cache .ruff_cache .hypothesis

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: $(PYTHON) is older than 3.11: name another, as in make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt .venv/pyvenv.cfg
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
