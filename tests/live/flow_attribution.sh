#!/bin/bash
# Does each end of a flow in a report carry the right process? Short connections, forked servers and one-shot
# datagrams between two network namespaces, captured in one of them, compared with the load
# generator's own log. Also the same machine's loopback. Usage: $0 BUILD (root)
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
report=

# start_report NAMESPACE OPTIONS...: report flows of that namespace until stopped
start_report() {
    local ns=$1
    shift
    rm -f "$work/flows" "$work/report.err"
    ip netns exec "$ns" "$build/socklens" report --format ndjson "$@" >"$work/flows" 2>"$work/report.err" &
    report=$!
    # Ready once privileges are dropped: everything is open then.
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 0.3
}

stop_report() {
    sleep 0.5
    kill -INT $report
    wait $report
}

# attributed AT-LEAST-ENDS: at least 99 in 100 ends right and none wrong, of at least so many
attributed() {
    cat "$work/report.err"
    python3 tests/live/flow_compare.py "$work/flows" "$work"/client.log "$work"/server.* | tee "$work/verdict"
    awk -v least="$1" 'NR == 1 { ok = $2 >= 0.99 * $8 && $8 >= least && $4 == 0 } END { exit !ok }' "$work/verdict"
}

short_connections() { # PLAN
    rm -f "$work"/client.log "$work"/server.*
    start_report $net_a -i veth0 --probe "$1"
    serve tcp-server 10.77.0.2 7001 --workers 4
    serve tcp-server 10.77.0.2 7003 --fork
    serve tcp-server fd77::2 7002 --workers 2
    client tcp-client 10.77.0.2 7001 --count 2000 --short
    client tcp-client 10.77.0.2 7003 --count 200 --short
    client tcp-client fd77::2 7002 --count 200 --short --parallel 4
    stop_report
    stop_servers
}

datagrams() {
    rm -f "$work"/client.log "$work"/server.*
    start_report $net_a -i veth0
    serve udp-server 10.77.0.2 7004
    client udp-once 10.77.0.2 7004 --count 500
    stop_report
    stop_servers
}

loopback() {
    rm -f "$work"/client.log "$work"/server.*
    ip -n $net_b link set lo up
    start_report $net_b -i lo
    serve tcp-server 127.0.0.1 7005 --workers 4
    ip netns exec $net_b "$tools/load" tcp-client 127.0.0.1 7005 --count 500 --short >>"$work/client.log"
    stop_report
    stop_servers
}

# A program that was connected before the probe came is named as well.
existing() {
    rm -f "$work"/client.log "$work"/server.*
    ip netns exec $net_b python3 tests/live/talk.py serve 10.77.0.2 7006 &
    local server=$!
    servers="$servers $server"
    ip netns exec $net_a python3 tests/live/talk.py talk 10.77.0.2 7006 &
    local client=$!
    sleep 1
    start_report $net_a -i veth0
    sleep 1.5
    stop_report
    kill $client
    stop_servers
    python3 - "$work/flows" $client $server <<'PY'
import json, sys
flows = [json.loads(l) for l in open(sys.argv[1])]
flow = next(f for f in flows if f["type"] == "flow" and 7006 in (f["src"].get("port"), f["dst"].get("port")))
pids = {e["process"].get("pid") for e in (flow["src"], flow["dst"])}
print(flow)
sys.exit(pids != {int(a) for a in sys.argv[2:]})
PY
}

numbers_are_whole() { # packets of flows and others make all, and nothing was lost
    python3 - "$work/flows" <<'PY'
import json, sys
s = [json.loads(l) for l in open(sys.argv[1])][-1]
print(s)
sys.exit(s["packets"] != s["flow_packets"] + s["other_packets"] or any(s["loss"].values()))
PY
}

probe_setup
for plan in n s; do
    short_connections $plan
    check "plan $plan: 2,400 short connections, both ends: 99 % right, none wrong" attributed 4800
    check "plan $plan: every packet accounted for, none lost" numbers_are_whole
    sed 's/^/# /' "$work/verdict"
done
datagrams
check "500 one-shot datagrams, both ends: 99 % right, none wrong" attributed 1000
sed 's/^/# /' "$work/verdict"
loopback
check "500 connections on loopback, both ends: 99 % right, none wrong" attributed 1000
sed 's/^/# /' "$work/verdict"
check "a connection older than the probe has both processes" existing
tap_end
