#!/bin/sh
# Installs Debian packages that are missing; says which to install by hand where it cannot.
set -eu

missing=""
for package in "$@"; do
    if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
        missing="$missing $package"
    fi
done
if [ -z "$missing" ]; then exit 0; fi

run=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        run="sudo -n"
    else
        echo "Please install these packages, then start again:$missing" >&2
        exit 1
    fi
fi
if ! command -v apt-get >/dev/null; then
    echo "Please install what these Debian packages hold, then start again:$missing" >&2
    exit 1
fi
$run apt-get update -qq
# shellcheck disable=SC2086 # a list of names
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing >/dev/null
