#!/bin/bash
# socklens export: collectors get every packet and byte, whatever happens to them; metrics; life as a service; and
# what is reported live equals what is reported of a capture. Usage: $0 BUILD (root). TAP.
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
socklens=$build/socklens
corpus=../shared/corpus
export PYTHONDONTWRITEBYTECODE=1

in_a() { ip netns exec $net_a "$@"; }
# judge FILE... PYTHON: a program about JSON files, read as a, b, ...
judge() {
    python3 - "$@" <<'PY'
import json, sys
names = iter("abcdef")
env = {next(names): json.load(open(p)) for p in sys.argv[1:-1]}
print({k: {n: v for n, v in d.items() if n != "rows"} for k, d in env.items()})
exec(sys.argv[-1], env)
PY
}

# collect TRANSPORT PORT OPTIONS...: a receiver whose messages are in $work/got, its JSON in $work/got.json
collect() {
    rm -f "$work/got" "$work/got.ready"
    ip netns exec $net_a python3 tests/live/ipfix.py "$1" "$2" "$work/got" "${@:3}" >"$work/got.json" 2>"$work/got.err" &
    collector=$!
    until_true 20 test -e "$work/got.ready"
}
collected() { # what it got; fails when anything was wrong
    sleep 0.2
    kill $collector && wait $collector
    local status=$?
    cat "$work/got.err"
    return $status
}

# What the report of these captures adds up to, in the same JSON
truth_of() {
    local files=()
    for f in "$@"; do files+=(-r "$f"); done
    "$socklens" report -n "${files[@]}" --format csv | python3 -c '
import csv, json, sys
rows = list(csv.DictReader(sys.stdin))
total = lambda c: sum(int(r[c] or 0) for r in rows)
json.dump({"flows": len(rows), "sums": {"packets": total("src_packets"), "bytes": total("src_ip_bytes"),
           "packets_back": total("dst_packets"), "bytes_back": total("dst_ip_bytes")}}, sys.stdout)' >"$work/truth.json"
}

# --- captures to collectors ------------------------------------------------------------------------------

captures=(samples/mixed.pcapng)
for c in ndpi__wechat arkime__wireshark-retrans arkime__dns-wiresharkrepo; do
    [ -f "$corpus/$c.pcap" ] && captures+=("$corpus/$c.pcap")
done
files=()
for c in "${captures[@]}"; do files+=(-r "$c"); done

agrees_with_nfcapd() { # OPTIONS...
    local folder
    folder=$(mktemp -d -p "$work")
    ip netns exec $net_a nfcapd -b 127.0.0.1 -p 9995 -B 4000000 -w "$folder" -t 3600 >"$folder.log" 2>&1 &
    local nfcapd=$!
    until_true 10 grep -q Startup "$folder.log"
    in_a "$socklens" export -n "${files[@]}" --ipfix 127.0.0.1:9995 "$@" || return 1
    sleep 0.3
    kill $nfcapd && wait $nfcapd
    nfdump -r "$folder"/nfcapd.2* -q -N -o 'fmt:%ipkt,%ibyt,%opkt,%obyt' | python3 -c '
import json, sys
rows = [[int(v) for v in line.split(",")] for line in sys.stdin if line.count(",") == 3]
json.dump({"records": len(rows), "sums": dict(zip(("packets", "bytes", "packets_back", "bytes_back"), map(sum, zip(*rows))))},
          sys.stdout)' >"$work/nfcapd.json"
    grep -i 'sequence\|bad' "$folder.log"
    judge "$work/truth.json" "$work/nfcapd.json" 'assert a["sums"] == b["sums"] and b["records"] >= a["flows"]'
}

# sent over TRANSPORT, the receiver there from the start or later; OPTIONS of export
agrees_with_receiver() {
    local transport=$1 late=$2 status
    shift 2
    if [ "$late" = late ]; then
        in_a "$socklens" export -n "${files[@]}" --ipfix "$transport://127.0.0.1:4739" "$@" 2>"$work/err" &
        local export=$!
        sleep 0.6
        collect "$transport" 4739
        wait $export
    else
        collect "$transport" 4739
        in_a "$socklens" export -n "${files[@]}" --ipfix "$transport://127.0.0.1:4739" "$@" 2>"$work/err"
    fi
    status=$?
    cat "$work/err"
    collected && [ $status = 0 ] &&
        judge "$work/truth.json" "$work/got.json" 'assert a["sums"] == b["sums"] and a["flows"] == b["flows"]'
}

tshark_reads_processes() {
    truth_of samples/processes.pcapng
    collect udp 4739
    in_a "$socklens" export -n -r samples/processes.pcapng --ipfix 127.0.0.1:4739
    collected || return 1
    tshark -r "$work/got" -T fields -E separator=, -e cflow.pie.ntop.src_proc_name -e cflow.pie.ntop.src_proc_id \
        -e cflow.flowset_id 2>/dev/null >"$work/tshark"
    cat "$work/tshark"
    tshark -r "$work/got" -V 2>/dev/null | grep -iE 'malformed|expert' && return 1
    "$socklens" report -n -r samples/processes.pcapng --format csv --fields src.process.name,src.process.pid |
        tail -n +2 | tr -d '\r' >"$work/processes"
    while read -r line; do
        tr '\n' ',' <"$work/tshark" | grep -q "${line%,*}" || return 1
        tr '\n' ',' <"$work/tshark" | grep -q "${line#*,}" || return 1
    done <"$work/processes"
}

# --- a life as a service ---------------------------------------------------------------------------------

# Two lives of a connection and a rotated file between; systemd is a socket of ours.
talk='import socket,sys,time
s = socket.create_connection(("10.77.0.2", 7301))
for _ in range(25):
    s.sendall(b"x" * 100); time.sleep(0.1)'
listen='import socket
l = socket.create_server(("10.77.0.2", 7301))
print("ready", flush=True)
while True:
    c = l.accept()[0]
    while c.recv(4096): pass
    c.close()'
notified='import socket,sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1])
while True: print(s.recv(4096).decode(), flush=True)'

start_agent() { # OPTIONS...
    ip netns exec $net_a env NOTIFY_SOCKET="$work/notify" WATCHDOG_USEC=400000 "$socklens" export -i veth0 "$@" 2>"$work/err" &
    agent=$!
    until_true 20 grep -q READY=1 "$work/notified"
}
stop_agent() {
    kill -TERM $agent
    wait $agent
}

lives() {
    chmod 755 "$work"
    mkdir -m 700 "$work/own"
    python3 -c "$notified" "$work/notify" >"$work/notified" &
    servers="$servers $!"
    until_true 10 test -S "$work/notify"
    chmod 777 "$work/notify"
    ip netns exec $net_b python3 -c "$listen" >"$work/listening" &
    servers="$servers $!"
    until_true 10 grep -q ready "$work/listening"
    collect udp 4739
    start_agent --ipfix 127.0.0.1:4739 --active 1s --prometheus 80 --textfile "$work/own/socklens.prom" --ndjson "$work/own/flows"
    grep -E '^(Uid|CapEff|CapPrm)' /proc/$agent/status >"$work/status"
    in_a python3 -c "$talk" &
    local talker=$!
    client udp-once 10.77.0.2 7004 --count 20
    until_true 10 test -s "$work/own/flows"
    mv "$work/own/flows" "$work/own/flows.1"
    kill -HUP $agent
    wait $talker
    client udp-once 10.77.0.2 7004 --count 20
    until_true 10 scraped 'process="python3",protocol="tcp",direction="sent"' && until_true 10 test -s "$work/own/flows"
    in_a python3 - >"$work/http" <<'PY'
import urllib.request, urllib.error
for request in ("/", "/nothing", urllib.request.Request("http://127.0.0.1/metrics", b"x")):
    try:
        request = "http://127.0.0.1" + request if isinstance(request, str) else request
        print(urllib.request.urlopen(request, timeout=10).status)
    except urllib.error.HTTPError as e:
        print(e.code)
PY
    stop_agent
    agent_status=$?
    collected
    collector_status=$?
}
scraped() {
    in_a python3 -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1/metrics", timeout=10).read().decode())' >"$work/page" &&
        grep -q "$1" "$work/page"
}

ends_well() { cat "$work/err"; [ $agent_status = 0 ] && [ $collector_status = 0 ]; }
told_systemd() { cat "$work/notified"; [ "$(sort -u "$work/notified" | tr '\n' ' ')" = "READY=1 STOPPING=1 WATCHDOG=1 " ]; }
gave_up_root() { cat "$work/status"; grep -qP '^Uid:\t65534\t65534' "$work/status" && ! grep '^Cap' "$work/status" | grep -v 0000000000000000; }
long_flow_in_parts() {
    judge "$work/got.json" '
long = [r for r in a["rows"] if r["dst_port"] == 7301]
assert len({r["id"] for r in long}) == 1 and len(long) >= 2 and all(r["src_process"] == "python3" for r in long), long
assert all(r["end"] == 2 for r in long[:-1]) and long[-1]["end"] == 3, long
assert all(x["end_ms"] == y["start_ms"] and x["end_ntp"] == y["start_ntp"] for x, y in zip(long, long[1:])), long
assert sum(r["bytes"] for r in long) > 25 * 140'
}
same_flows_everywhere() {
    cat "$work/own/flows.1" "$work/own/flows" | python3 -c '
import json, sys
lines = [json.loads(l) for l in sys.stdin]
assert lines[-1]["type"] == "summary"
rows = [r for r in lines[:-1] if r["end_reason"] != "active"]
assert len(lines) > len(rows) + 1 and len({r["id"] for r in rows}) == len(rows)
total = lambda end, what: sum(r[end][what] for r in rows)
ends = lambda r: max(1, sum("name" in r[e].get("process", {}) for e in ("src", "dst")))
json.dump({"flows": len(rows), "sums": {"packets": total("src", "packets"), "bytes": total("src", "ip_bytes"),
           "packets_back": total("dst", "packets"), "bytes_back": total("dst", "ip_bytes")},
           "by_process": {"flows": sum(ends(r) for r in rows),
                          "bytes": sum(ends(r) * (r["src"]["ip_bytes"] + r["dst"]["ip_bytes"]) for r in rows)}}, sys.stdout)' >"$work/lines.json" &&
        [ -s "$work/own/flows.1" ] && judge "$work/got.json" "$work/lines.json" 'assert a["sums"] == b["sums"] and a["flows"] == b["flows"] >= 40'
}
metrics_are_right() {
    ! command -v promtool >/dev/null || promtool check metrics <"$work/own/socklens.prom" || return 1
    ! grep -E '10\.77|fd77|=":' "$work/own/socklens.prom" &&
        [ "$(stat -c %a "$work/own/socklens.prom")" = 644 ] && [ "$(ls "$work/own" | wc -l)" = 3 ] &&
        [ "$(tr '\n' ' ' <"$work/http")" = "200 404 405 " ] && judge "$work/lines.json" "
import re
text = open('$work/own/socklens.prom').read()
total = lambda name: sum(int(v) for v in re.findall(name + r'\{[^}]*\} (\d+)', text))
assert total('socklens_process_flows_total') == a['by_process']['flows'], total('socklens_process_flows_total')
assert total('socklens_process_bytes_total') == a['by_process']['bytes'], total('socklens_process_bytes_total')
assert re.search(r'socklens_handshake_rtt_seconds_count 1\n', text)
assert re.search(r'process_resident_memory_bytes [1-9]', text) and re.search(r'process_cpu_seconds_total 0\.0*[1-9]', text)"
}

# --- who does not keep up --------------------------------------------------------------------------------

# A receiver that reads nothing for a while: what the queue refuses is counted, the rest arrives.
slow_receiver() {
    : >"$work/notified"
    collect tcp 4740 --buffer 4096 --after "$work/go"
    start_agent --ipfix tcp://127.0.0.1:4740 --queue 1M --idle 1s
    in_a python3 -c '
import socket
for i in range(20000):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.sendto(b"x", ("10.77.0.2", 1024 + i)); s.close()'
    until_true 20 agent_has_dropped
    : >"$work/go"
    stop_agent || return 1
    collected
    cat "$work/err"
    local sent dropped flows
    sent=$(sed -nE 's/.*--ipfix: ([0-9]+) records.*/\1/p' "$work/err")
    dropped=$(sed -nE 's/.* ([0-9]+) dropped.*/\1/p' "$work/err")
    flows=$(sed -nE 's/.* ([0-9]+) flows.*/\1/p' "$work/err")
    [ "$dropped" -gt 0 ] && [ "$flows" -gt 10000 ] &&
        judge "$work/got.json" "assert a['records'] == $sent and $sent + $dropped >= $flows and not a['wrong']"
}
# Its queue is full: nothing moves any more.
agent_has_dropped() {
    local before
    before=$(in_a ss -tn dport = 4740 | awk 'NR == 2 { print $3 }')
    sleep 2.2
    [ -n "$before" ] && [ "$before" -gt 0 ] && [ "$before" = "$(in_a ss -tn dport = 4740 | awk 'NR == 2 { print $3 }')" ]
}

reader_leaves() { # exits soon, quietly
    { timeout 30 ip netns exec $net_a "$socklens" export -i veth0 --active 1s --ndjson - 2>"$work/err"; echo $? >"$work/code"; } |
        head -1 >"$work/line" &
    local pipeline=$!
    rm -f "$work/code"
    while [ ! -e "$work/code" ]; do
        client udp-once 10.77.0.2 7004 --count 20
        sleep 0.3
    done
    wait $pipeline
    cat "$work/err" "$work/code"
    [ "$(cat "$work/code")" = 0 ] && grep -q '"type":"flow"' "$work/line"
}

# --- live and captured -----------------------------------------------------------------------------------

live_equals_captured() {
    ip netns exec $net_a tcpdump -Z root -q -n -U -i veth0 -B 16384 -w "$work/beside.pcap" 2>"$work/tcpdump.err" &
    local tcpdump=$!
    ip netns exec $net_a "$socklens" report -n -i veth0 --format csv >"$work/live.csv" 2>"$work/err" &
    local report=$!
    until_true 10 grep -q listening "$work/tcpdump.err"
    until_true 10 grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 0.5
    client tcp-client 10.77.0.2 7002 --count 200 --short --parallel 4 --bytes 5000
    client tcp-client fd77::2 7003 --count 50 --bytes 20000
    client udp-once 10.77.0.2 7004 --count 100
    sleep 1
    kill -TERM $report $tcpdump # SIGINT is ignored by what a script starts beside itself
    wait $report $tcpdump
    cat "$work/err" "$work/tcpdump.err"
    "$socklens" report -n -r "$work/beside.pcap" --format csv >"$work/captured.csv"
    python3 - "$work/live.csv" "$work/captured.csv" <<'PY'
import csv, sys
ENDS = ["proto", "src_ip", "src_port", "dst_ip", "dst_port"]
TCP = ["state", "history", "src_payload_bytes", "dst_payload_bytes"]
SUMS = [f"{end}_{what}" for end in ("src", "dst") for what in ("packets", "bytes", "ip_bytes")]


def flows(path):
    """Of TCP each; of UDP by port, since live a port that a new socket takes within the timeout is a new flow."""
    found = {}
    for r in csv.DictReader(open(path)):
        if r["proto"] == "icmp6":
            continue  # neighbours are asked for before one has begun, and after the other has ended
        key = tuple(r[c] for c in ENDS + (TCP if r["proto"] == "tcp" else []))
        found[key] = [a + int(r[c]) for a, c in zip(found.get(key, [0] * len(SUMS)), SUMS)]
    return found


live, captured = map(flows, sys.argv[1:])
print(len(live), len(captured), [(k, live.get(k), captured.get(k)) for k in {*live, *captured} if live.get(k) != captured.get(k)])
assert len(live) >= 300 and live == captured
PY
}

probe_setup
for ns in $net_a $net_b; do ip -n $ns link set lo up; done
serve tcp-server 10.77.0.2 7002 --workers 2
serve tcp-server fd77::2 7003
serve udp-server 10.77.0.2 7004
truth_of "${captures[@]}"
if command -v nfcapd >/dev/null; then
    check "nfcapd has ${#captures[@]} captures to the byte" agrees_with_nfcapd
    check "nfcapd has them to the byte in parts of a second" agrees_with_nfcapd --active 1s --idle 1s
else
    skip "nfcapd" "nfdump is not installed"
fi
check "UDP: a receiver of RFC 7011 has every byte, in sequence" agrees_with_receiver udp there --active 2s
check "TCP: the same" agrees_with_receiver tcp there --active 2s
check "UDP: a collector that comes later gets all" agrees_with_receiver udp late
check "TCP: a collector that comes later gets all" agrees_with_receiver tcp late
if command -v tshark >/dev/null; then
    check "tshark reads the processes" tshark_reads_processes
else
    skip "tshark reads the processes" "tshark is not installed"
fi
lives
check "an agent ends well on SIGTERM" ends_well
check "it told systemd" told_systemd
check "it holds no privilege, and writes where only root may" gave_up_root
check "a long connection comes in parts that join, with its process" long_flow_in_parts
check "IPFIX and the lines, rotated meanwhile, agree on every flow and byte" same_flows_everywhere
check "so do the metrics; no address is in a label" metrics_are_right
check "a receiver that stops reading: the rest is dropped and counted" slow_receiver
check "a reader that leaves ends it" reader_leaves
if command -v tcpdump >/dev/null; then
    check "what is reported live equals what is reported of a capture" live_equals_captured
else
    skip "live equals captured" "tcpdump is not installed"
fi
tap_end
