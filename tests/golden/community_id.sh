#!/bin/bash
# Community ID v1 against the specification's own values and tshark's. Usage: tests/golden/community_id.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
socklens=$1/socklens
corpus=../shared/corpus

against() { # published | tshark
    local out status
    out=$(python3 tests/golden/community_id.py "$socklens" "$1" 2>&1)
    status=$?
    check "Community ID: $(echo "$out" | head -1)" same "$status" "$out"
}
same() { # status, output
    [ "$1" = 0 ] || { echo "$2"; return 1; }
}

if [ ! -d $corpus ]; then
    skip "Community ID" "no capture corpus at $corpus"
else
    against published
    if command -v tshark >/dev/null && command -v mergecap >/dev/null && tshark -G protocols 2>/dev/null | grep -q communityid; then
        against tshark
    else
        skip "Community ID of tshark" "no tshark with communityid, or no mergecap"
    fi
fi
tap_end
