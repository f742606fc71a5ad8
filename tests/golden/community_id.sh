#!/bin/bash
# Community ID v1 against the specification's own values and tshark's. Usage: tests/golden/community_id.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash

tshark_knows() {
    command -v mergecap >/dev/null && tshark -G protocols 2>/dev/null | grep -q communityid
}

if [ ! -d $corpus ]; then
    skip "Community ID" "no capture corpus at $corpus"
else
    oracle "Community ID" tests/golden/community_id.py "$1/socklens" published
    if tshark_knows; then
        oracle "Community ID" tests/golden/community_id.py "$1/socklens" tshark
    else
        skip "Community ID of tshark" "no tshark that knows it, or no mergecap"
    fi
fi
tap_end
