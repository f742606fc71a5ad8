#!/bin/bash
# Does the ledger of each end close, to the byte? Random transfers between two network namespaces (to the end, closed
# early, reset, read slowly), compared with what the two programs counted themselves: written = acknowledged + lost,
# arrived = read + unread. Usage: $0 BUILD [COUNT [MAX-BYTES]] (root)
build=$(readlink -f "$1") count=${2:-60} max=${3:-1048576}
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
report=

start_report() {
    ip netns exec $net_a "$build/socklens" report --format ndjson -i veth0 >"$work/flows.$1" 2>"$work/report.err" &
    report=$!
    # Ready once privileges are dropped: everything is open then.
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 0.3
}

serve_transfers() {
    ip netns exec $net_b "$tools/transfer" serve 10.77.0.2 7100 >>"$work/server.log" &
    servers="$servers $!"
    until_true 5 grep -q ready "$work/server.log"
}

# Tuples are used again within the second: a reset leaves its port free.
few_ports() {
    ip netns exec $net_a sysctl -q net.ipv4.ip_local_port_range="40000 $((40000 + $1))" net.ipv4.tcp_tw_reuse=1
}

transfers() { # NAME COUNT MAX
    start_report "$1"
    ip netns exec $net_a "$tools/transfer" run 10.77.0.2 7100 --count "$2" --max-bytes "$3" \
        --seed ${SEED:-1} >>"$work/client.log"
    stop_report
}

stop_report() {
    sleep 1.5
    kill -INT $report
    wait $report
}

forget() {
    : >"$work/client.log"
    : >"$work/server.log"
}

# The programs counted that many connections, and the report agrees.
closes() { # NAME COUNT
    local counted=$(wc -l <"$work/client.log")
    cat "$work/report.err"
    [ "$counted" = "$2" ] || { echo "$counted of $2 connections were made"; return 1; }
    python3 tests/live/ledger_compare.py "$work/flows.$1" "$work/server.log" "$work/client.log" | tee "$work/sum"
    return "${PIPESTATUS[0]}"
}

# Connections that were there before the probe: what they did until then follows from sequence numbers.
older() {
    ip netns exec $net_a "$tools/transfer" run 10.77.0.2 7100 --count 8 --parallel 8 --max-bytes 30000000 --slow 120 \
        --seed ${SEED:-1} >>"$work/client.log" &
    local client=$!
    sleep 0.2
    start_report older
    wait $client
    stop_report
}

probe_setup
serve_transfers
transfers all "$count" "$max"
check "$count random transfers: every ledger closes, to the byte" closes all "$count"
sed -n '1s/^/# /p' "$work/sum"
forget
few_ports 40
transfers again 200 1000
check "200 transfers over 40 ports: each connection of a pair of ports has its own" closes again 200
sed -n '1s/^/# /p' "$work/sum"
forget
older
check "connections older than the probe: the same" closes older 8
sed -n '1s/^/# /p' "$work/sum"
tap_end
