# Two commands: `make demo` and `make test`. Both start from a bare machine with Python 3.11 to 3.14,
# gcc and Python's headers, and say what is missing otherwise. PYTHON=python3.12 chooses another Python.
.PHONY: demo test coverage docs lock lock-uv bench pictures bundle clean
PYTHON_FOUND = $(shell sh scripts/prerequisites.sh)
UV = env -u VIRTUAL_ENV -u UV_NO_CONFIG -u UV_CONFIG_FILE UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true UV_PROJECT_ENVIRONMENT=$(@D) .uv/bin/uv --quiet
FROM_LOCK = --frozen --python $(PYTHON_FOUND) --extra build
TEST_TOOLS = --extra dev --extra docs --extra batch --extra scale

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

# One archive that installs on a like machine without network and without a compiler; docs/operation.md.
bundle: .venv/runtime
	@.venv/bin/python -m scripts.bundle

# In an environment of its own, with the engines compared; `make bench BENCH=--quick` only tries it.
bench: .bench/ready
	@.bench/bin/python benchmarks/run.py $(BENCH)

.bench/ready: .uv/ready uv.lock pyproject.toml
	@echo "Installing Dedere and the engines compared with it into .bench ..."
	@$(UV) sync $(FROM_LOCK) --extra batch --extra peers
	@touch .bench/ready

# Packages come from uv.lock, by digest; build tools are locked with them, and no other Python is fetched.
.venv/runtime: .uv/ready uv.lock pyproject.toml
	@echo "Installing Dedere into .venv (durable_rules is compiled) ..."
	@$(UV) sync $(FROM_LOCK)
	@touch .venv/runtime

.venv/dev: .uv/ready uv.lock pyproject.toml
	@echo "Installing Dedere and its test tools into .venv ..."
	@$(UV) sync $(FROM_LOCK) $(TEST_TOOLS)
	@touch .venv/dev .venv/runtime

# Another Python of this machine, for scripts/pythons.sh.
.pythons/%/ready: private PYTHON_FOUND = $(shell sh scripts/prerequisites.sh --find $*)
.pythons/%/ready: .uv/ready uv.lock pyproject.toml
	@$(UV) sync $(FROM_LOCK) $(TEST_TOOLS)
	@touch $@

# The installer, by digest, in an environment of its own and with whatever pip this Python brings.
.uv/bin/python:
	@sh scripts/prerequisites.sh >/dev/null
	@$(PYTHON_FOUND) -m venv --clear .uv

.uv/ready: .uv/bin/python requirements/uv.txt
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/uv.txt
	@touch .uv/ready

# Nothing of this machine's settings gets into the lock.
lock: .uv/ready
	@$(UV) lock --python $(PYTHON_FOUND) --default-index https://pypi.org/simple

# A newer installer: make lock-uv, then make lock, and make test from nothing.
lock-uv: .uv/ready
	@echo uv | $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --default-index https://pypi.org/simple -o requirements/uv.txt -

clean:
	@rm -rf .venv .bench .uv .pythons
