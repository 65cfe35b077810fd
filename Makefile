# Everything a stranger needs: Python 3.11 or newer, and make. What make does badly is in form4site/bootstrap.py.

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench chaos archive lock clean

# Whoever keeps Python from leaving compiled modules behind would have each of the site's processes compile it anew.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
# `make test ARGS="tests/filings -x"` runs a part. A file's tests stay in one process: many share the rows of a module.
ARGS ?= $(IN_PARALLEL)
IN_PARALLEL := -n auto --dist loadfile

# The first Python that is new enough: $PYTHON, then those that the packages are built for, then whatever there is.
BOOTSTRAP := set -e; found=; \
	for python in "$$PYTHON" python3.14 python3.13 python3.12 python3.11 python3 python; do \
		if test -n "$$python" && "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
		then found=$$python; break; fi; \
	done; \
	if test -z "$$found"; then \
		echo "form4site needs Python 3.11 or newer, and found none. Install one (Debian, Ubuntu: apt install python3" \
			"python3-venv; macOS: brew install python), or name one: PYTHON=/path/to/python make ..." >&2; exit 1; \
	fi; \
	"$$found" form4site/bootstrap.py

help: ## list these commands
	@awk -F ': [^#]*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## tools and .venv/ in this folder, with the locked packages; nothing else
	@$(BOOTSTRAP) dev

run: setup ## the whole site until Ctrl-C (PORT=8000, SOURCE=PATH for the first filings)
	@exec $(PY) -m form4site.supervisor --with-parent

test: setup ## the whole test suite (ARGS="tests/filings -x" for a part)
	@exec $(PY) -m pytest $(ARGS)

check: setup ## lint, types, import direction, migration drift, deployment settings
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	$(PY) -m pytest -q tests/architecture
	$(PY) manage.py makemigrations --check --dry-run
	BASE_URL=https://form4site.example SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(PY) manage.py check --deploy --fail-level WARNING

bench: ## benchmarks as ratios, beside those of earlier runs; in an environment of their own
	@$(BOOTSTRAP) bench
	@.venv-bench/bin/python -m tests.bench

archive: setup ## an invented archive of N filings below OUT, as the SEC's tables (ARGS="--zip --submissions 0.01")
	@exec $(PY) -m tests.archive --filings $(or $(N),50000) --out $(or $(OUT),var/archive) $(filter-out $(IN_PARALLEL),$(ARGS))

chaos: setup ## the long fault tests, then the suite with more examples and every page in every look
	$(PY) -m pytest -m chaos tests/chaos
	THOROUGH=1 $(PY) -m pytest $(IN_PARALLEL)

lock: ## write requirements/*.txt anew from pyproject.toml
	@$(BOOTSTRAP) lock

clean: ## remove what setup and the tools made; the data in var/ stays
	rm -rf .venv .venv-bench .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
