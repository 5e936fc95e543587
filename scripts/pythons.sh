#!/bin/sh
# Tests on each other supported Python of this machine what hangs on the interpreter: that both engines agree, that
# crashes of durable_rules are survived, and that no text is too deep for a parser. Says which Python is not here.
set -eu
cd "$(dirname "$0")/.."
tests="tests/engine/properties/test_agreement.py tests/engine/properties/test_firings.py tests/engine/properties/test_processes.py tests/engine/inference tests/engine/content/test_documents.py tests/workers --ignore=tests/workers/test_soak.py"
own=$("${BIN:-.venv/bin}/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
output=$(mktemp)
trap 'rm -f "$output"' EXIT
for version in $(sh scripts/prerequisites.sh --supported); do
    if [ "$version" = "$own" ]; then
        echo "Python $version: has the whole suite"
    elif ! sh scripts/prerequisites.sh --find "$version" >/dev/null; then
        echo "Python $version: skipped, it is not on this machine with its venv module and headers"
    else
        make --silent ".pythons/$version/ready"
        if ".pythons/$version/bin/python" -m pytest -n 2 --dist worksteal $tests >"$output" 2>&1; then
            echo "Python $version: $(tail -n 1 "$output")"
        else
            cat "$output"
            echo "Python $version: failed; .pythons/$version/bin/python -m pytest $tests" >&2
            exit 1
        fi
    fi
done
