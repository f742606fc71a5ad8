#!/bin/bash
# socklens diff on planted changes. Usage: tests/golden/diff.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

oracle "planted changes" tests/golden/diff.py "$1/socklens" "$T"
tap_end
