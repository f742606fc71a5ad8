#!/bin/bash
# A ring of 64 KiB whose reader stalls for 500 ms at a time, under 20,000 connections and 5,000 datagrams: what the
# ring refuses is recovered, and counted where it is not. Usage: $0 BUILD (root). TAP.
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
tcp=20000 udp=5000

run_load() {
    serve tcp-server 10.77.0.2 7001 --workers 4
    serve tcp-server fd77::2 7002 --fork
    serve udp-server 10.77.0.2 7004
    client tcp-client 10.77.0.2 7001 --count $((tcp * 3 / 4)) --short --parallel 4
    client tcp-client fd77::2 7002 --count $((tcp / 4)) --short
    client udp-once 10.77.0.2 7004 --count $udp --parallel 2
}

# 99.9 in 100 ends right and none wrong.
is_attributed() {
    cat "$work/verdict"
    awk -v ends=$((2 * (tcp + udp))) \
        'NR == 1 { ok = $8 == ends && $2 >= 0.999 * ends && $4 == 0 } END { exit !ok }' "$work/verdict"
}

probe_setup
start_dump -p n -r 65536 -z 500
run_load
stop_dump
stop_servers
NETNS=$(netns_inode $net_a),$(netns_inode $net_b) python3 tests/live/probe_compare.py "$work/dump" "$work"/client.log \
    "$work"/server.* >"$work/verdict"
check "$tcp connections, $udp datagrams: 99.9 % of ends right, none wrong" is_attributed
sed 's/^/# /' "$work/verdict"
echo "# counted as lost: ring $(lost ring), map_full $(lost map_full), missed $(lost missed)"
check "what the ring refused for good is counted" test "$(lost ring)" -gt 0
tap_end
