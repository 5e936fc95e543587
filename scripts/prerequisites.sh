#!/bin/sh
# Prints the Python to use, or one line per thing that is missing. durable_rules is compiled on
# installation, so a C compiler and Python's headers are needed.
set -u
missing=""
need() { missing="${missing}$1
"; }

python=""
for name in "${PYTHON:-}" python3.11 python3.12 python3; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    need "Python 3.11 or 3.12 is missing: apt-get install python3 python3-venv python3-dev"
else
    "$python" -c 'import ensurepip, venv' 2>/dev/null || need "Python's venv module is missing: apt-get install python3-venv"
    "$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))' \
        || need "Python's headers are missing: apt-get install python3-dev"
fi
command -v gcc >/dev/null 2>&1 || need "A C compiler is missing: apt-get install gcc"

if [ -n "$missing" ]; then
    printf '%s' "$missing" >&2
    exit 2
fi
echo "$python"
