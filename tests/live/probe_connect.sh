#!/bin/bash
# Is every connect that fails told of, once, with the process, the remote end and the errno that the
# program saw: refused, no route, unreachable, timed out, given up? Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

# A neighbour that is not there, one that does not answer ARP, routes that say no; short timeouts.
prepare() {
    ip -n $net_a link set lo up
    ip -n $net_a neigh add 10.77.0.98 lladdr 02:00:00:00:00:98 dev veth0
    ip -n $net_a route add unreachable 198.51.100.0/24
    ip -n $net_a route add prohibit 198.51.101.0/24
    ip netns exec $net_a sysctl -qw net.ipv4.tcp_syn_retries=1 \
        net.ipv4.neigh.veth0.mcast_solicit=1 net.ipv4.neigh.veth0.retrans_time_ms=200
}

all_told() { # [UNKNOWN]
    python3 tests/live/failing.py compare "$work/dump" "$work/failures" "$@" | tee "$work/verdict"
    return "${PIPESTATUS[0]}"
}

# The kernel can run a program when connect() returns: then every errno is known.
knows_returns() {
    PATH=$PATH:/usr/sbin bpftool btf dump file /sys/kernel/btf/vmlinux |
        grep -q "FUNC 'bpf_task_work_schedule_resume_impl'"
}

probe_setup
prepare
serve tcp-server 10.77.0.2 7001
serve udp-server 10.77.0.2 7004
knows_returns && known='' || known=unknown
for plan in n s; do
    start_dump -p $plan
    check "plan $plan: opens" is_open
    ip netns exec $net_a python3 tests/live/failing.py make "$work/failures"
    stop_dump
    check "plan $plan: each failed connect is told of once, as the program saw it" all_told $known
    sed 's/^/# /' "$work/verdict"
    known=
done
tap_end
