#!/bin/bash
# GSO and BIG TCP super-frames and jumbograms decode as tcpdump's own tests say. Usage: tests/golden/offload.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash

if [ ! -d $corpus/tcpdump ]; then
    skip "super-frames" "no capture corpus at $corpus"
else
    for capture in $corpus/tcpdump__{gso,bigtcp,ipv6_jumbogram}*.pcap; do
        name=$(basename "$capture" .pcap)
        short=${name#tcpdump__}
        oracle "super-frame $short" tests/golden/offload.py "$1/socklens" "$corpus/tcpdump/$name.pcap.$short.out" "$capture"
    done
fi
tap_end
