#!/bin/bash
# Are TCP's numbers in the probe's INFO events those that getsockopt() gives? Sums of busy and limited
# time, sequence numbers, windows, round trips and a listener's queue. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

probe_setup
ip -n $net_a link set lo up
for plan in n s; do
    start_dump -p $plan
    check "plan $plan: opens" is_open
    ip netns exec $net_a python3 tests/live/tcp_facts.py make "$work/facts"
    stop_dump
    check "plan $plan: TCP's numbers are those of getsockopt" \
        python3 tests/live/tcp_facts.py compare "$work/dump" "$work/facts"
    python3 tests/live/tcp_facts.py compare "$work/dump" "$work/facts" | sed -n "1s/^/# /p"
done
tap_end
