#!/bin/bash
# GSO and BIG TCP super-frames and jumbograms decode as tcpdump's own tests say. Usage: tests/golden/offload.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
socklens=$1/socklens
corpus=../shared/corpus

same() { # status, output
    [ "$1" = 0 ] || { echo "$2"; return 1; }
}

if [ ! -d $corpus/tcpdump ]; then
    skip "super-frames" "no capture corpus at $corpus"
else
    for capture in $corpus/tcpdump__{gso,bigtcp,ipv6_jumbogram}*.pcap; do
        name=$(basename "$capture")
        short=${name#tcpdump__}
        out=$(python3 tests/golden/offload.py "$socklens" "$corpus/tcpdump/$name.${short%.pcap}.out" "$capture" 2>&1)
        status=$?
        check "super-frames: ${short%.pcap}: $(echo "$out" | head -1)" same $status "$out"
    done
fi
tap_end
