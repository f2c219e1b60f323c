# Everything the project can do. Needs make and Python 3.11 or newer (`make demo PYTHON=python3.12` names another one).
PYTHON ?= python3
VENV := .venv/bin/python
COMPILE := $(VENV) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
MAKEFLAGS += --no-print-directory
.PHONY: help setup demo test check bench nightly messages lock clean python

help:
	@echo "make demo      set up and serve a demo school on http://localhost:8000 (PORT=8001 for another port)"
	@echo "make setup     only what running it for real needs: packages, browser files, translations"
	@echo "make test      all checks and all tests, on SQLite and PostgreSQL, in a real browser"
	@echo "make check     the checks alone: ruff, mypy, djlint, import-linter, migrations"
	@echo "make bench     how fast matching and pages are, beside the solver alone, mentor-match and an empty page"
	@echo "make nightly   what takes hours: workflow, fuzzers, a killed server (ONLY=workflow, SEED=1 to repeat one)"
	@echo "make messages  bring the Dutch catalogue in line with the code (needs gettext)"
	@echo "make lock      lock the packages pyproject.toml and package.json ask for (UPGRADE=1: the newest)"
	@echo "make clean     remove everything these commands made, the demo school too"

demo: python
	@$(PYTHON) -m tools.demo

setup: python
	@$(PYTHON) -m tools.environment

test: python
	@$(PYTHON) -m tools.test

check: python
	@$(PYTHON) -m tools.test --checks-only

bench: python
	@$(PYTHON) -m tools.bench

nightly: python
	@ONLY="$(ONLY)" SEED="$(SEED)" $(PYTHON) -m tools.nightly

messages: python
	@$(PYTHON) -m tools.environment --tests
	@$(VENV) -m tools.messages

lock: python
	@$(PYTHON) -m tools.environment --tests
	@$(VENV) -m pip install --quiet "uv~=0.13.0"
	@$(COMPILE) pyproject.toml -o requirements.txt
	@$(COMPILE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@$(COMPILE) --group node -o requirements-node.txt
	@npm $(if $(UPGRADE),update,install) --package-lock-only

clean:
	rm -rf .venv node_modules var static/vendor tests/vendor tests/screenshots locale/*/LC_MESSAGES/*.mo
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Ouderbuddy needs Python 3.11 or newer: install it, or name it as in make demo PYTHON=python3.12." >&2; exit 1; }
