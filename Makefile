# `make run` starts the product, `make test` proves it; both need Python 3.11 to 3.13, venv and make.
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c '$(FITS)' 2>/dev/null && { command -v $$p; break; }; done)
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet install --require-hashes --only-binary :all:

.PHONY: run test prove check coverage mutants bench front-end lock revision clean

run: .venv/ready  ## make the environment, create the databases, play the demo, serve
	@$(BIN)/samverkan serve --demo --port $(PORT)

test: .venv/ready-for-tests  ## all tests; browser tests need a Chromium on the machine
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not prove"

prove: .venv/ready-for-tests tests/feel/feelin/node_modules  ## the long forms of proofs, and the benchmarks; needs Node
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m prove
	@$(MAKE) coverage bench

bench: .venv/ready-for-tests  ## the tables of docs/benchmarks.md
	@$(BIN)/python -m benchmarks

check: .venv/ready-for-tests  ## style, types, arrows, translations, models
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/samverkan check processes/packs/france
	@$(BIN)/samverkan check processes/packs/sweden
	@$(BIN)/python -m tests.catalogues

coverage: .venv/ready-for-tests  ## which branches of processes/ and casework/ the tests take; below 95 % it fails
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q -n 2 --dist loadgroup -m "not prove and not browser"
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

mutants: .venv/ready-for-tests  ## change the rules of deadlines and access one by one; tests must notice
	@$(BIN)/python -m tests.mutants

front-end:  ## rebuild the committed bundle; needs Node
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund && npm run build

lock:  ## write the lock files; needs uv
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group install -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock

revision:  ## write a schema revision for what changed in the tables: make revision WORDS="Add rooms"
	@$(BIN)/python -m migrations.write $(if $(WORDS),"$(WORDS)",--first)

clean:  ## forget the environment (the data folder stays)
	rm -rf .venv

tests/feel/feelin/node_modules: tests/feel/feelin/package-lock.json
	@cd tests/feel/feelin && npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules

.venv/made:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed: apt install python3-venv, or say which: make run PYTHON=/path/to/python3.12"; exit 1; }
	@"$(PYTHON)" -c '$(FITS)' || { echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13 with venv. Say which: make run PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Making the environment in .venv (once, about a minute) ..."
	@"$(PYTHON)" -m venv .venv
	@touch $@

# Editable by a plain path: a package added later is seen without installing again.
.venv/ready: .venv/made requirements.lock pyproject.toml
	@$(PIP) -r requirements.lock
	@$(BIN)/pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

.venv/ready-for-tests: .venv/ready requirements-dev.lock
	@echo "Installing what the tests need (once) ..."
	@$(PIP) -r requirements-dev.lock
	@touch $@
