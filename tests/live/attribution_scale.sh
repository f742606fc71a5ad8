#!/bin/bash
# Attribution of many short connections at once: processes of under a millisecond at both ends, servers that
# fork and that pass connections on, datagrams sent once, connections older than the probe, and meanwhile the
# same addresses and ports in two other namespaces. What polling `ss` finds of the same stands beside it.
# Usage: [TCP=N] [UDP=N] $0 BUILD (root). make check takes a tenth of the numbers of tests/full/attribution.sh.
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
tcp=${TCP:-2000} udp=${UDP:-500} held=20
net_c=socklens-c-$$ net_d=socklens-d-$$
report='' helpers=''

cleanup() {
    kill -9 $report $helpers
    ip netns del $net_c
    ip netns del $net_d
    probe_cleanup
} 2>/dev/null

# The same addresses once more, somewhere else.
make_twins() {
    ip netns add $net_c && ip netns add $net_d || return
    ip -n $net_c link add veth0 type veth peer name veth0 netns $net_d
    ip -n $net_c addr add 10.77.0.1/24 dev veth0
    ip -n $net_d addr add 10.77.0.2/24 dev veth0
    ip -n $net_c link set veth0 up
    ip -n $net_d link set veth0 up
}

# in_background LOG NAMESPACE COMMAND...
in_background() {
    local log=$1 ns=$2
    shift 2
    ip netns exec $ns "$@" >>"$work/$log" 2>/dev/null &
    helpers="$helpers $!"
}

start_report() {
    ip netns exec $net_a "$build/socklens" report -i veth0 --format ndjson -B 64M >"$work/flows" 2>"$work/report.err" &
    report=$!
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 0.3
}

stop_report() {
    sleep 0.5
    kill -INT $report
    wait $report
    report=
}

# Connections in the twins go on as long as those that count.
twin_load() {
    in_background twins $net_d "$tools/load" tcp-server 10.77.0.2 7001 --workers 2
    sleep 0.2
    in_background twins $net_c "$tools/load" tcp-client 10.77.0.1 7001 --count 1
    in_background twins $net_c "$tools/load" tcp-client 10.77.0.2 7001 --short --count $((tcp / 10))
}

run() {
    in_background server.held $net_b python3 tests/live/held.py serve 10.77.0.2 7005 $held
    until_true 5 grep -q ready "$work/server.held"
    in_background client.held $net_a python3 tests/live/held.py talk 10.77.0.2 7005 $held
    sleep 1
    start_report
    python3 tests/live/poll_ss.py poll $net_a $net_b >"$work/seen" &
    helpers="$helpers $!"
    serve tcp-server 10.77.0.2 7001 --workers 4
    serve tcp-server 10.77.0.2 7002 --fork
    serve udp-server 10.77.0.2 7004
    in_background server.passed $net_b "$tools/pass" 10.77.0.2 7003 64
    until_true 5 grep -q ready "$work/server.passed"
    twin_load
    client tcp-client 10.77.0.2 7001 --short --count $((tcp * 8 / 10)) --parallel 2
    client tcp-client 10.77.0.2 7002 --short --count $((tcp / 10))
    client tcp-client 10.77.0.2 7003 --short --count $((tcp / 10))
    client udp-once 10.77.0.2 7004 --count $udp
    stop_report
    kill $helpers 2>/dev/null
    helpers=
    stop_servers
}

# 99.9 % right and none wrong, of both ends of everything
attributed() {
    local ends=$((2 * (tcp * 8 / 10 + 2 * (tcp / 10) + udp + held)))
    cat "$work/report.err"
    cat "$work/verdict"
    awk -v ends=$ends 'NR == 1 { ok = $8 >= ends && $2 >= 0.999 * $8 && $4 == 0 } END { exit !ok }' "$work/verdict"
}

nothing_lost() {
    cat "$work/report.err"
    grep -q ' 0 lost' "$work/report.err"
}

probe_setup
trap cleanup EXIT
make_twins || { skip "attribution at scale" "cannot make network namespaces"; tap_end; }
run
python3 tests/live/flow_compare.py "$work/flows" "$work"/client.* "$work"/server.* >"$work/verdict"
check "$tcp connections, $udp datagrams, $held held, both ends: 99.9 % right, none wrong" attributed
sed 's/^/# socklens: /' "$work/verdict"
echo "# ss polled: $(python3 tests/live/poll_ss.py compare "$work/seen" "$work"/client.* "$work"/server.*)"
check "nothing was lost on the way" nothing_lost
tap_end
