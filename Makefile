# Two commands need nothing but Python 3.11 and make: `make run` and `make test`. The others share their set-up.

PY := .venv/bin/python
ENGINES := $(PY) -m timetravelers.runtime exec --
OPENAPI := docs/openapi.yaml
UV_COMPILE := .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11
# What `check --deploy` looks at is what production has; the values are made up and serve nobody.
LIKE_PRODUCTION := DJANGO_SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz \
	PUBLIC_BASE_URL=https://timetravelers.example ALLOWED_HOSTS=timetravelers.example DEVELOPMENT=false \
	MANUS_API_KEY=none MANUS_BASE_URL=https://manus.example EMAIL_URL=smtp://mail.example:25
# Extra words for the command behind a target: make run ARGS="--port 8001", make test ARGS="-k consent"
ARGS ?=

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test check lint types lock openapi asyncapi catalogue data-model bench chaos plans demo dev-venv run-venv django-checks

define BOOTSTRAP
	@for python in "$$PYTHON" python3.11 python3 python; do \
		if [ -n "$$python" ] && "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; \
		then exec "$$python" .ci/bootstrap.py $(1); fi; \
	done; echo "error: Python 3.11 was not found; install it, or say PYTHON=/path/to/python3.11" >&2; exit 1
endef

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: run-venv ## everything on one machine: engines, web, worker, beat, simulator; Ctrl-C stops it
	@exec $(PY) manage.py up $(ARGS)

test: dev-venv ## the whole suite on real engines, in parallel, in random order, without a network
	@exec $(PY) -m pytest -n logical --maxprocesses 8 $(ARGS)

check: lint types ## all that continuous integration asks for; the suite comes last
	@$(ENGINES) $(MAKE) django-checks
	@$(MAKE) test

lint: dev-venv ## style, formatting, and which room may import which
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@.venv/bin/lint-imports

types: dev-venv ## mypy, strict
	@$(PY) -m mypy . .ci/bootstrap.py

lock: dev-venv ## resolve the ranges of pyproject.toml into the hashed locks (LOCK="--upgrade" for newer ones)
	@$(UV_COMPILE) $(LOCK) pyproject.toml -o requirements.txt
	@$(UV_COMPILE) $(LOCK) --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

openapi: dev-venv ## write the API's description, which is committed
	@$(PY) manage.py spectacular --validate --fail-on-warn --file $(OPENAPI)

catalogue: dev-venv ## write the page of what we hold about people, which is committed
	@$(PY) manage.py list_personal_data > docs/data-catalogue.md

data-model: dev-venv ## draw docs/data-model.md from the models
	@page=$$(mktemp) && trap 'rm -f "$$page"' EXIT && \
	$(ENGINES) $(PY) manage.py draw_data_model > "$$page" && cat "$$page" > docs/data-model.md

asyncapi: dev-venv ## write docs/asyncapi.yaml, the live protocol, which is committed
	@page=$$(mktemp) && trap 'rm -f "$$page"' EXIT && \
	$(PY) manage.py describe_live_protocol > "$$page" && cat "$$page" > docs/asyncapi.yaml

plans: dev-venv ## write docs/plans.md: how the database answers, with PLAN_ROWS rows in each table that grows
	@RECORD_PLANS=1 PLAN_ROWS=$(or $(PLAN_ROWS),1000000) $(PY) -m pytest -n0 -q tests/plans

bench: dev-venv ## pairs of the same work side by side: medians, ratios, kept as JSON
	@$(ENGINES) $(PY) -m bench $(ARGS)

chaos: dev-venv ## seeded conversations on a house that is killed, cut off and restarted: nothing is lost, nothing twice
	@$(ENGINES) $(PY) -m chaos $(ARGS)

demo: dev-venv ## the journey of a phone, against the running server or one of its own
	@exec $(PY) -m demo $(ARGS)

dev-venv:
	$(call BOOTSTRAP,requirements-dev.txt)

run-venv:
	$(call BOOTSTRAP,requirements.txt)

django-checks: dev-venv
	@$(PY) manage.py makemigrations --check --dry-run
	@$(LIKE_PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	@draft=$$(mktemp) && trap 'rm -f "$$draft"' EXIT && \
	$(PY) manage.py spectacular --validate --fail-on-warn --file "$$draft" && \
	{ diff -u $(OPENAPI) "$$draft" || { echo "error: $(OPENAPI) is out of date; run make openapi" >&2; exit 1; }; }
