# `make help` lists what there is. Everything runs from .venv, which is made on first use.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

PYTHON ?= python3
RUN := .venv/bin/python -m
GOVAGENTS := .venv/bin/govagents

# Of pip's environment only what says where packages come from gets through: PIP_USER, PIP_TARGET,
# PIP_CONSTRAINT and their like would put other things, or put them elsewhere.
PIP_KEPT := PIP_CACHE_DIR PIP_CERT PIP_CLIENT_CERT PIP_CONFIG_FILE PIP_DEFAULT_TIMEOUT \
	PIP_DISABLE_PIP_VERSION_CHECK PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_INDEX_URL \
	PIP_KEYRING_PROVIDER PIP_NO_CACHE_DIR PIP_NO_INDEX PIP_PROXY PIP_RETRIES PIP_TRUSTED_HOST
unexport $(filter-out $(PIP_KEPT),$(filter PIP_%,$(.VARIABLES)))
unexport PYTHONHOME PYTHONPATH

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 19

.PHONY: demo
demo: .venv/.ready ## one access request, from a sentence to a verified end, in a throwaway store
	@store="$$(mktemp -d)" && trap 'rm -rf "$$store"' EXIT && \
	GOVAGENTS_HOME="$$store" $(GOVAGENTS) demo

.PHONY: test
test: lint types directions pytest ## everything CI runs

.PHONY: lint
lint: .venv/.ready ## rules and layout of the source
	@echo "== ruff check"
	@$(RUN) ruff check .
	@echo "== ruff format --check"
	@$(RUN) ruff format --check .

.PHONY: types
types: .venv/.ready ## strict types
	@echo "== mypy --strict"
	@$(RUN) mypy --strict govagents tools tests

.PHONY: directions
directions: .venv/.ready ## who may import whom
	@echo "== lint-imports"
	@.venv/bin/lint-imports

.PHONY: pytest
pytest: .venv/.ready ## the tests alone; narrow them with ARGS="-k word path"
	@echo "== pytest"
	@$(RUN) pytest --numprocesses auto --dist worksteal $(ARGS)

.PHONY: nightly
nightly: .venv/.ready ## two thousand kills at points that seeds choose; it may be interrupted
	@$(RUN) tests.crash.nightly $(ARGS)

.PHONY: bench
bench: .venv/.ready ## measure and write the README's table, never part of `make test`
	@$(RUN) pytest -m bench -s $(ARGS)

.PHONY: docs
docs: .venv/.ready ## make the generated parts of README and SECURITY anew; `make test` compares
	@$(RUN) tests.architecture.readme
	@$(RUN) tests.architecture.security

.PHONY: up
up: .venv/.ready ## keep ending what is due in your own store, beside a PostgreSQL, until interrupted
	@$(RUN) tests.live.up $(ARGS)

.PHONY: lock
lock: .venv/.ready ## resolve requirements.lock; UPGRADE=1 takes newer releases, a week old at least
	@$(RUN) uv pip compile pyproject.toml --all-extras --group dev --output-file requirements.lock \
		--python-version 3.11 --python-platform x86_64-unknown-linux-gnu \
		--generate-hashes --no-emit-index-url --no-emit-find-links --quiet \
		--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade --exclude-newer '7 days')
	@echo "requirements.lock is resolved; run make test"

# The stamp of a step is written last, so an interrupted one is done again. A stamp names the folder
# it was made in: the .venv of a copied or moved checkout would run the other checkout's code.
ifneq "$(shell cat .venv/.locked 2>/dev/null)" "$(CURDIR)"
.PHONY: .venv/.locked
endif

.venv/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@echo "making .venv: $$(grep -c '^[a-z].*==' requirements.lock) locked packages, about a minute"
	@umask 022 && $(PYTHON) -m venv --clear .venv
	@umask 022 && .venv/bin/python -m pip install --disable-pip-version-check --progress-bar off \
		--require-hashes --no-deps -r requirements.lock 2> .venv/install.log \
		| awk '/^Collecting/ { printf "."; fflush() } END { print "" }' || \
		{ cat .venv/install.log >&2; exit 1; }
	@printf '%s' "$(CURDIR)" > .venv/.locked

.venv/.ready: .venv/.locked pyproject.toml
	@umask 022 && .venv/bin/python -m pip install --disable-pip-version-check --quiet \
		--no-deps --no-build-isolation --editable .
	@touch .venv/.ready
