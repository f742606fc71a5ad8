#!/bin/bash
# The example of docs/FLEET.md with its real parts: nfacctd into a private PostgreSQL, a Prometheus server; and what
# an exporter meets when things go wrong. Usage: $0 BUILD (root). TAP.
socklens=$(readlink -f "$1")/socklens
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
corpus=../shared/corpus
[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP needs root"; exit 0; }
work=$(mktemp -d)
chmod 755 "$work"
net=socklens-f-$$
cleanup() {
    [ ! -e "$work/started" ] || while read -r pid; do
        kill "$pid"
        until_true 10 test ! -d "/proc/$pid" || kill -9 "$pid"
    done <"$work/started"
    ip netns del $net
    umount "$work/small"
    rm -rf "$work"
} 2>/dev/null
trap cleanup EXIT
ip netns add $net && ip -n $net link set lo up || { echo "1..0 # SKIP cannot make network namespaces"; exit 0; }
has() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }
run_in() { ip netns exec $net "$@"; }

captures=(samples/processes.pcapng)
for c in ndpi__wechat arkime__wireshark-retrans arkime__dns-wiresharkrepo; do
    [ -f "$corpus/$c.pcap" ] && captures+=("$corpus/$c.pcap")
done
files=()
for c in "${captures[@]}"; do files+=(-r "$c"); done
truth() {
    "$socklens" report -n "${files[@]}" --format csv | python3 -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin))
print("|".join(str(sum(int(r[c] or 0) for r in rows)) for c in ("src_packets", "src_ip_bytes", "dst_packets", "dst_ip_bytes")))'
}

# --- PostgreSQL behind nfacctd --------------------------------------------------------------------------

sql() { psql -h "$work/pg" -U postgres -d "${db:-socklens}" -Atq "$@"; }

start_postgres() {
    local bin
    bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
    mkdir "$work/pg" && chown postgres "$work/pg" || return 1
    runuser -u postgres -- "$bin/initdb" -D "$work/pg/data" -A trust -U postgres >/dev/null || return 1
    runuser -u postgres -- "$bin/postgres" -D "$work/pg/data" -k "$work/pg" -c listen_addresses= -F >"$work/pg.log" 2>&1 &
    echo $! >>"$work/started" # a variable would stay in the subshell of check
    db=postgres until_true 60 sql -c 'SELECT 1' || return 1
    db=postgres sql -c "CREATE ROLE pmacct LOGIN" -c "CREATE DATABASE socklens OWNER pmacct" &&
        psql -h "$work/pg" -U pmacct -d socklens -q -v ON_ERROR_STOP=1 -f packaging/fleet/flows.sql
}

start_nfacctd() {
    sed "s#/etc/pmacct#$PWD/packaging/fleet#; s#/var/run/postgresql#$work/pg#; s/sql_refresh_time: 10/sql_refresh_time: 2/" \
        packaging/fleet/nfacctd.conf >"$work/nfacctd.conf"
    ip netns exec $net nfacctd -f "$work/nfacctd.conf" >"$work/nfacctd.log" 2>&1 &
    echo $! >>"$work/started"
    until_true 30 grep -qa 'base cache memory' "$work/nfacctd.log" && sleep 2 # it reads its ring soon after
}

sums='SELECT sum(packets), sum(bytes), sum(packets_back), sum(bytes_back) FROM flows'
rows_are_there() { [ "$(sql -c "$sums")" = "$(truth)" ]; }
equal_to_the_byte() {
    run_in "$socklens" export -n "${files[@]}" --ipfix 127.0.0.1:4739 || return 1
    until_true 30 rows_are_there && return
    sql -c "$sums"
    truth
    grep -a 'WARN\|ERROR' "$work/nfacctd.log"
    return 1
}
rows_hold_processes() {
    "$socklens" report -n -r samples/processes.pcapng --format csv \
        --fields src.process.name,src.process.pid,dst.process.name,dst.process.pid,src.ip_bytes |
        tail -n +2 | tr -d '\r' | tr , '|' | sort >"$work/wanted"
    sql -c "SELECT src_process, src_pid, dst_process, dst_pid, bytes FROM flows WHERE src_pid <> 0" | sort | diff - "$work/wanted"
}
view_answers() { sql -c "SELECT process FROM by_process" | grep -q curl; }
live_rows() { # a connection of this machine, by the name of its process
    ip netns exec $net "$socklens" export -i lo --ipfix 127.0.0.1:4739 --active 1s 2>"$work/err" &
    local agent=$!
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$agent/status
    sleep 0.5
    cp "$(command -v bash)" "$work/fleettalker"
    run_in python3 -c '
import socket, time
l = socket.create_server(("127.0.0.1", 7400)); l.settimeout(20)
open("'"$work"'/listens", "w").close()
c = l.accept()[0]; c.recv(100); c.close()' &
    until_true 10 test -e "$work/listens"
    run_in "$work/fleettalker" -c 'exec 3<>/dev/tcp/127.0.0.1/7400; echo "$BASHPID" >"$0"; echo hello >&3; sleep 0.5' "$work/pid"
    sleep 1
    kill -TERM $agent && wait $agent
    cat "$work/err"
    until_true 30 live_row_is_there
}
live_row_is_there() { [ "$(sql -c "SELECT DISTINCT src_process, src_pid FROM flows WHERE port_dst = 7400")" = "fleettalker|$(cat "$work/pid")" ]; }

if has nfacctd && has psql; then
    check "a private PostgreSQL" start_postgres
    check "nfacctd with the example's files" start_nfacctd
    check "its rows of ${#captures[@]} captures equal ours to the byte" equal_to_the_byte
    check "rows hold process names and ids" rows_hold_processes
    check "the view by process answers" view_answers
    check "so does a live connection's row" live_rows
else
    skip "nfacctd into PostgreSQL" "pmacct or PostgreSQL is not installed"
fi

# --- a Prometheus server --------------------------------------------------------------------------------

asks() { # QUERY: the value Prometheus has
    run_in python3 -c '
import json, sys, urllib.parse, urllib.request
url = "http://127.0.0.1:9090/api/v1/query?query=" + urllib.parse.quote(sys.argv[1])
print(json.load(urllib.request.urlopen(url, timeout=5))["data"]["result"][0]["value"][1])' "$1"
}
is_positive() { awk -v v="$(asks "$1")" 'BEGIN { exit !(v > 0) }'; }

scrapes() {
    ip netns exec $net "$socklens" export -i lo --prometheus 9797 >/dev/null 2>"$work/err" &
    echo $! >>"$work/started"
    sed 's/15s/1s/; s/host1.example.org:9797.*/127.0.0.1:9797]/' packaging/fleet/prometheus.yml >"$work/prometheus.yml"
    promtool check config "$work/prometheus.yml" || return 1
    mkdir "$work/tsdb"
    ip netns exec $net prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" \
        --web.listen-address=127.0.0.1:9090 >"$work/prometheus.log" 2>&1 &
    echo $! >>"$work/started"
    until_true 60 is_positive 'up{job="socklens"}'
}
has_metrics() {
    until_true 30 is_positive 'sum(socklens_process_bytes_total{process="prometheus"})' &&
        is_positive 'sum(socklens_handshake_rtt_seconds_bucket{le="+Inf"}) + 1' && is_positive process_resident_memory_bytes &&
        run_in python3 -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:9797/metrics").read().decode())' |
        promtool check metrics
}
if has prometheus; then
    check "a Prometheus server scrapes it, with the example's file" scrapes
    check "it knows bytes by process, and promtool has no complaint" has_metrics
else
    skip "a Prometheus server" "prometheus is not installed"
fi

# --- a service ------------------------------------------------------------------------------------------

unit_is_right() {
    sed "s|@BINDIR@|$(dirname "$socklens")|" packaging/socklens.service >"$work/socklens.service" # as make install does
    systemd-analyze verify "$work/socklens.service" 2>&1 | grep -i socklens && return 1
    systemd-analyze security --offline=true --threshold=40 "$work/socklens.service" | tail -1
    return "${PIPESTATUS[0]}"
}
if has systemd-analyze; then
    check "systemd has no complaint about the unit, which is well confined" unit_is_right
else
    skip "systemd has no complaint about the unit" "systemd-analyze is not installed"
fi

# --- what goes wrong ------------------------------------------------------------------------------------

flows=5000000
many_flows() { # a capture of so many datagrams, each of a flow of its own, a millisecond apart
    python3 - "$1" <<'PY'
import struct, sys
out, n = sys.stdout.buffer, int(sys.argv[1])
try:
    out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
    tail = struct.pack(">HHHHI", 53, 12, 0, 0, 0)
    head, ip = struct.Struct("<IIII"), struct.Struct(">BBHHHBBHIIH")
    for start in range(0, n, 10000):
        out.write(b"".join(head.pack(i // 1000, i % 1000 * 1000, 32, 32) +
                           ip.pack(0x45, 0, 32, 0, 0, 64, 17, 0, 0x0a000000 + (i >> 14), 0xc0000201, 1024 + (i & 0x3fff)) +
                           tail[:10] for i in range(start, start + 10000)))
except BrokenPipeError:
    pass
PY
}
closed_pipe() { # FORMAT: it ends soon, says nothing, and the reader had what it wanted
    local line
    line=$(many_flows $flows | { timeout 120 "$socklens" report -n -r - --format "$1" 2>"$work/err"; echo $? >"$work/code"; } | head -3 | wc -l)
    cat "$work/err" "$work/code"
    [ "$line" = 3 ] && [ ! -s "$work/err" ] && [ "$(cat "$work/code")" = 0 ]
}
whole_pipe() {
    many_flows $flows | /usr/bin/env time -f %M -o "$work/kib" "$socklens" report -n -r - --format ndjson --fields src.port 2>"$work/err" |
        wc -l >"$work/lines"
    cat "$work/err" "$work/lines"
    [ "$(cat "$work/lines")" -ge $flows ]
}
check "$flows flows into a pipe that closes: ndjson" closed_pipe ndjson
check "$flows flows into a pipe that closes: csv" closed_pipe csv
check "$flows flows into a pipe that stays" whole_pipe

# A line waits in the middle until there is room: none is torn, none is missing.
full_disk() {
    mkdir "$work/small" && mount -t tmpfs -o size=256k none "$work/small" || return 1
    many_flows 10000 >"$work/some.pcap"
    "$socklens" export -n -r "$work/some.pcap" --ndjson "$work/small/flows" 2>"$work/err" &
    local export=$!
    sleep 2
    df --output=pcent "$work/small" | grep -q 100% || return 1
    mount -o remount,size=64m "$work/small"
    wait $export || return 1
    cat "$work/err"
    python3 - "$work/small/flows" <<'PY'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
last = [l for l in lines[:-1] if l["end_reason"] != "active"]
print(len(lines), len(last))
assert lines[-1]["type"] == "summary" and len(last) == 10000
PY
}
check "a full disk: lines wait, none is torn" full_disk
tap_end
