#!/bin/bash
# The HTML report in a browser. Usage: tests/full/page.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

capture=$corpus/ndpi__wechat.pcap
[ -f "$capture" ] || capture=samples/mixed.pcapng
if command -v chromium >/dev/null; then
    oracle "HTML" tests/full/page.py "$1/socklens" "$capture" "$T"
else
    skip "HTML" "chromium is not installed"
fi
tap_end
