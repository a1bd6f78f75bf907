# What a person or .ci/run calls; everything else is the `gridpulse` command (see README.md).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: doctests quick kpi clock event fuzz help demo test proofs lint bench replay-check replay-month replay-lists verify-week verify-month chaos delays render clean

VENV := .venv
CORE := measures.py dimensions facts kpis sla reference cells cases publish  # pure: its examples need no broker
BIN := $(VENV)/bin
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# The first interpreter that is new enough; PYTHON=/path/to/python names one.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

help:
	@echo 'make demo [SECONDS=90]  everything on this machine: Kafka, workers, wallboard, simulator'
	@echo 'make test               linters, types, layers, tests (a real Kafka is started)'
	@echo 'make quick              linters, types, and the unit tests that take no seconds: a minute and a half'
	@echo 'make proofs             what takes long: the service against SQL oracle and steppers, the demo, kills, upgrades'
	@echo 'make lint               only the linters, types, layers, generated files'
	@echo 'make kpi NAME=saidi     all that holds one KPI, in half a minute: what is there, what is missing, what fails'
	@echo 'make clock NAME=L7      the same for a clock of the policy'
	@echo 'make event NAME=outages.restored  the same for an event'
	@echo 'make replay-check       real outages, voltages, complaints from ../shared, shuffled, with kills'
	@echo 'make replay-month       the whole month of real outages, in order and with kills; writes docs/evidence/'
	@echo 'make replay-lists       twelve days of shut-offs (679,000 customers out) at default settings, list by list'
	@echo 'make verify-week        a simulated week, disturbed, workers killed: every cell against the oracle; WRITE=1 writes'
	@echo 'make verify-month       announcements of clocks in a simulated month, disturbed too, against the oracle; WRITE=1'
	@echo 'make chaos              workers killed, stopped, joined and sabotaged, five minutes and more'
	@echo 'make fuzz [MINUTES=60]  random and extreme events through a partition; prints the seeds that break it'
	@echo 'make delays [WRITE=1]   how long after a deadline its breach is committed; written to docs/evidence/'
	@echo 'make bench [WRITE=1]    throughput and recovery beside a bare loop; written to docs/evidence/'
	@echo 'make render             write the generated files again'
	@echo 'make clean              remove what make and the demo made'

demo: $(RUN)
	@$(BIN)/gridpulse demo $(if $(SECONDS),--seconds $(SECONDS))

test: lint doctests
	$(BIN)/pytest -q -n 2 -m 'not proof' $(wildcard tests/unit tests/properties tests/simulation)
	$(BIN)/pytest -q -n 2 --dist loadfile -m 'not proof' $(wildcard tests/integration tests/deploy tests/bench)

doctests: $(DEV)
	$(BIN)/pytest -q --doctest-modules schemas $(addprefix streams/,$(CORE))

quick: lint
	$(BIN)/pytest -q -n 2 -m 'not proof and not slow' tests/unit

proofs: $(DEV)
	$(BIN)/pytest -q -n 2 tests/oracle
	$(BIN)/pytest -q -n 2 -m proof tests/properties
	$(BIN)/pytest -q -n 2 --dist loadfile -m proof tests/integration tests/bench

lint: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python deploy/render.py --check

kpi: $(DEV)
	@$(BIN)/python -m tests.one kpi $(NAME)

clock: $(DEV)
	@$(BIN)/python -m tests.one clock $(NAME)

event: $(DEV)
	@$(BIN)/python -m tests.one event $(NAME)

bench: $(DEV)
	$(BIN)/python -m tests.bench $(if $(WRITE),--write)

replay-check: $(DEV)
	$(BIN)/pytest -q -n 2 --dist loadfile tests/replay

replay-month: $(DEV)
	$(BIN)/python -m tests.replay

replay-lists: $(DEV)
	$(BIN)/python -m tests.replay.lists pge_outages_2019_10

verify-week: $(DEV)
	$(BIN)/python -m tests.replay.week $(if $(WRITE),--write)

verify-month: $(DEV)
	$(BIN)/python -m tests.replay.month $(if $(WRITE),--write)

chaos: $(DEV)
	$(BIN)/pytest -q -n 2 --dist loadfile tests/chaos

fuzz: $(DEV)
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),60)

delays: $(DEV)
	$(BIN)/python -m tests.chaos.delays $(if $(WRITE),--write)

render: $(DEV)
	$(BIN)/python deploy/render.py

clean:
	rm -rf $(VENV) .gridpulse .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find streams schemas tests deploy -name __pycache__ -prune -exec rm -rf {} +

# A stamp is written last: an installation that was interrupted is done again.
$(RUN): pyproject.toml
	@$(call install,-e .)

$(DEV): pyproject.toml $(RUN)
	@$(call install,-e '.[dev]')

define install
[ -n "$(PYTHON)" ] && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
  { echo 'gridpulse needs Python 3.11 or newer; PYTHON=/path/to/python3.11 can name one.' >&2; exit 1; }; \
[ -x $(BIN)/pip ] || { echo 'Creating $(VENV) ...'; "$(PYTHON)" -m venv --clear $(VENV); } || \
  { rm -rf $(VENV); echo 'No virtual environment could be made; Debian and Ubuntu have it in python3-venv.' >&2; exit 1; }; \
echo 'Installing into $(VENV) (a minute or two the first time) ...'; \
$(PIP) install $(1) 2> >(tee $(VENV)/pip-errors.log >/dev/null) | grep --line-buffered -E '^(Collecting|Installing|Building)'; \
[ $${PIPESTATUS[0]} -eq 0 ] || \
  { echo 'Installing failed ($(VENV)/pip-errors.log has the reason): is there a network, does PyPI answer?' >&2; exit 1; }; \
touch $@
endef
