#!/bin/bash
# --when and --do on captures made here. Usage: tests/golden/alerts.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

oracle "alerts" tests/golden/alerts.py "$1/socklens" "$T"
tap_end
