#!/bin/bash
# 100,000 sockets, 5,000 processes, one tuple used over and over: right, or counted. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

all_held() { awk -v n="$1" '{ c += $3 } END { exit c < n }' "$work/held"; }

# hold N: that many sockets for a while, in namespace a
hold() {
    ip netns exec $net_a python3 tests/live/crowd.py sockets "$1" 3 >"$work/held" &
    servers="$servers $!"
    until_true 20 all_held "$1"
}

opened() { awk -F'\t' -v n="$netns" '$1 == "OPEN" && $8 == n && $6 == 17 { c++ } END { print c + 0 }' "$work/dump"; }

# told_or_counted N: each socket is either told of or in a counter
told_or_counted() {
    echo "opened $(opened) ring $(lost ring) map_full $(lost map_full)"
    [ $(($(opened) + $(lost ring) + $(lost map_full))) -ge "$1" ]
}

right_of() { # N LOGS...
    NETNS=$netns,$(netns_inode $net_b) python3 tests/live/probe_compare.py "$work/dump" "${@:2}" | tee "$work/verdict"
    awk -v n="$1" 'NR == 1 { exit !($2 >= 0.999 * n && $8 == n && $4 == 0) }' "$work/verdict"
}

probe_setup
ip -n $net_a link set lo up
netns=$(netns_inode $net_a)

start_dump -p n
hold 100000
stop_dump
stop_servers
check "100,000 sockets, a map for 65,536: told of or counted" told_or_counted 100000
check "100,000 sockets: the map was full" test "$(lost map_full)" -ge 34000
echo "# $(told_or_counted 100000)"

start_dump -p n -m 131072 -r 33554432
hold 100000
stop_dump
stop_servers
check "100,000 sockets, a map for 131,072: all told of" test "$(opened)" -ge 100000
check "nothing was lost" test "$(lost ring)$(lost map_full)" = 00
echo "# $(grep '^# cpu' "$work/dump")"

serve udp-server 10.77.0.2 7004
start_dump -p n
client udp-once 10.77.0.2 7004 --count 5000 --parallel 100
stop_dump
stop_servers
check "5,000 processes, 100 at a time: owners of both ends" right_of 10000 "$work"/client.log "$work"/server.7004
sed 's/^/# /' "$work/verdict"

start_dump -p n
ip netns exec $net_a python3 tests/live/crowd.py same-tuple 100 "$work/same"
stop_dump
check "100 processes with the same tuple: each has its own" right_of 100 "$work/same"
sed 's/^/# /' "$work/verdict"
tap_end
