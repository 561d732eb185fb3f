# make help lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: service help install develop demo test test-fast test-postgres mutants soak flood crash crash-postgres faults devserver fix types rooms goldens accuracy people unseen week monday first-day image docs pictures desk-speed bench guard clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "mailintake needs Python 3.11 or newer: apt-get install python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "the venv module is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[demo,ocr]'
	@env -u MAILINTAKE_CONFIG CACHE_DIRECTORY=$(VENV)/share $(BIN)/mailintake check > /dev/null || true # what holds of the shipped rules, found once
	@touch $@

$(VENV)/.developed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,ocr,face,postgres]'
	@env -u MAILINTAKE_CONFIG CACHE_DIRECTORY=$(VENV)/share $(BIN)/mailintake check > /dev/null || true # what holds of the shipped rules, found once
	@touch $@ $(VENV)/.installed

install: $(VENV)/.installed ## create .venv with the program in it

develop: $(VENV)/.developed ## the same, with everything the tests need

UNITS := mailintake.service mailintake-desk.service mailintake-metrics.service mailintake-drill.service mailintake-drill.timer mailintake-failure@.service

service: $(VENV)/.installed ## as root: user, units and command, nothing started; DESTDIR=… to look at it first
	@test -n "$(DESTDIR)" || getent passwd mailintake > /dev/null || adduser --system --group --home /var/lib/mailintake mailintake
	install -d $(DESTDIR)/etc/systemd/system $(DESTDIR)/usr/local/bin $(DESTDIR)/etc/mailintake
	@for unit in $(UNITS); do \
	  sed 's|/opt/mailintake|$(CURDIR)|g' deploy/$$unit > $(DESTDIR)/etc/systemd/system/$$unit && echo "/etc/systemd/system/$$unit"; done
	ln -sf $(CURDIR)/$(BIN)/mailintake $(DESTDIR)/usr/local/bin/mailintake
	@test -n "$(DESTDIR)" || systemctl daemon-reload
	@echo "next: mailintake init /etc/mailintake --service; then docs/operations.md"

demo: $(VENV)/.installed ## an invented day on this machine: no account, no root, no network
	@$(BIN)/mailintake demo demo-output

test: $(VENV)/.developed ## all tests; installs Debian packages when it may, else names what did not run
	@tests/prepare
	$(BIN)/python -m pytest -n 2 --dist loadgroup

test-fast: $(VENV)/.developed ## tests of the pure part only
	$(BIN)/python -m pytest tests/model tests/stages tests/checks tests/letters tests/config -n 2

accuracy: $(VENV)/.developed ## read and judge some 1,700 invented papers and print how often that was right
	$(BIN)/python -m tests.measure.accuracy
	$(BIN)/python -m tests.measure.people.run

people: $(VENV)/.developed ## who applies, and whose the numbers are, on invented sentences of every kind
	$(BIN)/python -m tests.measure.people.run --faults

unseen: $(VENV)/.developed ## threads nobody tuned the rules to, with what their writers expect; BATCH=… for some, ARGS=--letters to read
	$(BIN)/python -m tests.unseen.run $(BATCH) $(ARGS)

week: $(VENV)/.developed ## a week of an invented office, played by commands: docs/a-week.md
	$(BIN)/python -m tests.measure.week

monday: $(VENV)/.developed ## a Monday of an operator who changes a rule: docs/a-monday.md
	$(BIN)/python -m tests.measure.monday

first-day: $(VENV)/.developed ## the first morning with a mailbox, by the handbook alone: docs/a-first-day.md
	$(BIN)/python -m tests.measure.first

image: $(VENV)/.developed ## build and run the container here: root, buildah and mmdebstrap from Debian (some minutes)
	@command -v buildah > /dev/null && command -v mmdebstrap > /dev/null || apt-get install -y -qq --no-install-recommends buildah mmdebstrap
	$(BIN)/python -m tests.packaging.image $(EXTRAS)

crash: $(VENV)/.developed ## kill the program at every named point 50 times and start it again (about an hour)
	$(BIN)/python -m tests.worker.crash kill --runs 50

crash-postgres: $(VENV)/.developed ## the same kills on PostgreSQL, every point 20 times
	@tests/prepare
	$(BIN)/python -m tests.support.databases $(BIN)/python -m tests.worker.crash kill --runs 20

faults: $(VENV)/.developed ## let every call of every point fail once, with every error (some hours)
	$(BIN)/python -m tests.worker.crash fault --every 1 --mixes 3

test-postgres: $(VENV)/.developed ## the pipeline's tests once more, on PostgreSQL
	@tests/prepare
	$(BIN)/python -m tests.support.databases $(BIN)/python -m pytest tests/replay tests/worker tests/security tests/postgres tests/soak -n 2 --dist loadgroup

mutants: $(VENV)/.developed ## ten thousand broken mails and documents through the whole pipeline
	$(BIN)/python -m tests.mutants.run 10000

soak: $(VENV)/.developed ## a simulated day with 5,000 mails and faults on all sides
	$(BIN)/python -m tests.soak.run 5000

devserver: $(VENV)/.developed ## a stand-in for 163's mail servers with switches and faults (tests/support/netease.md)
	@$(BIN)/python -m tests.support.netease

flood: $(VENV)/.developed ## a thousand mails of 5 MB at once, then one of the largest allowed: memory, and nothing left behind
	$(BIN)/python -m tests.soak.flood 1000

fix: $(VENV)/.developed ## format and repair what tools can repair
	$(BIN)/ruff check --fix src tests
	$(BIN)/ruff format src tests

types: $(VENV)/.developed ## mypy and the import contracts
	$(BIN)/mypy
	$(BIN)/lint-imports

goldens: $(VENV)/.developed ## write the expected letters anew; read the diff before you commit it
	GOLDENS=write $(BIN)/python -m pytest tests/letters/test_goldens.py -q

rooms: $(VENV)/.developed ## rooms, arrows, rings, floors and lines of every package; COMMIT=… for an earlier state beside it
	@$(BIN)/python -m tests.architecture.rooms $(COMMIT)

docs: $(VENV)/.developed ## write the generated pages anew: flow, checks, readers, config
	$(BIN)/python -c 'from mailintake.stages.acts.picture import flow_document as d; print(d(), end="")' > docs/flow.md
	$(BIN)/python -c 'from mailintake.checks.listing import checks_document as d; print(d(), end="")' > docs/checks.md
	$(BIN)/python -c 'from mailintake.stages.interpret.readers import readers_document as d; print(d(), end="")' > docs/readers.md
	$(BIN)/python -m mailintake.config.reference > docs/config.md
	$(BIN)/python -c 'from tests.config.test_codes import codes_document as d; print(d(), end="")' > docs/codes.md
	$(BIN)/python -m mailintake.config.handbook > docs/handbook-rules.md
	$(BIN)/python -c 'from tests.worker.test_acts import acts_document as d; print(d(), end="")' > docs/acts.md
	$(BIN)/python -m tests.letters.collection > docs/letters.md

images: $(VENV)/.installed ## the two pictures of the README, from a fresh demo (needs Debian's chromium)
	@$(BIN)/mailintake demo demo-output > /dev/null
	$(BIN)/python docs/images/make.py demo-output docs/images

pictures: $(VENV)/.developed ## the pictures of the staff's handbook, taken by its browser test
	HANDBOOK_PICTURES=docs/images $(BIN)/python -m pytest tests/desk/test_browser.py -k handbook -q

desk-speed: $(VENV)/.developed ## how long each screen of the desk takes with 100,000 cases and 20 users (half an hour)
	$(BIN)/python -m benchmarks.desk

bench: $(VENV)/.developed ## us beside the floors and beside what others use, in one run: docs/speed.md (a quarter of an hour)
	@tests/prepare
	$(BIN)/python -m benchmarks.run $(ARGS)

guard: $(VENV)/.developed ## does a step do more than it did? ARGS=--renew keeps what is counted now
	$(BIN)/python -m benchmarks.guard $(ARGS)

clean: ## remove what the targets made
	rm -rf $(VENV) demo-output .pytest_cache .mypy_cache .ruff_cache
