# Two commands do all the set-up: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RUNS := $(VENV)/.runs

.PHONY: demo test lean lint bench criu vsix generate clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test,lint]'
	touch $@

# What a demo needs is less than what the tests need.
$(RUNS): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

demo: $(RUNS)
	@$(BIN)/python adapters/toolchain.py --demo
	@$(BIN)/python adapters/typescript/demo/demo.py

# The proofs are checked beside the tests, with what processor time they leave.
test: $(STAMP)
	$(BIN)/python adapters/toolchain.py --test
	@nice -n 19 $(BIN)/python lean/check.py > $(VENV)/lean.log 2>&1 & proofs=$$!; \
	$(BIN)/python -m pytest; tested=$$?; \
	wait $$proofs; proved=$$?; cat $(VENV)/lean.log; exit $$((tested + proved))

# The proofs, checked by a real Lean; what passed before and did not change is skipped.
lean: $(STAMP)
	$(BIN)/python lean/check.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Checkpoints of running processes: built once, into a cache of the user's.
criu:
	$(PYTHON) adapters/criu.py

# The VS Code extension, packed: editors/vscode/dist/shepherd-sidecar.vsix.
vsix: $(STAMP)
	$(BIN)/python editors/vscode/package.py

generate: $(STAMP)
	$(BIN)/python -m shepherd_sidecar.protocol.generate

bench: $(STAMP)
	$(BIN)/python -m bench $(ARGS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
