#!/bin/bash
# Payload and repeated segments against tcptrace's own benchmark. Usage: tests/golden/tcptrace.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
socklens=$1/socklens
corpus=../shared/corpus

same() { # status, output
    [ "$1" = 0 ] || { echo "$2"; return 1; }
}

if [ ! -d $corpus/tcptrace-bench ]; then
    skip "tcptrace" "no capture corpus at $corpus"
else
    for what in payload again; do
        out=$(python3 tests/golden/tcptrace.py "$socklens" $what 2>&1)
        status=$?
        check "tcptrace: $(echo "$out" | head -1)" same $status "$out"
    done
fi
tap_end
