# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint check bench ask-eval lock clean browser

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kg needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

# The main job on the embedded store: build, ask, draw, report.
demo: $(STAMP)
	$(BIN)/kg build data
	$(BIN)/kg ask "what slipped from Queens to Rocky"
	$(BIN)/kg ask "从 Queens 推迟到 Rocky 的有哪些"
	$(BIN)/kg visualize -o outputs/graph.html
	$(BIN)/kg timeline -o outputs/timeline.html
	$(BIN)/kg --lang zh report 2018-01 -o outputs/2018-01.md
	$(BIN)/kg todo
	@echo 'Look at outputs/*.html, or run $(BIN)/kg serve and open the address it prints.'

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Headless Chromium and a Chinese font for the page tests; Debian only, skipped where there is no apt-get or no root.
browser:
	@if ! command -v chromium >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk curl >/dev/null; fi

test: $(STAMP) lint browser
	$(BIN)/python -m pytest -n auto --dist loadfile

bench: $(STAMP)
	$(BIN)/python bench/run.py
	$(BIN)/python bench/scale.py
	$(BIN)/python bench/browser.py

# Questions whose answers were found by other means: right, wrong, refused. Uses ../shared where it is there, else data/.
ask-eval: $(STAMP)
	$(BIN)/python bench/ask_eval.py

# Pin every dependency anew. Needs uv.
lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements.lock

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find outputs -mindepth 1 ! -name .gitkeep -delete
