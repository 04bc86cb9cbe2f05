# Every target sets up what it needs: `make serve` and `make test` work on a fresh clone.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13; do \
  $$python $(NEW_ENOUGH) && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
IMAGE ?= impactqa

# torch goes first, at its pin: pip then takes a CPU build where one is at hand, and the second step keeps it.
# The build backend comes from the pins too, so that nothing is built in an unpinned environment.
PIP = $(BIN)/python -m pip --disable-pip-version-check
FIRST := torch hatchling editables

.PHONY: help install serve test lint format pictures paint bench eval image crash failovers mutations overload soak fuzz constraints clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

install: $(INSTALLED) ## the environment in .venv; nothing happens when it is up to date

serve: install ## the service on http://127.0.0.1:8000
	$(BIN)/impactqa serve

test: install ## all tests
	$(BIN)/pytest

lint: install ## style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## sorts imports and formats
	$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

pictures: install ## the pictures of the README, taken in Chromium
	$(BIN)/python -m tests.pictures docs/pictures

paint: install ## prints how soon an answer can be seen in Chromium, over the samples
	$(BIN)/python -m tests.first_answer

bench: install ## prints start-up time and ask latency
	$(BIN)/impactqa bench

eval: install ## scores the sample questions (QUESTIONS=file.jsonl for others)
	$(BIN)/impactqa eval $(or $(QUESTIONS),tests/data/sample_questions.jsonl)

crash: install ## kills a service at each durable step and at random moments (ROUNDS=2000)
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m tests.crashes --every 1 --random $(or $(ROUNDS),2000)

failovers: install ## kills a PostgreSQL server under load, whose replica takes over (ROUNDS=20)
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.failovers --rounds $(or $(ROUNDS),20)

mutations: install ## reads files with mistakes made at random (FILES=10000)
	$(BIN)/python -m tests.mutations --files $(or $(FILES),10000)

overload: install ## a hundred clients ask one service for a minute (SECONDS=60)
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.overload --seconds $(or $(SECONDS),60)

soak: install ## questions, uploads and removals for ten minutes (MINUTES=10)
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.soak --minutes $(or $(MINUTES),10)

fuzz: install ## requests made up from the OpenAPI (CASES=5000)
	$(BIN)/python -m tests.fuzz --cases $(or $(CASES),5000)

image: ## the container image, with docker where an engine answers, else with buildah (IMAGE=)
	IMAGE=$(IMAGE) docker/build-image

constraints: ## pins the newest release of every direct and indirect dependency; torch stays as it is
	$(MAKE) VENV=build/constraints build/constraints/bin/pip
	build/constraints/bin/pip install --quiet "$$(grep '^torch==' constraints.txt)" hatchling editables
	build/constraints/bin/pip install --quiet --no-build-isolation --editable '.[dev]'
	grep '^#' constraints.txt > build/constraints.txt
	build/constraints/bin/pip freeze --all --exclude pip --exclude impactqa | sed 's/+cpu$$//' >> build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/constraints

clean: ## removes what can be made again; the data folder stays
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/pip:
	@"$(PYTHON)" $(NEW_ENOUGH) || { \
	  echo "ImpactQA needs Python 3.11 or later; $(or $(PYTHON),python3) is $$($(or $(PYTHON),python3) --version 2>&1 || true)." \
	       "Install one, or name it: make install PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) install --quiet --constraint constraints.txt $(FIRST)
	$(PIP) install --quiet --constraint constraints.txt --no-build-isolation --editable '.[dev]'
	touch $@
