#!/bin/bash
# Delays of sockets against what programs did on purpose: a server that thinks for 50 ms, a listener that accepts
# 1.2 s late, a client whose SYN is dropped once or twice; a name server that takes its time. Usage: $0 BUILD (root)
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

are_as_planned() {
    cat "$work/report.err" "$work/log"
    python3 - "$work/flows" "$work/log" <<'PY'
import json, sys
flows, whole = {}, {}
for line in open(sys.argv[1]):
    f = json.loads(line)
    whole = f.get("histograms", whole)
    if f["type"] == "flow" and f["proto"] == "tcp":
        flows[f["src"]["port"], f"{f['dst']['ip']}:{f['dst']['port']}"] = f
MS = 1000000
bad = 0
def between(what, value, low, high):
    global bad
    ok = value is not None and low * MS <= value <= high * MS
    bad += not ok
    print(what, value, "as planned" if ok else f"not within {low}..{high} ms")
for line in open(sys.argv[2]):
    case, local, remote, *_ = line.split()
    f = flows[int(local), remote]
    src, dst = f["src"].get("delay_ns", {}), f["dst"].get("delay_ns", {})
    if case == "server_think":
        between("think", dst.get("think_avg"), 49.9, 70)
        between("replies", dst.get("thinks", 0) * MS, 10, 10)
        between("connect", src.get("connect"), 0, 50)
        between("accept", dst.get("accept"), 0, 50)
        between("call to wire", src.get("send_avg"), 0, 5)
        between("arrival to read", src.get("read_avg"), 0, 20)
        between("replies in all, of both ends", whole["think"]["count"] * MS, 20, 20)
        between("nine in ten of them", whole["think"]["p90_ns"], 49.9, 80)
    if case == "accept_queue":
        between("slowest accept in all", whole["accept"]["max_ns"], 1150, 1500)
        between("accept", dst.get("accept"), 1150, 1500)
        between("connect", src.get("connect"), 900, 4000)
sys.exit(bad)
PY
}

# The histogram between what the name server says it took and what its client says it waited; a step is an eighth.
dns_is_as_planned() {
    python3 - "$work/dns.flows" "$work/dns.log" "$work/dns.waited" <<'PY'
import json, sys
made, waited = (sorted(float(line) * 1e9 for line in open(path)) for path in sys.argv[2:4])
told = [json.loads(line) for line in open(sys.argv[1])][-1]["histograms"]["dns"]
def between(what, value, low, high):
    ok = low * 0.999 <= value <= high * 1.125
    print(what, value, low, high, "as made" if ok else "no")
    return ok
ok = told["count"] == len(made) == len(waited) == sum(n for _, n in told["buckets"])
ok &= between("max", told["max_ns"], made[-1], waited[-1])
ok &= between("mean", told["sum_ns"] / len(made), sum(made) / len(made), sum(waited) / len(made))
for name, share in (("p50_ns", 0.5), ("p90_ns", 0.9)):
    at = int(share * len(made)) - 1
    ok &= between(name, told[name], made[at], waited[at])
sys.exit(not ok)
PY
}

ask_names() {
    ip netns exec $net_b python3 -c '
import random, socket, time
rand = random.Random(4)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.77.0.2", 53))
print("ready", flush=True)
while True:
    query, whom = s.recvfrom(512)
    wait = rand.choice((0.002, 0.01, 0.04, 0.09))
    began = time.monotonic()
    time.sleep(wait)
    took = time.monotonic() - began
    s.sendto(query[:2] + b"\x81\x80" + query[4:], whom)
    print(took, flush=True)' >"$work/dns.out" &
    servers="$servers $!"
    until_true 5 grep -q ready "$work/dns.out"
    ip netns exec $net_a "$build/socklens" report --format ndjson -i veth0 --probe off >"$work/dns.flows" 2>/dev/null &
    report=$!
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 0.3
    ip netns exec $net_a python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("10.77.0.2", 53))
for n in range(40):
    began = time.monotonic()
    s.send(n.to_bytes(2, "big") + b"\1\0\0\1\0\0\0\0\0\0\4test\0\0\1\0\1")
    s.recv(512)
    print(time.monotonic() - began)' >"$work/dns.waited"
    sleep 0.5
    kill -INT $report
    wait $report
    tail -n +2 "$work/dns.out" >"$work/dns.log"
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
ask_names
check "the histogram of DNS waits is that of the name server's log" dns_is_as_planned
tap_end
