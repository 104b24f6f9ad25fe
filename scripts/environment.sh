#!/bin/sh
# Makes .venv with the pinned packages of the given requirements files and the command `soundings`.
# Made from the same files before, it only compiles catalogues that have changed since.
set -eu
cd "$(dirname "$0")/.."

if [ "$#" -eq 0 ]; then set -- requirements.txt; fi
stamp=".venv/made-from"
digest=$(cat "$@" pyproject.toml | cksum)

compile_catalogues() {
    for catalogue in translations/*/LC_MESSAGES/*.po; do
        if [ ! "${catalogue%.po}.mo" -nt "$catalogue" ]; then
            .venv/bin/pybabel --quiet compile --directory translations
            return
        fi
    done
}

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ]; then
    compile_catalogues
    exit 0
fi

python=""
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Soundings needs Python 3.11, 3.12 or 3.13; none was found. Install one, or set PYTHON." >&2
    exit 1
fi

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    # Debian keeps the part of Python that makes environments in a package of its own.
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    echo "Installing $package ..."
    scripts/packages.sh "$package"
fi

echo "Making the environment (a few minutes the first time) ..."
"$python" -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --use-pep517 $(printf -- '-r %s ' "$@")
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
compile_catalogues
echo "$digest" > "$stamp"
