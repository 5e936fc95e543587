#!/bin/sh
# Prints the Python to use, or one line per thing that is missing: the one that PYTHON names, else the newest
# supported one on the path that has its venv module and headers. durable_rules is compiled on installation, so a
# C compiler and Python's headers are needed.
#   --supported      prints the supported versions, newest first
#   --find VERSION   prints where that version is, on the path or among those of pyenv, if it is complete
set -u
supported="3.14 3.13 3.12 3.11"
missing=""
need() { missing="${missing}$1
"; }

version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
is_supported() { case " $supported " in *" $(version "$1") "*) ;; *) return 1 ;; esac; }
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }
has_headers() { "$1" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))' 2>/dev/null; }
where() { "$1" -c 'import sys; print(sys.executable)'; }

case "${1:-}" in
--supported)
    echo "$supported"
    exit ;;
--find)
    for name in "python$2" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$2".*/bin/"python$2"; do
        if [ "$(version "$name")" = "$2" ] && has_venv "$name" && has_headers "$name"; then
            where "$name"
            exit
        fi
    done
    exit 1 ;;
esac

python=""
if [ -n "${PYTHON:-}" ]; then
    if is_supported "$PYTHON"; then python=$PYTHON; else need "PYTHON=$PYTHON is none of Python $supported"; fi
else
    for name in $(printf 'python%s ' $supported) python3; do
        is_supported "$name" || continue
        [ -n "$python" ] || python=$name
        if has_venv "$name" && has_headers "$name"; then
            python=$name
            break
        fi
    done
    [ -n "$python" ] || need "Python 3.11 to ${supported%% *} is missing: apt-get install python3 python3-venv python3-dev"
fi
if [ -n "$python" ]; then
    has_venv "$python" || need "The venv module of $python is missing: apt-get install python3-venv"
    has_headers "$python" || need "The headers of $python are missing: apt-get install python3-dev"
fi
command -v gcc >/dev/null 2>&1 || need "A C compiler is missing: apt-get install gcc"

if [ -n "$missing" ]; then
    printf '%s' "$missing" >&2
    exit 2
fi
where "$python"
