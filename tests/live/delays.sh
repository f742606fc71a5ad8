#!/bin/bash
# Delays of sockets against what programs did on purpose: a server that thinks for 50 ms, a listener that accepts
# 1.2 s late, a client whose SYN is dropped once or twice. Usage: $0 BUILD (root)
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

are_as_planned() {
    cat "$work/report.err" "$work/log"
    python3 - "$work/flows" "$work/log" <<'PY'
import json, sys
flows = {}
for line in open(sys.argv[1]):
    f = json.loads(line)
    if f["type"] == "flow" and f["proto"] == "tcp":
        flows[f["src"]["port"], f["dst"]["port"]] = f
MS = 1000000
bad = 0
def between(what, value, low, high):
    global bad
    ok = value is not None and low * MS <= value <= high * MS
    bad += not ok
    print(what, value, "as planned" if ok else f"not within {low}..{high} ms")
for line in open(sys.argv[2]):
    case, local, remote, _ = line.split()
    f = flows[int(local), int(remote)]
    src, dst = f["src"].get("delay_ns", {}), f["dst"].get("delay_ns", {})
    if case == "server_think":
        between("think", dst.get("think_avg"), 49.9, 70)
        between("replies", dst.get("thinks", 0) * MS, 10, 10)
        between("connect", src.get("connect"), 0, 50)
        between("accept", dst.get("accept"), 0, 50)
        between("call to wire", src.get("send_avg"), 0, 5)
        between("arrival to read", src.get("read_avg"), 0, 20)
    if case == "accept_queue":
        between("accept", dst.get("accept"), 1150, 1500)
        between("connect", src.get("connect"), 900, 4000)
sys.exit(bad)
PY
}

probe_setup
ip netns exec $net_b "$tools/waiting" serve 10.77.0.2 7200 >"$work/server.log" &
servers="$servers $!"
until_true 5 grep -q ready "$work/server.log"
ip netns exec $net_a "$build/socklens" report --format ndjson -i veth0 --calls --comm waiting \
    >"$work/flows" 2>"$work/report.err" &
report=$!
# Ready once privileges are dropped: everything is open then.
until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$report/status
sleep 0.5
for case in server_think accept_queue; do
    ip netns exec $net_a "$tools/waiting" run $case 10.77.0.2 7200 >>"$work/log"
done
sleep 1.5
kill -INT $report
wait $report
check "delays are as the programs made them" are_as_planned
tap_end
