# The two commands of the README are `make demo` and `make test`; each does its own set-up.
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
# Any Python from 3.11 on: the first of these that is there and new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: help demo test check unit fuzz bench docs cases faults pictures screens lock currencies shopify-schema recorded-refunds clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 20

demo: $(VENV)/runtime ## an emulated store, an emulated NetSuite and the pages, with refunds on their way
	@$(BIN)/contrapost demo

test: check unit ## everything that must hold: lint, types, layers, tests

check: $(VENV)/dev ## lint, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/dev ## the tests
	@$(BIN)/python scripts/get_chromium.py
	$(BIN)/pytest -n 2

fuzz: $(VENV)/dev ## play 20,000 random steps on the NetSuite emulator against a small model, and send 20,000 random requests (minutes)
	$(BIN)/pytest tests/emulators/netsuite/test_fuzz_*.py --hypothesis-profile long -q -p no:xdist

$(VENV)/python:
	@test -n "$(PYTHON)" || { echo "Contrapost needs Python 3.11 or newer. Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python), then run make again."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing. Install it (Debian, Ubuntu: apt install python3-venv), then run make again."; exit 1; }
	@touch $@

$(VENV)/runtime: requirements.txt pyproject.toml | $(VENV)/python
	@echo "Installing what Contrapost needs into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/runtime
	@echo "Installing what the tests need into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

faults: $(VENV)/dev ## play every fault of NetSuite's and write their table anew (KILLS=500: kill workers so often while they post)
	@$(BIN)/python $(if $(KILLS),scripts/kill_workers.py $(KILLS),scripts/write_faults.py)

screens: $(VENV)/dev ## take the pictures of the pages (needs Chromium)
	$(BIN)/python scripts/take_screens.py

lock: ## pin the requirements anew (needs uv)
	uv lock --quiet
	uv export --quiet --no-emit-project --no-dev --group build -o requirements.txt
	uv export --quiet --no-emit-project --all-groups -o requirements-dev.txt

clean: ## remove what the set-up and the demo made
	rm -rf $(VENV) .contrapost-demo

currencies: $(VENV)/dev ## write the table of currencies anew from Babel
	$(BIN)/python scripts/make_currencies.py
	$(BIN)/ruff format --quiet src/contrapost/refunds/currencies.py

shopify-schema: $(VENV)/dev ## cut the served part of Shopify's schema anew (needs npm, or FROM=path of the package's .tgz)
	$(BIN)/python scripts/make_shopify_schema.py $(FROM)

recorded-refunds: $(VENV)/dev ## write docs/recorded-refunds.md anew (needs the recordings, in CONTRAPOST_SHARED)
	@$(BIN)/python scripts/make_recorded_refunds.py

docs: $(VENV)/dev ## write the reference pages anew from the code
	@$(BIN)/python scripts/make_docs.py

cases: $(VENV)/dev ## show what the program makes of the cases beside what they say (ONLY=names; WRITE=1 takes it over)
	@$(BIN)/python scripts/write_cases.py $(ONLY) $(if $(WRITE),--write)

pictures: $(VENV)/dev ## draw the demo's terminal picture anew
	@$(BIN)/python scripts/picture_demo.py

bench: $(VENV)/dev ## measure everything and write docs/benchmarks.md (DATE=the day; PART=calls, client, emulator, engine, mapping, million, reconcile or list)
	@$(BIN)/python scripts/bench.py "$(DATE)" $(PART)
