#!/bin/bash
# Payload and repeated segments against tcptrace's own benchmark. Usage: tests/golden/tcptrace.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash

if [ ! -d $corpus/tcptrace-bench ]; then
    skip "tcptrace" "no capture corpus at $corpus"
else
    oracle "tcptrace" tests/golden/tcptrace.py "$1/socklens" payload
    oracle "tcptrace" tests/golden/tcptrace.py "$1/socklens" again
fi
tap_end
