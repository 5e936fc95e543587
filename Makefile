# Two commands: `make demo` and `make test`. Both start from a bare machine with Python 3.11 or 3.12,
# gcc and Python's headers, and say what is missing otherwise.
.PHONY: demo test coverage docs lock bench pictures clean
PYTHON_FOUND = $(shell sh scripts/prerequisites.sh)

demo: .venv/runtime
	@.venv/bin/dedere assess examples/akhmetova.yaml --on 2020-01-13

test: .venv/dev
	@BIN=.venv/bin sh scripts/check

# The documentation site, from docs/ and from the content itself; every link in it is checked.
docs: .venv/dev
	@NO_MKDOCS_2_WARNING=1 .venv/bin/python -m mkdocs build --quiet --clean
	@.venv/bin/python scripts/check_links.py site

# Apart from `make test`, because tracing nearly doubles its time.
coverage: .venv/dev
	@.venv/bin/python -m pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered

# Pictures of the pages for the documentation; needs Chromium.
pictures: .venv/dev
	@.venv/bin/python scripts/pictures.py

# In an environment of its own, with the engines compared; `make bench BENCH=--quick` only tries it.
bench: .bench/ready
	@.bench/bin/python benchmarks/run.py $(BENCH)

.bench/ready: requirements/peers.txt pyproject.toml
	@sh scripts/prerequisites.sh >/dev/null
	@echo "Installing Dedere and the engines compared with it into .bench (about a minute) ..."
	@$(PYTHON_FOUND) -m venv .bench
	@.bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt
	@.bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .bench/ready

.venv/bin/python:
	@sh scripts/prerequisites.sh >/dev/null
	@$(PYTHON_FOUND) -m venv .venv

.venv/runtime: .venv/bin/python requirements/runtime.txt pyproject.toml
	@echo "Installing Dedere into .venv (durable_rules is compiled; this takes about half a minute) ..."
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/runtime

.venv/dev: .venv/bin/python requirements/dev.txt pyproject.toml
	@echo "Installing Dedere and its test tools into .venv (about a minute) ..."
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/dev .venv/runtime

# Locks are made with pip-tools; hashes make an install refuse anything else.
lock: .venv/dev
	@.venv/bin/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --allow-unsafe --extra build -o requirements/runtime.txt pyproject.toml
	@.venv/bin/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --allow-unsafe --extra build --extra dev --extra docs --extra batch --extra scale -o requirements/dev.txt pyproject.toml
	@.venv/bin/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --allow-unsafe --extra build --extra batch --extra peers -o requirements/peers.txt pyproject.toml

clean:
	@rm -rf .venv .bench
