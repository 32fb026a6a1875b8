# Needs Python 3.10 or newer and make; everything else goes into .venv.
# Another Python:  make clean && make test PYTHON=python3.12

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

# make bench: passages, sizes for the plot (those below N), rounds, seconds of load over HTTP;
# where passages come from (made up where there are none), and where Lucene is.
N ?= 20000
SIZES ?= 1000 10000 50000 100000
ROUNDS ?= 3
DURATION ?= 60
BENCH_CORPUS ?= $(wildcard ../shared/bench)
LUCENE_JAR ?=
BENCH_OPTIONS ?=

VENV := .venv
BIN := $(VENV)/bin
CHECKED := search_service tests $(if $(wildcard benchmarks/*.py),benchmarks)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve index test lint format bench install clean clean-index

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

serve: index ## Index seeds/ and start the server on http://127.0.0.1:8000 (HOST=, PORT=)
	@printf '\nTry, once the server is up (Ctrl-C stops it):\n'
	@printf '  http://%s:%s/?q=%s\n' $(HOST) $(PORT) 'المدينة'
	@printf '  http://%s:%s/v1/search?q=%s\n' $(HOST) $(PORT) '"الطاقة+الشمسية"'
	@printf '\n'
	@exec $(BIN)/search-service serve --host $(HOST) --port $(PORT)

index: $(VENV)/installed ## Bring index/ up to date with seeds/
	$(BIN)/search-service index seeds

test: $(VENV)/installed-dev ## Check style and types, then run all tests
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/pytest

lint: $(VENV)/installed-dev ## Check style and types only
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy

format: $(VENV)/installed-dev ## Mend the style where a tool can
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

bench: $(VENV)/installed-bench ## Measure speed and size; write docs/performance.md (N=, BENCH_CORPUS=)
	$(BIN)/python benchmarks/bench.py $(BENCH_CORPUS) --passages $(N) --sizes $(SIZES) \
	  --rounds $(ROUNDS) --duration $(DURATION) $(addprefix --lucene-jar ,$(LUCENE_JAR)) $(BENCH_OPTIONS)

install: $(VENV)/installed-dev ## Make .venv with everything for development

clean: ## Remove .venv, builds and caches (not the index)
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find search_service tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

clean-index: ## Remove the index
	find index -mindepth 1 ! -path index/README.md -delete

# The files called installed* are stamps: pip runs again only when pyproject.toml changes.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(VENV)/installed $@

$(VENV)/installed-bench: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[benchmarks]'
	@touch $(VENV)/installed $@

# Debian splits pip off its Python. What is there serves: ensurepip, or pip alone, or virtualenv.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo 'Python 3.10 or newer is needed: make PYTHON=/path/to/python3' >&2; exit 1; }
	@if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  $(PYTHON) -m venv $(VENV); \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  $(PYTHON) -m venv --without-pip $(VENV) && \
	  $(PYTHON) -m pip --quiet --python $(VENV) install pip; \
	elif $(PYTHON) -m virtualenv --version >/dev/null 2>&1; then \
	  $(PYTHON) -m virtualenv --quiet $(VENV); \
	else \
	  echo 'This Python cannot make a virtual environment yet. On Debian and Ubuntu, as root:' >&2; \
	  echo '  apt-get install python3-venv' >&2; \
	  exit 1; \
	fi || { rm -rf $(VENV); exit 1; }
