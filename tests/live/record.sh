#!/bin/bash
# A recording read again is what was seen live: the same flows, processes, bytes and verdicts, by two reports of
# one run; and other programs read it as any capture. Usage: tests/live/record.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
socklens=$1/socklens
[ "$(id -u)" = 0 ] || { skip "recordings" "capturing needs root"; tap_end; }
ns=socklens-record-$$
T=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill $server 2>/dev/null
    ip netns del $ns 2>/dev/null
    rm -rf "$T"
}
trap cleanup EXIT
ip netns add $ns && ip -n $ns link set lo up || { skip "recordings" "no network namespaces here"; tap_end; }
in_ns() { ip netns exec $ns "$@"; }
port=8123
no_empty_line() { [ -s "$1" ] && ! grep -q '^$' "$1"; }
fails() { local code=$1; shift; "$@" >/dev/null 2>&1; [ $? = "$code" ]; }
get() { in_ns python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$1/$2').read()" 2>/dev/null; }
ping_udp() {
    in_ns python3 -c "
import socket
a, b = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in 'ab')
a.bind(('127.0.0.1', 5301))
for i in range(3):
    b.sendto(b'x' * 100, ('127.0.0.1', 5301)); m, at = a.recvfrom(200); a.sendto(m, at); b.recv(200)"
}

in_ns python3 -m http.server $port --bind 127.0.0.1 --directory samples >/dev/null 2>&1 &
server=$!
ready() { get $port web.pcap; }
until_true 10 ready

# --- one run, told twice ---
in_ns "$socklens" report -i lo --for 3s -w "$T/a.pcapng" --format ndjson >"$T/live.ndjson" 2>"$T/live.err" &
run=$!
written() { [ -s "$T/a.pcapng" ]; }
check "the file is there from the start" until_true 5 test -e "$T/a.pcapng"
seen() { get $port web.pcap; sleep 0.2; written; }
until_true 3 seen
get $port mixed.pcapng
get 8124 nothing
ping_udp
wait $run
check "it is for its owner alone" test "$(stat -c %a "$T/a.pcapng")" = 600
"$socklens" report -r "$T/a.pcapng" --format ndjson >"$T/again.ndjson" 2>"$T/again.err"
check "it is read to its end" test ! -s "$T/again.err"

# What is only known live or only of this machine stays out: rates, /proc, the lookup of numbers.
cat >"$T/facts.py" <<'END'
import json, sys

LIVE = {"rate_bps", "user", "exe", "cmdline", "parents", "ppid", "cgroup", "container", "pod", "netns_name", "id"}

def cut(v):
    return {k: cut(x) for k, x in v.items() if k not in LIVE and x is not None} if isinstance(v, dict) else v

flows, bad = [], 0
for line in open(sys.argv[1]):
    row = json.loads(line)
    if row["type"] == "flow":
        flows.append(json.dumps(cut(row), sort_keys=True))
    if row["type"] == "summary":
        print("packets", row["packets"], "bytes", row["bytes"], "flows", row["flows"], "sockets", row["sockets"])
print("\n".join(sorted(flows)))
END
python3 "$T/facts.py" "$T/live.ndjson" >"$T/live.facts"
python3 "$T/facts.py" "$T/again.ndjson" >"$T/again.facts"
check "there are flows to compare" test "$(grep -c community_id "$T/live.facts")" -ge 4
check "every fact of every flow is as it was live" diff "$T/live.facts" "$T/again.facts"
check "both ends have their process" grep -q '"name": "python3".*"name": "python3"' "$T/again.facts"
check "so has the port that nobody had" grep -q '"state": "REJ"' "$T/again.facts"
check "the read bytes are known without a probe" grep -Eq '"read_bytes": [1-9]' "$T/again.facts"
check "the probe is said to be of then" grep -q '"probe":"recorded, plan ' "$T/again.ndjson"

# --- for others ---
if command -v tshark >/dev/null; then
    frames=$(tshark -r "$T/a.pcapng" -T fields -e frame.number 2>"$T/tshark.err" | wc -l)
    check "tshark counts the same frames" grep -q "^packets $frames " "$T/live.facts"
    check "and finds nothing wrong with the file" test ! -s <(grep -v 'as user' "$T/tshark.err")
    stream=$(tshark -r "$T/a.pcapng" -Y 'http.request.uri contains "mixed"' -T fields -e tcp.stream 2>/dev/null)
    tshark -r "$T/a.pcapng" -Y "tcp.stream == ${stream:-0}" -T fields -e frame.comment >"$T/comments" 2>/dev/null
    check "each frame of a connection has its process" no_empty_line "$T/comments"
    check "the first of an end all that is known of it" grep -q "comm=python3 uid=0 user=root .*cmdline=.*http\.server" "$T/comments"
    check "and the others its pid and name" grep -qE '^pid=[0-9]+ comm=python3$' "$T/comments"
    editcap -F pcapng "$T/a.pcapng" "$T/edited.pcapng" 2>"$T/editcap.err" || cat "$T/editcap.err"
    "$socklens" report -r "$T/edited.pcapng" --format ndjson >"$T/edited.ndjson"
    check "editcap keeps the comments, and they the processes" grep -q '"name":"python3".*"name":"python3"' "$T/edited.ndjson"
else
    skip "other programs" "there is no tshark"
fi

# --- the command ---
in_ns "$socklens" record -i lo --for 2s -Z root -C 16K -W 2 -w "$T/ring.pcapng" >/dev/null 2>"$T/ring.err" &
run=$!
# A set of files is one recording: read as one it tells what was seen live.
in_ns "$socklens" report -i lo --for 2s -Z root -C 16K -w "$T/set.pcapng" --format ndjson >"$T/set.live" 2>"$T/set.err" &
set_run=$!
until_true 5 test -s "$T/ring.pcapng"
until_true 5 test -s "$T/set.pcapng"
for _ in 1 2 3 4 5 6; do get $port loss.pcap; done
wait $run
check "record ends with 0" test $? = 0
check "it began other files" grep -Eq 'frames recorded, .* in [0-9]+ files' "$T/ring.err"
check "and kept two" test "$(ls "$T"/ring*.pcapng | wc -l)" = 2
wait $set_run
files=()
for f in "$T"/set*.pcapng; do files+=(-r "$f"); done
check "a set has several files" test ${#files[@]} -ge 4
"$socklens" report "${files[@]}" --format ndjson >"$T/set.again"
for name in live again; do
    python3 "$T/facts.py" "$T/set.$name" | sed 's/ sockets .*//' >"$T/set.$name.facts"
done
check "read as one it is what was seen live" diff "$T/set.live.facts" "$T/set.again.facts"
last() { ls -t "$T"/ring*.pcapng | head -1; }
"$socklens" report -r "$(last)" --format ndjson >"$T/last.ndjson"
check "each file stands by itself" grep -q '"type":"socket"' "$T/last.ndjson"
in_ns "$socklens" record -i lo --for 1s -w "$T/a.pcapng" >/dev/null 2>"$T/again.err"
check "no file is written over" grep -q 'cannot write .*a.pcapng.*exists' "$T/again.err"
check "a file is no place to record from" fails 2 "$socklens" report -r "$T/a.pcapng" -w "$T/b.pcapng"
check "a report and packets are not for one pipe" fails 2 "$socklens" report -i lo -w -
check "and record needs a name" fails 2 "$socklens" record -i lo
in_ns "$socklens" record -i lo --for 1s -w - 2>/dev/null >"$T/piped.pcapng"
check "- is standard output" test "$(head -c 4 "$T/piped.pcapng" | od -An -tx1 | tr -d ' ')" = 0a0d0d0a
tap_end
