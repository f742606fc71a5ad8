#!/bin/bash
# docs/schema.json is the program's, and every record is as it says. Usage: tests/golden/schema.sh BUILD.
# With UPDATE=1 the file is written instead. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash
socklens=$1/socklens

[ -z "${UPDATE:-}" ] || "$socklens" list schema >docs/schema.json
check "docs/schema.json is what socklens list schema prints" diff docs/schema.json <("$socklens" list schema)
if python3 -c 'import jsonschema' 2>/dev/null; then
    captures=(samples/*.pcap samples/*.pcapng)
    for c in $corpus/*.pcap $corpus/*.pcapng $corpus/*.cap; do
        [ -f "$c" ] && captures+=("$c")
    done
    oracle "JSON Schema" tests/golden/schema.py "$socklens" docs/schema.json "${captures[@]}"
else
    skip "JSON Schema" "python3-jsonschema is not installed"
fi
tap_end
