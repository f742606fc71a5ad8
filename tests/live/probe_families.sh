#!/bin/bash
# Sockets that are not TCP or UDP: Unix, netlink, raw, ping, packet, vsock, MPTCP and SCTP where the kernel
# has them. Bytes, owners and ends of each; names and other ends of Unix ones. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

probe_setup
ip -n $net_a link set lo up
ip netns exec $net_a sysctl -qw net.ipv4.ping_group_range="0 0"
for plan in n s; do
    mkdir "$work/$plan"
    start_dump -p $plan -a
    check "plan $plan: opens" is_open
    ip netns exec $net_a python3 tests/live/families.py make "$work/families.$plan" "$work/$plan"
    sleep 4 # the end of a Unix socket is noticed by walks
    stop_dump
    python3 tests/live/families.py compare "$work/dump" "$work/families.$plan" >"$work/verdict"
    check "plan $plan: bytes, owner, end of every family; names and peers" \
        python3 tests/live/families.py compare "$work/dump" "$work/families.$plan"
    sed 's/^/# /' "$work/verdict"
done
tap_end
